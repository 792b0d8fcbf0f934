"""Who holds what in the office, and what one person ever held, in words for whoever looks.

``people`` lists the office, ``agent`` pages through one person's leads as ``asked`` for, ``download`` writes a file.
"""
