"""The shape of the board at one instant: how many leads stand in each stage, since when, whose, and which are stale.

Now the cached columns say so, as they do on the board; as known at an instant the log does
(`lifecycle.history.everyone`). Two statements now and one then, however many leads there are.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db.models import F, QuerySet

from ..history import Clock
from ..history.everyone import Ask, standing
from ..history.statement import Statement
from ..models import LifecycleColumns, OfficeSettings
from ..states import State
from .counting import as_instant
from .scope import Scope, Whose

L = TypeVar("L", bound=LifecycleColumns)


@dataclass(slots=True)
class Stage:
    """One stage: its leads, those that are stale, and since when they stand there.

    ``stale_days``: the office's days, None where nothing goes stale. ``median`` and ``oldest``: how long the leads have
    been there by now, None where there are none; of an even number the median is the middle of the two. ``ways``: by
    provenance, in QUALIFIED alone. ``holders`` and ``stale_of``: all and stale ones by agent, None for the pool.
    """

    state: State
    stale_days: int | None
    leads: int = 0
    stale: int = 0
    median: timedelta | None = None
    oldest: timedelta | None = None
    ways: dict[str, int] = field(default_factory=dict)
    holders: dict[int | None, int] = field(default_factory=dict)
    stale_of: dict[int | None, int] = field(default_factory=dict)


def stood(scope: Scope, leads: "QuerySet[L]") -> "QuerySet[L]":
    """Those of these leads that the question is about, as they stand at its end: now, or as known then.

    In: leads of today that may be told of. ``whose`` is who holds the lead at that instant.
    """
    if scope.known_at is None:
        found = leads.exclude(status="")
    else:
        found = standing(scope.known_at, Clock.KNOWN, leads, Ask.AGENT)
    if scope.whose == Whose.EVERYBODY:
        return found
    return found.filter(agent=None if scope.whose == Whose.POOL else scope.whose)


def shape(scope: Scope, leads: "QuerySet[L]", office: OfficeSettings) -> dict[State, Stage]:
    """Every stage in board order, empty ones too. In: as for ``stood``; the office says what is stale."""
    stages = {state: Stage(state, office.stale_days(state)) for state in State}
    board = stood(scope, leads).order_by()
    try:
        made = _groups(board, stages, scope)
    except EmptyResultSet:
        return stages
    for status, way, agent, count, stale, at, upper in made.rows():
        stage = stages.get(status)
        if stage is None:
            # A stage that only a newer release knows is in no line of this one's reports.
            continue
        if upper is None:
            _count(stage, way, agent, count, stale, scope.end - as_instant(at))
        else:
            _set_median(stage, at, upper, scope)
    if scope.known_at is None:
        for status, at, upper in _middles(board, stages):
            _set_median(stages[State(status)], at, upper, scope)
    return stages


def _groups(board: "QuerySet[Any]", stages: dict[State, Stage], scope: Scope) -> Statement:
    """Leads by stage, way and agent; of the past also the ones in the middle, for to look there once is enough."""
    columns = board.values_list("pk", "status", "provenance", "agent", "stage_entered_at")
    made = Statement()
    made.add("WITH board (id, status, way, agent, at) AS")
    made.add("(" if scope.known_at is None else "MATERIALIZED (")
    made.add_compiled(*columns.query.sql_with_params())
    made.add(") SELECT status, way, agent, count(*), sum(CASE")
    for stage in stages.values():
        if stage.stale_days is not None:
            by = scope.end - timedelta(days=stage.stale_days)
            made.add("WHEN status = %s AND at <= %s THEN 1", stage.state.value, by)
    made.add("ELSE 0 END), min(at), NULL FROM board GROUP BY status, way, agent")
    if scope.known_at is not None:
        made.add("UNION ALL SELECT status, '', NULL, 0, 0, min(at), max(at) FROM (SELECT status, at,")
        made.add("row_number() OVER (PARTITION BY status ORDER BY at) AS n,")
        made.add("count(*) OVER (PARTITION BY status) AS many FROM board) AS placed")
        made.add("WHERE n * 2 BETWEEN many AND many + 2 GROUP BY status")
    return made


def _middles(board: "QuerySet[Any]", stages: dict[State, Stage]) -> list[tuple[str, Any, Any]]:
    """Of each stage that has leads the instants of the one in the middle, or of the two: along the board's index."""
    made = Statement()
    for stage in stages.values():
        if stage.leads:
            first, two = (stage.leads - 1) // 2, 2 - stage.leads % 2
            here = board.filter(status=stage.state.value).order_by("stage_entered_at", "pk")
            middle = here.annotate(at=F("stage_entered_at")).values_list("at")[first : first + two]
            made.add("UNION ALL SELECT" if made.parts else "SELECT")
            made.add("%s, min(middle.at), max(middle.at) FROM (", stage.state.value)
            made.add_compiled(*middle.query.sql_with_params())
            made.add(") AS middle")
    return made.rows() if made.parts else []


def _set_median(stage: Stage, at: Any, upper: Any, scope: Scope) -> None:
    earlier, later = as_instant(at), as_instant(upper)
    stage.median = scope.end - earlier - (later - earlier) / 2


def _count(stage: Stage, way: str, agent: int | None, count: int, stale: int, oldest: timedelta) -> None:
    stage.leads += count
    stage.stale += stale
    stage.oldest = oldest if stage.oldest is None else max(stage.oldest, oldest)
    stage.holders[agent] = stage.holders.get(agent, 0) + count
    if stale:
        stage.stale_of[agent] = stage.stale_of.get(agent, 0) + stale
    if stage.state == State.QUALIFIED:
        stage.ways[way] = stage.ways.get(way, 0) + count
