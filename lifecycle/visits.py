"""The path of a lead: each stay in a stage with its beginning and end. A move that was voided never happened here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from django.db.models import Q

from .events import DEMOTIONS, Kind
from .models import LeadEvent
from .states import State


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay. ``until`` None: the lead is still there. ``event_id``: the move that brought it, with its reason."""

    state: str
    since: datetime
    until: datetime | None
    kind: str
    reason: str
    event_id: int
    version: int
    actor: str
    imported: bool
    about: bool
    closing_date: str = ""

    @property
    def label(self) -> str:
        return State(self.state).label if self.state in set(State) else self.state.replace("_", " ").capitalize()

    @property
    def is_demotion(self) -> bool:
        """Whether the lead fell back into this stage; told by the kind, never by the pair of stages."""
        return self.kind in {k.value for k in DEMOTIONS}


def read_visits(lead_id: int) -> list[Visit]:
    """All visits of a lead, oldest first; the last one is where it stands. One query, over its moves alone."""
    rows = LeadEvent.objects.filter(~Q(to_status="") | Q(kind=Kind.REASON_CORRECTED.value), lead_id=lead_id).order_by(
        "version"
    )
    return visits(rows)


def visits(rows: Iterable[LeadEvent]) -> list[Visit]:
    """The visits that these moves, voids and corrected reasons make up. In: rows in version order."""
    stays: list[Visit] = []
    for row in rows:
        if row.kind == Kind.MOVE_VOIDED:
            stays = [v for v in stays if v.event_id != row.target_id]
        elif row.kind == Kind.REASON_CORRECTED:
            stays = [replace(v, reason=row.reason) if v.event_id == row.target_id else v for v in stays]
        else:
            stays.append(_visit(row))
    # Ends come last: a voided move gives its stay's time back to the one before.
    return [replace(v, until=after.since) for v, after in pairwise(stays)] + stays[-1:]


def _visit(row: LeadEvent) -> Visit:
    return Visit(
        state=row.to_status,
        since=row.occurred_at,
        until=None,
        kind=row.kind,
        reason=row.reason,
        event_id=row.pk,
        version=row.version,
        actor=row.actor_name if row.actor_id is not None else "Scribe",
        imported=row.source == "import",
        about=row.backfilled,
        closing_date=str(row.data.get("closing_date", "")),
    )
