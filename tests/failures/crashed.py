"""kill −9 of PostgreSQL while four write and one reads on: after it has recovered nothing acknowledged is lost."""

import random
import time
from collections.abc import Callable

from tests.failures.outcome import Outcome
from tests.failures.place import Place, ending
from tests.failures.readers import compare, following

#: Target: 20 kills.
RUNS, WRITERS = 20, 4


def run(place: Place, runs: int, *, writers: int = WRITERS, tell: Callable[[str], None] = print) -> Outcome:
    """So many times in the middle of it all: server and children are killed, it starts again, everybody goes on."""
    found, chance, killed = Outcome("kill -9 of PostgreSQL", place.engine), random.Random(), 0
    settings = {name: place.server.sql(f"SHOW {name}")[0][0] for name in ("fsync", "synchronous_commit")}
    with following(place) as follower, ending([place.writer() for _ in range(writers)]) as crew:
        for n in range(runs):
            before = [len(w.lines) for w in crew]
            for writer, deeds in zip(crew, before, strict=True):
                writer.wait_for(deeds + 20)
            time.sleep(chance.random() / 2)
            killed += place.server.kill()
            place.server.start()
            found.runs += 1
            tell(f"  kill {n + 1}: {sum(len(w.lines) for w in crew)} deeds acknowledged so far")
        for writer in crew:
            writer.ask_to_end()
        found.wrong += [w.faults.read_text()[-500:] for w in crew if w.ended()]
        seen = follower.end()
    compare(found, seen, place.office("ids")["ids"])
    found.add(place.office("check", str(place.folder)))
    found.more |= {"server processes killed": killed, **settings}
    return found
