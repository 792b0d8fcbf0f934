"""A database from before the column: what the migration counts from the log is what the fold says."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.history import reader
from leads.models import Lead
from lifecycle import guards, service
from lifecycle.events import Source
from lifecycle.fold import fold
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, bruna, newest

pytestmark = pytest.mark.django_db(transaction=True)

C, Q, A, K, X = State.CONTACTING, State.QUALIFIED, State.ARCHIVED, State.COMMITTED, State.IN_CONTRACT
#: What another system says of three leads, and how often each came into Qualified.
FOREIGN = {
    "born qualified": ([("", Q)], 1),
    "through our table": ([("", State.NEW), (State.NEW, C), (C, Q), (Q, K), (K, Q)], 2),
    "by ways that we do not have": ([("", State.NEW), (State.NEW, Q), (Q, State.CLOSED), (State.CLOSED, Q)], 2),
}


def imported(folder: Path) -> None:
    """The leads of another system, through the command that brings them over."""
    path = folder / "old.csv"
    with path.open("w", newline="") as file:
        rows = csv.DictWriter(file, reader.COLUMNS, restval="")
        rows.writeheader()
        for key, (moves, _) in FOREIGN.items():
            for seq, (start, end) in enumerate(moves, 1):
                told = {"lead_key": key, "seq": seq, "occurred_at": f"2024-03-01T10:{seq:02}:00Z", "actor": "Joe"}
                kind = "lead_created" if not start and end == State.NEW else "state_changed"
                rows.writerow({**told, "kind": kind, "from_state": start, "to_state": end})
    call_command("import_history", path, source="old", verbosity=0, stdout=io.StringIO(), stderr=io.StringIO())


def undone(lead: Lead) -> None:
    said: dict[str, Any] = {"reason": "mis_drag", "actor": bruna(), "source": Source.PAGE}
    service.void_move(lead_id=lead.pk, target=newest(lead).uuid, **said)


def lives(folder: Path) -> dict[str, int]:
    """Leads of every past that matters here; out: how often each came into Qualified, by name."""
    LeadFactory.create(name="never", agent=ana())
    LeadFactory.create(name="once, long left", status=State.CLOSED, agent=ana())
    fell = LeadFactory.create(name="fell back twice", status=K, agent=ana())
    for to in (Q, K, X, Q):
        advance(fell, to, actor=ana())
    again = LeadFactory.create(name="re-engaged", status=Q, agent=ana())
    for to in (A, C, Q):
        advance(again, to, actor=ana())
    undone(LeadFactory.create(name="never for good", status=Q, agent=ana()))
    mistaken = LeadFactory.create(name="a collapse that was none", status=K, agent=ana())
    advance(mistaken, Q, actor=ana())
    undone(mistaken)
    back = LeadFactory.create(name="back by an undo", status=K, agent=ana())
    undone(back)
    imported(folder)
    ours = {
        "never": 0,
        "once, long left": 1,
        "fell back twice": 3,
        "re-engaged": 2,
        "never for good": 0,
        "a collapse that was none": 1,
        "back by an undo": 1,
    }
    return ours | {key: times for key, (_, times) in FOREIGN.items()}


def counted() -> dict[str, int]:
    return dict(Lead.objects.values_list("name", "times_qualified"))


def test_an_old_database_is_filled_from_its_log(tmp_path: Path) -> None:
    expected = lives(tmp_path)
    assert counted() == expected
    call_command("migrate", "leads", "0003", verbosity=0, skip_checks=True)
    try:
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, Lead._meta.db_table)
        assert "times_qualified" not in {c.name for c in columns}
        with CaptureQueriesContext(connection) as seen:
            call_command("migrate", verbosity=0, skip_checks=True)
    finally:
        call_command("migrate", verbosity=0, skip_checks=True)

    assert counted() == expected
    for lead in Lead.objects.all():
        assert fold(lead.events.order_by("version")).times_qualified == lead.times_qualified, lead.name
    assert sum("SET times_qualified" in q["sql"] for q in seen) == 1, "One statement, however many leads there are."
    assert guards.missing(connection) == []
