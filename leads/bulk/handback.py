"""Handing a whole batch back: which of its leads go back to whom, and which stay because they moved on since."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Max

from lifecycle.events import Kind
from lifecycle.models import Batch, LeadEvent
from lifecycle.service.bulk import Wish

from ..access import visible_leads
from ..models import Lead, User
from .preview import Line, line
from .results import facts_of

#: The reason that a hand-back records.
REASON = "correction"


@dataclass(slots=True)
class HandBack:
    """``plan``: what goes back. ``moved_on``: leads that somebody else took or gave on since, and stay.

    ``gone``: leads whose holder of then is deactivated; they stay, or go to the pool where that is wished.
    """

    plan: list[Wish] = field(default_factory=list)
    to: Counter[str] = field(default_factory=Counter)
    moved_on: list[Line] = field(default_factory=list)
    hidden: int = 0
    gone: list[tuple[Line, str]] = field(default_factory=list)
    gone_to_pool: list[Wish] = field(default_factory=list)

    @property
    def holders(self) -> list[tuple[str, int]]:
        """To whom so many go back, most first; ``""`` is the pool."""
        return sorted(self.to.items(), key=lambda pair: (-pair[1], pair[0]))

    @property
    def stays(self) -> int:
        return len(self.moved_on) + self.hidden

    def wishes(self, *, to_pool: bool) -> list[Wish]:
        """The plan of the new batch."""
        return [*self.plan, *(self.gone_to_pool if to_pool else [])]


def read_hand_back(batch: Batch, viewer: User) -> HandBack:
    """What handing this batch back would do now, for this person. Three queries, however many leads."""
    events = list(facts_of(batch))
    ids = [e.lead_id for e in events]
    seen = visible_leads(viewer).filter(pk__in=ids).select_related("agent")
    leads = {
        lead.pk: lead for lead in seen.only("name", "status", "version", "agent__display_name", "agent__is_active")
    }
    given = LeadEvent.objects.filter(lead_id__in=ids, kind=Kind.AGENT_ASSIGNED.value).order_by()
    newest = dict(given.values_list("lead_id").annotate(newest=Max("version")))
    back = HandBack()
    for event in events:
        lead = leads.get(event.lead_id)
        if lead is None:
            back.hidden += 1
        elif newest[event.lead_id] != event.version:
            back.moved_on.append(line(lead))
        else:
            _put(back, lead, event)
    return back


def _put(back: HandBack, lead: Lead, event: LeadEvent) -> None:
    before = event.agent
    if before is not None and not before.is_active:
        back.gone.append((line(lead), before.display_name))
        back.gone_to_pool.append(Wish(lead.pk, lead.version, None))
        return
    back.plan.append(Wish(lead.pk, lead.version, before.pk if before else None))
    back.to[before.display_name if before else ""] += 1
