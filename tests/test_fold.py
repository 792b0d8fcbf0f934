"""Facts → how a lead stands. The fold never refuses: it says what the rows say, whatever they say."""

from datetime import UTC, datetime, timedelta
from functools import reduce
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifecycle.errors import Refused
from lifecycle.events import RULES_VERSION, Kind
from lifecycle.flags import Flag
from lifecycle.fold import CACHED, EMPTY, GUARDED, LeadState, apply, fold, is_tracked
from lifecycle.intents import DeclareBreach
from lifecycle.models import LifecycleColumns
from lifecycle.states import Provenance, State
from lifecycle.transitions import legal_targets
from tests.story import ANA, BEN, BRUNA, MONDAY, SCRIBE, Fact, Story, at, contact, move

NEW, CONTACTING, QUALIFIED, COMMITTED, IN_CONTRACT, CLOSED, ARCHIVED, TRASHED = State


def fact(kind: str, version: int = 1, **said: Any) -> Fact:
    usual: dict[str, Any] = dict.fromkeys(("from_status", "to_status", "flag", "reason"), "")
    usual |= {f"{name}_id": None for name in ("agent", "to_agent", "actor", "target", "caused_by")}
    usual |= {"occurred_at": MONDAY, "recorded_at": MONDAY, "data": {}, "hash": f"hash {version}"}
    return Fact(**{**usual, "id": version, "version": version, "kind": kind, **said})


# --- columns ------------------------------------------------------------------------------------------------


def test_every_field_of_the_state_is_a_cached_column_and_the_other_way_round() -> None:
    columns = {f.name for f in LifecycleColumns._meta.get_fields()} - {"uuid"}
    assert columns == {*GUARDED, *CACHED}
    assert {*LeadState.__dataclass_fields__} == columns | {"moves"}


def test_the_guarded_columns_are_those_of_the_design() -> None:
    assert ("status", "version", "head_hash", "agent", *(f.value for f in Flag)) == GUARDED


def test_no_facts_are_an_empty_lead() -> None:
    assert fold([]) == EMPTY == LeadState()


@pytest.mark.parametrize("state", list(State))
def test_a_lead_stands_where_its_last_move_put_it(state: State) -> None:
    lead = at(state)
    assert lead.state.status == state
    assert lead.state.stage_entered_at == lead.last_move.occurred_at
    assert lead.state.version == len(lead.facts)
    assert lead.state.head_hash == lead.last.hash


def test_tracked_are_the_facts_that_change_status_agent_or_flags() -> None:
    lead = (
        at(QUALIFIED)
        .assigned(BEN)
        .flagged("dnc", by=BRUNA)
        .noted(by=BRUNA)
        .called(by=BRUNA, override=True)
        .voided(by=BRUNA)
    )
    tracked = {f.kind for f in lead.facts if is_tracked(f)}
    assert tracked == {
        "lead_created",
        "agent_assigned",
        "contact_attempted",
        "motivation_confirmed",
        "flag_set",
        "move_voided",
    }


# --- provenance ---------------------------------------------------------------------------------------------


def test_the_four_ways_into_qualified_stay_tellable_apart() -> None:
    fresh = at(QUALIFIED)
    collapsed = at(COMMITTED).moved(QUALIFIED)
    voided = at(IN_CONTRACT).moved(QUALIFIED)
    back = at(ARCHIVED).moved(CONTACTING).moved(QUALIFIED)
    assert [s.state.provenance for s in (fresh, collapsed, voided, back)] == [
        Provenance.FRESH,
        Provenance.FELL_BACK_COMMITTED,
        Provenance.FELL_BACK_CONTRACT,
        Provenance.RE_ENGAGED,
    ]
    assert [s.state.provenance_reason for s in (fresh, collapsed, voided, back)] == [
        "",
        "outbid",
        "appraisal_low",
        "replied",
    ]


def test_provenance_goes_with_the_lead_until_it_qualifies_anew() -> None:
    lead = at(COMMITTED).moved(QUALIFIED).moved(COMMITTED)
    assert lead.state.provenance == Provenance.FELL_BACK_COMMITTED
    lead.moved(IN_CONTRACT)
    assert lead.state.provenance == Provenance.FELL_BACK_COMMITTED
    lead.moved(QUALIFIED)
    assert lead.state.provenance == Provenance.FELL_BACK_CONTRACT
    lead.moved(ARCHIVED).moved(CONTACTING)
    assert lead.state.provenance == Provenance.RE_ENGAGED


def test_a_lead_back_from_the_trash_starts_fresh() -> None:
    lead = at(ARCHIVED).moved(CONTACTING).moved(TRASHED).moved(NEW).called().moved(QUALIFIED)
    assert (lead.state.provenance, lead.state.provenance_reason) == (Provenance.FRESH, "")


def test_every_way_into_qualified_is_counted_and_an_undone_one_is_not() -> None:
    lead = at(CONTACTING)
    counted = [lead.state.times_qualified]
    for to in (QUALIFIED, COMMITTED, QUALIFIED, COMMITTED, IN_CONTRACT, QUALIFIED, ARCHIVED, CONTACTING, QUALIFIED):
        counted.append(lead.moved(to).state.times_qualified)
    assert counted == [0, 1, 1, 2, 2, 2, 3, 3, 3, 4]
    assert lead.voided().state.times_qualified == 3
    assert lead.moved(QUALIFIED).state.times_qualified == 4
    assert at(COMMITTED).voided(by=BRUNA).state.times_qualified == 1, "Back by an undo is not back a second time."


# --- contacts and clocks ------------------------------------------------------------------------------------


def test_attempts_are_the_outreach_of_people() -> None:
    lead = Story().created().called().called()
    lead.do(contact(), SCRIBE)
    lead.called(direction="inbound", outcome="spoke")
    assert lead.state.attempts == 2


def test_a_reply_is_an_inbound_contact_or_one_where_somebody_answered() -> None:
    assert at(NEW).called(outcome="voicemail").state.last_reply_at is None
    for outcome in ("spoke", "replied", "met"):
        assert at(NEW).called(outcome=outcome).state.last_reply_at is not None
    assert at(NEW).called(direction="inbound", outcome="voicemail").state.last_reply_at is not None


def test_a_call_that_is_logged_late_is_not_the_last_contact() -> None:
    lead = at(CONTACTING)
    last = lead.state.last_contact_at
    lead.wait(days=1).called(occurred_at=MONDAY + timedelta(minutes=1))
    assert lead.state.last_contact_at == last
    assert lead.state.first_contact_at == MONDAY + timedelta(minutes=1)


def test_a_breach_shows_until_the_clock_starts_again() -> None:
    lead = Story().created().wait(minutes=6)
    lead.do(DeclareBreach(), SCRIBE)
    assert lead.called().moved(QUALIFIED).state.sla_breached
    lead = Story().created().wait(minutes=6)
    lead.do(DeclareBreach(), SCRIBE)
    assert not lead.moved(TRASHED).moved(NEW).state.sla_breached


def test_a_clock_started_by_mistake_takes_its_breach_along() -> None:
    lead = Story().created().wait(minutes=1).called().wait(days=1).moved(TRASHED).wait(days=1).moved(NEW)
    lead.wait(minutes=6).do(DeclareBreach(), SCRIBE)
    assert lead.state.sla_breached
    assert not lead.voided(by=BRUNA).state.sla_breached, "Ana had called within the minute when Dana came in."


# --- it never raises ----------------------------------------------------------------------------------------


def test_a_kind_of_a_newer_release_only_moves_the_version_and_marks_the_lead() -> None:
    lead = at(QUALIFIED).state
    row = fact("lead_cloned", lead.version + 1, to_status="NURTURED", flag="dnc", to_agent_id=9, data={"a": 1})
    row.recorded_at = MONDAY + timedelta(days=1)
    after = apply(lead, row)
    changed = {n for n in LeadState.__dataclass_fields__ if getattr(lead, n) != getattr(after, n)}
    assert changed == {"version", "head_hash", "last_recorded_at", "rules_version"}
    assert after.rules_version == RULES_VERSION + 1
    assert apply(after, fact("note_added", after.version + 1)).rules_version == RULES_VERSION + 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=8), inner, max_size=2),
    max_leaves=4,
)
NAMES = ["inquiry", "sla_minutes", "document", "direction", "outcome", "channel", "to", "from", "fields", "minutes"]
moments = st.datetimes(timezones=st.just(UTC)) | st.just(datetime.max.replace(tzinfo=UTC))
odd_rows = st.builds(
    fact,
    kind=st.sampled_from([k.value for k in Kind]) | st.text(max_size=10),
    version=st.integers(1, 9),
    to_status=st.sampled_from(["", *State]) | st.text(max_size=10),
    flag=st.sampled_from(["", *Flag]) | st.text(max_size=10),
    reason=st.text(max_size=10),
    actor_id=st.none() | st.integers(1, 3),
    to_agent_id=st.none() | st.integers(1, 3),
    target_id=st.none() | st.integers(1, 9),
    occurred_at=moments,
    recorded_at=moments,
    data=st.dictionaries(st.sampled_from(NAMES), json_values, max_size=3) | json_values,
)


@given(st.lists(odd_rows, max_size=8))
def test_the_fold_never_raises_whatever_the_rows_say(rows: list[Fact]) -> None:
    state = fold(rows)
    if rows:
        assert (state.version, state.head_hash) == (rows[-1].version, rows[-1].hash)


@given(st.lists(odd_rows, max_size=8), st.integers(0, 8))
def test_folding_in_two_parts_is_folding_at_once(rows: list[Fact], cut: int) -> None:
    assert fold(rows[cut:], fold(rows[:cut])) == fold(rows)


# --- random lives -------------------------------------------------------------------------------------------

STEPS = ["move", "move", "move", "void", "call", "reply", "note", "document", "flag", "unflag", "assign", "correct"]


def live(lead: Story, steps: list[tuple[str, int]]) -> Story:
    """One life of a lead: what the rules refuse does not happen."""
    for step, pick in steps:
        lead.wait(minutes=7)
        status = State(lead.state.status)
        targets = legal_targets(status)
        try:
            match step:
                case "move" if targets and (status, targets[pick % len(targets)]) != (NEW, CONTACTING):
                    lead.do(move(status, targets[pick % len(targets)]), BRUNA)
                case "move" | "call":
                    lead.called(BRUNA, override=True)
                case "reply":
                    lead.called(BRUNA, direction="inbound", outcome="replied")
                case "void":
                    lead.voided(by=BRUNA)
                case "note":
                    lead.noted(BRUNA)
                case "document":
                    lead.noted(BRUNA, document="agreement.pdf")
                case "flag" | "unflag":
                    lead.flagged(list(Flag)[pick % 5], BRUNA, on=step == "flag")
                case "assign":
                    lead.assigned([ANA, BEN, None][pick % 3], BRUNA)
                case "correct":
                    demotions = [f for f in lead.facts if f.kind in ("deal_collapsed", "contract_voided")]
                    if demotions:
                        lead.corrected(demotions[pick % len(demotions)], ["cold_feet", "life_event"][pick % 2])
        except Refused:
            continue
    return lead


def effective(facts: list[Fact]) -> list[Fact]:
    """The facts without voids and without what they void, each correction of a reason written into its fact."""
    undone = {f.target_id for f in facts if f.kind == "move_voided"}
    reasons = {f.target_id: f.reason for f in facts if f.kind == "reason_corrected"}
    kept = [f for f in facts if f.id not in undone and f.kind not in ("move_voided", "reason_corrected")]
    return [Fact(**{**vars(f), "reason": reasons.get(f.id, f.reason)}) for f in kept]


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9)), max_size=25))
def test_a_life_with_corrections_ends_like_the_one_without_the_mistakes(steps: list[tuple[str, int]]) -> None:
    lead = live(Story().created(), steps)
    state, plain = lead.state, fold(effective(lead.facts))
    unequal = {"version", "head_hash", "last_recorded_at", "last_occurred_at", "rules_version"}
    for column in (*GUARDED, *CACHED):
        if column not in unequal:
            assert getattr(state, column) == getattr(plain, column), (column, [f.kind for f in lead.facts])
    assert [m.event_id for m in state.moves] == [m.event_id for m in plain.moves]


def test_a_fold_is_one_fact_applied_after_the_other() -> None:
    story = at(State.IN_CONTRACT).moved(State.QUALIFIED).voided(by=BRUNA).flagged("dnc").assigned(BEN).noted(by=BEN)
    for begun in range(len(story.facts)):
        start = fold(story.facts[:begun])
        assert fold(story.facts[begun:], start) == reduce(apply, story.facts[begun:], start)
