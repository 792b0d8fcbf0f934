"""Somebody leaves the office: once their book is handed on, an admin can close the account."""

from django.db.models import Exists, OuterRef

from lifecycle.models import Batch
from lifecycle.states import WORKING

from ..models import Lead, User
from .results import facts_of

#: The reason that says so.
DEPARTED = "agent_departed"


def emptied(batch: Batch, viewer: User) -> list[User]:
    """Whom an admin can deactivate now: gave leads in this batch for that reason, and holds no open one any more.

    At most one query, none for anybody but an admin.
    """
    if batch.finished_at is None or batch.reason != DEPARTED or not viewer.is_office_admin:
        return []
    before = facts_of(batch).order_by().values("agent")
    held = Lead.objects.filter(agent=OuterRef("pk"), status__in=[s.value for s in WORKING])
    people = User.objects.filter(pk__in=before, is_active=True).exclude(pk=viewer.pk).exclude(Exists(held))
    return list(people.order_by("display_name"))
