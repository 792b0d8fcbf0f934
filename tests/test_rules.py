"""The table of moves and what each move needs: given these facts, when somebody wants this, then these drafts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from lifecycle.errors import (
    BadInput,
    ClosedLead,
    IllegalMove,
    InputMissing,
    NoSuchLead,
    NoteMissing,
    NotUnderstood,
    NotYours,
    ReasonMissing,
    ReasonNotValid,
    Refused,
    ThresholdNotReached,
)
from lifecycle.events import DEMOTIONS, Draft, Kind, Words
from lifecycle.explain import why_not
from lifecycle.flags import Flag
from lifecycle.intents import (
    AddNote,
    Assign,
    ChangeContact,
    ChangeFlag,
    Create,
    DeclareBreach,
    Erase,
    Intent,
    Move,
    TimeOut,
)
from lifecycle.reasons import NEED_REASON, SEED, Group, Reason
from lifecycle.states import State
from lifecycle.transitions import TRANSITIONS, Need, between, for_person, legal_targets, must_ask
from tests.story import ADA, ANA, BRUNA, MONDAY, NOTE, SAID, SCRIBE, Story, at, contact, move, refusal

NEW, CONTACTING, QUALIFIED, COMMITTED, IN_CONTRACT, CLOSED, ARCHIVED, TRASHED = State

#: The design's table once more, written down independently: from, to, kind, who, needs.
DESIGN = {
    ("", NEW, "lead_created", "either", ("inquiry",)),
    (NEW, CONTACTING, "contact_attempted", "scribe", ("contact",)),
    (NEW, TRASHED, "bogus_contact_detected", "either", ("reason",)),
    (CONTACTING, TRASHED, "bogus_contact_detected", "either", ("reason",)),
    (CONTACTING, QUALIFIED, "motivation_confirmed", "person", ("note",)),
    (CONTACTING, ARCHIVED, "timed_out_no_response", "scribe", ("threshold",)),
    (QUALIFIED, COMMITTED, "buyer_agreement_signed", "person", ("document",)),
    (QUALIFIED, ARCHIVED, "timed_out_no_progress", "scribe", ("threshold",)),
    (NEW, ARCHIVED, "archived_manually", "person", ("reason",)),
    (CONTACTING, ARCHIVED, "archived_manually", "person", ("reason",)),
    (QUALIFIED, ARCHIVED, "archived_manually", "person", ("reason",)),
    (COMMITTED, IN_CONTRACT, "contract_executed", "person", ()),
    (COMMITTED, QUALIFIED, "deal_collapsed", "person", ("reason", "note")),
    (IN_CONTRACT, CLOSED, "closing_completed", "person", ("closing_date",)),
    (IN_CONTRACT, QUALIFIED, "contract_voided", "person", ("reason", "note")),
    (ARCHIVED, CONTACTING, "lead_re_engaged", "either", ("reason",)),
    (TRASHED, NEW, "contact_info_updated", "either", ("contact_data",)),
}
#: Where a person may move a lead from each state, in board order.
TARGETS = {
    NEW: [CONTACTING, ARCHIVED, TRASHED],
    CONTACTING: [QUALIFIED, ARCHIVED, TRASHED],
    QUALIFIED: [COMMITTED, ARCHIVED],
    COMMITTED: [QUALIFIED, IN_CONTRACT],
    IN_CONTRACT: [QUALIFIED, CLOSED],
    CLOSED: [],
    ARCHIVED: [CONTACTING],
    TRASHED: [NEW],
}
PAIRS = [(a, b) for a in State for b in State]
#: The moves that a person makes by asking for them, with the kind of fact that follows.
BY_HAND = {
    (NEW, TRASHED): "bogus_contact_detected",
    (CONTACTING, TRASHED): "bogus_contact_detected",
    (CONTACTING, QUALIFIED): "motivation_confirmed",
    (QUALIFIED, COMMITTED): "buyer_agreement_signed",
    (NEW, ARCHIVED): "archived_manually",
    (CONTACTING, ARCHIVED): "archived_manually",
    (QUALIFIED, ARCHIVED): "archived_manually",
    (COMMITTED, IN_CONTRACT): "contract_executed",
    (COMMITTED, QUALIFIED): "deal_collapsed",
    (IN_CONTRACT, CLOSED): "closing_completed",
    (IN_CONTRACT, QUALIFIED): "contract_voided",
    (ARCHIVED, CONTACTING): "lead_re_engaged",
    (TRASHED, NEW): "contact_info_updated",
}
BY_SCRIBE = {
    (NEW, TRASHED): "bogus_contact_detected",
    (CONTACTING, TRASHED): "bogus_contact_detected",
    (ARCHIVED, CONTACTING): "lead_re_engaged",
    (TRASHED, NEW): "contact_info_updated",
}

everybody = pytest.mark.parametrize("who", [ANA, BRUNA, ADA], ids=lambda p: p.name)
every_pair = pytest.mark.parametrize(("start", "target"), PAIRS, ids=lambda s: s.value)


# --- the table ----------------------------------------------------------------------------------------------


def test_the_table_of_moves_is_exactly_the_design() -> None:
    table = [(str(t.from_status or ""), t.to_status, t.kind.value, t.who.value, t.needs) for t in TRANSITIONS]
    assert len(table) == len(set(table))
    assert set(table) == DESIGN


@every_pair
def test_every_pair_of_states_has_just_the_moves_of_the_design(start: State, target: State) -> None:
    wanted = {kind for a, b, kind, _, _ in DESIGN if (a, b) == (start, target)}
    assert {t.kind.value for t in between(start, target)} == wanted


@pytest.mark.parametrize("start", list(State))
def test_a_person_is_offered_the_legal_targets_in_board_order(start: State) -> None:
    assert list(legal_targets(start)) == TARGETS[start]


def test_the_timeouts_of_scribe_are_never_offered_to_a_person() -> None:
    offered = {t.kind for a, b in PAIRS for t in for_person(a, b)}
    assert not offered & {Kind.TIMED_OUT_NO_RESPONSE, Kind.TIMED_OUT_NO_PROGRESS}


def test_only_signing_the_contract_asks_nothing_of_the_agent() -> None:
    assert {(a, b) for a, b in PAIRS if for_person(a, b) and not must_ask(a, b)} == {(COMMITTED, IN_CONTRACT)}


def test_every_need_is_some_moves_need() -> None:
    assert {n for t in TRANSITIONS for n in t.needs} == set(Need)


def test_a_demotion_is_one_of_two_kinds() -> None:
    assert {k.value for k in DEMOTIONS} == {"deal_collapsed", "contract_voided"}


@everybody
@every_pair
def test_a_person_makes_just_the_moves_of_the_table(start: State, target: State, who: Any) -> None:
    lead = at(start)
    wish = move(start, target)
    if start == target:
        assert lead.decide(wish, who) == [], "Dropping a card where it is writes nothing."
    elif (start, target) in BY_HAND:
        (draft,) = lead.decide(wish, who)
        assert (draft.kind, draft.from_status, draft.to_status) == (BY_HAND[start, target], start, target)
        assert not draft.by_scribe
        assert draft.occurred_at == lead.now
    elif (start, target) == (NEW, CONTACTING):
        refusal(lambda: lead.decide(wish, who), InputMissing, "contact")
    elif start == CLOSED:
        refused = refusal(lambda: lead.decide(wish, who), ClosedLead)
        assert refused.details["legal"] == []
    else:
        refused = refusal(lambda: lead.decide(wish, who), IllegalMove, "to")
        assert refused.details["legal"] == [s.value for s in TARGETS[start]]


@every_pair
def test_scribe_makes_just_the_moves_that_follow_from_rules(start: State, target: State) -> None:
    lead = at(start)
    if start == target and target in (CONTACTING, ARCHIVED, TRASHED, NEW):
        assert lead.decide(move(start, target), SCRIBE) == []
    elif (start, target) in BY_SCRIBE:
        (draft,) = lead.decide(move(start, target), SCRIBE)
        assert (draft.kind, draft.by_scribe) == (BY_SCRIBE[start, target], True)
    else:
        with pytest.raises((NotYours, IllegalMove, InputMissing, ThresholdNotReached)):
            lead.decide(move(start, target), SCRIBE)


@pytest.mark.parametrize("start", [CONTACTING, QUALIFIED])
def test_nobody_makes_scribes_timeout_by_hand(start: State) -> None:
    kind = "timed_out_no_response" if start == CONTACTING else "timed_out_no_progress"
    refusal(lambda: at(start).decide(move(start, ARCHIVED, kind=kind), BRUNA), NotYours)


@pytest.mark.parametrize("start", [CONTACTING, QUALIFIED])
def test_scribe_cannot_archive_past_the_thresholds_by_an_ordinary_move(start: State) -> None:
    kind = "timed_out_no_response" if start == CONTACTING else "timed_out_no_progress"
    for wish in (Move(to=ARCHIVED), Move(to=ARCHIVED, kind=kind)):
        refusal(partial(at(start).decide, wish, SCRIBE), ThresholdNotReached)


def test_scribe_cannot_archive_in_a_persons_name() -> None:
    wish = move(QUALIFIED, ARCHIVED, kind="archived_manually")
    refusal(lambda: at(QUALIFIED).decide(wish, SCRIBE), NotYours)


def test_a_kind_that_joins_other_stages_is_refused() -> None:
    wish = move(COMMITTED, QUALIFIED, kind="contract_voided")
    refusal(lambda: at(COMMITTED).decide(wish), IllegalMove, "kind")


def test_naming_the_right_kind_changes_nothing() -> None:
    lead = at(CONTACTING)
    named = lead.decide(move(CONTACTING, ARCHIVED, kind="archived_manually"))
    assert named == lead.decide(move(CONTACTING, ARCHIVED))


@pytest.mark.parametrize("start", [COMMITTED, IN_CONTRACT])
def test_a_signed_lead_cannot_be_archived_before_the_collapse_is_explained(start: State) -> None:
    refused = refusal(lambda: at(start).decide(move(start, ARCHIVED, reason="not_interested")), IllegalMove)
    assert "Qualified" in refused.sentence
    lead = at(start).moved(QUALIFIED).moved(ARCHIVED)
    assert [f.to_status for f in lead.facts[-2:]] == [QUALIFIED, ARCHIVED]


@every_pair
def test_every_illegal_pair_is_explained_in_a_sentence(start: State, target: State) -> None:
    if start != target and not for_person(start, target):
        assert why_not(start, target).endswith(".")


def test_a_closed_lead_keeps_everything_but_moves_open() -> None:
    lead = at(CLOSED).noted().called().flagged("dnc").assigned(None)
    assert [f.kind for f in lead.facts[-4:]] == ["note_added", "contact_logged", "flag_set", "agent_assigned"]


def test_an_unknown_stage_is_refused() -> None:
    refusal(lambda: at(NEW).decide(Move(to="WON")), BadInput, "to")


# --- the beginning ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [SCRIBE, ANA, BRUNA], ids=["Scribe", "Ana", "Bruna"])
def test_scribe_or_a_person_lets_a_lead_in(who: Any) -> None:
    (created,) = Story().decide(Create(inquiry="walk_in"), who)
    assert (created.kind, created.from_status, created.to_status) == ("lead_created", "", NEW)
    assert created.data == {"inquiry": "walk_in", "sla_minutes": 5}


def test_a_lead_born_with_an_agent_has_two_facts() -> None:
    created, assigned = Story().decide(Create(inquiry="phone", agent=ANA.id), ANA)
    assert (created.kind, assigned.kind) == ("lead_created", "agent_assigned")
    assert (assigned.to_agent, assigned.reason) == (ANA.id, "initial_routing")


@pytest.mark.parametrize("inquiry", ["", "billboard"])
def test_a_lead_needs_a_source(inquiry: str) -> None:
    refusal(lambda: Story().decide(Create(inquiry=inquiry), ANA), InputMissing, "inquiry")


def test_a_lead_is_created_once() -> None:
    refusal(lambda: Story().created().decide(Create(inquiry="phone"), ANA), IllegalMove)


@pytest.mark.parametrize(
    "wish",
    [
        move("", CONTACTING),
        move("", NEW, contact_fields=("phone",)),
        contact(),
        AddNote(words=NOTE),
        Assign(to_agent=1, reason="territory"),
        ChangeFlag(flag="dnc", on=True, reason="legal"),
        ChangeContact(fields=("name",)),
    ],
    ids=lambda wish: type(wish).__name__,
)
def test_nothing_but_its_creation_can_stand_first_in_a_leads_story(wish: Intent) -> None:
    refusal(lambda: Story().decide(wish, BRUNA), NoSuchLead)


# --- what a move needs --------------------------------------------------------------------------------------

NEEDING_REASON = sorted(pair for pair, said in SAID.items() if "reason" in said)


@pytest.mark.parametrize(("start", "target"), NEEDING_REASON)
def test_a_move_that_asks_for_a_reason_is_refused_without(start: str, target: str) -> None:
    wish = move(start, target, reason="")
    refusal(lambda: at(State(start)).decide(wish, BRUNA), ReasonMissing, "reason")


@pytest.mark.parametrize("note", ["", "   ", "\n\t "])
@pytest.mark.parametrize(
    ("start", "target"), [(CONTACTING, QUALIFIED), (COMMITTED, QUALIFIED), (IN_CONTRACT, QUALIFIED)]
)
def test_a_move_that_asks_for_a_note_is_refused_without(start: State, target: State, note: str) -> None:
    wish = move(start, target, words=Words(note=note))
    refusal(lambda: at(start).decide(wish, BRUNA), NoteMissing, "note")


def test_moving_committed_back_needs_a_reason_and_a_note() -> None:
    lead = at(COMMITTED)
    (draft,) = lead.decide(Move(to=QUALIFIED, reason="outbid", words=NOTE))
    assert (draft.kind, draft.reason, draft.words) == ("deal_collapsed", "outbid", NOTE)


def test_the_document_may_be_left_empty_and_is_then_missing() -> None:
    lead = at(QUALIFIED).moved(COMMITTED, words=Words())
    assert lead.last.data == {"document": 0}
    assert lead.state.document_missing
    assert not lead.noted(document="agreement.pdf").state.document_missing


@pytest.mark.parametrize(
    ("closing", "error"),
    [
        (None, InputMissing),
        (date(1899, 12, 31), BadInput),
        (date(1, 1, 1), BadInput),
        (MONDAY.date() + timedelta(days=2), BadInput),
        (date(9999, 12, 31), BadInput),
    ],
)
def test_closing_needs_a_date_that_can_be(closing: date | None, error: type[Refused]) -> None:
    wish = Move(to=CLOSED, closing_date=closing)
    refusal(lambda: at(IN_CONTRACT).decide(wish), error, "closing_date")


def test_the_closing_date_stands_in_the_fact() -> None:
    (draft,) = at(IN_CONTRACT).decide(Move(to=CLOSED, closing_date=MONDAY.date()))
    assert draft.data == {"closing_date": "2026-03-02", "document": 0}


def test_bringing_a_trashed_lead_back_needs_corrected_contact_data() -> None:
    refusal(lambda: at(TRASHED).decide(Move(to=NEW)), InputMissing, "contact")
    (draft,) = at(TRASHED).decide(Move(to=NEW, contact_fields=("phone", "email")))
    assert draft.data == {"fields": ["email", "phone"], "sla_minutes": 5}


def test_a_duplicate_names_the_other_lead() -> None:
    refusal(lambda: at(NEW).decide(Move(to=TRASHED, reason="duplicate_of")), InputMissing, "duplicate_of")
    (draft,) = at(NEW).decide(Move(to=TRASHED, reason="duplicate_of", duplicate_of="a-uuid"))
    assert draft.data == {"duplicate_of": "a-uuid"}


def test_a_lead_moves_to_contacting_by_a_logged_contact_and_no_other_way() -> None:
    logged, moved = at(NEW).decide(contact(outcome="voicemail"))
    assert (logged.kind, logged.by_scribe, logged.to_status) == ("contact_logged", False, "")
    assert (moved.kind, moved.by_scribe, moved.caused_by_first) == ("contact_attempted", True, True)
    assert (moved.from_status, moved.to_status) == (NEW, CONTACTING)


@pytest.mark.parametrize("outcome", ["voicemail", "no_answer", "sent", "spoke"])
@pytest.mark.parametrize("channel", ["call", "email", "text", "in_person"])
def test_any_outreach_of_a_person_counts_as_the_first_contact(channel: str, outcome: str) -> None:
    assert len(at(NEW).decide(contact(channel=channel, outcome=outcome))) == 2


def test_an_automated_drip_and_an_inbound_call_move_nothing() -> None:
    assert len(at(NEW).decide(contact(), SCRIBE)) == 1
    assert len(at(NEW).decide(contact(direction="inbound"))) == 1


def test_a_second_call_moves_nothing() -> None:
    assert len(at(CONTACTING).decide(contact())) == 1


@pytest.mark.parametrize("part", ["channel", "direction", "outcome"])
@pytest.mark.parametrize("value", ["", "pigeon", "\ud800", "x" * 10_240])
def test_an_unknown_word_in_a_contact_is_refused(part: str, value: str) -> None:
    refusal(lambda: at(NEW).decide(contact(**{part: value})), InputMissing, part)


def test_a_contact_with_a_lead_that_wants_none_needs_a_reason() -> None:
    lead = at(CONTACTING).flagged("dnc")
    refusal(lambda: lead.decide(contact()), NoteMissing, "override_reason")
    (draft,) = lead.decide(contact(override=True, words=NOTE))
    assert draft.data["override"] == 1
    assert len(lead.decide(contact(direction="inbound"))) == 1, "They may always call us."


# --- reasons ------------------------------------------------------------------------------------------------

#: The design's codes of each kind, written down independently.
CODES = {
    "deal_collapsed": """financing_preapproval_lost financing_affordability job_or_income_change offer_rejected outbid
        no_suitable_inventory property_withdrawn seller_counter_unacceptable cold_feet paused_search life_event
        relocation_changed contingent_home_unsold agreement_expired agreement_terminated_by_client
        agreement_terminated_by_broker switched_agent client_unresponsive other""",
    "contract_voided": """financing_denied financing_rate_lock_expired appraisal_low inspection_findings
        repair_negotiation_failed title_or_deed_issue insurance_unobtainable hoa_or_disclosure_issue
        survey_or_zoning_issue contingent_sale_failed buyer_default seller_default cold_feet job_or_income_change
        life_event property_damage closing_deadline_missed mutual_release other""",
    "archived_manually": """not_interested timeline_over_12_months renting_instead bought_elsewhere
        working_with_other_agent out_of_service_area not_financeable_now unresponsive requested_no_contact referred_out
        deceased other""",
    "bogus_contact_detected": """invalid_phone email_bounced both_channels_dead wrong_person fake_identity spam_or_bot
        duplicate_of vendor_or_solicitor test_record other""",
    "agent_assigned": """initial_routing sla_breach schedule_conflict pto_or_leave agent_departed workload_balance
        specialty_match language_match territory client_request conflict_of_interest performance returned_to_pool
        correction other""",
    "lead_re_engaged": "site_activity replied new_inquiry referral_returned agent_outreach_worked other",
    "flag_set": """lead_request_phone lead_request_email lead_request_text lead_request_in_person unsubscribe_link
        sms_stop hard_bounce spam_complaint legal import""",
    "flag_cleared": "lead_reconsented set_in_error address_corrected",
    "move_voided": "mis_drag wrong_lead too_early duplicate_entry other",
    "personal_data_erased": "erasure_requested consent_withdrawn no_longer_needed recorded_unlawfully",
}
FITTING = {kind: set(codes.split()) for kind, codes in CODES.items()}


def test_the_reason_codes_are_exactly_the_design() -> None:
    seeded: dict[str, set[str]] = {}
    for reason in SEED:
        for kind in reason.kinds:
            seeded.setdefault(kind, set()).add(reason.code)
    assert seeded == FITTING
    assert {r.code for r in SEED} - set().union(*FITTING.values()) == {"not_recorded"}
    assert {k.value for k in NEED_REASON} == {*FITTING, "reason_corrected"}


def asking(kind: str) -> Callable[[str, Words], Any]:
    """What a broker does to record a fact of this kind with a given reason."""
    flag = ChangeFlag(flag="do_not_call", on=True, reason="")
    wish: Any
    match kind:
        case "deal_collapsed":
            lead, wish = at(COMMITTED), move(COMMITTED, QUALIFIED)
        case "contract_voided":
            lead, wish = at(IN_CONTRACT), move(IN_CONTRACT, QUALIFIED)
        case "archived_manually":
            lead, wish = at(QUALIFIED), move(QUALIFIED, ARCHIVED)
        case "bogus_contact_detected":
            lead, wish = at(CONTACTING), move(CONTACTING, TRASHED, duplicate_of="a-uuid")
        case "lead_re_engaged":
            lead, wish = at(ARCHIVED), move(ARCHIVED, CONTACTING)
        case "agent_assigned":
            lead, wish = at(NEW), Assign(to_agent=2, reason="")
        case "personal_data_erased":
            lead, wish = at(QUALIFIED), Erase(reason="", fields=("name",))
        case "flag_set":
            lead, wish = at(NEW), flag
        case "flag_cleared":
            lead, wish = at(NEW).flagged("do_not_call"), replace(flag, on=False)
        case _:
            lead = at(QUALIFIED)
            wish = lead.void(lead.last_move)
    return lambda reason, words: lead.decide(replace(wish, reason=reason, words=words), BRUNA)


@pytest.mark.parametrize("kind", FITTING)
def test_a_kind_takes_its_own_reasons_and_none_of_another(kind: str) -> None:
    act = asking(kind)
    for reason in SEED:
        if reason.code in FITTING[kind]:
            (draft,) = act(reason.code, NOTE)
            assert (draft.kind, draft.reason) == (kind, reason.code)
        else:
            refusal(partial(act, reason.code, NOTE), ReasonNotValid, "reason")


@pytest.mark.parametrize("kind", FITTING)
@pytest.mark.parametrize("code", ["it_felt_right", "OTHER", " other", "\x00", "\ud800", "x" * 10_240])
def test_an_unknown_reason_is_refused(kind: str, code: str) -> None:
    refusal(lambda: asking(kind)(code, NOTE), ReasonNotValid, "reason")


@pytest.mark.parametrize("kind", FITTING)
def test_no_reason_at_all_is_refused(kind: str) -> None:
    refusal(lambda: asking(kind)("", NOTE), ReasonMissing, "reason")


@pytest.mark.parametrize("kind", [kind for kind, codes in FITTING.items() if "other" in codes])
@pytest.mark.parametrize(
    ("note", "enough"),
    [("x" * 19, False), ("x" * 20, True), (" " * 40, False), ("  " + "x" * 18 + "  ", False), ("", False)],
)
def test_other_explains_itself_in_twenty_characters(kind: str, note: str, enough: bool) -> None:
    if enough:
        assert asking(kind)("other", Words(note=note))[0].reason == "other"
    else:
        refusal(lambda: asking(kind)("other", Words(note=note)), NoteMissing, "note")


def test_a_retired_reason_is_refused_by_its_label() -> None:
    lead = at(COMMITTED)
    outbid = Reason("outbid", "Outbid", Group.COUNTERPARTY, frozenset({"deal_collapsed"}), retired=True)
    lead.rules = {"book": {"outbid": outbid}}
    refused = refusal(lambda: lead.decide(move(COMMITTED, QUALIFIED, reason="outbid")), ReasonNotValid, "reason")
    assert "“Outbid”" in refused.sentence


def test_a_reason_that_an_admin_added_is_as_good_as_ours() -> None:
    lead = at(COMMITTED)
    lead.rules = {"book": {"strike": Reason("strike", "Strike", Group.TIMING, frozenset({"deal_collapsed"}))}}
    assert lead.decide(move(COMMITTED, QUALIFIED, reason="strike"))[0].reason == "strike"


@pytest.mark.parametrize("pair", [(CONTACTING, QUALIFIED), (QUALIFIED, COMMITTED), (COMMITTED, IN_CONTRACT)])
def test_a_reason_where_none_belongs_is_refused(pair: tuple[State, State]) -> None:
    refusal(lambda: at(pair[0]).decide(move(*pair, reason="outbid")), ReasonNotValid, "reason")


# --- facts that move nothing --------------------------------------------------------------------------------


def test_assigning_to_the_holder_writes_nothing() -> None:
    assert at(NEW).decide(Assign(to_agent=ANA.id, reason=""), BRUNA) == []


def test_a_lead_may_go_back_to_the_pool() -> None:
    (draft,) = at(NEW).decide(Assign(to_agent=None, reason="returned_to_pool"))
    assert (draft.kind, draft.to_agent) == ("agent_assigned", None)


@pytest.mark.parametrize("flag", list(Flag))
def test_setting_a_flag_to_what_it_is_writes_nothing(flag: Flag) -> None:
    lead = at(QUALIFIED)
    assert lead.decide(ChangeFlag(flag=flag, on=False, reason=""), BRUNA) == []
    lead.flagged(flag)
    assert lead.decide(ChangeFlag(flag=flag, on=True, reason=""), BRUNA) == []
    (draft,) = lead.decide(ChangeFlag(flag=flag, on=False, reason="set_in_error"), BRUNA)
    assert (draft.kind, draft.flag) == ("flag_cleared", flag)


@pytest.mark.parametrize("flag", ["", "do_not_fax", "status", "\ud800", "x" * 10_240])
def test_an_unknown_flag_is_refused(flag: str) -> None:
    for on in (True, False):
        refusal(partial(at(NEW).decide, ChangeFlag(flag=flag, on=on, reason="legal")), BadInput, "flag")


@pytest.mark.parametrize("note", ["", "  \n "])
def test_an_empty_note_is_refused(note: str) -> None:
    refusal(lambda: at(NEW).decide(AddNote(words=Words(note=note))), NoteMissing, "note")


def test_changed_contact_data_names_the_fields_and_never_the_values() -> None:
    (draft,) = at(NEW).decide(ChangeContact(fields=("phone", "email")))
    assert draft.data == {"fields": ["email", "phone"]}
    assert at(NEW).decide(ChangeContact(fields=())) == []


def test_flags_outlive_every_change_of_state() -> None:
    lead = at(NEW).flagged("dnc").flagged("do_not_text")
    lead.called(override=True, words=NOTE).moved(QUALIFIED).moved(ARCHIVED).moved(CONTACTING)
    assert lead.state.dnc and lead.state.do_not_text and not lead.state.unsubscribed


# --- what Scribe owes ---------------------------------------------------------------------------------------


def tried(times: int, every_days: float = 1) -> Story:
    """A lead that was called so many times and never answered, the first time at once."""
    lead = Story().created()
    for _ in range(times):
        lead.called().wait(days=every_days)
    return lead


@pytest.mark.parametrize(
    ("days", "calls", "due"), [(21, 6, True), (21, 5, False), (20.99, 6, False), (400, 5, False), (400, 60, True)]
)
def test_a_silent_lead_is_archived_after_21_days_and_6_attempts(days: float, calls: int, due: bool) -> None:
    lead = tried(calls, every_days=0)
    lead.wait(days=days)
    wish = TimeOut(kind=Kind.TIMED_OUT_NO_RESPONSE)
    if due:
        (draft,) = lead.decide(wish, SCRIBE)
        assert (draft.kind, draft.to_status, draft.by_scribe) == ("timed_out_no_response", ARCHIVED, True)
    else:
        refusal(lambda: lead.decide(wish, SCRIBE), ThresholdNotReached)


def test_the_office_sets_the_thresholds() -> None:
    lead = tried(2, every_days=0).wait(days=3)
    lead.rules = {"no_response_days": 3, "no_response_attempts": 2}
    assert lead.decide(TimeOut(kind=Kind.TIMED_OUT_NO_RESPONSE), SCRIBE)


def test_an_answer_starts_the_waiting_anew() -> None:
    lead = tried(6, every_days=0).wait(days=20).called(direction="inbound", outcome="replied").wait(days=20)
    refusal(lambda: lead.decide(TimeOut(kind=Kind.TIMED_OUT_NO_RESPONSE), SCRIBE), ThresholdNotReached)


def test_attempts_before_a_re_engagement_do_not_count_again() -> None:
    lead = tried(6, every_days=0).moved(ARCHIVED).moved(CONTACTING).wait(days=30)
    assert lead.state.attempts == 0
    refusal(lambda: lead.decide(TimeOut(kind=Kind.TIMED_OUT_NO_RESPONSE), SCRIBE), ThresholdNotReached)


@pytest.mark.parametrize(("days", "due"), [(180, True), (179.99, False)])
def test_a_qualified_lead_without_progress_is_archived_after_180_days(days: float, due: bool) -> None:
    lead = Story().created().called().moved(QUALIFIED).wait(days=days)
    wish = TimeOut(kind=Kind.TIMED_OUT_NO_PROGRESS)
    if due:
        assert lead.decide(wish, SCRIBE)[0].kind == "timed_out_no_progress"
    else:
        refusal(lambda: lead.decide(wish, SCRIBE), ThresholdNotReached)


@pytest.mark.parametrize("start", [s for s in State if s not in (CONTACTING, QUALIFIED)])
@pytest.mark.parametrize("kind", [Kind.TIMED_OUT_NO_RESPONSE, Kind.TIMED_OUT_NO_PROGRESS])
def test_no_other_lead_times_out(start: State, kind: Kind) -> None:
    assert at(start).wait(days=4000).decide(TimeOut(kind=kind), SCRIBE) == []


def breach(lead: Story) -> list[Draft]:
    return lead.decide(DeclareBreach(), SCRIBE)


def test_a_first_contact_within_five_minutes_is_no_breach() -> None:
    lead = Story().created().wait(minutes=4, seconds=59).called().wait(hours=1)
    assert breach(lead) == []
    assert lead.state.first_contact_at == MONDAY + timedelta(minutes=4, seconds=59)


def test_the_clock_is_breached_after_five_minutes_and_not_before() -> None:
    lead = Story().created()
    assert breach(lead.wait(minutes=5)) == []
    (draft,) = breach(lead.wait(seconds=1))
    assert (draft.kind, draft.by_scribe, draft.data) == ("sla_breached", True, {"minutes": 5})
    assert draft.occurred_at == MONDAY + timedelta(minutes=5)


def test_a_breach_is_declared_once() -> None:
    lead = Story().created().wait(minutes=6)
    lead.do(DeclareBreach(), SCRIBE)
    assert breach(lead.wait(minutes=60)) == []


def test_a_call_logged_late_never_clears_a_breach() -> None:
    lead = Story().created().wait(minutes=6)
    lead.do(DeclareBreach(), SCRIBE)
    lead.called(occurred_at=MONDAY + timedelta(minutes=2))
    assert lead.state.sla_breached
    assert lead.state.first_contact_at == MONDAY + timedelta(minutes=2)


def test_a_late_first_contact_is_a_breach_even_when_nobody_looked_in_between() -> None:
    assert breach(Story().created().wait(minutes=9).called())


def test_corrected_contact_data_restarts_the_clock() -> None:
    lead = Story().created().wait(minutes=6)
    lead.do(DeclareBreach(), SCRIBE)
    lead.moved(TRASHED).wait(days=1).moved(NEW)
    assert (lead.state.sla_breached, lead.state.first_contact_at) == (False, None)
    assert lead.state.first_contact_due_at == lead.now + timedelta(minutes=5)
    assert breach(lead.wait(minutes=6))


def test_a_lead_trashed_in_time_owes_no_first_contact() -> None:
    assert breach(Story().created().wait(minutes=1).moved(TRASHED).wait(hours=1)) == []


# --- newer releases -----------------------------------------------------------------------------------------


def test_nobody_writes_on_top_of_a_fact_from_a_newer_release() -> None:
    lead = at(QUALIFIED)
    lead.facts.append(replace(lead.last, id=99, version=99, kind="lead_cloned", to_status="", from_status=""))
    assert lead.state.status == QUALIFIED
    for wish in (AddNote(words=NOTE), move(QUALIFIED, COMMITTED), contact()):
        refusal(partial(lead.decide, wish), NotUnderstood)
