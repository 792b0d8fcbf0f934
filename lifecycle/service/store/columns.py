"""What the tables of an append are called, and how values of a fact and of a state stand in their columns."""

import functools
import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import connection

from ...fold import CACHED, EMPTY, GUARDED, LeadState
from ...guards.tables import Tables
from ...models import LeadEvent

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


@functools.cache
def tables() -> Tables:
    """The names of the tables, found through the log's own keys."""
    lead = LeadEvent._meta.get_field("lead").related_model
    user = LeadEvent._meta.get_field("actor").related_model
    note = LeadEvent._meta.get_field("words").related_model
    return Tables("", LeadEvent._meta.db_table, note._meta.db_table, lead._meta.db_table, user._meta.db_table, "")


@functools.cache
def on_postgresql() -> bool:
    """Whether this process works on PostgreSQL, else on SQLite."""
    return connection.vendor == "postgresql"


def marks(count: int) -> str:
    """So many placeholders for values, between commas."""
    return ", ".join(["%s"] * count)


def state_of(row: Sequence[Any]) -> LeadState:
    """A state from the values of ``STATE_COLUMNS``, as this engine's raw cursor gives them."""
    if on_postgresql():
        return LeadState(*row)
    values = list(row)
    for place in _MOMENTS:
        values[place] = _moment(values[place])
    for place in _TRUTHS:
        values[place] = bool(values[place])
    return LeadState(*values)


def attribute(column: str) -> str:
    """What a cached column of the lead is called in a state."""
    return "agent" if column == "agent_id" else column


def event_values(event: Any) -> list[Any]:
    """A fact's values in the order of ``EVENT_COLUMNS``, as this engine takes them."""
    return _event_encoder()(event)


def state_values(state: LeadState) -> list[Any]:
    """A state's values in the order of ``STATE_COLUMNS``, as this engine takes them."""
    return _state_encoder()(state)


def encoder(names: Sequence[str]) -> Callable[[Any], list[Any]]:
    """Makes a row of the named attributes as this engine takes it.

    By the names it knows which values to convert: an import has thirty million of them.
    """
    read = attrgetter(*names)
    convert: list[tuple[int, Callable[[Any], Any]]] = [(i, _as_json) for i, n in enumerate(names) if n in _JSON]
    if not on_postgresql():
        convert += [(i, moment_for_sqlite) for i, n in enumerate(names) if n.endswith("_at")]
        convert += [(i, attrgetter("hex")) for i, n in enumerate(names) if n in _UUIDS]

    def row(thing: Any) -> list[Any]:
        values = list(read(thing))
        for i, change in convert:
            if values[i] is not None:
                values[i] = change(values[i])
        return values

    return row


# Once: to work them out takes longer than to use them.
@functools.cache
def _event_encoder() -> Callable[[Any], list[Any]]:
    return encoder(EVENT_COLUMNS)


@functools.cache
def _state_encoder() -> Callable[[Any], list[Any]]:
    return encoder([attribute(name) for name in STATE_COLUMNS])


def encoded(values: Iterable[Any]) -> list[Any]:
    """Python values as this engine's raw cursor takes them."""
    if on_postgresql():
        return [json.dumps(v) if isinstance(v, dict) else v for v in values]
    return [_SQLITE[type(v)](v) if type(v) in _SQLITE else v for v in values]


def moment_for_sqlite(value: datetime) -> str:
    # Without the "+00:00" at its end, as Django writes a moment there.
    return value.astimezone(UTC).isoformat(" ")[:-6]


def uuid_of(value: Any) -> UUID:
    """A uuid as either engine gives it."""
    return value if isinstance(value, UUID) else UUID(value)


def _moment(value: Any) -> datetime | None:
    # Text where the statement keeps Django's slower reader away.
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return None if value is None else value.replace(tzinfo=UTC)


def _as_json(value: Any) -> str:
    return json.dumps(value) if value else "{}" if isinstance(value, dict) else "[]"


_JSON, _UUIDS = frozenset({"data", "cells"}), frozenset({"uuid", "batch", "of_id"})
_SQLITE: dict[type, Callable[[Any], Any]] = {
    datetime: moment_for_sqlite,
    UUID: lambda value: value.hex,
    dict: json.dumps,
}
#: Places in a row of ``STATE_COLUMNS``.
_MOMENTS = tuple(i for i, name in enumerate(STATE_COLUMNS) if name.endswith("_at"))
_TRUTHS = tuple(i for i, name in enumerate(STATE_COLUMNS) if getattr(EMPTY, attribute(name)) is False)
