"""kill −9 of writers at random moments: what was acknowledged is there, what was not is there whole or not at all."""

import random
import time
from collections.abc import Callable

from tests.failures.outcome import Outcome
from tests.failures.place import Place, ending

#: Target: 200 runs an engine, none of 20,000 acknowledged facts lost.
RUNS = 200
#: So many write at a time, and so many facts each of them has acknowledged at least when it is killed.
WRITERS, LEAST = 3, 40


def run(
    place: Place, runs: int, *, writers: int = WRITERS, least: int = LEAST, tell: Callable[[str], None] = print
) -> Outcome:
    """So many times: writers begin, each is killed at a moment of its own, everything is looked at."""
    found = Outcome("kill -9 of writers", place.engine)
    chance, kills = random.Random(), 0
    for n in range(runs):
        with ending([place.writer() for _ in range(writers)]) as crew:
            for writer in crew:
                writer.wait_for(least)
                # Somewhere in the middle of whatever it is at.
                time.sleep(chance.random() / 20)
                writer.kill()
                kills += 1
        found.runs += 1
        found.add(place.office("check", str(place.folder)))
        tell(f"  run {n + 1}: {found.acknowledged} acknowledged, {found.lost} lost, {found.unsound} times unsound")
    found.more = {"writers killed": kills}
    return found
