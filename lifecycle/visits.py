"""The path of a lead: each stay in a stage with its beginning and end. A move that was voided never happened here."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from django.db.models import Q

from .events import DEMOTIONS, Kind
from .history.truth import counted
from .imported import from_unknown, undated
from .models import LeadEvent
from .states import State


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay. ``until`` None: the lead is still there. ``event_id``: the move that brought it, with its reason.

    ``author_id``: who made the move, or who made Scribe make it. ``about``: the beginning is a guess; ``undated``: the
    lead stood there when an import told of it, since then or earlier. ``from_unknown``: nobody knows how it came there;
    ``into_unknown``: nor, therefore, when it left this stage.
    """

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
    recorded_at: datetime
    author_id: int | None
    closing_date: str = ""
    undated: bool = False
    from_unknown: bool = False
    into_unknown: bool = False

    @property
    def measured(self) -> bool:
        """Whether how long it lasted is recorded; the reports leave the others out of durations, too."""
        return not (self.from_unknown or self.into_unknown)

    @property
    def label(self) -> str:
        return State(self.state).label if self.state in set(State) else self.state.replace("_", " ").capitalize()

    @property
    def is_demotion(self) -> bool:
        """Whether the lead fell back into this stage; told by the kind, never by the pair of stages."""
        return self.kind in {k.value for k in DEMOTIONS}


def read_visits(lead_id: int) -> list[Visit]:
    """All visits of a lead, oldest first; the last one is where it stands. One query, over its moves alone."""
    moves = ~Q(to_status="") | Q(kind=Kind.REASON_CORRECTED.value)
    return visits(LeadEvent.objects.filter(moves, lead_id=lead_id).select_related("caused_by").order_by("version"))


def visits(rows: Iterable[LeadEvent]) -> list[Visit]:
    """The visits that these moves, voids and corrected reasons make up. In: rows in version order."""
    stays = [_visit(move.row, move.reason) for move in counted(rows) if move.row.to_status]
    # Ends come last: a voided move gives its stay's time back to the one before.
    ended = [replace(v, until=after.since, into_unknown=_is_no_end(after)) for v, after in pairwise(stays)]
    return ended + stays[-1:]


def _is_no_end(after: Visit) -> bool:
    """Whether when the stay before this one ended is not recorded: an old system did not say, or it was taken back."""
    return after.from_unknown or after.kind == Kind.IMPORT_WITHDRAWN


def _visit(row: LeadEvent, reason: str) -> Visit:
    return Visit(
        state=row.to_status,
        since=row.occurred_at,
        until=None,
        kind=row.kind,
        reason=reason,
        event_id=row.pk,
        version=row.version,
        actor=row.actor_name if row.actor_id is not None else "Scribe",
        imported=row.source == "import",
        about=row.backfilled,
        closing_date=str(row.data.get("closing_date", "")),
        recorded_at=row.recorded_at,
        author_id=row.author_id,
        undated=undated(row),
        from_unknown=from_unknown(row),
    )
