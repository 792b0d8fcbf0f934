"""The leads that something happened to between two instants, each with the facts that tell what. Reads only."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

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
    "source",
    "batch",
    "backfilled",
    "occurred_at",
    "recorded_at",
)
_CHUNK = 2000


def touched_streams(
    leads: QuerySet[Any], since: datetime, until: datetime, clock: Clock, *, beside: Sequence[str] = ()
) -> Iterator[tuple[Any, list[Any]]]:
    """Every lead with a tracked fact in the window (since, until], with its tracked facts and corrected reasons.

    In: which leads, in which order; the names of what else of a lead comes along. Out, in that order: the lead as a row
    with ``pk`` and those names, and its facts in version order. Read in pieces, one query for the leads and one more
    for the facts of each two thousand, so that memory does not grow with the window.
    """
    found = _touched(leads, since, until, clock).values_list("pk", *beside, named=True).iterator(_CHUNK)
    while piece := list(islice(found, _CHUNK)):
        rows = (
            LeadEvent.objects.filter(~Q(to_status="") | Q(kind__in=_TELL), _by_then(until, clock))
            .filter(lead__in=[lead.pk for lead in piece])
            .order_by("lead_id", "version")
            .values_list(*_COLUMNS, named=True)
        )
        by_lead = {lead_id: list(mine) for lead_id, mine in groupby(rows, key=attrgetter("lead_id"))}
        for lead in piece:
            yield lead, by_lead[lead.pk]


#: Kinds that say something about a lead without moving it.
_TELL = [
    Kind.AGENT_ASSIGNED.value,
    Kind.FLAG_SET.value,
    Kind.FLAG_CLEARED.value,
    Kind.REASON_CORRECTED.value,
]


def _touched(leads: QuerySet[Any], since: datetime, until: datetime, clock: Clock) -> QuerySet[Any]:
    """Those of these leads that have a tracked fact in the window.

    The cached columns know of every lead when its last fact was: whatever rested ever since need not be looked up.
    """
    newest = "last_recorded_at" if clock is Clock.KNOWN else "last_occurred_at"
    within = {f"{clock.column}__gt": since, f"{clock.column}__lte": until}
    tracked = ~Q(to_status="") | Q(kind__in=[k for k in _TELL if k != Kind.REASON_CORRECTED.value])
    facts = LeadEvent.objects.filter(tracked, lead=OuterRef("pk"), **within)
    return leads.filter(Exists(facts), **{f"{newest}__gt": since})


def _by_then(until: datetime, clock: Clock) -> Q:
    """What can matter at the end of the window: a void or a corrected reason may come at any later time."""
    if clock is Clock.KNOWN:
        return Q(recorded_at__lte=until)
    return Q(occurred_at__lte=until) | Q(kind__in=[Kind.MOVE_VOIDED.value, Kind.REASON_CORRECTED.value])
