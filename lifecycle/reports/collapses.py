"""How often deals fall back, against how often they are signed or executed: by person, quarter, kind and reason.

A rate compares what fell back in a time with what was entered in the same time. These need not be the same deals, so it
may pass one.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import TypeVar

from ..history.statement import Statement
from . import counting, fallen
from .calendar import Period, quarters
from .credit import Part, Person, fine, settled, unsettled
from .fallen import Fallen
from .scope import Credit, Scope

K = TypeVar("K")

#: Below so many entries a rate says nothing.
FEW = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is counted. ``quarter`` by its name in files; ``reason`` ``""`` for an entry."""

    person: Person
    quarter: str
    kind: str
    reason: str = ""


@dataclass(slots=True)
class Tally:
    """What was counted in one place. ``count`` includes quick returns; ``stays`` only those whose length is known."""

    stays: list[timedelta] = field(default_factory=list)
    unknown: int = 0
    _count: int = 0
    _quick: int = 0
    _recovered: int = 0
    _entries: int = 0

    @property
    def count(self) -> Part:
        return settled(self._count)

    @property
    def quick(self) -> Part:
        return settled(self._quick)

    @property
    def recovered(self) -> Part:
        return settled(self._recovered)

    @property
    def entries(self) -> Part:
        return settled(self._entries)

    @property
    def rate(self) -> Fraction | None:
        """Collapses for each entry; None where the entries are too few to say."""
        return rate_of(self.count, self.entries)

    @property
    def median_stay(self) -> timedelta | None:
        """How long a deal had been in the stage before it fell, half of them longer; None where that is unknown.

        A deal that several share counts whole with each of them.
        """
        ordered, half = sorted(self.stays), len(self.stays) // 2
        if not ordered:
            return None
        return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2

    def fell(self, one: Fallen, part: Part) -> None:
        """One more collapse, or a part of one."""
        units = fine(part)
        self._count += units
        self._quick += units if one.quick else 0
        self._recovered += units if one.recovered else 0
        if one.stay is None:
            self.unknown += 1
        else:
            self.stays.append(one.stay)

    def entered(self, part: Part) -> None:
        """So many more entries."""
        self._entries += fine(part)


def rate_of(count: Part, entries: Part) -> Fraction | None:
    """So many for each; None where there are too few to say."""
    return Fraction(count) / entries if entries >= FEW else None


Entries = Mapping[Place, Part]


def tallies(
    found: Iterable[Fallen], entries: Entries, periods: list[Period], place: Callable[[Place], K]
) -> dict[K, Tally]:
    """What was counted, put together by what ``place`` makes of each.

    A rule that tells reasons apart should be given no entries: an entry has none.
    """
    made: dict[K, Tally] = {}
    for fell in found:
        quarter = quarter_name(periods, fell.at)
        for person, part in fell.credit:
            made.setdefault(place(Place(person, quarter, fell.kind, fell.reason)), Tally()).fell(fell, part)
    for at, part in entries.items():
        made.setdefault(place(at), Tally()).entered(part)
    return made


def quarters_of(scope: Scope) -> list[Period]:
    """The quarters that anything can lie in: of the window, from the first deal known to the end. One statement."""
    made = Statement()
    made.add("SELECT")
    for n, stage in enumerate(fallen.STAGES.values()):
        made.add(f"{',' if n else ''} (SELECT min(event.occurred_at) FROM {counting.LOG} AS event")
        made.add(f"WHERE {counting.DEALS} AND event.to_status = '{stage}'")
        counting.known(made, scope, "event")
        made.add(")")
    [row] = made.rows()
    begun = [counting.as_instant(at) for at in row if at is not None]
    if not begun:
        return []
    # A server whose clock is a little ahead may have written what is still to come for this one.
    end = scope.end + timedelta(days=1)
    since = min(begun) if scope.since is None else max(scope.since, min(begun))
    until = end if scope.until is None else min(scope.until, end)
    return quarters(since, until, scope.zone) if since < until else []


def quarter_name(periods: list[Period], at: datetime) -> str:
    """The quarter that an instant of the window lies in."""
    return periods[bisect_right(periods, at, key=lambda period: period.since) - 1].name


def entries_of(scope: Scope, periods: list[Period]) -> dict[Place, Part]:
    """How often a stage was entered in the window, by person, quarter and the kind of its collapse. One statement.

    Where days are shared it takes two, and each entry is looked at; its sums are `settled` once they are put together.
    """
    if not periods:
        return {}
    if scope.credit is Credit.SHARED:
        units: Counter[Place] = Counter()
        for one in fallen.entered(scope):
            quarter = quarter_name(periods, one.at)
            for person, part in one.credit:
                units[Place(person, quarter, one.kind)] += fine(part)
        return {place: unsettled(sum_) for place, sum_ in units.items()}
    made: dict[Place, Part] = {}
    kinds = {stage: kind for kind, stage in fallen.STAGES.items()}
    for person, quarter, stage, count in _entries(scope, periods).rows():
        if fallen.belonging(scope, ((person, count),)):
            made[Place(person, quarter, kinds[stage])] = count
    return made


def _entries(scope: Scope, periods: list[Period]) -> Statement:
    """Counted by the database; from an index alone, unless the signing before has to be looked up."""
    made = Statement()
    made.add("SELECT came.person, came.quarter, came.stage, count(*) FROM (SELECT")
    fallen.credited(made, scope)
    made.add("AS person,")
    counting.period_name(made, periods, "event.occurred_at")
    made.add("AS quarter, event.to_status AS stage")
    counting.that_count(made, scope, counting.DEALS)
    counting.within(made, scope)
    made.add(") AS came GROUP BY came.person, came.quarter, came.stage")
    return made
