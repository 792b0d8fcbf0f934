"""How a command prints its rows: CSV or one JSON array, row by row, and nothing more once nobody reads."""

import contextlib
import csv
import json
import os
import sys
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any

from django.core.management.base import OutputWrapper

from .spreadsheet import as_text_or_number

Cells = dict[str, Any]


def print_rows(
    out: OutputWrapper,
    columns: Sequence[str],
    rows: Generator[tuple[str, ...]],
    form: str,
    as_json: Callable[[Cells], Cells] = lambda cells: cells,
) -> None:
    """Prints ``csv`` or ``json``; memory does not grow with the rows. In CSV a text that a spreadsheet would compute
    has an apostrophe in front; JSON is exact.

    In: the cells of every row in the order of the columns; ``as_json`` gives a cell that is no text its own type.
    """
    with contextlib.closing(rows):
        try:
            _print_json(out, columns, rows, as_json) if form == "json" else _print_csv(out, columns, rows)
            out.flush()
        except BrokenPipeError:
            # Whoever read us (head, less) has seen enough; what is still buffered goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_csv(out: OutputWrapper, columns: Sequence[str], rows: Iterable[tuple[str, ...]]) -> None:
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([as_text_or_number(cell) for cell in row] for row in rows)


def _print_json(
    out: OutputWrapper, columns: Sequence[str], rows: Iterable[tuple[str, ...]], as_json: Callable[[Cells], Cells]
) -> None:
    out.write("[", ending="")
    for n, row in enumerate(rows):
        said = json.dumps(as_json(dict(zip(columns, row, strict=True))), ensure_ascii=False)
        out.write(f", {said}" if n else said, ending="")
    out.write("]")
