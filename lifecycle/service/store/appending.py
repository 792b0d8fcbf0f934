"""The statements that append facts: the row, its words, and the lead's cached columns with the last of them."""

import functools
from typing import Any

from ...events import Words
from ...fold import LeadState
from .columns import (
    EVENT_COLUMNS,
    NOTE_COLUMNS,
    STATE_COLUMNS,
    event_values,
    marks,
    on_postgresql,
    state_values,
    tables,
)
from .sending import first_row


def append(event: Any, words: Words, salt: str, state: LeadState | None) -> int:
    """Inserts one fact and keeps its words beside the log, if there are any; out: its id.

    With ``state`` the lead's cached columns are set to it as well: what the fold says after the last fact of a call.
    """
    said = [words.note, words.document, words.source_words, salt] if words else []
    if on_postgresql():
        cached = [*state_values(state), event.lead_id] if state else []
        return _id(first_row(_together(bool(said), bool(cached)), [*event_values(event), *said, *cached]))
    key = _id(first_row(_event(), event_values(event)))
    if said:
        first_row(_words(), [key, *said])
    if state:
        update_cache(event.lead_id, state)
    return key


def update_cache(lead_id: int, state: LeadState) -> None:
    """Sets every cached column of a lead to what the fold says."""
    first_row(_cache(), [*state_values(state), lead_id])


def _id(row: tuple[Any, ...] | None) -> int:
    assert row is not None
    key: int = row[0]
    return key


@functools.cache
def _event() -> str:
    return (
        f"INSERT INTO {tables().events} ({', '.join(EVENT_COLUMNS)}) VALUES ({marks(len(EVENT_COLUMNS))}) RETURNING id"
    )


@functools.cache
def _words() -> str:
    return f"INSERT INTO {tables().notes} ({', '.join(NOTE_COLUMNS)}) VALUES ({marks(len(NOTE_COLUMNS))})"


@functools.cache
def _cache() -> str:
    sets = ", ".join(f"{name} = %s" for name in STATE_COLUMNS)
    return f"UPDATE {tables().leads} SET {sets} WHERE id = %s RETURNING id"


@functools.cache
def _together(words: bool, cache: bool) -> str:
    """On PostgreSQL all of it is one statement: every further one costs another way there and back.

    The update reads the inserted fact, so the fact is there when the guard of the lead looks for it.
    """
    if not (words or cache):
        return _event()
    parts, last = [f"e AS ({_event()})"], "SELECT id FROM e"
    if words:
        said = ", ".join(["%s::text"] * (len(NOTE_COLUMNS) - 1))
        parts.append(f"w AS (INSERT INTO {tables().notes} ({', '.join(NOTE_COLUMNS)}) SELECT id, {said} FROM e)")
    if cache:
        sets = ", ".join(f"{name} = %s" for name in STATE_COLUMNS)
        last = f"UPDATE {tables().leads} AS lead SET {sets} FROM e WHERE lead.id = %s RETURNING e.id"
    return f"WITH {', '.join(parts)} {last}"
