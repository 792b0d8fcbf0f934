"""Why a timeline is short or still: nobody should take "nothing recorded" for "nothing happened"."""

from datetime import timedelta

from lifecycle.events import Source
from lifecycle.models import LeadEvent

from .. import moments
from ..models import Lead
from .desk import Desk

#: A lead that nothing happened to for this long is said to be quiet, whatever the office calls stale.
_QUIET_AFTER = timedelta(days=14)


def beginning(first: LeadEvent | None, lead: Lead, desk: Desk) -> str:
    """The sentence at the old end of the timeline. In: the first fact of the lead."""
    if first is None:
        return "Nothing is recorded of this lead yet."
    day = moments.day(first.occurred_at, desk.zone, desk.now)
    if first.source == Source.IMPORT:
        system = f"“{lead.external_source}”" if lead.external_source else "another system"
        brought = moments.day(first.recorded_at, desk.zone, desk.now)
        return (
            f"Nothing recorded before {day}. This lead was imported from {system} on {brought}; what that system did "
            "not keep is not here, even if much happened."
        )
    if first.backfilled:
        return f"Nothing recorded before about {day}. This beginning was worked out afterwards."
    return f"Nothing recorded before {day}: that is when this lead began."


def stillness(lead: Lead, desk: Desk) -> str:
    """The sentence at the new end of the timeline of a lead that nothing has happened to for a while."""
    last = max((t for t in (lead.last_occurred_at, lead.last_contact_at) if t is not None), default=None)
    recorded = lead.last_recorded_at
    if last is None or recorded is None or desk.now - max(last, recorded) < _QUIET_AFTER:
        return ""
    since = max(last, recorded)
    length, day = moments.span((desk.now - since).total_seconds()), moments.day(since, desk.zone, desk.now)
    return f"Quiet for {length}: nothing has been recorded since {day}."
