"""The clocks of the first response: who owed one, from when, until when, and what came of it. Pure.

A clock starts when a lead comes into NEW by a fact that names the minutes (an inquiry, corrected contact data), and
runs for whoever holds the lead then: its agent, or the pool. Given to an agent in the same moment, it is the agent's.

* It **ends** with the first contact: the earliest outbound contact of a person, at or after its start.
* If the lead is **handed on** before that (also by a claim from the pool), the clock of the earlier holder ends there:
  *breached* if its time was up, else *passed on*, which counts for nobody. A new clock of the same minutes starts for
  the new holder, as long as the lead is still in NEW.
* If the lead **leaves NEW** without a contact, it was *set aside*, unless its time was up or a contact came after all.
* **Met**: contacted up to the due instant, itself included. **Running**: nothing yet, and the due instant not passed.
* A **breach that was declared** before the contact, the hand-over or the move was written down stands. Scribe declares
  it by the lead's clock, so it speaks of the first holder's alone.
* **Logged late**: the contact came in time and was written down after the due instant, met or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from ..speech import pgettext


class Outcome(StrEnum):
    """What came of a clock. The first two are answers that were owed: a report's *leads*."""

    MET = "met"
    BREACHED = "breached"
    RUNNING = "running"
    PASSED_ON = "passed_on"
    SET_ASIDE = "set_aside"

    @property
    def label(self) -> str:
        return {
            Outcome.MET: pgettext("the first contact", "in time"),
            Outcome.BREACHED: pgettext("the first contact", "too late or not at all"),
            Outcome.RUNNING: pgettext("the first contact", "still has time"),
            Outcome.PASSED_ON: pgettext("the first contact", "passed on in time"),
            Outcome.SET_ASIDE: pgettext("the first contact", "set aside before it was due"),
        }[self]


class Mark(NamedTuple):
    """A fact on a clock, in the order in which things happen; of the same instant, in which they were written."""

    at: datetime
    version: int


class Handed(NamedTuple):
    """An assignment: its fact, and who holds the lead from then on (None: the pool)."""

    fact: int
    mark: Mark
    to: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One coming into NEW that starts a clock, with what happened before the lead came there again.

    ``holder``: who held it just before. ``contact``: the first contact, ``logged_at``: when it was written down;
    ``left``: the first move away; ``breach``: as Scribe declared it; ``handed``: the assignments in version order,
    which is the order of time.
    """

    lead: int
    fact: int
    source: str
    since: datetime
    minutes: int
    holder: int | None
    contact: Mark | None = None
    logged_at: datetime | None = None
    left: Mark | None = None
    breach: Mark | None = None
    handed: Sequence[Handed] = ()


@dataclass(frozen=True, slots=True)
class Clock:
    """One holder's clock. ``fact``: what started it, the entry into NEW or the assignment. ``holder`` None: the pool.

    ``answered_at``: the first contact, None when none came on this clock. ``first``: it is the lead's own clock, that
    of who held it when it came. ``inquired_at``: when the lead came into NEW.
    """

    lead: int
    fact: int
    source: str
    holder: int | None
    inquired_at: datetime
    since: datetime
    due: datetime
    first: bool
    outcome: Outcome
    answered_at: datetime | None
    logged_late: bool

    @property
    def seconds(self) -> float | None:
        """From the start to the first contact."""
        return None if self.answered_at is None else (self.answered_at - self.since).total_seconds()

    @property
    def owed(self) -> bool:
        """Whether an answer was owed and its time is over."""
        return self.outcome in (Outcome.MET, Outcome.BREACHED)


@dataclass(slots=True)
class _Turn:
    """Whose turn it is to answer, while an entry is read."""

    fact: int
    holder: int | None
    since: datetime


def clocks(entry: Entry, end: datetime) -> list[Clock]:
    """The clocks of an entry, oldest first. In: the instant up to which is told, now or as known then."""
    found: list[Clock] = []
    turn: _Turn | None = _Turn(entry.fact, entry.holder, entry.since)
    for handed in entry.handed:
        if turn is None or (entry.contact is not None and entry.contact < handed.mark):
            break
        if handed.to == turn.holder:
            continue
        if handed.mark.at == turn.since:
            # Born with an agent, or handed over twice in one moment: nobody had it in between.
            turn = _Turn(turn.fact if not found else handed.fact, handed.to, turn.since)
            continue
        gone = entry.left is not None and entry.left < handed.mark
        found.append(_handed_on(entry, turn, entry.left if gone and entry.left else handed.mark, gone))
        turn = None if gone else _Turn(handed.fact, handed.to, handed.mark.at)
    if turn is not None:
        found.append(_last(entry, turn, end))
    return found


def _handed_on(entry: Entry, turn: _Turn, until: Mark, gone: bool) -> Clock:
    """The clock of one who gave the lead on without a contact; ``gone``: it had been set aside before that."""
    in_time = until.at <= _due(entry, turn) and not _declared_before(entry, turn, until)
    outcome = (Outcome.SET_ASIDE if gone else Outcome.PASSED_ON) if in_time else Outcome.BREACHED
    return _clock(entry, turn, outcome, None)


def _last(entry: Entry, turn: _Turn, end: datetime) -> Clock:
    """The clock of the last holder: answered, set aside, or still without an answer."""
    due = _due(entry, turn)
    if entry.contact is not None:
        in_time = entry.contact.at <= due and not _declared_before(entry, turn, entry.contact)
        return _clock(entry, turn, Outcome.MET if in_time else Outcome.BREACHED, entry.contact)
    if entry.left is not None:
        in_time = entry.left.at <= due and not _declared_before(entry, turn, entry.left)
        return _clock(entry, turn, Outcome.SET_ASIDE if in_time else Outcome.BREACHED, None)
    return _clock(entry, turn, Outcome.RUNNING if due >= end else Outcome.BREACHED, None)


def _due(entry: Entry, turn: _Turn) -> datetime:
    return turn.since + timedelta(minutes=entry.minutes)


def _declared_before(entry: Entry, turn: _Turn, mark: Mark) -> bool:
    """Whether Scribe had declared this very clock breached before that was written down."""
    # A breach bears the due time that it speaks of: not a later holder's, nor that of an entry that was undone.
    breach = entry.breach
    return breach is not None and breach.at == _due(entry, turn) and breach.version < mark.version


def _clock(entry: Entry, turn: _Turn, outcome: Outcome, contact: Mark | None) -> Clock:
    due = _due(entry, turn)
    return Clock(
        lead=entry.lead,
        fact=turn.fact,
        source=entry.source,
        holder=turn.holder,
        inquired_at=entry.since,
        since=turn.since,
        due=due,
        first=turn.since == entry.since,
        outcome=outcome,
        answered_at=None if contact is None else contact.at,
        logged_late=entry.logged_at is not None and contact is not None and contact.at <= due < entry.logged_at,
    )
