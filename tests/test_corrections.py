"""Nothing is edited, nothing is removed: moves are voided, reasons corrected, everything else gets a new fact."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from lifecycle.errors import NoteMissing, NothingToCorrect, NothingToVoid, ReasonMissing, ReasonNotValid, StaleVersion
from lifecycle.events import Words
from lifecycle.fold import fold
from lifecycle.intents import CorrectReason, TimeOut
from lifecycle.states import State
from tests.story import ANA, BEN, BRUNA, NOTE, SCRIBE, Fact, Story, at, refusal

NEW, CONTACTING, QUALIFIED, COMMITTED, IN_CONTRACT, CLOSED, ARCHIVED, TRASHED = State

#: What a void puts back.
PLACE = ("status", "stage_entered_at", "provenance", "provenance_reason", "provenance_at")

#: Every move by hand, as the way to the state before it and the state after.
MOVES = [
    (NEW, CONTACTING),
    (NEW, TRASHED),
    (NEW, ARCHIVED),
    (CONTACTING, QUALIFIED),
    (CONTACTING, TRASHED),
    (CONTACTING, ARCHIVED),
    (QUALIFIED, COMMITTED),
    (QUALIFIED, ARCHIVED),
    (COMMITTED, QUALIFIED),
    (COMMITTED, IN_CONTRACT),
    (IN_CONTRACT, QUALIFIED),
    (IN_CONTRACT, CLOSED),
    (ARCHIVED, CONTACTING),
    (TRASHED, NEW),
]
every_move = pytest.mark.parametrize(("start", "target"), MOVES, ids=lambda s: s.value)


def place(lead: Story) -> dict[str, Any]:
    return {name: getattr(lead.state, name) for name in PLACE}


def step(lead: Story, target: State) -> Fact:
    """One move to the target, by a call when that is what moves it; out: the move."""
    if target == CONTACTING and lead.state.status == NEW:
        lead.called()
    else:
        lead.moved(target)
    return lead.last_move


# --- voids --------------------------------------------------------------------------------------------------


@every_move
def test_after_a_void_the_lead_stands_as_before_the_move(start: State, target: State) -> None:
    lead = at(start)
    before, state = place(lead), lead.state
    moved = step(lead.wait(hours=1), target)
    lead.voided(by=BRUNA)
    assert place(lead) == before
    assert (lead.last.kind, lead.last.target_id) == ("move_voided", moved.id)
    assert (lead.last.from_status, lead.last.to_status) == (target, start)
    for column in ("inquired_at", "first_contact_due_at", "sla_breached", "document_missing", "created_at"):
        assert getattr(lead.state, column) == getattr(state, column), column


@every_move
def test_both_rows_stay(start: State, target: State) -> None:
    lead = at(start)
    step(lead, target)
    facts = list(lead.facts)
    lead.voided(by=BRUNA)
    assert lead.facts[:-1] == facts


@every_move
def test_notes_contacts_flags_and_assignments_after_the_move_do_not_hinder(start: State, target: State) -> None:
    lead = at(start)
    before = place(lead)
    moved = step(lead.wait(hours=1), target)
    lead.noted().flagged("do_not_call").called(direction="inbound").assigned(BEN).assigned(ANA)
    lead.voided(moved, by=BRUNA)
    assert place(lead) == before
    assert (lead.state.do_not_call, lead.state.agent) == (True, ANA.id), "These are facts of their own."


def test_the_author_undoes_a_move_after_a_colleagues_note() -> None:
    lead = at(QUALIFIED).moved(COMMITTED)
    moved = lead.last_move
    lead.noted(by=BRUNA).voided(moved, by=ANA)
    assert lead.state.status == QUALIFIED


def test_only_the_newest_standing_move_can_be_undone() -> None:
    lead = at(QUALIFIED).moved(COMMITTED)
    older = lead.last_move
    lead.moved(IN_CONTRACT)
    refused = refusal(lambda: lead.decide(lead.void(older)), NothingToVoid)
    assert refused.details["newer"] == lead.last_move.id


def test_undo_and_then_undo_the_move_before() -> None:
    lead = at(QUALIFIED)
    before = place(lead)
    lead.moved(COMMITTED).wait(minutes=1).moved(IN_CONTRACT).wait(minutes=1)
    lead.voided()
    assert lead.state.status == COMMITTED
    lead.voided()
    assert place(lead) == before


def test_a_voided_move_cannot_be_undone_again() -> None:
    lead = at(QUALIFIED).moved(COMMITTED)
    moved = lead.last_move
    lead.voided()
    refusal(lambda: lead.decide(lead.void(moved), BRUNA), NothingToVoid)


def test_a_void_cannot_be_undone_make_the_move_again() -> None:
    lead = at(QUALIFIED).moved(COMMITTED).voided()
    refusal(lambda: lead.decide(lead.void(lead.last), BRUNA), NothingToVoid)
    lead.moved(COMMITTED)
    assert lead.state.status == COMMITTED


def test_the_beginning_cannot_be_undone() -> None:
    lead = Story().created()
    refusal(lambda: lead.decide(lead.void(lead.facts[0]), BRUNA), NothingToVoid)


def test_consent_is_never_undone_only_superseded() -> None:
    lead = at(QUALIFIED).flagged("dnc")
    refusal(lambda: lead.decide(lead.void(lead.last), BRUNA), NothingToVoid)
    lead.flagged("dnc", by=BRUNA, on=False)
    refusal(lambda: lead.decide(lead.void(lead.last), BRUNA), NothingToVoid)
    assert not lead.state.dnc


def test_nothing_but_a_move_can_be_undone() -> None:
    lead = at(QUALIFIED).noted().called().assigned(BEN)
    for fact in lead.facts:
        if not fact.to_status:
            refusal(partial(lead.decide, lead.void(fact), BRUNA), NothingToVoid)


@pytest.mark.parametrize(("reason", "error"), [("", ReasonMissing), ("outbid", ReasonNotValid)])
def test_a_void_needs_a_reason_of_its_own(reason: str, error: Any) -> None:
    lead = at(QUALIFIED).moved(COMMITTED)
    refusal(lambda: lead.decide(lead.void(lead.last_move, reason=reason)), error, "reason")


def test_undoing_a_step_forward_is_no_collapse() -> None:
    lead = at(QUALIFIED).moved(COMMITTED).voided()
    assert (lead.last.from_status, lead.last.to_status) == (COMMITTED, QUALIFIED)
    assert (lead.last.kind, lead.state.provenance) == ("move_voided", "fresh")


def test_undoing_a_collapse_gives_the_provenance_back() -> None:
    lead = at(COMMITTED).moved(QUALIFIED)
    assert (lead.state.provenance, lead.state.provenance_reason) == ("fell_back_committed", "outbid")
    lead.voided()
    assert (lead.state.provenance, lead.state.provenance_reason, lead.state.status) == ("fresh", "", COMMITTED)


def test_a_closing_that_was_entered_by_mistake_can_be_undone() -> None:
    lead = at(IN_CONTRACT).moved(CLOSED).voided()
    assert lead.state.status == IN_CONTRACT


def test_a_call_that_was_logged_since_still_counts_as_an_attempt() -> None:
    lead = at(CONTACTING).called().called().moved(ARCHIVED).moved(CONTACTING)
    re_engaged = lead.last_move
    assert lead.state.attempts == 0
    lead.called().voided(re_engaged)
    assert lead.state.attempts == 4


def test_a_document_that_came_since_is_not_missing_again_when_the_collapse_is_undone() -> None:
    lead = at(QUALIFIED).moved(COMMITTED, words=Words()).moved(QUALIFIED)
    collapse = lead.last_move
    lead.noted(document="agreement.pdf").voided(collapse)
    assert (lead.state.status, lead.state.document_missing) == (COMMITTED, False)


def test_a_missing_document_is_missing_again_when_the_collapse_is_undone() -> None:
    lead = at(QUALIFIED).moved(COMMITTED, words=Words()).moved(QUALIFIED).voided()
    assert (lead.state.status, lead.state.document_missing) == (COMMITTED, True)


def test_undoing_the_return_from_the_trash_gives_the_old_clock_back() -> None:
    lead = at(NEW).wait(hours=1).moved(TRASHED)
    old = lead.state
    lead.wait(days=1).moved(NEW)
    assert lead.state.first_contact_due_at != old.first_contact_due_at
    lead.voided()
    assert lead.state.first_contact_due_at == old.first_contact_due_at
    assert lead.state.inquired_at == old.inquired_at


def test_a_timeout_that_a_broker_undid_leaves_the_clock_of_the_stage_as_it_was() -> None:
    lead = at(QUALIFIED)
    entered = lead.state.stage_entered_at
    lead.wait(days=200).do(TimeOut(kind="timed_out_no_progress"), SCRIBE)
    lead.voided(by=BRUNA)
    assert lead.state.stage_entered_at == entered


# --- corrected reasons --------------------------------------------------------------------------------------

CORRECTABLE = [
    (COMMITTED, QUALIFIED, "financing_affordability"),
    (IN_CONTRACT, QUALIFIED, "financing_denied"),
    (QUALIFIED, ARCHIVED, "bought_elsewhere"),
    (CONTACTING, TRASHED, "fake_identity"),
]


@pytest.mark.parametrize(("start", "target", "better"), CORRECTABLE)
def test_the_new_reason_stands_beside_the_old_one(start: State, target: State, better: str) -> None:
    lead = at(start)
    moved = step(lead, target)
    lead.corrected(moved, better)
    assert (lead.last.kind, lead.last.target_id, lead.last.reason) == ("reason_corrected", moved.id, better)
    assert lead.facts[moved.id - 1] == moved
    assert (lead.last.from_status, lead.last.to_status) == ("", ""), "It moves nothing."


def test_the_reason_of_an_assignment_can_be_corrected() -> None:
    lead = at(QUALIFIED).assigned(BEN)
    lead.corrected(lead.last, "language_match")
    assert lead.last.reason == "language_match"


@pytest.mark.parametrize(
    ("start", "target", "better"), [c for c in CORRECTABLE if c[1] == QUALIFIED], ids=["collapse", "voided contract"]
)
def test_the_card_shows_the_corrected_reason(start: State, target: State, better: str) -> None:
    lead = at(start)
    moved = step(lead, target)
    lead.corrected(moved, better)
    assert lead.state.provenance_reason == better
    lead.corrected(moved, "life_event")
    assert lead.state.provenance_reason == "life_event"


def test_a_correction_of_an_older_collapse_leaves_the_card_alone() -> None:
    lead = at(COMMITTED)
    first = step(lead, QUALIFIED)
    lead.moved(COMMITTED).moved(IN_CONTRACT).moved(QUALIFIED)
    lead.corrected(first, "cold_feet")
    assert lead.state.provenance_reason == "appraisal_low"


def test_a_correction_is_remembered_when_a_later_collapse_is_undone() -> None:
    lead = at(COMMITTED)
    first = step(lead, QUALIFIED)
    lead.moved(COMMITTED).moved(QUALIFIED)
    second = lead.last_move
    lead.corrected(first, "cold_feet").voided(second)
    assert lead.state.provenance_reason == "cold_feet"


def test_a_correction_dies_with_its_undone_collapse() -> None:
    lead = at(COMMITTED)
    collapse = step(lead, QUALIFIED)
    lead.corrected(collapse, "cold_feet").voided(collapse)
    assert (lead.state.provenance, lead.state.provenance_reason) == ("fresh", "")
    refused = refusal(lambda: lead.decide(lead.correct(collapse, "life_event")), NothingToCorrect)
    assert refused.status == 409 and refused.details["undone"] == collapse.id


def test_the_reason_that_stands_already_is_no_correction() -> None:
    lead = at(COMMITTED)
    collapse = step(lead, QUALIFIED)
    assert lead.decide(lead.correct(collapse, "outbid"), BRUNA) == []
    lead.corrected(collapse, "cold_feet")
    assert lead.decide(lead.correct(collapse, "cold_feet"), BRUNA) == []
    assert lead.decide(lead.correct(collapse, "outbid"), BRUNA), "Back to the first one is a correction again."


def test_who_corrects_a_reason_that_was_corrected_meanwhile_is_told_of_which_fact() -> None:
    lead = at(COMMITTED).moved(QUALIFIED, ANA, reason="cold_feet", words=NOTE)
    fell = lead.last
    late = replace(lead.correct(fell, "outbid"), saw="cold_feet")
    lead.corrected(fell, "life_event")
    wish = replace(late, was="life_event")
    stale = refusal(lambda: lead.do(wish, ANA), StaleVersion, "reason")
    assert stale.sentence == "The reason was corrected meanwhile. Yours was not saved."
    assert stale.details["corrected"] == fell.id


def test_a_correction_needs_a_note_and_a_reason_of_the_corrected_kind() -> None:
    lead = at(COMMITTED)
    collapse = step(lead, QUALIFIED)
    refusal(lambda: lead.decide(lead.correct(collapse, "cold_feet", Words())), NoteMissing, "note")
    refusal(lambda: lead.decide(lead.correct(collapse, "appraisal_low", NOTE)), ReasonNotValid, "reason")
    refusal(lambda: lead.decide(lead.correct(collapse, "", NOTE)), ReasonMissing, "reason")
    refusal(lambda: lead.decide(lead.correct(collapse, "other", Words(note="Wrong box."))), NoteMissing, "note")


def test_only_demotions_archives_trash_and_assignments_have_a_reason_to_correct() -> None:
    lead = at(ARCHIVED).moved(CONTACTING).flagged("do_not_call").moved(QUALIFIED).voided()
    able = {"archived_manually", "agent_assigned"}
    for fact in lead.facts:
        if fact.kind not in able:
            refusal(partial(lead.decide, lead.correct(fact, "other", NOTE)), ReasonNotValid, "reason")


def test_a_lead_cannot_become_a_duplicate_by_correction_without_naming_the_other() -> None:
    lead = at(CONTACTING)
    trashed = step(lead, TRASHED)
    wish = CorrectReason(target=trashed.id, kind=trashed.kind, was=trashed.reason, reason="duplicate_of", words=NOTE)
    refusal(lambda: lead.decide(wish, BRUNA), ReasonNotValid, "reason")


# --- the fold agrees ----------------------------------------------------------------------------------------


@every_move
def test_a_voided_move_is_as_if_it_never_was(start: State, target: State) -> None:
    """The fold of everything equals the fold without the move and its void."""
    lead = at(start)
    moved = step(lead.wait(hours=1), target)
    lead.called(direction="inbound", outcome="replied").flagged("do_not_text").voided(moved, by=BRUNA)
    # What Scribe did because of a call falls alone; the call stays.
    without = fold([f for f in lead.facts if f is not moved and f.kind != "move_voided"])
    for column in (*PLACE, "agent", "do_not_text", "attempts", "last_reply_at", "last_contact_at", "document_missing"):
        assert getattr(lead.state, column) == getattr(without, column), column
