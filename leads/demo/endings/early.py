"""Stories that stand in NEW or CONTACTING today. A teller returns how many days ago the last step was. Pure."""

from collections.abc import Callable
from datetime import timedelta

from .. import arrivals, departures
from ..storyline import Storyline
from ..ways import contact
from ..words import arriving
from .so_far import SPARKS

Teller = Callable[[Storyline], float]


def just_in(seconds: int, *, pool: bool = False, of: str = "") -> Teller:
    """An inquiry of this very moment, by itself through the site; its clock runs, or has just run out.

    ``of``: whose lead it is, when that is no matter of chance.
    """

    def tell(s: Storyline) -> float:
        s.agent = of or s.agent
        created = arrivals.arrive(s, inquiry="website" if seconds % 2 else "portal", in_pool=pool)
        created.fields["agent"] = "" if pool else s.agent
        created.evening, created.ago = False, timedelta(seconds=seconds)
        if seconds > 345:
            # To the second what Scribe's round would have written.
            arrivals.breach(s, created)
        return 0

    return tell


def contacting_now(s: Storyline) -> float:
    """Being tried: a few attempts in the last days."""
    arrivals.first_contact(s, arrivals.arrive(s))
    arrivals.attempts(s, s.rng.choice((0, 1, 1, 2, 3)), s.rng.uniform(1, 7))
    return s.rng.uniform(0.1, 3.5)


def contacting_stale(s: Storyline) -> float:
    """Two tries and then nothing: too few for Scribe to close it, too long ago to be called work."""
    arrivals.first_contact(s, arrivals.arrive(s))
    arrivals.attempts(s, s.rng.choice((0, 1, 1, 2)), s.rng.uniform(1, 5))
    return s.rng.uniform(15, 52)


def contacting_talking(s: Storyline) -> float:
    """They answered, it is not yet sure that they mean it."""
    arrivals.first_contact(s, arrivals.arrive(s))
    arrivals.attempts(s, s.rng.choice((0, 1)), 1.5)
    arrivals.answered(s, 0.7)
    contact(s, 1.6, s.say(arriving.EARLY_DAYS))
    return s.rng.uniform(0.2, 4)


def contacting_again(s: Storyline) -> float:
    """Archived once, just re-engaged."""
    arrivals.first_contact(s, arrivals.arrive(s))
    arrivals.attempts(s, 2, 6)
    departures.archive(s, "unresponsive")
    departures.re_engage(s, s.decks.pick("spark", SPARKS), s.rng.uniform(25, 110))
    return s.rng.uniform(0.3, 5)


def contacting_pool(s: Storyline) -> float:
    """Given back by its agent; waits for somebody to take it."""
    arrivals.first_contact(s, arrivals.arrive(s))
    arrivals.attempts(s, 1, 2)
    departures.hand_off(s, "", "returned_to_pool", after=2.2, by=s.agent)
    return s.rng.uniform(0.6, 6)
