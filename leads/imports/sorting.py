"""What is to become of each row: a new lead, one that is here already, one that was taken back, a duplicate, refused.

Reads, and writes nothing: the check and the run share it, so that what was shown is what is done.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from lifecycle.backfill import backfill
from lifecycle.fold import EMPTY
from lifecycle.imported import Told, Unfit, judge

from ..models import Lead, Outcome
from .finding import Duplicate, Seen, find
from .mapping import BOTH, UPDATE
from .reading import Record
from .row import Incoming, Plan

#: Rows of one step: about a thousand facts.
STEP = 400


@dataclass(slots=True)
class Sorted:
    """One row with its fate. ``told``: the facts of a new lead; ``lead``: the one that is meant, where there is one."""

    record: Record
    outcome: Outcome
    incoming: Incoming | None = None
    told: list[Told] = field(default_factory=list)
    lead: Lead | None = None
    duplicate: Duplicate | None = None
    sentence: str = ""

    @property
    def line(self) -> int:
        return self.record.line


def steps(records: Iterable[Record], after: int = 0, size: int = STEP) -> Iterator[list[Record]]:
    """The records behind a line of the file, some hundred at a time."""
    rest = (record for record in records if record.line > after)
    while chunk := list(islice(rest, size)):
        yield chunk


class Sorter:
    """Sorts the rows of one file. ``instant``: the import's own, at which rows without any date enter."""

    def __init__(self, plan: Plan, source: str, instant: datetime, decisions: Mapping[str, str]) -> None:
        self.plan, self.source, self.instant, self.decisions = plan, source, instant, decisions
        self.seen = Seen()

    def sort(self, records: list[Record]) -> list[Sorted]:
        """The fate of each of these rows, in their order; a constant number of queries."""
        rows = [self._read(record) for record in records]
        read = [row.incoming for row in rows if row.incoming is not None]
        found = find(read, self.source)
        for row in rows:
            incoming = row.incoming
            if incoming is None:
                continue
            if (lead := found.known.get(row.line)) is not None:
                row.lead = lead
                row.outcome = Outcome.UPDATED if self._choice(row.line) == UPDATE else Outcome.KNOWN
            elif (lead := found.withdrawn.get(row.line)) is not None:
                row.lead, row.outcome = lead, Outcome.TAKEN_UP
            elif (duplicate := found.duplicates.get(row.line)) is not None:
                self._duplicate(row, duplicate)
        return rows

    def _choice(self, line: int) -> str:
        return self.decisions.get(str(line), self.plan.mapping.duplicates)

    def _read(self, record: Record) -> Sorted:
        """The row as far as it can be told without a look at the database."""
        if record.problem:
            return Sorted(record, Outcome.REFUSED, sentence=record.problem)
        try:
            incoming = self.plan.read(record)
            self.seen.remember(incoming)
            told = backfill(self.source, incoming.key, incoming.row, now=self.instant)
            judge(told, EMPTY, now=self.instant)
        except Unfit as unfit:
            return Sorted(record, Outcome.REFUSED, sentence=unfit.sentence)
        return Sorted(record, Outcome.CREATED, incoming, told)

    def _duplicate(self, row: Sorted, duplicate: Duplicate) -> None:
        row.duplicate, row.lead, row.sentence = duplicate, duplicate.lead, duplicate.sentence
        choice = self._choice(row.line)
        if choice == BOTH:
            row.lead = None
        else:
            row.outcome = Outcome.UPDATED if choice == UPDATE else Outcome.SKIPPED
