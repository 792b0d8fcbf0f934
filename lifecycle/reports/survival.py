"""How long a stay lasts when some of the stays are not over yet: the product-limit estimate. Pure.

Source: E. L. Kaplan and P. Meier, "Nonparametric Estimation from Incomplete Observations", Journal of the American
Statistical Association 53 (1958), 457–481. S(t), the share of stays that last longer than t, is the product of
(1 − d / n) over all lengths up to t at which d stays ended, n of them having reached that length. A stay that goes on
counts among the n for as long as it has lasted: to leave it out would take the slow ones out of the figure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

#: Half, three quarters, nine tenths of the stays are over.
SHARES = (0.5, 0.75, 0.9)

#: The last digits of a product of a million quotients are noise, so a share that is one half must not miss it by them.
_NOISE = 1e-9
#: A curve is drawn from points that lie at least this share apart, so that it has two hundred at most.
_APART = 0.005


@dataclass(frozen=True, slots=True)
class Survival:
    """What is known of stays of one kind. Lengths are whole microseconds.

    ``reached``: for each of ``SHARES`` the smallest length by which that share of stays is over, None where the curve
    never falls so far. ``finished_median``: the plain median of the finished stays alone, the mean of the two middle
    ones for an even number. ``curve``: (length, share that lasts longer) where it falls, thinned out; ``longest``: the
    longest stay so far, where the curve ends.
    """

    count: int = 0
    finished: int = 0
    reached: tuple[int | None, ...] = (None,) * len(SHARES)
    finished_median: float | None = None
    curve: tuple[tuple[int, float], ...] = ()
    longest: int = 0

    def still_after(self, length: int) -> float | None:
        """The share that lasts longer than this, off by `_APART` at most; None beyond the longest stay."""
        if length > self.longest or not self.count:
            return None
        return next((share for at, share in reversed(self.curve) if at <= length), 1.0)


def estimate(stays: Iterable[tuple[int, bool]], count: int, finished: int) -> Survival:
    """The estimate of stays that come one by one, in memory that does not grow with them.

    In: (length, whether it is over) in order of length, how many there are and how many of them are over.
    """
    made = _Estimate(count, finished)
    for length, same in groupby(stays, key=itemgetter(0)):
        over = [is_over for _, is_over in same]
        made.reach(length, len(over), sum(over))
    return made.result()


@dataclass(slots=True)
class _Estimate:
    """Where the curve is by now. ``at_risk``: stays that lasted at least as long as the next length."""

    count: int
    finished: int
    at_risk: int = field(init=False)
    over: int = 0
    share: float = 1.0
    longest: int = 0
    reached: list[int | None] = field(default_factory=lambda: [None] * len(SHARES))
    middle: list[int] = field(default_factory=list)
    curve: list[tuple[int, float]] = field(default_factory=list)
    #: The newest step, in the curve or not.
    last: tuple[int, float] | None = None

    def __post_init__(self) -> None:
        self.at_risk = self.count

    def reach(self, length: int, stays: int, over: int) -> None:
        """So many stays lasted exactly this long, so many of them are over."""
        if over:
            self.share *= (self.at_risk - over) / self.at_risk
            self._pass_shares(length)
            self._pass_middle(length, over)
            self._draw(length)
        self.at_risk -= stays
        self.longest = length

    def _pass_shares(self, length: int) -> None:
        for n, share in enumerate(SHARES):
            if self.reached[n] is None and self.share <= 1 - share + _NOISE:
                self.reached[n] = length

    def _pass_middle(self, length: int, over: int) -> None:
        first, second = (self.finished - 1) // 2, self.finished // 2
        self.middle += [length] * sum(self.over <= n < self.over + over for n in (first, second))
        self.over += over

    def _draw(self, length: int) -> None:
        self.last = (length, self.share)
        if (self.curve[-1][1] if self.curve else 1.0) - self.share >= _APART:
            self.curve.append(self.last)

    def result(self) -> Survival:
        if self.last is not None and self.last not in self.curve[-1:]:
            self.curve.append(self.last)
        median = sum(self.middle) / 2 if len(self.middle) == 2 else None
        reached, curve = tuple(self.reached), tuple(self.curve)
        return Survival(self.count, self.finished, reached, median, curve, self.longest)
