"""A row of another system's history, as its mapping understands it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from leads.imports.cells import one_line, paragraphs, text
from leads.imports.dates import moment_reader
from leads.imports.reading import Record
from lifecycle.imported import ForeignRow
from lifecycle.storable import check_storable

from . import mapping as m
from .reader import History

#: The kinds of a foreign row by what a row speaks of.
_KINDS = {
    m.ABOUT_STATUS: "state_changed",
    m.ABOUT_OWNER: "assigned",
    m.ABOUT_NOTE: "activity",
    m.ABOUT_CREATION: "lead_created",
}
#: How many different words are counted one by one, and how much of each is shown.
_WORDS, _SHOWN = 10_000, 80
OTHER_WORDS = "…"
#: The longest that our columns hold.
_KEY_LIMIT, _NAME_LIMIT = 200, 150


class Changes:
    """Reads rows of one file. Times without an offset are those of the mapping's zone, else of ``zone``."""

    def __init__(self, mapping: m.HistoryMapping, header: Sequence[str], zone: ZoneInfo, history: History) -> None:
        self.mapping, self.history = mapping, history
        places = {label: n for n, label in enumerate(header)}
        self._places = {role: places[label] for label, role in mapping.columns.items()}
        self._what, self._statuses = _folded(mapping.what), _folded(mapping.statuses)
        self._moment = moment_reader(mapping.date_formats, mapping.tz or zone, now=history.now)

    @property
    def numbered(self) -> bool:
        return m.SEQ in self._places

    def lead(self, record: Record) -> str:
        return self._cell(record, m.LEAD)

    def read(self, record: Record) -> ForeignRow | None:
        """What the row says, None when it speaks of nothing that matters here.

        The stage before is blank where the row does not name it. Raises ``ValueError`` or ``Refused``.
        """
        if record.problem:
            raise ValueError(record.problem)
        what = self._cell(record, m.WHAT)
        about = _found(self._what, what) if m.WHAT in self._places else m.ABOUT_STATUS
        if about in ("", m.IGNORED):
            self._left_out(what, about)
            return None
        key = self.lead(record)
        if not key:
            raise ValueError("This row names no lead.")
        check_storable(key, "lead", limit=_KEY_LIMIT)
        return self._change(record, what, about)

    def _change(self, record: Record, what: str, about: str) -> ForeignRow:
        moment, guessed = self._moment(self._cell(record, m.WHEN))
        if moment is None:
            raise ValueError("This row has no time.")
        self.history.ambiguous += guessed
        moved, number = about == m.ABOUT_STATUS, self._number(record)
        to, note = self._cell(record, m.TO), self._cell(record, m.NOTE, paragraphs)
        if about == m.ABOUT_NOTE:
            to, note = "", note or self._cell(record, m.TO, paragraphs)
        for words, name in ((note, m.NOTE), (self._cell(record, m.REASON), m.REASON), (to, m.TO)):
            check_storable(words, name)
        return ForeignRow(
            line=record.line,
            seq=number or 0,
            occurred_at=moment,
            actor=self._person(self._cell(record, m.WHO), m.WHO),
            kind=_KINDS[about],
            from_state=self._state(self._cell(record, m.FROM)) if moved and self._cell(record, m.FROM) else "",
            to_state=self._state(to) if moved else "",
            reason=self._cell(record, m.REASON),
            note=note,
            to_owner=self._person(to, m.TO) if about == m.ABOUT_OWNER else "",
            backfilled=guessed,
            said=to if moved else "",
            name=f"number {number}" if self.numbered else f"{moment.isoformat()} {what}: {to or note}",
            says_who=m.WHO in self._places,
        )

    def _cell(self, record: Record, role: str, clean: Callable[[str], str] = text) -> str:
        place = self._places.get(role)
        return clean(record.cells[place]) if place is not None and place < len(record.cells) else ""

    def _state(self, word: str) -> str:
        state = _found(self._statuses, word) if word else self.mapping.no_status
        if state:
            return state
        self._count(self.history.words, word)
        if not word:
            raise ValueError("The stage is empty, and the mapping does not say what that means.")
        raise ValueError(f"The mapping gives the stage “{_shown(word)}” no meaning.")

    def _person(self, word: str, role: str) -> str:
        name = self.mapping.people.get(word)
        if name is None:
            name = word if self.mapping.unknown_people == m.DEACTIVATED else ""
        check_storable(name, role, limit=_NAME_LIMIT)
        return name

    def _number(self, record: Record) -> int | None:
        if not self.numbered:
            return None
        number = self._cell(record, m.SEQ)
        if not (number.isascii() and number.isdigit() and len(number) <= 15):
            raise ValueError(f"The number of the row is “{_shown(number)}”; it has to be a whole number.")
        return int(number)

    def _left_out(self, what: str, about: str) -> None:
        self._count(self.history.left_out, what)
        if not about and self.mapping.unlisted == m.REFUSE:
            raise ValueError(f"The mapping does not say what “{_shown(what)}” speaks of.")

    def _count(self, counter: Counter[str], word: str) -> None:
        shown = _shown(word)
        counter[shown if shown in counter or len(counter) < _WORDS else OTHER_WORDS] += 1


def _shown(word: str) -> str:
    return word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…"


def _folded(words: Mapping[str, str]) -> dict[str, str]:
    """The words as they stand and, for those that are not there themselves, in any case."""
    lines = {one_line(word): meaning for word, meaning in words.items()}
    return {word.casefold(): meaning for word, meaning in lines.items()} | lines


def _found(words: Mapping[str, str], word: str) -> str:
    return words.get(word) or words.get(word.casefold(), "")
