"""What the past costs: a lead and the board as of an instant, against the same lead and the board of now.

    python bench/past.py [--leads 100000] [--rounds 5] [--keep FOLDER] [--database URL]

Asks the product's own pages of an office of `bench/filling.py`, one after the other, round by round in one run. The
targets: a lead ≤ 3 times the page of that lead, the board ≤ 3 times the board of now. Nothing here is a test: a busy
machine may be slow, but both sides of a ratio are measured in the same minute.
"""

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import databases, figures
from bench.databases import ENGINES
from bench.figures import Figure

#: A week before the newest fact of the office, a quarter, a year.
INSTANTS = {"a week ago": 7, "a quarter ago": 92, "a year ago": 365}
#: What a look at the past may cost, in looks at now.
MOST = 3


def measure(rounds: int) -> list[Any]:
    """Asks this process's database; out: its size, then (what, when, seconds of now, seconds of then) for each look."""
    from leads.models import Lead
    from lifecycle.models import LeadEvent

    rows: list[Any] = [f"{Lead.objects.count():,} leads, {LeadEvent.objects.count():,} facts"]
    for name, ask, now, past in _groups():
        took: dict[str, list[float]] = {path: [] for path in (now, *past.values())}
        for path in took:
            ask(path)
        for _ in range(rounds):
            for path, seconds in took.items():
                seconds.append(ask(path))
        rows += [(name, words, took[now], took[path]) for words, path in past.items()]
    return rows


def _groups() -> Iterator[tuple[str, Callable[[str], float], str, dict[str, str]]]:
    """What is looked at: its name, who asks, the page of now, the pages of then."""
    from bench import filling
    from leads.models import Lead, User
    from lifecycle.models import LeadEvent

    broker = _asking(User.objects.get(username=filling.BROKER))
    agent = _asking(User.objects.filter(role="agent", is_active=True).order_by("pk")[40])
    ended = LeadEvent.objects.latest("id").recorded_at
    then = {words: f"{ended - timedelta(days=days):%Y-%m-%dT%H:%MZ}" for words, days in INSTANTS.items()}
    boards = {words: f"/?as_of={moment}" for words, moment in then.items()}
    known = {"as known": f"/?as_of={datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}&clock=known"}
    back = {words: f"/?provenance=fell_back&as_of={moment}" for words, moment in then.items()}
    yield "board, broker", broker, "/", boards | known
    yield "board, one agent", agent, "/", boards
    yield "board, fell back", broker, "/?provenance=fell_back", back
    usual = Lead.objects.filter(version__range=(9, 12)).order_by("pk")
    usual = usual[usual.count() // 10]
    year = {"a year ago": f"/leads/{usual.pk}/at/?t={then['a year ago']}"}
    yield "a usual lead", broker, f"/leads/{usual.pk}/", year
    long = Lead.objects.filter(external_key=filling.LONG).first()
    if long:
        page = f"/leads/{long.pk}/"
        yield "10,000 facts", broker, page, {words: f"{page}at/?t={moment}" for words, moment in then.items()}


def _asking(person: Any) -> Callable[[str], float]:
    from django.test import Client

    client = Client(HTTP_HOST="localhost")
    client.force_login(person)

    def ask(path: str) -> float:
        begun = time.perf_counter()
        answer: Any = client.get(path)
        took = time.perf_counter() - begun
        assert answer.status_code == 200, (path, answer.status_code)
        return took

    return ask


def run(options: Any) -> list[Figure]:
    """Every look on both engines."""
    found: list[Figure] = []
    with databases.shelf(options) as shelf:
        for engine in shelf.engines:
            address = shelf.office(engine, 600 if options.quick else options.leads)
            size, *looks = databases.inside(address, "past", "measure", options.rounds)
            found += [_figure(ENGINES[engine], size, *look) for look in looks]
    return found


def _figure(engine: str, size: str, name: str, words: str, now: list[float], then: list[float]) -> Figure:
    value, base = statistics.median(then), statistics.median(now)
    return Figure(
        work=f"{name}, {words}, {size}", engine=engine, subject="Hindsight", value=value * 1000, unit="ms",
        ratio=value / base, against="the same page of now", at_most=MOST,
        note=f"now {base * 1000:.1f} ms, {len(now)} rounds",
    )  # fmt: skip


def main() -> None:
    options = figures.parser(__doc__)
    options.add_argument("--leads", type=int, default=100_000)
    options.add_argument("--keep", type=Path, help="folder in which filled databases stay and are found again")
    options.add_argument("--database", help="this filled one alone; it is only read")
    figures.show(run, options.parse_args())


if __name__ == "__main__":
    main()
