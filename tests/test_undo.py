"""The button on the message of a move takes the move back; both rows stay, and what the rules refuse says why."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from leads.models import Lead, User
from lifecycle import service
from lifecycle.authority import VOID_WINDOW
from lifecycle.events import Kind, Source
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest
from tests.test_board import as_user
from tests.test_move_pages import BOARD, COLLAPSED, columns, drop, facts, submit
from tests.test_quick_call import tap

pytestmark = pytest.mark.django_db


def offered(answer: Any) -> dict[str, str]:
    """What the button on the newest message would send."""
    html = answer.content.decode()
    toast = html[html.index('hx-target="#toasts"') :]
    return dict(re.findall(r'type="hidden" name="(target|uuid)" value="([^"]*)"', toast))


def undo(user: User, lead: Lead, **values: Any) -> Any:
    return as_user(user).post(f"/leads/{lead.pk}/undo/", values, headers=BOARD)


def moved() -> tuple[Lead, dict[str, str]]:
    """Dana, whom Ana has just moved from Qualified to Committed, and what the message offers."""
    lead = LeadFactory.create(name="Dana", status=State.QUALIFIED, agent=ana())
    return lead, offered(submit(ana(), lead, "COMMITTED", document="agreement.pdf"))


def test_the_message_of_a_move_offers_to_undo_it_by_name_and_stays_half_a_minute() -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())

    html = drop(ana(), lead, "IN_CONTRACT").content.decode()

    assert 'aria-label="Undo: Dana moved to In contract"' in html and 'data-fades="30"' in html
    assert f'action="/leads/{lead.pk}/undo/"' in html
    assert str(newest(lead, Kind.CONTRACT_EXECUTED).uuid) in html


def test_ana_undoes_her_move_and_the_log_keeps_both_rows() -> None:
    lead, offer = moved()

    answer = undo(ana(), lead, **offer)

    lead.refresh_from_db()
    void = newest(lead)
    assert answer.status_code == 200 and columns(answer) >= {"QUALIFIED", "COMMITTED"}
    assert answer.content.decode().count("Undone: Dana is back in Qualified.") == 2, "The toast and the live region."
    assert "data-undo" not in answer.content.decode(), "An undo cannot be undone."
    assert lead.status == State.QUALIFIED
    assert (void.kind, void.reason, void.actor, void.source) == (Kind.MOVE_VOIDED, "mis_drag", ana(), Source.BOARD)
    assert void.target == newest(lead, Kind.BUYER_AGREEMENT_SIGNED)


def test_pressing_undo_twice_is_one_event_and_one_answer() -> None:
    lead, offer = moved()

    first, second = undo(ana(), lead, **offer), undo(ana(), lead, **offer)

    assert first.status_code == second.status_code == 200
    assert "Undone: Dana is back in Qualified." in second.content.decode()
    assert columns(second) >= {"QUALIFIED", "COMMITTED"}
    assert lead.events.filter(kind=Kind.MOVE_VOIDED).count() == 1


def test_the_message_of_a_form_that_came_twice_offers_the_same_move() -> None:
    lead = LeadFactory.create(status=State.NEW, agent=ana())
    form = {"uuid": str(uuid4()), "submitted": "1", "channel": "call", "outcome": "spoke"}

    first, second = (drop(ana(), lead, "CONTACTING", **form) for _ in range(2))

    assert offered(first)["target"] == offered(second)["target"] == str(newest(lead, Kind.CONTACT_ATTEMPTED).uuid)


def test_the_undo_of_a_logged_call_takes_scribes_move_back_and_keeps_the_call() -> None:
    lead = LeadFactory.create(name="Dana", agent=ana())

    answer = undo(ana(), lead, **offered(tap(ana(), lead, "no_answer")))

    lead.refresh_from_db()
    assert re.search(r"Undone: Dana is back in New. The call of \d+ \w+ stays in the history.", answer.content.decode())
    assert lead.status == State.NEW and lead.events.filter(kind=Kind.CONTACT_LOGGED).count() == 1
    assert newest(lead, Kind.MOVE_VOIDED).target.kind == Kind.CONTACT_ATTEMPTED


def test_a_move_that_bruna_made_since_stands_in_the_way_and_the_board_shows_it() -> None:
    lead, offer = moved()
    advance(lead, State.IN_CONTRACT, actor=bruna())
    before = facts(lead)

    answer = undo(ana(), lead, **offer)

    assert answer.status_code == 409 and "IN_CONTRACT" in columns(answer)
    said = "Dana stays in In contract. Bruna Barros moved Dana to In contract at "
    assert said in answer.content.decode() and ". Only the newest move can be undone;" in answer.content.decode()
    assert facts(lead) == before


def test_a_note_that_bruna_wrote_since_does_not() -> None:
    lead, offer = moved()
    service.add_note(lead_id=lead.pk, note="The lender called.", actor=bruna(), source=Source.PAGE)
    assert undo(ana(), lead, **offer).status_code == 200


def test_after_a_quarter_of_an_hour_only_bruna_undoes_anas_move() -> None:
    old = timezone.now() - VOID_WINDOW - timedelta(hours=2)
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=old - timedelta(days=1))
    advance(lead, State.COMMITTED, actor=ana(), now=old)
    target = str(newest(lead, Kind.BUYER_AGREEMENT_SIGNED).uuid)

    late, hers = undo(ana(), lead, target=target), undo(bruna(), lead, target=target)

    assert late.status_code == 403 and "You can undo your own move for 15 minutes." in late.content.decode()
    assert columns(late) >= {"COMMITTED"}
    assert hers.status_code == 200


def test_brunas_move_is_not_anas_to_undo() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    advance(lead, State.COMMITTED, actor=bruna())
    before = facts(lead)

    answer = undo(ana(), lead, target=str(newest(lead, Kind.BUYER_AGREEMENT_SIGNED).uuid))

    assert answer.status_code == 403 and "Only its author or a broker" in answer.content.decode()
    assert facts(lead) == before


@pytest.mark.parametrize("target", ["", "x", "7d8f6c1e-0b59-4c1e-9f0e-3a8f0a6f2b11"])
def test_a_target_that_is_no_move_of_this_lead_is_refused_with_a_sentence(target: str) -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())
    before = facts(lead)
    answer = undo(ana(), lead, target=target)
    assert answer.status_code in (409, 422) and "Dana stays in Committed." in answer.content.decode()
    assert facts(lead) == before


def test_bens_lead_does_not_exist_for_ana() -> None:
    lead = LeadFactory.create(name="Bens own", status=State.COMMITTED, agent=ben())
    target = str(newest(lead, Kind.BUYER_AGREEMENT_SIGNED).uuid)

    on_board = undo(ana(), lead, target=target)
    plain = as_user(ana()).post(f"/leads/{lead.pk}/undo/", {"target": target})

    assert on_board.status_code == plain.status_code == 404
    assert "no longer with you" in on_board.content.decode() and "Bens own" not in on_board.content.decode()
    assert newest(lead).kind != Kind.MOVE_VOIDED


def test_an_undo_is_only_posted() -> None:
    lead = LeadFactory.create(agent=ana())
    assert as_user(ana()).get(f"/leads/{lead.pk}/undo/").status_code == 405


def test_without_javascript_an_undo_leads_to_the_lead_and_a_refusal_to_its_sheet() -> None:
    lead, offer = moved()
    client = as_user(ana())

    done = client.post(f"/leads/{lead.pk}/undo/", offer)
    assert done.status_code == 302 and done.headers["Location"] == f"/leads/{lead.pk}/"
    assert newest(lead).source == Source.PAGE
    assert "Undone: Dana is back in Qualified." in client.get(f"/leads/{lead.pk}/").content.decode()

    again = client.post(f"/leads/{lead.pk}/undo/", {"target": offer["target"]})
    assert again.status_code == 409 and "Not undone" in again.content.decode()


def test_an_undone_archive_says_that_the_flag_which_came_with_it_stays() -> None:
    lead = LeadFactory.create(name="Dana", status=State.QUALIFIED, agent=ana())
    archived = submit(ana(), lead, "ARCHIVED", reason="requested_no_contact", also_dnc="lead_request_phone")

    html = undo(ana(), lead, **offered(archived)).content.decode()

    lead.refresh_from_db()
    assert "Undone: Dana is back in Qualified. “Do not contact” stays set." in html
    assert (lead.status, lead.dnc) == (State.QUALIFIED, True)


def test_the_undo_of_a_collapse_brings_the_card_back_to_committed() -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())
    answer = undo(ana(), lead, **offered(submit(ana(), lead, "QUALIFIED", **COLLAPSED)))
    lead.refresh_from_db()
    assert "Undone: Dana is back in Committed." in answer.content.decode() and lead.status == State.COMMITTED
