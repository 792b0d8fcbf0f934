"""The real server under the load of a full office, on each engine: how long people wait, and what it costs.

    python bench/load.py [--seconds 300] [--people 50] [--leads 20000] [--engine sqlite|postgresql] [--flat-out]
                         [--database URL] [--quick] [--traces FOLDER] [--server-args "--workers 4"]

Starts what `deploy/hindsight.service` starts, with production settings behind one reverse proxy, on an office filled by
`bench/filling.py`; lets people of `bench/crowd/people.py` work on it (a second or three of thought between two steps;
with ``--flat-out`` none), and afterwards asks the log for every form that was answered as saved, and proves the chain.
The people are Locust's, from `bench/.venv`, on the same machine: what share of it they took is one of the figures.
`--database` works on a filled database of yours and changes it. Figures are of one run an engine.
"""

import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
from argparse import Namespace
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import figures, tools  # noqa: E402
from bench.crowd.server import Server, serving, settings  # noqa: E402
from bench.crowd.watch import Watch  # noqa: E402
from bench.figures import Figure  # noqa: E402

#: What decides on PostgreSQL whether a committed fact survives a power cut.
_DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
#: The first of these seconds, in which everybody comes in and processes fill their caches, tell nothing about memory.
_WARM = 0.2
_LOG_IN_SECONDS = 10

Row = tuple[str, int, float, int, float, str]


@dataclass(frozen=True, slots=True)
class Run:
    """What one engine did: a row for each request, the watch, how often server processes began, what the log says."""

    engine: str
    people: int
    rows: list[Row]
    watch: Watch
    driver: float
    boots: int
    faults: list[str]
    checked: dict[str, int]
    durable: str


def run(options: Namespace) -> list[Figure]:
    """The figures of each engine that is asked for."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for database in _databases(options, Path(folder)):
            engine = "SQLite" if database.startswith("sqlite") else "PostgreSQL"
            place = Path(folder) / engine
            place.mkdir()
            print(f"{engine}: {options.people} people, {options.seconds} s", flush=True)
            done = _worked(engine, database, place, options)
            found += told(done, flat_out=options.flat_out)
            if options.traces:
                shutil.copytree(place, options.traces / engine, dirs_exist_ok=True)
    return found


def _databases(options: Namespace, folder: Path) -> list[str]:
    if options.database:
        return [options.database]
    made = []
    if options.engine != "postgresql":
        made.append(f"sqlite:///{folder}/office.sqlite3")
    if options.engine != "sqlite":
        made.append(_postgresql())
    return made


def _postgresql() -> str:
    """A fresh server with its durability as it is delivered: the one of the tests has it switched off."""
    import psycopg

    from tests.postgresql import start_server

    address = start_server()
    with psycopg.connect(address, autocommit=True) as server:
        for setting in _DURABLE:
            server.execute(f"ALTER SYSTEM SET {setting} = on")
        server.execute("SELECT pg_reload_conf()")
    return address


def _worked(engine: str, database: str, folder: Path, options: Namespace) -> Run:
    """Fills, serves, lets the people work, and checks."""
    environment = settings(database, folder)
    plan, out = folder / "plan.json", folder / "answers.json"
    _office(environment, "prepare", str(plan), str(options.leads), str(options.people))
    with serving(environment, folder, shlex.split(options.server_args)) as server:
        watch = _driven(server, database, plan, out, options)
        boots, faults = server.boots(), server.faults()
    answers = json.loads(out.read_text())
    checked = json.loads(_office(environment, "check", str(out)))
    rows = [(*row,) for row in answers["rows"]]
    durable = _durable(database)
    return Run(engine, options.people, rows, watch, answers["cpu"], boots, faults, checked, durable)  # type: ignore[arg-type]


def _durable(database: str) -> str:
    """The settings that durability hangs on, as they were."""
    if database.startswith("sqlite"):
        return "WAL, synchronous=FULL"
    import psycopg

    with psycopg.connect(database) as connection:
        values = [connection.execute(f"SHOW {name}").fetchone() for name in _DURABLE]
    return ", ".join(f"{name} {value[0]}" for name, value in zip(_DURABLE, values, strict=True) if value)


def _office(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "bench.crowd.office", *words], cwd=ROOT, env=environment, check=True, text=True,
        stdout=subprocess.PIPE,
    )  # fmt: skip
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def _driven(server: Server, database: str, plan: Path, out: Path, options: Namespace) -> Watch:
    """Locust's people on the server until the time is over."""
    locust = [
        str(tools.program("locust")), "--locustfile", "bench/crowd/people.py", "--headless", "--only-summary",
        "--skip-log", "--host", server.address, "--users", str(options.people),
        "--spawn-rate", str(max(1, options.people / min(_LOG_IN_SECONDS, options.seconds / 4))),
        "--run-time", f"{options.seconds}s", "--stop-timeout", "20s",
    ]  # fmt: skip
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "LOAD_PLAN": str(plan), "LOAD_OUT": str(out),
        "LOAD_FLAT_OUT": str(int(options.flat_out)),
    }  # fmt: skip
    pids, connection = {"server": server.pid}, None
    if not database.startswith("sqlite"):
        import psycopg

        connection = psycopg.connect(database, autocommit=True)
        found = connection.execute("SELECT current_setting('data_directory')").fetchone()
        assert found
        pids["database"] = int(Path(found[0], "postmaster.pid").read_text().split()[0])
    with Watch(pids, connection) as watch:
        # Its own exit code tells of answers that were wrong; those are figures here.
        subprocess.run(locust, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=False)
    if connection:
        connection.close()
    return watch


# ---- what it says


def told(done: Run, *, flat_out: bool) -> list[Figure]:
    """The figures of one engine: errors first, then how long people waited, then what it cost."""
    how = f"{done.people} people, " + ("flat out" if flat_out else "1 to 3 s of thought")
    name = f"load ({how})"
    length = max(row[4] for row in done.rows)
    wrong = [row for row in done.rows if row[5]]

    def figure(work: str, value: float, unit: str, note: str = "", at_most: float | None = None) -> Figure:
        return Figure(
            work=f"{name}: {work}", engine=done.engine, subject="Hindsight", value=value, unit=unit, note=note,
            at_most=at_most,
        )  # fmt: skip

    first = "; ".join(sorted({f"{row[0]}: {row[5]}" for row in wrong})[:3])
    faults = len(done.faults)
    found = [
        figure("wrong answers", len(wrong), "", first or f"of {len(done.rows)}", at_most=0),
        figure("errors in the server's log", faults, "", done.faults[0] if faults else "", at_most=0),
        figure("saved, but not once in the log", done.checked["lost"], "", f"of {done.checked['saved']}", at_most=0),
        figure("findings of verify_log", done.checked["findings"], "", at_most=0),
        figure("throughput", len(done.rows) / length, "requests/s", f"{done.durable}; {_refusals(done.rows)}"),
    ]
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in done.rows:
        by_kind[row[0]].append(row)
    for kind, rows in sorted(by_kind.items()):
        found.append(figure(f"{kind}, p95", *_waits(rows)))
    memory = done.watch.memory
    begun = memory[min(int(len(memory) * _WARM), len(memory) - 1)]
    found.append(figure("memory of the server at the end", memory[-1], "MB", _grown(begun, memory, done.boots)))
    each = done.watch.spent["server"] / len(done.rows) * 1000
    found.append(figure("processor time of the server for each request", each, "ms", "all kinds of this mix together"))
    found.append(figure("server, cores busy", done.watch.cores("server"), "", f"of {os.cpu_count()}"))
    if "database" in done.watch.spent:
        found.append(figure("database, cores busy", done.watch.cores("database"), ""))
        most = max(done.watch.connections)
        found.append(figure("connections to the database at most", most, "", "the driver's own not counted"))
    found.append(figure("the people themselves, cores busy", done.driver / done.watch.took, "", "same machine"))
    return found


def _waits(rows: Sequence[Row]) -> tuple[float, str, str]:
    """The 95th percentile in milliseconds, and in the note the other ones."""
    times = sorted(row[2] for row in rows)
    at = {p: times[min(len(times) - 1, int(len(times) * p / 100))] for p in (50, 95, 99)}
    sizes = statistics.median(row[3] for row in rows) / 1000
    note = f"p50 {at[50]:.0f}, p99 {at[99]:.0f}, worst {times[-1]:.0f} ms; {len(times)} requests, {sizes:.1f} kB"
    return at[95], "ms", note


def _refusals(rows: Sequence[Row]) -> str:
    """How many answers were refusals as they should be."""
    stale, asked = (sum(row[1] == status for row in rows) for status in (409, 422))
    gone = sum(row[1] == 404 and not row[5] for row in rows)
    return f"{stale} stale cards, {asked} refused by a rule, {gone} gone to a colleague, all told so"


def _grown(begun: float, memory: list[float], boots: int) -> str:
    restarts = f"{boots} processes were begun in all" if boots else ""
    return f"{begun:.0f} MB when warm, at most {max(memory):.0f}; {restarts}"


def main(argv: Sequence[str] | None = None) -> None:
    parser = figures.parser(__doc__)
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--leads", type=int, default=20_000)
    parser.add_argument("--flat-out", action="store_true", help="nobody thinks; with 8 to 20 people")
    parser.add_argument("--database", default="", help="this filled one; it is written to")
    parser.add_argument("--traces", type=Path, help="also keep each run's answers and the server's log in this folder")
    parser.add_argument("--server-args", default="", help="more words for gunicorn's command line")
    options: Any = parser.parse_args(argv)
    if options.quick:
        options.seconds, options.people, options.leads = 8, 10, 200
    found = run(options)
    print(figures.table(found))
    if options.out:
        figures.keep(found, options.out)


if __name__ == "__main__":
    main()
