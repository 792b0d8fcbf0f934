"""What the past costs: all leads, the board, and one lead as of an instant, beside django-simple-history's `as_of`.

    python bench/as_of.py [--leads 100000] [--rounds 5] [--engine sqlite] [--quick] [--keep FOLDER] [--database URL]

Fills a database of each engine with `bench/filling.py` (minutes), adds a lead with a thousand facts, and gives
django-simple-history a historical row for every fact: the same leads, the same instants, filled by `bulk_create`, in a
database of its own on the same engine. Then both are asked the same, one after the other in every round; that they
answer the same is checked beforehand. `--keep` leaves the SQLite files there for the next time; `--database` takes a
database that `bench/filling.py` has filled and leaves it as it is.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import contenders, figures, server  # noqa: E402
from bench.figures import Figure  # noqa: E402

OURS, THEIRS = "bench.hindsight_past", "bench.peers.simple_history_.past"
ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
AT_LEAST_ALL, AT_LEAST_ONE = 10, 2
_PINNED = dict(line.split("==") for line in contenders.REQUIREMENTS.read_text().splitlines() if "==" in line)
_PEER = f"django-simple-history {_PINNED['django-simple-history']}"


class Asked:
    """A process that answers questions about one database."""

    def __init__(self, module: str, address: str) -> None:
        python = sys.executable if module == OURS else contenders.peers_python()
        self.process = subprocess.Popen(
            [python, "bench/asking.py", module],
            cwd=ROOT,
            env=environment_of(module, address),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, question: str, times: int = 1, **wishes: Any) -> tuple[float, float, Any]:
        """Seconds and CPU seconds of this process a time, and what it said."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps([question, times, wishes]) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("The process that was asked has ended; its fault is above.")
        took, cpu, said = json.loads(line)
        return took, cpu, said

    def stop(self) -> None:
        """Ends it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)


def environment_of(module: str, address: str) -> dict[str, str]:
    """The environment of a process that asks this database, with everybody's settings."""
    whose = contenders.OURS if module == OURS else "bench.peers.simple_history_.past"
    made = {**os.environ, **contenders.environment_of(whose, address), "BENCH_AS_OF": "1", "PYTHONPATH": str(ROOT)}
    return made


def run(options: Any) -> list[Figure]:
    """All figures of the engines that are asked for."""
    found: list[Figure] = []
    given = getattr(options, "database", None)
    engines = [given.partition(":")[0]] if given else [options.engine] if options.engine else list(ENGINES)
    for engine in engines:
        with tempfile.TemporaryDirectory() as folder:
            found += _on(engine, Path(getattr(options, "keep", None) or folder).resolve(), given, options)
    return found


def _on(engine: str, folder: Path, given: str | None, options: Any) -> list[Figure]:
    leads = 300 if options.quick else getattr(options, "leads", 100_000)
    address = server.start_durable_server() if engine == "postgresql" else ""
    ours = given or _database(engine, address, folder, "hindsight", leads)
    theirs = _database(engine, address, folder, "simple-history", leads)
    code = f"import bench.as_of as b; b.fill_ours({leads}, {bool(given)})"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment_of(OURS, ours), check=True)
    _fill_theirs(ours, theirs)
    parties = Asked(OURS, ours), Asked(THEIRS, theirs)
    try:
        return _compared(ENGINES[engine], *parties, 1 if options.quick else options.rounds)
    finally:
        for party in parties:
            party.stop()


def _database(engine: str, address: str, folder: Path, name: str, leads: int) -> str:
    if engine == "postgresql":
        return server.new_database(address, name)
    return f"sqlite:///{folder / f'{name}-{leads}.sqlite3'}"


def fill_ours(leads: int, given: bool) -> None:
    """In a process of its own: the office of `bench/filling.py` and the long lead, where they are not there yet."""
    import django

    django.setup()
    from django.core.management import call_command

    from bench import filling, hindsight_past
    from leads.models import Lead

    if given:
        return
    call_command("migrate", verbosity=0)
    if not Lead.objects.exists():
        filling.fill(leads, filling.today())
        hindsight_past.add_long_lead()


def _fill_theirs(ours: str, theirs: str) -> None:
    """Historical rows out of one database into the other, from process to process."""
    if theirs.startswith("sqlite") and Path(theirs.removeprefix("sqlite:///")).exists():
        return
    read = [sys.executable, "-m", "bench.hindsight_past"]
    code = "import django; django.setup(); import bench.peers.simple_history_.past as p; p.main()"
    write = [contenders.peers_python(), "-c", code]
    with subprocess.Popen(read, cwd=ROOT, env=environment_of(OURS, ours), stdout=subprocess.PIPE) as reading:
        environment = environment_of(THEIRS, theirs)
        subprocess.run(write, cwd=ROOT, env=environment, stdin=reading.stdout, check=True, stdout=sys.stderr)
    if reading.returncode:
        raise RuntimeError("Hindsight's facts could not be read; the fault is above.")


def _compared(engine: str, ours: Asked, theirs: Asked, rounds: int) -> list[Figure]:
    there: dict[str, Any] = ours.ask("asked")[2]
    found: list[Figure] = []
    size = f"{there['leads']:,} leads, {there['facts']:,} facts"
    for words, at in there["instants"].items():
        # Of a lead whose move was undone later the two say different things, and both are right.
        _agree(ours.ask("states", at=at)[2], theirs.ask("states", at=at)[2], there["undone"])
        work = f"all leads with stage and holder, as of {words}"
        both = [(theirs, "states"), (theirs, "instances")]
        found += _measured(engine, work, (ours, "states"), both, rounds, 1, size, at=at)
    # The latest of the instants is the dearest, and minutes of the same are no news.
    at = there["instants"]["a quarter ago"]
    work = "counts and first cards of every column, as of a quarter ago"
    found += _measured(engine, work, (ours, "board"), [(theirs, "board")], min(rounds, 3), 1, size, at=at)
    for words, which in (("a usual lead", there["usual"]), ("a lead with many facts", there["long"])):
        if which is None:
            continue
        lead, at, version = which
        his = theirs.ask("one", lead=lead, at=at)[2]
        note = f"the lead has {version} facts"
        for question, what in (("stand", "stage and holder"), ("one", "everything, by both clocks, as its page asks")):
            assert ours.ask(question, lead=lead, at=at)[2] == his
            work = f"{words} as of an instant: {what}"
            found += _measured(engine, work, (ours, question), [(theirs, "one")], rounds, 100, note, lead=lead, at=at)
    return found


def _agree(mine: dict[str, Any], yours: dict[str, Any], undone: list[int]) -> None:
    """Raises when the two answers differ in a lead that has no undone move and no corrected reason."""
    skip = set(undone)
    for lead, (a, b) in enumerate(zip(mine["sample"], yours["sample"], strict=True), 1):
        if lead not in skip and a != b:
            raise AssertionError(f"lead {lead}: {a} here, {b} there")
    assert mine["leads"] == yours["leads"], (mine["leads"], yours["leads"])


def _measured(
    engine: str, work: str, mine: tuple[Asked, str], others: list[tuple[Asked, str]], rounds: int, times: int,
    note: str, **wishes: Any,
) -> list[Figure]:  # fmt: skip
    cpu: dict[str, float] = {}

    def asking(key: str, party: Asked, question: str) -> float:
        took, cpu[key], _ = party.ask(question, times, **wishes)
        return took

    turns = {"Hindsight": (lambda: asking("Hindsight", *mine))}
    for party, question in others:
        key = _PEER + (", whole instances" if question == "instances" else "")
        turns[key] = lambda key=key, party=party, question=question: asking(key, party, question)  # type: ignore[misc]
    for turn in turns.values():
        turn()
    took = figures.interleaved(rounds, turns)
    base = statistics.median(took["Hindsight"])
    target = AT_LEAST_ONE if "lead" in wishes else AT_LEAST_ALL
    print(f"{engine}: {work}", file=sys.stderr, flush=True)
    found = [Figure(work=work, engine=engine, subject="Hindsight", value=base * 1000, unit="ms",
                    note=f"{note}; {cpu['Hindsight'] * 1000:.3g} ms of it this process's CPU")]  # fmt: skip
    for key, theirs in list(took.items())[1:]:
        ratio = statistics.median(b / a for a, b in zip(took["Hindsight"], theirs, strict=True))
        found.append(Figure(work=work, engine=engine, subject=key, value=statistics.median(theirs) * 1000, unit="ms",
                            ratio=ratio, against="this to Hindsight", at_least=target,
                            note=f"{figures.spread([t * 1000 for t in theirs])} ms; {cpu[key] * 1000:.3g} ms of it its"
                                 f" process's CPU"))  # fmt: skip
    return found


def main() -> None:
    parser = figures.parser(__doc__)
    assert isinstance(parser, argparse.ArgumentParser)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="folder in which the SQLite files stay")
    parser.add_argument("--database", help="address of a filled database; it is only read")
    options = parser.parse_args()
    found = run(options)
    print(figures.table(found))
    if options.out:
        figures.keep(found, options.out)


if __name__ == "__main__":
    main()
