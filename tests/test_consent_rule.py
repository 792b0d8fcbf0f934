"""Which flag closes what, when, and which fact decides it: the rule of consent without a database."""

from datetime import datetime, timedelta
from itertools import pairwise, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifecycle.events import Kind
from lifecycle.flags import Flag
from lifecycle.history import Clock, state_at
from lifecycle.history.consent import (
    Answer,
    How,
    Reach,
    Stream,
    Verdict,
    answer,
    ask,
    effect,
    merges,
    over,
    read_past,
    strongest,
    united,
)
from tests.story import BRUNA, MONDAY, Fact, Story

HAPPENED, KNOWN = Clock.HAPPENED, Clock.KNOWN
HAND, AUTO = How.BY_HAND, How.AUTOMATED
NO, YES, REASON, NOT_YET = Verdict.FORBIDDEN, Verdict.ALLOWED, Verdict.WITH_REASON, Verdict.NOT_YET
BUT = Verdict.NOT_MARKETING
SECOND = timedelta(seconds=1)

#: flag → (marketing, e-mail, text, call), automated and by hand: the whole table, written down by hand. Marketing is
#: marketing whoever sends it; whoever unsubscribed still gets receipts and personal e-mail, but never as a plain yes.
TABLE: dict[Flag, dict[How, tuple[Verdict, ...]]] = {
    Flag.UNSUBSCRIBED: {AUTO: (NO, BUT, YES, YES), HAND: (NO, BUT, YES, YES)},
    Flag.DNC: {AUTO: (NO, NO, NO, NO), HAND: (NO, REASON, REASON, REASON)},
    Flag.DO_NOT_EMAIL: {AUTO: (NO, NO, YES, YES), HAND: (NO, NO, YES, YES)},
    Flag.DO_NOT_TEXT: {AUTO: (YES, YES, NO, YES), HAND: (YES, YES, NO, YES)},
    Flag.DO_NOT_CALL: {AUTO: (YES, YES, YES, NO), HAND: (YES, YES, YES, NO)},
}


def fact(version: int, kind: Kind, when: datetime, *, recorded: datetime | None = None, **said: Any) -> Fact:
    """A row of a stream, as far as consent reads one."""
    return Fact(
        id=said.pop("id", version),
        version=version,
        kind=kind.value,
        from_status="",
        to_status="NEW" if kind is Kind.LEAD_CREATED else "",
        agent_id=None,
        to_agent_id=None,
        flag=said.pop("flag", ""),
        reason="",
        actor_id=None,
        target_id=None,
        caused_by_id=None,
        occurred_at=when,
        recorded_at=recorded or when,
        data=said.pop("data", {}),
        hash="",
    )


def after(**span: float) -> datetime:
    return MONDAY + timedelta(**span)


def verdict(rows: Any, reach: Reach, how: How, moment: datetime, clock: Clock = HAPPENED) -> Verdict:
    return ask(rows, reach, how, moment, clock).verdict


# --- the table ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("flag", "how"), list(product(Flag, How)))
def test_each_flag_alone_closes_what_the_table_says(flag: Flag, how: How) -> None:
    assert tuple(effect(flag, reach, how) for reach in Reach) == TABLE[flag][how]
    story = Story().created().wait(hours=1).flagged(flag)
    assert tuple(verdict(story.facts, reach, how, story.now) for reach in Reach) == TABLE[flag][how]
    before = story.now - SECOND
    assert {verdict(story.facts, reach, how, before) for reach in Reach} == {YES}


@pytest.mark.parametrize("how", list(How))
def test_flags_compose_and_the_effect_is_the_union(how: How) -> None:
    for wanted in range(2 ** len(Flag)):
        flags = [flag for n, flag in enumerate(Flag) if wanted >> n & 1]
        story = Story().created()
        for flag in flags:
            story.wait(hours=1).flagged(flag)
        for n, reach in enumerate(Reach):
            union = strongest([YES, *(TABLE[flag][how][n] for flag in flags)])
            found = ask(story.facts, reach, how, story.now, HAPPENED)
            assert found.verdict is union
            assert {c.flag for c in found.against} == {f for f in flags if TABLE[f][how][n] is not YES}
            assert {c.flag for c in found.against} | {c.flag for c in found.aside} == set(flags)


def test_marketing_is_marketing_however_it_is_sent() -> None:
    for flag in Flag:
        assert effect(flag, Reach.MARKETING, HAND) is effect(flag, Reach.MARKETING, AUTO)
    assert strongest([YES, BUT]) is BUT and strongest([BUT, REASON]) is REASON and strongest([BUT, NO]) is NO


def test_what_forbids_stands_before_what_asks_for_a_reason() -> None:
    story = Story().created().wait(hours=1).flagged(Flag.DNC).wait(hours=1).flagged(Flag.DO_NOT_CALL)
    found = ask(story.facts, Reach.CALL, HAND, story.now, HAPPENED)
    assert found.verdict is NO and [c.flag for c in found.against] == [Flag.DO_NOT_CALL, Flag.DNC]


# --- the instant, and the fact that decides -----------------------------------------------------------------


def test_a_flag_stands_from_the_instant_it_was_set_until_just_before_it_was_cleared() -> None:
    story = Story().created().wait(days=1).flagged(Flag.DO_NOT_TEXT)
    was_set = story.last
    story.wait(days=6).flagged(Flag.DO_NOT_TEXT, by=BRUNA, on=False)
    cleared = story.last
    for clock in Clock:
        assert verdict(story.facts, Reach.TEXT, HAND, was_set.occurred_at - SECOND, clock) is YES
        found = ask(story.facts, Reach.TEXT, HAND, was_set.occurred_at, clock)
        assert found.verdict is NO
        assert (found.against[0].set_by, found.against[0].cleared_by) == (was_set, cleared)
        assert (found.begun, found.aside, found.lifted, found.coming) == (MONDAY, (), None, None)
        assert verdict(story.facts, Reach.TEXT, HAND, cleared.occurred_at - SECOND, clock) is NO
        assert verdict(story.facts, Reach.TEXT, HAND, cleared.occurred_at, clock) is YES


def test_a_yes_names_what_was_cleared_before_and_what_was_set_later() -> None:
    story = Story().created().wait(days=1).flagged(Flag.DO_NOT_TEXT).wait(days=1)
    story.flagged(Flag.DO_NOT_TEXT, by=BRUNA, on=False)
    cleared, between = story.last, story.now + timedelta(hours=1)
    story.wait(days=1).flagged(Flag.DO_NOT_CALL).wait(days=1).flagged(Flag.DNC)
    found = ask(story.facts, Reach.TEXT, HAND, between, HAPPENED)
    assert found.verdict is YES and found.lifted and found.coming
    assert found.lifted.cleared_by is cleared
    assert found.coming.flag is Flag.DNC, "what has nothing to do with texts decides nothing"


def test_before_the_inquiry_there_was_no_lead() -> None:
    story = Story().created()
    for clock in Clock:
        assert ask(story.facts, Reach.CALL, AUTO, MONDAY - SECOND, clock) == Answer(NOT_YET, MONDAY)
        assert ask([], Reach.CALL, AUTO, MONDAY, clock) == Answer(NOT_YET, None)


def test_an_opt_out_written_down_late_stood_and_was_not_known() -> None:
    rows = [
        fact(1, Kind.LEAD_CREATED, MONDAY),
        fact(2, Kind.FLAG_SET, after(days=1), recorded=after(days=3), flag="do_not_text"),
    ]
    assert verdict(rows, Reach.TEXT, AUTO, after(days=2), HAPPENED) is NO
    assert verdict(rows, Reach.TEXT, AUTO, after(days=2), KNOWN) is YES
    assert verdict(rows, Reach.TEXT, AUTO, after(days=3), KNOWN) is NO


def test_a_flag_of_a_newer_release_decides_nothing() -> None:
    rows = [fact(1, Kind.LEAD_CREATED, MONDAY), fact(2, Kind.FLAG_SET, MONDAY, flag="no_fax")]
    assert verdict(rows, Reach.EMAIL, AUTO, after(days=1)) is YES


# --- against a plain model ----------------------------------------------------------------------------------

_steps = st.lists(
    st.tuples(st.sampled_from(Flag), st.booleans(), st.integers(0, 5), st.integers(0, 5)), min_size=0, max_size=12
)


def stream_of(steps: list[tuple[Flag, bool, int, int]]) -> list[Fact]:
    """A stream as the log takes it: tracked facts in order of time, each recorded no earlier than it happened."""
    rows = [fact(1, Kind.LEAD_CREATED, MONDAY)]
    happened = recorded = MONDAY
    for version, (flag, on, pause, late) in enumerate(steps, start=2):
        happened += timedelta(hours=pause)
        recorded = max(recorded, happened + timedelta(hours=late))
        kind = Kind.FLAG_SET if on else Kind.FLAG_CLEARED
        rows.append(fact(version, kind, happened, recorded=recorded, flag=flag.value))
    return rows


def by_the_fold(rows: list[Fact], reach: Reach, how: How, moment: datetime, clock: Clock) -> Verdict:
    """The plain model: fold the lead as of the instant, look its flags up in the table."""
    was = state_at(rows, moment, clock)
    if not was.version:
        return NOT_YET
    column = list(Reach).index(reach)
    return strongest([YES, *(TABLE[flag][how][column] for flag in Flag if was.flag(flag.value))])


@settings(max_examples=150, deadline=None)
@given(_steps, st.sampled_from(Reach), st.sampled_from(How), st.sampled_from(Clock))
def test_any_story_is_answered_as_the_folded_lead_says(
    steps: list[tuple[Flag, bool, int, int]], reach: Reach, how: How, clock: Clock
) -> None:
    rows = stream_of(steps)
    past = read_past(Stream(rows), clock)
    edges = {row.occurred_at for row in rows} | {row.recorded_at for row in rows}
    for moment in sorted({edge + shift for edge in edges for shift in (-SECOND, timedelta(), SECOND)}):
        found = answer(past, reach, how, moment)
        assert found.verdict is by_the_fold(rows, reach, how, moment, clock)
        assert all(c.set_by.flag == c.flag and c.covers(moment) for c in found.against)
    day, night = MONDAY - SECOND, max(edges) + SECOND
    stretches = over(past, reach, how, day, night)
    assert next(s.since for s in stretches) == day and stretches[-1].until == night
    assert all(a.until == b.since for a, b in pairwise(stretches))
    for stretch in stretches:
        inside = [e for e in edges if stretch.since <= e < stretch.until] or [stretch.since]
        assert {by_the_fold(rows, reach, how, m, clock) for m in (stretch.since, *inside)} == {stretch.answer.verdict}


@settings(max_examples=60, deadline=None)
@given(_steps, _steps, st.sampled_from(Reach), st.sampled_from(How), st.sampled_from(Clock), st.integers(0, 40))
def test_of_several_leads_the_strictest_decides(
    one: list[tuple[Flag, bool, int, int]],
    two: list[tuple[Flag, bool, int, int]],
    reach: Reach,
    how: How,
    clock: Clock,
    hours: int,
) -> None:
    streams = [stream_of(one), stream_of(two)]
    moment = after(hours=hours)
    together = answer(united(read_past(Stream(rows), clock) for rows in streams), reach, how, moment)
    assert together.verdict is strongest(verdict(rows, reach, how, moment, clock) for rows in streams)


# --- a day --------------------------------------------------------------------------------------------------


def test_a_day_is_told_in_as_many_parts_as_it_had() -> None:
    story = Story().created().wait(hours=3).flagged(Flag.DNC).wait(hours=3).flagged(Flag.DNC, by=BRUNA, on=False)
    day = over(read_past(Stream(story.facts), HAPPENED), Reach.CALL, HAND, after(hours=-9), after(hours=15))
    assert [s.answer.verdict for s in day] == [NOT_YET, YES, REASON, YES]
    assert [s.since for s in day] == [after(hours=-9), MONDAY, after(hours=3), after(hours=6)]
    quiet = over(read_past(Stream(story.facts), HAPPENED), Reach.CALL, HAND, after(days=1), after(days=2))
    assert [(s.since, s.until, s.answer.verdict) for s in quiet] == [(after(days=1), after(days=2), YES)]


# --- merged leads -------------------------------------------------------------------------------------------


def merged_story() -> tuple[list[Fact], list[Fact]]:
    """Dana came twice. As "D. Ortiz" she said STOP on day 1; on day 5 that record was merged into hers."""
    other = [
        fact(1, Kind.LEAD_CREATED, after(days=-2)),
        fact(2, Kind.FLAG_SET, after(days=1), flag="do_not_text"),
    ]
    own = [fact(1, Kind.LEAD_CREATED, MONDAY), fact(2, Kind.LEAD_ABSORBED, after(days=5), data={"other": "b"})]
    return own, other


def joined(own: list[Fact], other: list[Fact]) -> Stream:
    merge = merges(own, Kind.LEAD_ABSORBED)[0]
    return Stream(own, (Stream(other, (), merge.fact, merge.undone),))


def test_an_opt_out_on_a_merged_record_counted_all_along_but_was_known_from_the_merge() -> None:
    stream = joined(*merged_story())
    assert verdict(stream, Reach.TEXT, AUTO, after(days=2), HAPPENED) is NO
    assert verdict(stream, Reach.TEXT, AUTO, after(days=2), KNOWN) is YES
    assert verdict(stream, Reach.TEXT, AUTO, after(days=5), KNOWN) is NO
    assert verdict(stream, Reach.TEXT, AUTO, after(days=-1), HAPPENED) is YES
    assert verdict(stream, Reach.TEXT, AUTO, after(days=-1), KNOWN) is NOT_YET


def test_a_flag_cleared_after_the_merge_is_cleared_for_both() -> None:
    own, other = merged_story()
    own.append(fact(3, Kind.FLAG_CLEARED, after(days=7), flag="do_not_text"))
    for clock in Clock:
        assert verdict(joined(own, other), Reach.TEXT, AUTO, after(days=6), clock) is NO
        assert verdict(joined(own, other), Reach.TEXT, AUTO, after(days=7), clock) is YES


def test_a_flag_cleared_before_the_merge_was_cleared_on_that_record_alone() -> None:
    own, other = merged_story()
    own.insert(1, fact(2, Kind.FLAG_CLEARED, after(days=3), flag="do_not_text"))
    own[2].version = 3
    assert verdict(joined(own, other), Reach.TEXT, AUTO, after(days=4), HAPPENED) is NO


def test_a_merge_that_was_undone_never_was_but_we_believed_it_then() -> None:
    own, other = merged_story()
    own.append(fact(3, Kind.MERGE_UNDONE, after(days=8), data={"other": "b"}))
    stream = joined(own, other)
    for days, was, believed in ((2, YES, YES), (6, YES, NO), (9, YES, YES)):
        assert verdict(stream, Reach.TEXT, AUTO, after(days=days), HAPPENED) is was
        assert verdict(stream, Reach.TEXT, AUTO, after(days=days), KNOWN) is believed


def test_merges_are_read_by_the_uuid_of_the_other_lead() -> None:
    rows = [
        fact(1, Kind.LEAD_CREATED, MONDAY),
        fact(2, Kind.LEAD_ABSORBED, MONDAY, data={"other": "b"}),
        fact(3, Kind.LEAD_ABSORBED, MONDAY, data={"other": "c"}),
        fact(4, Kind.MERGE_UNDONE, MONDAY, data={"other": "b"}),
        fact(5, Kind.LEAD_ABSORBED, MONDAY, data={"other": "b"}),
        fact(6, Kind.LEAD_ABSORBED, MONDAY),
        fact(7, Kind.LEAD_ABSORBED, MONDAY, data=[]),
    ]
    found = [(m.other, m.fact.version, m.undone and m.undone.version) for m in merges(rows, Kind.LEAD_ABSORBED)]
    assert found == [("b", 2, 4), ("c", 3, None), ("b", 5, None)]
    assert merges(rows, Kind.MERGED_INTO) == []
