"""The rows of one file that came before: who stands on which line, in about 20 bytes a fact."""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from leads.addresses import normalised_name
from leads.models import Import, ImportedRow, Outcome

_ALL = 2**64 - 1
#: Outcomes whose lead is the one that the row itself speaks of, not another that it resembles.
_ITSELF = (Outcome.CREATED.value, Outcome.TAKEN_UP.value, Outcome.KNOWN.value)


class Row(Protocol):
    """What is compared of a row of the file: its line, its key in the old system, contact facts ready for a lead."""

    @property
    def line(self) -> int: ...

    @property
    def key(self) -> str: ...

    @property
    def contact(self) -> Mapping[str, str]: ...


class Seen:
    """Remembers keys, e-mails, phones and names with addresses of the rows of one run.

    ``resumed``: the import that is carried on, whose earlier rows this run has not seen; those are leads meanwhile.
    """

    def __init__(self, resumed: Import | None = None) -> None:
        self.resumed = resumed
        self._lines = _Lines()

    def remember(self, row: Row) -> None:
        """This row comes before those that follow."""
        for fact in self._facts(row):
            if not self._lines.get(fact):
                self._lines.set(fact, row.line)

    def forget(self, row: Row) -> None:
        """This row did not come in after all; a later one of the same person is no duplicate of it."""
        for fact in self._facts(row):
            if self._lines.get(fact) == row.line:
                self._lines.set(fact, 0)

    def line_of_key(self, row: Row) -> int:
        """The line before this one that bears the same key; 0: none."""
        return self._before(row, ("key", row.key)) if row.key else 0

    def line_of_person(self, row: Row) -> tuple[int, str]:
        """The first line before this one with the same person, and what is the same; (0, ""): none."""
        lines = {what: self._before(row, (what, value)) for what, value in contact_facts(row.contact)}
        email, phone = lines.get("email", 0), lines.get("phone", 0)
        if email and email == phone:
            return email, "both"
        found = [(line, what) for what, line in lines.items() if line]
        return min(found, key=lambda pair: pair[1] == "address", default=(0, ""))

    def lines_of_leads(self, lead_ids: Iterable[int]) -> Mapping[int, int]:
        """For a run that is carried on: on which line each of these leads came in; one query, or none."""
        ids = list(lead_ids)
        if self.resumed is None or not ids:
            return {}
        rows = ImportedRow.objects.filter(of=self.resumed, lead__in=ids, outcome__in=_ITSELF).order_by("-line")
        return dict(rows.values_list("lead_id", "line"))

    def _before(self, row: Row, fact: tuple[str, str]) -> int:
        line = self._lines.get(fact)
        return line if line < row.line else 0

    @staticmethod
    def _facts(row: Row) -> Iterator[tuple[str, str]]:
        if row.key:
            yield "key", row.key
        yield from contact_facts(row.contact)


def contact_facts(contact: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What tells a person, each in the notation in which it is compared; an address only with a name."""
    for what, column in (("email", "email_normalised"), ("phone", "phone_e164")):
        if value := contact.get(column, ""):
            yield what, value
    name, address = normalised_name(contact.get("name", "")), contact.get("address_normalised", "")
    if name and address:
        yield "address", f"{name}\n{address}"


class _Lines:
    """Fact → line, by a hash of 64 bits in open addressing: a dict would take five times the room."""

    def __init__(self) -> None:
        self._used = 0
        self._make_room(1024)

    def get(self, fact: tuple[str, str]) -> int:
        at, there = self._place(_mark(fact))
        return self._lines[at] if there else 0

    def set(self, fact: tuple[str, str], line: int) -> None:
        mark = _mark(fact)
        at, there = self._place(mark)
        self._marks[at], self._lines[at] = mark, line
        if not there:
            self._used += 1
            if self._used * 3 > len(self._marks) * 2:
                self._grow()

    def _place(self, mark: int) -> tuple[int, bool]:
        marks, around = self._marks, len(self._marks) - 1
        at = mark & around
        while marks[at] and marks[at] != mark:
            at = (at + 1) & around
        return at, bool(marks[at])

    def _make_room(self, size: int) -> None:
        self._marks, self._lines = array("Q", bytes(8 * size)), array("I", bytes(4 * size))

    def _grow(self) -> None:
        marks, lines = self._marks, self._lines
        self._make_room(2 * len(marks))
        for mark, line in zip(marks, lines, strict=True):
            if mark:
                at, _ = self._place(mark)
                self._marks[at], self._lines[at] = mark, line


def _mark(fact: tuple[str, str]) -> int:
    return hash(fact) & _ALL or 1
