"""The rows of one file that came before: who stands on which line, in about 20 bytes a fact."""

from array import array
from collections.abc import Iterable, Mapping
from typing import Protocol

from leads.addresses import normalised_name, tells_a_house
from leads.models import Import, ImportedRow, Outcome

_ALL = 2**64 - 1
#: Outcomes whose lead is the one that the row itself speaks of, not another that it resembles.
_ITSELF = (Outcome.CREATED.value, Outcome.TAKEN_UP.value, Outcome.KNOWN.value)


#: ``facts_of`` one row.
Facts = Mapping[str, str]


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

    def remember(self, line: int, facts: Facts) -> None:
        """This row comes before those that follow."""
        for fact in facts.items():
            if not self._lines.get(fact):
                self._lines.set(fact, line)

    def recall(self, row: Row) -> None:
        """This row came in an earlier run; a key that stood before it was refused then."""
        facts = facts_of(row)
        if not self.line_of_key(row.line, facts):
            self.remember(row.line, facts)

    def forget(self, row: Row) -> None:
        """This row did not come in after all; a later one of the same person is no duplicate of it."""
        for fact in facts_of(row).items():
            if self._lines.get(fact) == row.line:
                self._lines.set(fact, 0)

    def line_of_key(self, line: int, facts: Facts) -> int:
        """The line before this one that bears the same key; 0: none."""
        return self._before(line, "key", facts) if "key" in facts else 0

    def line_of_person(self, line: int, facts: Facts) -> tuple[int, str]:
        """The first line before this one with the same person, and what is the same; (0, ""): none."""
        before = [(first, what) for what in facts if what != "key" and (first := self._before(line, what, facts))]
        if len(before) > 1 and before[0] == (before[1][0], "email") and before[1][1] == "phone":
            return before[0][0], "both"
        return before[0] if before else (0, "")

    def lines_of_leads(self, lead_ids: Iterable[int]) -> Mapping[int, int]:
        """For a run that is carried on: on which line each of these leads came in; one query, or none."""
        ids = list(lead_ids)
        if self.resumed is None or not ids:
            return {}
        rows = ImportedRow.objects.filter(of=self.resumed, lead__in=ids, outcome__in=_ITSELF).order_by("-line")
        return dict(rows.values_list("lead_id", "line"))

    def _before(self, line: int, what: str, facts: Facts) -> int:
        first = self._lines.get((what, facts[what]))
        return first if first < line else 0


def facts_of(row: Row) -> dict[str, str]:
    """What tells the lead of a row: its key, and what tells a person, strongest first, in the notation in which it is
    compared. ``address`` is the name, a line break, and the address: neither tells anybody alone, nor does a town."""
    contact, facts = row.contact, {"key": row.key} if row.key else {}
    if email := contact.get("email_normalised"):
        facts["email"] = email
    if phone := contact.get("phone_e164"):
        facts["phone"] = phone
    address = contact.get("address_normalised", "")
    if tells_a_house(address) and (name := normalised_name(contact.get("name", ""))):
        facts["address"] = f"{name}\n{address}"
    return facts


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
