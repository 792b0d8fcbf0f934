"""When an import told where a lead stands: nothing that our rules count began before that. Reads only."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, QuerySet

from ..events import Source
from ..models import LeadEvent


def last_told(lead_ids: Collection[int]) -> dict[int, datetime]:
    """When the newest imported fact about the stage of each of these leads was recorded; those without are not in it.

    An import that is taken up again tells anew. One query.
    """
    return dict(_told().filter(lead__in=lead_ids).values_list("lead_id").annotate(at=Max("recorded_at")))


def told_after(moment: datetime) -> Exists:
    """The condition "an import told of its stage after this instant", for a queryset of leads."""
    return Exists(_told().filter(lead=OuterRef("pk"), recorded_at__gt=moment))


def _told() -> QuerySet[LeadEvent]:
    return LeadEvent.objects.filter(source=Source.IMPORT.value).exclude(to_status="").order_by()
