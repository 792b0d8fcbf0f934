"""How fast a history comes in, is verified and rebuilt, with every guard on; both engines, each in a fresh database.

    python bench/history.py FILE.csv.gz [--rounds 3]

Prints a table: seconds (median of the rounds) and events a second. Nothing here is a test: a busy machine may be slow.
"""

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgresql import start_server  # noqa: E402

STEPS = ("import_history", "the same again", "verify_log", "rebuild_cache", "lead_states")


def one_round(database: str, history: Path) -> tuple[dict[str, float], int]:
    """Seconds of each step in a fresh database, and how many events went in; in a process of its own."""
    code = f"import bench.history as b; b.measure({str(history)!r})"
    env = {**os.environ, "DATABASE_URL": database, "HINDSIGHT_DEMO": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True, capture_output=True, text=True)
    *seconds, events = done.stdout.split()
    return dict(zip(STEPS, map(float, seconds), strict=True)), int(events)


def measure(history: str) -> None:
    """The steps, one after the other, timed; printed for the parent process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from lifecycle.models import LeadEvent

    call_command("migrate", verbosity=0)
    times = []
    for command, arguments in (
        ("import_history", (history,)),
        ("import_history", (history,)),
        ("verify_log", ()),
        ("rebuild_cache", ()),
        ("lead_states", ()),
    ):
        quiet = {} if command == "lead_states" else {"verbosity": 0}
        begun = time.perf_counter()
        call_command(command, *arguments, stdout=io.StringIO(), **quiet)
        times.append(time.perf_counter() - begun)
    print(*times, LeadEvent.objects.count())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("history", type=Path)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    server = start_server()
    for engine in ("SQLite", "PostgreSQL"):
        rounds = []
        for n in range(options.rounds):
            with tempfile.TemporaryDirectory() as folder:
                database = f"sqlite:///{folder}/bench.sqlite3" if engine == "SQLite" else _fresh(server, n)
                rounds.append(one_round(database, options.history.resolve()))
        events = rounds[0][1]
        print(f"\n{engine}, {events} events, median of {options.rounds}")
        for step in STEPS:
            seconds = statistics.median(r[0][step] for r in rounds)
            print(f"  {step:<16} {seconds:7.1f} s {events / seconds:>9.0f} events/s")


def _fresh(server: str, n: int) -> str:
    import psycopg

    name = f"bench_{os.getpid()}_{n}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return urlsplit(server)._replace(path=f"/{name}").geturl()


if __name__ == "__main__":
    main()
