"""What the people of the office wrote down, as banks of sentences; every bank answers one situation.

Slots are filled from the lead's profile and, once there is one, from the deal (``street``, ``asked``, ``price``).
"""
