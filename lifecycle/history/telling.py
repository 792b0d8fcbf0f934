"""Reads from the log what the past of a lead needs, and no more: most facts of a long story change nothing."""

import json
from collections import namedtuple
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from ..events import Kind
from ..models import LeadEvent
from .clocks import Clock
from .statement import Statement

#: What the fold reads of a row.
COLUMNS = (
    "lead_id", "id", "version", "kind", "from_status", "to_status", "to_agent_id", "flag", "reason", "actor_id",
    "target_id", "caused_by_id", "source", "batch", "backfilled", "occurred_at", "recorded_at", "data", "hash",
)  # fmt: skip

#: Kinds that change a lead's state without moving it. A note does when it names the missing document.
_CHANGES = (
    Kind.AGENT_ASSIGNED,
    Kind.FLAG_SET,
    Kind.FLAG_CLEARED,
    Kind.CONTACT_LOGGED,
    Kind.SLA_BREACHED,
    Kind.TEMPERATURE_CHANGED,
    Kind.REASON_CORRECTED,
)
#: What these say reaches back before the moment when they were written.
_REACHES_BACK = (Kind.MOVE_VOIDED.value, Kind.REASON_CORRECTED.value)

#: Columns of the state that every fact moves on, whether it tells anything or not.
COUNTED = ("version", "head_hash", "last_recorded_at", "rules_version")

#: The facts that tell: folded without the others they give the same state, less the columns that are `COUNTED`.
_TELLING = (
    "(NOT (to_status = '') OR kind IN ("
    + ", ".join(f"'{k.value}'" for k in _CHANGES)
    + f") OR (kind = '{Kind.NOTE_ADDED.value}' AND NOT (data = '{{}}')))"
)


def by_then(moment: datetime, *clocks: Clock) -> Q:
    """Every row that may count at this moment by one of these clocks; ``facts_at`` takes its pick of them.

    The first fact always comes along: without it a later one would be taken for the beginning.
    """
    rows = Q(version=1)
    for clock in clocks or tuple(Clock):
        rows |= Q(**{f"{clock.column}__lte": moment})
        if clock is Clock.HAPPENED:
            rows |= Q(kind__in=_REACHES_BACK)
    return rows


_Row = namedtuple("_Row", COLUMNS)  # type: ignore[misc]
_AT = {name: COLUMNS.index(name) for name in ("data", "batch", "backfilled", "occurred_at", "recorded_at")}


def telling_rows(lead_ids: Iterable[int], moment: datetime, *clocks: Clock) -> Iterator[tuple[int, list[Any]]]:
    """The rows that tell, lead by lead: (database id, rows in version order). One query for all of them.

    Constant SQL: to put this one question together with the ORM takes three times as long as to answer it.
    """
    wanted = list(lead_ids)
    if not wanted:
        return
    made = Statement()
    made.add(f"SELECT {', '.join(COLUMNS)} FROM {LeadEvent._meta.db_table} WHERE {_TELLING}")
    made.add(f"AND lead_id IN ({', '.join(['%s'] * len(wanted))})", *wanted)
    made.add("AND (version = 1")
    for clock in clocks or tuple(Clock):
        made.add(f"OR {clock.column} <= %s", moment)
        if clock is Clock.HAPPENED:
            made.add(f"OR kind IN ('{_REACHES_BACK[0]}', '{_REACHES_BACK[1]}')")
    made.add(") ORDER BY lead_id, version")
    read = _row if connection.vendor == "postgresql" else _row_of_sqlite
    for lead_id, mine in groupby(map(read, made.rows()), key=itemgetter(0)):
        yield lead_id, list(mine)


def _row(values: Sequence[Any]) -> Any:
    row = list(values)
    row[_AT["data"]] = json.loads(row[_AT["data"]])
    return _Row(*row)


def _row_of_sqlite(values: Sequence[Any]) -> Any:
    row = list(values)
    row[_AT["data"]] = json.loads(row[_AT["data"]])
    row[_AT["batch"]] = UUID(row[_AT["batch"]]) if row[_AT["batch"]] else None
    row[_AT["backfilled"]] = bool(row[_AT["backfilled"]])
    for name in ("occurred_at", "recorded_at"):
        row[_AT[name]] = row[_AT[name]].replace(tzinfo=UTC)
    return _Row(*row)
