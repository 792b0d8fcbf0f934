"""What somebody who leaves the office still has in hand. Reads only."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from lifecycle.states import WORKING, State

from ..imports.drafts import drafts
from ..models import Import, Lead, Phase, User

_OPEN = [s.value for s in WORKING]
_AT_WORK = (Phase.WAITING, Phase.RUNNING, Phase.UNDOING)


@dataclass(frozen=True, slots=True)
class Holdings:
    """``stages``: open leads by stage. ``due``: of those, new ones whose first contact is owed. ``put_away``: closed,
    archived and trashed leads, which stay under the name. ``imports``: files on their way in or being prepared."""

    stages: list[tuple[str, int]]
    due: int
    put_away: int
    imports: int

    @property
    def open(self) -> int:
        return sum(n for _, n in self.stages)


def open_leads(person: User) -> QuerySet[Lead]:
    """The leads that are handed on, with what a plan needs of them."""
    held = Lead.objects.filter(agent=person, status__in=_OPEN).select_related("agent")
    wanted = ("name", "status", "version", "stage_entered_at", "agent__display_name", "agent__is_active")
    return held.only(*wanted).order_by("pk")


def read_holdings(person: User) -> Holdings:
    """Three queries."""
    owed = Count("pk", filter=Q(status=State.NEW.value, first_contact_due_at__isnull=False, first_contact_at=None))
    rows = Lead.objects.filter(agent=person).exclude(status="").order_by().values("status")
    found = {row["status"]: row for row in rows.annotate(n=Count("pk"), owed=owed)}
    own = Import.objects.filter(actor=person)
    return Holdings(
        stages=[(state.label, found[state.value]["n"]) for state in State if state in WORKING and state.value in found],
        due=sum(row["owed"] for row in found.values()),
        put_away=sum(row["n"] for status, row in found.items() if status not in _OPEN),
        imports=own.filter(phase__in=_AT_WORK).count() + drafts().filter(actor=person).count(),
    )
