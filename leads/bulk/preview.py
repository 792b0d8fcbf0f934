"""Who would get what: shown before anything is written, and sent along so that exactly this is done."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from lifecycle.errors import BadInput
from lifecycle.service.bulk import MOST, Wish
from lifecycle.sharing import Dealt, in_turn, shared

from ..models import Lead, User

#: Lines that a page lists by name for one agent; beyond that it gives the number.
LISTED = 500
_LINE = re.compile(r"([1-9][0-9]{0,17})\.([0-9]{1,9})\.([0-9]{0,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """One lead on a page: its stage, and who holds it now (``""``: the pool)."""

    pk: int
    name: str
    stage: str
    holder: str
    holder_left: bool = False


@dataclass(slots=True)
class Share:
    """What one agent (None: the pool) gets."""

    agent: User | None
    total: int = 0
    by_stage: Counter[str] = field(default_factory=Counter)
    lines: list[Line] = field(default_factory=list)

    def add(self, lead: Lead) -> None:
        """Counts a lead, and lists it while there is room."""
        shown = line(lead)
        self.total += 1
        self.by_stage[shown.stage] += 1
        if len(self.lines) < LISTED:
            self.lines.append(shown)

    @property
    def stages(self) -> list[tuple[str, int]]:
        return list(self.by_stage.items())

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


@dataclass(frozen=True, slots=True)
class Preview:
    """``shares``: who gets what. ``stays``: what is with its agent already, by agent. ``plan``: what to send along."""

    shares: list[Share]
    stays: list[Share]
    plan: list[Wish]

    @property
    def total(self) -> int:
        return len(self.plan)

    @property
    def unchanged(self) -> int:
        return sum(share.total for share in self.stays)


def preview(leads: Sequence[Lead], takers: Sequence[User | None]) -> Preview:
    """Who gets which of these leads. In: the leads with their agents, and one taker, several who share, or the pool.

    No query.
    """
    by_pk = {lead.pk: lead for lead in leads}
    dealt = [Dealt(lead.pk, lead.status, lead.stage_entered_at) for lead in leads]
    turn = list(range(len(takers)))
    whose = shared(dealt, turn)
    gets, stays = [Share(t) for t in takers], [Share(t) for t in takers]
    plan: list[Wish] = []
    for place in in_turn(dealt):
        lead, n = by_pk[place.lead], whose[place.lead]
        taker = takers[n]
        if lead.agent_id == (taker.pk if taker else None):
            stays[n].add(lead)
            continue
        gets[n].add(lead)
        plan.append(Wish(lead.pk, lead.version, taker.pk if taker else None))
    return Preview([s for s in gets if s.total], [s for s in stays if s.total], plan)


def line(lead: Lead) -> Line:
    """A lead with its agent loaded, as a line."""
    holder = lead.agent
    stage = lead.state.label
    return Line(lead.pk, lead.name, stage, holder.display_name if holder else "", bool(holder and not holder.is_active))


def written_plan(plan: Iterable[Wish]) -> str:
    """A plan as a form carries it: ``lead.version.agent`` after ``lead.version.agent``, no agent for the pool."""
    return " ".join(f"{w.lead}.{w.version}.{'' if w.to_agent is None else w.to_agent}" for w in plan)


def read_plan(text: str) -> list[Wish]:
    """What a form carried. Raises ``BadInput`` for what no page of ours has sent."""
    parts = text.split()
    if len(parts) > MOST:
        raise BadInput(gettext("This form is damaged. Load it again."), field="leads")
    return [_read_wish(part) for part in parts]


def _read_wish(part: str) -> Wish:
    found = _LINE.fullmatch(part)
    if found is None:
        raise BadInput(gettext("This form is damaged. Load it again."), field="leads")
    lead, version, agent = found.groups()
    return Wish(int(lead), int(version), int(agent) if agent else None)
