"""What the reports cost: each against what the board of a broker asks of the same database in the same minute.

    python bench/reports.py [--leads 100000] [--rounds 7] [--keep FOLDER] [--database URL] [--plans FILE]

Fills a database of each engine with `bench/filling.py` (minutes), asks every page of `PAGES`, one after the other,
round by round in one run, and prints medians in milliseconds. Of each page both are shown: the statements alone that
it sends (taken from its own request, sent again in the same order, every row fetched) and the whole answer. The ratio
is to the board's own queries: the counts and the cards of its columns. The targets: dashboard ≤ 20 times, collapses
≤ 5 times. A page that this release does not have is skipped. Nothing here is a test: a busy machine may be slow, but
both sides of a ratio are measured in the same minute.
`--keep` leaves the SQLite file there and uses it the next time; `--database` asks that database alone, filled if it is
empty, as it is otherwise. `--plans` also writes how the database answers each statement that takes a while.
"""

import argparse
import contextlib
import functools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

#: Name, address, and how many times the board's queries it may cost (0: no target). {quarter}: the days of the last
#: whole one; {year}: of the year up to its end; {known}: a quarter ago; {agent}: one agent's number.
PAGES: tuple[tuple[str, str, int], ...] = (
    ("dashboard", "/reports/", 20),
    ("dashboard, as known", "/reports/?known_at={known}", 0),
    ("collapses, a quarter", "/reports/collapses/?{quarter}", 5),
    ("collapses, a year", "/reports/collapses/?{year}", 0),
    ("collapses, who signed", "/reports/collapses/?{quarter}&by=committed_holder", 0),
    ("collapses, shared by days", "/reports/collapses/?{quarter}&by=shared", 0),
    ("collapses, as known", "/reports/collapses/?{quarter}&known_at={known}", 0),
    ("time in stage, a year", "/reports/time/?{year}", 0),
    ("funnel, a year", "/reports/funnel/?{year}", 0),
    ("weekly flow, a year", "/reports/flow/?{year}", 0),
    ("paths, a year", "/reports/paths/?{year}", 0),
    ("first response, a quarter", "/reports/first-response/?{quarter}", 0),
    ("agents", "/reports/agents/?{quarter}", 0),
    ("one agent's page", "/reports/agents/{agent}/?{quarter}", 0),
)

#: Statements that say who is asking, and marks of a transaction: no part of what a page wants to know.
_ASIDE = ("django_session", "SAVEPOINT", "SET TRANSACTION", "BEGIN")


@dataclass(slots=True)
class Asked:
    """One line of the table: the statements of a page, and how long they and the whole page took, in seconds."""

    name: str
    most: int
    page: Callable[[], Any] | None
    statements: list[tuple[str, Any]]
    queries: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)


def measure(leads: int, rounds: int, plans: str) -> None:
    """Fills this process's database where it is empty, and prints the table."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import filling
    from leads.models import Lead
    from lifecycle.models import LeadEvent

    call_command("migrate", verbosity=0)
    if not Lead.objects.exists():
        filling.fill(leads, filling.today())
    board, *asked = _asked()
    for _ in range(rounds):
        for one in (board, *asked):
            one.queries.append(_replayed(one.statements))
            if one.page:
                one.answers.append(_timed(one.page))
    facts = LeadEvent.objects.count()
    print(f"\n{connection.display_name}: {Lead.objects.count()} leads, {facts} facts, median of {rounds} rounds")
    print(f"  {'':<34}{'statements':>11}{'queries':>9}{'ratio':>8}{'page':>9}{'ratio':>8}{'at most':>9}")
    base = statistics.median(board.queries)
    for one in (board, *asked):
        line = f"  {one.name:<34}{len(one.statements):11}" + _cell(one.queries, base)
        print(line + (_cell(one.answers, base) if one.page else " " * 17) + (f"{one.most:9}" if one.most else ""))
    if plans:
        _write_plans(Path(plans), [board, *asked])


def _cell(times: list[float], base: float) -> str:
    median = statistics.median(times)
    return f"{median * 1000:9.1f}{median / base:8.2f}"


def _asked() -> list[Asked]:
    """The board's own queries first, then the pages, all asked once."""
    from django.http import QueryDict
    from django.test import Client
    from django.urls import Resolver404, resolve

    from bench import filling
    from leads.board.picture import Picture
    from leads.models import User
    from lifecycle.states import State

    broker = User.objects.get(username=filling.BROKER)
    client = Client(HTTP_HOST="localhost")
    client.force_login(broker)
    with _overheard() as statements:
        Picture(broker, QueryDict()).columns(State)
    counts_and_cards = [(sql, params) for sql, params in statements if "FROM leads_lead" in sql.replace('"', "")]
    made = [Asked("the board's counts and cards", 0, None, counts_and_cards)]
    for name, address, most in (("the board", "/", 0), *_addresses()):
        try:
            resolve(address.partition("?")[0])
        except Resolver404:
            print(f"  {name}: no page {address} here")
            continue
        page = functools.partial(client.get, address)
        page()
        with _overheard() as statements:
            answer = page()
        if answer.status_code != 200:
            print(f"  {name}: {address} answers {answer.status_code}")
        else:
            made.append(Asked(name, most, page, statements))
    return made


def _addresses() -> Iterator[tuple[str, str, int]]:
    from datetime import timedelta

    from leads.models import User
    from lifecycle.models import LeadEvent

    end = LeadEvent.objects.order_by("-id").values_list("recorded_at", flat=True)[0].date()
    # The quarter that is over: whole, as a broker looks back at it.
    last = end.replace(month=(end.month - 1) // 3 * 3 + 1, day=1) - timedelta(days=1)
    words = {
        "quarter": f"from={last.replace(month=last.month - 2, day=1)}&through={last}",
        "year": f"from={last - timedelta(days=364)}&through={last}",
        "known": f"{end - timedelta(days=92)}T00:00Z",
        "agent": User.objects.filter(role="agent", is_active=True).order_by("pk")[40].pk,
    }
    for name, address, most in PAGES:
        yield name, address.format(**words), most


@contextlib.contextmanager
def _overheard() -> Iterator[list[tuple[str, Any]]]:
    """The statements that are sent meanwhile."""
    from django.db import connection

    heard: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not any(words in sql for words in _ASIDE):
            heard.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield heard


def _replayed(statements: list[tuple[str, Any]]) -> float:
    from django.db import connection, transaction

    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    return time.perf_counter() - begun


def _timed(page: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    answer = page()
    took = time.perf_counter() - begun
    assert answer.status_code == 200, answer.status_code
    return took


def _write_plans(file: Path, asked: list[Asked], slow: float = 0.003) -> None:
    """Each statement of more than a few milliseconds with its time and its plan, as this engine tells it."""
    from django.db import connection

    explain = "EXPLAIN (ANALYZE, BUFFERS, SETTINGS) " if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN "
    with file.open("w") as out, connection.cursor() as cursor:
        for one in asked:
            for n, (sql, params) in enumerate(one.statements, 1):
                if not sql.lstrip("( ").upper().startswith(("SELECT", "WITH")):
                    continue
                took = min(_replayed([(sql, params)]) for _ in range(2))
                print(f"\n### {one.name}, statement {n}: {took * 1000:.1f} ms", file=out)
                if took >= slow:
                    cursor.execute(explain + sql, params)
                    print(sql, params, *(" | ".join(map(str, row)) for row in cursor.fetchall()), sep="\n", file=out)


def main() -> None:
    from tests.postgresql import start_server

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leads", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--database")
    parser.add_argument("--plans", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = (options.keep or Path(folder)).resolve() / f"reports-{options.leads}.sqlite3"
        databases = [options.database] if options.database else [f"sqlite:///{kept}", start_server()]
        for database in databases:
            plans = f"{options.plans.resolve()}.{database.partition(':')[0]}" if options.plans else ""
            code = f"import bench.reports as b; b.measure({options.leads}, {options.rounds}, {plans!r})"
            env = {**os.environ, "DATABASE_URL": database, "HINDSIGHT_DEMO": "1", "HINDSIGHT_ENV_FILE": ""}
            subprocess.run([sys.executable, "-c", code], cwd=ROOT, env={**env, "PYTHONPATH": str(ROOT)}, check=True)


if __name__ == "__main__":
    main()
