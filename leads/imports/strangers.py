"""Rows that bear the number of a lead that is here, and are plainly somebody else.

A system counts its leads and its deals from 1 each: files of both under one name of the system would take one for the
other, and skip what never came in. Nobody can tell for certain, so it is counted and said.
"""

import re

from ..models import Import
from ..models.imports import Outcome
from .sorting import Sorted

#: Fewer may have married, moved, or been corrected.
_ENOUGH = 3
_WORD = re.compile(r"\w+")


def is_stranger(row: Sorted) -> bool:
    """Whether the lead of this row's number shares with it no word of the name, no e-mail and no phone."""
    if row.duplicate is not None or row.lead is None or row.outcome not in (Outcome.KNOWN, Outcome.UPDATED):
        return False
    contact, lead = row.incoming.contact if row.incoming is not None else {}, row.lead
    names = _words(str(contact.get("name", ""))), _words(lead.name)
    if not all(names) or names[0] & names[1]:
        return False
    return not any(
        contact.get(fact) and contact[fact] == getattr(lead, fact) for fact in ("email_normalised", "phone_e164")
    )


def strangers(made: Import) -> int:
    """How many such rows a checked file has, 0 where they are too few to say anything."""
    found, by_key = int(made.counts.get("strangers", 0)), int(made.counts.get("by_key", 0))
    return found if found >= _ENOUGH and found * 2 > by_key else 0


def _words(name: str) -> set[str]:
    return set(_WORD.findall(name.casefold()))
