"""The changes of one lead, as another system kept them → rows that follow from one another. Pure.

Such a system says “then it became this”; what it was before is the row before. What its first rows leave open is not
made up: the story begins with what they say.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from operator import attrgetter

from lifecycle.imported import ForeignRow, Unfit
from lifecycle.states import State

CREATED, MOVED, ASSIGNED = "lead_created", "state_changed", "assigned"
#: Rows of one instant among which the next one is looked for; more of them stay in the order of the file.
_LOOKED_AT = 100


def story(rows: Sequence[ForeignRow], *, numbered: bool = False) -> list[ForeignRow]:
    """The rows that say something new, each with the stage before it, numbered in their order.

    In: the rows of one lead in the order of the file; ``numbered`` when their ``seq`` is the source's own order. Else
    they stand by time, and rows of one instant in the order of the file, from the bottom where it has the newest
    first, unless the stages that they name say another. Raises ``Unfit``.
    """
    in_order = _by_number(rows) if numbered else _by_time(rows)
    told = [replace(row, seq=n) for n, row in enumerate(_Teller(in_order, numbered).told(), start=1)]
    return _told_apart(told)


class _Teller:
    """Walks through the rows and knows how the lead stands; ``status`` is blank while no row has said it."""

    def __init__(self, rows: Sequence[ForeignRow], numbered: bool) -> None:
        self.rows, self.numbered = rows, numbered
        self.status, self.holder, self.begun = "", "", False
        self.notes: set[str] = set()

    def told(self) -> Iterator[ForeignRow]:
        for _, instant in groupby(self.rows, key=attrgetter("occurred_at")):
            left = list(instant)
            while left:
                row = left.pop(self._next(left))
                told = self._one(row)
                if told is not None:
                    self.begun = True
                    yield told

    def _next(self, left: Sequence[ForeignRow]) -> int:
        """Which of the rows of one instant comes next."""
        if self.numbered or len(left) == 1 or len(left) > _LOOKED_AT:
            return 0
        if self.status:
            fits = (n for n, r in enumerate(left) if r.kind != MOVED or r.from_state in ("", self.status))
            return next(fits, 0)
        created = (n for n, r in enumerate(left) if r.kind == CREATED)
        first = _first_move(left)
        return next(created, 0 if first is None else first)

    def _one(self, row: ForeignRow) -> ForeignRow | None:
        """The row as it follows from those before it, None where it says nothing new."""
        if row.kind == CREATED:
            return self._creation(row)
        if row.kind == MOVED:
            return self._move(row) if self.status else self._first_stage(row)
        if row.kind == ASSIGNED:
            before, self.holder = self.holder, row.to_owner
            return row if row.to_owner != before else None
        new = bool(row.note) and row.name not in self.notes
        self.notes.add(row.name)
        return row if new else None

    def _creation(self, row: ForeignRow) -> ForeignRow | None:
        if self.begun:
            return None
        moves = [r for r in self.rows if r.kind == MOVED]
        opening = [r for r in moves if r.occurred_at == moves[0].occurred_at]
        first = _first_move(opening)
        if first is not None:
            move = opening[first]
            self.status = move.from_state or (move.to_state if move.occurred_at == row.occurred_at else "")
        self.status = self.status or State.NEW.value
        return _came_in(row, self.status)

    def _first_stage(self, row: ForeignRow) -> ForeignRow | None:
        """The first row that names a stage, where nothing said that the lead came in."""
        if row.from_state not in ("", row.to_state):
            self.status = row.from_state
            return self._move(row)
        self.status = row.to_state
        if not self.begun:
            return _came_in(row, row.to_state)
        # Rows about its owner are older: it was here, and nobody knows where it stood or when it came to this stage.
        return replace(row, from_state="", backfilled=True) if row.to_state != State.NEW else None

    def _move(self, row: ForeignRow) -> ForeignRow | None:
        before = self.status
        if row.from_state not in ("", before):
            raise Unfit(
                row.line,
                f"This row says that the lead left {row.from_state}, but by the rows before it, it stood in {before}.",
            )
        self.status = row.to_state
        return replace(row, from_state=before) if row.to_state != before else None


def _came_in(row: ForeignRow, status: str) -> ForeignRow:
    """A lead comes in as NEW; one that is first seen further on has a beginning without a stage before it."""
    return replace(row, kind=CREATED if status == State.NEW else MOVED, from_state="", to_state=status)


def _first_move(rows: Sequence[ForeignRow]) -> int | None:
    """Of rows of one instant, the place of the move that leaves a stage to which none of the others leads."""
    reached = {r.to_state for r in rows if r.kind == MOVED and r.to_state != r.from_state}
    moves = [n for n, r in enumerate(rows) if r.kind == MOVED]
    return next((n for n in moves if rows[n].from_state not in reached), moves[0] if moves else None)


def _by_number(rows: Sequence[ForeignRow]) -> list[ForeignRow]:
    ordered = sorted(rows, key=attrgetter("seq"))
    for a, b in pairwise(ordered):
        if a.seq == b.seq:
            raise Unfit(b.line, f"The number {b.seq} stands on line {a.line} already.")
    return ordered


def _by_time(rows: Sequence[ForeignRow]) -> list[ForeignRow]:
    times = [row.occurred_at for row in rows]
    newest_first = times != sorted(times) and times == sorted(times, reverse=True)
    return sorted(reversed(rows) if newest_first else rows, key=attrgetter("occurred_at"))


def _told_apart(rows: Sequence[ForeignRow]) -> list[ForeignRow]:
    """Rows that read the same (there and back again in one instant) get names of their own."""
    seen: Counter[str] = Counter()
    named = []
    for row in rows:
        seen[row.name] += 1
        named.append(replace(row, name=f"{row.name} #{seen[row.name]}") if seen[row.name] > 1 else row)
    return named
