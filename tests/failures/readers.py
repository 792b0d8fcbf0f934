"""Readers by the horizon while eight write: nothing missed, nothing out of order."""

import contextlib
import itertools
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from tests.failures.cluster import PATIENCE
from tests.failures.outcome import Outcome
from tests.failures.place import ROOT, Place, ending

#: Target: 8 writers for 60 s, none of 5,000 facts missed or reordered.
WRITERS, SECONDS = 8, 60.0


class Follower:
    """A process that reads the log on while others write; see ``follower.py``."""

    def __init__(self, place: Place) -> None:
        self.file = place.folder / "followed"
        with self.file.open("wb") as out, self.file.with_suffix(".faults").open("wb") as faults:
            words = [sys.executable, "-m", "tests.failures.follower"]
            self.process = subprocess.Popen(words, cwd=ROOT, env=place.environment, stdout=out, stderr=faults)

    def end(self) -> list[int]:
        """Lets it read to the end; out: every id that it read, in order."""
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(2 * PATIENCE):
            raise RuntimeError("The reader ended with a fault.")
        return [int(line) for line in self.file.read_text().split()[1:]]

    def wait_until_begun(self) -> None:
        until = time.monotonic() + PATIENCE
        while not self.file.read_text().startswith("begin"):
            if time.monotonic() > until or self.process.poll() is not None:
                raise RuntimeError("The reader did not begin.")
            time.sleep(0.02)


@contextlib.contextmanager
def following(place: Place) -> Iterator[Follower]:
    follower = Follower(place)
    try:
        follower.wait_until_begun()
        yield follower
    finally:
        if follower.process.poll() is None:
            follower.process.kill()
            follower.process.wait(PATIENCE)


def run(place: Place, seconds: float, *, writers: int = WRITERS, tell: Callable[[str], None] = print) -> Outcome:
    """Eight writers for so long, and somebody who reads on."""
    found = Outcome("readers by the horizon", place.engine, runs=1)
    with following(place) as follower, ending([place.writer() for _ in range(writers)]) as crew:
        for writer in crew:
            writer.wait_for(0)
        time.sleep(seconds)
        for writer in crew:
            writer.ask_to_end()
        for writer in crew:
            if writer.ended():
                found.wrong.append(writer.faults.read_text()[-500:])
        seen = follower.end()
    compare(found, seen, place.office("ids")["ids"])
    found.add(place.office("check", str(place.folder)))
    tell(f"  {found.more}")
    return found


def compare(found: Outcome, seen: list[int], there: list[int]) -> None:
    """Notes what somebody who read the log on has missed or read in another order."""
    missed = len(set(there) - set(seen))
    unordered = sum(later <= earlier for earlier, later in itertools.pairwise(seen))
    unknown = len(set(seen) - set(there))
    found.more |= {"read": len(seen), "missed": missed, "out of order": unordered, "read and not there": unknown}
    if missed or unordered or unknown:
        found.wrong.append(
            f"the reader missed {missed}, read {unordered} out of order and {unknown} that are not there"
        )
