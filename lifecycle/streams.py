"""Reads whole streams, lead after lead, with memory that does not grow: for verifying and rebuilding."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import F, QuerySet

from .fold import CACHED, GUARDED, LeadState
from .models import LeadEvent

_EVENT = tuple(f.attname for f in LeadEvent._meta.concrete_fields)
_STATE = tuple("agent_id" if n == "agent" else n for n in (*GUARDED, *CACHED))


@dataclass(frozen=True, slots=True)
class Stream:
    """A lead with its cached state and its events in version order, each with the words beside it."""

    lead_id: int
    lead_uuid: Any
    key: str
    cached: LeadState
    events: list[Any]


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything read inside is of one moment, and nobody has to wait: a snapshot that locks no writer."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            # Django would begin IMMEDIATE, which keeps writers out; a plain BEGIN only reads.
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def streams() -> Iterator[Stream]:
    """Every lead in order of id with all its events; two queries, merged as they come."""
    lead_model: Any = LeadEvent._meta.get_field("lead").related_model
    events = _events()
    ahead = next(events, None)
    for lead in lead_model._default_manager.order_by("id").only("id", "uuid", *_STATE, *_KEY).iterator(2000):
        mine: list[Any] = []
        while ahead is not None and ahead.lead_id == lead.pk:
            mine.append(ahead)
            ahead = next(events, None)
        yield Stream(lead.pk, lead.uuid, lead.key, lead.cached_state, mine)


_KEY = ("external_key",)


def events_of(lead_id: int) -> list[Any]:
    """One lead's events in version order, as they stand in a ``Stream``."""
    return list(_events(LeadEvent.objects.filter(lead_id=lead_id)))


def _events(among: QuerySet[LeadEvent] | None = None) -> Iterator[Any]:
    found = LeadEvent.objects.all() if among is None else among
    rows = found.order_by("lead_id", "version").annotate(
        target_uuid=F("target__uuid"),
        cause_uuid=F("caused_by__uuid"),
        salt=F("words__salt"),
        note=F("words__note"),
        document=F("words__document"),
        source_words=F("words__source_words"),
    )
    return iter(
        rows.values_list(
            *_EVENT, "target_uuid", "cause_uuid", "salt", "note", "document", "source_words", named=True
        ).iterator(2000)
    )


def people() -> dict[int, Any]:
    """The uuid of every person by database id."""
    return dict(get_user_model()._default_manager.values_list("id", "uuid"))
