"""The two clocks: when it happened, when it was written, and which typed times are refused."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from lifecycle.decide import times
from lifecycle.errors import TypedTime
from lifecycle.events import Words
from lifecycle.fold import EMPTY
from lifecycle.intents import AddNote, Assign, ChangeContact, ChangeFlag, Create, Intent, Move, Rules
from lifecycle.states import State
from tests.story import ANA, BRUNA, MONDAY, NOTE, Story, at, contact, refusal

NEW, CONTACTING, QUALIFIED, COMMITTED, IN_CONTRACT, CLOSED, ARCHIVED, TRASHED = State

LOS_ANGELES = ZoneInfo("America/Los_Angeles")


def signing(when: datetime | None) -> Intent:
    return Move(to=COMMITTED, words=Words(document="a.pdf"), occurred_at=when)


tracked = pytest.mark.parametrize(
    "wish",
    [
        signing,
        lambda when: Assign(to_agent=2, reason="territory", occurred_at=when),
        lambda when: ChangeFlag(flag="dnc", on=True, reason="legal", occurred_at=when),
    ],
    ids=["a move", "an assignment", "a flag"],
)
untracked = pytest.mark.parametrize(
    "wish",
    [
        lambda when: contact(occurred_at=when),
        lambda when: AddNote(words=NOTE, occurred_at=when),
        lambda when: ChangeContact(fields=("phone",), occurred_at=when),
    ],
    ids=["a contact", "a note", "contact data"],
)
Wish = Callable[[datetime | None], Intent]


def occurred(lead: Story, intent: Intent) -> datetime:
    return lead.decide(intent, BRUNA)[0].occurred_at


# --- nobody typed a time ------------------------------------------------------------------------------------


@tracked
def test_without_a_typed_time_both_clocks_say_now(wish: Wish) -> None:
    lead = at(QUALIFIED)
    lead.do(wish(None), BRUNA)
    assert lead.last.occurred_at == lead.last.recorded_at == lead.now


@tracked
def test_a_server_whose_clock_is_behind_refuses_nobody(wish: Wish) -> None:
    lead = at(QUALIFIED)
    lead.noted()
    written = lead.last.recorded_at
    lead.now = written - timedelta(seconds=3)
    lead.do(wish(None), BRUNA)
    assert lead.last.recorded_at == lead.last.occurred_at == written


def test_the_clock_of_writing_never_goes_back_in_a_lead() -> None:
    lead = at(QUALIFIED)
    for seconds in (-5, 3, -60, 0, 1):
        lead.now += timedelta(seconds=seconds)
        lead.noted()
    recorded = [f.recorded_at for f in lead.facts]
    assert recorded == sorted(recorded)


def test_what_is_written_now_never_lies_before_the_last_tracked_fact() -> None:
    ahead = MONDAY + timedelta(minutes=2)
    state = Story(now=ahead).created().state
    assert times.recorded_at(state, Rules(MONDAY)) == ahead
    assert times.recorded_at(EMPTY, Rules(MONDAY)) == MONDAY


# --- typed times of tracked facts ---------------------------------------------------------------------------


@tracked
def test_a_tracked_fact_may_be_dated_back_to_the_last_tracked_one(wish: Wish) -> None:
    lead = at(QUALIFIED).wait(days=5)
    entered = lead.state.last_occurred_at
    assert entered is not None
    assert occurred(lead, wish(entered)) == entered
    assert occurred(lead, wish(lead.now - timedelta(days=2))) == lead.now - timedelta(days=2)
    refusal(lambda: occurred(lead, wish(entered - timedelta(microseconds=1))), TypedTime, "occurred_at")


@tracked
def test_notes_and_calls_do_not_stand_in_the_way_of_a_tracked_fact(wish: Wish) -> None:
    lead = at(QUALIFIED).wait(days=5).noted().called()
    assert occurred(lead, wish(lead.now - timedelta(days=2))) == lead.now - timedelta(days=2)


def test_the_same_moment_as_the_last_tracked_fact_is_fine_twice() -> None:
    lead = at(QUALIFIED).wait(days=1)
    noon = lead.now - timedelta(hours=1)
    lead.moved(COMMITTED, occurred_at=noon).moved(IN_CONTRACT, occurred_at=noon)
    assert [f.occurred_at for f in lead.facts[-2:]] == [noon, noon]


# --- typed times of contacts and notes ----------------------------------------------------------------------


@untracked
def test_a_contact_or_note_may_carry_any_time_since_the_creation(wish: Wish) -> None:
    lead = at(QUALIFIED).wait(days=5)
    assert occurred(lead, wish(MONDAY)) == MONDAY
    refusal(lambda: occurred(lead, wish(MONDAY - timedelta(microseconds=1))), TypedTime, "occurred_at")


def test_what_scribe_does_because_of_a_late_call_takes_the_later_time() -> None:
    lead = Story().created().wait(hours=1).flagged("do_not_text").wait(hours=1)
    flagged = lead.last.occurred_at
    early, late = MONDAY + timedelta(minutes=3), flagged + timedelta(minutes=3)
    logged, moved = lead.decide(contact(occurred_at=early))
    assert (logged.occurred_at, moved.occurred_at) == (early, flagged)
    logged, moved = lead.decide(contact(occurred_at=late))
    assert (logged.occurred_at, moved.occurred_at) == (late, late)


def test_a_call_logged_late_counts_from_when_it_was_made() -> None:
    lead = Story().created().wait(days=1).called(occurred_at=MONDAY + timedelta(minutes=2))
    assert lead.state.first_contact_at == MONDAY + timedelta(minutes=2)
    assert lead.state.status == CONTACTING


# --- times that cannot be -----------------------------------------------------------------------------------

every_wish = pytest.mark.parametrize(
    "wish", [signing, lambda when: contact(occurred_at=when), lambda when: AddNote(words=NOTE, occurred_at=when)]
)


@every_wish
@pytest.mark.parametrize(
    "moment",
    [
        datetime(1899, 12, 31, 23, 59, 59, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=14))),
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-12))),
        MONDAY + timedelta(days=400),
        MONDAY.replace(tzinfo=None),
    ],
    ids=["1899", "year 1", "the first moment", "the last moment", "future", "no zone"],
)
def test_a_time_that_cannot_be_is_refused(wish: Wish, moment: datetime) -> None:
    refusal(lambda: occurred(at(QUALIFIED), wish(moment)), TypedTime, "occurred_at")


@every_wish
def test_a_second_in_the_future_is_the_future(wish: Wish) -> None:
    lead = at(QUALIFIED)
    assert occurred(lead, wish(lead.now)) == lead.now
    refusal(lambda: occurred(lead, wish(lead.now + timedelta(seconds=1))), TypedTime, "occurred_at")


def test_a_lead_is_not_created_in_the_future_nor_before_1900() -> None:
    for moment in (MONDAY + timedelta(seconds=1), datetime(1899, 1, 1, tzinfo=UTC)):
        wish = Create(inquiry="phone", occurred_at=moment)
        refusal(lambda wish=wish: Story().decide(wish), TypedTime, "occurred_at")  # type: ignore[misc]


def test_a_lead_may_be_entered_days_after_it_came() -> None:
    came = MONDAY - timedelta(days=3)
    lead = Story().created(occurred_at=came)
    assert [f.occurred_at for f in lead.facts] == [came, came]
    assert lead.state.first_contact_due_at == came + timedelta(minutes=5)


# --- zones --------------------------------------------------------------------------------------------------


def test_a_typed_time_is_kept_in_utc() -> None:
    lead = at(QUALIFIED).wait(days=1)
    typed = lead.now.astimezone(LOS_ANGELES)
    kept = occurred(lead, signing(typed))
    assert kept == lead.now
    assert kept.utcoffset() == timedelta(0)


def test_the_hour_that_occurs_twice_in_autumn_is_two_hours() -> None:
    first = datetime(2026, 11, 1, 1, 45, tzinfo=LOS_ANGELES)
    second = datetime(2026, 11, 1, 1, 15, fold=1, tzinfo=LOS_ANGELES)
    assert second.timestamp() - first.timestamp() == 30 * 60
    lead = Story(now=first.astimezone(UTC)).at(QUALIFIED)
    lead.facts[-1].occurred_at = first.astimezone(UTC)
    lead.now = second.astimezone(UTC) + timedelta(minutes=1)
    assert occurred(lead, signing(second)) == second.astimezone(UTC), "Later, whatever the clock on the wall says."
    lead.facts[-1].occurred_at = second.astimezone(UTC)
    refusal(lambda: occurred(lead, signing(first)), TypedTime)


def test_a_clock_that_is_read_in_a_local_zone_makes_no_difference() -> None:
    wall = datetime(2026, 11, 1, 1, 15, fold=1, tzinfo=LOS_ANGELES)
    earlier = datetime(2026, 11, 1, 1, 45, tzinfo=LOS_ANGELES)
    state = Story(now=earlier.astimezone(UTC)).created().state
    assert times.recorded_at(state, Rules(wall)) == wall.astimezone(UTC)
    assert times.occurred_at(state, AddNote(occurred_at=earlier), Rules(wall), tracked=False) == earlier.astimezone(UTC)


def test_ana_logs_a_call_that_came_in_while_the_clocks_were_turned() -> None:
    spring = datetime(2026, 3, 8, 1, 59, 59, tzinfo=LOS_ANGELES)
    lead = Story(now=spring.astimezone(UTC)).created(by=ANA)
    lead.wait(seconds=2).called()
    assert lead.state.first_contact_at == spring.astimezone(UTC) + timedelta(seconds=2)
