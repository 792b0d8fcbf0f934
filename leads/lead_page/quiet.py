"""Why a timeline is short or still: nobody should take "nothing recorded" for "nothing happened"."""

from datetime import timedelta

from django.utils.translation import gettext

from lifecycle.events import Source
from lifecycle.imported import undated
from lifecycle.models import LeadEvent

from .. import moments
from ..models import Lead
from .desk import Desk

#: A lead that nothing happened to for this long is said to be quiet, whatever the office calls stale.
_QUIET_AFTER = timedelta(days=14)


def beginning(first: LeadEvent | None, lead: Lead, desk: Desk) -> str:
    """The sentence at the old end of the timeline. In: the first fact of the lead."""
    if first is None:
        return gettext("Nothing is recorded of this lead yet.")
    day = {"day": moments.day(first.occurred_at, desk.zone, desk.now)}
    if first.source == Source.IMPORT:
        return _imported(first, lead.external_source, desk)
    if first.backfilled:
        return gettext("Nothing recorded before about %(day)s. This beginning was worked out afterwards.") % day
    return gettext("Nothing recorded before %(day)s: that is when this lead began.") % day


def _imported(first: LeadEvent, system: str, desk: Desk) -> str:
    """From when on anything is recorded, from when on it is known here, and that much may have happened in between."""
    day = moments.day(first.occurred_at, desk.zone, desk.now)
    said = {"day": day, "imported": moments.day(first.recorded_at, desk.zone, desk.now), "system": system}
    if undated(first):
        known = (
            gettext("Not recorded before %(imported)s, when this lead was imported from “%(system)s”.")
            if system
            else gettext("Not recorded before %(imported)s, when this lead was imported from another system.")
        )
    else:
        if first.backfilled:
            said["day"] = moments.guessed_day(first.occurred_at, desk.zone, desk.now, at_latest=False)
        known = (
            gettext("Not recorded before %(day)s; known from %(imported)s, when it was imported from “%(system)s”.")
            if system
            else gettext(
                "Not recorded before %(day)s; known from %(imported)s, when it was imported from another system."
            )
        )
    return f"{known % said} {gettext('What that system did not keep is not here, even if much happened.')}"


def stillness(lead: Lead, desk: Desk) -> str:
    """The sentence at the new end of the timeline of a lead that nothing has happened to for a while."""
    last = max((t for t in (lead.last_occurred_at, lead.last_contact_at) if t is not None), default=None)
    recorded = lead.last_recorded_at
    if last is None or recorded is None or desk.now - max(last, recorded) < _QUIET_AFTER:
        return ""
    since = max(last, recorded)
    return gettext("Quiet for %(length)s: nothing has been recorded since %(day)s.") % {
        "length": moments.span((desk.now - since).total_seconds()),
        "day": moments.day(since, desk.zone, desk.now),
    }
