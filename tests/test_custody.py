"""Who held a lead, when, by whose hand and why: the chain as the log tells it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.errors import Refused
from lifecycle.events import Kind
from lifecycle.fold import fold
from lifecycle.history.custody import Stint, days, days_text, stints
from lifecycle.intents import Person
from lifecycle.states import State
from tests.story import ANA, BEN, BRUNA, MONDAY, Fact, Story

NAMES = {p.id: p.name for p in (ANA, BEN, BRUNA)}
HANDS: list[Person | None] = [ANA, BEN, BRUNA, None]


@dataclass
class Signed:
    """A fact of a story with the columns that only the log has."""

    fact: Fact
    source: str = "page"
    backfilled: bool = False
    actor_name: str = ""

    def __post_init__(self) -> None:
        self.actor_name = NAMES.get(self.fact.actor_id or 0, "")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.fact, name)


def chain(story: Story) -> list[Stint]:
    return stints(Signed(f) for f in story.facts)


def told(story: Story) -> list[tuple[str, str, str]]:
    """Holder, by whom and why, stint after stint."""
    return [(NAMES.get(s.holder or 0, "pool"), s.actor, s.reason) for s in chain(story)]


def test_a_lead_born_with_an_agent_was_never_in_the_pool() -> None:
    story = Story().created(agent=ANA)
    (only,) = chain(story)
    assert (only.holder, only.since, only.until, only.version, only.came_in) == (ANA.id, MONDAY, None, 2, True)


@pytest.mark.parametrize(("source", "inferred"), [("import", True), ("import", False), ("page", False)])
def test_a_stint_says_whether_another_system_brought_it_and_its_time_was_inferred(source: str, inferred: bool) -> None:
    (only,) = stints(Signed(f, source, inferred) for f in Story().created(agent=ANA).facts)
    assert (only.imported, only.about) == (source == "import", inferred)


def test_a_lead_of_nobody_begins_in_the_pool() -> None:
    (only,) = chain(Story().created(agent=None, by=BRUNA))
    assert (only.holder, only.reason, only.actor, only.version, only.came_in) == (None, "", "Bruna Barros", 1, True)


def test_every_hand_over_ends_one_stint_and_begins_the_next() -> None:
    story = Story().created(agent=None, by=None).wait(days=1).assigned(ANA, by=ANA, reason="territory").wait(hours=36)
    story.assigned(None, by=BRUNA, reason="returned_to_pool").wait(hours=6).assigned(BEN, reason="language_match")
    assert told(story) == [
        ("pool", "Scribe", ""),
        ("Ana Alvarez", "Ana Alvarez", "territory"),
        ("pool", "Bruna Barros", "returned_to_pool"),
        ("Ben Brooks", "Bruna Barros", "language_match"),
    ]
    assert [days_text(s.length(story.now)) for s in chain(story)] == ["1", "1.5", "0.25", "0"]


def test_a_stint_is_told_whole() -> None:
    story = Story().created(agent=None, by=None).wait(days=1).assigned(BEN, by=BRUNA, reason="territory")
    came, handed = story.facts[0], story.last
    assert stints([Signed(f) for f in story.facts], {handed.id: "He knows the street."}) == [
        Stint(
            holder=None, since=MONDAY, until=MONDAY + timedelta(days=1), actor_id=None, actor="Scribe", reason="",
            reason_was="", event_id=came.id, version=1, came_in=True, about=False, imported=False,
            recorded_at=came.recorded_at,
        ),
        Stint(
            holder=BEN.id, since=MONDAY + timedelta(days=1), until=None, actor_id=BRUNA.id, actor="Bruna Barros",
            reason="territory", reason_was="", event_id=handed.id, version=2, came_in=False, about=False,
            imported=False, recorded_at=handed.recorded_at,
        ),
    ]  # fmt: skip
    assert [s.note for s in stints([Signed(f) for f in story.facts], {handed.id: "He knows."})] == ["", "He knows."]


def test_a_corrected_reason_counts_and_the_first_one_stays_beside_it() -> None:
    story = Story().created(agent=ANA).wait(days=1).assigned(BEN, reason="performance")
    handed = story.last
    story.do(story.correct(handed, "workload_balance"), BRUNA)
    assert [(s.reason, s.reason_was) for s in chain(story)][-1] == ("workload_balance", "performance")
    story.do(story.correct(handed, "pto_or_leave"), BRUNA)
    assert [(s.reason, s.reason_was) for s in chain(story)][-1] == ("pto_or_leave", "performance")
    story.do(story.correct(handed, "performance"), BRUNA)
    assert [(s.reason, s.reason_was) for s in chain(story)][-1] == ("performance", "")


def test_a_lead_given_to_who_holds_it_stays_where_it_is() -> None:
    story = Story().created(agent=ANA).wait(days=1).assigned(BEN)
    again = Signed(Fact(**{**vars(story.last), "id": 99, "version": 99, "occurred_at": MONDAY + timedelta(days=3)}))
    assert stints([*(Signed(f) for f in story.facts), again]) == chain(story)


def test_two_hand_overs_in_one_moment_stay_in_the_order_of_the_log() -> None:
    story = Story().created(agent=None, by=BRUNA).wait(days=1).assigned(ANA).assigned(BEN).assigned(ANA)
    assert [NAMES.get(s.holder or 0, "pool") for s in chain(story)] == [
        "pool",
        "Ana Alvarez",
        "Ben Brooks",
        "Ana Alvarez",
    ]
    assert [s.length(story.now) for s in chain(story)][1:3] == [timedelta(0)] * 2


def test_no_facts_no_chain() -> None:
    assert stints([]) == []


@pytest.mark.parametrize(
    "length, text",
    [
        (timedelta(0), "0"),
        (timedelta(microseconds=1), "0"),
        (timedelta(seconds=431, microseconds=999999), "0"),
        (timedelta(seconds=432), "0.01"),
        (timedelta(days=10), "10"),
        (timedelta(days=100, hours=12), "100.5"),
        (timedelta(days=36500, seconds=1), "36500"),
    ],
)
def test_days_are_exact_to_two_digits(length: timedelta, text: str) -> None:
    assert days_text(length) == text
    assert abs(days(length) * 86400 - Decimal(length // timedelta(microseconds=1)) / 10**6) <= 432


# --- random streams -----------------------------------------------------------------------------------------


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """A lead that is passed around, worked, corrected and undone; what the rules refuse does not happen."""
    story = Story().created(agent=draw(st.sampled_from(HANDS)), by=BRUNA)
    for _ in range(draw(st.integers(0, 14))):
        story.wait(minutes=draw(st.sampled_from([0, 0, 1, 90, 5000])))
        act = draw(st.sampled_from(["assign", "assign", "assign", "call", "note", "flag", "move", "void", "correct"]))
        try:
            _act(draw, story, act)
        except Refused:
            continue
    return story


def _act(draw: st.DrawFn, story: Story, act: str) -> None:
    match act:
        case "assign":
            reasons = ["performance", "territory", "pto_or_leave"]
            story.assigned(draw(st.sampled_from(HANDS)), reason=draw(st.sampled_from(reasons)))
        case "call":
            story.called(by=BRUNA)
        case "note":
            story.noted(by=BRUNA)
        case "flag":
            story.flagged("do_not_text", by=BRUNA)
        case "move" if story.state.status == State.CONTACTING:
            story.moved(State.QUALIFIED, by=BRUNA)
        case "void" if story.state.moves[1:]:
            story.voided(by=BRUNA)
        case "correct":
            handed = [f for f in story.facts if f.kind == Kind.AGENT_ASSIGNED]
            if handed:
                story.do(story.correct(draw(st.sampled_from(handed)), "workload_balance"), BRUNA)


def replayed(story: Story) -> list[tuple[int | None, datetime]]:
    """Who held the lead after each of its facts, folded one by one; stays of no length at the beginning left out."""
    held: list[tuple[int | None, datetime]] = []
    for n, fact in enumerate(story.facts, start=1):
        holder = fold(story.facts[:n]).agent
        if not held or held[-1][0] != holder:
            held.append((holder, fact.occurred_at))
    return held[1:] if len(held) > 1 and held[0][0] is None and held[0][1] == held[1][1] else held


@given(stories())
def test_the_chain_is_a_plain_replay_without_a_gap_from_the_beginning_until_now(story: Story) -> None:
    found = chain(story)
    assert [(s.holder, s.since) for s in found] == replayed(story)
    assert found[0].since == story.facts[0].occurred_at
    assert all(a.until == b.since and a.holder != b.holder for a, b in pairwise(found))
    assert found[-1].until is None and found[-1].holder == story.state.agent
    assert sum((s.length(story.now) for s in found), timedelta(0)) == story.now - story.facts[0].occurred_at
    assert [s.came_in for s in found] == [True] + [False] * (len(found) - 1)


@given(stories())
def test_facts_that_do_not_hand_over_change_nothing(story: Story) -> None:
    bare = [f for f in story.facts if f.version == 1 or f.kind in (Kind.AGENT_ASSIGNED, Kind.REASON_CORRECTED)]
    assert stints(Signed(f) for f in bare) == chain(story)


def test_a_moment_ahead_of_the_clock_is_no_negative_length() -> None:
    story = Story().created(agent=ANA)
    assert chain(story)[0].length(datetime(2020, 1, 1, tzinfo=UTC)) == timedelta(0)
