"""The notice for who has just got a lead: from whom, why, and where the story so far stands."""

from dataclasses import dataclass

from lifecycle.models import LeadEvent
from lifecycle.timeline.because import clause

from .. import moments
from ..models import Lead
from .custody import Chain
from .desk import Desk


@dataclass(frozen=True, slots=True)
class Handed:
    """``because`` ends the sentence (or is empty); ``note`` is what was written for the new holder."""

    who: str
    day: str
    exact: str
    because: str
    note: str


def handed(lead: Lead, chain: Chain, desk: Desk) -> Handed | None:
    """The notice, until the new holder has done something with the lead. At most one query, none for others.

    None also for a lead that came in with its holder, that its holder took, or that another system handed over.
    """
    if lead.agent_id != desk.viewer.pk or not chain.stays:
        return None
    stay = chain.stays[0]
    if stay.by_self or stay.came_in or stay.stint.imported:
        return None
    later = LeadEvent.objects.filter(lead_id=lead.pk, version__gt=stay.stint.version, actor=desk.viewer)
    if later.exists():
        return None
    return Handed(
        who=stay.by,
        day=moments.day(stay.stint.since, desk.zone, desk.now),
        exact=stay.since.exact,
        because=clause(stay.stint.reason, stay.why.words),
        note=stay.note,
    )
