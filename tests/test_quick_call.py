"""A call logged with one tap from the sheet of a card: it is a fact, whatever a colleague did meanwhile."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.flags import Flag
from lifecycle.states import State
from tests.factories import LeadFactory, ana, ben, bruna, newest
from tests.test_board import as_user
from tests.test_move_pages import BOARD, columns, facts

pytestmark = pytest.mark.django_db


def tap(user: User, lead: Lead, outcome: str, **more: Any) -> Any:
    """A button of the sheet over the board."""
    return as_user(user).post(f"/leads/{lead.pk}/call/", {"outcome": outcome, **more}, headers=BOARD)


def sheet(user: User, lead: Lead) -> str:
    return as_user(user).get(f"/leads/{lead.pk}/move/", headers=BOARD).content.decode()


def flagged(flag: Flag) -> Lead:
    lead = LeadFactory.create(name="Dana", phone="+1 510 555 0134", agent=ana())
    service.set_flag(lead_id=lead.pk, flag=flag, reason="lead_request_phone", actor=ana(), source=Source.PAGE)
    lead.refresh_from_db()
    return lead


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("spoke", "Call logged: you spoke."),
        ("no_answer", "Call logged: no answer."),
        ("voicemail", "Call logged: left a voicemail."),
        ("wrong_number", "Call logged: wrong number."),
    ],
)
def test_one_tap_logs_anas_call_and_scribe_moves_the_new_lead(outcome: str, said: str) -> None:
    lead = LeadFactory.create(name="Dana", agent=ana())

    answer = tap(ana(), lead, outcome)

    call, move = newest(lead, Kind.CONTACT_LOGGED), newest(lead, Kind.CONTACT_ATTEMPTED)
    assert answer.status_code == 200 and columns(answer) >= {"NEW", "CONTACTING"}
    assert answer.content.decode().count(f"{said} Dana moved to Contacting.") == 2, "The toast and the live region."
    assert (call.actor, call.source) == (ana(), Source.BOARD)
    assert call.data == {"channel": "call", "direction": "outbound", "outcome": outcome}
    assert move.actor is None and move.caused_by == call


def test_a_call_to_a_lead_that_is_further_moves_nothing_and_offers_no_undo() -> None:
    lead = LeadFactory.create(name="Dana", status=State.QUALIFIED, agent=ana())

    html = tap(ana(), lead, "spoke").content.decode()

    lead.refresh_from_db()
    assert "Call logged: you spoke." in html and "moved to" not in html and "data-undo" not in html
    assert lead.status == State.QUALIFIED


def test_brunas_note_meanwhile_does_not_make_anas_call_untrue() -> None:
    lead = LeadFactory.create(agent=ana())
    service.add_note(lead_id=lead.pk, note="Prefers mornings.", actor=bruna(), source=Source.PAGE)

    assert tap(ana(), lead, "no_answer", version=lead.version).status_code == 200
    assert newest(lead, Kind.CONTACT_LOGGED).actor == ana()


def test_two_taps_of_one_sheet_are_one_call() -> None:
    lead = LeadFactory.create(name="Dana", agent=ana())
    key = str(uuid4())

    first, again = tap(ana(), lead, "spoke", uuid=key), tap(ana(), lead, "spoke", uuid=key)
    other = tap(ana(), lead, "voicemail", uuid=key)

    assert first.status_code == again.status_code == 200 and other.status_code == 409
    assert "Dana moved to Contacting." in again.content.decode() and "data-undo" in again.content.decode()
    assert lead.events.filter(kind=Kind.CONTACT_LOGGED).count() == 1


@pytest.mark.parametrize("outcome", ["", "met", "sent", "SPOKE", "a\x00b"])
def test_an_outcome_that_no_call_has_is_refused_with_a_sentence(outcome: str) -> None:
    lead = LeadFactory.create(agent=ana())
    before = facts(lead)

    answer = tap(ana(), lead, outcome)

    assert answer.status_code == 422 and "Choose what came of the call." in answer.content.decode()
    assert columns(answer) >= {"NEW"} and facts(lead) == before


def test_a_damaged_key_of_the_sheet_is_refused() -> None:
    lead = LeadFactory.create(agent=ana())
    answer = tap(ana(), lead, "spoke", uuid="x")
    assert answer.status_code == 422 and "This form is damaged." in answer.content.decode()


@pytest.mark.parametrize(
    ("flag", "why"),
    [(Flag.DNC, "asked not to be contacted"), (Flag.DO_NOT_CALL, "“Do not call” is set.")],
)
def test_a_lead_that_must_not_be_called_has_no_quick_buttons_and_the_server_refuses_too(flag: Flag, why: str) -> None:
    lead = flagged(flag)
    before = facts(lead)

    html = sheet(ana(), lead)
    refused = tap(ana(), lead, "spoke")

    assert why in html and f"/leads/{lead.pk}/?open=contact" in html
    assert 'name="outcome"' not in html and "tel:" not in html
    assert refused.status_code == 422 and why in refused.content.decode()
    assert facts(lead) == before


def test_a_lead_that_only_wants_no_mail_may_be_called() -> None:
    assert tap(ana(), flagged(Flag.UNSUBSCRIBED), "spoke").status_code == 200


@pytest.mark.parametrize(
    ("phone", "link", "shown"),
    [
        ("510 555 0134", "tel:+15105550134", "(510) 555-0134"),
        ("+44 20 7946 0123", "tel:+442079460123", "+44 20 7946 0123"),
    ],
)
def test_the_sheet_dials_the_number_as_people_write_it(phone: str, link: str, shown: str) -> None:
    html = sheet(ana(), LeadFactory.create(phone=phone, agent=ana()))
    assert f'href="{link}"' in html and f"Call <bdi>{shown}</bdi>" in html


@pytest.mark.parametrize("phone", ["", "ask the neighbour"])
def test_without_a_number_the_sheet_dials_nothing_and_still_logs(phone: str) -> None:
    html = sheet(ana(), LeadFactory.create(phone=phone, agent=ana()))
    assert "tel:" not in html and 'value="voicemail"' in html


def test_bens_lead_does_not_exist_for_ana() -> None:
    lead = LeadFactory.create(name="Bens own", agent=ben())
    before = facts(lead)

    on_board, plain = tap(ana(), lead, "spoke"), as_user(ana()).post(f"/leads/{lead.pk}/call/", {"outcome": "spoke"})

    assert on_board.status_code == plain.status_code == 404
    assert "no longer with you" in on_board.content.decode() and "Bens own" not in on_board.content.decode()
    assert facts(lead) == before


def test_a_call_is_only_posted() -> None:
    lead = LeadFactory.create(agent=ana())
    assert as_user(ana()).get(f"/leads/{lead.pk}/call/").status_code == 405


def test_without_javascript_the_sheet_is_a_page_that_logs_and_leads_back() -> None:
    lead = LeadFactory.create(name="Dana", agent=ana())
    client: Client = as_user(ana())

    html = client.get(f"/leads/{lead.pk}/move/", {"next": "/?mine=true"}).content.decode()
    form = html[html.index('<form class="outcomes"') :]
    hidden = dict(re.findall(r'type="hidden" name="(uuid|next)" value="([^"]*)"', form[: form.index("</form>")]))
    answer = client.post(f"/leads/{lead.pk}/call/", {**hidden, "outcome": "no_answer"})

    assert answer.status_code == 302 and answer.headers["Location"] == "/?mine=true"
    assert "Call logged: no answer. Dana moved to Contacting." in client.get("/").content.decode()
    assert newest(lead, Kind.CONTACT_LOGGED).source == Source.PAGE


def test_without_javascript_a_refusal_is_the_sheet_with_the_sentence() -> None:
    lead = LeadFactory.create(agent=ana())
    answer = as_user(ana()).post(f"/leads/{lead.pk}/call/", {"outcome": "met"})
    html = answer.content.decode()
    assert answer.status_code == 422 and "<!doctype html>" in html
    assert "Not logged" in html and "Choose what came of the call." in html
