"""Files of other systems are personal data: they go when nobody needs them any more. ``run_due`` sees to it."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from ..models import Import, ImportedRow
from ..models.imports import Outcome, Phase
from .drafts import discard, drafts
from .receiving import put_away

#: How long a file lies here after it was imported, and a draft after it was begun.
KEPT_DAYS = 30
#: What a survey holds of words of the file; nobody asks for them once it is in.
_QUOTED = ("statuses", "owners", "dates")
_CLEARED = "cleared"


def remove_old(now: datetime) -> tuple[int, int]:
    """Removes drafts that nobody finished, and of imports that are over the file and whatever was quoted from it.

    What an import did stays: its counts, which line made which lead. Sentences go with the cells, they quote them or
    name people. Out: how many drafts and how many files went.
    """
    before = now - timedelta(days=KEPT_DAYS)
    gone = sum(discard(draft) for draft in list(drafts().filter(made_at__lt=before)))
    over = list(_over(before))
    for made in over:
        rows = ImportedRow.objects.filter(of=made)
        rows.filter(cells__isnull=False).update(cells=None)
        # Of a lead that stayed it is said only that.
        rows.exclude(sentence="").exclude(outcome=Outcome.KEPT.value).update(sentence="")
        put_away(made)
        made.survey = {name: found for name, found in made.survey.items() if name not in _QUOTED} | {_CLEARED: True}
        made.save(update_fields=["file", "survey"])
    return gone, len(over)


def _over(before: datetime) -> QuerySet[Import]:
    done = Q(phase__in=(Phase.DONE, Phase.UNDONE), finished_at__lt=before)
    # Taken back after it had stopped: it never finished.
    undone = Q(phase=Phase.UNDONE, finished_at=None, undone_at__lt=before)
    # What stopped in the middle can be carried on with its file; after so long nobody will.
    stopped = Q(phase=Phase.FAILED, started_at__lt=before)
    # A command brings rows without a file that is kept, and their cells go too.
    return Import.objects.filter(done | undone | stopped).exclude(survey__has_key=_CLEARED)
