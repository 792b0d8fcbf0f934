"""Of which leads nobody knows exactly since when they stand where they stand: an old system told of it."""

from collections.abc import Iterable
from enum import StrEnum

from lifecycle.imported import undated
from lifecycle.models import LeadEvent

from ..models import Lead


class Guess(StrEnum):
    """``ABOUT``: the time is a guess; ``AT_LEAST``: no time was kept, it stood there when the import told of it."""

    ABOUT = "about"
    AT_LEAST = "at_least"


def guessed(leads: Iterable[Lead]) -> dict[int, Guess]:
    """Those of these leads whose time in the stage is a guess. One query; none where no lead can be one of them.

    In: leads with status, time of entry and first-contact clock, of today or as they stood.
    """
    # Another system's leads run no clock here, so a board without any need not ask.
    asked = {lead.pk: lead for lead in leads if lead.first_contact_due_at is None}
    if not asked:
        return {}
    told = LeadEvent.objects.filter(lead__in=asked, backfilled=True).exclude(to_status="").order_by("version")
    found: dict[int, Guess] = {}
    for fact in told.only("lead_id", "to_status", "from_status", "source", "backfilled", "occurred_at", "recorded_at"):
        lead = asked[fact.lead_id]
        if (fact.to_status, fact.occurred_at) == (lead.status, lead.stage_entered_at):
            found[lead.pk] = Guess.AT_LEAST if undated(fact) else Guess.ABOUT
    return found
