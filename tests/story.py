"""Given these facts, when somebody wants this, then these drafts: the rules without a database."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lifecycle.authority import authorise
from lifecycle.decide import decide, times
from lifecycle.errors import Refused
from lifecycle.events import NO_WORDS, Channel, Direction, Draft, Inquiry, Outcome, Words
from lifecycle.fold import LeadState, fold
from lifecycle.intents import (
    AddNote,
    Assign,
    ChangeFlag,
    CorrectReason,
    Create,
    Intent,
    LogContact,
    Move,
    Person,
    Rules,
    VoidMove,
)
from lifecycle.reasons import SEED
from lifecycle.states import State

ANA = Person(1, "Ana Alvarez", "agent")
BEN = Person(2, "Ben Brooks", "agent")
BRUNA = Person(3, "Bruna Barros", "broker")
ADA = Person(4, "Ada Adeyemi", "admin")
OTTO = Person(5, "Otto Oduya", "agent", active=False)
SCRIBE = None

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
BOOK = {r.code: r for r in SEED}
NOTE = Words(note="The bank called this morning and lowered the offer.")


@dataclass
class Fact:
    """A recorded row, as far as the fold reads one."""

    id: int
    version: int
    kind: str
    from_status: str
    to_status: str
    agent_id: int | None
    to_agent_id: int | None
    flag: str
    reason: str
    actor_id: int | None
    target_id: int | None
    caused_by_id: int | None
    occurred_at: datetime
    recorded_at: datetime
    data: dict[str, Any]
    hash: str
    words: Words = NO_WORDS


@dataclass
class Story:
    """One lead and the clock. Every act passes authority and decide, as it does in the service."""

    now: datetime = MONDAY
    facts: list[Fact] = field(default_factory=list)
    rules: dict[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> LeadState:
        return fold(self.facts)

    def wait(self, **span: float) -> "Story":
        """Time passes."""
        self.now += timedelta(**span)
        return self

    def decide(self, intent: Intent, by: Person | None = ANA) -> list[Draft]:
        """What would follow from an intent; nothing is recorded. Raises a ``Refused``."""
        state = self.state
        authorise(by, state, intent)
        return decide(state, intent, by, Rules(self.now, {**BOOK, **self.rules.get("book", {})}, **self._numbers()))

    def _numbers(self) -> dict[str, int]:
        return {name: value for name, value in self.rules.items() if name != "book"}

    def do(self, intent: Intent, by: Person | None = ANA) -> list[Fact]:
        """Decides and records; out: the new facts."""
        drafts = self.decide(intent, by)
        recorded = times.recorded_at(self.state, Rules(self.now))
        first = len(self.facts) + 1
        for n, draft in enumerate(drafts, start=first):
            self.facts.append(
                Fact(
                    id=n,
                    version=n,
                    kind=draft.kind.value,
                    from_status=draft.from_status,
                    to_status=draft.to_status,
                    agent_id=self.state.agent,
                    to_agent_id=draft.to_agent,
                    flag=draft.flag,
                    reason=draft.reason,
                    actor_id=None if by is None or draft.by_scribe else by.id,
                    target_id=draft.target,
                    caused_by_id=first if draft.caused_by_first else None,
                    occurred_at=draft.occurred_at,
                    recorded_at=recorded,
                    data=draft.data,
                    hash=f"hash {n}",
                    words=draft.words,
                )
            )
        return self.facts[first - 1 :]

    # --- the steps of a story, each with all that it needs ------------------------------------------------------

    def created(self, agent: Person | None = ANA, by: Person | None = ANA, **said: Any) -> "Story":
        said = {"inquiry": Inquiry.WEBSITE.value, "agent": agent and agent.id, **said}
        self.do(Create(**said), by)
        return self

    def called(self, by: Person | None = ANA, outcome: str = Outcome.NO_ANSWER, **said: Any) -> "Story":
        self.do(contact(outcome=outcome, **said), by)
        return self

    def moved(self, to: State, by: Person | None = ANA, **said: Any) -> "Story":
        self.do(move(self.state.status, to, **said), by)
        return self

    def assigned(self, to: Person | None, by: Person | None = BRUNA, reason: str = "workload_balance") -> "Story":
        self.do(Assign(to_agent=None if to is None else to.id, reason=reason, words=NOTE), by)
        return self

    def flagged(self, flag: str, by: Person | None = ANA, on: bool = True, reason: str = "") -> "Story":
        reason = reason or ("lead_request_phone" if on else "lead_reconsented")
        self.do(ChangeFlag(flag=flag, on=on, reason=reason, words=NOTE), by)
        return self

    def noted(self, by: Person | None = ANA, **said: Any) -> "Story":
        self.do(AddNote(words=Words(**(said or {"note": "Prefers the east side."}))), by)
        return self

    def void(self, target: Fact, reason: str = "mis_drag", **said: Any) -> VoidMove:
        """The wish to undo this fact, with its author as the service finds it."""
        cause = next((f for f in self.facts if f.id == target.caused_by_id), None)
        made_by = cause if target.actor_id is None and cause else target
        about = {"kind": target.kind, "is_move": bool(target.to_status), **said}
        return VoidMove(target=target.id, author=made_by.actor_id, reason=reason, **about)

    def voided(self, target: Fact | None = None, by: Person | None = ANA) -> "Story":
        """The given move is undone, or else the newest that still stands."""
        self.do(self.void(target or self.last_move), by)
        return self

    def correct(self, target: Fact, reason: str, words: Words = NOTE) -> CorrectReason:
        """The wish to put another reason beside the one of this fact, as the service prepares it."""
        later = [f.reason for f in self.facts if f.kind == "reason_corrected" and f.target_id == target.id]
        was = later[-1] if later else target.reason
        return CorrectReason(
            target=target.id, kind=target.kind, first=target.reason, was=was, reason=reason, words=words
        )

    def corrected(self, target: Fact, reason: str, by: Person | None = BRUNA) -> "Story":
        self.do(self.correct(target, reason), by)
        return self

    @property
    def last(self) -> Fact:
        return self.facts[-1]

    @property
    def last_move(self) -> Fact:
        """The newest move that still stands, found without the fold."""
        undone = {f.target_id for f in self.facts if f.kind == "move_voided"}
        return next(f for f in reversed(self.facts) if f.to_status and f.kind != "move_voided" and f.id not in undone)

    def at(self, status: State, agent: Person | None = ANA) -> "Story":
        """A lead that came to this state by its shortest way, an hour a step; a pool lead's steps are Bruna's."""
        by = agent or BRUNA
        self.created(agent, by)
        for step in WAY[status]:
            self.wait(hours=1)
            if step == State.CONTACTING and self.state.status == State.NEW:
                self.called(by)
            else:
                self.moved(step, by)
        self.wait(hours=1)
        return self


WAY: dict[State, tuple[State, ...]] = {
    State.NEW: (),
    State.CONTACTING: (State.CONTACTING,),
    State.QUALIFIED: (State.CONTACTING, State.QUALIFIED),
    State.COMMITTED: (State.CONTACTING, State.QUALIFIED, State.COMMITTED),
    State.IN_CONTRACT: (State.CONTACTING, State.QUALIFIED, State.COMMITTED, State.IN_CONTRACT),
    State.CLOSED: (State.CONTACTING, State.QUALIFIED, State.COMMITTED, State.IN_CONTRACT, State.CLOSED),
    State.ARCHIVED: (State.CONTACTING, State.ARCHIVED),
    State.TRASHED: (State.TRASHED,),
}


def at(status: State, agent: Person | None = ANA) -> Story:
    """A fresh story of a lead in this state."""
    return Story().at(status, agent)


def refusal(act: Callable[[], object], error: type[Refused], field: str | None = None) -> Refused:
    """The refusal of this act, which must be of this very class and speak to people in a sentence."""
    with pytest.raises(Refused) as caught:
        act()
    refused = caught.value
    assert type(refused) is error, f"{type(refused).__name__}: {refused.sentence}"
    assert re.fullmatch(r"(?s)[A-Z“].*(\.|@example\.com)", refused.sentence), refused.sentence
    if field is not None:
        assert refused.field == field
    return refused


def contact(**said: Any) -> LogContact:
    """The wish to log a call; every part of it can be said otherwise."""
    usual = {"channel": Channel.CALL.value, "direction": Direction.OUTBOUND.value, "outcome": Outcome.NO_ANSWER.value}
    return LogContact(**{**usual, **said})


#: What each move needs beside its target.
SAID: dict[tuple[str, str], dict[str, Any]] = {
    ("NEW", "TRASHED"): {"reason": "invalid_phone"},
    ("CONTACTING", "TRASHED"): {"reason": "email_bounced"},
    ("CONTACTING", "QUALIFIED"): {"words": Words(note="Toured twice, wants to offer.")},
    ("QUALIFIED", "COMMITTED"): {"words": Words(document="agreement-2026-014.pdf")},
    ("NEW", "ARCHIVED"): {"reason": "renting_instead"},
    ("CONTACTING", "ARCHIVED"): {"reason": "renting_instead"},
    ("QUALIFIED", "ARCHIVED"): {"reason": "not_interested"},
    ("COMMITTED", "QUALIFIED"): {"reason": "outbid", "words": NOTE},
    ("IN_CONTRACT", "QUALIFIED"): {"reason": "appraisal_low", "words": NOTE},
    ("IN_CONTRACT", "CLOSED"): {"closing_date": date(2026, 3, 1)},
    ("ARCHIVED", "CONTACTING"): {"reason": "replied"},
    ("TRASHED", "NEW"): {"contact_fields": ("phone",)},
}


def move(from_status: str, to: str, **said: Any) -> Move:
    """The wish to move, with everything that this pair of states needs; `said` replaces any part of it."""
    return Move(to=to, **{**SAID.get((from_status, to), {}), **said})
