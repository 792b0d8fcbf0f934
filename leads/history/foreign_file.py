"""Reads the history of another system through a mapping, from any file that the import of leads can read."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from leads.imports import reading
from lifecycle.errors import Refused

from .changes import Changes
from .mapping import HistoryMapping
from .reader import BadFile, History
from .shelf import Shelf
from .story import story


def read_mapped(
    path: Path, mapping: HistoryMapping, zone: ZoneInfo, shelf: Shelf, tick: Callable[[], object] = int
) -> History:
    """The rows that matter, laid on the shelf; the others are counted and gone.

    In: the office's zone, in which times without an offset are read unless the mapping names another; ``tick`` is
    called for every row. Raises ``BadFile``.
    """
    try:
        _check_size(path)
        return _read(path, mapping, zone, shelf, tick)
    except reading.BadFile as problem:
        raise BadFile(problem.sentence) from problem
    except OSError as problem:
        raise BadFile(f"{path} cannot be read: {problem}.") from problem


def _check_size(path: Path) -> None:
    # Half a history is no history, so that the advice to split a list of leads would be wrong here.
    has, most = path.stat().st_size, settings.IMPORT_MOST_MEGABYTES
    if has > most * 1024 * 1024:
        raise BadFile(
            f"The file has {has // 1024 // 1024} MB, and IMPORT_MOST_MEGABYTES lets {most} in. "
            "Set it higher for this command."
        )


def _read(path: Path, mapping: HistoryMapping, zone: ZoneInfo, shelf: Shelf, tick: Callable[[], object]) -> History:
    # An encoding or delimiter that is left open is found out.
    wanted = reading.Shape(mapping.encoding, mapping.delimiter)
    probe = reading.probe(path, wanted if mapping.encoding or mapping.delimiter else None)
    missing = [label for label in mapping.columns if label not in probe.header]
    if missing:
        raise BadFile(f"The header lacks {', '.join(missing)}. It has {', '.join(probe.header[:30])}.")
    history = History(shelf)
    changes = Changes(mapping, probe.header, zone, history)
    history.story = partial(story, numbered=changes.numbered)
    for record in reading.records(path, probe.shape):
        history.rows += 1
        tick()
        try:
            row = changes.read(record)
        except Refused as unreadable:
            shelf.lay_problem(changes.lead(record), record.line, f"{unreadable.field}: {unreadable.sentence}")
        except ValueError as unreadable:
            shelf.lay_problem(changes.lead(record), record.line, str(unreadable))
        else:
            if row is not None:
                shelf.lay(changes.lead(record), row)
    return history
