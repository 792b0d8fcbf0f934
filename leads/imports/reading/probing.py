"""A file is looked at, or read from the first row to the last."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from itertools import chain, islice
from pathlib import Path

from django.utils.translation import gettext

from . import limits
from .columns import check_header, fitted, labels, taken_apart, width
from .delimiters import DELIMITERS, delimiter_of, told
from .fitting import encodings, letters_of
from .kinds import check_head, is_workbook
from .shapes import BadFile, Probe, Record, Shape
from .text import raw_rows
from .unpacked import unpacked
from .workbook import sheet_rows


def probe(path: Path, shape: Shape | None = None) -> Probe:
    """What a file looks like, in the given shape or in the one that fits best. Raises ``BadFile``."""
    fits: list[str] = []
    if is_workbook(path):
        shape = Shape("", _crushed_in(path), sheet=True)
    else:
        shape, fits = _text_shape(path, shape)
    table = _Table(path, shape)
    with table.opened() as raw:
        header, records = table.header(raw)
        first = list(islice(records, limits.FIRST_ROWS))
    if not first:
        raise BadFile(gettext("The file has the names of columns and no rows below them."))
    return Probe(shape, labels(header), first, [], fits)


def records(path: Path, shape: Shape) -> Iterator[Record]:
    """The rows below the header, one at a time. Raises ``BadFile``, also in the middle of the file."""
    table = _Table(path, shape)
    with table.opened() as raw:
        yield from table.header(raw)[1]


class _Table:
    def __init__(self, path: Path, shape: Shape) -> None:
        self.path, self.shape = path, shape

    def opened(self) -> AbstractContextManager[Iterator[Record]]:
        return sheet_rows(self.path) if self.shape.sheet else raw_rows(self.path, self.shape)

    def header(self, raw: Iterator[Record]) -> tuple[list[str], Iterator[Record]]:
        """The cells of the header that count, and the rows that follow."""
        delimiter, pad = self.shape.delimiter, self.shape.sheet
        first = next((record for record in raw if record.problem or any(map(str.strip, record.cells))), None)
        if first is None:
            raise BadFile(gettext("The file has no rows."))
        check_header(first)
        cells = first.cells
        if len(cells) == 1 and delimiter and (apart := taken_apart(cells[0], delimiter)):
            cells = apart
        sample = list(islice(raw, limits.SAMPLE_ROWS))
        count = width(cells, sample)
        return cells[:count], fitted(chain(sample, raw), count, delimiter, pad)


def _text_shape(path: Path, chosen: Shape | None) -> tuple[Shape, list[str]]:
    with unpacked(path) as source:
        found = letters_of(source)
    fits = encodings(found)
    encoding = chosen.encoding if chosen and chosen.encoding else fits[0]
    check_head(found.head, fits[0])
    if chosen and chosen.delimiter:
        return Shape(encoding, chosen.delimiter), fits
    text = found.head.decode(encoding, "ignore").removeprefix("\ufeff")
    first_line = text.splitlines()[0] if text.strip() else ""
    return Shape(encoding, told(first_line) or delimiter_of(text)), fits


def _crushed_in(path: Path) -> str:
    """The delimiter inside the cells of a workbook whose rows all stand in the first column, else ``""``."""
    with sheet_rows(path) as raw:
        sample = list(islice(raw, limits.FIRST_ROWS))
    if len(sample) < 2 or any(len(record.cells) != 1 for record in sample):
        return ""
    for delimiter in DELIMITERS:
        counts = [len(taken_apart(record.cells[0], delimiter)) for record in sample]
        if counts[0] > 1 and counts.count(counts[0]) * 10 >= len(counts) * 9:
            return delimiter
    return ""
