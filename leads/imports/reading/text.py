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
        yield _without_sep(rows(Lines(source, check_encoding(shape.encoding)), shape.delimiter))


def _without_sep(records: Iterator[Record]) -> Iterator[Record]:
    first = next(records, None)
    if first is None:
        return records
    # With the delimiter of the line itself it falls apart into "sep=" and nothing.
    if first.line == 1 and (told(first.cells[0]) if len(first.cells) == 1 else first.cells == ["sep=", ""]):
        return records
    return chain([first], records)


def check_delimiter(delimiter: str) -> None:
    if len(delimiter) != 1 or delimiter in '"\r\n\0' or delimiter.isalnum():
        raise BadFile(
            gettext("“%(delimiter)s” cannot stand between cells. Choose a comma, a semicolon, a tab or a bar.")
            % {"delimiter": delimiter.replace("\0", "")}
        )
