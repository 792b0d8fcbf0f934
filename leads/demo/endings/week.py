"""Stories whose last days went there and back: what a Monday meeting asks about, on whichever day it is. Pure."""

from .. import arrivals, dealing, departures
from ..storyline import Step, Storyline
from .early import Teller
from .so_far import commit, shop


def signed_and_back(reason: str) -> Teller:
    """Signed two days ago and fallen back since: on the board the same column as before, and a story between."""

    def tell(s: Storyline) -> float:
        arrivals.to_qualified(s)
        shop(s, 6, 20)
        _within(dealing.sign(s), 0.8)
        dealing.collapse(s, reason)
        for step, gap in zip(s.steps[-3:], (0.6, 0.6, 0.3), strict=True):
            _within(step, gap)
        return s.rng.uniform(0.1, 0.4)

    return tell


def back_and_signed(s: Storyline) -> float:
    """Fell back on one day, signed again within two: the house came back on the market."""
    arrivals.to_qualified(s)
    shop(s, 6, 20)
    commit(s, days=9)
    dealing.collapse(s, "property_withdrawn")
    for step, gap in zip(s.steps[-2:], (1.0, 0.4), strict=True):
        _within(step, gap)
    _within(dealing.sign(s), 0.7)
    return s.rng.uniform(0.1, 0.4)


def slipped_today(to: str) -> Teller:
    """A thumb of the last day, taken back within minutes."""

    def tell(s: Storyline) -> float:
        arrivals.to_qualified(s)
        shop(s, 4, 18)
        archived = to == "ARCHIVED"
        departures.mis_drag(
            s,
            to,
            after=1.0,
            kind="archived_manually" if archived else "",
            reason_given="unresponsive" if archived else "",
        )
        return s.rng.uniform(0.1, 0.9)

    return tell


def slipped_and_found(s: Storyline) -> float:
    """Archived by a thumb two days ago, found by the broker since."""
    arrivals.to_qualified(s)
    shop(s, 4, 18)
    departures.late_undo(s, "ARCHIVED", after=1.0, kind="archived_manually", reason_given="unresponsive")
    return s.rng.uniform(0.1, 0.6)


def _within(step: Step, gap: float) -> None:
    """So many days after the step before, whatever its story says."""
    step.gap = gap
