"""What a move costs, by Hindsight, by a silent update, by each peer that keeps history, and at the engine's limit.

    python bench/moves.py [--rounds 5] [--engine sqlite] [--quick] [--only simple_history,pgbench]

Every contender takes the same steps (`bench/steps.py`) on leads of the same shape, in processes of its own, with the
same settings of the database; one after the other in every round, first with one writer and then with eight. How many
moves a round has is found out before the first, so that it takes about three seconds, and stays the same. Then eight
writers race for twenty leads, and each contender's own history says afterwards how many steps in it are illegal.
Every commit waits for the disk that TMPDIR lies on: on a slow one all contenders come to the same, on one in memory
(TMPDIR=/dev/shm) only their own work is left. What a flush takes there is told beside the figures.
The first run makes a virtual environment for the peers from `bench/peers/requirements.txt` (bench/.venv).
"""

import functools
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import contenders, figures  # noqa: E402
from bench.contenders import CAREFUL, OURS, RAW_PSYCOPG, RAW_SQLITE, SILENT, Run  # noqa: E402
from bench.figures import Figure  # noqa: E402

WRITERS = 8
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
#: What a reader must know of a contender that does less than the others.
LESS = {
    SILENT: "; keeps no history, no reason's words",
    "bench.peers.event_sourcing": "; keeps events alone, no row and no index that a board could be read from",
}
LIMITS = (RAW_SQLITE, RAW_PSYCOPG, "pgbench")
#: What a move of Hindsight must reach against the silent update.
AGAINST_SILENT = {("postgresql", 1): 0.9, ("postgresql", WRITERS): 1.1, ("sqlite", 1): 1.3, ("sqlite", WRITERS): 1.3}
AGAINST_KEEPERS, AGAINST_LIMIT = 1.5, 0.3
SETTINGS = {
    "sqlite": "WAL, synchronous FULL, IMMEDIATE, a file each",
    "postgresql": "fsync, synchronous_commit and full_page_writes on, kept connections",
}


def run(options: Any) -> list[Figure]:
    """All figures of the engines that are asked for."""
    found: list[Figure] = []
    for engine in [options.engine] if options.engine else ENGINES:
        with tempfile.TemporaryDirectory() as folder:
            found += _on(engine, Path(folder), options)
    return found


def _on(engine: str, folder: Path, options: Any) -> list[Figure]:
    leads = 180 if options.quick else 4020
    wanted = set(filter(None, (getattr(options, "only", None) or "").split(",")))
    parties = contenders.for_engine(engine, folder, leads, WRITERS, wanted)
    rounds, seconds = (1, 0.2) if options.quick else (options.rounds, 3.0)
    found: list[Figure] = []
    try:
        for writers in (1, WRITERS):
            runs = _rounds(parties, writers, rounds, seconds)
            found += _speeds(engine, writers, parties, runs)
            if engine == "sqlite" and writers == WRITERS:
                found += _waits([t for r in runs[OURS] for t in r.took])
        found.append(_flush(engine, folder))
        found += _races(engine, parties, 0.5 if options.quick else 5.0)
    finally:
        for party in parties.values():
            party.stop()
    return found


def _rounds(parties: dict[str, Any], writers: int, rounds: int, seconds: float) -> dict[str, list[Run]]:
    """Every contender once a round, a fixed number of moves each."""
    runs: dict[str, list[Run]] = {module: [] for module in parties}

    def once(module: str, count: int) -> float:
        made: Run = parties[module].moves(writers, count)
        runs[module].append(made)
        return made.speed

    turns: dict[str, Callable[[], float]] = {}
    for module, party in parties.items():
        if module == CAREFUL:
            continue
        # Warms up, too: plans, caches, the first pages of the write-ahead log.
        party.moves(writers, 20)
        speed = party.moves(writers, max(int(40 / writers), 10)).speed
        turns[module] = functools.partial(once, module, max(int(speed * seconds / writers), 5))
    figures.interleaved(rounds, turns)
    return runs


def _speeds(engine: str, writers: int, parties: dict[str, Any], runs: dict[str, list[Run]]) -> list[Figure]:
    work = f"move, {writers} writer{'s' if writers > 1 else ''}"
    said = ENGINES[engine]
    speeds = {module: [r.speed for r in made] for module, made in runs.items()}
    ours = speeds[OURS]
    found = [Figure(work=work, engine=said, subject="Hindsight", value=statistics.median(ours), unit="moves/s",
                    note=_note(engine, runs[OURS]))]  # fmt: skip
    for module, theirs in speeds.items():
        if module in (OURS, CAREFUL):
            continue
        target: float | None = AGAINST_KEEPERS
        if module == SILENT:
            target = AGAINST_SILENT[engine, writers]
        elif module in LIMITS:
            # Raw psycopg is told beside pgbench, which is the limit.
            target = None if module == RAW_PSYCOPG else AGAINST_LIMIT
        # Round by round: both sides of a ratio were measured in the same minute.
        ratio = statistics.median(a / b for a, b in zip(ours, theirs, strict=True))
        found.append(Figure(work=work, engine=said, subject=parties[module].name, value=statistics.median(theirs),
                            unit="moves/s", ratio=ratio, against="Hindsight to this", at_least=target,
                            note=_note(engine, runs[module]) + LESS.get(module, "")))  # fmt: skip
    return found


def _note(engine: str, made: list[Run]) -> str:
    cpu = statistics.median(r.cpu for r in made)
    spent = f", {cpu * 1e6:.0f} µs of the writer's CPU a move" if cpu else ""
    return f"{len(made)} rounds, {figures.spread([r.speed for r in made])}{spent}; {SETTINGS[engine]}"


def _waits(took: list[float]) -> list[Figure]:
    """How long single moves took while eight writers never paused."""
    cuts = statistics.quantiles(took, n=100)
    told = {"half of all": (cuts[49], None), "p99": (cuts[98], 250), "worst": (max(took), 3000)}
    return [
        Figure(work=f"one move of {WRITERS} flat-out writers, {words}", engine="SQLite", subject="Hindsight",
               value=seconds * 1000, unit="ms", at_most=most, note=f"{len(took)} moves, 0 errors")
        for words, (seconds, most) in told.items()
    ]  # fmt: skip


def _flush(engine: str, folder: Path) -> Figure:
    """How long the disk takes until a page of 4 kB is safe, which every commit waits for."""
    took = []
    with (folder / "flushed").open("wb", buffering=0) as file:
        for _ in range(100):
            file.write(bytes(4096))
            begun = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - begun)
    note = f"{figures.spread([t * 1000 for t in took])} ms, {folder.parent}"
    return Figure(work="one flush of the disk", engine=ENGINES[engine], subject="the machine",
                  value=statistics.median(took) * 1000, unit="ms", note=note)  # fmt: skip


def _races(engine: str, parties: dict[str, Any], seconds: float) -> list[Figure]:
    """Eight writers on the raced leads; a refusal is a right answer, an illegal step in the history is none."""
    found = []
    for module, party in parties.items():
        if module in LIMITS:
            continue
        outcomes = party.race(seconds)
        history = party.recorded()
        errors = {words: times for words, times in outcomes.items() if words.startswith("error")}
        done = outcomes.get("done", 0)
        note = f"{done} moves, {outcomes.get('refused', 0)} refused as stale, {sum(errors.values())} errors"
        note += f" ({', '.join(sorted(errors))})" if errors else ""
        if history["illegal"] is None:
            note, share = f"no history: cannot be known; {note}", float("nan")
        else:
            share = 100 * history["illegal"] / max(history["steps"], 1)
            note = f"{history['illegal']} of {history['steps']} recorded steps; {note}"
        found.append(Figure(work=f"race of {WRITERS} writers for 20 leads, illegal steps", engine=ENGINES[engine],
                            subject=party.name, value=share, unit="%", note=note,
                            at_most=0 if module == OURS else None))  # fmt: skip
    return found


def main() -> None:
    parser = figures.parser(__doc__)
    parser.add_argument("--only", help="beside the silent update these alone, parts of their names between commas")
    options = parser.parse_args()
    found = run(options)
    print(figures.table(found))
    if options.out:
        figures.keep(found, options.out)


if __name__ == "__main__":
    main()
