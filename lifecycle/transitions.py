"""The moves. This table is the specification: every pair of states that is not in it is illegal.

Read it aloud: *from* this stage *to* that one, the fact is called so, these may do it, and this is needed.
"""

from dataclasses import dataclass
from enum import StrEnum

from .events import Kind
from .states import State


class Who(StrEnum):
    PERSON = "person"
    SCRIBE = "scribe"
    EITHER = "either"


class Need(StrEnum):
    """What a move asks for before it may be recorded."""

    INQUIRY = "inquiry"
    CONTACT = "contact"
    REASON = "reason"
    NOTE = "note"
    DOCUMENT = "document"
    CLOSING_DATE = "closing_date"
    CONTACT_DATA = "contact_data"
    THRESHOLD = "threshold"


@dataclass(frozen=True, slots=True)
class Transition:
    from_status: State | None
    to_status: State
    kind: Kind
    who: Who
    needs: tuple[Need, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether a person has to be asked something before this move can be recorded."""
        return bool(self.needs)


S, K, N = State, Kind, Need

TRANSITIONS: tuple[Transition, ...] = (
    Transition(None, S.NEW, K.LEAD_CREATED, Who.EITHER, (N.INQUIRY,)),
    Transition(S.NEW, S.CONTACTING, K.CONTACT_ATTEMPTED, Who.SCRIBE, (N.CONTACT,)),
    Transition(S.NEW, S.TRASHED, K.BOGUS_CONTACT_DETECTED, Who.EITHER, (N.REASON,)),
    Transition(S.CONTACTING, S.TRASHED, K.BOGUS_CONTACT_DETECTED, Who.EITHER, (N.REASON,)),
    Transition(S.CONTACTING, S.QUALIFIED, K.MOTIVATION_CONFIRMED, Who.PERSON, (N.NOTE,)),
    Transition(S.CONTACTING, S.ARCHIVED, K.TIMED_OUT_NO_RESPONSE, Who.SCRIBE, (N.THRESHOLD,)),
    Transition(S.QUALIFIED, S.COMMITTED, K.BUYER_AGREEMENT_SIGNED, Who.PERSON, (N.DOCUMENT,)),
    Transition(S.QUALIFIED, S.ARCHIVED, K.TIMED_OUT_NO_PROGRESS, Who.SCRIBE, (N.THRESHOLD,)),
    Transition(S.NEW, S.ARCHIVED, K.ARCHIVED_MANUALLY, Who.PERSON, (N.REASON,)),
    Transition(S.CONTACTING, S.ARCHIVED, K.ARCHIVED_MANUALLY, Who.PERSON, (N.REASON,)),
    Transition(S.QUALIFIED, S.ARCHIVED, K.ARCHIVED_MANUALLY, Who.PERSON, (N.REASON,)),
    Transition(S.COMMITTED, S.IN_CONTRACT, K.CONTRACT_EXECUTED, Who.PERSON),
    Transition(S.COMMITTED, S.QUALIFIED, K.DEAL_COLLAPSED, Who.PERSON, (N.REASON, N.NOTE)),
    Transition(S.IN_CONTRACT, S.CLOSED, K.CLOSING_COMPLETED, Who.PERSON, (N.CLOSING_DATE,)),
    Transition(S.IN_CONTRACT, S.QUALIFIED, K.CONTRACT_VOIDED, Who.PERSON, (N.REASON, N.NOTE)),
    Transition(S.ARCHIVED, S.CONTACTING, K.LEAD_RE_ENGAGED, Who.EITHER, (N.REASON,)),
    Transition(S.TRASHED, S.NEW, K.CONTACT_INFO_UPDATED, Who.EITHER, (N.CONTACT_DATA,)),
)

_BY_PAIR: dict[tuple[str, str], tuple[Transition, ...]] = {}
for _t in TRANSITIONS:
    _key = (_t.from_status or "", _t.to_status)
    _BY_PAIR[_key] = (*_BY_PAIR.get(_key, ()), _t)


def between(from_status: str, to_status: str) -> tuple[Transition, ...]:
    """All moves that join two states (``""`` stands for "no lead yet"); empty when the pair is illegal."""
    return _BY_PAIR.get((from_status, to_status), ())


def for_person(from_status: str, to_status: str) -> tuple[Transition, ...]:
    """The moves between two states that a person may make; NEW → CONTACTING is one, by way of a logged contact."""
    return tuple(t for t in between(from_status, to_status) if t.who != Who.SCRIBE or Need.CONTACT in t.needs)


def legal_targets(from_status: str) -> tuple[State, ...]:
    """The states, in board order, to which a person may move a lead from here."""
    return tuple(s for s in State if for_person(from_status, s))


def must_ask(from_status: str, to_status: str) -> bool:
    """Whether a drop from here to there opens a dialog before anything is recorded."""
    return any(t.asks for t in for_person(from_status, to_status))
