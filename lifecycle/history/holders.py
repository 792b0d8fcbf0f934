"""Reads the log for custody: the chain of one lead, the chains of all of them, everything that one agent ever held."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from ..events import Kind
from ..models import EventNote, LeadEvent
from .custody import COLUMNS, KINDS, Stint, stints

#: What the chain is made of; everything else of a lead's stream is skipped by the database.
_CHAIN = Q(kind__in=KINDS) | Q(version=1)
_ASSIGNED = Q(kind=Kind.AGENT_ASSIGNED.value)


def chain_of(lead_id: int, *, notes: bool = False) -> list[Stint]:
    """The chain of one lead, oldest first. One query, and one more for the words of its assignments."""
    rows = LeadEvent.objects.filter(_CHAIN, lead_id=lead_id).order_by("version")
    written = EventNote.objects.filter(event__lead_id=lead_id, event__kind=Kind.AGENT_ASSIGNED.value)
    words = dict(written.values_list("event_id", "note")) if notes else {}
    return stints(rows.values_list(*COLUMNS, named=True), words)


def chains(
    leads: QuerySet[Any, Any] | None = None, *, order_by: tuple[Any, ...] = ()
) -> Iterator[tuple[Any, list[Stint]]]:
    """The chain of every lead, one after the other, as (its first row, the chain). One query, read as it comes.

    In: which leads (None: all of them) as a query of their keys, and what orders them (ending in the lead's own key).
    The row carries ``lead_id`` and the annotations ``external_key`` of its lead.
    """
    rows = LeadEvent.objects.filter(_CHAIN).annotate(external_key=F("lead__external_key"))
    if leads is not None:
        rows = rows.filter(lead__in=leads)
    found = rows.order_by(*order_by, "lead_id", "version").values_list("lead_id", "external_key", *COLUMNS, named=True)
    for _, mine in groupby(found.iterator(2000), key=attrgetter("lead_id")):
        stream = list(mine)
        yield stream[0], stints(stream)


@dataclass(frozen=True, slots=True)
class Period:
    """``since`` ≤ some moment of the stint < ``until``; None: open."""

    since: datetime | None = None
    until: datetime | None = None

    def __bool__(self) -> bool:
        return self.since is not None or self.until is not None


def held_by(agent_id: int) -> QuerySet[LeadEvent]:
    """Every stint of an agent as the fact that began it, newest first; its end stands beside it.

    One statement. Annotations: ``ended_at`` (None: still), ``ended_to_name`` (None: the pool), ``ended_reason`` and
    ``corrected`` / ``ended_corrected`` for reasons that were corrected since (None: never).
    """
    # Whoever gives a lead to the one who holds it (other systems record that) begins no stint and ends none.
    passed_on = (
        LeadEvent.objects.filter(_ASSIGNED, lead=OuterRef("lead"), version__gt=OuterRef("version"))
        .exclude(to_agent=agent_id)
        .order_by("version")
    )
    return (
        LeadEvent.objects.filter(to_agent=agent_id)
        .exclude(agent=agent_id)
        .annotate(
            ended_id=Subquery(passed_on.values("pk")[:1]),
            ended_at=Subquery(passed_on.values("occurred_at")[:1]),
            ended_to_name=Subquery(passed_on.values("to_agent__display_name")[:1]),
            ended_reason=Subquery(passed_on.values("reason")[:1]),
            corrected=_newest_reason("pk"),
            ended_corrected=_newest_reason("ended_id"),
        )
        .order_by("-occurred_at", "-pk")
    )


def within(stays: QuerySet[LeadEvent], period: Period) -> QuerySet[LeadEvent]:
    """Those of the stints that touch the period."""
    if period.until is not None:
        stays = stays.filter(occurred_at__lt=period.until)
    if period.since is not None:
        reaches_in = Q(ended_at=None) | Q(ended_at__gt=period.since)
        stays = stays.filter(Q(occurred_at__gte=period.since) | reaches_in)
    return stays


def _newest_reason(of: str) -> Subquery:
    corrections = LeadEvent.objects.filter(target=OuterRef(of), kind=Kind.REASON_CORRECTED.value)
    return Subquery(corrections.order_by("-version").values("reason")[:1])
