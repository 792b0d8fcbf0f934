"""What somebody wants to happen to a lead, before the rules have judged it. Plain data; ids are database ids."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .events import NO_WORDS, Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """``occurred_at`` is a typed time (aware) or None for "now"."""

    words: Words = NO_WORDS
    occurred_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Create(Intent):
    """``gone`` is the name of an agent who is deactivated and cannot take leads."""

    inquiry: str
    agent: int | None = None
    gone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Intent):
    to: str
    kind: str = ""
    reason: str = ""
    closing_date: date | None = None
    duplicate_of: str = ""
    contact_fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LogContact(Intent):
    channel: str
    direction: str
    outcome: str
    override: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Intent):
    """``gone`` is the name of an agent who is deactivated and cannot take leads."""

    to_agent: int | None
    reason: str
    gone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFlag(Intent):
    flag: str
    on: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote(Intent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class VoidMove(Intent):
    """``author`` is who made the move, or, for a move of Scribe's, who made Scribe act.

    ``kind`` and ``is_move`` say what the target is, for the sentence when it is no move that stands.
    """

    target: int
    author: int | None
    reason: str
    kind: str = ""
    is_move: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectReason(Intent):
    """``kind`` is that of the corrected fact, ``first`` its own reason, ``was`` the one that stands now.

    ``saw`` is the reason that stood when the person looked (None: not said).
    """

    target: int
    kind: str
    was: str
    reason: str
    first: str = ""
    saw: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeContact(Intent):
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erase(Intent):
    """``found``: what of a person lies here, by class: names of contact facts, and how many words, rows, files.

    ``held``: somebody set a legal hold that nobody lifted. ``reference`` is the office's own number of the request.
    """

    reason: str
    fields: tuple[str, ...] = ()
    found: tuple[tuple[str, int], ...] = ()
    reference: str = ""
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareBreach(Intent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOut(Intent):
    """``told_at``: when an import last told where the lead stands; None where no import did."""

    kind: str
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts, as far as the rules care. None in its place means Scribe, the system."""

    id: int
    name: str
    role: str
    active: bool = True

    @property
    def is_broker(self) -> bool:
        return self.role in ("broker", "admin")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the rules read besides the lead: the clock, the office's numbers and its reason codes."""

    now: datetime
    book: dict[str, Any] = field(default_factory=dict)
    sla_minutes: int = 5
    no_response_days: int = 21
    no_response_attempts: int = 6
    no_progress_days: int = 180
