"""The demo office brings in an old export, by the way of every import: so its page and its leads look like any other."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from leads.imports import running
from leads.imports.mapping import read_mapping
from leads.models import Import, Phase, User

from .old_rows import COLUMNS, FILE_NAME, MAPPING, SOURCE


def is_in(key: UUID) -> bool:
    """Whether it came in, whatever became of it since. In: the name of the import."""
    return Import.objects.filter(pk=key).exclude(phase=Phase.RUNNING.value).exists()


def bring_in(key: UUID, text: str, actor: User) -> Import:
    """Brings the export in, or goes on where it was interrupted; done already, it does nothing.

    In: the name of the import, always the same; the file; who it is done for.
    """
    made = Import.objects.filter(pk=key).first() or _begun(key, text, actor)
    if made.phase != Phase.RUNNING:
        return made
    with TemporaryDirectory() as folder:
        path = Path(folder) / FILE_NAME
        path.write_text(text, encoding="utf-8", newline="")
        return running.run(made, path)


def counted(key: UUID) -> Mapping[str, int]:
    """What came of its rows, by outcome."""
    made = Import.objects.filter(pk=key).first()
    return {} if made is None else made.counts


@transaction.atomic
def _begun(key: UUID, text: str, actor: User) -> Import:
    now = timezone.now()
    return Import.objects.create(
        uuid=key,
        actor=actor,
        actor_name=actor.display_name,
        source=SOURCE,
        file_name=FILE_NAME,
        mapping=read_mapping(MAPPING).as_json(),
        phase=Phase.RUNNING.value,
        survey={"header": list(COLUMNS), "digest": hashlib.sha256(text.encode()).hexdigest()},
        made_at=now,
        started_at=now,
        beat_at=now,
    )
