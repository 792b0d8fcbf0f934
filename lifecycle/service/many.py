"""The SQL of imports: many facts at once, by COPY on PostgreSQL, ``executemany`` on SQLite; a cache update a lead."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from ..fold import LeadState
from ..models import LeadEvent
from . import store


@dataclass(slots=True, kw_only=True)
class NewEvent:
    """A fact on its way into the log in bulk: the columns of ``LeadEvent`` without the cost of a model instance."""

    uuid: UUID
    lead_id: int
    version: int
    kind: str
    from_status: str
    to_status: str
    agent_id: int | None
    to_agent_id: int | None
    reason: str
    actor_id: int | None
    actor_name: str
    source: str
    batch: UUID | None
    occurred_at: datetime
    recorded_at: datetime
    backfilled: bool
    data: dict[str, Any]
    schema_version: int
    id: int = 0
    flag: str = ""
    target_id: int | None = None
    caused_by_id: int | None = None
    note_digest: str = ""
    hash: str = ""


def draw_ids(count: int, table: str = "") -> list[int]:
    """The next ids of the log, or of another table, for rows that are inserted in bulk; under the order lock."""
    table = table or store.tables().events
    with connection.cursor() as cursor:
        if store.on_postgresql():
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        newest: int = cursor.fetchone()[0]
    return list(range(newest + 1, newest + count + 1))


def insert_leads(leads: Sequence[Any]) -> None:
    """Lets many unsaved leads in, each at version 0 with an empty cache, and gives them their ids.

    In: leads, or what has their uuid and contact columns. These have to be clean and normalised already: nothing is
    looked at here.
    """
    if not leads:
        return
    blank = LeadEvent._meta.get_field("lead").related_model()
    columns = [f.attname for f in blank._meta.concrete_fields]
    for lead, key in zip(leads, draw_ids(len(leads), store.tables().leads), strict=True):
        lead.pk = key
    # The cache is empty in every one of them: two thirds of the columns are worked out once.
    own, cache = [n for n in columns if n not in store.STATE_COLUMNS], [n for n in columns if n in store.STATE_COLUMNS]
    encode, empty = store.encoder(own), store.encoded(getattr(blank, name) for name in cache)
    _insert_many(store.tables().leads, [*own, *cache], ([*encode(lead), *empty] for lead in leads))


def insert_events(events: Sequence[NewEvent]) -> None:
    """Appends many facts that have their ids: COPY on PostgreSQL, ``executemany`` on SQLite."""
    columns = ("id", *store.EVENT_COLUMNS)
    _insert_many(store.tables().events, columns, map(store.encoder(columns), events))


def insert_notes(rows: Iterable[Sequence[Any]]) -> None:
    """Keeps the words of many facts; each row in the order of ``NOTE_COLUMNS``."""
    _insert_many(store.tables().notes, store.NOTE_COLUMNS, rows)


def insert_rows(model: Any, columns: Sequence[str], rows: Iterable[Any]) -> None:
    """The same for a table that goes with an import. In: what has these columns as attributes; ids are drawn."""
    _insert_many(model._meta.db_table, columns, map(store.encoder(columns), rows))


def _insert_many(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if store.on_postgresql():
            # COPY is the driver's own: without this its errors would be the driver's too, and nobody expects those.
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({store.marks(len(columns))})", list(rows))


def update_caches(states: dict[int, LeadState]) -> None:
    """Sets the cached columns of many leads in one batch."""
    encode = store.encoder([store.attribute(name) for name in store.STATE_COLUMNS])
    rows = [[*encode(state), pk] for pk, state in sorted(states.items())]
    with connection.cursor() as cursor:
        if store.on_postgresql():
            cursor.execute(_update_from_json(), [json.dumps(rows, default=str)])
        else:
            sets = ", ".join(f"{name} = %s" for name in store.STATE_COLUMNS)
            cursor.executemany(f"UPDATE {store.tables().leads} SET {sets} WHERE id = %s", rows)


def _update_from_json() -> str:
    """One statement for all leads, read and planned once: as one for each they would take a fifth of an import."""
    lead = LeadEvent._meta.get_field("lead").related_model._meta
    types = [lead.get_field(store.attribute(name)).db_type(connection) for name in store.STATE_COLUMNS]
    sets = ", ".join(
        f"{name} = (said ->> {i})::{kind}"
        for i, (name, kind) in enumerate(zip(store.STATE_COLUMNS, types, strict=True))
    )
    return (
        f"UPDATE {store.tables().leads} AS lead SET {sets} FROM jsonb_array_elements(%s::jsonb) AS said"
        f" WHERE lead.id = (said ->> {len(types)})::bigint"
    )
