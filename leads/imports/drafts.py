"""Imports that have written nothing yet: they may be changed, and thrown away."""

from django.db.models import Q, QuerySet

from ..models import Import
from ..models.imports import Phase
from .receiving import put_away

_PREPARED = (Phase.DRAFT, Phase.CHECKING, Phase.CHECKED)


def is_editable(imp: Import) -> bool:
    """Whether its steps are open. One that stopped while it was checked has written nothing either."""
    return imp.phase in _PREPARED or (imp.phase == Phase.FAILED and imp.started_at is None)


def drafts() -> QuerySet[Import]:
    """All of them."""
    return Import.objects.filter(Q(phase__in=_PREPARED) | Q(phase=Phase.FAILED, started_at=None))


def discard(draft: Import) -> bool:
    """Removes a draft with its file; False when it was started meanwhile, or is gone."""
    gone, _ = drafts().filter(pk=draft.pk).delete()
    if gone:
        put_away(draft)
    return bool(gone)
