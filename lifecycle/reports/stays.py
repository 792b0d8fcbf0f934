"""Every stay of every lead in a stage: how many began, how long they lasted, which way the leads went on.

A *visit* is one stay: it begins with a move and ends with the lead's next one. A move that was undone never happened
here, whatever the reading. A visit lies in the window in which it begins, and belongs to who held the lead then; of a
lead that came in with an agent, the assignment is written right after the first fact, so its first visit is that
agent's. Stays whose beginning or end is a guess (`counting.UNRECORDED`) are visits without a length.
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from ..history.statement import Statement
from ..history.truth import Reading
from ..states import State
from . import counting
from .scope import Scope, Whose
from .survival import Survival, estimate

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR = 3_600_000_000
_ROWS_AT_ONCE = 2000
_IS_GUESS = "CASE WHEN stay.guess + COALESCE(stay.next_guess, 0) > 0 THEN 1 ELSE 0 END"


class Way(StrEnum):
    """Which way a lead goes on from a stage."""

    FORWARD = "forward"
    BACK = "back"
    ASIDE = "aside"


_ASIDE = (State.ARCHIVED, State.TRASHED)
_ALONG = [s.value for s in State if s not in _ASIDE]


def way(from_stage: str, to_stage: str) -> Way:
    """By the order of the board; set aside is set aside, and whoever comes back from there comes back.

    An old system may say that a stage was entered anew; that goes on and not back, as does a newer release's stage.
    """
    if to_stage in _ASIDE:
        return Way.ASIDE
    if to_stage not in _ALONG:
        return Way.FORWARD
    if from_stage in _ASIDE or _ALONG.index(to_stage) < _ALONG.index(from_stage):
        return Way.BACK
    return Way.FORWARD


@dataclass(frozen=True, slots=True)
class Stays:
    """The visits of one stage, or of one stage and agent. ``went_to``: how many went on to which stage.

    ``unmeasured``: visits whose length nobody recorded; they are in no length.
    """

    stage: str
    visits: int = 0
    still_inside: int = 0
    unmeasured: int = 0
    went_to: Mapping[str, int] = field(default_factory=dict)
    lengths: Survival = field(default_factory=Survival)

    def left(self, which: Way) -> int:
        """How many went on this way."""
        return sum(n for to, n in self.went_to.items() if way(self.stage, to) is which)


def by_stage(scope: Scope) -> list[Stays]:
    """The stages that have visits, in the order of the board. One statement."""
    return _in_order(_groups(scope, None)[0])


def by_stage_and_agent(scope: Scope, stage: str) -> tuple[list[Stays], dict[int | None, Stays]]:
    """The same, and the visits of one stage by who held the lead when they began (None: nobody). One statement."""
    stages, agents = _groups(scope, stage)
    return _in_order(stages), {agent: _stays(stage, group) for agent, group in agents.items()}


def _in_order(found: "dict[str, _Group]") -> list[Stays]:
    return [_stays(stage.value, found[stage]) for stage in State if stage in found]


def visits(scope: Scope, stage: str, *, into: str | Way | None = None, column: str = "id") -> Statement:
    """The visits behind a number, as a statement: ``id`` of the moves that they began with, or their ``lead_id``.

    ``into``: only those that went on to this stage, this way, or nowhere yet (``""``); None: all.
    """
    made = Statement()
    _visits(made, scope, with_agent=_with_agent(scope, None), with_ends=into is not None)
    made.add(f"SELECT stay.{column}")
    _that_are_asked(made, scope, stage)
    if isinstance(into, Way):
        made.add("AND stay.next IN (")
        made.add((", ".join(f"'{to.value}'" for to in State if way(stage, to) is into) or "NULL") + ")")
    elif into is not None:
        made.add("AND COALESCE(stay.next, '') = %s", into)
    return made


@dataclass(frozen=True, slots=True)
class Stay:
    """One visit: the move that it began with, its lead, since when, and how it ended (``until`` None: not yet)."""

    event_id: int
    lead_id: int
    since: datetime
    until: datetime | None
    measured: bool


def of_leads(scope: Scope, leads: Collection[int]) -> list[Stay]:
    """The visits of a few leads that begin in the window, oldest first of each lead. One statement."""
    if not leads:
        return []
    made = Statement()
    _visits(made, scope, with_agent=None, leads=leads)
    made.add(f"SELECT stay.id, stay.lead_id, stay.occurred_at, stay.until, {_IS_GUESS} FROM stay")
    made.add("ORDER BY stay.lead_id, stay.version")
    return [
        Stay(event_id, lead_id, counting.as_instant(since), counting.as_instant(until) if until else None, not guess)
        for event_id, lead_id, since, until, guess in made.rows()
    ]


@dataclass(slots=True)
class _Group:
    """What one pass over the visits of a group leaves: a count of each end, and eight bytes for each length."""

    ends: Counter[str | None] = field(default_factory=Counter)
    unmeasured: int = 0
    finished: int = 0
    #: Twice the length, and one more where the stay goes on.
    lengths: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, to: str | None, guess: int, length: int) -> None:
        self.ends[to] += 1
        if guess:
            self.unmeasured += 1
            return
        self.finished += to is not None
        # A clock that ran ahead may have begun a stay that our clock has not reached yet.
        self.lengths.append(2 * max(length, 0) + (to is None))


def _stays(stage: str, group: _Group) -> Stays:
    ends = group.ends
    pairs = ((doubled >> 1, not doubled & 1) for doubled in group.lengths)
    return Stays(
        stage=stage,
        visits=sum(ends.values()),
        still_inside=ends[None],
        unmeasured=group.unmeasured,
        went_to=dict(sorted((to, n) for to, n in ends.items() if to is not None)),
        lengths=estimate(pairs, len(group.lengths), group.finished),
    )


def _groups(scope: Scope, stage: str | None) -> tuple[dict[str, _Group], dict[int | None, _Group]]:
    """The visits of each stage, and those of one stage by agent. The database sorts, so only lengths are kept.

    Measured at 440,000 moves: to fetch the sorted lengths and go through them once takes half of what the same sums
    take as window functions, on both engines, and needs no logarithms.
    """
    made = Statement()
    _visits(made, scope, with_agent=_with_agent(scope, stage))
    guess = "0" if scope.inferred else _IS_GUESS
    made.add(f"SELECT stay.to_status, stay.next, {guess}, CASE WHEN stay.until IS NULL THEN")
    made.add(f"%s - {counting.microseconds('stay.occurred_at')}", (scope.end - _EPOCH) // timedelta(microseconds=1))
    made.add(f"ELSE {counting.microseconds_between('stay.occurred_at', 'stay.until')} END AS length,")
    # Of a stage whose agents nobody asks for the agent is nobody, so that the rows stay few and small.
    made.add("NULL" if stage is None else "CASE WHEN stay.to_status = %s THEN stay.agent END", *filter(None, [stage]))
    _that_are_asked(made, scope, None)
    made.add("ORDER BY stay.to_status, length")
    stages: dict[str, _Group] = defaultdict(_Group)
    agents: dict[int | None, _Group] = defaultdict(_Group)
    for here, rows in groupby(_stream(made), key=itemgetter(0)):
        whole = stages[here]
        for _, to, is_guess, length, agent in rows:
            whole.add(to, is_guess, length)
            if here == stage:
                agents[agent].add(to, is_guess, length)
    return stages, agents


def _with_agent(scope: Scope, stage: str | None) -> str | None:
    """Of which stage the agents of the visits are needed: "" of all, None of none."""
    return "" if scope.whose is not Whose.EVERYBODY else stage


def _visits(
    made: Statement,
    scope: Scope,
    *,
    with_agent: str | None,
    with_ends: bool = True,
    leads: Collection[int] | None = None,
) -> None:
    """``stay``: every visit that begins in the window or later, with where its lead went on to, and when.

    ``with_agent``: also who held the lead, of the visits of one stage or of all (``""``).
    """
    made.add("WITH moved AS (SELECT event.id, event.lead_id, event.version, event.occurred_at, event.to_status,")
    made.add(f"CASE WHEN {counting.UNRECORDED} THEN 1 ELSE 0 END AS guess")
    if with_agent is not None:
        made.add(", CASE WHEN event.version > 1 THEN event.agent_id")
        made.add("WHEN event.to_status <> %s THEN NULL ELSE" if with_agent else "ELSE", *filter(None, [with_agent]))
        _born_with(made, scope)
        made.add("END AS agent")
    counting.that_count(made, scope, counting.MOVES, reading=Reading.CORRECTED)
    if scope.since is not None:
        # Moves of a lead are in order of time, so the next one of a visit in the window is never before it.
        made.add("AND event.occurred_at >= %s", scope.since)
    if leads is not None:
        made.add(f"AND event.lead_id IN ({', '.join(['%s'] * len(leads))})", *leads)
    made.add("), stay AS (SELECT moved.*")
    # The newest first, as in the index.
    for of, name in (("to_status", "next"), ("occurred_at", "until"), ("guess", "next_guess")) if with_ends else ():
        made.add(f", lag(moved.{of}) OVER (PARTITION BY moved.lead_id ORDER BY moved.version DESC) AS {name}")
    made.add("FROM moved)")


def _born_with(made: Statement, scope: Scope) -> None:
    """The agent whom a lead was given in the very moment it came in; see `lifecycle.history.custody`."""
    made.add(f"(SELECT handed.to_agent_id FROM {counting.LOG} AS handed WHERE handed.lead_id = event.lead_id")
    made.add("AND handed.kind = 'agent_assigned' AND handed.occurred_at = event.occurred_at")
    counting.known(made, scope, "handed")
    made.add("ORDER BY handed.version LIMIT 1)")


def _that_are_asked(made: Statement, scope: Scope, stage: str | None) -> None:
    """``FROM … WHERE`` of the visits in the window, of one stage or all, of whom is asked."""
    made.add("FROM stay WHERE 1 = 1")
    counting.within(made, scope, "stay.occurred_at")
    if stage is not None:
        made.add("AND stay.to_status = %s", stage)
    if scope.whose is Whose.POOL:
        made.add("AND stay.agent IS NULL")
    elif scope.whose is not Whose.EVERYBODY:
        made.add("AND stay.agent = %s", scope.whose)


def _stream(made: Statement) -> Iterable[tuple[Any, ...]]:
    """The rows as they come, from a cursor that stays at the server where the engine has such."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(made.sql, made.params)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from rows
