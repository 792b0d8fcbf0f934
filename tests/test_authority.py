"""Who may do what, judged by today's holder and role."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lifecycle.authority import authorise, authorise_import, reason_shown
from lifecycle.errors import NotYours, TooLate
from lifecycle.events import Words
from lifecycle.flags import HARD_FLAGS, Flag
from lifecycle.intents import (
    AddNote,
    Assign,
    ChangeContact,
    ChangeFlag,
    Create,
    DeclareBreach,
    Intent,
    Move,
    Person,
    TimeOut,
)
from lifecycle.states import State
from tests.story import ADA, ANA, BEN, BRUNA, NOTE, OTTO, SCRIBE, Story, at, contact, refusal

NEW, CONTACTING, QUALIFIED, COMMITTED, IN_CONTRACT, CLOSED, ARCHIVED, TRASHED = State

everyday = pytest.mark.parametrize(
    "wish",
    [
        Move(to=COMMITTED),
        contact(),
        AddNote(words=NOTE),
        ChangeFlag(flag="dnc", on=True, reason="legal"),
        ChangeFlag(flag="do_not_call", on=False, reason="set_in_error"),
        ChangeContact(fields=("phone",)),
        Assign(to_agent=ANA.id, reason="territory"),
        Assign(to_agent=None, reason="returned_to_pool"),
    ],
    ids=["move", "contact", "note", "set a flag", "clear a flag", "contact data", "to Ana", "to the pool"],
)
brokers = pytest.mark.parametrize("who", [BRUNA, ADA], ids=["Bruna", "Ada"])


def allowed(who: Person | None, lead: Story, wish: Intent) -> None:
    authorise(who, lead.state, wish)


def refused(who: Person | None, lead: Story, wish: Intent, field: str | None = None) -> None:
    refusal(lambda: authorise(who, lead.state, wish), NotYours, field)


# --- holders ------------------------------------------------------------------------------------------------


@everyday
def test_ana_works_her_own_lead(wish: Intent) -> None:
    allowed(ANA, at(QUALIFIED, agent=ANA), wish)


@everyday
def test_ana_works_a_lead_of_the_pool(wish: Intent) -> None:
    allowed(ANA, at(QUALIFIED, agent=None), wish)


@everyday
def test_ben_does_nothing_with_anas_lead(wish: Intent) -> None:
    refused(BEN, at(QUALIFIED, agent=ANA), wish)


@everyday
@brokers
def test_a_broker_and_an_admin_do_everything_with_every_lead(wish: Intent, who: Person) -> None:
    for agent in (ANA, BEN, None):
        allowed(who, at(QUALIFIED, agent=agent), wish)


@everyday
def test_otto_does_nothing_any_more_not_even_with_a_lead_that_he_still_holds(wish: Intent) -> None:
    lead = at(QUALIFIED, agent=ANA).assigned(OTTO)
    assert lead.state.agent == OTTO.id
    refused(OTTO, lead, wish)
    refused(OTTO, at(QUALIFIED, agent=None), wish)


def test_a_deactivated_broker_is_an_outsider_too() -> None:
    refused(Person(3, "Bruna Barros", "broker", active=False), at(QUALIFIED), AddNote(words=NOTE))


def test_otto_lets_no_lead_in() -> None:
    refused(OTTO, Story(), Create(inquiry="phone"))


def test_ana_loses_the_lead_with_its_handing_over_and_ben_gains_it() -> None:
    lead = at(QUALIFIED, agent=ANA).assigned(BEN)
    refused(ANA, lead, AddNote(words=NOTE))
    allowed(BEN, lead, AddNote(words=NOTE))


# --- assignments --------------------------------------------------------------------------------------------


def test_claiming_is_assigning_to_oneself() -> None:
    allowed(ANA, at(NEW, agent=None), Assign(to_agent=ANA.id, reason="territory"))


def test_ana_cannot_hand_a_lead_of_the_pool_to_ben() -> None:
    refused(ANA, at(NEW, agent=None), Assign(to_agent=BEN.id, reason="territory"), "to_agent")


def test_ana_may_hand_on_her_own_lead() -> None:
    allowed(ANA, at(NEW, agent=ANA), Assign(to_agent=BEN.id, reason="language_match"))


def test_ana_cannot_take_bens_lead() -> None:
    refused(ANA, at(NEW, agent=BEN), Assign(to_agent=ANA.id, reason="territory"))


@brokers
def test_a_broker_alone_reassigns_the_leads_of_others(who: Person) -> None:
    allowed(who, at(NEW, agent=BEN), Assign(to_agent=ANA.id, reason="territory"))


@brokers
def test_performance_is_a_brokers_reason(who: Person) -> None:
    wish = Assign(to_agent=BEN.id, reason="performance")
    allowed(who, at(NEW, agent=ANA), wish)
    refused(ANA, at(NEW, agent=ANA), wish, "reason")


def test_performance_is_read_by_brokers_only() -> None:
    assert reason_shown("performance", "agent_assigned", viewer_is_broker=True) == "performance"
    assert reason_shown("performance", "agent_assigned", viewer_is_broker=False) == ""
    assert reason_shown("territory", "agent_assigned", viewer_is_broker=False) == "territory"


def test_performance_is_neither_given_nor_taken_back_by_an_agents_correction() -> None:
    lead = at(NEW, agent=BEN)
    first = lead.assigned(ANA, reason="performance").last
    refused(ANA, lead, lead.correct(first, "territory"), "reason")
    second = lead.assigned(BEN, by=BRUNA).assigned(ANA, by=BRUNA).last
    refused(ANA, lead, lead.correct(second, "performance"), "reason")
    allowed(BRUNA, lead, lead.correct(second, "performance"))
    lead.corrected(first, "correction")
    allowed(ANA, lead, lead.correct(first, "territory"))


# --- flags --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("flag", list(Flag))
def test_ana_may_set_any_flag(flag: Flag) -> None:
    allowed(ANA, at(NEW), ChangeFlag(flag=flag, on=True, reason="lead_request_phone"))


@pytest.mark.parametrize("flag", sorted(set(Flag) - HARD_FLAGS))
def test_ana_may_clear_an_ordinary_flag(flag: Flag) -> None:
    allowed(ANA, at(NEW), ChangeFlag(flag=flag, on=False, reason="set_in_error"))


@pytest.mark.parametrize("flag", sorted(HARD_FLAGS))
@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("set_in_error", NOTE),
        ("address_corrected", NOTE),
        ("lead_reconsented", Words()),
        ("lead_reconsented", Words(note="  \n")),
        ("lead_reconsented", Words(document="consent.pdf")),
        ("", NOTE),
    ],
)
def test_ana_cannot_clear_a_hard_flag_without_the_leads_own_words(flag: Flag, reason: str, words: Words) -> None:
    refused(ANA, at(NEW).flagged(flag), ChangeFlag(flag=flag, on=False, reason=reason, words=words), "reason")


@pytest.mark.parametrize("flag", sorted(HARD_FLAGS))
def test_ana_clears_a_hard_flag_with_the_leads_own_words(flag: Flag) -> None:
    said = Words(note="“Yes, please do write to me again.”")
    allowed(ANA, at(NEW), ChangeFlag(flag=flag, on=False, reason="lead_reconsented", words=said))


@brokers
@pytest.mark.parametrize("flag", sorted(HARD_FLAGS))
def test_a_broker_clears_a_hard_flag(flag: Flag, who: Person) -> None:
    allowed(who, at(NEW), ChangeFlag(flag=flag, on=False, reason="set_in_error"))


def test_the_hard_flags_are_those_two() -> None:
    assert {str(f) for f in HARD_FLAGS} == {"dnc", "unsubscribed"}


# --- undoing ------------------------------------------------------------------------------------------------


def undo(lead: Story, who: Person, **later: Any) -> None:
    target = lead.last_move
    lead.wait(**later)
    lead.decide(lead.void(target), who)


@pytest.mark.parametrize("later", [{"minutes": 0}, {"minutes": 15}])
def test_the_author_undoes_a_move_within_fifteen_minutes(later: dict[str, float]) -> None:
    undo(at(QUALIFIED).moved(COMMITTED), ANA, **later)


def test_the_author_is_too_late_after_fifteen_minutes() -> None:
    lead = at(QUALIFIED).moved(COMMITTED)
    refused = refusal(lambda: undo(lead, ANA, minutes=15, seconds=1), TooLate)
    assert "broker" in refused.sentence


def test_the_window_counts_from_the_writing_and_not_from_a_typed_time() -> None:
    lead = at(QUALIFIED).wait(days=3)
    lead.moved(COMMITTED, occurred_at=lead.now - timedelta(days=2))
    undo(lead, ANA, minutes=10)


@brokers
def test_a_broker_undoes_a_move_any_time(who: Person) -> None:
    undo(at(QUALIFIED).moved(COMMITTED), who, days=400)


def test_ana_cannot_undo_the_brokers_move_on_her_lead() -> None:
    lead = at(QUALIFIED).moved(COMMITTED, by=BRUNA)
    refusal(lambda: undo(lead, ANA), NotYours)


def test_ana_cannot_undo_her_move_on_a_lead_that_is_bens_now() -> None:
    lead = at(QUALIFIED).moved(COMMITTED).assigned(BEN)
    refusal(lambda: undo(lead, ANA), NotYours)


def test_whoever_logged_the_call_may_undo_what_scribe_did_because_of_it() -> None:
    lead = at(NEW, agent=None).called(by=ANA)
    assert lead.last_move.actor_id is None
    undo(lead, ANA, minutes=5)
    refusal(lambda: undo(lead, BEN), NotYours)


def test_a_timeout_of_scribes_is_undone_by_a_broker_only() -> None:
    lead = at(QUALIFIED).wait(days=200)
    lead.do(TimeOut(kind="timed_out_no_progress"), SCRIBE)
    refusal(lambda: undo(lead, ANA), NotYours)
    undo(lead, BRUNA)


# --- Scribe -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [ANA, BRUNA, ADA], ids=lambda p: p.name)
def test_a_person_never_records_what_follows_from_the_rules(who: Person) -> None:
    for wish in (DeclareBreach(), TimeOut(kind="timed_out_no_response")):
        refused(who, at(CONTACTING), wish)


def test_scribe_never_judges_and_never_writes_prose() -> None:
    lead = at(COMMITTED)
    for wish in (
        AddNote(words=NOTE),
        Assign(to_agent=BEN.id, reason="sla_breach"),
        ChangeFlag(flag="do_not_email", on=False, reason="address_corrected"),
        Move(to=QUALIFIED, reason="outbid", words=NOTE),
        Move(to=IN_CONTRACT),
        Move(to=CLOSED),
        Move(to=COMMITTED),
        lead.void(lead.last_move),
        lead.correct(lead.last_move, "outbid"),
    ):
        refused(SCRIBE, lead, wish)


def test_scribe_writes_what_follows_from_a_bounce_a_form_and_a_visit() -> None:
    lead = at(CONTACTING)
    for wish in (
        Create(inquiry="website"),
        ChangeFlag(flag="do_not_email", on=True, reason="hard_bounce"),
        Move(to=TRASHED, reason="email_bounced"),
        Move(to=CONTACTING, reason="site_activity"),
        Move(to=NEW, contact_fields=("email",)),
        contact(direction="inbound"),
        DeclareBreach(),
    ):
        allowed(SCRIBE, lead, wish)


def test_ana_lets_a_new_lead_in_for_herself_or_the_pool_and_bruna_for_anybody() -> None:
    for agent in (None, ANA.id):
        authorise(ANA, Story().state, Create(inquiry="phone", agent=agent))
    given = refusal(lambda: authorise(ANA, Story().state, Create(inquiry="phone", agent=BEN.id)), NotYours, "agent")
    assert given.sentence == "A new lead is yours or the pool's; a broker gives it to others."
    authorise(BRUNA, Story().state, Create(inquiry="phone", agent=BEN.id))


def test_a_broker_who_left_brings_no_leads_in_and_an_agent_asks_hers() -> None:
    gone = refusal(lambda: authorise_import(replace(BRUNA, active=False)), NotYours)
    assert gone.sentence == "This account is deactivated. Ask your admin."
    assert "for brokers" in refusal(lambda: authorise_import(ANA), NotYours).sentence
    authorise_import(BRUNA)
    authorise_import(None)
