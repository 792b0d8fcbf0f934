"""What an append sends to the database: few statements, always the same ones, prepared where the engine can."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.transaction import TransactionManagementError

from lifecycle import service
from lifecycle.events import Source
from lifecycle.models import LeadEvent
from lifecycle.service import store
from lifecycle.service.store.columns import EVENT_COLUMNS, STATE_COLUMNS, attribute, state_of, state_values
from lifecycle.states import State
from tests.factories import LeadFactory, ana

pytestmark = pytest.mark.django_db

POSTGRESQL = connection.vendor == "postgresql"
on_postgresql = pytest.mark.skipif(not POSTGRESQL, reason="SQLite's own connector keeps its statements by itself.")


@contextmanager
def heard() -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    statements: list[str] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(listen):
        yield statements


def said(statements: list[str]) -> list[str]:
    """What each of them begins with."""
    return [sql.split()[0] for sql in statements if "SAVEPOINT" not in sql]


def test_a_move_of_anas_is_a_lock_a_look_and_what_it_writes() -> None:
    anna = ana()
    lead = LeadFactory.create(agent=anna, status=State.CONTACTING)
    with heard() as statements:
        service.move_lead(
            lead_id=lead.pk, to=State.QUALIFIED, note="Wants to buy by spring.", actor=anna, source=Source.BOARD
        )
    wanted = ["WITH", "SELECT", "WITH"] if POSTGRESQL else ["SELECT", "INSERT", "INSERT", "UPDATE"]
    assert said(statements) == wanted


def test_the_thousandth_fact_of_a_lead_costs_no_more_statements_than_the_third() -> None:
    lead, anna = LeadFactory.create(agent=ana()), ana()

    def note() -> int:
        with heard() as statements:
            service.add_note(lead_id=lead.pk, note="Called.", actor=anna, source=Source.PAGE)
        return len(said(statements))

    first = note()
    for _ in range(60):
        note()
    assert note() == first
    assert LeadEvent.objects.filter(lead=lead).count() > 60


@on_postgresql
def test_postgresql_reads_and_plans_the_statements_of_an_append_once() -> None:
    lead = LeadFactory.create(agent=ana())
    for note in ("Called.", "Called again.", "Wrote."):
        service.add_note(lead_id=lead.pk, note=note, actor=ana(), source=Source.PAGE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement, generic_plans + custom_plans FROM pg_prepared_statements")
        prepared = dict(cursor.fetchall())
    writing = [sql for sql in prepared if "INSERT INTO lifecycle_leadevent" in sql and "UPDATE leads_lead" in sql]
    assert writing
    assert max(prepared[sql] for sql in writing) >= 3


@on_postgresql
def test_behind_a_pooler_that_cannot_keep_them_nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = LeadFactory.create(agent=ana())
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    connection.connection._prepared.clear()
    monkeypatch.setattr(connection.connection, "prepare_threshold", None)
    service.add_note(lead_id=lead.pk, note="Called.", actor=ana(), source=Source.PAGE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements")
        assert cursor.fetchone() == (0,)


def test_in_a_transaction_that_has_failed_nothing_is_sent_any_more() -> None:
    lead = LeadFactory.create(agent=ana())
    before = LeadEvent.objects.count()
    with pytest.raises(DatabaseError), transaction.atomic():
        try:
            with transaction.atomic(savepoint=False):
                LeadEvent.objects.filter(lead=lead).update(reason="other")
        except DatabaseError:
            with pytest.raises(TransactionManagementError):
                store.lock_lead(lead.pk)
            raise
    assert LeadEvent.objects.count() == before


def test_the_columns_of_an_append_are_those_of_the_tables() -> None:
    assert [f.attname for f in LeadEvent._meta.concrete_fields] == ["id", *EVENT_COLUMNS]
    lead = LeadFactory.create(agent=ana(), status=State.QUALIFIED)
    state = lead.cached_state
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(STATE_COLUMNS)} FROM leads_lead WHERE id = %s", [lead.pk])
        assert state_of(cursor.fetchone()) == state
    assert len(state_values(state)) == len(STATE_COLUMNS)
    assert [attribute(name) for name in STATE_COLUMNS if not hasattr(state, attribute(name))] == []
