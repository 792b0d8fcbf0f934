"""What changed about a lead between two instants: the rules without a database."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.errors import Refused
from lifecycle.events import DEMOTIONS
from lifecycle.flags import Flag
from lifecycle.history import Change, Clock, Group, by_group, changes, facts_at, state_at
from lifecycle.states import State
from tests.story import ANA, BEN, BRUNA, SAID, Fact, Story, at, contact, move

HAPPENED, KNOWN = Clock.HAPPENED, Clock.KNOWN
FLAGS = [flag.value for flag in Flag]


def between(story: Story, since: datetime, clock: Clock = HAPPENED, until: datetime | None = None) -> list[Change]:
    return changes(story.facts, since, until or story.now, clock)


def groups(found: Sequence[Change]) -> list[Group]:
    return [change.group for change in found]


# --- one thing happened -------------------------------------------------------------------------------------


def test_a_lead_that_comes_in_with_an_agent_is_new_and_did_not_change_hands() -> None:
    story = Story().created(ANA)
    (new,) = between(story, story.now - timedelta(days=1))
    assert (new.group, new.from_status, new.to_status) == (Group.NEW, "", State.NEW)
    assert (new.from_agent, new.to_agent, len(new.facts)) == (None, ANA.id, 2)


def test_whoever_takes_a_lead_from_the_pool_later_is_a_change_of_hands() -> None:
    story = Story().created(None, BRUNA).wait(minutes=1).assigned(ANA)
    assert groups(between(story, story.now - timedelta(days=1))) == [Group.NEW, Group.REASSIGNED]


def test_several_stages_forward_are_one_line_with_every_step() -> None:
    story = at(State.COMMITTED)
    found = between(story, story.facts[0].occurred_at)
    assert groups(found) == [Group.ADVANCED] * 3
    (steps,) = by_group(found).values()
    assert [(c.from_status, c.to_status) for c in steps] == [
        (State.NEW, State.CONTACTING),
        (State.CONTACTING, State.QUALIFIED),
        (State.QUALIFIED, State.COMMITTED),
    ]


@pytest.mark.parametrize(
    "start, to, group",
    [
        (State.COMMITTED, State.QUALIFIED, Group.FELL_BACK),
        (State.IN_CONTRACT, State.QUALIFIED, Group.FELL_BACK),
        (State.IN_CONTRACT, State.CLOSED, Group.CLOSED),
        (State.QUALIFIED, State.ARCHIVED, Group.ARCHIVED),
        (State.CONTACTING, State.TRASHED, Group.TRASHED),
        (State.ARCHIVED, State.CONTACTING, Group.RE_ENGAGED),
        (State.TRASHED, State.NEW, Group.RESTORED),
        (State.COMMITTED, State.IN_CONTRACT, Group.ADVANCED),
    ],
)
def test_each_move_has_its_group(start: State, to: State, group: Group) -> None:
    story = at(start)
    since = story.now
    (change,) = between(story.wait(hours=1).moved(to), since)
    assert (change.group, change.name, change.from_status, change.to_status) == (group, group.value, start, to)
    assert (change.from_agent, change.to_agent, change.occurred_at) == (ANA.id, ANA.id, story.now)
    assert change.reason == SAID.get((start, to), {}).get("reason", "")


def test_a_flag_says_which_one_it_was() -> None:
    story = at(State.QUALIFIED)
    since = story.now
    story.wait(hours=1).flagged("do_not_call").wait(hours=1).flagged("do_not_text")
    story.wait(hours=1).flagged("do_not_call", on=False)
    found = between(story, since + timedelta(hours=1))
    assert [c.name for c in found] == ["flag_set:do_not_text", "flag_cleared:do_not_call"]
    assert groups(found) == [Group.FLAGS] * 2


def test_notes_and_calls_change_nothing_on_the_board() -> None:
    story = at(State.QUALIFIED)
    since = story.now
    story.wait(hours=1).noted().called()
    assert between(story, since) == []


def imported(story: Story, **said: Any) -> None:
    """A fact of another system, appended as its import would."""
    n = len(story.facts) + 1
    blank: dict[str, Any] = dict.fromkeys(("to_agent_id", "actor_id", "target_id", "caused_by_id"))
    held: Any = story.state.agent
    usual = {"kind": "history_imported", "from_status": story.state.status, "flag": "", "reason": "", "agent_id": held}
    times = {"occurred_at": story.now, "recorded_at": story.now}
    story.facts.append(Fact(**{"id": n, "version": n, "data": {}, "hash": "", **blank, **usual, **times, **said}))


def test_a_move_of_another_system_goes_by_the_order_of_stages_and_is_no_collapse() -> None:
    story = at(State.QUALIFIED)
    since = story.now
    for to in (State.CONTACTING, State.COMMITTED, State.CLOSED, State.QUALIFIED, State.TRASHED, State.COMMITTED):
        imported(story.wait(hours=1), to_status=to.value)
    found = between(story, since)
    assert groups(found) == [
        Group.MOVED_BACK,
        Group.ADVANCED,
        Group.CLOSED,
        Group.MOVED_BACK,
        Group.TRASHED,
        Group.RESTORED,
    ]


def test_an_imported_fact_that_changes_nothing_is_no_change() -> None:
    story = at(State.QUALIFIED)
    since = story.now
    imported(story.wait(hours=1), to_status=State.QUALIFIED.value)
    imported(story, kind="agent_assigned", from_status="", to_status="", to_agent_id=ANA.id)
    imported(story, kind="a_kind_of_the_future", to_status=State.CLOSED.value)
    assert between(story, since) == []


# --- the edges of the window --------------------------------------------------------------------------------


def test_the_window_begins_after_its_first_instant_and_ends_with_its_last() -> None:
    story = at(State.QUALIFIED).moved(State.COMMITTED)
    moved, moment = story.now, timedelta(microseconds=1)
    for clock in Clock:
        assert groups(changes(story.facts, moved - moment, moved, clock)) == [Group.ADVANCED]
        assert changes(story.facts, moved, moved + moment, clock) == []
        assert changes(story.facts, moved - moment, moved - moment, clock) == []


# --- there and back -----------------------------------------------------------------------------------------


def test_a_deal_that_collapsed_and_was_signed_again_fell_back_advanced_and_went_there_and_back() -> None:
    story = at(State.COMMITTED)
    since = story.now
    story.wait(days=1).moved(State.QUALIFIED).wait(days=1).moved(State.COMMITTED)
    fell, rose, round_trip = between(story, since)
    assert groups([fell, rose, round_trip]) == [Group.FELL_BACK, Group.ADVANCED, Group.THERE_AND_BACK]
    assert fell.reason == "outbid"
    assert round_trip.facts == fell.facts + rose.facts
    assert round_trip.from_status == round_trip.to_status == State.COMMITTED
    assert round_trip.occurred_at == rose.occurred_at


def test_a_lead_lent_to_ben_and_a_flag_set_for_a_day_went_there_and_back() -> None:
    story = at(State.QUALIFIED)
    since = story.now
    story.wait(days=1).assigned(BEN).wait(days=1).assigned(ANA)
    assert groups(between(story, since)) == [Group.REASSIGNED, Group.REASSIGNED, Group.THERE_AND_BACK]
    since = story.now
    story.wait(days=1).flagged("dnc").wait(days=1).flagged("dnc", by=BRUNA, on=False).wait(days=1).flagged("dnc")
    assert groups(between(story, since)) == [Group.FLAGS] * 3
    until = story.now - timedelta(days=1)
    found = between(story, since, until=until)
    assert groups(found) == [Group.FLAGS, Group.FLAGS, Group.THERE_AND_BACK]
    assert [(f.flag, f.on) for f in found] == [("dnc", True), ("dnc", False), ("", False)]
    cleared = story.now
    story.wait(days=1).flagged("dnc", by=BRUNA, on=False).wait(days=1).flagged("dnc")
    assert [(f.flag, f.on) for f in between(story, cleared)] == [("dnc", False), ("dnc", True), ("", False)]


def test_a_round_trip_of_the_stage_stands_beside_a_lasting_change_of_hands() -> None:
    story = at(State.COMMITTED)
    since = story.now
    story.wait(days=1).moved(State.QUALIFIED).wait(days=1).assigned(BEN).wait(days=1).moved(State.COMMITTED, by=BEN)
    story.wait(days=1).flagged("dnc", by=BEN)
    found = between(story, since)
    assert groups(found) == [
        Group.FELL_BACK,
        Group.REASSIGNED,
        Group.ADVANCED,
        Group.THERE_AND_BACK,
        Group.FLAGS,
    ]
    assert [f.kind for f in found[3].facts] == ["deal_collapsed", "buyer_agreement_signed"]
    assert (found[3].from_agent, found[3].to_agent) == (BEN.id, BEN.id)


def test_a_lead_that_came_in_has_nothing_to_come_back_to() -> None:
    story = Story().created(None, BRUNA).wait(hours=1).assigned(ANA).wait(hours=1).assigned(None)
    found = between(story, story.facts[0].occurred_at - timedelta(days=1))
    assert groups(found) == [Group.NEW, Group.REASSIGNED, Group.REASSIGNED]


# --- two clocks ---------------------------------------------------------------------------------------------


def test_an_undone_move_never_happened_but_we_knew_it_and_knew_better_later() -> None:
    story = at(State.QUALIFIED)
    since = story.now
    story.wait(days=1).moved(State.COMMITTED)
    believed = story.now
    story.wait(days=1).voided(by=BRUNA)
    assert between(story, since) == []
    assert between(story, since, until=believed) == []
    assert groups(between(story, since, KNOWN, believed)) == [Group.ADVANCED]
    assert groups(between(story, since, KNOWN)) == [Group.ADVANCED, Group.UNDONE, Group.THERE_AND_BACK]
    (undone,) = between(story, believed, KNOWN)
    assert (undone.group, undone.from_status, undone.to_status) == (Group.UNDONE, State.COMMITTED, State.QUALIFIED)
    assert undone.reason == "mis_drag"


def test_undoing_a_step_forward_is_no_collapse() -> None:
    story = at(State.QUALIFIED)
    story.moved(State.COMMITTED)
    believed = story.now
    assert Group.FELL_BACK not in groups(between(story.wait(days=1).voided(by=BRUNA), believed, KNOWN))


def test_a_reason_stands_corrected_in_what_was_and_as_it_stood_in_what_we_knew() -> None:
    story = at(State.COMMITTED)
    since = story.now
    story.wait(days=1).moved(State.QUALIFIED)
    collapsed = story.now
    story.wait(days=1).corrected(story.last, "cold_feet")
    assert between(story, since, HAPPENED, collapsed)[0].reason == "cold_feet"
    assert between(story, since, KNOWN, collapsed)[0].reason == "outbid"
    assert between(story, since, KNOWN)[0].reason == "cold_feet"


def test_what_was_written_late_belongs_to_the_day_it_happened_or_to_the_day_we_heard() -> None:
    story = at(State.QUALIFIED)
    since = story.now
    story.wait(days=5).moved(State.COMMITTED, occurred_at=since + timedelta(days=1))
    monday = since + timedelta(days=2)
    assert groups(between(story, since, HAPPENED, monday)) == [Group.ADVANCED]
    assert between(story, since, KNOWN, monday) == []
    assert between(story, monday, HAPPENED) == []
    assert groups(between(story, monday, KNOWN)) == [Group.ADVANCED]


# --- any life at all ----------------------------------------------------------------------------------------


def any_life(rng: Random, steps: int = 25) -> Story:
    """A lead to which people do whatever comes to their minds; what the rules refuse is left undone."""
    story = Story().created(rng.choice([None, ANA, BEN]), BRUNA)
    for _ in range(steps):
        story.wait(minutes=rng.choice([0, 1, 90, 60 * 30]))
        try:
            _anything(story, rng)
        except Refused:
            continue
    return story


def _anything(story: Story, rng: Random) -> None:
    late = {"occurred_at": story.now - timedelta(minutes=rng.choice([5, 600]))} if rng.random() < 0.3 else {}
    moves = [f for f in story.facts if f.reason in ("outbid", "renting_instead", "not_interested")]
    match rng.randrange(10):
        case 0 | 1 | 2 | 3 | 4:
            target = rng.choice(list(State))
            if story.state.status == State.NEW and target == State.CONTACTING:
                story.do(contact(**late), BRUNA)
            else:
                story.do(move(story.state.status, target, **late), BRUNA)
        case 5 | 6:
            story.voided(by=BRUNA)
        case 7:
            story.assigned(rng.choice([None, ANA, BEN]))
        case 8:
            story.flagged(rng.choice(FLAGS), by=BRUNA, on=rng.random() < 0.5)
        case _ if moves:
            fact = rng.choice(moves)
            story.corrected(fact, "other" if fact.reason != "outbid" else "cold_feet")
        case _:
            story.do(story.void(story.facts[0]), BRUNA)


def place(facts: Sequence[Fact], moment: datetime, clock: Clock) -> tuple[Any, ...]:
    state = state_at(facts, moment, clock)
    return state.status, state.agent, frozenset(f for f in FLAGS if state.flag(f))


def walked(start: tuple[Any, ...], found: Sequence[Change]) -> tuple[Any, ...]:
    """Where the changes lead from a place; each must begin where the one before it ended."""
    status, agent, flags = start
    for change in found:
        assert (change.from_status, change.from_agent) == (status, agent)
        status, agent = change.to_status, change.to_agent
        if change.group is Group.FLAGS:
            assert (change.flag in flags) != change.on
            flags = flags ^ {change.flag}
    return status, agent, flags


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_the_changes_are_the_difference_of_the_two_states_and_every_move_between(seed: int) -> None:
    rng = Random(seed)
    facts = any_life(rng).facts
    times = [t for f in facts for t in (f.occurred_at, f.recorded_at)]
    for clock in Clock:
        moments = [rng.choice(times) + timedelta(seconds=rng.choice([-1, 0, 0, 1])) for _ in range(6)]
        for since, until in [sorted(rng.sample(moments, 2)) for _ in range(4)]:
            found = changes(facts, since, until, clock)
            assert walked(place(facts, since, clock), found) == place(facts, until, clock)
            told = Counter(f.id for c in found if c.group is not Group.THERE_AND_BACK for f in c.facts)
            assert told == Counter(f.id for f in moved_between(facts, since, until, clock))
            assert {f.id for c in found for f in c.facts} == set(told), "A round trip has facts of its own."
            collapsed = [f for c in found if c.group is Group.FELL_BACK for f in c.facts]
            assert all(f.kind in DEMOTIONS for f in collapsed)
            assert sum(f.kind in DEMOTIONS for f in moved_between(facts, since, until, clock)) == len(collapsed)


def moved_between(facts: Sequence[Fact], since: datetime, until: datetime, clock: Clock) -> list[Any]:
    """The facts of the window that change something, by the two clocks' definition alone."""
    gone = {f.id for f in facts_at(facts, since, clock)}
    later: list[Any] = [f for f in facts_at(facts, until, clock) if f.id not in gone]
    return [f for f in later if f.to_status or f.kind in ("agent_assigned", "flag_set", "flag_cleared")]


def test_there_and_back_is_told_whenever_something_moved_for_nothing() -> None:
    seen = 0
    for seed in range(150):
        facts = any_life(Random(seed)).facts
        since, until = facts[len(facts) // 3].recorded_at, facts[-1].recorded_at
        for clock in Clock:
            found = changes(facts, since, until, clock)
            before, after = place(facts, since, clock), place(facts, until, clock)
            moved = any(c.from_status != c.to_status for c in found)
            handed = any(c.group is Group.REASSIGNED for c in found)
            flags = {c.flag for c in found if c.group is Group.FLAGS}
            for_nothing = (
                (moved and before[0] == after[0])
                or (handed and before[1] == after[1])
                or any((f in before[2]) == (f in after[2]) for f in flags)
            )
            assert (Group.THERE_AND_BACK in groups(found)) == for_nothing
            seen += for_nothing
    assert seen > 30
