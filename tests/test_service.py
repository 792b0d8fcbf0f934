"""The one door: what it writes, what it refuses, and that a refusal leaves nothing behind."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from leads.models import Lead, User
from lifecycle import service
from lifecycle.errors import (
    BadInput,
    ClosedLead,
    IllegalMove,
    InputMissing,
    NoSuchLead,
    NoteMissing,
    NothingToCorrect,
    NothingToVoid,
    NotUnderstood,
    NotYours,
    ReasonNotValid,
    StaleVersion,
    TypedTime,
)
from lifecycle.events import Kind, Source
from lifecycle.horizon import ORDER_LOCK
from lifecycle.models import EventNote, LeadEvent, OfficeSettings, ReasonCode
from lifecycle.states import State
from lifecycle.transitions import between
from tests.factories import LeadFactory, ada, advance, ana, ben, bruna, needs, newest, otto
from tests.soundness import assert_sound, nothing_written
from tests.story import refusal
from tests.test_rules import BY_HAND, TARGETS

pytestmark = pytest.mark.django_db

NEW, CONTACTING, QUALIFIED, COMMITTED, IN_CONTRACT, CLOSED, ARCHIVED, TRASHED = State


def refused(act: Callable[[], object], error: Any, field: str | None = None) -> Any:
    """The refusal, after which nothing is different."""
    with nothing_written():
        return refusal(act, error, field)


def by(actor: User | None, lead: Lead | None = None, **more: Any) -> dict[str, Any]:
    """The arguments that every action takes."""
    common: dict[str, Any] = {"actor": actor, "source": Source.PAGE, **more}
    return common if lead is None else {**common, "lead_id": lead.pk}


# --- every pair of states -----------------------------------------------------------------------------------


@pytest.mark.parametrize("target", list(State))
@pytest.mark.parametrize("start", list(State))
def test_the_service_makes_the_moves_of_the_table_and_refuses_every_other(start: State, target: State) -> None:
    lead = LeadFactory.create(status=start, agent=ana())
    act = partial(service.move_lead, **by(ana(), lead), to=target, **needs(start, target))
    if start == target:
        with nothing_written():
            assert act().events == []
    elif (start, target) in BY_HAND:
        (event,) = act().events
        assert (event.kind, event.from_status, event.to_status) == (BY_HAND[start, target], start, target)
        assert (event.actor_id, event.actor_name, event.agent_id) == (ana().pk, "Ana Alvarez", ana().pk)
    elif (start, target) == (NEW, CONTACTING):
        refused(act, InputMissing, "contact")
    elif start == CLOSED:
        refused(act, ClosedLead)
    else:
        assert refused(act, IllegalMove, "to").details["legal"] == [s.value for s in TARGETS[start]]
    assert_sound(lead)


@pytest.mark.parametrize("start", list(State))
def test_an_illegal_move_is_refused_to_scribe_and_to_the_broker_alike(start: State) -> None:
    lead = LeadFactory.create(status=start)
    for target in State:
        if target != start and not between(start, target):
            for actor in (None, bruna(), ada()):
                with nothing_written(), pytest.raises((IllegalMove, NotYours)):
                    service.move_lead(**by(actor, lead), to=target, **needs(start, target))


# --- each action --------------------------------------------------------------------------------------------


def test_a_lead_comes_in_by_the_form_and_belongs_to_nobody() -> None:
    lead = LeadFactory.build(name="  Dana  ", email=" Dana@Example.com ", phone="")
    result = service.create_lead(lead=lead, inquiry="website", actor=None, source=Source.FORM)
    (event,) = result.events
    assert (event.kind, event.actor_id, event.actor_name) == ("lead_created", None, "")
    kept = Lead.objects.get(pk=lead.pk)
    assert (kept.name, kept.email, kept.email_normalised) == ("  Dana  ", "Dana@Example.com", "dana@example.com")
    assert (lead.status, lead.version, lead.agent_id) == (NEW, 1, None)
    assert_sound(lead)


def test_a_lead_that_called_on_sunday_came_in_on_sunday_and_is_told_of_on_monday() -> None:
    sunday, monday = datetime(2026, 3, 1, 15, 30, tzinfo=UTC), datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    lead = LeadFactory.build()
    common: dict[str, Any] = {**by(ana(), now=monday), "inquiry": "phone", "note": "She called my mobile."}
    created, assigned = service.create_lead(lead=lead, agent=ana(), occurred_at=sunday, **common).events
    assert [(e.occurred_at, e.recorded_at) for e in (created, assigned)] == [(sunday, monday)] * 2
    assert EventNote.objects.get(event=created).note == "She called my mobile."
    assert lead.created_at == lead.stage_entered_at == sunday
    assert_sound(lead)


def test_a_walk_in_is_anas_from_the_first_moment() -> None:
    lead = LeadFactory.create(agent=ana(), inquiry="walk_in")
    created, assigned = lead.events.order_by("version")
    assert (created.kind, created.agent_id) == ("lead_created", None)
    assert (assigned.kind, assigned.agent_id, assigned.to_agent_id) == ("agent_assigned", None, ana().pk)
    assert_sound(lead)


def test_a_lead_needs_a_name_and_a_way_to_reach_it() -> None:
    create = partial(service.create_lead, inquiry="phone", **by(ana()))
    refused(lambda: create(lead=LeadFactory.build(email="", phone="")), InputMissing, "email")
    refused(lambda: create(lead=LeadFactory.build(name=" \t ")), BadInput, "name")
    refused(lambda: create(lead=LeadFactory.build(email="dana at example")), BadInput, "email")
    refused(lambda: create(lead=LeadFactory.build(), agent=None, inquiry="billboard"), InputMissing, "inquiry")


def test_a_lead_comes_out_of_the_trash_with_a_reason_of_its_own_or_none() -> None:
    lead = LeadFactory.create(status=State.TRASHED, agent=ana())
    restore = partial(service.move_lead, **by(ana(), lead), to=NEW, contact={"phone": "+1 415 555 0123"})
    refused(partial(restore, reason="outbid"), ReasonNotValid, "reason")
    refused(partial(restore, reason="no_code_of_ours"), ReasonNotValid, "reason")
    assert restore().state.status == NEW


def test_the_first_call_and_what_scribe_makes_of_it_are_one_transaction() -> None:
    lead = LeadFactory.create(agent=ana())
    logged, moved = service.log_contact(
        **by(ana(), lead), channel="call", outcome="voicemail", note="Rang twice."
    ).events
    assert (logged.kind, logged.actor_id) == ("contact_logged", ana().pk)
    assert (moved.kind, moved.actor_id, moved.actor_name) == ("contact_attempted", None, "")
    assert (moved.caused_by_id, moved.recorded_at) == (logged.pk, logged.recorded_at)
    assert EventNote.objects.get(event=logged).note == "Rang twice."
    assert_sound(lead)


def test_a_contact_against_the_leads_wish_says_why() -> None:
    lead = LeadFactory.create(status=CONTACTING, agent=ana())
    service.set_flag(**by(ana(), lead), flag="dnc", reason="lead_request_phone")
    log = partial(service.log_contact, **by(ana(), lead), channel="call", outcome="spoke")
    refused(log, NoteMissing, "override_reason")
    log(override_reason="She asked for the closing papers.", note="Sent.")
    words = EventNote.objects.get(event=newest(lead))
    assert "She asked for the closing papers." in words.note and words.note.endswith("Sent.")
    assert_sound(lead)


def test_a_hand_over_keeps_who_held_the_lead_before() -> None:
    lead = LeadFactory.create(status=QUALIFIED, agent=ana())
    (event,) = service.assign_lead(**by(bruna(), lead), to_agent=ben(), reason="language_match").events
    assert (event.agent_id, event.to_agent_id, event.actor_id) == (ana().pk, ben().pk, bruna().pk)
    lead.refresh_from_db()
    assert lead.agent == ben()
    service.assign_lead(**by(ben(), lead), to_agent=None, reason="returned_to_pool")
    assert newest(lead).agent_id == ben().pk
    assert_sound(lead)


def test_nobody_hands_a_lead_to_somebody_who_left() -> None:
    lead = LeadFactory.create(agent=ana())
    refused(lambda: service.assign_lead(**by(bruna(), lead), to_agent=otto(), reason="territory"), BadInput, "to_agent")


def test_consent_is_closed_and_opened_again() -> None:
    lead = LeadFactory.create(agent=ana())
    flag: dict[str, Any] = {"flag": "unsubscribed"}
    service.set_flag(**by(None, lead), **flag, reason="unsubscribe_link")
    with nothing_written():
        assert service.set_flag(**by(ana(), lead), **flag, reason="unsubscribe_link").events == []
    clear = partial(service.clear_flag, **flag)
    refused(lambda: clear(**by(ana(), lead), reason="set_in_error"), NotYours, "reason")
    clear(**by(ana(), lead), reason="lead_reconsented", note="“Please send me listings again.”")
    lead.refresh_from_db()
    assert not lead.unsubscribed
    assert_sound(lead)


@pytest.mark.parametrize(
    ("kept", "changed"),
    [
        ({"email": "dana@example.com", "phone": ""}, {"name": "Dana O."}),
        ({"email": "dana@example.com", "phone": ""}, {"email": "dana@example.org"}),
        ({"email": "", "phone": "+1 415 555 0199"}, {"name": "Dana O."}),
        ({"email": "", "phone": "+1 415 555 0199"}, {"phone": "+1 415 555 0123"}),
        ({"email": "", "phone": "+1 415 555 0199"}, {"email": "dana@example.org", "phone": ""}),
    ],
)
def test_one_way_to_reach_a_lead_is_enough(kept: dict[str, str], changed: dict[str, str]) -> None:
    lead = LeadFactory.create(agent=ana(), **kept)
    (event,) = service.change_contact(**by(ana(), lead), fields=changed).events
    assert event.data == {"fields": sorted(changed)}
    fresh = Lead.objects.get(pk=lead.pk)
    assert {name: getattr(fresh, name) for name in changed} == changed


def test_changed_contact_data_live_on_the_lead_and_never_in_the_log() -> None:
    lead = LeadFactory.create(agent=ana())
    fields = {"name": "Ω Dana", "phone": "+1 415 555 0199", "email": lead.email}
    (event,) = service.change_contact(**by(ana(), lead), fields=fields).events
    assert event.data == {"fields": ["name", "phone"]}
    lead.refresh_from_db()
    assert (lead.name, lead.phone_e164) == ("Ω Dana", "+14155550199")
    with nothing_written():
        assert service.change_contact(**by(ana(), lead), fields=fields).events == []
    refused(
        lambda: service.change_contact(**by(ana(), lead), fields={"email": "", "phone": " "}), InputMissing, "email"
    )
    refused(lambda: service.change_contact(**by(ana(), lead), fields={"status": "CLOSED"}), BadInput, "contact")
    assert_sound(lead)


def test_the_log_holds_no_name_no_number_and_no_prose_of_a_lead() -> None:
    lead = LeadFactory.create(name="Xanthippe", email="xan@example.com", phone="+1 415 555 0123", agent=ana())
    service.log_contact(**by(ana(), lead), channel="call", outcome="spoke", note="Xanthippe says yes.")
    advance(lead, QUALIFIED, actor=ana())
    advance(lead, COMMITTED, actor=ana(), document="xanthippe.pdf")
    service.change_contact(**by(ana(), lead), fields={"name": "Xanthippe Q", "phone": "+1 415 555 0124"})
    said = " ".join(str(v) for row in lead.events.values_list() for v in row).lower()
    for secret in ("xanthippe", "xan@", "415 555", "4155550123", "4155550124", "says yes", ".pdf"):
        assert secret not in said


def test_corrected_contact_data_bring_a_lead_back_from_the_trash_in_one_fact() -> None:
    lead = LeadFactory.create(status=TRASHED, agent=ana())
    back = partial(service.move_lead, **by(ana(), lead), to=NEW)
    refused(back, InputMissing, "contact")
    refused(lambda: back(contact={"phone": lead.phone}), InputMissing, "contact")
    (event,) = back(contact={"phone": "+1 415 555 0111"}).events
    assert (event.kind, event.data["fields"]) == ("contact_info_updated", ["phone"])
    lead.refresh_from_db()
    assert (lead.status, lead.phone) == (NEW, "+1 415 555 0111")
    assert_sound(lead)


def test_editing_a_trashed_lead_moves_nothing() -> None:
    lead = LeadFactory.create(status=TRASHED, agent=ana())
    service.change_contact(**by(ana(), lead), fields={"phone": "+1 415 555 0111"})
    lead.refresh_from_db()
    assert lead.status == TRASHED


def test_a_duplicate_names_another_lead_than_itself() -> None:
    lead, other = LeadFactory.create(agent=ana()), LeadFactory.create()
    trash = partial(service.move_lead, **by(ana(), lead), to=TRASHED, reason="duplicate_of")
    refused(lambda: trash(duplicate_of=lead), InputMissing, "duplicate_of")
    assert trash(duplicate_of=other).events[0].data == {"duplicate_of": str(other.uuid)}


def test_the_words_of_a_move_are_kept_as_typed_beside_the_log() -> None:
    lead = LeadFactory.create(status=COMMITTED, agent=ana())
    note = "  Line one\r\n\tLine “two” – 🏡\n "
    (event,) = service.move_lead(**by(ana(), lead), to=QUALIFIED, reason="outbid", note=note).events
    assert EventNote.objects.get(event=event).note == note
    assert_sound(lead)


def test_ana_undoes_her_move_and_the_card_stands_where_it_stood() -> None:
    lead = LeadFactory.create(status=QUALIFIED, agent=ana())
    before = (lead.status, lead.stage_entered_at, lead.provenance)
    (moved,) = advance(lead, COMMITTED, actor=ana()).events
    (void,) = service.void_move(**by(ana(), lead), target=moved.uuid, reason="mis_drag").events
    lead.refresh_from_db()
    assert (lead.status, lead.stage_entered_at, lead.provenance) == before
    assert (void.target_id, void.from_status, void.to_status) == (moved.pk, COMMITTED, QUALIFIED)
    assert_sound(lead)
    refused(lambda: service.void_move(**by(bruna(), lead), target=moved.uuid, reason="mis_drag"), NothingToVoid)


def test_undoing_what_scribe_did_is_for_whoever_logged_the_call() -> None:
    lead = LeadFactory.create(agent=None)
    _, moved = service.log_contact(**by(ana(), lead), channel="call", outcome="no_answer").events
    undo = partial(service.void_move, target=moved.uuid, reason="wrong_lead")
    refused(lambda: undo(**by(ben(), lead)), NotYours)
    undo(**by(ana(), lead))
    lead.refresh_from_db()
    assert (lead.status, lead.attempts) == (NEW, 1)
    assert_sound(lead)


def test_a_move_of_another_lead_is_no_move_of_this_one() -> None:
    lead, other = LeadFactory.create(status=QUALIFIED), LeadFactory.create(status=QUALIFIED)
    target = newest(other).uuid
    refused(lambda: service.void_move(**by(bruna(), lead), target=target, reason="mis_drag"), NothingToVoid)
    refused(
        lambda: service.correct_reason(**by(bruna(), lead), target=target, reason="outbid", note="No."), ReasonNotValid
    )


def test_a_corrected_reason_stands_beside_the_old_one_and_on_the_card() -> None:
    lead = LeadFactory.create(status=COMMITTED, agent=ana())
    (collapse,) = advance(lead, QUALIFIED, actor=ana()).events
    correct = partial(service.correct_reason, **by(ana(), lead), target=collapse.uuid, note="It was the seller.")
    (event,) = correct(reason="offer_rejected").events
    assert (event.kind, event.target_id, event.reason) == ("reason_corrected", collapse.pk, "offer_rejected")
    lead.refresh_from_db()
    assert lead.provenance_reason == "offer_rejected"
    assert LeadEvent.objects.get(pk=collapse.pk).reason == "financing_affordability"
    with nothing_written():
        assert correct(reason="offer_rejected").events == []
    assert_sound(lead)


def test_a_typed_time_that_is_refused_says_which_fact_stands_in_the_way() -> None:
    lead: Any = LeadFactory.create(status=QUALIFIED, agent=ana())
    early = lead.last_occurred_at - timedelta(minutes=1)
    act = partial(service.move_lead, **by(ana(), lead), to=COMMITTED, document="a.pdf", occurred_at=early)
    assert "Ana Alvarez moved this lead to Qualified at" in refused(act, TypedTime, "occurred_at").sentence
    born = lead.created_at - timedelta(minutes=1)
    note = partial(service.add_note, **by(ana(), lead), note="Earlier.", occurred_at=born)
    assert "since" in refused(note, TypedTime, "occurred_at").sentence


# --- Scribe's rounds ----------------------------------------------------------------------------------------


def test_a_breach_is_recorded_once_however_often_scribe_looks() -> None:
    lead: Any = LeadFactory.create(agent=ana())
    due = lead.first_contact_due_at
    look = partial(service.declare_breach, lead_id=lead.pk, lead_uuid=lead.uuid, due=due)
    with nothing_written():
        assert look(now=due).events == []
    (event,) = look(now=due + timedelta(minutes=1)).events
    assert (event.kind, event.actor_id, event.data, event.occurred_at) == ("sla_breached", None, {"minutes": 5}, due)
    with nothing_written():
        assert look(now=due + timedelta(minutes=1)).replayed
        assert look(now=due + timedelta(days=1)).replayed
    assert_sound(lead)


def test_the_offices_own_numbers_rule() -> None:
    OfficeSettings.objects.update(sla_minutes=30, no_response_days=3, no_response_attempts=2)
    lead: Any = LeadFactory.create(agent=ana())
    assert lead.first_contact_due_at == lead.created_at + timedelta(minutes=30)
    for _ in range(2):
        service.log_contact(**by(ana(), lead), channel="call", outcome="no_answer")
    lead.refresh_from_db()
    due = lead.stage_entered_at + timedelta(days=3)
    kind = Kind.TIMED_OUT_NO_RESPONSE
    (event,) = service.time_out(lead_id=lead.pk, lead_uuid=lead.uuid, kind=kind, due=due, now=due).events
    assert (event.to_status, event.actor_id) == (ARCHIVED, None)
    with nothing_written():
        again = service.time_out(lead_id=lead.pk, lead_uuid=lead.uuid, kind=kind, due=due, now=due)
        assert again.replayed and again.events == [event]
    assert_sound(lead)


def test_a_retired_reason_is_refused_and_an_added_one_taken() -> None:
    lead = LeadFactory.create(status=COMMITTED, agent=ana())
    ReasonCode.objects.filter(code="outbid").update(retired=True)
    ReasonCode.objects.create(code="strike", label="Strike", group="timing", kinds=["deal_collapsed"])
    act = partial(service.move_lead, **by(ana(), lead), to=QUALIFIED, note="So it went.")
    refused(lambda: act(reason="outbid"), ReasonNotValid, "reason")
    assert act(reason="strike").events[0].reason == "strike"


# --- versions -----------------------------------------------------------------------------------------------


def test_whoever_saw_an_older_card_is_told_who_moved_it_when_and_to_where() -> None:
    lead = LeadFactory.create(status=QUALIFIED, agent=ana())
    seen = lead.version
    advance(lead, COMMITTED, actor=bruna(), now=timezone.now() - timedelta(minutes=3))
    act = partial(service.move_lead, **by(ana(), lead, expected_version=seen), to=COMMITTED, document="a.pdf")
    stale = refused(act, StaleVersion)
    assert stale.sentence == "Bruna Barros moved this lead to Committed 3 minutes ago. Your change was not saved."
    assert stale.details["who"] == "Bruna Barros"
    assert (stale.details["from_status"], stale.details["to_status"]) == (QUALIFIED, COMMITTED)
    assert stale.details["version"] == seen + 1


SECOND: dict[str, Callable[[dict[str, Any], Any], Any]] = {
    "added a note": lambda common, moved: service.add_note(**common, note="I was quicker."),
    "logged a contact": lambda common, moved: service.log_contact(**common, channel="call", outcome="spoke"),
    "set a flag": lambda common, moved: service.set_flag(**common, flag="dnc", reason="legal"),
    "handed this lead on": lambda common, moved: service.assign_lead(**common, to_agent=None, reason="territory"),
    "changed the contact data": lambda common, moved: service.change_contact(**common, fields={"name": "Dana W."}),
    "corrected a reason": lambda common, moved: service.correct_reason(
        **common, target=moved.uuid, reason="outbid", note="Another buyer paid more."
    ),
    "undid a move, back to Committed,": lambda common, moved: service.void_move(
        **common, target=moved.uuid, reason="mis_drag"
    ),
}
SINCE = {
    0: "just now",
    2: "2 seconds ago",
    60: "1 minute ago",
    7199: "1 hour ago",
    86_400: "1 day ago",
    172_800: "2 days ago",
}


@pytest.mark.parametrize(("did", "since"), list(itertools.zip_longest(SECOND, SINCE, fillvalue=0)))
def test_whoever_came_second_hears_in_one_sentence_who_did_what_and_when(did: str, since: int) -> None:
    lead = LeadFactory.create(status=COMMITTED, agent=ana())
    (moved,) = advance(lead, QUALIFIED, actor=ana()).events
    seen, now = lead.version, timezone.now()
    SECOND[did](by(bruna(), lead, now=now), moved)
    later = now + timedelta(seconds=since)
    act = partial(service.add_note, **by(bruna(), lead, expected_version=seen, now=later), note="Hello.")
    assert refused(act, StaleVersion).sentence == f"Bruna Barros {did} {SINCE[since]}. Your change was not saved."


def test_who_undoes_or_corrects_what_somebody_was_quicker_with_hears_who_and_when() -> None:
    lead = LeadFactory.create(status=COMMITTED, agent=ana(), begun=datetime(2025, 3, 2, 9, 0, tzinfo=UTC))
    noon = datetime(2025, 3, 4, 12, 5, tzinfo=UTC)
    (fell,) = advance(lead, QUALIFIED, actor=ana(), reason="cold_feet", now=noon).events
    again = partial(service.correct_reason, **by(bruna(), lead), target=fell.uuid, note="Read the file again.")
    again(reason="life_event", now=noon + timedelta(minutes=1))
    late = refused(partial(again, reason="outbid", saw="cold_feet", actor=ana()), StaleVersion)
    assert late.sentence == "Bruna Barros corrected this reason at 4 Mar 2025, 12:06 pm UTC. Yours was not saved."
    (moved,) = advance(lead, COMMITTED, actor=ana(), now=noon + timedelta(minutes=2)).events
    undo = partial(service.void_move, **by(bruna(), lead), reason="mis_drag")
    newer = refused(partial(undo, target=fell.uuid), NothingToVoid).sentence
    assert newer.startswith(f"Ana Alvarez moved {lead.name} to Committed at 4 Mar 2025, 12:07 pm UTC. Only the newest")
    undo(target=moved.uuid, now=noon + timedelta(minutes=3))
    undo(target=fell.uuid, now=noon + timedelta(minutes=4))
    for actor, who in ((bruna(), "You"), (ana(), "Bruna Barros")):
        gone = refused(partial(undo, target=moved.uuid, actor=actor), NothingToVoid)
        assert gone.sentence == f"{who} undid this move already, at 4 Mar 2025, 12:08 pm UTC."
    void = refused(partial(again, reason="outbid"), NothingToCorrect).sentence
    assert void.startswith("Bruna Barros undid this move at 4 Mar 2025, 12:09 pm UTC; it counts for nothing")


BEFORE_IT = "and this cannot have come before it. Choose a later time."


def test_a_time_that_is_too_early_names_the_fact_that_stands_in_the_way() -> None:
    lead = LeadFactory.create(status=COMMITTED, agent=ana(), begun=datetime(2025, 3, 2, 9, 0, tzinfo=UTC))
    noon = datetime(2025, 3, 4, 12, 5, tzinfo=UTC)
    early = partial(service.set_flag, flag="do_not_text", reason="legal", occurred_at=lead.created_at)
    said = f"at 4 Mar 2025, 12:05 pm UTC, {BEFORE_IT}"
    (moved,) = advance(lead, QUALIFIED, actor=ana(), now=noon).events
    sentence = refused(partial(early, **by(bruna(), lead)), TypedTime).sentence
    assert sentence == f"Ana Alvarez moved this lead to Qualified {said}"
    for act, deed in (
        (partial(service.set_flag, flag="dnc", reason="legal"), "set a flag"),
        (partial(service.clear_flag, flag="dnc", reason="set_in_error"), "cleared a flag"),
        (partial(service.assign_lead, to_agent=ben(), reason="territory"), "handed this lead on"),
        (partial(service.void_move, target=moved.uuid, reason="mis_drag"), "undid a move, back to Committed,"),
    ):
        act(**by(bruna(), lead, now=noon))
        assert refused(partial(early, **by(bruna(), lead)), TypedTime).sentence == f"Bruna Barros {deed} {said}"


def test_the_version_that_was_seen_lets_the_move_through() -> None:
    lead = LeadFactory.create(status=QUALIFIED, agent=ana())
    act = partial(service.move_lead, to=COMMITTED, document="a.pdf")
    assert act(**by(ana(), lead, expected_version=lead.version)).state.version == lead.version + 1


@pytest.mark.parametrize("version", [-1, -(2**70), 10_000, 2**31, 2**63, 2**70])
def test_a_version_that_never_was_is_refused(version: int) -> None:
    lead = LeadFactory.create(agent=ana())
    act = partial(service.add_note, **by(ana(), lead, expected_version=version), note="Hello.")
    refused(act, BadInput, "version")


@pytest.mark.parametrize("action", ["note", "contact", "flag", "assign", "contact data", "void", "correct"])
def test_every_action_heeds_the_version_that_its_caller_saw(action: str) -> None:
    lead = LeadFactory.create(status=COMMITTED, agent=ana())
    (moved,) = advance(lead, QUALIFIED, actor=ana()).events
    common = by(ana(), lead, expected_version=lead.version)
    service.add_note(**by(bruna(), lead), note="I was quicker.")
    acts: dict[str, Callable[[], Any]] = {
        "note": lambda: service.add_note(**common, note="Hello."),
        "contact": lambda: service.log_contact(**common, channel="call", outcome="spoke"),
        "flag": lambda: service.set_flag(**common, flag="dnc", reason="legal"),
        "assign": lambda: service.assign_lead(**common, to_agent=ben(), reason="territory"),
        "contact data": lambda: service.change_contact(**common, fields={"name": "Dana W."}),
        "void": lambda: service.void_move(**common, target=moved.uuid, reason="mis_drag"),
        "correct": lambda: service.correct_reason(**common, target=moved.uuid, reason="outbid", note="Seller."),
    }
    assert "Bruna Barros added a note" in refused(acts[action], StaleVersion).sentence


# --- strangers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lead_id", [0, -1, 987_654_321, 2**63 - 1, 2**63, -(2**63) - 1, 2**200])
def test_a_lead_that_does_not_exist(lead_id: int) -> None:
    refused(lambda: service.add_note(**by(ana()), lead_id=lead_id, note="Hello?"), NoSuchLead)


def test_ben_and_otto_do_nothing_with_anas_lead() -> None:
    lead = LeadFactory.create(status=QUALIFIED, agent=ana())
    for stranger in (ben(), otto()):
        for act in (
            partial(service.move_lead, **by(stranger, lead), to=COMMITTED, document="a.pdf"),
            partial(service.add_note, **by(stranger, lead), note="Mine."),
            partial(service.assign_lead, **by(stranger, lead), to_agent=stranger, reason="territory"),
        ):
            refused(act, NotYours)


def test_a_row_without_a_first_fact_takes_no_other() -> None:
    lead = LeadFactory.build()
    lead.save()
    for act in (
        partial(service.add_note, **by(bruna(), lead), note="Hello."),
        partial(service.move_lead, **by(bruna(), lead), to=CONTACTING),
        partial(service.log_contact, **by(bruna(), lead), channel="call", outcome="spoke"),
    ):
        refused(act, NoSuchLead)


def test_an_unknown_door_is_refused() -> None:
    lead = LeadFactory.create(agent=ana())
    refused(lambda: service.add_note(lead_id=lead.pk, actor=ana(), source="backdoor", note="Hi."), BadInput, "source")


def test_nobody_writes_on_top_of_a_fact_from_a_newer_release() -> None:
    lead = LeadFactory.create(status=QUALIFIED, agent=ana())
    LeadEvent.objects.create(
        lead=lead,
        version=lead.version + 1,
        kind="lead_cloned",
        source="page",
        occurred_at=timezone.now(),
        recorded_at=timezone.now(),
        hash="f" * 64,
    )
    Lead.objects.filter(pk=lead.pk).update(version=lead.version + 1, head_hash="f" * 64)
    seen = lead.version
    for common in (by(ana(), lead), by(ana(), lead, expected_version=seen)):
        refused(lambda common=common: service.add_note(**common, note="Hi."), NotUnderstood)  # type: ignore[misc]
    Lead.objects.filter(pk=lead.pk).update(rules_version=2)
    refused(lambda: service.move_lead(**by(ana(), lead), to=COMMITTED), NotUnderstood)


# --- the transaction ----------------------------------------------------------------------------------------


def test_what_the_caller_rolls_back_is_gone_with_it() -> None:
    lead = LeadFactory.create(agent=ana())
    with nothing_written(), transaction.atomic():
        service.add_note(**by(ana(), lead), note="Never mind.")
        transaction.set_rollback(True)


def test_a_writer_holds_the_order_lock_until_it_commits() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer; its order needs no lock.")
    lead = LeadFactory.create(agent=ana())
    service.add_note(**by(ana(), lead), note="Hello.")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
            " AND (classid::bigint << 32) + objid::bigint = %s",
            [ORDER_LOCK],
        )
        assert cursor.fetchall() == [("ShareLock",)]


def test_the_batch_and_the_door_are_written_down() -> None:
    lead, batch = LeadFactory.create(), uuid4()
    (event,) = service.assign_lead(
        lead_id=lead.pk, to_agent=ana(), reason="territory", actor=bruna(), source=Source.BULK, batch=batch
    ).events
    assert (event.batch, event.source) == (batch, "bulk")
    assert_sound(lead)


def test_a_stale_copy_of_a_lead_that_somebody_saves_puts_no_old_columns_back() -> None:
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana())
    stale = Lead.objects.get(pk=lead.pk)
    advance(lead, State.QUALIFIED, actor=ana())
    stale.phone = "+1 415 555 0188"
    stale.provenance = "re_engaged"
    stale.save()
    lead.refresh_from_db()
    assert (lead.status, lead.provenance, lead.phone_e164) == (State.QUALIFIED, "fresh", "+14155550188")
    assert_sound(lead)
