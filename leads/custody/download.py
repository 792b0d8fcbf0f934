"""What an agent ever held, as a CSV file."""

from collections.abc import Iterable
from datetime import UTC, datetime

from .. import spreadsheet
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


def as_csv(rows: Iterable[HeldLead]) -> str:
    """The rows with a header line. Times are UTC; an empty agent is the pool, an empty ``to`` means still."""
    return spreadsheet.as_csv(COLUMNS, map(_cells, rows))


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
