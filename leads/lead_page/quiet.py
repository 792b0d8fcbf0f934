"""Why a timeline is short or still: nobody should take "nothing recorded" for "nothing happened"."""

from datetime import timedelta

from django.utils.translation import gettext

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
        return gettext("Nothing is recorded of this lead yet.")
    day = {"day": moments.day(first.occurred_at, desk.zone, desk.now)}
    if first.source == Source.IMPORT:
        return _imported(lead.external_source) % {
            **day,
            "system": lead.external_source,
            "imported": moments.day(first.recorded_at, desk.zone, desk.now),
        }
    if first.backfilled:
        return gettext("Nothing recorded before about %(day)s. This beginning was worked out afterwards.") % day
    return gettext("Nothing recorded before %(day)s: that is when this lead began.") % day


def _imported(system: str) -> str:
    if system:
        return gettext(
            "Nothing recorded before %(day)s. This lead was imported from “%(system)s” on %(imported)s; what that "
            "system did not keep is not here, even if much happened."
        )
    return gettext(
        "Nothing recorded before %(day)s. This lead was imported from another system on %(imported)s; what that "
        "system did not keep is not here, even if much happened."
    )


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
