"""The rows behind a figure: the very statement that counts them, as a queryset."""

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from lifecycle.history.statement import Statement
from lifecycle.models import LeadEvent

from ..models import Lead


def leads_of(ids: Statement) -> QuerySet[Lead]:
    """In: a statement that gives ids of leads."""
    return Lead.objects.filter(pk__in=RawSQL(ids.sql, ids.params))


def facts_of(ids: Statement) -> QuerySet[LeadEvent]:
    """In: a statement that gives ids of facts."""
    return LeadEvent.objects.filter(pk__in=RawSQL(ids.sql, ids.params))
