"""The leads that something happened to between two instants, each with the facts that tell what. Reads only."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from ..events import Kind
from ..models import LeadEvent
from .clocks import Clock

#: What the fold and the difference read of a fact.
_COLUMNS = (
    "id",
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
    "target_id",
    "occurred_at",
    "recorded_at",
)
_CHUNK = 2000


#: Facts that change status, agent or flags. The words stand so in the log's indexes on them, by either clock: SQLite
#: takes a partial index only when it finds its very words.
TRACKED = "(NOT (event.to_status = '') OR event.kind IN ('agent_assigned', 'flag_cleared', 'flag_set'))"


def touched_streams(
    leads: QuerySet[Any],
    since: datetime,
    until: datetime,
    clock: Clock,
    *,
    order: Sequence[Any] = ("lead_id",),
    beside: dict[str, Any] | None = None,
) -> Iterator[tuple[Any, list[Any]]]:
    """Every lead with a tracked fact in the window (since, until], with its tracked facts and corrected reasons.

    In: which leads, how they are ordered (the last of ``order`` must tell leads apart), expressions that come along on
    every row under a name of their own. Out: the lead's id and its rows in version order. One query, read as it comes,
    so that memory does not grow with the window.
    """
    rows = (
        LeadEvent.objects.filter(
            ~Q(to_status="") | Q(kind__in=_TELL),
            _by_then(until, clock),
            lead_id__in=_touched(since, until, clock),
            lead__in=leads.values("pk"),
        )
        .annotate(**(beside or {}))
        .order_by(*order, "version")
        .values_list(*_COLUMNS, *(beside or {}), named=True)
    )
    for lead_id, mine in groupby(rows.iterator(_CHUNK), key=lambda row: row.lead_id):
        yield lead_id, list(mine)


#: Kinds that say something about a lead without moving it.
_TELL = [
    Kind.AGENT_ASSIGNED.value,
    Kind.FLAG_SET.value,
    Kind.FLAG_CLEARED.value,
    Kind.REASON_CORRECTED.value,
]


def _touched(since: datetime, until: datetime, clock: Clock) -> RawSQL:
    """The ids of the leads with a tracked fact in the window, as a part of a query."""
    log, by = LeadEvent._meta.db_table, clock.column
    window = [connection.ops.adapt_datetimefield_value(moment) for moment in (since, until)]
    return RawSQL(
        f"SELECT event.lead_id FROM {log} AS event WHERE {TRACKED} AND event.{by} > %s AND event.{by} <= %s", window
    )


def _by_then(until: datetime, clock: Clock) -> Q:
    """What can matter at the end of the window: a void or a corrected reason may come at any later time."""
    if clock is Clock.KNOWN:
        return Q(recorded_at__lte=until)
    return Q(occurred_at__lte=until) | Q(kind__in=[Kind.MOVE_VOIDED.value, Kind.REASON_CORRECTED.value])
