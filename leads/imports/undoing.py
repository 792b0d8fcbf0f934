"""An import is taken back: what nobody has touched since goes to the trash by a fact; nothing is deleted."""

from collections import Counter

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from lifecycle.errors import NotYours
from lifecycle.service import importing, tallying

from ..models import Import, ImportedRow, Outcome, Phase
from .running import not_allowed, stop

STEP = 300


def undo(made: Import) -> Import:
    """Takes leads back from where it stopped, some hundred in a transaction; out: the import as it is then."""
    while made.phase == Phase.UNDOING:
        try:
            with transaction.atomic():
                made = _step(made)
        except NotYours:
            return stop(made, not_allowed(made.undone_by))
    tallying.move_on()
    return made


def _step(made: Import) -> Import:
    locked = Import.objects.select_for_update().get(pk=made.pk)
    if locked.phase != Phase.UNDOING:
        return locked
    brought = (Outcome.CREATED.value, Outcome.TAKEN_UP.value)
    found = ImportedRow.objects.filter(of=locked, outcome__in=brought, id__gt=locked.undo_after, lead__isnull=False)
    rows = list(found.order_by("id")[:STEP])
    now = timezone.now()
    if rows:
        done = importing.withdraw(
            lead_ids=[row.lead_id for row in rows if row.lead_id], batch=locked.uuid, actor=locked.undone_by, now=now
        )
        kept = set(done.touched)
        stayed = [row.pk for row in rows if row.lead_id in kept]
        sentence = gettext("Somebody has worked with this lead since it came in, so it stays.")
        ImportedRow.objects.filter(pk__in=stayed).update(outcome=Outcome.KEPT.value, sentence=sentence)
        gone = [row.pk for row in rows if row.lead_id not in kept]
        ImportedRow.objects.filter(pk__in=gone).update(outcome=Outcome.WITHDRAWN.value)
        locked.counts = dict(Counter(locked.counts) + Counter(withdrawn=len(gone), kept=len(stayed)))
        locked.undo_after = rows[-1].pk
    else:
        locked.phase, locked.undone_at = Phase.UNDONE.value, now
    locked.beat_at = now
    locked.save()
    return locked
