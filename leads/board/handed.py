"""What colleagues handed to the viewer in the last days and the viewer has not touched yet: a line over the board."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from lifecycle.events import Kind, Source
from lifecycle.models import LeadEvent

from .. import moments
from ..models import Lead, User

#: Longer than this nobody is told of it over the board; the page of the lead goes on saying it.
LATELY = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Handed:
    """So many leads, by whom (``""``: by several people), since which day."""

    leads: int
    who: str
    day: str


def handed_to(viewer: User, now: datetime, seen: int = 0) -> QuerySet[LeadEvent]:
    """The assignments by which colleagues gave leads to the viewer lately; those that still wait for a first touch.

    ``seen``: the newest one that the viewer has looked at. An index leads to them, however large the office is.
    """
    later = LeadEvent.objects.filter(lead=OuterRef("lead"), version__gt=OuterRef("version"))
    # As a question about each assignment: otherwise SQLite begins with every lead that the viewer holds.
    still_held = Exists(Lead.objects.filter(pk=OuterRef("lead"), agent=viewer))
    return (
        LeadEvent.objects.filter(
            to_agent=viewer,
            occurred_at__gte=now - LATELY,
            actor__isnull=False,
            pk__gt=seen,
        )
        .filter(still_held)
        .exclude(actor=viewer)
        .exclude(source=Source.IMPORT.value)
        .exclude(agent=None, occurred_at=F("lead__created_at"))  # It came in with its holder.
        .exclude(Exists(later.filter(Q(actor=viewer) | Q(kind=Kind.AGENT_ASSIGNED.value))))
        .order_by()
    )


def handed(viewer: User, now: datetime, seen: int = 0) -> Handed | None:
    """What the line says; None when there is nothing to say. One query."""
    by = list(
        handed_to(viewer, now, seen)
        .values("actor")
        .annotate(leads=Count("id"), who=Max("actor_name"), since=Min("occurred_at"))
    )
    if not by:
        return None
    return Handed(
        leads=sum(row["leads"] for row in by),
        who=by[0]["who"] if len(by) == 1 else "",
        day=moments.day(min(row["since"] for row in by), timezone.get_current_timezone(), now),
    )
