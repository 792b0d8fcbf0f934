"""How fast an export comes in in the background, what it takes of memory, and what a person who drags feels meanwhile.

    python bench/imports.py [--leads 100000] [--rounds 5] [--engine sqlite|postgresql] [--kill]

Makes an export of so many leads, puts it into a fresh database of each engine as the wizard would, and lets the worker
of the product (`manage.py db_worker`) bring it in. Meanwhile two people drag cards. Prints leads a second, facts a
second, the worker's largest size, and how long drags took. With ``--kill`` the worker is killed in the middle and
another one started: what came of it must be the same. Nothing here is a test: a busy machine may be slow.
"""

import csv
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench import databases, figures  # noqa: E402
from bench.databases import ENGINES  # noqa: E402
from bench.figures import Figure  # noqa: E402

#: What its columns are called, and mean.
COLUMNS = {
    "Lead ID": "key",
    "First Name": "first_name",
    "Last Name": "last_name",
    "Email": "email",
    "Mobile": "phone",
    "Street": "street",
    "City": "city",
    "Lead Status": "status",
    "Lead Owner": "owner",
    "Created Time": "created",
    "Modified Time": "modified",
    "Email Opt Out": "flag:unsubscribed",
    "Notes": "note",
}
MAPPING = {
    "columns": COLUMNS,
    "statuses": {
        "New": "NEW",
        "Attempted": "CONTACTING",
        "Qualified": "QUALIFIED",
        "Agreement Signed": "COMMITTED",
        "Under Contract": "IN_CONTRACT",
        "Closed": "CLOSED",
        "Lost": "ARCHIVED",
        "Junk": "TRASHED",
    },
    "dates": {"formats": ["dd/mm/yyyy hh:mm"], "zone": "America/Los_Angeles"},
}
DRAGGED = 200


def write_export(path: Path, leads: int) -> None:
    """An export of so many leads, the same every time for the same number."""
    chance = random.Random(leads)
    words = list(MAPPING["statuses"])
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(COLUMNS)
        for n in range(leads):
            created = datetime(2015, 1, 1, tzinfo=UTC) + timedelta(minutes=n * 5_000_000 // leads)
            modified = created + timedelta(minutes=chance.randrange(500_000))
            writer.writerow(
                [
                    f"X-{n:07d}",
                    f"First{n}",
                    f"Last{chance.randrange(9999)}",
                    f"lead{n}@example.com",
                    f"(510) {200 + n // 10000}-{n % 10000:04d}"
                    if n % 3
                    else f"+1 415 {200 + n // 10000} {n % 10000:04d}",
                    f"{n // 2 + 1} Oak St",
                    "Alameda",
                    chance.choice(words),
                    f"Agent {chance.randrange(40):02d}",
                    f"{created:%d/%m/%Y %H:%M}",
                    f"{modified:%d/%m/%Y %H:%M}",
                    "Yes" if chance.random() < 0.1 else "No",
                    "called twice" if chance.random() < 0.3 else "",
                ]
            )


def prepare(export: str) -> None:
    """The database, the people who drag and their leads, and the import as the wizard leaves it; for the worker."""
    _django()
    from django.core.files import File
    from django.core.management import call_command
    from django.utils import timezone

    from leads.imports import phases
    from leads.models import Import, Lead, Role, User
    from lifecycle import service

    call_command("migrate", verbosity=0)
    broker = User.objects.create_user("bruna", display_name="Bruna", role=Role.BROKER.value)
    for n in range(DRAGGED):
        lead = Lead(name=f"Dragged {n}", email=f"dragged{n}@example.org")
        service.create_lead(lead=lead, inquiry="website", actor=broker, source="page")
    made = Import(actor=broker, source="Bench", mapping=MAPPING, made_at=timezone.now(), phase="checked")
    with open(export, "rb") as file:
        made.file.save("upload", File(file), save=False)
    made.save()
    phases.start(made)


def drag(seconds_file: str, stop_file: str) -> None:
    """One person who drags a card every fifth of a second until told to stop; prints how long each took."""
    _django()
    from leads.models import Lead, User
    from lifecycle import service
    from lifecycle.errors import Refused

    broker = User.objects.get(username="bruna")
    mine = list(Lead.objects.filter(external_key="").values_list("pk", flat=True))
    random.shuffle(mine)
    took, errors = [], []
    while not os.path.exists(stop_file):
        pk = mine[len(took) % len(mine)]
        begun = time.perf_counter()
        try:
            service.add_note(lead_id=pk, note="dragged", actor=broker, source="board")
            service.log_contact(lead_id=pk, channel="call", outcome="spoke", actor=broker, source="board")
        except Refused:
            pass
        except Exception as fault:  # whatever a person would have seen
            errors.append(repr(fault))
        took.append(time.perf_counter() - begun)
        time.sleep(0.2)
    Path(seconds_file).write_text(json.dumps({"took": took, "errors": errors}))


def summary() -> None:
    """What came of it, for the parent process."""
    _django()
    import hashlib

    from leads.models import Import, Lead
    from lifecycle.models import LeadEvent

    made = Import.objects.get()
    seen = hashlib.sha256()
    rows = LeadEvent.objects.filter(lead__external_source="Bench").order_by("lead__external_key", "version")
    for row in rows.values_list("lead__external_key", "version", "kind", "to_status", "occurred_at", "uuid").iterator():
        seen.update(repr(row).encode())
    leads = Lead.objects.filter(external_source="Bench").count()
    print(json.dumps({"phase": made.phase, "counts": made.counts, "leads": leads, "digest": seen.hexdigest()}))


def _django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()


def _call(env: dict[str, str], code: str, **options: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", f"import bench.imports as b; {code}"]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, **options)


def one_round(database: str, folder: Path, export: Path, kill: bool) -> dict[str, Any]:
    """Brings the export into one fresh database; out: the figures."""
    env = {
        **os.environ,
        "DATABASE_URL": database,
        "HINDSIGHT_DEMO": "1",
        "HINDSIGHT_ENV_FILE": "",
        "IMPORT_FILES": str(folder / "files"),
        "LOG_LEVEL": "ERROR",
    }
    assert _call(env, f"b.prepare({str(export)!r})").wait() == 0
    stop = folder / "stop"
    draggers = [_call(env, f"b.drag({str(folder / f'd{n}')!r}, {str(stop)!r})") for n in range(2)]
    begun, size = time.perf_counter(), 0
    worker = _worker(env)
    if kill:
        time.sleep(4)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        again = (
            "from leads.imports import phases; from leads.models import Import; phases.carry_on(Import.objects.get())"
        )
        assert _call(env, f"b._django(); {again}").wait() == 0
        worker = _worker(env)
    sizes: list[int] = []
    watch = threading.Thread(target=_watch, args=(worker, sizes))
    watch.start()
    assert worker.wait() == 0
    seconds = time.perf_counter() - begun
    watch.join()
    size = max(sizes, default=0)
    stop.touch()
    for one in draggers:
        one.wait()
    told = [json.loads((folder / f"d{n}").read_text()) for n in range(2)]
    out, _ = _call(env, "b.summary()").communicate()
    return {
        "seconds": seconds,
        "megabytes": size / 1024,
        "took": [t for one in told for t in one["took"]],
        "errors": [e for one in told for e in one["errors"]],
        **json.loads(out),
    }


def _worker(env: dict[str, str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "db_worker", "--batch", "--no-startup-delay"], cwd=ROOT, env=env
    )


def _watch(worker: "subprocess.Popen[bytes]", sizes: list[int]) -> None:
    while worker.poll() is None:
        try:
            status = Path(f"/proc/{worker.pid}/status").read_text()
            sizes += [int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")]
        except OSError:
            return
        time.sleep(0.2)


def run(options: Any) -> list[Figure]:
    """The import on both engines, each round in a fresh database."""
    leads = 300 if options.quick else min(options.leads, figures.LARGEST_FILL)
    found: list[Figure] = []
    with tempfile.TemporaryDirectory() as top:
        export = Path(top) / "export.csv"
        write_export(export, leads)
        shelf = databases.Shelf(Path(top), options.engine)
        for engine in shelf.engines:
            rounds = []
            for n in range(options.rounds):
                folder = Path(top) / f"{engine}-{n}"
                folder.mkdir()
                with shelf.empty(engine) as address:
                    rounds.append(one_round(address, folder, export, options.kill))
            found += _figures(ENGINES[engine], leads, rounds)
    return found


def _figures(engine: str, leads: int, rounds: list[dict[str, Any]]) -> list[Figure]:
    speeds = [r["counts"]["facts"] / r["seconds"] for r in rounds]
    took = sorted(t * 1000 for r in rounds for t in r["took"])
    errors = [e for r in rounds for e in r["errors"]]
    digests = sorted({r["digest"][:12] for r in rounds})
    work, hindsight = f"an export of {leads:,} leads, two people dragging", {"engine": engine, "subject": "Hindsight"}
    size = max(r["megabytes"] for r in rounds)
    note = (
        f"{len(rounds)} rounds, {figures.spread(speeds)}, start of the worker included, its largest size {size:.0f} MB,"
    )
    note += f" digest {', '.join(digests)}"
    drags = f"{len(took)} drags, p99 {took[len(took) * 99 // 100]:.0f} ms, worst {took[-1]:.0f} ms"
    return [
        Figure(work=work, value=statistics.median(speeds), unit="facts/s", note=note, **hindsight),
        Figure(work="a drag meanwhile", value=took[len(took) // 2], unit="ms", note=drags, **hindsight),
        Figure(work="drags that failed", value=len(errors), unit="", at_most=0, note=str(errors[:1]), **hindsight),
    ]


def main() -> None:
    options = figures.parser(__doc__)
    options.add_argument("--leads", type=int, default=100_000)
    options.add_argument("--kill", action="store_true", help="kill the worker in the middle and start another one")
    figures.show(run, options.parse_args())


if __name__ == "__main__":
    main()
