"""A row of an export → the lead it speaks of: contact facts, and what the old system knows of its life.

Nothing here asks the database or a clock: whoever imports says who works here and what time it is.
"""

import hashlib
import json
from collections.abc import Mapping as Map
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from django.utils.translation import gettext

from lifecycle.backfill import Snapshot
from lifecycle.errors import BadInput
from lifecycle.imported import Unfit
from lifecycle.storable import check_storable

from . import mapping as roles
from .cells import alike, one_line, paragraphs, text
from .columns import Cells, Labelled, columns
from .contact_facts import contact_facts
from .dates import Reader, moment_reader
from .flag_words import closed
from .inquiries import inquiry
from .mapping import BadMapping, Mapping

#: The longest key of another system, and the longest name of a person of the office.
_KEY_LIMIT, _OWNER_LIMIT = 200, 150


@dataclass(frozen=True, slots=True)
class Incoming:
    """One lead on its way in. ``contact`` is ready for ``Lead(**contact)``.

    ``guessed``: a date of the row is about right only; ``row.guessed`` says it of the creation alone. ``bad_emails``:
    so many cells that should be an e-mail address are none and stand in the note instead.
    """

    line: int
    key: str
    contact: dict[str, str]
    row: Snapshot
    guessed: bool = False
    bad_emails: int = 0


class Plan:
    """A mapping made ready for one file.

    In: the mapping, the labels of the file, the name of the system; ``users``: user name → display name of the people
    here; ``now``: no date may be later; ``zone``: of the office, for a mapping that names none. Raises ``BadMapping``
    for a column that the file does not have, for dates without a form or a zone, and for a user who is not here.
    """

    def __init__(
        self,
        mapping: Mapping,
        header: Sequence[str],
        source: str,
        *,
        users: Map[str, str],
        now: datetime,
        zone: tzinfo | None = None,
    ) -> None:
        self.source = source
        self.mapping = mapping
        self.columns = columns(mapping.columns, header)
        self.width = len(header)
        self._moment = self._reader(now, mapping.tz or zone)
        self._statuses = _folded(mapping.statuses)
        self._owners = _folded({word: _display_name(name, users) for word, name in mapping.owners.items()})
        self._here = _folded({name: name for name in users.values()})
        self._several_notes = len(self.columns.places.get(roles.NOTE, ())) > 1

    def read(self, record: Cells) -> Incoming:
        """What the row says. Raises ``Unfit`` with the line and a sentence that names column and cell."""
        cells = record.cells
        try:
            if record.problem:
                raise ValueError(record.problem)
            if len(cells) != self.width:
                raise ValueError(
                    gettext("This row has %(cells)d cells, the header %(header)d.")
                    % {"cells": len(cells), "header": self.width}
                )
            return self._incoming(record.line, cells)
        except ValueError as refused:
            raise Unfit(record.line, str(refused)) from None

    def _incoming(self, line: int, cells: Sequence[str]) -> Incoming:
        key = self._key(cells)
        contact, rest, bad = contact_facts(self.columns, cells, key)
        status, status_words = self._status(cells)
        dates, guessed = self._dates(cells)
        source_words = text(self.columns.first(roles.LEAD_SOURCE, cells))
        row = Snapshot(
            line=line,
            status=status,
            created_at=dates.get(roles.CREATED),
            modified_at=dates.get(roles.MODIFIED),
            entered_at=dates.get(roles.ENTERED),
            reached=tuple((roles.REACHED[role], at) for role, at in dates.items() if role in roles.REACHED),
            agent=self._agent(cells),
            flags=self._flags(cells),
            note=self._note(cells, rest),
            status_words=_storable(self.columns.label(roles.STATUS), status_words),
            source_words=_storable(self.columns.label(roles.LEAD_SOURCE), source_words),
            inquiry=inquiry(source_words),
            guessed=roles.CREATED in guessed,
        )
        return Incoming(line, key, contact, row, bool(guessed), bad)

    # --- the parts of a row -----------------------------------------------------------------------------------

    def _key(self, cells: Sequence[str]) -> str:
        """The key in the old system. A row without one is named by all that stands in it: the same row again is the
        same lead."""
        key = text(self.columns.first(roles.KEY, cells))
        if not key:
            said = json.dumps(list(cells), ensure_ascii=False).encode("utf-8", "surrogatepass")
            return f"row-{hashlib.sha256(said).hexdigest()[:16]}"
        return _storable(self.columns.label(roles.KEY), key, _KEY_LIMIT)

    def _status(self, cells: Sequence[str]) -> tuple[str, str]:
        """Our state, and what the file calls it."""
        word = text(self.columns.first(roles.STATUS, cells))
        if not word:
            if self.mapping.no_status:
                return self.mapping.no_status, ""
            raise ValueError(gettext("The row has no status, and nobody said which stage that means."))
        state = self._statuses.get(word) or self._statuses.get(alike(word))
        if state is None:
            sentence = gettext("%(column)s: nobody said which stage “%(word)s” means.")
            raise ValueError(sentence % {"column": self.columns.label(roles.STATUS), "word": word[:60]})
        return state, word

    def _agent(self, cells: Sequence[str]) -> str | None:
        """The display name of whoever holds it; ``""`` the pool, None where the file does not speak of agents."""
        if roles.OWNER not in self.columns.places:
            return None
        word = text(self.columns.first(roles.OWNER, cells))
        if not word:
            return ""
        for known in (self._owners, self._here):
            for spelled in (word, alike(word)):
                if spelled in known:
                    return known[spelled]
        if self.mapping.unknown_owners == roles.POOL:
            return ""
        return _storable(self.columns.label(roles.OWNER), word, _OWNER_LIMIT)

    def _dates(self, cells: Sequence[str]) -> tuple[dict[str, datetime], set[str]]:
        """Role → instant, and the roles whose instant is a guess."""
        dates: dict[str, datetime] = {}
        guessed = set()
        for role in roles.DATES:
            cell = text(self.columns.first(role, cells))
            if not cell:
                continue
            try:
                moment, about = self._moment(cell)
            except ValueError as refused:
                raise ValueError(f"{self.columns.label(role)}: {refused}") from None
            if moment is not None:
                dates[role] = moment
            if about:
                guessed.add(role)
        return dates, guessed

    def _flags(self, cells: Sequence[str]) -> tuple[str, ...]:
        """The closed channels. Of several columns about one the stricter wins."""
        flags = []
        for role, flag in roles.FLAGS.items():
            shut = False
            for place, label in self.columns.places.get(role, ()):
                try:
                    shut = closed(cells[place]) or shut
                except ValueError as refused:
                    raise ValueError(f"{label}: {refused}") from None
            if shut:
                flags.append(flag)
        return tuple(flags)

    def _note(self, cells: Sequence[str], rest: list[Labelled]) -> str:
        """The notes of the file, and what has no other place, each with the label of its column."""
        notes = self.columns.filled(roles.NOTE, cells, paragraphs)
        lines = [f"{label}: {said}" if self._several_notes else said for label, said in notes]
        lines += [f"{label}: {said}" for label, said in rest]
        return _storable(self.columns.label(roles.NOTE), "\n".join(lines))

    def _reader(self, now: datetime, zone: tzinfo | None) -> Reader:
        dated = [role for role in roles.DATES if role in self.columns.places]
        if dated and not self.mapping.date_formats:
            sentence = gettext("Say how the dates in “%(column)s” are written.")
            raise BadMapping(sentence % {"column": self.columns.label(dated[0])})
        if dated and zone is None:
            sentence = gettext("Say which time zone the dates in “%(column)s” are in.")
            raise BadMapping(sentence % {"column": self.columns.label(dated[0])})
        return moment_reader(self.mapping.date_formats, zone or UTC, now=now)


def _folded(words: Map[str, str]) -> dict[str, str]:
    """The words as they stand and, for those that are not there themselves, in any case."""
    lines = {one_line(word): meaning for word, meaning in words.items()}
    return {alike(word): meaning for word, meaning in lines.items()} | lines


def _display_name(user_name: str, users: Map[str, str]) -> str:
    if user_name == roles.POOL:
        return ""
    if user_name not in users:
        raise BadMapping(gettext("Nobody here has the user name “%(name)s”.") % {"name": user_name})
    return users[user_name]


def _storable(label: str, said: str, limit: int | None = None) -> str:
    try:
        check_storable(said, "", *(() if limit is None else (limit,)))
    except BadInput as refused:
        raise ValueError(f"{label}: {refused.sentence}") from None
    return said
