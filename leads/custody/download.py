"""What an agent ever held, as a CSV file."""

import csv
import io
from collections.abc import Iterable
from datetime import UTC, datetime

from .agent import HeldLead

COLUMNS = (
    "lead_key",
    "name",
    "from",
    "to",
    "days",
    "from_agent",
    "to_agent",
    "actor",
    "reason",
    "reason_at_the_end",
    "status_today",
    "agent_today",
)
#: A cell that begins with one of these is a formula to a spreadsheet, and anybody can write a name into a web form.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Iterable[HeldLead]) -> str:
    """The rows with a header line. Times are UTC; an empty agent is the pool, an empty ``to`` means still."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow(_tame(cell) for cell in _cells(row))
    return out.getvalue()


def _cells(row: HeldLead) -> tuple[str, ...]:
    return (
        row.key,
        row.name,
        _stamp(row.began),
        _stamp(row.ended),
        row.days,
        row.from_whom,
        row.to_whom,
        row.by,
        row.why.words,
        row.ended_why.words,
        row.status,
        row.holder,
    )


def _stamp(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z") if moment else ""


def _tame(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
