"""Files for a spreadsheet: whatever people typed stays text there, and stays in its cell."""

import csv
import io
from collections.abc import Iterable, Sequence

#: A cell that begins with one of these is a formula to a spreadsheet, and anybody can write a name into a web form.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A header line and the rows. An apostrophe in front makes text of what would be a formula."""
    out = io.StringIO()
    # With both characters at the end of a line, a lone one inside a cell is quoted as well.
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow(f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row)
    return out.getvalue()
