"""What the log costs as a whole: all cached columns made anew from it, the whole of it verified, a history brought in.

    python bench/log.py [--leads 100000] [--rounds 5] [--keep FOLDER] [--database URL]

Rebuilding is measured against the plain way, for some thousand leads and counted up: of each lead its events as model
instances, folded, and ``save(update_fields=…)``, in one transaction that is taken back, so that the plain way pays for
no commit. Ours is ``rebuild_cache`` itself for all leads: where nothing has drifted, and where in every single lead a
column is wrong. With ``--database`` nothing is written, so the second is left out.
"""

import csv
import io
import itertools
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import databases, figures, office
from bench.databases import ENGINES
from bench.figures import Figure, spread

PLAIN_LEADS = 2_000
VERIFIED_LEADS = 20_000
STEPS = ("import_history", "the same history again", "lead_states")


# --- in processes of their own, on one database ---------------------------------------------------------------------


def measure(rounds: int, may_write: bool) -> dict[str, Any]:
    """Seconds of each way in each round (for all leads), and how many leads and events there are."""
    from leads.models import Lead
    from lifecycle.models import LeadEvent

    leads = Lead.objects.count()
    ways = {"plain": lambda: _plain(leads), "sound": _rebuilt}
    if may_write:
        ways["wrong"] = lambda: _spoilt() or _rebuilt()
    took: dict[str, Any] = figures.interleaved(rounds, ways)
    verified = [_verified() for _ in range(rounds)]
    return {"leads": leads, "events": LeadEvent.objects.count(), "verified": verified, **took}


def _plain(leads: int) -> float:
    """The plain way for some leads in the middle, counted up to all of them."""
    from django.db import transaction

    from leads.models import Lead
    from lifecycle.fold import CACHED, GUARDED, fold
    from lifecycle.models import LeadEvent

    names = (*GUARDED, *CACHED)
    fields = {name: "agent_id" if name == "agent" else name for name in names}
    some = list(Lead.objects.order_by("pk")[leads // 2 : leads // 2 + PLAIN_LEADS])
    begun = time.perf_counter()
    with transaction.atomic():
        for lead in some:
            state = fold(LeadEvent.objects.filter(lead=lead))
            for name, attribute in fields.items():
                setattr(lead, attribute, getattr(state, name))
            lead.save(update_fields=names)
        took = time.perf_counter() - begun
        transaction.set_rollback(True)
    return took / len(some) * leads


def _rebuilt() -> float:
    from django.core.management import call_command

    begun = time.perf_counter()
    call_command("rebuild_cache", verbosity=0, stdout=io.StringIO())
    return time.perf_counter() - begun


def _spoilt() -> None:
    """In every lead one cached column that the database does not guard is wrong."""
    from django.db.models import F

    from leads.models import Lead

    Lead.objects.update(attempts=F("attempts") + 7)


def _verified() -> float:
    """Events a second."""
    from lifecycle.verify import verify

    begun = time.perf_counter()
    *_, verdict = itertools.islice(verify(), VERIFIED_LEADS)
    assert not verdict.problems, verdict
    return verdict.events / (time.perf_counter() - begun)


def bring_in(history: str) -> list[float]:
    """Events a second of each of ``STEPS`` in this empty database."""
    from django.core.management import call_command

    from lifecycle.models import LeadEvent

    call_command("migrate", verbosity=0)
    took = []
    for arguments in (("import_history", history), ("import_history", history), ("lead_states",)):
        quiet = {} if arguments[0] == "lead_states" else {"verbosity": 0}
        begun = time.perf_counter()
        call_command(*arguments, stdout=io.StringIO(), **quiet)
        took.append(time.perf_counter() - begun)
    return [LeadEvent.objects.count() / seconds for seconds in took]


# --- the parent -----------------------------------------------------------------------------------------------------


def run(options: Any) -> list[Figure]:
    """Rebuilding and verifying a large office, and a tenth of it brought in, on both engines."""
    leads = 600 if options.quick else options.leads
    found: list[Figure] = []
    with databases.shelf(options) as shelf:
        for engine in shelf.engines:
            address = shelf.office(engine, leads)
            may_write = not options.database
            found += _whole_log(ENGINES[engine], databases.inside(address, "log", "measure", options.rounds, may_write))
            if may_write:
                found += _brought_in(shelf, engine, leads // 10, options.rounds)
    return found


def _whole_log(engine: str, took: dict[str, Any]) -> list[Figure]:
    plain = statistics.median(took["plain"])
    size = f"{took['leads']:,} leads, {took['events']:,} events"
    rounds = len(took["plain"])
    found = [
        Figure(
            work=f"all cached columns, {size}", engine=engine, subject="folding model instances, save(update_fields)",
            value=plain, unit="s", note=f"{PLAIN_LEADS:,} leads counted up, no commit; {spread(took['plain'])} s",
        )
    ]  # fmt: skip
    for way, words in (("sound", "nothing has drifted"), ("wrong", "a column of every lead is wrong")):
        if way in took:
            value = statistics.median(took[way])
            found.append(
                Figure(
                    work=f"all cached columns, {size}, {words}", engine=engine, subject="rebuild_cache", value=value,
                    unit="s", ratio=plain / value, against="folding model instances", at_least=20,
                    note=f"{rounds} rounds, {spread(took[way])} s",
                )
            )  # fmt: skip
    verified = took["verified"]
    found.append(
        Figure(
            work=f"verify_log, {size}", engine=engine, subject="Hindsight", value=statistics.median(verified),
            unit="events/s", note=f"the first {VERIFIED_LEADS:,} leads; {spread(verified)}; 20,000 are aimed at",
        )
    )  # fmt: skip
    return found


def _brought_in(shelf: databases.Shelf, engine: str, leads: int, rounds: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "history.csv"
        with path.open("w", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(office.COLUMNS)
            writer.writerows(office.rows(leads))
        speeds = []
        for _ in range(rounds):
            with shelf.empty(engine) as address:
                speeds.append(databases.inside(address, "log", "bring_in", str(path)))
    return [
        Figure(
            work=f"{step}, {leads:,} leads", engine=ENGINES[engine], subject="Hindsight",
            value=statistics.median(said), unit="events/s", note=f"{rounds} rounds, {spread(said)}; every guard on",
        )
        for step, said in zip(STEPS, zip(*speeds, strict=True), strict=True)
    ]  # fmt: skip


def main() -> None:
    options = figures.parser(__doc__)
    options.add_argument("--leads", type=int, default=100_000)
    options.add_argument("--keep", type=Path, help="folder in which filled databases stay and are found again")
    options.add_argument("--database", help="this filled one alone; it is only read")
    figures.show(run, options.parse_args())


if __name__ == "__main__":
    main()
