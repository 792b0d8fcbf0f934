"""Whether what was found when a file was checked is still what would be found.

A check reads every row of a file; it is worth what the mapping and the choices about duplicates were then. Kept in the
import's survey (``checked``): one word for how the file is read, one for what was chosen.
"""

import json
from hashlib import sha256
from typing import Any

from django.db import transaction

from ..models import Import, User
from ..models.imports import Phase
from .phases import begin_check, start


def check(imp: Import) -> Import:
    """Hands the file to a worker that looks at every row; what it finds belongs to mapping and choices as they are."""
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=imp.pk)
        locked.survey = {**locked.survey, "checked": [_reading(locked), _choices(locked)]}
        if locked.phase == Phase.FAILED and locked.started_at is None:
            locked.phase = Phase.DRAFT.value  # A check that stopped begins anew.
        locked.save(update_fields=["survey", "phase"])
        return begin_check(locked)


class Changed(Exception):
    """Something was chosen otherwise since the figures were found."""


def start_as_shown(imp: Import, figures: str, *, actor: User | None = None) -> Import:
    """Lets the file come in, if the figures that a person saw (``figures``) are still those. Raises ``Changed``."""
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=imp.pk)
        if locked.phase == Phase.CHECKED and not (is_fresh(locked) and figures == figures_of(locked)):
            raise Changed
        return start(locked, actor=actor)


def figures_of(imp: Import) -> str:
    """One word for what the figures of the check belong to."""
    return "-".join(imp.survey.get("checked", []))


def rows_fit(imp: Import) -> bool:
    """Whether the rows that were found are those of the file as it would be read now."""
    return imp.phase == Phase.CHECKED and imp.survey.get("checked", [""])[0] == _reading(imp)


def is_fresh(imp: Import) -> bool:
    """Whether, besides, the figures are those of what is chosen now."""
    return rows_fit(imp) and imp.survey["checked"][1:] == [_choices(imp)]


def _reading(imp: Import) -> str:
    return _word({name: value for name, value in imp.mapping.items() if name != "duplicates"})


def _choices(imp: Import) -> str:
    return _word([imp.mapping.get("duplicates"), imp.decisions])


def _word(about: Any) -> str:
    return sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16]
