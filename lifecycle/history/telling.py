"""Reads from the log what the past of a lead needs, and no more: most facts of a long story change nothing."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from ..events import Kind
from ..models import LeadEvent
from .clocks import Clock

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
TELLING = ~Q(to_status="") | Q(kind__in=[k.value for k in _CHANGES]) | (Q(kind=Kind.NOTE_ADDED.value) & ~Q(data={}))


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


def telling_rows(lead_ids: Iterable[int], moment: datetime, *clocks: Clock) -> Iterator[tuple[int, list[Any]]]:
    """The rows that tell, lead by lead: (database id, rows in version order). One query for all of them."""
    found = LeadEvent.objects.filter(TELLING, by_then(moment, *clocks), lead_id__in=list(lead_ids))
    mine: list[Any] = []
    for row in found.order_by("lead_id", "version").values_list(*COLUMNS, named=True):
        if mine and mine[0].lead_id != row.lead_id:
            yield mine[0].lead_id, mine
            mine = []
        mine.append(row)
    if mine:
        yield mine[0].lead_id, mine
