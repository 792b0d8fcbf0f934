"""eventsourcing with what a board needs: a row a lead, kept by the recorder in the transaction of the event.

Its documentation calls that a materialised view that is updated atomically. Without one nobody could draw a board: the
events alone answer for one lead at a time.
"""

import json
import os
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from eventsourcing.persistence import IntegrityError, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from eventsourcing.sqlite import SQLiteApplicationRecorder

from bench.peers import event_sourcing, plain
from bench.peers.event_sourcing import Lead, Leads, recorded
from bench.steps import Step

__all__ = ["NAME", "begin", "move", "prepare", "recorded"]

NAME = f"{event_sourcing.NAME} with a board's row"
_CHANGED = (
    "UPDATE lead SET status = {0}, version = {0}, stage_entered_at = {0}, provenance_reason = {0},"
    " times_qualified = {0} WHERE id = {0}"
)


class _Row:
    """Mixed into both recorders."""

    mark = "?"

    def _insert_events(self, c: Any, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Any:
        if "row" in kwargs:
            c.execute(_CHANGED.format(self.mark), kwargs["row"])
        return super()._insert_events(c, stored_events, **kwargs)  # type: ignore[misc]


class OnSQLite(_Row, SQLiteApplicationRecorder):
    """Event and row in one transaction."""


class OnPostgreSQL(_Row, PostgresApplicationRecorder):
    """Event and row in one transaction."""

    mark = "%s"


class LeadsWithBoard(Leads):
    """The same application, with the same table; each save brings the lead's row along."""

    name = "Leads"

    def beside(self, lead: Lead, number: int) -> dict[str, Any]:
        """The values of the board's columns."""
        now = datetime.now(UTC)
        at = now.isoformat(" ")[:-6] if _on_sqlite() else now
        return {"row": (lead.status, lead.version, at, lead.reason, lead.times_qualified, number)}


def _on_sqlite() -> bool:
    return "sqlite" in json.loads(os.environ["BENCH_DATABASE"])["ENGINE"]


def _app(**more: str) -> Leads:
    recorder = OnSQLite if _on_sqlite() else OnPostgreSQL
    topic = f"{__name__}:{recorder.__name__}"
    return LeadsWithBoard(env={**event_sourcing.environment(), "APPLICATION_RECORDER_TOPIC": topic, **more})


def prepare(leads: int) -> None:
    """Its own table with every lead opened, and the board's, as the limits have it."""
    event_sourcing.prepare(leads)
    entry = json.loads(os.environ["BENCH_DATABASE"])
    engine = "sqlite" if _on_sqlite() else "postgresql"
    statements = [s for s in plain.tables(engine) if " log " not in s]
    _carry_out(entry, [*statements, plain.filling(engine, leads)])


def _carry_out(entry: dict[str, Any], statements: list[str]) -> None:
    if _on_sqlite():
        import sqlite3

        with sqlite3.connect(entry["NAME"]) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        return
    import psycopg

    host = entry["OPTIONS"].get("host") or entry["HOST"]
    with psycopg.connect(dbname=entry["NAME"], host=host, user=entry["USER"]) as made:
        for statement in statements:
            made.execute(statement)


def begin(leads: int) -> None:
    """Connects."""
    event_sourcing.APP[:] = [_app(CREATE_TABLE="no")]


def move(number: int, pick: Callable[[str], Step]) -> bool:
    """One move. Out: False when it was refused because the version was taken meanwhile."""
    try:
        event_sourcing.APP[0].move(number, pick)
    except IntegrityError:
        return False
    return True
