"""A made-up office as the reports see one: first contacts in time and late, deals that fall back, agents who leave.

`bench/office.py` writes what a history file can say. This says more (contacts, clocks, where a lead came from, words of
a note), so it goes in by the product's own bulk path, `lifecycle.service.importing`; `bench/filling.py` does that.
Leads come in evenly over three years; about ten facts each, and the same ones every time for the same number and end.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log
from uuid import UUID

from lifecycle.events import Kind, Words
from lifecycle.imported import Told
from lifecycle.reasons import NOT_RECORDED, SEED
from lifecycle.states import State

YEARS = 3
AGENTS = 120
#: So many of the agents have left in the course of the years.
LEFT = 24
SLA_MINUTES = 5
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
K, S = Kind, State

_REASONS = {
    kind: [r.code for r in SEED if kind.value in r.kinds and r.code != NOT_RECORDED]
    for kind in (
        K.DEAL_COLLAPSED, K.CONTRACT_VOIDED, K.ARCHIVED_MANUALLY, K.BOGUS_CONTACT_DETECTED, K.AGENT_ASSIGNED,
        K.LEAD_RE_ENGAGED,
    )
}  # fmt: skip
#: Where leads come from; from the second row on somebody of the office takes them in by hand.
_BY_FORM = ("website", "portal", "portal", "portal", "social", "referral")
_BY_HAND = ("phone", "walk_in", "open_house", "sign_call")
_HOURS = (1, 1, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 9, 9, 10, 10, 10, 9, 8, 8, 7, 5, 3, 2)
_FIRST = (
    "Ana",
    "Ben",
    "Cleo",
    "Dana",
    "Eli",
    "Fay",
    "Gus",
    "Hana",
    "Ivo",
    "June",
    "Kai",
    "Lena",
    "Max",
    "Nora",
    "Omar",
)
_LAST = ("Abel", "Berg", "Costa", "Diaz", "Engel", "Frost", "Gray", "Haas", "Iles", "Jung", "Klein", "Lund", "Moss")
_NOTES = (
    "The bank wanted more than they could show.",
    "They called in the evening and said that they would rather wait until spring.",
    "Inspection: roof and drains. No agreement on who pays.",
    "Found another house on the same street, and wants to start over with us.",
    "Ready to see three houses on Saturday.",
)


@dataclass(frozen=True, slots=True)
class Agent:
    """``speed``: how many times the usual time until this agent calls; ``luck``: how many times as often deals fall."""

    name: str
    speed: float
    luck: float
    leaves: datetime


@dataclass(slots=True)
class Life:
    """One lead: its name, its key, and its facts in our words."""

    name: str
    key: str
    told: list[Told]


def staff(until: datetime) -> list[Agent]:
    """The agents of the office, those who have left first."""
    chance = random.Random(5)
    begun = until - YEARS * 365 * DAY
    return [
        Agent(
            f"Agent {n:03d}",
            chance.lognormvariate(0, 0.7),
            chance.uniform(0.5, 1.6),
            begun + (until - begun) * chance.uniform(0.2, 0.98) if n < LEFT else until + 3650 * DAY,
        )
        for n in range(AGENTS)
    ]


def lives(leads: int, until: datetime) -> Iterator[Life]:
    """So many leads, the oldest first, with what happened until then."""
    chance, agents = random.Random(leads), staff(until)
    begun = until - YEARS * 365 * DAY
    for n in range(leads):
        born = begun + (until - begun) // leads * n
        born = born.replace(hour=chance.choices(range(24), _HOURS)[0], minute=0, second=0, microsecond=0)
        born += timedelta(seconds=chance.randrange(3600))
        if born >= until:
            born -= DAY
        tale = _Tale(chance, agents, born, until)
        tale.tell()
        name = f"{chance.choice(_FIRST)} {chance.choice(_LAST)}"
        yield Life(name, f"R-{n:07d}", tale.told())


@dataclass(slots=True)
class _Fact:
    at: datetime
    kind: Kind
    actor: str = ""
    from_status: str = ""
    to_status: str = ""
    owner: str = ""
    reason: str = ""
    note: str = ""
    data: dict[str, object] = field(default_factory=dict)


class _Tale:
    def __init__(self, chance: random.Random, agents: list[Agent], born: datetime, until: datetime) -> None:
        self.chance, self.agents, self.now, self.until = chance, agents, born, until
        self.status, self.facts = "", list[_Fact]()
        self.holder: Agent | None = None

    def told(self) -> list[Told]:
        """What happened by the end, in the order in which it happened."""
        facts = sorted((f for f in self.facts if f.at < self.until), key=lambda f: f.at)
        return [
            Told(
                line=n, seq=n, uuid=UUID(int=self.chance.getrandbits(128), version=4), kind=f.kind, occurred_at=f.at,
                actor=f.actor, from_status=f.from_status, to_status=f.to_status, owner=f.owner, reason=f.reason,
                backfilled=False, words=Words(note=f.note), data=f.data,
            )
            for n, f in enumerate(facts, 1)
        ]  # fmt: skip

    def tell(self) -> None:
        self._come_in()
        stages = {
            S.NEW: self._new, S.CONTACTING: self._contacting, S.QUALIFIED: self._qualified,
            S.COMMITTED: self._committed, S.IN_CONTRACT: self._in_contract, S.ARCHIVED: self._archived,
            S.TRASHED: self._trashed,
        }  # fmt: skip
        while self.status in stages and self.now < self.until and len(self.facts) < 60:
            before = self.status, len(self.facts)
            stages[S(self.status)]()
            if before == (self.status, len(self.facts)):
                return

    # --- stages ---------------------------------------------------------------------------------------------------

    def _come_in(self) -> None:
        by_hand = self._happens(0.15)
        inquiry = self.chance.choice(_BY_HAND if by_hand else _BY_FORM)
        to_pool = self._happens(0.06)
        agent = None if to_pool else self._somebody()
        actor = agent.name if agent and by_hand else ""
        data: dict[str, object] = {"inquiry": inquiry, "sla_minutes": SLA_MINUTES}
        self._move(K.LEAD_CREATED, S.NEW, actor=actor, data=data)
        if agent:
            self._assign(agent, "initial_routing")

    def _new(self) -> None:
        inquired = self.now
        if self._happens(0.03):
            self._bogus()
            return
        if self._happens(0.02):
            self._after(20 * DAY, 0.7)
            if self._happens(0.8):
                self._move(K.ARCHIVED_MANUALLY, S.ARCHIVED, actor=self._name())
            else:
                self.now = self.until
            return
        if self.holder is None:
            self._after(3 * MINUTE, 1.2)
            self._assign(self._somebody(), "initial_routing")
        elif self._happens(0.06):
            self._after(45 * MINUTE, 0.8)
            self._assign(self._somebody(), "sla_breach")
        assert self.holder
        self._after(3.2 * MINUTE * self.holder.speed, 1.6)
        if self.now > inquired + SLA_MINUTES * MINUTE:
            due = inquired + SLA_MINUTES * MINUTE
            self.facts.append(_Fact(due, K.SLA_BREACHED, data={"minutes": SLA_MINUTES}))
        self._contact(self.now, self.chance.choice(("spoke", "no_answer", "voicemail", "no_answer")))
        self._move(K.CONTACT_ATTEMPTED, S.CONTACTING)

    def _contacting(self) -> None:
        way = self.chance.random()
        self._outreach(self.chance.randrange(0, 4), 2 * DAY)
        if way < 0.55:
            self._contact(self.now, self.chance.choice(("spoke", "met")))
            self._move(K.MOTIVATION_CONFIRMED, S.QUALIFIED, actor=self._name(), note=self._note())
        elif way < 0.75:
            self._outreach(2, 3 * DAY)
            self.now += 9 * DAY
            self._move(K.TIMED_OUT_NO_RESPONSE, S.ARCHIVED)
        elif way < 0.95:
            self._after(5 * DAY, 0.9)
            self._move(K.ARCHIVED_MANUALLY, S.ARCHIVED, actor=self._name())
        else:
            self._bogus()

    def _qualified(self) -> None:
        self._perhaps_handed_over(0.12)
        self._outreach(self.chance.randrange(0, 3), 6 * DAY)
        way = self.chance.random()
        if way < 0.46:
            self._after(12 * DAY, 1.1)
            data: dict[str, object] = {"document": int(self._happens(0.9))}
            self._move(K.BUYER_AGREEMENT_SIGNED, S.COMMITTED, actor=self._name(), data=data)
        elif way < 0.82:
            self._after(25 * DAY, 0.9)
            self._move(K.ARCHIVED_MANUALLY, S.ARCHIVED, actor=self._name())
        else:
            self.now += 180 * DAY
            self._move(K.TIMED_OUT_NO_PROGRESS, S.ARCHIVED)

    def _committed(self) -> None:
        self._perhaps_handed_over(0.06)
        self._outreach(self.chance.randrange(0, 3), 4 * DAY)
        self._after(8 * DAY, 1.0)
        luck = self.holder.luck if self.holder else 1
        if not self._happens(0.26 * luck):
            self._move(K.CONTRACT_EXECUTED, S.IN_CONTRACT, actor=self._name())
            return
        self._move(K.DEAL_COLLAPSED, S.QUALIFIED, actor=self._name(), note=self._note())
        if self._happens(0.4):
            self.now += timedelta(seconds=self.chance.randrange(40, 3600))
            self._move(K.BUYER_AGREEMENT_SIGNED, S.COMMITTED, actor=self._name(), data={"document": 1})

    def _in_contract(self) -> None:
        self._outreach(self.chance.randrange(0, 3), 8 * DAY)
        luck = self.holder.luck if self.holder else 1
        if self._happens(0.18 * luck):
            self._after(18 * DAY, 0.6)
            self._move(K.CONTRACT_VOIDED, S.QUALIFIED, actor=self._name(), note=self._note())
        else:
            self._after(33 * DAY, 0.3)
            self._move(K.CLOSING_COMPLETED, S.CLOSED, actor=self._name())

    def _archived(self) -> None:
        if self._happens(0.15):
            self._after(120 * DAY, 0.7)
            self._perhaps_handed_over(0.5)
            self._move(K.LEAD_RE_ENGAGED, S.CONTACTING, actor=self._name() if self._happens(0.6) else "")

    def _trashed(self) -> None:
        if self._happens(0.1):
            self._after(3 * DAY, 1.0)
            data: dict[str, object] = {"sla_minutes": SLA_MINUTES}
            self._move(K.CONTACT_INFO_UPDATED, S.NEW, actor=self._name(), data=data)

    # --- what happens in them -------------------------------------------------------------------------------------

    def _bogus(self) -> None:
        self._after(50 * MINUTE, 1.2)
        self._move(K.BOGUS_CONTACT_DETECTED, S.TRASHED, actor=self._name())

    def _move(
        self, kind: Kind, to: State, *, actor: str = "", note: str = "", data: dict[str, object] | None = None
    ) -> None:
        reason = self.chance.choice(_REASONS[kind]) if kind in _REASONS else ""
        if kind == K.DEAL_COLLAPSED and self._happens(0.5):
            reason = self.chance.choice(("outbid", "offer_rejected", "financing_affordability"))
        self.facts.append(_Fact(self.now, kind, actor, self.status, to.value, "", reason, note, data or {}))
        self.status = to.value

    def _assign(self, agent: Agent, reason: str) -> None:
        if self.holder is not agent:
            self.facts.append(_Fact(self.now, K.AGENT_ASSIGNED, "", owner=agent.name, reason=reason))
            self.holder = agent

    def _perhaps_handed_over(self, odds: float) -> None:
        if self._happens(odds):
            self._after(DAY, 1.0)
            self._assign(self._somebody(), self.chance.choice(_REASONS[K.AGENT_ASSIGNED]))

    def _outreach(self, times: int, apart: timedelta) -> None:
        for _ in range(times):
            self._after(apart, 0.8)
            outcome = self.chance.choice(("no_answer", "voicemail", "sent", "sent", "spoke", "replied"))
            self._contact(self.now, outcome)
        if self._happens(0.12):
            self.facts.append(_Fact(self.now, K.NOTE_ADDED, self._name(), note=self._note()))

    def _contact(self, at: datetime, outcome: str) -> None:
        channel = {"sent": "text", "replied": "email", "met": "in_person"}.get(outcome, "call")
        direction = "inbound" if outcome == "replied" else "outbound"
        data: dict[str, object] = {"channel": channel, "direction": direction, "outcome": outcome}
        self.facts.append(_Fact(at, K.CONTACT_LOGGED, self._name(), data=data))

    def _after(self, median: timedelta, spread: float) -> None:
        """Time goes by; whoever holds the lead may leave the office meanwhile."""
        seconds = self.chance.lognormvariate(log(median.total_seconds()), spread)
        now = self.now + timedelta(seconds=int(min(seconds, 4e7)) + 1)
        if self.holder and self.holder.leaves < now:
            self.now = max(self.now, self.holder.leaves)
            self._assign(self._somebody(), "agent_departed")
        self.now = max(now, self.now)

    def _somebody(self) -> Agent:
        while True:
            agent = self.agents[int(self.chance.triangular(0, AGENTS, AGENTS * 0.7))]
            if agent.leaves > self.now:
                return agent

    def _name(self) -> str:
        return self.holder.name if self.holder else ""

    def _note(self) -> str:
        return self.chance.choice(_NOTES)

    def _happens(self, odds: float) -> bool:
        return self.chance.random() < odds
