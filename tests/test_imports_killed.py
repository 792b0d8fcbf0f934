"""The worker of an import is killed in the middle of a step; another one carries it on to the same end."""

import csv
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files import File
from django.core.files.storage import storages
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from leads.imports import phases
from leads.models import Import, ImportedRow, Lead, Phase
from lifecycle import service
from lifecycle.models import LeadEvent
from lifecycle.verify import verify
from tests.factories import LeadFactory, ana, bruna

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 1000
MAPPING: dict[str, Any] = {
    "columns": {"ID": "key", "Name": "name", "Email": "email", "Stage": "status", "Agent": "owner", "Since": "created"},
    "statuses": {"new": "NEW", "hot": "QUALIFIED", "won": "CLOSED"},
    "dates": {"formats": ["yyyy-mm-dd hh:mm"], "zone": "UTC"},
}

# Stops in the second step, after its facts are written and before they are committed, and waits to be killed.
WORKER = """
import sys
import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.DATABASES["default"]["TEST"] = {}
settings.STORAGES["imports"]["OPTIONS"]["location"] = sys.argv[2]
django.setup()

from uuid import UUID
from leads.imports import phases, running

count, steps = running.count, []

def torn(*args, **named):
    steps.append(1)
    if len(steps) == 2:
        print("in the middle", flush=True)
        sys.stdin.read()
    count(*args, **named)

running.count = torn
phases.work_on(UUID(sys.argv[3]))
"""


def waiting(tmp_path: Path, source: str) -> Import:
    """A checked file of a thousand leads, about to come in."""
    path = tmp_path / "export.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(MAPPING["columns"])
        for n in range(ROWS):
            stage = ("new", "hot", "won")[n % 3]
            writer.writerow(
                [f"K{n}", f"Lead {n}", f"k{n}@{source}.example", stage, f"Agent {n % 7}", "2024-03-01 10:00"]
            )
    made = Import(actor=bruna(), source=source, mapping=MAPPING, made_at=timezone.now(), phase=Phase.CHECKED)
    with path.open("rb") as file:
        made.file.save("upload", File(file), save=False)
    made.save()
    return phases.start(made)


@contextmanager
def torn_worker(made: Import) -> Iterator[subprocess.Popen[str]]:
    """A worker in a process of its own that stands in the middle of its second step."""
    folder: Any = storages["imports"]
    name = str(connection.settings_dict["NAME"])
    command = [sys.executable, "-c", WORKER, name, folder.location, str(made.pk)]
    root = Path(__file__).resolve().parent.parent
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        assert process.stdout is not None and process.stdout.readline() == "in the middle\n"
        yield process


def told(source: str) -> list[Any]:
    """The facts of an import's leads, without what differs from one import to the next."""
    facts = LeadEvent.objects.filter(lead__external_source=source).order_by("lead__external_key", "version")
    return list(facts.values_list("lead__external_key", "version", "kind", "to_status", "to_agent", "backfilled"))


def test_a_killed_import_leaves_whole_steps_and_comes_to_the_same_end_as_one_in_one_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    made = waiting(tmp_path, "killed")
    with torn_worker(made) as process:
        if connection.vendor == "postgresql":
            # Nobody waits for an import: Ana drags while a step is open. (SQLite has one writer, who commits soon.)
            dana = LeadFactory.create(agent=ana())
            service.log_contact(lead_id=dana.pk, channel="call", outcome="spoke", actor=ana(), source="board")
        process.send_signal(signal.SIGKILL)
    made.refresh_from_db()
    assert (made.phase, made.rows_done) == (Phase.RUNNING, 400)
    assert Lead.objects.filter(external_source="killed").count() == 400 == ImportedRow.objects.count()
    done = phases.work_on(made.pk)
    assert (done.phase, done.counts["created"], done.rows) == (Phase.DONE, ROWS, ROWS)
    whole = waiting(tmp_path, "whole")
    phases.work_on(whole.pk)
    assert told("killed") == told("whole")
    *_, verdict = verify()
    assert verdict.problems == []


def test_the_worker_of_the_product_does_what_waits_and_nothing_twice(tmp_path: Path) -> None:
    made = waiting(tmp_path, "old")
    phases.start(made)
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0, reload=False)
    made.refresh_from_db()
    assert (made.phase, made.counts["created"]) == (Phase.DONE, ROWS)
    assert json.loads(json.dumps(made.counts)) == made.counts and isinstance(made.pk, UUID)
