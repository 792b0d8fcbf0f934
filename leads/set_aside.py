"""Leads whose own row cannot be read: set aside, so that the pages draw all the others.

Nobody looks for them as long as every page can be drawn. When one cannot, `look` finds out whether a row is the cause;
from then on this process leaves such leads out, and takes them in again when their rows are mended.
"""

import time

from lifecycle.damage import damaged_leads, leads_of_damaged_facts

#: What is set aside is looked at again after so many seconds: somebody may have mended it.
_AGAIN = 30.0
#: So many seconds the log is not searched anew for damaged facts: that goes through all of it.
_SEARCH = 60.0
#: After a search that found nothing new, the next fault is another's for so many seconds.
_REST = 10.0

_aside: frozenset[int] = frozenset()
_of_facts: frozenset[int] = frozenset()
_looked_at = _rested_at = _searched_at = float("-inf")


def set_aside() -> frozenset[int]:
    """The ids of the leads that are left out now; empty, for no price, where there never was one."""
    global _aside, _looked_at
    if _aside and time.monotonic() - _looked_at > _AGAIN:
        _aside, _looked_at = damaged_leads(_aside), time.monotonic()
    return _aside


def look() -> bool:
    """After a fault: whether a row that nobody can read was found that was not set aside yet."""
    global _aside, _looked_at, _rested_at
    if time.monotonic() - _rested_at < _REST:
        return False
    found = damaged_leads()
    is_new = bool(found - _aside)
    _aside, _looked_at = found, time.monotonic()
    if not is_new:
        _rested_at = _looked_at
    return is_new


def all_damaged() -> list[int]:
    """After a fault of a page about the whole office: the leads that are set aside, and those with damaged facts."""
    global _of_facts, _searched_at
    if time.monotonic() - _searched_at > _SEARCH:
        _of_facts, _searched_at = leads_of_damaged_facts(), time.monotonic()
    return sorted(_aside | _of_facts)


def forget() -> None:
    """As a process begins; for tests."""
    global _aside, _of_facts, _looked_at, _rested_at, _searched_at
    _aside, _of_facts = frozenset(), frozenset()
    _looked_at = _rested_at = _searched_at = float("-inf")
