"""Of each deal that fell through what came before and after, from the moves and hand-overs of its lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from django.db.models import Q

from lifecycle.events import Kind
from lifecycle.models import LeadEvent
from lifecycle.reports.fallen import STAGES, Fallen
from lifecycle.reports.scope import Scope
from lifecycle.states import State
from lifecycle.visits import Visit, visits

#: Stages that count as recovered, by the kind of the fall (as `fallen` has it).
_FURTHER = {
    Kind.DEAL_COLLAPSED.value: (State.COMMITTED, State.IN_CONTRACT, State.CLOSED),
    Kind.CONTRACT_VOIDED.value: (State.IN_CONTRACT, State.CLOSED),
}


@dataclass(frozen=True, slots=True)
class Path:
    """``signed_with``: who held the lead when the agreement was signed, None: nobody, or (not ``is_signed``) unknown.

    ``again``, ``again_at``: the stage that it recovered to, and when. ``status`` (in words ``stage``), ``since``,
    ``held_now`` (None: the pool): where it stands at the end of what is told.
    """

    is_signed: bool
    signed_with: int | None
    again: str | None
    again_at: datetime | None
    status: str
    stage: str
    since: datetime
    held_now: int | None


def paths_of(fell: Sequence[Fallen], scope: Scope) -> dict[int, Path]:
    """The path around each of these, by its fact. One query."""
    tell = ~Q(to_status="") | Q(kind__in=[Kind.AGENT_ASSIGNED.value, Kind.REASON_CORRECTED.value])
    rows = LeadEvent.objects.filter(tell, lead__in={one.lead_id for one in fell}).select_related("caused_by")
    if scope.known_at is not None:
        rows = rows.filter(recorded_at__lte=scope.known_at)
    streams = {lead: list(mine) for lead, mine in groupby(rows.order_by("lead_id", "version"), attrgetter("lead_id"))}
    return {one.id: _path(one, streams[one.lead_id]) for one in fell}


def _path(fell: Fallen, rows: list[LeadEvent]) -> Path:
    stays, facts = visits(rows), {row.pk: row for row in rows}
    at = next(n for n, stay in enumerate(stays) if stay.event_id == fell.id)
    signing = _signing(fell, stays[:at], facts)
    again = next((stay for stay in stays[at + 1 :] if stay.state in _FURTHER[fell.kind]), None)
    handed = [row for row in rows if row.kind == Kind.AGENT_ASSIGNED]
    return Path(
        is_signed=signing is not None,
        signed_with=signing.agent_id if signing else None,
        again=again.state if again else None,
        again_at=again.since if again else None,
        status=stays[-1].state,
        stage=stays[-1].label,
        since=stays[-1].since,
        held_now=handed[-1].to_agent_id if handed else None,
    )


def _signing(fell: Fallen, before: list[Visit], facts: dict[int, LeadEvent]) -> LeadEvent | None:
    """The signing that led to the stage that it fell from; where an old system knew of none, the entry into that."""
    entry = next((n for n in reversed(range(len(before))) if before[n].state == STAGES[fell.kind]), None)
    if entry is None:
        return None
    fact = facts[before[entry].event_id]
    if fact.to_status == State.IN_CONTRACT and fact.from_status == State.COMMITTED:
        signed = [stay for stay in before[:entry] if stay.state == State.COMMITTED]
        return facts[signed[-1].event_id] if signed else None
    return fact
