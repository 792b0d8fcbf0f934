"""Lines → rows of cells, each with the line on which it begins."""

import csv
from collections.abc import Iterator

from django.utils.translation import gettext

from leads.board.mix import grouped

from . import limits
from .lines import Lines, never_closed
from .shapes import BadFile, Record

_HALF = range(0xD800, 0xE000)


def rows(lines: Lines, delimiter: str) -> Iterator[Record]:
    """All rows that are not empty, as they stand. Raises ``BadFile``.

    The reader is strict: a quotation mark that stands wrong is reported with its line and not read as something else.
    """
    reader = csv.reader(iter(lines), delimiter=delimiter, strict=True)
    at = 1
    while True:
        lines.row_at = at
        try:
            for cells in reader:
                end = reader.line_num
                if cells:
                    wrong = unusable(at, cells) if lines.careful or end > at else ""
                    yield Record(at, cells, wrong)
                lines.row_at = at = end + 1
            return
        except csv.Error as error:
            yield _misread(str(error), at, reader.line_num, lines)
            at = reader.line_num + 1


def _misread(error: str, at: int, end: int, lines: Lines) -> Record:
    if "end of data" in error:
        raise never_closed(at)
    if "field larger" in error:
        raise never_closed(at) if end > at else too_long_a_cell(at)
    if end > at:
        sentence = gettext(
            "A quotation mark opened on line %(line)s is closed only on line %(end)s, and text follows right "
            "after it: one is missing or too many."
        )
    else:
        sentence = gettext(
            "Text follows right after a closing quotation mark. A quotation mark inside a cell is written twice."
        )
    return Record(at, [lines.raw(at, end)], sentence % {"line": at, "end": end})


def unusable(line: int, cells: list[str]) -> str:
    """The sentence when a cell holds what no text may, ``""`` otherwise. Raises ``BadFile`` for a cell without end."""
    for cell in cells:
        if len(cell) > limits.CELL_MOST:
            raise too_long_a_cell(line)
        if "\0" in cell:
            return gettext("A cell holds the character NUL, which no text may have.")
        if not cell.isascii() and any(ord(letter) in _HALF for letter in cell):
            return gettext("A cell holds half a character: the file was damaged when it was written.")
    return ""


def too_long_a_cell(line: int) -> BadFile:
    return BadFile(
        gettext("A cell on line %(line)s is longer than %(most)s characters.")
        % {"line": line, "most": grouped(limits.CELL_MOST)}
    )
