"""What moved, week by week: into which stage, out of which, and where to. Two statements at most.

A move belongs to the week in which it happened and to whoever held the lead just before (``whose.held_then``). That an
import was taken back is no move.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from ..history.statement import Statement
from ..states import State
from . import counting
from .calendar import Period
from .edges import inside, weeks_of
from .pipeline import EXITS, Direction, direction
from .scope import Scope
from .whose import held_then

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Moved:
    """So many moves of one sort in one week. ``start`` is ``""`` where the lead began, or where nobody recorded it."""

    week: str
    start: str
    end: str
    first: bool
    fell_back: bool
    count: int

    @property
    def direction(self) -> Direction:
        return direction(self.start, self.end, first=self.first)


@dataclass(frozen=True, slots=True)
class Flow:
    """The weeks (months or quarters of a long window) in order, and what moved in them."""

    weeks: list[Period]
    moves: list[Moved]

    def entries(self) -> "Counter[tuple[str, str]]":
        """By (week, stage): how often a lead came into the stage, also again."""
        return _counted(((m.week, m.end), m.count) for m in self.moves)

    def exits(self) -> "Counter[tuple[str, str, Direction]]":
        """By (week, stage, direction): how often one left it and where to."""
        return _counted(((m.week, m.start, m.direction), m.count) for m in self.moves if m.direction in EXITS)

    def transitions(self) -> "Counter[tuple[str, str]]":
        """By (from, to); ``""`` is a lead's beginning, ``"?"`` a stage before that nobody recorded."""
        return _counted(((m.start or ("" if m.first else "?"), m.end), m.count) for m in self.moves)

    def fell_back(self) -> "Counter[tuple[str, str]]":
        """By (week, the stage from which): how often a deal fell back, told by the kind of fact."""
        return _counted(((m.week, m.start), m.count) for m in self.moves if m.fell_back)


def read_flow(scope: Scope) -> Flow:
    """Every move that counts in the window. Weeks without one are there too."""
    periods = weeks_of(scope)
    if not periods:
        return Flow([], [])
    scope = inside(scope, periods)
    made = Statement()
    made.add("SELECT")
    counting.period_name(made, periods, "event.occurred_at")
    made.add("AS week, event.from_status, event.to_status, CASE WHEN event.version = 1 THEN 1 ELSE 0 END AS first,")
    made.add(f"CASE WHEN {counting.DEMOTIONS} THEN 1 ELSE 0 END AS fell_back, count(*)")
    _moves(made, scope)
    made.add("GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5")
    rows = made.rows()
    return Flow(periods, [Moved(week, a, b, bool(first), bool(fell), n) for week, a, b, first, fell, n in rows])


@dataclass(frozen=True, slots=True)
class Behind:
    """Which moves are asked for: into a stage, out of one, in a direction, that fell back or that did not. None: any.

    ``start`` is ``""`` for the beginnings of leads and ``"?"`` for a stage before that nobody recorded.
    """

    end: State | None = None
    start: str | None = None
    direction: Direction | None = None
    fell_back: bool | None = None


def facts_behind(scope: Scope, which: Behind) -> Statement:
    """The ids of the facts behind a number. In: the scope with the window of the number, one week or all."""
    made = Statement()
    made.add("SELECT event.id")
    _moves(made, scope)
    if which.end is not None:
        made.add("AND event.to_status = %s", which.end.value)
    if which.start is not None:
        made.add("AND event.from_status = %s", "" if which.start == "?" else which.start)
        if which.start in ("", "?"):
            made.add(f"AND event.version {'>' if which.start else '='} 1")
    if which.direction is not None:
        _in_direction(made, which.direction)
    if which.fell_back is not None:
        made.add(f"AND {'' if which.fell_back else 'NOT '}({counting.DEMOTIONS})")
    return made


def _moves(made: Statement, scope: Scope) -> None:
    counting.that_count(made, scope, counting.MOVES)
    made.add(f"AND NOT {counting.BY_NOBODY}")
    counting.within(made, scope)
    held_then(made, scope)


def _in_direction(made: Statement, wanted: Direction) -> None:
    """``AND`` the pair of stages is one that leads there: the pairs that there are, by the one rule."""
    begins = wanted is Direction.BEGUN
    starts = ("",) if wanted in (Direction.BEGUN, Direction.UNTOLD) else tuple(State)
    pairs = [(a, b) for a in starts for b in State if direction(a, b, first=begins) is wanted]
    told = " OR ".join(f"(event.from_status = '{a}' AND event.to_status = '{b}')" for a, b in pairs)
    made.add(f"AND event.version {'=' if begins else '>'} 1 AND ({told})")


def _counted(pairs: Iterable[tuple[K, int]]) -> "Counter[K]":
    found: Counter[K] = Counter()
    for key, count in pairs:
        found[key] += count
    return found
