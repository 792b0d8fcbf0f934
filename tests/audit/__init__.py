"""Reads the product's own code for lines that open a door: `python -m tests.audit`.

Each check must first find a bad line that is planted for it, then says how many files it read, then what it found.
"""
