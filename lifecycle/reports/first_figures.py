"""Figures of the first response: clocks in, counts, shares and lengths out. Pure.

Lengths are seconds from the start of a clock to its first contact. Only what was owed counts (met or breached); how
long it took is told of those that were answered, however late.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import TypeVar

from .first_clocks import Clock, Outcome

MINUTE, HOUR = 60, 3600
#: Where each group of lengths ends, in seconds, itself left out; the last but one is open, the last had no contact.
EDGES = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, 24 * HOUR)
#: The groups of `Figures.spread`: those before each edge, those after the last one, and those without a contact.
LATER, NEVER = len(EDGES), len(EDGES) + 1

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Figures:
    """``leads`` = ``met`` + ``breached``. ``median_seconds``: the middle one, or the mean of the two in the middle;
    ``p90_seconds``: nine of ten took as long at most. Both None where nobody was answered.

    ``logged_late``: in time, and written down too late; met or breached. ``spread``: the leads by how long it took.
    """

    met: int
    breached: int
    running: int
    passed_on: int
    set_aside: int
    logged_late: int
    median_seconds: float | None
    p90_seconds: float | None
    spread: tuple[int, ...]

    @property
    def leads(self) -> int:
        return self.met + self.breached

    @property
    def answered(self) -> int:
        return self.leads - self.spread[NEVER]


def figures(clocks: Iterable[Clock]) -> Figures:
    """What clocks come to together; nothing but zeros for none."""
    mine = list(clocks)
    owed = [c for c in mine if c.owed]
    lengths = sorted(s for c in owed if (s := c.seconds) is not None)
    spread = [0] * (NEVER + 1)
    for clock in owed:
        spread[group_of(clock)] += 1
    count = {outcome: sum(c.outcome is outcome for c in mine) for outcome in Outcome}
    return Figures(
        met=count[Outcome.MET],
        breached=count[Outcome.BREACHED],
        running=count[Outcome.RUNNING],
        passed_on=count[Outcome.PASSED_ON],
        set_aside=count[Outcome.SET_ASIDE],
        logged_late=sum(c.logged_late for c in owed),
        median_seconds=median(lengths),
        p90_seconds=lengths[-(-9 * len(lengths) // 10) - 1] if lengths else None,
        spread=tuple(spread),
    )


def group_of(clock: Clock) -> int:
    """The group of lengths that a clock belongs to, an index of ``Figures.spread``."""
    seconds = clock.seconds
    return NEVER if seconds is None else sum(seconds >= edge for edge in EDGES)


def median(lengths: Sequence[float]) -> float | None:
    """The middle of lengths in order, the mean of the two middle ones for an even number; None of none."""
    if not lengths:
        return None
    half = len(lengths) // 2
    return lengths[half] if len(lengths) % 2 else (lengths[half - 1] + lengths[half]) / 2


def grouped(clocks: Iterable[Clock], by: Callable[[Clock], K]) -> dict[K, Figures]:
    """The figures of each group of clocks, in the order in which the groups turn up."""
    groups: dict[K, list[Clock]] = {}
    for clock in clocks:
        groups.setdefault(by(clock), []).append(clock)
    return {key: figures(mine) for key, mine in groups.items()}


#: A day is told in parts of four hours.
PARTS = 6


def part_of(clock: Clock, zone: tzinfo) -> int:
    """The part of the day in which this holder's clock started, by the clock on the office's wall: 0 is from 0 to 4."""
    return clock.since.astimezone(zone).hour // (24 // PARTS)


def weekday_of(clock: Clock, zone: tzinfo) -> int:
    """The day of the week on which it started there; Monday is 0."""
    return clock.since.astimezone(zone).weekday()
