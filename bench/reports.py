"""What the reports cost: each against what the board of a broker asks of the same database in the same minute.

    python bench/reports.py [--leads 100000] [--rounds 5] [--keep FOLDER] [--database URL] [--plans FILE]

Fills a database of each engine with `bench/filling.py` (minutes), asks every page of `PAGES`, one after the other,
round by round in one run, and prints medians in milliseconds. Of each page both are shown: the statements alone that
it sends (taken from its own request, sent again in the same order, every row fetched) and the whole answer. The ratio
is to the board's own queries: the counts and the cards of its columns. The targets: dashboard ≤ 20 times, collapses
≤ 5 times. A page that this release does not have is skipped. Nothing here is a test: a busy machine may be slow, but
both sides of a ratio are measured in the same minute.
`--keep` leaves the filled databases there and uses them the next time; `--database` asks that one alone.
`--plans` also writes how the database answers each statement that takes a while.
"""

import functools
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import databases, figures
from bench.databases import ENGINES
from bench.figures import Figure

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


# Statements that say who is asking are no part of what a page wants to know.
def _aside(sql: str) -> bool:
    return "django_session" in sql


@dataclass(slots=True)
class Asked:
    """One line of the table: the statements of a page, and how long they and the whole page took, in seconds."""

    name: str
    most: int
    page: Callable[[], Any] | None
    statements: list[tuple[str, Any]]
    queries: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)


def measure(rounds: int, plans: str) -> dict[str, Any]:
    """Asks this process's database; out: its size, and of every page its statements and the seconds of each round."""
    from leads.models import Lead
    from lifecycle.models import LeadEvent

    asked = _asked()
    for _ in range(rounds):
        for one in asked:
            one.queries.append(databases.replayed(one.statements))
            if one.page:
                one.answers.append(_timed(one.page))
    if plans:
        _write_plans(Path(plans), asked)
    size = f"{Lead.objects.count():,} leads, {LeadEvent.objects.count():,} facts"
    rows = [(o.name, o.most, len(o.statements), o.queries, o.answers) for o in asked]
    return {"size": size, "asked": rows}


def run(options: Any) -> list[Figure]:
    """Every page on both engines, its statements against the board's own."""
    found: list[Figure] = []
    with databases.shelf(options) as shelf:
        for engine in shelf.engines:
            address = shelf.office(engine, 600 if options.quick else options.leads)
            plans = f"{options.plans.resolve()}.{engine}" if options.plans else ""
            told = databases.inside(address, "reports", "measure", options.rounds, plans)
            base = statistics.median(told["asked"][0][3])
            found += [
                _figure(ENGINES[engine], told["size"], base, *row, first=not n) for n, row in enumerate(told["asked"])
            ]
    return found


def _figure(
    engine: str,
    size: str,
    base: float,
    name: str,
    most: int,
    statements: int,
    queries: list[float],
    answers: list[float],
    *,
    first: bool,
) -> Figure:
    value = statistics.median(queries)
    whole = f"the whole page {statistics.median(answers) * 1000:.1f} ms, " if answers else ""
    return Figure(
        work=f"{name}: its statements, {size}", engine=engine, subject="Hindsight", value=value * 1000, unit="ms",
        ratio=None if first else value / base, against="" if first else "the board's counts and cards",
        at_most=most or None, note=f"{whole}{statements} statements, {len(queries)} rounds",
    )  # fmt: skip


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
    with databases.overheard(_aside) as statements:
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
        with databases.overheard(_aside) as statements:
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
                took = min(databases.replayed([(sql, params)]) for _ in range(2))
                print(f"\n### {one.name}, statement {n}: {took * 1000:.1f} ms", file=out)
                if took >= slow:
                    cursor.execute(explain + sql, params)
                    print(sql, params, *(" | ".join(map(str, row)) for row in cursor.fetchall()), sep="\n", file=out)


def main() -> None:
    options = figures.parser(__doc__)
    options.add_argument("--leads", type=int, default=100_000)
    options.add_argument("--keep", type=Path, help="folder in which filled databases stay and are found again")
    options.add_argument("--database", help="this filled one alone; it is only read")
    options.add_argument("--plans", type=Path, help="also write the plans of slow statements there")
    figures.show(run, options.parse_args())


if __name__ == "__main__":
    main()
