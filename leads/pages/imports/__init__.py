"""The pages on which a file of another system becomes leads.

``access`` lets people in, ``steps`` is the order of the way and what each step rests on, ``wizard`` is the frame that
every step's page is built on: a module a step beside them.
"""
