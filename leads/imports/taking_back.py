"""What taking an import back would do, before it is done. Reads only; ``undoing`` does it."""

from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from lifecycle.events import Source
from lifecycle.models import LeadEvent

from ..models import Import, ImportedRow, Lead
from ..models.imports import Outcome, Phase

#: So many of the leads that would stay are named.
NAMED = 10


@dataclass(frozen=True, slots=True)
class Prospect:
    """How many leads would go to the trash, how many stay since somebody has worked with them, and some of those."""

    go: int
    stay: int
    staying: list[Lead]

    @property
    def more(self) -> int:
        return self.stay - len(self.staying)


def may_be_taken_back(imp: Import) -> bool:
    """Whether it brought anything that it could take back, and nobody is at it."""
    ended = imp.phase == Phase.DONE or (imp.phase == Phase.FAILED and imp.started_at is not None)
    return ended and bool(imp.counts.get(Outcome.CREATED.value, 0) or imp.counts.get(Outcome.TAKEN_UP.value, 0))


def prospect(imp: Import) -> Prospect:
    """Looks at the newest fact of every lead that the import brought; three queries."""
    brought, stay = _brought(imp), _touched(imp)
    staying = stay.select_related("lead", "lead__agent").order_by("line")[:NAMED]
    n = stay.count()
    return Prospect(brought.count() - n, n, [row.lead for row in staying if row.lead is not None])


def _brought(imp: Import) -> QuerySet[ImportedRow]:
    outcomes = (Outcome.CREATED.value, Outcome.TAKEN_UP.value)
    return ImportedRow.objects.filter(of=imp, outcome__in=outcomes, lead__isnull=False)


def _touched(imp: Import) -> QuerySet[ImportedRow]:
    """By the rule of the withdrawal itself: what Scribe's round writes is nobody's work."""
    worked = LeadEvent.objects.filter(lead=OuterRef("lead")).exclude(source=Source.SCHEDULE.value)
    newest = Subquery(worked.order_by("-version").values("batch")[:1])
    return _brought(imp).annotate(newest=newest).filter(~Q(newest=imp.uuid) | Q(newest=None))
