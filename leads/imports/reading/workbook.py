"""An Excel workbook as a table: the first sheet that has rows."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from django.utils.translation import gettext
from openpyxl import load_workbook
from openpyxl.styles.numbers import is_datetime

from . import limits
from .parts import BROKEN, check_parts
from .rows import unusable
from .shapes import BadFile, Record


class Sheet:
    """The rows of a sheet that are not empty; ``others``: names of the sheets that are left aside."""

    def __init__(self, name: str, others: list[str], rows: Iterator[Record]) -> None:
        self.name, self.others, self._rows = name, others, rows

    def __iter__(self) -> Iterator[Record]:
        return self._rows

    def __next__(self) -> Record:
        return next(self._rows)


@contextmanager
def sheet_rows(path: Path) -> Iterator[Sheet]:
    """All rows that are not empty, the header first; ends are left out where they are empty."""
    check_parts(path)
    warnings.filterwarnings("ignore", module="openpyxl")
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except BROKEN as broken:
            raise damaged() from broken
        yield _first_with_rows(book)


def damaged() -> BadFile:
    return BadFile(
        gettext(
            "The workbook cannot be read: it is damaged, or no Excel made it. Open it in Excel and save it once "
            "more as .xlsx or CSV."
        )
    )


def _first_with_rows(book: Any) -> Sheet:
    """A sheet that the person can see goes before one that is hidden."""
    sheets = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
    for sheet in sheets:
        rows = _records(sheet)
        if first := next(rows, None):
            others = [other.title for other in sheets if other is not sheet]
            return Sheet(sheet.title, others, chain([first], rows))
    raise BadFile(gettext("No sheet of the workbook has rows."))


def _records(sheet: Any) -> Iterator[Record]:
    sheet.reset_dimensions()
    rows = iter(sheet.rows)
    line = 0
    while True:
        try:
            row = next(rows, None)
        except BROKEN as broken:
            raise damaged() from broken
        line += 1
        if row is None:
            return
        if line > limits.SHEET_ROWS_MOST:
            raise damaged()
        if not row:
            continue
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield Record(line, cells, unusable(line, cells))


def _text(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return _moment(value, cell.number_format)
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def _moment(value: datetime, shown_as: str) -> str:
    """A day that is shown without a time has none, although the workbook keeps it as midnight."""
    if value.microsecond >= 500_000:
        value += timedelta(seconds=1)
    if not (value.hour or value.minute or value.second) and is_datetime(shown_as or "") == "date":
        return f"{value:%Y-%m-%d}"
    return f"{value:%Y-%m-%d %H:%M:%S}"
