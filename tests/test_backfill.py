"""Given a row of an export, then these facts: what the old system knew, and nothing else. Without a database."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.backfill import Snapshot, backfill, catch_up
from lifecycle.events import Kind
from lifecycle.flags import Flag
from lifecycle.fold import EMPTY, LeadState, fold
from lifecycle.imported import Told, judge
from lifecycle.states import State

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
JAN, FEB, MAR, APR = (datetime(2026, month, 5, 9, 30, tzinfo=UTC) for month in (1, 2, 3, 4))


def told_of(**row: Any) -> list[Told]:
    return backfill("zoho", "A1", Snapshot(line=2, **{"status": "NEW", **row}), now=NOW)


def short(facts: list[Told]) -> list[tuple[str, str, datetime]]:
    """Kind, what it says, and when."""
    return [(f.kind.value, f.to_status or f.owner or f.flag, f.occurred_at) for f in facts]


def folded(facts: list[Told], start: LeadState = EMPTY) -> LeadState:
    """The state after these facts; an agent is known by name here."""
    return fold([_row(n, fact) for n, fact in enumerate(facts, start=start.version + 1)], start)


def _row(version: int, fact: Told) -> Any:
    said = {name: getattr(fact, name) for name in ("from_status", "to_status", "flag", "reason", "occurred_at", "data")}
    return SimpleNamespace(
        id=version,
        version=version,
        kind=fact.kind.value,
        to_agent_id=fact.owner or None,
        actor_id=None,
        target_id=None,
        caused_by_id=None,
        recorded_at=NOW,
        hash=f"hash {version}",
        **said,
    )


# --- what a row becomes ---------------------------------------------------------------------------------------------


def test_a_new_lead_is_its_creation_alone() -> None:
    (created,) = told_of(created_at=JAN, inquiry="portal", source_words="Zillow")
    assert short([created]) == [("lead_created", "NEW", JAN)]
    assert (created.backfilled, created.data, created.words.source_words) == (False, {"inquiry": "portal"}, "Zillow")


def test_a_lead_that_is_further_has_one_fact_more_and_none_in_between() -> None:
    created, stage = told_of(status="COMMITTED", created_at=JAN, entered_at=MAR, status_words="Agreement Signed")
    assert short([created, stage]) == [("lead_created", "NEW", JAN), ("history_imported", "COMMITTED", MAR)]
    assert (stage.from_status, stage.reason, stage.backfilled) == ("", "", True)
    assert stage.words.source_words == "Agreement Signed"


@pytest.mark.parametrize(
    ("dates", "when"),
    [
        ({"created_at": JAN, "modified_at": APR, "entered_at": MAR}, MAR),
        ({"created_at": JAN, "modified_at": APR}, APR),
        ({"created_at": JAN}, JAN),
        ({}, NOW),
    ],
)
def test_the_stage_stands_at_the_last_change_of_stage_else_the_last_change_else_the_creation(
    dates: dict[str, datetime], when: datetime
) -> None:
    assert short(told_of(status="QUALIFIED", **dates))[-1] == ("history_imported", "QUALIFIED", when)


def test_a_row_without_any_date_enters_at_the_instant_of_the_import_and_says_that_it_is_a_guess() -> None:
    facts = told_of(status="QUALIFIED", agent="Ana Alvarez", flags=("dnc",))
    assert {f.occurred_at for f in facts} == {NOW}
    assert all(f.backfilled for f in facts)


def test_a_row_without_a_created_date_begins_at_its_earliest_date() -> None:
    facts = told_of(status="QUALIFIED", modified_at=APR, entered_at=FEB)
    assert short(facts) == [("lead_created", "NEW", FEB), ("history_imported", "QUALIFIED", FEB)]
    assert facts[0].backfilled


def test_a_time_that_may_mean_two_instants_marks_the_creation() -> None:
    assert told_of(created_at=JAN, guessed=True)[0].backfilled


def test_agent_flags_and_note_stand_at_the_last_change_else_at_the_creation() -> None:
    row = {"agent": "Ana Alvarez", "flags": ("do_not_email", "dnc"), "note": "Wants a garden.", "created_at": JAN}
    for dates, when in (({"modified_at": APR}, APR), ({}, JAN)):
        facts = told_of(**row, **dates)
        assert short(facts)[1:] == [
            ("agent_assigned", "Ana Alvarez", when),
            ("flag_set", "do_not_email", when),
            ("flag_set", "dnc", when),
            ("note_added", "", when),
        ]
        assert [f.reason for f in facts] == ["", "not_recorded", "import", "import", ""]
        assert all(f.backfilled and not f.actor for f in facts[1:])
        assert facts[-1].words.note == "Wants a garden."


def test_of_one_instant_the_agent_comes_before_the_stage_and_the_flags_after() -> None:
    facts = told_of(status="QUALIFIED", agent="Ana Alvarez", flags=("dnc",), note="x")
    kinds = ["lead_created", "agent_assigned", "history_imported", "flag_set", "note_added"]
    assert [f.kind.value for f in facts] == kinds


# --- stages with dates of their own ---------------------------------------------------------------------------------


def test_each_stage_with_a_date_is_one_dated_fact_and_the_last_of_them_says_the_status() -> None:
    facts = told_of(
        status="CLOSED",
        created_at=JAN,
        modified_at=APR,
        reached=(("CLOSED", MAR), ("QUALIFIED", FEB)),
        status_words="Sold",
    )
    assert short(facts) == [
        ("lead_created", "NEW", JAN),
        ("history_imported", "QUALIFIED", FEB),
        ("history_imported", "CLOSED", MAR),
    ]
    assert [f.words.source_words for f in facts] == ["", "", "Sold"]


def test_a_lead_that_stands_elsewhere_than_its_last_dated_stage_came_there_later() -> None:
    facts = told_of(status="ARCHIVED", created_at=JAN, entered_at=FEB, reached=(("QUALIFIED", FEB), ("COMMITTED", MAR)))
    assert short(facts)[1:] == [
        ("history_imported", "QUALIFIED", FEB),
        ("history_imported", "COMMITTED", MAR),
        ("history_imported", "ARCHIVED", MAR),
    ]


def test_a_lead_that_fell_back_to_a_stage_it_had_reached_before_stands_there_once_more() -> None:
    reached = (("QUALIFIED", FEB), ("COMMITTED", MAR))
    facts = told_of(status="QUALIFIED", created_at=JAN, entered_at=APR, reached=reached)
    assert short(facts)[1:] == [
        ("history_imported", "QUALIFIED", FEB),
        ("history_imported", "COMMITTED", MAR),
        ("history_imported", "QUALIFIED", APR),
    ]
    assert len({f.uuid for f in facts}) == 4


def test_stages_of_one_day_stand_in_the_order_of_the_board() -> None:
    facts = told_of(status="CLOSED", created_at=JAN, reached=(("CLOSED", FEB), ("QUALIFIED", FEB), ("COMMITTED", FEB)))
    assert [f.to_status for f in facts] == ["NEW", "QUALIFIED", "COMMITTED", "CLOSED"]


def test_a_date_before_the_creation_counts_as_the_creations_own() -> None:
    facts = told_of(status="COMMITTED", created_at=FEB, modified_at=JAN, agent="Ana", reached=(("QUALIFIED", JAN),))
    assert {f.occurred_at for f in facts} == {FEB}
    assert [f.to_status for f in facts if f.to_status] == ["NEW", "QUALIFIED", "COMMITTED"]


def test_a_stage_that_is_named_twice_was_reached_at_the_earlier_date_and_a_flag_is_set_once() -> None:
    facts = told_of(
        status="QUALIFIED", created_at=JAN, reached=(("QUALIFIED", MAR), ("QUALIFIED", FEB)), flags=("dnc", "dnc")
    )
    assert [(f.kind, f.occurred_at) for f in facts if f.to_status == "QUALIFIED"] == [(Kind.HISTORY_IMPORTED, FEB)]
    assert [f.flag for f in facts if f.flag] == ["dnc"]


# --- the same row again ---------------------------------------------------------------------------------------------


def test_the_same_row_is_the_same_facts_for_ever_and_another_lead_or_system_others() -> None:
    row = Snapshot(line=2, status="CLOSED", created_at=JAN, agent="Ana", flags=("dnc",), reached=(("QUALIFIED", FEB),))
    names = [f.uuid for f in backfill("zoho", "A1", row, now=NOW)]
    assert names == [f.uuid for f in backfill("zoho", "A1", row, now=NOW + timedelta(days=9))]
    for other in (backfill("zoho", "A2", row, now=NOW), backfill("hubspot", "A1", row, now=NOW)):
        assert not set(names) & {f.uuid for f in other}


def test_a_lead_taken_up_again_gets_what_the_newer_row_says_beyond_it() -> None:
    stood = Snapshot(line=2, status="QUALIFIED", agent="Ana Alvarez", flags=("dnc",))
    row = Snapshot(line=9, status="CLOSED", agent="", flags=("dnc", "do_not_text"), status_words="Sold")
    facts = catch_up("zoho", "A1", row, stood, now=NOW, edition="second")
    assert short(facts) == [
        ("agent_assigned", "", NOW),
        ("history_imported", "CLOSED", NOW),
        ("flag_set", "do_not_text", NOW),
    ]
    assert all(f.backfilled and not f.from_status for f in facts)
    assert catch_up("zoho", "A1", stood, stood, now=NOW, edition="second") == []
    third = catch_up("zoho", "A1", row, stood, now=NOW, edition="third")
    assert not {f.uuid for f in facts} & {f.uuid for f in third}


def test_a_flag_that_the_newer_row_does_not_name_stays() -> None:
    stood = Snapshot(line=2, status="QUALIFIED", flags=("dnc",))
    assert catch_up("zoho", "A1", Snapshot(line=9, status="QUALIFIED"), stood, now=NOW, edition="second") == []


# --- whatever the row says ------------------------------------------------------------------------------------------

moments = st.integers(0, 9999).map(lambda days: NOW - timedelta(days=days, hours=days % 24))
maybe = st.none() | moments
states = st.sampled_from([s.value for s in State])
rows = st.builds(
    Snapshot,
    line=st.just(2),
    status=states,
    created_at=maybe,
    modified_at=maybe,
    entered_at=maybe,
    reached=st.lists(st.tuples(states, moments), max_size=9).map(tuple),
    agent=st.sampled_from(["", "Ana Alvarez", "Ben Brooks"]),
    flags=st.lists(st.sampled_from([f.value for f in Flag]), max_size=7).map(tuple),
    note=st.sampled_from(["", "Wants a garden."]),
    guessed=st.booleans(),
)


@given(rows)
def test_any_row_begins_with_its_creation_and_time_never_goes_backward(row: Snapshot) -> None:
    facts = backfill("zoho", "A1", row, now=NOW)
    assert facts[0].kind == Kind.LEAD_CREATED
    assert [f.kind for f in facts].count(Kind.LEAD_CREATED) == 1
    times = [f.occurred_at for f in facts]
    assert times == sorted(times)
    given_dates = {row.created_at, row.modified_at, row.entered_at, *(at for _, at in row.reached)} - {None}
    assert set(times) <= (given_dates or {NOW})
    if row.created_at is not None:
        assert times[0] == row.created_at


@given(rows)
def test_any_row_has_at_most_one_fact_a_dated_stage_and_one_for_where_it_stands(row: Snapshot) -> None:
    facts = backfill("zoho", "A1", row, now=NOW)
    assert len({f.uuid for f in facts}) == len(facts)
    stages = [f.to_status for f in facts[1:] if f.to_status]
    dated = {status for status, _ in row.reached}
    assert len(stages) <= len(dated) + 1
    assert all(stages.count(s) <= 1 + (s == row.status) for s in stages)
    if not dated:
        assert stages == ([] if row.status == "NEW" else [row.status])


@given(rows)
def test_any_row_folds_to_the_stage_the_holder_and_the_flags_that_it_names(row: Snapshot) -> None:
    state = folded(backfill("zoho", "A1", row, now=NOW))
    assert state.status == row.status
    assert (state.agent or "") == row.agent
    assert {f.value for f in Flag if state.flag(f.value)} == set(row.flags)
    assert state.first_contact_due_at is None


@given(rows)
def test_any_row_is_taken_by_the_log(row: Snapshot) -> None:
    facts = backfill("zoho", "A1", row, now=NOW)
    for n, fact in enumerate(facts):
        judge([fact], folded(facts[:n]), now=NOW)


@given(rows, rows)
def test_any_newer_row_catches_up_with_stage_and_holder_and_never_opens_a_channel(old: Snapshot, new: Snapshot) -> None:
    start = folded(backfill("zoho", "A1", old, now=NOW))
    facts = catch_up("zoho", "A1", new, old, now=NOW, edition="second")
    state = folded(facts, start)
    assert (state.status, state.agent or "") == (new.status, new.agent)
    assert {f.value for f in Flag if state.flag(f.value)} == {*old.flags, *new.flags}
    assert {f.occurred_at for f in facts} <= {NOW}
