"""One lead at an instant: how it stood by both clocks, how it came there, and the facts on either side."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import Q

from ..events import Kind, Source
from ..fold import LeadState, fold, is_tracked
from ..models import LeadEvent
from ..visits import Visit, visits
from .as_of import facts_at
from .clocks import Clock
from .telling import by_then, telling_rows


@dataclass(frozen=True, slots=True)
class Past:
    """A lead at an instant. ``states``: the answer of each clock (version 0: it did not exist yet)."""

    moment: datetime
    states: dict[Clock, LeadState]
    rows: list[Any]

    def held_since(self, clock: Clock) -> Any:
        """The fact since which the lead was with whoever held it, or in the pool; None before the first."""
        counted = facts_at(self.rows, self.moment, clock)
        handed = [r for r in counted if r.kind == Kind.AGENT_ASSIGNED]
        return next(iter([*handed[-1:], *counted[:1]]), None)

    def holder_untold(self, clock: Clock) -> bool:
        """Whether an old system did not say who had the lead at that instant."""
        fact = self.held_since(clock)
        if fact is None or fact.kind == Kind.AGENT_ASSIGNED or fact.source != Source.IMPORT:
            return False
        return bool(fact.recorded_at > self.moment)


def read_past(lead_id: int, moment: datetime) -> Past:
    """How a lead stood by both clocks; one query, over the facts that tell."""
    rows = next((rows for _, rows in telling_rows([lead_id], moment)), [])
    was, known = (facts_at(rows, moment, clock) for clock in (Clock.HAPPENED, Clock.KNOWN))
    state = fold(was)
    # Mostly both clocks count the same facts; to fold them is what takes long in a long story.
    return Past(moment, {Clock.HAPPENED: state, Clock.KNOWN: state if was == known else fold(known)}, rows)


def read_visits_at(lead_id: int, moment: datetime) -> dict[Clock, list[Visit]]:
    """The stays of a lead up to an instant, as each clock tells them. One query, over its moves alone."""
    moves = ~Q(to_status="") | Q(kind=Kind.REASON_CORRECTED.value)
    rows = list(LeadEvent.objects.filter(moves, by_then(moment), lead_id=lead_id).order_by("version"))
    return {clock: visits(cast(list[LeadEvent], facts_at(rows, moment, clock))) for clock in Clock}


def read_around(lead_id: int, moment: datetime, clock: Clock) -> tuple[LeadEvent | None, LeadEvent | None]:
    """The last fact at or before an instant and the first after it, as this clock orders them. Three queries."""
    facts = LeadEvent.objects.filter(lead_id=lead_id)
    # Inside a lead no fact was recorded before an earlier one: the version is that order, and it has an index.
    order = ("version",) if clock is Clock.KNOWN else (clock.column, "version")
    before = facts.filter(**{f"{clock.column}__lte": moment}).order_by(*(f"-{name}" for name in order))
    after = facts.filter(**{f"{clock.column}__gt": moment}).order_by(*order)
    # Only the two that were found are read with everything that their sentences need.
    found = [facts.values_list("pk", flat=True).first() for facts in (before, after)]
    whole = LeadEvent.objects.select_related("words", "target", "caused_by", "agent", "to_agent").in_bulk(
        [pk for pk in found if pk is not None]
    )
    first, second = (whole.get(pk) if pk is not None else None for pk in found)
    return first, second


@dataclass(frozen=True, slots=True)
class Cause:
    """Why the two clocks disagree: a fact, and what is the matter with it (``undone``, ``late``, ``corrected``)."""

    matter: str
    fact: Any
    by: Any


def _tells_more(past: Past, row: Any) -> bool:
    """Whether a late fact that moves nothing is why the first or last contact, or what is missing, reads otherwise."""
    was, known = past.states[Clock.HAPPENED], past.states[Clock.KNOWN]
    if row.kind == Kind.NOTE_ADDED:
        return was.document_missing != known.document_missing
    if row.kind != Kind.CONTACT_LOGGED:
        return False
    contacts = {was.first_contact_at, was.last_contact_at} - {known.first_contact_at, known.last_contact_at}
    return row.occurred_at in contacts


def causes(past: Past) -> list[Cause]:
    """The facts that one clock counts at this instant and the other does not, in version order.

    ``by`` is the fact that undid or corrected it later; of one that was only written down later, itself.
    """
    known = {row.id: row for row in past.rows}
    found = []
    for row in past.rows:
        target = known.get(row.target_id)
        if row.recorded_at <= past.moment:
            continue
        if row.kind in (Kind.MOVE_VOIDED, Kind.REASON_CORRECTED):
            if target is not None and target.recorded_at <= past.moment:
                found.append(Cause("undone" if row.kind == Kind.MOVE_VOIDED else "corrected", target, row))
        elif row.occurred_at <= past.moment and (is_tracked(row) or _tells_more(past, row)):
            found.append(Cause("late", row, row))
    return found
