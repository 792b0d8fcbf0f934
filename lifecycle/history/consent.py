"""Was a channel open at an instant, and which fact decides it? Pure: rows in, facts out, no clock and no database.

A flag closes a channel from the fact that set it until the fact that cleared it. Flags compose, the effect is the
union. By *as it was* a fact counts from when it happened, by *as we knew it then* from when it was written down.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any

from ..events import Kind
from ..flags import Flag
from ..fold import Row
from ..speech import pgettext
from .clocks import Clock


class Reach(StrEnum):
    """What somebody wanted to send or do. Marketing e-mail is asked apart, and it is marketing whoever sends it."""

    MARKETING = "marketing"
    EMAIL = "email"
    TEXT = "text"
    CALL = "call"

    @property
    def label(self) -> str:
        return _REACH_LABEL[self]()


_REACH_LABEL: dict[Reach, Callable[[], str]] = {
    Reach.MARKETING: lambda: pgettext("what may be sent", "Marketing e-mail"),
    Reach.EMAIL: lambda: pgettext("what may be sent", "E-mail"),
    Reach.TEXT: lambda: pgettext("what may be sent", "Text"),
    Reach.CALL: lambda: pgettext("what may be sent", "Call"),
}


class How(StrEnum):
    BY_HAND = "hand"
    AUTOMATED = "automated"

    @property
    def label(self) -> str:
        return _HOW_LABEL[self]()


_HOW_LABEL: dict[How, Callable[[], str]] = {
    How.BY_HAND: lambda: pgettext("how a lead is contacted", "Personally, from one person to another"),
    How.AUTOMATED: lambda: pgettext("how a lead is contacted", "Automatically, by a campaign"),
}


class Verdict(StrEnum):
    """From open to closed; of several leads or flags the last in this order wins.

    ``NOT_MARKETING``: an e-mail may go, as long as it is no marketing.
    """

    NOT_YET = "not_yet"
    ALLOWED = "allowed"
    NOT_MARKETING = "not_marketing"
    WITH_REASON = "with_reason"
    FORBIDDEN = "forbidden"


_ORDER = list(Verdict)
_CLOSES = {
    Flag.UNSUBSCRIBED: frozenset({Reach.MARKETING}),
    Flag.DO_NOT_EMAIL: frozenset({Reach.EMAIL, Reach.MARKETING}),
    Flag.DO_NOT_TEXT: frozenset({Reach.TEXT}),
    Flag.DO_NOT_CALL: frozenset({Reach.CALL}),
}


def effect(flag: Flag, reach: Reach, how: How) -> Verdict:
    """What one flag alone does to this kind of outreach; to marketing the same whoever sends it and how."""
    if flag is Flag.DNC:
        by_hand = how is How.BY_HAND and reach is not Reach.MARKETING
        return Verdict.WITH_REASON if by_hand else Verdict.FORBIDDEN
    if flag is Flag.UNSUBSCRIBED and reach is Reach.EMAIL:
        return Verdict.NOT_MARKETING
    return Verdict.FORBIDDEN if reach in _CLOSES[flag] else Verdict.ALLOWED


def strongest(verdicts: Iterable[Verdict]) -> Verdict:
    """The union: forbidden as soon as one of them forbids; ``NOT_YET`` of none."""
    return max(verdicts, key=_ORDER.index, default=Verdict.NOT_YET)


# --- from rows to closures --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stream:
    """The facts of one lead in version order, the first one and all that speak of consent at least.

    ``absorbed``: the leads that were merged into it. For such a one ``merge`` is the fact of the merge and ``undone``
    the fact that took it back; both are rows of the lead that survived.
    """

    rows: Sequence[Row]
    absorbed: tuple["Stream", ...] = ()
    merge: Row | None = None
    undone: Row | None = None


@dataclass(frozen=True, slots=True)
class Closure:
    """A flag that stood from ``since`` until just before ``until`` (None: it still stands), and the facts of both."""

    flag: Flag
    set_by: Row
    cleared_by: Row | None
    since: datetime
    until: datetime | None

    def covers(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Past:
    """All that decides about consent by one clock: since when there is a lead, and when which flag stood."""

    begun: datetime | None
    closures: tuple[Closure, ...]


def read_past(stream: Stream, clock: Clock) -> Past:
    """The closures of a lead, those of the leads that were merged into it included.

    *As it was* an opt-out on another record of the same person counted all along; *as we knew it then* only once the
    records were one. A flag that is cleared after a merge is cleared for both.
    """
    begun = [time_of(part.rows[0], clock) for part in _counting(stream, clock) if part.rows]
    return Past(min(begun, default=None), tuple(sorted(_closures(stream, clock), key=lambda c: c.since)))


def united(pasts: Iterable[Past]) -> Past:
    """Several leads read as one person: whatever one of them forbids is forbidden."""
    known = list(pasts)
    begun = min((p.begun for p in known if p.begun), default=None)
    return Past(begun, tuple(sorted((c for p in known for c in p.closures), key=lambda c: c.since)))


def time_of(row: Row, clock: Clock) -> datetime:
    """From when a fact counts by this clock."""
    return row.recorded_at if clock is Clock.KNOWN else row.occurred_at


def _counting(stream: Stream, clock: Clock) -> Iterator[Stream]:
    """The records that say since when we have known this person at all."""
    yield stream
    if clock is Clock.HAPPENED:
        for other in stream.absorbed:
            if other.undone is None:
                yield from _counting(other, clock)


def _closures(stream: Stream, clock: Clock) -> Iterator[Closure]:
    yield from _own(stream.rows, clock)
    cleared = [row for row in stream.rows if row.kind == Kind.FLAG_CLEARED]
    for other in stream.absorbed:
        if other.merge is not None and not (other.undone and clock is Clock.HAPPENED):
            for closure in _closures(other, clock):
                kept = _merged(closure, other, other.merge, cleared, clock)
                if kept.until is None or kept.since < kept.until:
                    yield kept


def _own(rows: Iterable[Row], clock: Clock) -> Iterator[Closure]:
    standing: dict[str, Row] = {}
    for row in rows:
        if row.kind == Kind.FLAG_SET and row.flag in _FLAGS:
            standing.setdefault(row.flag, row)
        elif row.kind == Kind.FLAG_CLEARED and row.flag in standing:
            began = standing.pop(row.flag)
            since, until = time_of(began, clock), time_of(row, clock)
            if since < until:
                yield Closure(Flag(row.flag), began, row, since, until)
    for name, began in standing.items():
        yield Closure(Flag(name), began, None, time_of(began, clock), None)


_FLAGS = frozenset(f.value for f in Flag)


def _merged(closure: Closure, other: Stream, merge: Row, cleared: list[Row], clock: Clock) -> Closure:
    """A closure of an absorbed lead as it counts for the one that survived."""
    joined = time_of(merge, clock)
    if clock is Clock.KNOWN:
        closure = replace(closure, since=max(closure.since, joined))
    end = other.undone.recorded_at if other.undone else None
    lifted = next((r for r in cleared if r.flag == closure.flag and r.version > merge.version), None)
    for until, by in ((end, None), (time_of(lifted, clock) if lifted else None, lifted)):
        if until is not None and (closure.until is None or until < closure.until):
            closure = replace(closure, until=until, cleared_by=by)
    return closure


# --- answers ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether it was allowed, and the facts that decide it.

    ``against``: what stood against it, the strongest and oldest first. ``aside``: what stood and is not against this.
    ``lifted``: of a yes, the closure that ended last before. ``coming``: of a yes, the one that began next.
    """

    verdict: Verdict
    begun: datetime | None
    against: tuple[Closure, ...] = ()
    aside: tuple[Closure, ...] = ()
    lifted: Closure | None = None
    coming: Closure | None = None


def ask(rows: Sequence[Row] | Stream, reach: Reach, how: How, moment: datetime, clock: Clock) -> Answer:
    """Whether this was allowed at this instant, the instant included. In: a lead's rows in version order."""
    stream = rows if isinstance(rows, Stream) else Stream(rows)
    return answer(read_past(stream, clock), reach, how, moment)


def answer(past: Past, reach: Reach, how: How, moment: datetime) -> Answer:
    """The answer out of a past that has been read."""
    if past.begun is None or moment < past.begun:
        return Answer(Verdict.NOT_YET, past.begun)
    standing = [c for c in past.closures if c.covers(moment)]
    against = [c for c in standing if effect(c.flag, reach, how) is not Verdict.ALLOWED]
    aside = tuple(c for c in standing if c not in against)
    if against:
        against.sort(key=lambda c: (-_ORDER.index(effect(c.flag, reach, how)), c.since))
        verdict = strongest(effect(c.flag, reach, how) for c in against)
        return Answer(verdict, past.begun, tuple(against), aside)
    others = [c for c in past.closures if effect(c.flag, reach, how) is not Verdict.ALLOWED]
    over = [(c.until, c) for c in others if c.until is not None and c.until <= moment]
    lifted = max(over, key=lambda pair: pair[0], default=(None, None))[1]
    coming = next((c for c in others if c.since > moment), None)
    return Answer(Verdict.ALLOWED, past.begun, (), aside, lifted, coming)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a day, its end not included, in which the answer was the same."""

    since: datetime
    until: datetime
    answer: Answer


def over(past: Past, reach: Reach, how: How, since: datetime, until: datetime) -> list[Stretch]:
    """The answers from ``since`` until just before ``until``: a new one where another fact decides."""
    cuts: set[Any] = {past.begun} | {t for c in past.closures for t in (c.since, c.until)}
    edges = [since, *sorted(t for t in cuts if t is not None and since < t < until), until]
    stretches: list[Stretch] = []
    for start, end in pairwise(edges):
        found = answer(past, reach, how, start)
        if stretches and _same(stretches[-1].answer, found):
            stretches[-1] = replace(stretches[-1], until=end)
        else:
            stretches.append(Stretch(start, end, found))
    return stretches


def _same(one: Answer, other: Answer) -> bool:
    """Whether the same fact decides."""
    return one.verdict is other.verdict and one.against[:1] == other.against[:1]


# --- merges -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Merge:
    """A merge that a lead's stream tells of: the uuid of the other lead, the fact, and what took it back."""

    other: str
    fact: Row
    undone: Row | None


def merges(rows: Iterable[Row], kind: Kind) -> list[Merge]:
    """The merges of this kind (``lead_absorbed``: into this lead; ``merged_into``: of this lead into another).

    All three kinds name the other lead by its uuid, as text, in ``data["other"]``; a row without it is left out.
    """
    found: list[Merge] = []
    for row in rows:
        other = str(row.data.get("other") or "") if isinstance(row.data, dict) else ""
        if other and row.kind == kind:
            found.append(Merge(other, row, None))
        elif other and row.kind == Kind.MERGE_UNDONE:
            for n in range(len(found) - 1, -1, -1):
                if found[n].other == other and found[n].undone is None:
                    found[n] = replace(found[n], undone=row)
                    break
    return found
