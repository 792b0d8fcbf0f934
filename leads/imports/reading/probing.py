"""A file is looked at, or read from the first row to the last."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

from django.utils.translation import gettext

from . import limits
from .columns import check_header, check_width, fitted, labels, taken_apart, width
from .delimiters import crushed_by, delimiter_of, told
from .doubts import doubts
from .fitting import encodings, is_damaged_utf8, letters_of
from .kinds import check_head, is_workbook
from .letters import check_encoding, encoding_label
from .lines import Lines
from .shapes import BadFile, Probe, Record, Shape
from .text import check_delimiter, raw_rows
from .unpacked import unpacked
from .workbook import Sheet, sheet_rows


def probe(path: Path, shape: Shape | None = None) -> Probe:
    """What a file looks like, in the given shape or in the one that fits best; ``""`` in a shape is found out.

    The whole file is decoded once, but only its first rows are read. Raises ``BadFile``.
    """
    fits: list[str] = []
    if is_workbook(path):
        shape = Shape("", "", sheet=True)
    else:
        shape, fits = _text_shape(path, shape or Shape("", ""))
    with _opened(path, shape) as raw:
        sheets = (raw.name, raw.others) if isinstance(raw, Sheet) else None
        sample = list(islice(raw, limits.SAMPLE_ROWS))
        if shape.sheet:
            shape = replace(shape, delimiter=crushed_by([record.cells for record in sample]))
        header, below = _table(chain(sample, raw), shape)
        first = list(islice(below, limits.FIRST_ROWS))
    if not first:
        raise BadFile(gettext("The file has the names of columns and no rows below them."))
    names = labels(header)
    return Probe(shape, names, first, doubts(shape, header, first, sheets), fits)


def records(path: Path, shape: Shape) -> Iterator[Record]:
    """The rows below the header, one at a time, in the shape that ``probe`` gave.

    Raises ``BadFile``, also in the middle of the file.
    """
    if is_workbook(path) != shape.sheet or not (shape.sheet or (shape.encoding and shape.delimiter)):
        shape = probe(path, shape).shape
    with _opened(path, shape) as raw:
        yield from _table(raw, shape)[1]


def _opened(path: Path, shape: Shape) -> AbstractContextManager[Iterator[Record]]:
    return sheet_rows(path) if shape.sheet else raw_rows(path, shape)


def _table(raw: Iterator[Record], shape: Shape) -> tuple[list[str], Iterator[Record]]:
    """The cells of the header that count, and the rows that follow."""
    first = next((record for record in raw if record.problem or any(map(str.strip, record.cells))), None)
    if first is None:
        raise BadFile(gettext("The file has no rows."))
    check_header(first)
    cells = first.cells
    if len(cells) == 1 and shape.delimiter:
        cells = taken_apart(cells[0], shape.delimiter) or cells
    sample = list(islice(raw, limits.SAMPLE_ROWS))
    count = width(cells, sample)
    check_width(first.line, count)
    return cells[:count], fitted(chain(sample, raw), count, shape.delimiter, shape.sheet)


def _text_shape(path: Path, chosen: Shape) -> tuple[Shape, list[str]]:
    """The shape of a text file, and the encodings in which it can be read."""
    if chosen.delimiter:
        check_delimiter(chosen.delimiter)
    with unpacked(path) as source:
        found = letters_of(source)
    if not found.head:
        raise BadFile(gettext("The file is empty."))
    fits = encodings(found)
    check_head(found.head, fits[0])
    encoding = check_encoding(chosen.encoding) if chosen.encoding else fits[0]
    if encoding == "utf-16" and fits[0].startswith(encoding):
        encoding = fits[0]  # without the mark at the beginning it must be told which of the two it is
    hint = gettext("Try %(encoding)s.") % {"encoding": encoding_label(fits[0])} if encoding != fits[0] else ""
    if is_damaged_utf8(found) and not chosen.encoding:
        encoding = "utf-8"
        hint = gettext("Everything else is UTF-8: correct this place in the file, or choose another encoding.")
    if encoding not in found.fits and encoding not in found.narrow:
        _read_through(path, encoding, hint)
    text = found.head.decode(encoding, "ignore").removeprefix("\ufeff")
    return Shape(encoding, chosen.delimiter or told(text) or delimiter_of(text)), fits


def _read_through(path: Path, encoding: str, hint: str) -> None:
    """Raises ``BadFile`` at the first byte that means nothing in this encoding."""
    with unpacked(path) as source:
        for _ in Lines(source, encoding, hint):
            pass
