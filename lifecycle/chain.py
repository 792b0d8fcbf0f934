"""The chain: what of a fact is hashed, and how. Pure; the canonical form is RFC 8785 JSON.

Every fact carries SHA-256 over the hash before it in its lead's stream and its own row without ``id``. People, lead,
target and cause stand in it by uuid, times in UTC with six digits, so the hash is the same on every engine and after
a move to another database. Words are represented by their salted digest alone, so they can be erased.
"""

import functools
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from json.encoder import encode_basestring as _text
from typing import Any, TypedDict, Unpack
from uuid import UUID

from .events import Words

#: Stands for "the hash before" in front of a lead's first fact.
GENESIS = ""


def canonical(value: Mapping[str, Any]) -> bytes:
    """RFC 8785 form of a flat mapping of strings, whole numbers, booleans, nulls, and lists or mappings of these.

    Floats are refused by ``TypeError``: they do not survive a canonical form. Keys are ASCII, so sorting them by code
    point is the order that the RFC asks for.
    """
    _refuse_floats(value)
    return _encode(value).encode()


# Built once: json.dumps would make an encoder for every fact.
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("floats do not survive a canonical form")
    if isinstance(value, Mapping):
        for inner in value.values():
            _refuse_floats(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _refuse_floats(inner)


def stamp(moment: datetime) -> str:
    """A moment in UTC with six digits: ``2026-03-29T01:30:00.000000Z``."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat(timespec="microseconds")[:-6] + "Z"


class Named(TypedDict):
    """The uuids of those whom a fact names."""

    lead: UUID
    agent: UUID | None
    to_agent: UUID | None
    actor: UUID | None
    target: UUID | None
    caused_by: UUID | None


def form(previous: str, row: Any, **named: Unpack[Named]) -> dict[str, Any]:
    """What of a fact is hashed, as its canonical form says it.

    In: the hash before it in the stream (``GENESIS`` for the first), the row, and the uuids of those it names.
    """
    return {
        "previous": previous,
        "uuid": str(row.uuid),
        "lead": str(named["lead"]),
        "version": row.version,
        "kind": str(row.kind),
        "from_status": str(row.from_status),
        "to_status": str(row.to_status),
        "agent": _name(named["agent"]),
        "to_agent": _name(named["to_agent"]),
        "flag": str(row.flag),
        "reason": str(row.reason),
        "actor": _name(named["actor"]),
        "actor_name": row.actor_name,
        "source": str(row.source),
        "target": _name(named["target"]),
        "caused_by": _name(named["caused_by"]),
        "batch": _name(row.batch),
        "occurred_at": stamp(row.occurred_at),
        "recorded_at": stamp(row.recorded_at),
        "backfilled": row.backfilled,
        "data": row.data,
        "note_digest": row.note_digest,
        "schema_version": row.schema_version,
    }


#: ``canonical`` of a ``form``, with a place for each value: to sort and to ask for types anew for every fact took twice
#: as long, and every fact of a log is hashed again whenever it is verified.
_CANONICAL = (
    '{"actor":%s,"actor_name":%s,"agent":%s,"backfilled":%s,"batch":%s,"caused_by":%s,"data":%s,"flag":%s,'
    '"from_status":%s,"kind":%s,"lead":%s,"note_digest":%s,"occurred_at":"%s","previous":%s,"reason":%s,'
    '"recorded_at":"%s","schema_version":%d,"source":%s,"target":%s,"to_agent":%s,"to_status":%s,"uuid":"%s",'
    '"version":%d}'
)


def event_hash(previous: str, row: Any, **named: Unpack[Named]) -> str:
    """The hash of a fact in lower-case hex: over ``canonical`` of its ``form``. In: what ``form`` takes."""
    # Only ``data`` is not typed by its column, so only there could a float hide.
    _refuse_floats(row.data)
    text = _CANONICAL % (
        _quoted(named["actor"]),
        _text(row.actor_name),
        _quoted(named["agent"]),
        "true" if row.backfilled else "false",
        _quoted(row.batch),
        _quoted(named["caused_by"]),
        _encode(row.data),
        _text(row.flag),
        _text(row.from_status),
        _text(row.kind),
        _quoted(named["lead"]),
        _text(row.note_digest),
        stamp(row.occurred_at),
        _text(previous),
        _text(row.reason),
        stamp(row.recorded_at),
        row.schema_version,
        _text(row.source),
        _quoted(named["target"]),
        _quoted(named["to_agent"]),
        _text(row.to_status),
        row.uuid,
        row.version,
    )
    return hashlib.sha256(text.encode()).hexdigest()


# The same few people and one lead stand in fact after fact.
@functools.lru_cache(4096)
def _quoted(uuid: UUID | None) -> str:
    return "null" if uuid is None else f'"{uuid}"'


def _name(uuid: UUID | None) -> str | None:
    return None if uuid is None else str(uuid)


def words_digest(salt: str, words: Words) -> str:
    """The salted digest of a fact's words; ``""`` when there are none. ``salt`` is 32 hex digits."""
    if not words:
        return ""
    form = {
        "salt": salt,
        "note": words.note,
        "document": words.document,
        "source_words": words.source_words,
    }
    return hashlib.sha256(_encode(form).encode()).hexdigest()
