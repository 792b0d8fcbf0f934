"""The work of today, or of the day as of which is asked: leads held by stage, what is stale, new, or waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from lifecycle.history import Clock
from lifecycle.history.everyone import Ask, standing
from lifecycle.history.fill_in import fill_in
from lifecycle.models import LeadEvent
from lifecycle.states import FOLDED, WORKING, State

from ... import moments
from ...access import seen_by
from ...asked_time import link_form
from ...board.mix import grouped
from ...board.stale import stale_leads
from ...models import Lead
from .asking import Asking
from .counted import Cell

#: What came within so many weeks is new.
WEEKS = 4


@dataclass(frozen=True, slots=True)
class Stage:
    """One working stage; ``oldest``: for how long the one that is there longest has been, with the way to it."""

    name: str
    held: Cell
    stale: Cell
    oldest: Cell


@dataclass(frozen=True, slots=True)
class Load:
    """``waiting``: leads in NEW whose first contact is overdue. ``aside``: how many are closed, archived or trashed."""

    stages: list[Stage]
    held: Cell
    stale: Cell
    new: int
    waiting: int
    aside: int
    weeks: int = WEEKS


def read_load(asking: Asking) -> Load:
    """What this person holds at the end of what is told. Six queries at most, however many leads there are."""
    held, end, office = _held(asking), asking.scope.end, asking.desk.office
    stale = Count("pk", filter=stale_leads(office, WORKING, end))
    counts = {"count": Count("pk"), "stale": stale, "since": Min("stage_entered_at")}
    groups = held.order_by().values_list("status").annotate(**counts)
    by_stage = {status: (count, old, since) for status, count, old, since in groups}
    oldest = _oldest(held, by_stage, asking)
    board = _Board(asking)
    stages = [_stage(state, by_stage[state], oldest.get(state), board, end) for state in WORKING if state in by_stage]
    sums = [sum(by_stage[s][n] for s in WORKING if s in by_stage) for n in (0, 1)]
    return Load(
        stages=stages,
        held=Cell(grouped(sums[0]), url=board.url() if sums[0] else ""),
        stale=Cell(grouped(sums[1]), url=board.url(stale="true") if sums[1] else ""),
        new=_new(held, asking),
        waiting=_waiting(held, asking) if State.NEW in by_stage else 0,
        aside=sum(by_stage[s][0] for s in FOLDED if s in by_stage),
    )


def _held(asking: Asking) -> QuerySet[Lead]:
    """The leads that are this person's; of a past day with the columns that `standing` has."""
    known_at = asking.scope.known_at
    if known_at is None:
        return Lead.objects.exclude(status="").filter(agent=asking.person)
    ever = LeadEvent.objects.filter(to_agent=asking.person).order_by().values("lead")
    return standing(known_at, Clock.KNOWN, Lead.objects.filter(pk__in=ever), Ask.AGENT).filter(agent=asking.person)


_ByStage = dict[str, tuple[int, int, datetime]]


def _oldest(held: QuerySet[Lead], by_stage: _ByStage, asking: Asking) -> dict[str, int]:
    """By stage the lead that is there longest, as far as the viewer may see it today. Two queries."""
    either = Q(pk__in=[])
    for state in WORKING:
        if state in by_stage:
            either |= Q(status=state.value, stage_entered_at=by_stage[state][2])
    found = {status: pk for pk, status in held.filter(either).order_by("-pk").values_list("pk", "status")}
    seen = Lead.objects.filter(seen_by(asking.desk.viewer), pk__in=found.values()).values_list("pk", flat=True)
    visible = set(seen)
    return {status: pk for status, pk in found.items() if pk in visible}


def _stage(state: State, of: tuple[int, int, datetime], oldest: int | None, board: "_Board", end: datetime) -> Stage:
    count, stale, since = of
    return Stage(
        name=state.label,
        held=Cell(grouped(count), url=board.url(state)),
        stale=Cell(grouped(stale), url=board.url(state, stale="true") if stale else ""),
        oldest=Cell(moments.span((end - since).total_seconds()), url=reverse("lead", args=[oldest]) if oldest else ""),
    )


def _new(held: QuerySet[Lead], asking: Asking) -> int:
    """How many of them this person got in the last weeks. Two queries."""
    scope = asking.scope
    got = LeadEvent.objects.filter(to_agent=asking.person, occurred_at__gt=scope.end - timedelta(weeks=WEEKS))
    if scope.known_at is not None:
        got = got.filter(recorded_at__lte=scope.known_at)
    leads = set(got.exclude(agent=asking.person).order_by().values_list("lead", flat=True))
    return held.filter(pk__in=leads, status__in=[s.value for s in WORKING]).count() if leads else 0


def _waiting(held: QuerySet[Lead], asking: Asking) -> int:
    """How many nobody has contacted in time, by the clock that the card shows. At most two queries."""
    new, end = held.filter(status=State.NEW.value), asking.scope.end
    if asking.scope.known_at is None:
        return new.filter(first_contact_at=None, first_contact_due_at__lt=end).count()
    stood: list[Any] = [Lead(pk=pk) for pk in new.order_by().values_list("pk", flat=True)]
    fill_in(stood, end, Clock.KNOWN)
    return sum(lead.first_contact_at is None and _is_over(lead.first_contact_due_at, end) for lead in stood)


def _is_over(due: datetime | None, end: datetime) -> bool:
    return due is not None and due < end


class _Board:
    """The board with this person's leads, on the day that is told of."""

    def __init__(self, asking: Asking) -> None:
        known_at = asking.scope.known_at
        # An agent's board knows no other agents: what is one's own has a word there.
        self.query = {"agent": str(asking.person.pk)} if asking.by_broker else {"mine": "true"}
        if known_at is not None:
            self.query |= {"as_of": link_form(known_at, timezone.get_current_timezone()), "clock": Clock.KNOWN.value}

    def url(self, state: State | None = None, **more: str) -> str:
        """``state``: the column that it opens on."""
        column = f"#column-{state.value}" if state else ""
        return f"{reverse('board')}?{urlencode({**self.query, **more})}{column}"
