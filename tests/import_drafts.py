"""Imports that stand at some step of their way, for the tests of its pages."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from leads.imports.mapping import Mapping as FileMapping
from leads.imports.mapping import read_mapping
from leads.models import Import, User
from leads.pages.imports.steps import NAMED
from tests.factories import bruna


def draft(
    text: str | bytes = "Name,E-mail\nDana Whitfield,dana@example.com\n",
    *,
    mapping: FileMapping | None = None,
    survey: Mapping[str, Any] | None = None,
    done: Iterable[str] = (),
    actor: User | None = None,
    **fields: Any,
) -> Import:
    """An import of a file with this text, with this mapping and survey, whose steps ``done`` were answered."""
    actor = actor or bruna()
    data = text.encode() if isinstance(text, str) else text
    made = Import(
        actor=actor,
        actor_name=actor.display_name,
        made_at=fields.pop("made_at", None) or timezone.now(),
        file_name=fields.pop("file_name", "leads.csv"),
        mapping=(mapping or FileMapping()).as_json(),
        **fields,
    )
    found = {"header": data.decode("latin-1").splitlines()[0].split(","), **(survey or {})}
    read = read_mapping(made.mapping)
    made.survey = {**found, "steps": {name: NAMED[name].basis(read, found) for name in done}}
    made.file.save("upload", ContentFile(data), save=False)
    made.save()
    return made
