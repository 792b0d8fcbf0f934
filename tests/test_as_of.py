"""How a lead stood at an instant, by both clocks: the rules without a database."""

from datetime import datetime, timedelta

from lifecycle.fold import EMPTY
from lifecycle.history import Clock, facts_at, read_clock, state_at
from lifecycle.states import Provenance, State
from tests.story import ANA, BEN, BRUNA, Story, at, contact, move

HAPPENED, KNOWN = Clock.HAPPENED, Clock.KNOWN


def status(story: Story, moment: datetime, clock: Clock) -> str:
    return state_at(story.facts, moment, clock).status


def test_before_her_inquiry_dana_did_not_exist_yet() -> None:
    story = at(State.QUALIFIED)
    before = story.facts[0].occurred_at - timedelta(microseconds=1)
    for clock in Clock:
        assert state_at(story.facts, before, clock) == EMPTY
        assert facts_at(story.facts, before, clock) == []
        assert state_at([], before, clock) == EMPTY


def test_the_instant_of_a_move_is_already_after_it() -> None:
    story = at(State.COMMITTED)
    moved = story.last.occurred_at
    for clock in Clock:
        assert status(story, moved, clock) == State.COMMITTED
        assert status(story, moved - timedelta(microseconds=1), clock) == State.QUALIFIED


def test_without_corrections_and_late_entries_the_two_clocks_agree_at_every_instant() -> None:
    story = at(State.IN_CONTRACT).assigned(BEN).wait(hours=2).flagged("dnc", by=BEN).wait(hours=1).noted(by=BEN)
    for fact in story.facts:
        for shift in (-1, 0, 1):
            moment = fact.recorded_at + timedelta(microseconds=shift)
            assert state_at(story.facts, moment, HAPPENED) == state_at(story.facts, moment, KNOWN)


def test_a_move_that_was_undone_later_never_happened_but_we_believed_it_then() -> None:
    story = at(State.QUALIFIED)
    story.moved(State.COMMITTED)
    believed = story.now
    story.wait(days=3).voided(by=BRUNA)
    assert status(story, believed, HAPPENED) == State.QUALIFIED
    assert status(story, believed, KNOWN) == State.COMMITTED
    assert status(story, story.now, HAPPENED) == status(story, story.now, KNOWN) == State.QUALIFIED


def test_an_undone_collapse_leaves_no_trace_in_how_it_was() -> None:
    story = at(State.COMMITTED)
    entered = story.state.stage_entered_at
    story.moved(State.QUALIFIED).wait(hours=1).voided(by=BRUNA).wait(hours=1).noted()
    was = state_at(story.facts, story.now, HAPPENED)
    assert (was.status, was.provenance, was.stage_entered_at) == (State.COMMITTED, Provenance.FRESH, entered)
    assert state_at(story.facts, story.now - timedelta(hours=2), KNOWN).provenance == Provenance.FELL_BACK_COMMITTED


def test_what_was_written_down_late_had_happened_but_was_not_known() -> None:
    story = at(State.QUALIFIED)
    signed = story.now
    story.wait(days=2)
    story.do(move("QUALIFIED", "COMMITTED", occurred_at=signed))
    between = signed + timedelta(days=1)
    assert status(story, between, HAPPENED) == State.COMMITTED
    assert status(story, between, KNOWN) == State.QUALIFIED


def test_a_call_logged_late_counts_from_when_it_was_made() -> None:
    story = at(State.QUALIFIED)
    called = story.now
    story.wait(days=2)
    story.do(contact(occurred_at=called))
    between = called + timedelta(days=1)
    assert state_at(story.facts, between, HAPPENED).last_contact_at == called
    assert state_at(story.facts, between, KNOWN).last_contact_at != called


def test_a_reason_that_was_corrected_later_was_the_true_one_all_along() -> None:
    story = at(State.COMMITTED).moved(State.QUALIFIED)
    collapsed = story.now
    story.wait(days=1).corrected(story.last, "cold_feet")
    assert state_at(story.facts, collapsed, HAPPENED).provenance_reason == "cold_feet"
    assert state_at(story.facts, collapsed, KNOWN).provenance_reason == "outbid"


def test_agent_and_flags_are_those_of_the_instant() -> None:
    story = at(State.QUALIFIED).flagged("unsubscribed")
    first = story.now
    story.wait(days=1).assigned(BEN).wait(days=1).flagged("unsubscribed", by=BRUNA, on=False)
    for clock in Clock:
        assert state_at(story.facts, first, clock).agent == ANA.id
        assert state_at(story.facts, first, clock).unsubscribed
        assert state_at(story.facts, story.now, clock).agent == BEN.id
        assert not state_at(story.facts, story.now, clock).unsubscribed


def test_a_clock_is_read_from_an_address_and_says_its_name() -> None:
    assert read_clock("known") is KNOWN
    for text in (None, "", "happened", "Known", "whatever"):
        assert read_clock(text) is HAPPENED
    assert (HAPPENED.label, KNOWN.label) == ("As it was", "As we knew it then")
    assert all(clock.meaning.endswith(".") for clock in Clock)
