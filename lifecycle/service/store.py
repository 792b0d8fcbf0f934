"""The SQL of the one hot path, constant statements in one place: lock a lead, append its facts, update its cache.

Measured, the ORM costs two thirds of the throughput here; nowhere else is it worth leaving it.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from ..errors import NoSuchLead
from ..fold import CACHED, GUARDED, LeadState
from ..guards.tables import Tables
from ..models import LeadEvent
from ..speech import gettext

#: Writers hold this lock, shared, from before the row lock to commit, so that a reader that must miss nothing can
#: tell which ids are still being written.
ORDER_LOCK = 7_203_104_551

STATE_COLUMNS = tuple("agent_id" if n == "agent" else n for n in (*GUARDED, *CACHED))
EVENT_COLUMNS = (
    "uuid",
    "lead_id",
    "version",
    "kind",
    "from_status",
    "to_status",
    "agent_id",
    "to_agent_id",
    "flag",
    "reason",
    "actor_id",
    "actor_name",
    "source",
    "target_id",
    "caused_by_id",
    "batch",
    "occurred_at",
    "recorded_at",
    "backfilled",
    "data",
    "note_digest",
    "schema_version",
    "hash",
)
NOTE_COLUMNS = ("event_id", "note", "document", "source_words", "salt")
_MOMENTS = frozenset(n for n in STATE_COLUMNS if n.endswith("_at"))
_TRUTHS = frozenset(
    {"unsubscribed", "dnc", "do_not_email", "do_not_text", "do_not_call", "sla_breached", "document_missing"}
)


def tables() -> Tables:
    """The names of the tables, found through the log's own keys."""
    lead = LeadEvent._meta.get_field("lead").related_model
    user = LeadEvent._meta.get_field("actor").related_model
    note = LeadEvent._meta.get_field("words").related_model
    return Tables("", LeadEvent._meta.db_table, note._meta.db_table, lead._meta.db_table, user._meta.db_table, "")


def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def hold_order_lock() -> None:
    """Takes the shared order lock until commit. SQLite has one writer; its transaction is IMMEDIATE already."""
    if on_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [ORDER_LOCK])


def hold_everybody_out() -> None:
    """Takes the order lock alone until commit: whoever writes has committed, and nobody else begins."""
    if on_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ORDER_LOCK])


def lock_lead(lead_id: int) -> tuple[UUID, LeadState]:
    """Locks one lead until commit; out: its uuid and its cached state. Raises ``NoSuchLead``."""
    suffix = " FOR NO KEY UPDATE" if on_postgresql() else ""
    sql = f"SELECT uuid, {', '.join(STATE_COLUMNS)} FROM {tables().leads} WHERE id = %s{suffix}"
    row = None
    # Beyond the reach of the key's column there is no lead; SQLite would answer with a fault.
    if abs(lead_id) < 2**63:
        with connection.cursor() as cursor:
            cursor.execute(sql, [lead_id])
            row = cursor.fetchone()
    if row is None:
        raise NoSuchLead(gettext("This lead does not exist."))
    values = dict(zip(STATE_COLUMNS, row[1:], strict=True))
    return _uuid(row[0]), state_of(values)


def lock_leads(lead_ids: Iterable[int]) -> dict[int, LeadState]:
    """Locks some hundred leads until commit, in the order of their ids; out: their cached states, in that order.

    Raises ``NoSuchLead``. One statement: to lock them one by one takes half of the time of a bulk append.
    """
    wanted = sorted(set(lead_ids))
    if not wanted:
        return {}
    among, suffix = ("= ANY(%s)", " FOR NO KEY UPDATE") if on_postgresql() else (f"IN ({_marks(len(wanted))})", "")
    names = ", ".join(STATE_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {names} FROM {tables().leads} WHERE id {among} ORDER BY id{suffix}",
            [wanted] if on_postgresql() else wanted,
        )
        found = {row[0]: state_of(dict(zip(STATE_COLUMNS, row[1:], strict=True))) for row in cursor.fetchall()}
    if len(found) < len(wanted):
        raise NoSuchLead(gettext("This lead does not exist."))
    return found


def _marks(count: int) -> str:
    return ", ".join(["%s"] * count)


def state_of(values: dict[str, Any]) -> LeadState:
    """A state from a row of cached columns as this engine's raw cursor gives them."""
    if not on_postgresql():
        for name in _MOMENTS:
            values[name] = _moment(values[name])
        for name in _TRUTHS:
            values[name] = bool(values[name])
    values["agent"] = values.pop("agent_id")
    return LeadState(**values)


def look_around(lead_id: int, state: LeadState, key: UUID) -> tuple[UUID | None, str, int | None]:
    """After the lock, in a statement of its own because the locking one's snapshot is older.

    Out: the holder's uuid, the kind of the lead's newest fact, the id of an event that already bears this uuid.
    """
    t = tables()
    sql = (
        f"SELECT (SELECT uuid FROM {t.users} WHERE id = %s),"
        f" (SELECT kind FROM {t.events} WHERE lead_id = %s AND version = %s),"
        f" (SELECT id FROM {t.events} WHERE uuid = %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, encoded([state.agent, lead_id, state.version, key]))
        holder, head, seen = cursor.fetchone()
    return (None if holder is None else _uuid(holder)), head or "", seen


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


def insert_event(event: LeadEvent) -> int:
    """Appends one fact; out: its id."""
    sql = (
        f"INSERT INTO {tables().events} ({', '.join(EVENT_COLUMNS)})"
        f" VALUES ({', '.join(['%s'] * len(EVENT_COLUMNS))}) RETURNING id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, event_values(event))
        key: int = cursor.fetchone()[0]
    return key


def event_values(event: LeadEvent | NewEvent) -> list[Any]:
    """A fact's values in the order of ``EVENT_COLUMNS``, as this engine takes them."""
    return encoded(getattr(event, name) for name in EVENT_COLUMNS)


def insert_note(values: Sequence[Any]) -> None:
    """Keeps the words of a fact; values in the order of ``NOTE_COLUMNS``."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {tables().notes} ({', '.join(NOTE_COLUMNS)}) VALUES (%s, %s, %s, %s, %s)", list(values)
        )


def update_cache(lead_id: int, state: LeadState) -> None:
    """Sets every cached column of a lead to what the fold says."""
    sets = ", ".join(f"{name} = %s" for name in STATE_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {tables().leads} SET {sets} WHERE id = %s", [*state_values(state), lead_id])


def state_values(state: LeadState) -> list[Any]:
    """A state's values in the order of ``STATE_COLUMNS``, as this engine takes them."""
    return encoded(getattr(state, "agent" if name == "agent_id" else name) for name in STATE_COLUMNS)


def encoded(values: Iterable[Any]) -> list[Any]:
    """Python values as this engine's raw cursor takes them."""
    if on_postgresql():
        return [json.dumps(v) if isinstance(v, dict) else v for v in values]
    return [_for_sqlite(v) for v in values]


def _for_sqlite(value: Any) -> Any:
    # Chosen by the exact type: this runs for every value of every imported fact.
    convert = _SQLITE.get(type(value))
    return value if convert is None else convert(value)


_SQLITE: dict[type, Callable[[Any], Any]] = {
    datetime: lambda value: str(value.astimezone(UTC).replace(tzinfo=None)),
    UUID: lambda value: value.hex,
    dict: json.dumps,
}


def _moment(value: datetime | None) -> datetime | None:
    return None if value is None else value.replace(tzinfo=UTC)


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def draw_ids(count: int, table: str = "") -> list[int]:
    """The next ids of the log, or of another table, for rows that are inserted in bulk; under the order lock."""
    table = table or tables().events
    with connection.cursor() as cursor:
        if on_postgresql():
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")
        newest: int = cursor.fetchone()[0]
    return list(range(newest + 1, newest + count + 1))


def insert_leads(leads: Sequence[Any]) -> None:
    """Lets many unsaved leads in, each at version 0 with an empty cache, and gives them their ids.

    Their contact columns have to be clean and normalised already: nothing is looked at here.
    """
    if not leads:
        return
    table, columns = tables().leads, [f.attname for f in leads[0]._meta.concrete_fields]
    for lead, key in zip(leads, draw_ids(len(leads), table), strict=True):
        lead.pk = key
    # The cache is empty in every one of them: two thirds of the columns are worked out once.
    own = [name for name in columns if name not in STATE_COLUMNS]
    empty = encoded(getattr(leads[0], name) for name in columns if name in STATE_COLUMNS)
    rows = ([*encoded(getattr(lead, name) for name in own), *empty] for lead in leads)
    _insert_many(table, [*own, *(name for name in columns if name in STATE_COLUMNS)], rows)


def insert_events(events: Sequence[NewEvent]) -> None:
    """Appends many facts that have their ids: COPY on PostgreSQL, ``executemany`` on SQLite."""
    _insert_many(tables().events, ("id", *EVENT_COLUMNS), ([e.id, *event_values(e)] for e in events))


def insert_notes(rows: Iterable[Sequence[Any]]) -> None:
    """Keeps the words of many facts; each row in the order of ``NOTE_COLUMNS``."""
    _insert_many(tables().notes, NOTE_COLUMNS, rows)


def _insert_many(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:
        if on_postgresql():
            # COPY is the driver's own: without this its errors would be the driver's too, and nobody expects those.
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({_marks(len(columns))})", list(rows))


def update_caches(states: dict[int, LeadState]) -> None:
    """Sets the cached columns of many leads in one batch."""
    sets = ", ".join(f"{name} = %s" for name in STATE_COLUMNS)
    rows = [[*state_values(state), pk] for pk, state in sorted(states.items())]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {tables().leads} SET {sets} WHERE id = %s", rows)
