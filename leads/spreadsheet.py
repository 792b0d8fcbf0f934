"""Files for a spreadsheet: whatever people typed stays text there, and stays in its cell."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

#: What makes a formula of a cell, at its beginning or after what a spreadsheet drops there; the wide ones are read as
#: the others where people write with wide characters. Anybody can write a name into a web form.
FORMULA = "=+\\-@\t\r\n＝＋－＠"
_BEGINS_ONE = re.compile(rf"[ \u00a0\ufeff]*[{FORMULA}]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?", re.ASCII)


def as_text(cell: str) -> str:
    """The cell as a spreadsheet leaves it alone: an apostrophe in front makes text of what would be a formula."""
    return f"'{cell}" if _BEGINS_ONE.match(cell) else cell


def as_text_or_number(cell: str) -> str:
    """The same for what a program may read as well, to whom a number is to stay one; a bare number computes nothing."""
    return cell if _NUMBER.fullmatch(cell) else as_text(cell)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A header line and the rows."""
    out = io.StringIO()
    # With both characters at the end of a line, a lone one inside a cell is quoted as well.
    writer = csv.writer(out, lineterminator="\r\n")
    for row in (columns, *rows):
        writer.writerow([as_text(cell) for cell in row])
    return out.getvalue()
