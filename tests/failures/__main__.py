"""The long versions: ``python -m tests.failures --long``; figures as JSON, from which the table of the docs is made."""

import argparse
import json
import shlex
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.failures import table
from tests.failures.outcome import Outcome
from tests.failures.place import ENGINES, Place, place

Failure = Callable[[str, argparse.Namespace], Outcome | None]


def killed(engine: str, options: argparse.Namespace) -> Outcome:
    from tests.failures import killed

    with place(engine) as office:
        return killed.run(office, options.runs or killed.RUNS)


def crashed(engine: str, options: argparse.Namespace) -> Outcome | None:
    from tests.failures import crashed

    if engine != "postgresql":
        return None
    with place(engine) as office:
        return crashed.run(office, options.runs or crashed.RUNS)


def readers(engine: str, options: argparse.Namespace) -> Outcome:
    from tests.failures import readers

    with place(engine) as office:
        return readers.run(office, options.seconds or readers.SECONDS)


def away(engine: str, options: argparse.Namespace) -> Outcome | None:
    from tests.failures import served

    if engine != "postgresql":
        return None
    with place(engine) as office:
        return served.away(office, options.runs or served.RUNS)


def locked(engine: str, options: argparse.Namespace) -> Outcome | None:
    from tests.failures import served

    if engine != "sqlite":
        return None
    with place(engine) as office:
        return served.locked(office, options.runs or served.RUNS)


def restarted(engine: str, options: argparse.Namespace) -> Outcome:
    from tests.failures import served

    with place(engine) as office:
        return served.begun_anew(office, options.runs or served.RUNS)


def full(engine: str, options: argparse.Namespace) -> Outcome:
    from tests.failures import full, served

    return full.run(engine, options.runs or served.RUNS)


def clocks(engine: str, options: argparse.Namespace) -> Outcome:
    from tests.failures import clocks

    with place(engine) as office:
        return clocks.run(office)


def poisoned(engine: str, options: argparse.Namespace) -> Outcome:
    with place(engine, leads=14) as office:
        office.collect()
        seen = office.office("poisons")
        found = Outcome("poisoned rows", engine, runs=seen["poisons"], wrong=seen["faults"][:5])
        found.more = {"pages asked for": seen["asked"], "faults": len(seen["faults"])}
        found.add(office.office("check", str(office.folder)))
    return found


def drill(engine: str, options: argparse.Namespace) -> Outcome:
    from tests.failures import drill

    with place(engine) as office:
        return drill.run(office, options.runs or drill.RUNS)


def migration(engine: str, options: argparse.Namespace) -> Outcome | None:
    from tests.failures import migrating

    if options.database:
        if engine_of(options.database) != engine:
            return None
        with tempfile.TemporaryDirectory() as folder:
            return migrating.run(Place(engine, Path(folder), options.database), 0)
    with place(engine, leads=0) as office:
        return migrating.run(office, options.events or migrating.EVENTS)


def engine_of(address: str) -> str:
    return "sqlite" if address.startswith("sqlite") else "postgresql"


FAILURES: dict[str, Failure] = {
    f.__name__: f for f in (killed, crashed, readers, away, locked, restarted, full, clocks, poisoned, drill, migration)
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.failures", description=__doc__)
    parser.add_argument("--long", action="store_true", help="run them; without it only what there is, is listed")
    parser.add_argument("--engine", choices=ENGINES)
    parser.add_argument("--only", default="", help=f"some of {','.join(FAILURES)}")
    parser.add_argument("--runs", type=int, default=0, help="fewer or more runs of what is killed")
    parser.add_argument("--seconds", type=float, default=0, help="how long the readers read")
    parser.add_argument("--events", type=int, default=0, help="how large the migrated log is")
    parser.add_argument("--database", default="", help="migrate this filled one, which is written to")
    parser.add_argument("--table", action="store_true", help="only make the table of docs/reliability.md anew")
    parser.add_argument("--out", type=Path, help="keep the figures here, beside those of earlier runs")
    options = parser.parse_args()
    if options.table:
        table.rewrite()
        return 0
    wanted = [name for name in options.only.split(",") if name] or [n for n in FAILURES if n not in BY_NAME_ONLY]
    if not options.long or not set(wanted) <= set(FAILURES):
        parser.error(f"say --long, and of {', '.join(FAILURES)}")
    good = True
    for name in wanted:
        for engine in [options.engine] if options.engine else ENGINES:
            good &= _run(name, engine, options)
    return 0 if good else 1


#: Too long to be run unasked.
BY_NAME_ONLY = frozenset({"migration"})


def _run(name: str, engine: str, options: argparse.Namespace) -> bool:
    print(f"{name}, {engine}", flush=True)
    begun = time.monotonic()
    try:
        found = FAILURES[name](engine, options)
    except table.Skipped as reason:
        print(f"  skipped: {reason}", flush=True)
        return True
    if found is None:
        return True
    kept: dict[str, Any] = {
        **found.as_json(), "name": name, "seconds": round(time.monotonic() - begun),
        "date": f"{datetime.now(UTC):%Y-%m-%d}", "machine": table.machine(),
        "command": f"python -m tests.failures {shlex.join(sys.argv[1:])}", "holds": found.holds,
    }  # fmt: skip
    print(json.dumps(kept, indent=1), flush=True)
    if options.out:
        table.keep(options.out, kept)
    return found.holds


if __name__ == "__main__":
    sys.exit(main())
