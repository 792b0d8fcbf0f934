"""A text file as a table."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext

from .delimiters import told
from .letters import check_encoding
from .lines import Lines
from .rows import rows
from .shapes import BadFile, Record, Shape
from .unpacked import unpacked


@contextmanager
def raw_rows(path: Path, shape: Shape) -> Iterator[Iterator[Record]]:
    """All rows with the header as the first, before their cells are counted."""
    check_delimiter(shape.delimiter)
    with unpacked(path) as source:
        lines = Lines(source, check_encoding(shape.encoding))
        yield _without_sep(rows(lines, shape.delimiter), lines)


def _without_sep(records: Iterator[Record], lines: Lines) -> Iterator[Record]:
    first = next(records, None)
    if first is None or (first.line == 1 and told(lines.raw(1, 1) + "\n")):
        return records
    return chain([first], records)


def check_delimiter(delimiter: str) -> None:
    if len(delimiter) != 1 or delimiter in '"\r\n\0' or delimiter.isalnum():
        raise BadFile(
            gettext("“%(delimiter)s” cannot stand between cells. Choose a comma, a semicolon, a tab or a bar.")
            % {"delimiter": delimiter.replace("\0", "")}
        )
