"""What the board's counts cost in a large office against a small one, and against counting every lead.

    python bench/counts.py [--leads 100000] [--small 10000] [--database URL] [--rounds 5] [--quick]

Fills two databases of each engine with `bench/filling.py` (4,000 facts a second: 100,000 leads take five minutes,
a million most of an hour), makes the tally, and asks both in turn, round by round, for the whole board page of a
broker, for its counts from the tally, from a tally that 1,000 facts came after, and one lead by one. `--database` names
an office that is filled already, as the large one; it is migrated and gets a tally. Nothing is moved while we measure,
so settings of durability do not matter here.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import figures  # noqa: E402
from bench.figures import Figure  # noqa: E402

BEHIND = 1_000
#: What is measured, and the most that the large office may cost against the small one.
WORK: dict[str, float | None] = {
    "board page": 1.3,
    "counts": None,
    "counts, 1,000 facts since": None,
    "counts, plain": None,
}


def serve(leads: int) -> None:
    """A process for one database: fills it if it is empty, then measures one round for each line that it is sent."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import filling
    from leads.models import Lead
    from lifecycle.service import tallying

    call_command("migrate", verbosity=0)
    if not Lead.objects.exists():
        with open(os.devnull, "w") as silence:
            ours, sys.stdout = sys.stdout, silence
            filling.fill(leads, filling.today())
            sys.stdout = ours
    tallying.move_on(60)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    work = _work()
    for _ in range(3):
        for act in work.values():
            act()
    print(json.dumps({"leads": Lead.objects.count(), "engine": connection.display_name}), flush=True)
    for _ in sys.stdin:
        print(json.dumps({name: act() for name, act in work.items()}), flush=True)


def _work() -> dict[str, Callable[[], float]]:
    """Each returns how many milliseconds it took."""
    from django.test import Client
    from django.utils import timezone

    from bench import filling
    from leads.access import visible_leads
    from leads.board import counting
    from leads.board.column import Column
    from leads.models import User
    from lifecycle.models import LeadEvent, OfficeSettings, TallyMark
    from lifecycle.states import State

    broker = User.objects.get(username=filling.BROKER)
    client = Client(HTTP_HOST="localhost")
    client.force_login(broker)
    office = OfficeSettings.load()
    newest = TallyMark.objects.get().upto
    older = LeadEvent.objects.order_by("-id").values_list("id", flat=True)[BEHIND]

    def page() -> None:
        assert client.get("/").status_code == 200

    def count(whole: Any) -> dict[State, Column]:
        columns = {state: Column(state) for state in State}
        counting.count(visible_leads(broker), whole, columns, office, now)
        return columns

    def behind() -> float:
        TallyMark.objects.update(upto=older)
        try:
            return _timed(lambda: count(counting.Whole()))
        finally:
            TallyMark.objects.update(upto=newest)

    now = timezone.now()
    told, so = count(counting.Whole()), count(None)
    assert [(c.total, c.stale) for c in told.values()] == [(c.total, c.stale) for c in so.values()]
    tallied, plain = (lambda: count(counting.Whole())), (lambda: count(None))
    acts = (lambda: _timed(page), lambda: _timed(tallied), behind, lambda: _timed(plain))
    return dict(zip(WORK, acts, strict=True))


def _timed(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


class _Office:
    """The process that asks one database."""

    def __init__(self, database: str, leads: int) -> None:
        env = {**os.environ, "DATABASE_URL": database, "HINDSIGHT_DEMO": "1", "HINDSIGHT_ENV_FILE": ""}
        self.process = subprocess.Popen(
            [sys.executable, "-c", f"import bench.counts as b; b.serve({leads})"],
            cwd=ROOT, env={**env, "PYTHONPATH": str(ROOT)}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.about = self._read()
        self.took: dict[str, list[float]] = {name: [] for name in WORK}

    def _read(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def round(self) -> float:
        """One of each; each office so many times as the other."""
        assert self.process.stdin is not None
        print(file=self.process.stdin, flush=True)
        for name, took in self._read().items():
            self.took[name].append(took)
        return 0.0

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait()


def run(options: Namespace) -> list[Figure]:
    """The figures of both engines, or of the one that was asked for."""
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        for engine in ("sqlite", "postgresql"):
            if options.engine in (None, engine) and (not options.database or options.database.startswith(engine)):
                found += _engine(engine, Path(folder), options)
    return found


def _engine(engine: str, folder: Path, options: Namespace) -> list[Figure]:
    small, large = (200, 400) if options.quick else (options.small, options.leads)
    rounds = 2 if options.quick else max(options.rounds, 5)
    there = [_database(engine, folder, name) for name in ("small", "large")]
    offices = [_Office(there[0], small), _Office(options.database or there[1], large)]
    figures.interleaved(rounds * 4, {str(n): office.round for n, office in enumerate(offices)})
    for office in offices:
        office.close()
    return list(_told(*offices))


def _database(engine: str, folder: Path, name: str) -> str:
    if engine == "sqlite":
        return f"sqlite:///{folder / name}.sqlite3"
    import psycopg

    from tests.postgresql import start_server

    server = start_server()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?", 1)


def _told(small: _Office, large: _Office) -> list[Figure]:
    told, plain = [], statistics.median(large.took["counts, plain"])
    for name, most in WORK.items():
        median, base = statistics.median(large.took[name]), statistics.median(small.took[name])
        note = f"{figures.spread(large.took[name])} ms, small {figures.spread(small.took[name])} ms"
        if name == "counts":
            note += f"; {plain / median:.0f} times as fast as counting every lead"
        told.append(
            Figure(
                work=f"{name}, {large.about['leads']:,} leads",
                engine=large.about["engine"],
                subject="Hindsight",
                value=median,
                unit="ms",
                ratio=median / base,
                against=f"{small.about['leads']:,} leads",
                at_most=most,
                note=note,
            )
        )
    return told


def main() -> None:
    options = figures.parser(__doc__)
    options.add_argument("--leads", type=int, default=100_000)
    options.add_argument("--small", type=int, default=10_000)
    options.add_argument("--database", help="a large office that is there already, on the engine of its address")
    chosen = options.parse_args()
    found = run(chosen)
    print(figures.table(found))
    if chosen.out:
        figures.keep(found, chosen.out)


if __name__ == "__main__":
    main()
