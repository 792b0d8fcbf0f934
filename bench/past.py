"""What the past costs: a lead and the board as of an instant, against the same lead and the board of now.

    python bench/past.py [--leads 100000] [--rounds 7] [--keep FOLDER]

Fills a database of each engine with `bench/office.py` through `import_history` (minutes), adds one lead with 10,000
facts, and asks the product's own pages, one after the other, round by round in one run; prints medians in milliseconds
and the ratio to now. The targets: a lead ≤ 3 times the page of that lead, the board ≤ 3 times the board of now.
Nothing here is a test: a busy machine may be slow, but both sides of a ratio are measured in the same minute.
`--keep` leaves the SQLite file there and uses it the next time.
"""

import argparse
import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import office  # noqa: E402

#: A week before the end of the office's history, a quarter, a year.
INSTANTS = {"a week ago": 7, "a quarter ago": 92, "a year ago": 365}
LONG = "LONG-1"
LONG_FACTS = 10_000


def fill(leads: int) -> None:
    """An office of so many leads, one with a very long story, a broker, and one agent who works here today."""
    import csv

    from django.core.management import call_command
    from django.db import connection

    from leads.models import User

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "office.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(office.COLUMNS)
            writer.writerows(office.rows(leads))
            writer.writerows(_long_story())
        call_command("import_history", path, verbosity=0, stdout=io.StringIO())
    User.objects.create_user("broker", role="broker", display_name="Bruna Barros")
    User.objects.filter(display_name="Agent 00").update(is_active=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _long_story() -> list[tuple[object, ...]]:
    begun = office.BEGUN
    rows: list[tuple[object, ...]] = [(LONG, begun.isoformat(), "system", "lead_created", "", "NEW", "", "", "", "", 1)]
    way = ["CONTACTING", "QUALIFIED"] + ["COMMITTED", "QUALIFIED"] * LONG_FACTS
    status = "NEW"
    for n in range(2, LONG_FACTS + 1):
        at = (begun + (office.ENDED - begun) * n / LONG_FACTS).isoformat()
        if n % 20:
            rows.append((LONG, at, "Agent 00", "activity", "", "", "", "", "", "", n))
        else:
            to = way.pop(0)
            rows.append((LONG, at, "Agent 00", "state_changed", status, to, "", "", "", "", n))
            status = to
    return rows


def measure(leads: int, rounds: int, filled: bool) -> None:
    """Fills this process's database and prints the table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from leads.models import Lead, User
    from lifecycle.models import LeadEvent

    call_command("migrate", verbosity=0)
    if not filled:
        fill(leads)
    lead = Lead.objects.get(external_key=LONG)
    usual = Lead.objects.filter(version__range=(9, 12)).order_by("pk")[500]

    def asking(name: str) -> Callable[[str], float]:
        client = Client(HTTP_HOST="localhost")
        client.force_login(User.objects.get(**{"username" if name == "broker" else "display_name": name}))

        def ask(path: str) -> float:
            begun = time.perf_counter()
            answer: Any = client.get(path)
            took = time.perf_counter() - begun
            assert answer.status_code == 200, (path, answer.status_code)
            return took

        return ask

    broker, agent = asking("broker"), asking("Agent 00")
    then = {words: f"{office.ENDED - timedelta(days=days):%Y-%m-%dT%H:%MZ}" for words, days in INSTANTS.items()}
    # Everything was written down by now, and nothing minutes ago.
    end = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    boards = {words: f"/?as_of={moment}" for words, moment in then.items()}
    back = {words: f"/?provenance=fell_back&as_of={moment}" for words, moment in then.items()}
    long = {words: f"/leads/{lead.pk}/at/?t={moment}" for words, moment in then.items()}
    groups: list[tuple[str, Callable[[str], float], str, dict[str, str]]] = [
        ("board, broker", broker, "/", boards | {"as known": f"/?as_of={end}&clock=known"}),
        ("board, one agent", agent, "/", boards),
        ("board, fell back", broker, "/?provenance=fell_back", back),
        (
            "a usual lead",
            broker,
            f"/leads/{usual.pk}/",
            {"a year ago": f"/leads/{usual.pk}/at/?t={then['a year ago']}"},
        ),
        ("10,000 facts", broker, f"/leads/{lead.pk}/", long),
    ]
    facts = LeadEvent.objects.count()
    print(f"\n{connection.display_name}: {Lead.objects.count()} leads, {facts} facts, median of {rounds} rounds")
    print(f"  {'':<34}{'now':>9}{'then':>9}{'ratio':>7}")
    for name, ask, now, past in groups:
        times: dict[str, list[float]] = {path: [] for path in (now, *past.values())}
        for path in times:
            ask(path)
        for _ in range(rounds):
            for path, took in times.items():
                took.append(ask(path))
        base = statistics.median(times[now])
        for words, path in past.items():
            median = statistics.median(times[path])
            print(f"  {f'{name}, {words}':<34}{base * 1000:9.1f}{median * 1000:9.1f}{median / base:7.2f}")


def main() -> None:
    from tests.postgresql import start_server

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--keep", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = (options.keep or Path(folder)) / f"office-{options.leads}.sqlite3"
        for database, filled in ((f"sqlite:///{kept}", kept.exists()), (start_server(), False)):
            code = f"import bench.past as b; b.measure({options.leads}, {options.rounds}, {filled})"
            env = {**os.environ, "DATABASE_URL": database, "HINDSIGHT_DEMO": "1", "HINDSIGHT_ENV_FILE": ""}
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**env, "PYTHONPATH": str(ROOT)}, check=True)


if __name__ == "__main__":
    main()
