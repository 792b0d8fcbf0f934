"""A made-up office of any size as a history file that `import_history` reads: the bulk path of the benchmarks.

    python bench/office.py 100000 > office.csv        about ten facts a lead, the same every time for the same number

Leads come in evenly over two years up to 1 November 2026; each lives for some weeks: contacts (as activities), moves
forward and back, hand-overs, an end. Fifty agents.
"""

import csv
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

BEGUN = datetime(2024, 11, 1, tzinfo=UTC)
ENDED = datetime(2026, 11, 1, tzinfo=UTC)
AGENTS = [f"Agent {n:02d}" for n in range(50)]
COLUMNS = (
    "lead_key", "occurred_at", "actor", "kind", "from_state", "to_state", "reason", "note", "from_owner", "to_owner",
    "seq",
)  # fmt: skip
#: Where a lead goes from each stage, with how many in a hundred go there.
_ON = {
    "NEW": (("CONTACTING", 90), ("TRASHED", 10)),
    "CONTACTING": (("QUALIFIED", 60), ("ARCHIVED", 35), ("TRASHED", 5)),
    "QUALIFIED": (("COMMITTED", 60), ("ARCHIVED", 40)),
    "COMMITTED": (("IN_CONTRACT", 65), ("QUALIFIED", 35)),
    "IN_CONTRACT": (("CLOSED", 75), ("QUALIFIED", 25)),
    "ARCHIVED": (("CONTACTING", 20), ("", 80)),
    "CLOSED": (("", 100),),
    "TRASHED": (("", 100),),
}


def rows(leads: int) -> Iterator[tuple[object, ...]]:
    """The facts of so many leads, lead by lead, in the order of ``COLUMNS``."""
    chance = random.Random(leads)
    for n in range(leads):
        begun = BEGUN + (ENDED - BEGUN) * n / leads
        yield from _life(chance, f"O-{n:07d}", begun)


def _life(chance: random.Random, key: str, now: datetime) -> Iterator[tuple[object, ...]]:
    agent, status, seq = chance.choice(AGENTS), "NEW", 2
    yield (key, now.isoformat(), "system", "lead_created", "", "NEW", "", "", "", "", 1)
    yield (key, now.isoformat(), "system", "assigned", "", "", "", "", "", agent, 2)
    while now < ENDED and seq < 40:
        now += timedelta(minutes=chance.expovariate(1 / 2500) + 1)
        seq += 1
        happens = chance.random()
        if happens < 0.5:
            yield (key, now.isoformat(), agent, "activity", "", "", "", "", "", "", seq)
        elif happens < 0.56:
            other = chance.choice(AGENTS)
            if other != agent:
                yield (key, now.isoformat(), agent, "reassigned", "", "", "", "", agent, other, seq)
                agent = other
        else:
            ways, weights = zip(*_ON[status], strict=True)
            to = chance.choices(ways, weights)[0]
            if not to:
                return
            yield (key, now.isoformat(), agent, "state_changed", status, to, "", "", "", "", seq)
            status = to


def main() -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(int(sys.argv[1])))


if __name__ == "__main__":
    main()
