"""Everything that one agent ever held: a row a stay, newest first, with how it ended and how the lead stands today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from lifecycle.events import Source
from lifecycle.history.custody import SCRIBE, days_text
from lifecycle.history.holders import held_by, within
from lifecycle.imported import undated
from lifecycle.models import LeadEvent
from lifecycle.timeline.entries import stage

from ..access import seen_by
from ..lead_page.custody_words import Moment, Why, end_of, fact_url, held_for, why
from ..lead_page.desk import Desk
from ..models import User
from .asked import BEFORE, NOW, Asked

PAGE_SIZE = 50
#: A printed list has no next page; whoever held more gets the file.
ON_PAPER = 1000


@dataclass(frozen=True, slots=True)
class HeldLead:
    """One stay of a lead with this agent. ``holder``: who has the lead today, ``back``: it is with the agent again.

    ``in_old_system``: another system only said that the agent had it. ``from_whom``, ``to_whom`` and ``holder`` are
    ``""`` for the pool.
    """

    lead_id: int
    key: str
    name: str
    status: str
    stage: str
    holder: str
    now: bool
    back: bool
    since: Moment
    until: Moment | None
    began: datetime
    ended: datetime | None
    held: str
    days: str
    came_in: bool
    in_old_system: bool
    from_whom: str
    to_whom: str
    by: str
    why: Why
    ended_why: Why
    url: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Leads held now and before (not now), and of these the ones that are not listed: colleagues have them now."""

    now: int
    before: int
    hidden: int


@dataclass(frozen=True, slots=True)
class Book:
    """One page of an agent's stays. ``cursor``: go on after this fact; None at the end."""

    person: User
    rows: list[HeldLead]
    counts: Counts
    cursor: int | None


def read_book(person: User, asked: Asked, desk: Desk) -> Book:
    """One page of what a person ever held, as the viewer may see it today. Two queries, and one to go on."""
    size = ON_PAPER if asked.for_print else PAGE_SIZE
    found = list(_after(stays_of(person, asked, desk.viewer), person, asked.after)[: size + 1])
    rows = [held_lead(row, person, desk) for row in found[:size]]
    return Book(person, rows, _counts(person, desk.viewer), found[size - 1].pk if len(found) > size else None)


def read_all(person: User, asked: Asked, desk: Desk) -> Iterator[HeldLead]:
    """All of them, read as they come: for a file. One query."""
    for row in stays_of(person, asked, desk.viewer).iterator(1000):
        yield held_lead(row, person, desk)


def stays_of(person: User, asked: Asked, viewer: User) -> QuerySet[LeadEvent]:
    """The stays that are asked for, of leads that the viewer may see today."""
    stays = within(held_by(person.pk), asked.period).filter(seen_by(viewer, "lead__"))
    if asked.which == NOW:
        # What is held now is found by today's holder; only its last stay has no end.
        stays = stays.filter(Q(ended_at=None), lead__agent=person)
    elif asked.which == BEFORE:
        stays = stays.exclude(Q(ended_at=None))
    return stays.annotate(
        from_name=F("agent__display_name"),
        lead_name=F("lead__name"),
        lead_key=F("lead__external_key"),
        lead_created=F("lead__created_at"),
        lead_status=F("lead__status"),
        holder_id=F("lead__agent"),
        holder_name=F("lead__agent__display_name"),
    )


def _after(stays: QuerySet[LeadEvent], person: User, after: int | None) -> QuerySet[LeadEvent]:
    last = LeadEvent.objects.filter(pk=after, to_agent=person).first() if after is not None else None
    if last is None:
        return stays
    return stays.filter(
        Q(occurred_at__lt=last.occurred_at) | Q(occurred_at=last.occurred_at, pk__lt=last.pk),
        occurred_at__lte=last.occurred_at,
    )


def _counts(person: User, viewer: User) -> Counts:
    held = LeadEvent.objects.filter(to_agent=person).order_by()
    found = held.aggregate(
        ever=Count("lead", distinct=True),
        now=Count("lead", distinct=True, filter=Q(lead__agent=person)),
        seen=Count("lead", distinct=True, filter=seen_by(viewer, "lead__") or None),
    )
    return Counts(found["now"], found["ever"] - found["now"], found["ever"] - found["seen"])


def held_lead(row: Any, person: User, desk: Desk) -> HeldLead:
    """A fact of ``stays_of`` in words."""
    still = row.ended_at is None
    length = max((row.ended_at or desk.now) - row.occurred_at, timedelta(0))
    return HeldLead(
        lead_id=row.lead_id,
        key=row.lead_key or f"L-{row.lead_id}",
        name=row.lead_name,
        status=row.lead_status,
        stage=stage(row.lead_status),
        holder=row.holder_name or "",
        now=still,
        back=not still and row.holder_id == person.pk,
        since=end_of(row.occurred_at, desk, about=row.backfilled, at_latest=undated(row)),
        until=None if still else end_of(row.ended_at, desk),
        began=row.occurred_at,
        ended=row.ended_at,
        held=held_for(length),
        days=days_text(length),
        came_in=row.agent_id is None and row.occurred_at == row.lead_created,
        in_old_system=row.source == Source.IMPORT and row.backfilled and row.actor_id is None,
        from_whom=row.from_name or "",
        to_whom=row.ended_to_name or "",
        by=row.actor_name if row.actor_id is not None else SCRIBE,
        why=why(row.corrected or row.reason, row.reason if row.corrected else "", desk),
        ended_why=why(
            row.ended_corrected or row.ended_reason or "", row.ended_reason if row.ended_corrected else "", desk
        ),
        url=fact_url(row.lead_id, row.version),
    )
