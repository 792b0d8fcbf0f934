"""The header: its labels, how many columns there are, and whether a row has as many."""

import csv
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext, ngettext

from leads.board.mix import grouped

from . import limits
from .shapes import BadFile, Record


def labels(cells: list[str]) -> list[str]:
    """Names for the columns, no two alike: stripped, an empty one numbered, a repeated one counted."""
    made: list[str] = []
    taken = {cell.strip() for cell in cells}
    seen: set[str] = set()
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or gettext("Column %(number)s") % {"number": number}
        label, again = name, 1
        while label in seen or (again > 1 and label in taken):
            again += 1
            label = f"{name} ({again})"
        seen.add(label)
        made.append(label)
    return made


def width(header: list[str], sample: Iterable[Record]) -> int:
    """How many columns count: those at the end without a name and with nothing in them do not."""
    named = _filled(header)
    return max([named, *(min(_filled(row.cells), len(header)) for row in sample if not row.problem)])


def _filled(cells: list[str]) -> int:
    """Number of cells up to the last one that is not blank."""
    count = len(cells)
    while count and not cells[count - 1].strip():
        count -= 1
    return count


def check_header(record: Record) -> None:
    """Raises ``BadFile`` when there is no row of names."""
    if record.problem:
        raise BadFile(
            gettext("The names of the columns on line %(line)s cannot be read: %(problem)s")
            % {"line": record.line, "problem": record.problem}
        )


def check_width(line: int, count: int) -> None:
    """Raises ``BadFile`` for more columns than are read."""
    if count > limits.COLUMNS_MOST:
        raise BadFile(
            gettext("Line %(line)s has %(count)s columns; at most %(most)s are read.")
            % {"line": line, "count": grouped(count), "most": grouped(limits.COLUMNS_MOST)}
        )


def fitted(records: Iterable[Record], count: int, delimiter: str, pad: bool) -> Iterator[Record]:
    """Rows with exactly ``count`` cells, or with the sentence why not. ``pad``: a sheet leaves empty ends out."""
    for record in records:
        line, cells, problem = record
        if len(cells) == count and not problem:
            if any(cells):
                yield record
        elif problem:
            yield record
        elif fitting := _fit(line, cells, count, delimiter, pad):
            yield fitting


def _fit(line: int, cells: list[str], count: int, delimiter: str, pad: bool) -> Record | None:
    filled = _filled(cells)
    if not filled:
        return None
    if filled <= count < len(cells):
        return Record(line, cells[:count])
    crushed = filled == 1 and delimiter and (len(cells) == 1 or pad)
    if crushed and len(apart := taken_apart(cells[0], delimiter)) == count:
        return Record(line, apart)
    if pad and filled <= count:
        return Record(line, [*cells[:count], *[""] * (count - len(cells))])
    sentence = ngettext(
        "The row has %(cells)s cell, the header has %(columns)s.",
        "The row has %(cells)s cells, the header has %(columns)s.",
        len(cells),
    ) % {"cells": grouped(len(cells)), "columns": grouped(count)}
    if not pad and any("\n" in cell or "\r" in cell for cell in cells):
        sentence += " " + gettext("It goes on over several lines: a quotation mark may be missing.")
    return Record(line, cells[: limits.COLUMNS_MOST], sentence)


def taken_apart(cell: str, delimiter: str) -> list[str]:
    """A whole row that stands in one cell, as its cells; empty when it is none."""
    if delimiter not in cell:
        return []
    try:
        return next(csv.reader(cell.splitlines(keepends=True), delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []
