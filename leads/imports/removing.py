"""Files of other systems are personal data: they go when nobody needs them any more. ``run_due`` sees to it."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from ..models import Import, ImportedRow
from ..models.imports import Phase
from .drafts import discard, drafts
from .receiving import put_away

#: How long a file lies here after it was imported, and a draft after it was begun.
KEPT_DAYS = 30


def remove_old(now: datetime) -> tuple[int, int]:
    """Removes drafts that nobody finished, and of imports that are over the file and the cells of refused rows.

    What an import did stays: its counts, which line made which lead, the sentence of a refusal. Out: how many drafts
    and how many files went.
    """
    before = now - timedelta(days=KEPT_DAYS)
    gone = sum(discard(draft) for draft in list(drafts().filter(made_at__lt=before)))
    over = list(_over(before))
    for made in over:
        ImportedRow.objects.filter(of=made, cells__isnull=False).update(cells=None)
        put_away(made)
        made.save(update_fields=["file"])
    return gone, len(over)


def _over(before: datetime) -> QuerySet[Import]:
    done = Q(phase__in=(Phase.DONE, Phase.UNDONE), finished_at__lt=before)
    # What stopped in the middle can be carried on with its file; after so long nobody will.
    stopped = Q(phase=Phase.FAILED, started_at__lt=before)
    return Import.objects.filter(done | stopped).exclude(file="")
