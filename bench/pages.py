"""What the pages cost in a small office and in a large one: statements, database time, the whole answer, its size.

    python bench/pages.py [--leads 100000] [--rounds 5] [--keep FOLDER] [--database URL]

Offices of 10,000 and of ``--leads`` leads (``bench/filling.py``) are asked side by side, page after page, round by
round, through the whole stack as production has it: sessions, middleware, compression. The database's time is that of
the page's own statements, sent again in the same order with every row fetched. With ``--database`` that office is
asked instead of the large one (and only read, but for the session of who asks).
"""

import gzip
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import databases, figures
from bench.databases import ENGINES, ROOT
from bench.figures import Figure

SMALL = 10_000
BOARD, AGENT, FULL = "board, broker", "board, one agent", "full board, every column open"
FIRST, DEEP = "timeline, the next 50 of 10,000 facts", "timeline, its last 50"
#: Page: what it is asked at a large office against a small one, at most.
FLAT = {BOARD: 1.3}


# --- in a process of its own, on one database -----------------------------------------------------------------------


def serve() -> None:
    """Says what each page is, then answers a line with the seconds of every page: its statements, its whole answer."""
    import django

    django.setup()
    from leads.models import Lead

    asked = []
    for name, ask in _pages():
        ask()
        with databases.overheard() as statements:
            answer = ask()
        assert answer.status_code == 200, (name, answer.status_code)
        asked.append((name, ask, statements, _facts(name, answer, len(statements))))
    print(json.dumps([Lead.objects.count(), [facts for *_, facts in asked]]), flush=True)
    for _ in sys.stdin:
        print(json.dumps([[databases.replayed(said), _timed(ask)] for _, ask, said, _ in asked]), flush=True)


def _facts(name: str, answer: Any, statements: int) -> dict[str, Any]:
    small = answer.content
    whole = gzip.decompress(small) if answer.headers.get("Content-Encoding") == "gzip" else small
    cards = whole.count(b'class="card ') + whole.count(b'class="card"')
    return {"name": name, "statements": statements, "bytes": len(whole), "sent": len(small), "cards": cards}


def _timed(ask: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    ask()
    return time.perf_counter() - begun


def _pages() -> Iterator[tuple[str, Callable[[], Any]]]:
    from datetime import timedelta

    from bench import filling
    from leads.models import Lead, User
    from lifecycle.models import LeadEvent
    from lifecycle.states import State

    agents = User.objects.filter(role="agent", is_active=True).order_by("pk")
    broker, agent = _asking(User.objects.get(username=filling.BROKER)), _asking(agents[agents.count() // 2])
    then = LeadEvent.objects.latest("id").recorded_at - timedelta(days=92)
    usual = Lead.objects.filter(version__range=(9, 12)).order_by("-pk")[0]
    yield BOARD, lambda: broker("/")
    yield AGENT, lambda: agent("/")
    yield FULL, lambda: broker("/?" + "&".join(f"open={state}" for state in State))
    yield "board, as of a quarter ago", lambda: broker(f"/?as_of={then:%Y-%m-%dT%H:%MZ}")
    yield "lead page, 9 to 12 facts", lambda: broker(f"/leads/{usual.pk}/")
    long = Lead.objects.filter(external_key=filling.LONG).first()
    if long:
        page = f"/leads/{long.pk}/"
        yield "lead page, 10,000 facts", lambda: broker(page)
        yield FIRST, lambda: broker(f"{page}?cursor={long.version - 50}", HTTP_HX_REQUEST="true")
        yield DEEP, lambda: broker(f"{page}?cursor=51", HTTP_HX_REQUEST="true")
    yield "dashboard", lambda: broker("/reports/")
    yield "search, by name", lambda: broker("/search/?q=lena+costa")
    yield "search, by key", lambda: broker(f"/search/?q={usual.key}")


def _asking(person: Any) -> Callable[..., Any]:
    from django.test import Client

    client = Client(HTTP_HOST="localhost", HTTP_ACCEPT_ENCODING="gzip")
    client.force_login(person)

    def ask(path: str, **headers: Any) -> Any:
        return client.get(path, **headers)

    return ask


# --- the parent -----------------------------------------------------------------------------------------------------


class Office:
    """One database in a process of its own, which is asked round by round."""

    def __init__(self, address: str) -> None:
        command = [sys.executable, "-c", "import bench.pages as b; b.serve()"]
        env = databases.environment(address)
        self.child = subprocess.Popen(
            command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.leads: int
        self.pages: list[dict[str, Any]]
        self.leads, self.pages = self._line()
        self.rounds: list[list[list[float]]] = []

    def round(self) -> float:
        """Every page once."""
        assert self.child.stdin
        print("round", file=self.child.stdin, flush=True)
        self.rounds.append(self._line())
        return 0

    def close(self) -> None:
        """Ends the process."""
        self.child.communicate()

    def milliseconds(self, name: str) -> tuple[float, float]:
        """Medians of a page: its statements alone, its whole answer."""
        place = [page["name"] for page in self.pages].index(name)
        queries, whole = zip(*(r[place] for r in self.rounds), strict=True)
        return statistics.median(queries) * 1000, statistics.median(whole) * 1000

    def _line(self) -> Any:
        assert self.child.stdout
        return json.loads(self.child.stdout.readline())


def run(options: Any) -> list[Figure]:
    """Every page at every size, on both engines."""
    small = 300 if options.quick else SMALL
    large = 600 if options.quick else options.leads
    found: list[Figure] = []
    with databases.shelf(options) as shelf:
        for engine in shelf.engines:
            addresses = {large: shelf.office(engine, large)}
            if options.database:
                beside = databases.Shelf(shelf.folder, engine)
                addresses = {small: beside.office(engine, small), **addresses}
            elif small != large:
                addresses = {small: shelf.office(engine, small), **addresses}
            found += _measured(engine, addresses, options.rounds)
    return found


def _measured(engine: str, addresses: dict[int, str], rounds: int) -> list[Figure]:
    offices = {leads: Office(address) for leads, address in addresses.items()}
    figures.interleaved(rounds, {str(leads): office.round for leads, office in offices.items()})
    for office in offices.values():
        office.close()
    first = next(iter(offices))
    return [
        _figure(ENGINES[engine], page, office, offices[first] if leads != first else None, rounds)
        for leads, office in offices.items()
        for page in office.pages
    ]


def _figure(engine: str, page: dict[str, Any], office: Office, other: Office | None, rounds: int) -> Figure:
    name = page["name"]
    queries, whole = office.milliseconds(name)
    ratio, against, at_most = None, "", None
    if name == FULL:
        ratio, against, at_most = whole / queries, "its own database time", 4
    elif name == DEEP:
        ratio, against, at_most = whole / office.milliseconds(FIRST)[1], "the first page", 1.5
    elif other and name in {p["name"] for p in other.pages}:
        ratio, against, at_most = whole / other.milliseconds(name)[1], f"{other.leads:,} leads", FLAT.get(name)
    note = f"database {queries:.1f} ms, {page['statements']} statements, {page['bytes'] / 1024:.0f} KB HTML,"
    note += f" {page['sent'] / 1024:.0f} KB sent" + (f", {page['cards']} cards" if page["cards"] else "")
    return Figure(
        work=f"{name}, {office.leads:,} leads", engine=engine, subject="Hindsight", value=whole, unit="ms", ratio=ratio,
        against=against, at_most=at_most, note=f"{note}; {rounds} rounds",
    )  # fmt: skip


def main() -> None:
    options = figures.parser(__doc__)
    options.add_argument("--leads", type=int, default=100_000)
    options.add_argument("--keep", type=Path, help="folder in which filled databases stay and are found again")
    options.add_argument("--database", help="this filled one alone, beside an office of 10,000")
    figures.show(run, options.parse_args())


if __name__ == "__main__":
    main()
