"""The funnel: of the leads that came in during a quarter, how many ever got to each stage. Two statements at most.

A lead *reached* a stage when it entered that one or one further along, by a move that was not undone. A lead belongs
to the quarter of its first fact, and to whoever holds it now (``whose.held_now``).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..history.statement import Statement
from ..states import WORKING, State
from . import counting
from .calendar import Period
from .edges import inside, quarters_of
from .pipeline import PIPELINE, RANK
from .scope import Scope
from .whose import held_now

#: Below so many leads a share says nothing, so none is given.
ENOUGH = 5

#: Where a lead stands, as a digit; what is no stage of ours is a 9.
_DIGIT = {state.value: n for n, state in enumerate(State, start=1)}
_STATE = {digit: state for state, digit in _DIGIT.items()}


@dataclass(slots=True)
class Cohort:
    """The leads of one quarter, counted by the furthest stage that they got to and where they stand now.

    ``""`` as the furthest: another system had set the lead aside before its history begins.
    """

    name: str
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    period: Period | None = None

    @property
    def leads(self) -> int:
        return self.counts.total()

    def reached(self, stage: State) -> int:
        """How many entered this stage or one further along."""
        rank = RANK[stage]
        return sum(n for (furthest, _), n in self.counts.items() if RANK.get(furthest, 0) >= rank)

    def share(self, stage: State) -> float | None:
        """``reached`` of the cohort; None below ``ENOUGH`` leads."""
        return self.reached(stage) / self.leads if self.leads >= ENOUGH else None

    def open(self, furthest: str | None = None) -> int:
        """How many are still being worked and may get further; in: only of those that got just so far."""
        return sum(
            n for (far, stands), n in self.counts.items() if stands in WORKING and (furthest is None or far == furthest)
        )

    def stopped(self, furthest: str) -> int:
        """How many got just so far and are not being worked any more."""
        return sum(n for (far, stands), n in self.counts.items() if far == furthest and stands not in WORKING)


def read_funnel(scope: Scope) -> list[Cohort]:
    """The cohorts of the window, in order, without a gap; none where no lead came in.

    The window is that of the first facts. A quarter at its edge holds only the leads inside.
    """
    periods = quarters_of(scope)
    cohorts = {p.name: Cohort(p.name, period=p) for p in periods}
    if periods:
        scope = inside(scope, periods)
        made = Statement()
        made.add("SELECT")
        counting.period_name(made, periods, "lived.born")
        made.add("AS cohort, lived.furthest, lived.stands, count(*) FROM (")
        _lives(made, scope)
        made.add(") AS lived WHERE 1 = 1")
        counting.within(made, scope, "lived.born")
        made.add("GROUP BY 1, 2, 3")
        for name, furthest, stands, count in made.rows():
            cohorts[name].counts[(PIPELINE[furthest - 1] if furthest else "", _STATE.get(stands, ""))] += count
    return list(cohorts.values())


def together(cohorts: Iterable[Cohort]) -> Cohort:
    """All of them as one."""
    return Cohort("", sum((c.counts for c in cohorts), Counter()))


@dataclass(frozen=True, slots=True)
class Behind:
    """Which leads are asked for: those that got to ``reached``; or just to ``furthest`` (``""``: any), and then only
    those that are still being worked, or not any more."""

    reached: State | None = None
    furthest: State | None = None
    open: bool | None = None


def leads_behind(scope: Scope, which: Behind) -> Statement:
    """The ids of the leads behind a number. In: the scope with the window of the number, one cohort or all."""
    made = Statement()
    made.add("SELECT lived.lead_id FROM (")
    _lives(made, scope)
    made.add(") AS lived WHERE 1 = 1")
    counting.within(made, scope, "lived.born")
    if which.reached is not None:
        made.add("AND lived.furthest >= %s", RANK[which.reached])
    if which.furthest is not None:
        made.add("AND lived.furthest = %s", RANK[which.furthest])
    if which.open is not None:
        worked = ", ".join(str(_DIGIT[state]) for state in WORKING)
        made.add(f"AND lived.stands {'' if which.open else 'NOT '}IN ({worked})")
    return made


def _lives(made: Statement, scope: Scope) -> None:
    """``SELECT`` of every lead: lead_id, born, the rank of the furthest stage (0: none), the digit where it stands."""
    # One pass along the index. The newest move's stage is the last digit of the greatest number.
    made.add("SELECT event.lead_id, max(CASE WHEN event.version = 1 THEN event.occurred_at END) AS born,")
    made.add(f"max({_case(RANK, 0)}) AS furthest, max(event.version * 10 + {_case(_DIGIT, 9)}) %% 10 AS stands")
    counting.that_count(made, scope, counting.MOVES)
    held_now(made, scope)
    made.add("GROUP BY event.lead_id")


def _case(numbers: dict[Any, int], otherwise: int) -> str:
    """A stage as a number."""
    whens = " ".join(f"WHEN '{status}' THEN {number}" for status, number in numbers.items())
    return f"CASE event.to_status {whens} ELSE {otherwise} END"
