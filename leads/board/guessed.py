"""Of which leads nobody knows exactly since when they stand where they stand: an old system told of it."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from django.db.models import Q

from lifecycle.imported import from_unknown, undated
from lifecycle.models import LeadEvent

from ..models import Lead


class Guess(StrEnum):
    """``ABOUT``: the time is a guess; ``AT_LEAST``: no time was kept, it stood there when the import told of it.

    ``UP_TO``, of the past alone: what comes next nobody recorded the time of, so it may have left before.
    """

    ABOUT = "about"
    AT_LEAST = "at_least"
    UP_TO = "up_to"


def guessed(leads: Iterable[Lead], then: datetime | None = None) -> dict[int, Guess]:
    """Those of these leads whose time in the stage is a guess. One query; none where no lead can be one of them.

    In: leads with status, time of entry and first-contact clock, of today or as it was ``then``.
    """
    # Another system's leads run no clock here, so a board without any need not ask.
    asked = {lead.pk: lead for lead in leads if lead.first_contact_due_at is None}
    if not asked:
        return {}
    facts = LeadEvent.objects.filter(Q(backfilled=True) | Q(version=1), lead__in=asked).exclude(to_status="")
    found: dict[int, Guess] = {}
    unheard_of: set[int] = set()
    for fact in facts.order_by("version").only(*_READ):
        lead = asked[fact.lead_id]
        if fact.version == 1 and then is not None and fact.recorded_at > then:
            unheard_of.add(lead.pk)
        if fact.backfilled and (fact.to_status, fact.occurred_at) == (lead.status, lead.stage_entered_at):
            found[lead.pk] = Guess.AT_LEAST if undated(fact) else Guess.ABOUT
        elif lead.pk in unheard_of and from_unknown(fact) and then is not None and fact.occurred_at > then:
            found[lead.pk] = Guess.UP_TO
    return found


_READ = (
    "lead_id", "kind", "version", "to_status", "from_status", "source", "backfilled", "occurred_at", "recorded_at",
)  # fmt: skip
