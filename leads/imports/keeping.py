"""What came of each row, kept with the import: for its pages, the file to mend, and taking it back."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from django.utils import timezone

from lifecycle.service import importing

from ..models import Import, ImportedRow, Outcome
from .sorting import Sorted


class _Kept(NamedTuple):
    """A row of ``ImportedRow`` without the cost of a model instance."""

    of_id: UUID
    line: int
    outcome: str
    lead_id: int | None
    sentence: str
    cells: list[str] | None


@dataclass(slots=True)
class NewLead:
    """A lead on its way in: the columns that it brings along, without the cost of a model instance."""

    uuid: UUID
    name: str
    external_source: str
    external_key: str
    email: str = ""
    phone: str = ""
    headline: str = ""
    address: str = ""
    email_normalised: str = ""
    phone_e164: str = ""
    address_normalised: str = ""
    id: int | None = None

    @classmethod
    def of(cls, source: str, key: str, contact: Mapping[str, Any]) -> "NewLead":
        """In: the name of the old system, the key there, contact facts that are clean and normalised."""
        return cls(uuid4(), external_source=source, external_key=key, **contact)

    @property
    def pk(self) -> int | None:
        return self.id

    @pk.setter
    def pk(self, key: int) -> None:
        self.id = key

    @property
    def key(self) -> str:
        return self.external_key


def keep(made: Import, rows: Iterable[Sorted], cells: Sequence[Outcome]) -> None:
    """Remembers what came of each row, with its cells where somebody may have to look at it again."""
    kept = (
        _Kept(
            made.pk,
            row.line,
            row.outcome.value,
            row.lead.pk if row.lead is not None else None,
            row.sentence,
            storable(row.record.cells) if row.outcome in cells else None,
        )
        for row in rows
    )
    importing.insert_rows(ImportedRow, _Kept._fields, kept)


def storable(cells: Sequence[str]) -> list[str]:
    """Cells as a database keeps them: what it cannot keep (NUL, half characters) is replaced."""
    return [
        cell.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode("utf-8") for cell in cells
    ]


def count(made: Import, rows: Sequence[Sorted], facts: int = 0) -> None:
    """Adds these rows to the import's figures; its last line is theirs. Nothing is saved."""
    counts = Counter(made.counts)
    counts.update(row.outcome.value for row in rows)
    counts["facts"] += facts
    counts["guessed"] += sum(row.incoming is not None and row.incoming.guessed for row in rows)
    counts["bad_emails"] += sum(row.incoming.bad_emails for row in rows if row.incoming is not None)
    made.counts = dict(counts)
    made.rows_done += len(rows)
    made.line_done = max((row.line for row in rows), default=made.line_done)
    made.beat_at = timezone.now()
