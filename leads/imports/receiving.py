"""A file arrives: it is put away where nobody is served from, looked at, and nothing of it stays when it is refused."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from django.core.files import File

from ..models import Import, SavedMapping, User
from ..models.imports import private_files
from .mapping import Mapping, readable
from .mending import give_back, is_mended
from .reading import BadFile, Probe, Shape, probe
from .sources import suggest_source

_NAME_MOST = Import._meta.get_field("file_name").max_length


def receive(
    upload: File, *, actor: User, now: datetime, source: str = "", encoding: str = "", saved: SavedMapping | None = None
) -> Import:
    """A draft of an import with this file in the private storage. Raises ``BadFile``, and then nothing is left.

    In: the uploaded file, read in pieces; the system it comes from and how its letters are written, both found out
    when they are not told; a mapping that was saved before, of which is taken what fits the file.
    """
    made = Import(actor=actor, actor_name=actor.display_name, source=source, made_at=now)
    made.file_name = shown_name(upload.name or "")
    try:
        made.file.save("upload", upload, save=False)
        path = Path(made.file.path)
        seen, mapping = _look(path, encoding, saved)
        mended = is_mended(seen)
        if mended:
            give_back(path, seen)
            seen, mapping = _look(path, "", saved)
        made.source = source or suggest_source(seen.header)
        made.mapping = mapping.as_json()
        made.survey = survey_of(seen) | {"saved": saved.name if saved else "", "mended": mended}
        made.save()
    except BaseException:
        put_away(made)
        raise
    return made


def survey_of(seen: Probe) -> dict[str, object]:
    """What an import keeps of a look at its file: no rows, they are in the file."""
    return {"header": seen.header, "sheet": seen.shape.sheet, "encodings": seen.encodings}


def put_away(made: Import) -> None:
    """Removes the file of an import, whole or half, and the folder that was its own. The import is the caller's."""
    folder, lying = str(made.uuid), private_files()
    if lying.exists(folder):
        for name in lying.listdir(folder)[1]:
            lying.delete(f"{folder}/{name}")
        lying.delete(folder)
    made.file = ""


def shown_name(name: str) -> str:
    """The name of a file as it may be shown and kept: nothing in it that is not seen."""
    seen = "".join(c for c in name if c.isprintable() and not "\ud800" <= c <= "\udfff").strip()
    return seen[:_NAME_MOST] or "file"


def fitting(mapping: Mapping, header: Iterable[str], shape: Shape) -> Mapping:
    """What of a mapping holds for a file with this header and shape."""
    labels = set(header)
    columns = {label: role for label, role in mapping.columns.items() if label in labels}
    return replace(mapping, columns=columns, encoding=shape.encoding, delimiter=shape.delimiter)


def _look(path: Path, encoding: str, saved: SavedMapping | None) -> tuple[Probe, Mapping]:
    seen = probe(path, Shape(encoding, "") if encoding else None)
    mapping = readable(saved.mapping) if saved else Mapping()
    wanted = Shape(encoding or mapping.encoding or seen.shape.encoding, mapping.delimiter or seen.shape.delimiter)
    if not seen.shape.sheet and wanted != seen.shape and wanted.encoding in seen.encodings:
        try:
            again = probe(path, wanted)
        except BadFile:
            return seen, fitting(mapping, seen.header, seen.shape)
        # The last file of this system was read so; this one may have been saved by another program.
        if len(set(again.header) & set(mapping.columns)) >= len(set(seen.header) & set(mapping.columns)):
            seen = again
    return seen, fitting(mapping, seen.header, seen.shape)
