"""The file of the rows that were refused: to mend in a spreadsheet and to bring in again.

The cells are those of the file that came, one column says what to do. A spreadsheet must not take a cell for a
formula, and what comes back must be what it was: an apostrophe in front goes on and comes off again, in every cell
alike. So a file that we wrote has to be told from anybody else's: by its last column.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Protocol

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext

from ..models import Import
from ..models.imports import Outcome
from ..spreadsheet import FORMULA

#: By this a spreadsheet knows a file in UTF-8.
BOM = "\ufeff"
#: A cell that a spreadsheet would compute, or that would look like one with the apostrophe taken off.
_RISKY = re.compile(rf"'*[ \u00a0\ufeff]*[{FORMULA}]")
_GUARDED = re.compile(rf"'+[ \u00a0\ufeff]*[{FORMULA}]")
#: So many rows are fetched and written at a time.
_STEP = 500

#: What the old file had in the row, and what is to be done about it.
Refusal = tuple[Sequence[str], str]


class Writer(Protocol):
    """A ``csv.writer``."""

    def writerow(self, row: Iterable[Any], /) -> Any: ...


def guard(cell: str) -> str:
    """The cell as a spreadsheet leaves it alone: ``+31 6 1234`` → ``'+31 6 1234``. Undone by ``unguard``."""
    return f"'{cell}" if _RISKY.match(cell) else cell


def unguard(cell: str) -> str:
    """The cell as it was before ``guard``; what somebody typed in the spreadsheet stays as typed."""
    return cell[1:] if _GUARDED.match(cell) else cell


def what_to_do() -> str:
    """The head of the column that we add."""
    return pgettext("column of a file", "What to do")


# ---- out


def refusals(imp: Import) -> Iterator[Refusal]:
    """The rows of an import that were refused, in the order of the file."""
    rows = imp.imported_rows.filter(outcome=Outcome.REFUSED.value).order_by("line")
    for row in rows.only("line", "sentence", "cells").iterator(chunk_size=_STEP):
        said = pgettext("what to do", "Line %(line)d: %(sentence)s")
        yield row.cells or [], said % {"line": row.line, "sentence": row.sentence}


def write_errors(writer: Writer, header: Sequence[str], rows: Iterable[Refusal]) -> None:
    """Writes the labels of the columns and ours, and the rows."""
    writer.writerow([guard(cell) for cell in (*header, what_to_do())])
    for row in rows:
        _write_row(writer, len(header), row)


def _write_row(writer: Writer, width: int, row: Refusal) -> None:
    cells, sentence = row
    # What stood beyond the last column stays beyond it: it was refused for that, and must not slip in.
    own = [*cells[:width], *[""] * (width - len(cells))]
    writer.writerow([guard(str(cell)) for cell in (*own, sentence, *cells[width:])])


class _Pieces:
    """A file that only remembers what was written last."""

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> None:
        self.text += text

    def taken(self) -> str:
        text, self.text = self.text, ""
        return text


def as_pieces(header: Sequence[str], rows: Iterable[Refusal]) -> Iterator[str]:
    """The file in pieces of text, the first with the mark by which spreadsheets know the encoding."""
    pieces = _Pieces()
    # With both characters at the end of a line, a lone one inside a cell is quoted as well.
    writer = csv.writer(pieces, lineterminator="\r\n")
    yield BOM
    write_errors(writer, header, ())
    yield pieces.taken()
    for row in rows:
        _write_row(writer, len(header), row)
        if len(pieces.text) > 1 << 16:
            yield pieces.taken()
    yield pieces.taken()


# ---- and in again


def is_ours(labels: Sequence[str]) -> bool:
    """Whether these are the columns of a file that we wrote: the last one is ours, in whatever language."""
    return len(labels) > 1 and labels[-1].strip() in _names()


@cache
def _names() -> frozenset[str]:
    names = set()
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            names.add(what_to_do())
    return frozenset(names)


def given_back(labels: Sequence[str], records: Iterable[Any]) -> Iterator[str]:
    """A file of ours without what we put into it: the column gone, the apostrophes off; in pieces of text.

    In: its labels and its records as they are read (``cells``). A row with too many cells keeps those beyond, and is
    refused for them once more.
    """
    at = len(labels) - 1
    yield _quoted([unguard(label) for label in labels[:at]])
    for record in records:
        cells = [unguard(cell) for cell in record.cells]
        yield _quoted(cells[:at] + cells[at + 1 :])


def _quoted(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerow(cells)
    return out.getvalue()
