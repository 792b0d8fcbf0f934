"""The story of a lead: its facts in order, with everything that a sentence about each of them needs.

A read with a constant number of queries (two), whatever the length of the stream. ``facts`` finds the page of facts,
``entries`` puts each of them into words, ``because`` knows how a reason reads inside a sentence.
"""

from .entries import Entry
from .facts import GROUPS, PAGE_SIZE, SYSTEM, Filters, Page, actors, entries_of, read

__all__ = ["GROUPS", "PAGE_SIZE", "SYSTEM", "Entry", "Filters", "Page", "actors", "entries_of", "read"]
