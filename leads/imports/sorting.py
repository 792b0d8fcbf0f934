"""What is to become of each row: a new lead, one that is here already, one that was taken back, a duplicate, refused.

Reads, and writes nothing: the check and the run share it, so that what was shown is what is done.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext

from lifecycle.backfill import backfill
from lifecycle.fold import EMPTY
from lifecycle.imported import Told, Unfit, judge

from ..models import Import, ImportedRow, Lead, Outcome
from .finding import Duplicate, Found, find
from .mapping import BOTH, UPDATE
from .reading import Record
from .row import Incoming, Plan
from .seen import Seen

#: Rows of one step: about a thousand facts.
STEP = 400


@dataclass(slots=True)
class Sorted:
    """One row with its fate. ``told``: the facts of a new lead; ``lead``: the one that is meant, where there is one."""

    record: Record
    outcome: Outcome
    incoming: Incoming | None = None
    told: list[Told] = field(default_factory=list)
    lead: Any = None
    duplicate: Duplicate | None = None
    sentence: str = ""

    @property
    def line(self) -> int:
        return self.record.line


def steps(
    records: Iterable[Record], after: int = 0, size: int = STEP, passed: Callable[[Record], None] | None = None
) -> Iterator[list[Record]]:
    """The records behind a line of the file, some hundred at a time; those before it are given to ``passed``."""
    rest = _behind(records, after, passed)
    while chunk := list(islice(rest, size)):
        yield chunk


def _behind(records: Iterable[Record], after: int, passed: Callable[[Record], None] | None) -> Iterator[Record]:
    for record in records:
        if record.line > after:
            yield record
        elif passed is not None:
            passed(record)


class Sorter:
    """Sorts the rows of one file. ``instant``: the import's own, at which rows without any date enter."""

    def __init__(self, plan: Plan, made: Import, instant: datetime) -> None:
        self.plan, self.made, self.instant = plan, made, instant
        self.seen = Seen(resumed=made if made.line_done else None)

    def sort(self, records: list[Record]) -> list[Sorted]:
        """The fate of each of these rows, in their order; a constant number of queries."""
        rows = [self._read(record) for record in records]
        found = find([row.incoming for row in rows if row.incoming is not None], self.made.source, self.seen)
        for row in rows:
            if row.incoming is not None:
                self._place(row, found)
        self._leave_own(rows)
        return rows

    def recall(self, record: Record) -> None:
        """A row that an earlier run decided: those that follow are compared with it, as if there had been one run."""
        row = self._read(record)
        if row.incoming is not None:
            self.seen.recall(row.incoming)

    def _read(self, record: Record) -> Sorted:
        """The row as far as it can be told without a look at the database."""
        try:
            incoming = self.plan.read(record)
            told = backfill(self.made.source, incoming.key, incoming.row, now=self.instant)
            judge(told, EMPTY, now=self.instant)
        except Unfit as unfit:
            return Sorted(record, Outcome.REFUSED, sentence=unfit.sentence)
        return Sorted(record, Outcome.CREATED, incoming, told)

    def _place(self, row: Sorted, found: Found) -> None:
        choice = self.made.decisions.get(str(row.line), self.plan.mapping.duplicates)
        if (sentence := found.refused.get(row.line)) is not None:
            row.outcome, row.sentence = Outcome.REFUSED, sentence
        elif (lead := found.known.get(row.line)) is not None:
            row.lead, row.outcome = lead, Outcome.UPDATED if choice == UPDATE else Outcome.KNOWN
        elif (lead := found.withdrawn.get(row.line)) is not None:
            row.lead, row.outcome = lead, Outcome.TAKEN_UP
            self._compare_beginnings(row, lead)
        elif (duplicate := found.duplicates.get(row.line)) is not None:
            row.duplicate, row.lead, row.sentence = duplicate, duplicate.lead, duplicate.sentence
            if choice == BOTH:
                row.lead = None
            else:
                row.outcome = Outcome.UPDATED if choice == UPDATE and row.lead is not None else Outcome.SKIPPED

    def _compare_beginnings(self, row: Sorted, lead: Lead) -> None:
        """A lead that is taken up again keeps its beginning; a file that tells another one cannot have that lead."""
        assert row.incoming is not None
        told = row.incoming.row.created_at
        if told is not None and lead.created_at is not None and told != lead.created_at:
            row.outcome = Outcome.REFUSED
            row.sentence = gettext(
                "This lead came in before with another creation date and was taken back. The record of that stays, so "
                "import this file under another name of the system, and it comes in as a new lead."
            )

    def _leave_own(self, rows: list[Sorted]) -> None:
        """Two rows of one file that are the same person: the second changes nothing about the first."""
        updated = [row for row in rows if row.outcome == Outcome.UPDATED and row.duplicate is not None]
        if not updated:
            return
        leads = {row.lead.pk for row in updated if row.lead is not None}
        own = set(ImportedRow.objects.filter(of=self.made, lead__in=leads).values_list("lead_id", flat=True))
        for row in updated:
            if row.lead is not None and row.lead.pk in own:
                row.outcome = Outcome.SKIPPED
