"""Moving a lead over HTTP: by drop, by dialog, by plain form. What is refused says why and writes nothing."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from leads.models import Lead, User
from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Kind, Source
from lifecycle.flags import Flag
from lifecycle.models import LeadEvent
from lifecycle.states import State
from lifecycle.transitions import legal_targets, must_ask
from tests.factories import LeadFactory, ana, ben, bruna, newest
from tests.test_board import as_user

pytestmark = pytest.mark.django_db

BOARD = {"HX-Request": "true", "HX-Current-URL": "http://testserver/"}
COLLAPSED = {"reason": "outbid", "note": "Another buyer paid 30,000 more."}


def url(lead: Lead) -> str:
    return f"/leads/{lead.pk}/move/"


def drop(user: User, lead: Lead, to: str, **more: Any) -> Any:
    """A card dropped on a column: what the board's script sends."""
    values = {"to": to, "from": lead.status, "version": lead.version, **more}
    return as_user(user).post(url(lead), values, headers=BOARD)


def submit(user: User, lead: Lead, to: str, **typed: Any) -> Any:
    """The dialog over the board, filled in and sent."""
    return drop(user, lead, to, submitted="1", uuid=str(uuid4()), **typed)


def columns(response: Any) -> set[str]:
    return set(re.findall(r'hx-target="#column-(\w+)"', response.content.decode()))


def facts(lead: Lead) -> int:
    return LeadEvent.objects.filter(lead=lead).count()


# ---- a drop


def test_a_drop_that_needs_nothing_moves_and_brings_both_columns() -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())

    response = drop(ana(), lead, "IN_CONTRACT")

    assert response.status_code == 200
    assert columns(response) >= {"COMMITTED", "IN_CONTRACT"}
    assert "Dana moved to In contract." in response.content.decode()
    assert newest(lead).source == Source.BOARD


def test_a_drop_that_needs_an_answer_asks_and_writes_nothing() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    before = facts(lead)

    response = drop(ana(), lead, "QUALIFIED")

    assert response.status_code == 200
    assert 'hx-target="#dialog"' in response.content.decode() and not columns(response)
    assert facts(lead) == before


@pytest.mark.parametrize(
    ("at", "to"), [(s, t) for s in State for t in legal_targets(s) if must_ask(s, t)], ids=lambda s: str(s)
)
def test_every_move_that_asks_shows_its_form_and_writes_nothing(at: State, to: State) -> None:
    lead = LeadFactory.create(status=at, agent=ana())
    before = facts(lead)

    asked = drop(ana(), lead, to.value)
    page = as_user(ana()).get(url(lead), {"to": to.value})

    assert asked.status_code == page.status_code == 200
    assert 'name="submitted" value="1"' in asked.content.decode()
    assert "<!doctype html>" in page.content.decode()
    assert facts(lead) == before


@pytest.mark.parametrize(
    ("at", "to"),
    [(s, t) for s in State for t in State if s != t and t not in legal_targets(s)],
    ids=lambda s: str(s),
)
def test_every_illegal_pair_is_refused_by_drop_by_form_and_by_menu(at: State, to: State) -> None:
    lead = LeadFactory.create(status=at, agent=ana())
    before = facts(lead)

    dropped = drop(ana(), lead, to.value, **COLLAPSED)
    plain = as_user(ana()).post(url(lead), {"to": to.value, "version": lead.version, "submitted": "1", **COLLAPSED})
    menu = as_user(ana()).get(url(lead), {"to": to.value})

    assert (dropped.status_code, plain.status_code, menu.status_code) == (422, 422, 422)
    assert at.value in columns(dropped), "The answer must carry the column in which the card truly is."
    assert facts(lead) == before


def test_a_demotion_without_a_reason_or_without_a_note_is_refused_and_keeps_what_was_typed() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    before = facts(lead)

    nothing = submit(ana(), lead, "QUALIFIED", note="The bank called.")
    no_note = submit(ana(), lead, "QUALIFIED", reason="outbid")

    assert nothing.status_code == no_note.status_code == 422
    assert "Choose a reason" in nothing.content.decode() and "The bank called." in nothing.content.decode()
    assert 'value="outbid" checked' in no_note.content.decode()
    assert facts(lead) == before


def test_a_demotion_with_reason_and_note_is_recorded_with_both() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())

    response = submit(ana(), lead, "QUALIFIED", **COLLAPSED)

    fact = newest(lead, Kind.DEAL_COLLAPSED)
    assert response.status_code == 200
    assert (fact.reason, fact.words.note) == ("outbid", COLLAPSED["note"])


def test_a_reason_of_another_move_is_refused() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    response = submit(ana(), lead, "QUALIFIED", reason="invalid_phone", note="It is dead.")
    assert response.status_code == 422 and "does not belong here" in response.content.decode()


def test_the_same_form_sent_twice_is_one_event_and_one_answer() -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())
    form = {"uuid": str(uuid4()), "submitted": "1", **COLLAPSED}

    first, second = drop(ana(), lead, "QUALIFIED", **form), drop(ana(), lead, "QUALIFIED", **form)

    assert first.status_code == second.status_code == 200
    assert "Dana moved to Qualified." in second.content.decode()
    assert lead.events.filter(kind=Kind.DEAL_COLLAPSED).count() == 1


def test_dropping_in_place_writes_nothing() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    before = facts(lead)
    assert drop(ana(), lead, "QUALIFIED").status_code == 200
    assert facts(lead) == before


# ---- somebody was faster


def test_a_stale_card_is_a_409_with_the_truth_and_who_did_it() -> None:
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana())
    service.move_lead(lead_id=lead.pk, to="QUALIFIED", note="Spoke.", actor=bruna(), source=Source.PAGE)
    before = facts(lead)

    response = drop(ana(), lead, "TRASHED")

    assert response.status_code == 409
    assert "Bruna Barros moved this lead to Qualified" in response.content.decode()
    assert {"CONTACTING", "QUALIFIED", "TRASHED"} <= columns(response)
    assert facts(lead) == before


def test_a_note_by_a_colleague_meanwhile_keeps_what_was_typed_in_the_dialog() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    service.add_note(lead_id=lead.pk, note="Lender called.", actor=bruna(), source=Source.PAGE)

    refused = submit(ana(), lead, "QUALIFIED", **COLLAPSED)
    html = refused.content.decode()
    lead.refresh_from_db()

    assert refused.status_code == 409
    assert "Bruna Barros added a note" in html and COLLAPSED["note"] in html
    assert f'name="version" value="{lead.version}"' in html
    assert submit(ana(), lead, "QUALIFIED", **COLLAPSED).status_code == 200


WORDS = {"document": "agreement.pdf", "note": "Signed at the kitchen table."}


def test_anas_two_tabs_with_the_same_target_keep_the_words_of_the_second() -> None:
    lead = LeadFactory.create(name="Dana", status=State.QUALIFIED, agent=ana())
    seen = lead.version
    service.move_lead(lead_id=lead.pk, to="COMMITTED", actor=bruna(), source=Source.PAGE)
    before = facts(lead)

    answer = submit(ana(), lead, "COMMITTED", version=seen, **WORDS)

    html = answer.content.decode()
    assert answer.status_code == 409 and 'hx-target="#dialog"' in html
    assert "Bruna Barros moved this lead to Committed" in html
    assert WORDS["note"] in html and WORDS["document"] in html and "Save as a note" in html
    assert facts(lead) == before
    # The button is a plain form to the lead's own address for notes.
    action = re.search(r'<form class="form kept-words" method="post" action="([^"]+)"', html)
    assert action and as_user(ana()).post(action[1], WORDS).status_code == 302
    assert newest(lead).words.note == WORDS["note"]


def test_anas_words_stay_when_the_lead_went_somewhere_else_meanwhile() -> None:
    lead = LeadFactory.create(name="Dana", status=State.QUALIFIED, agent=ana())
    seen = lead.version
    service.move_lead(lead_id=lead.pk, to="ARCHIVED", reason="unresponsive", actor=bruna(), source=Source.PAGE)

    answer = submit(ana(), lead, "COMMITTED", version=seen, **WORDS)

    html = answer.content.decode()
    assert answer.status_code == 409 and WORDS["note"] in html
    assert "Bruna Barros moved this lead to Archived" in html


def test_anas_words_in_the_dialog_stay_when_the_lead_was_given_to_ben() -> None:
    lead = LeadFactory.create(name="Bens own", status=State.QUALIFIED, agent=ben())
    answer = submit(ana(), lead, "COMMITTED", **WORDS)
    html = answer.content.decode()
    assert answer.status_code == 404
    assert "This lead is with somebody else now; your note was not saved. Your words:" in html
    assert WORDS["note"] in html and "Save as a note" not in html and "Bens own" not in html


def test_no_field_of_a_move_cuts_what_ana_pastes_and_the_server_says_what_fits() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    html = as_user(ana()).get(url(lead), {"to": "COMMITTED"}).content.decode()
    form = html[html.index('id="move-form"') :]
    for field in ("note", "document"):
        tag = re.search(rf'<(?:textarea|input)[^>]*name="{field}"[^>]*>', form)
        assert tag and "maxlength" not in tag[0]
    for field in ("note", "document"):
        answer = submit(ana(), lead, "COMMITTED", **{field: "x" * 10_240})
        assert answer.status_code == 422 and "x" * 10_240 in answer.content.decode()
        assert "This is too long: 10240 characters, and 5000 fit." in answer.content.decode()


def test_the_lead_that_is_repeated_is_asked_right_below_its_reason() -> None:
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana())
    html = as_user(ana()).get(url(lead), {"to": "TRASHED"}).content.decode()
    after = html[html.index('value="duplicate_of"') :]
    assert (
        after.index('name="duplicate_of"') < (after + 'value="').index('type="radio"', 1) or 'type="radio"' not in after
    )
    assert html.count('name="duplicate_of"') == 1


@pytest.mark.parametrize("version", ["", "-1", "x", "1.5", "99", "9" * 30, "²"])
def test_a_version_that_cannot_be_read_is_refused_with_a_sentence(version: str) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    before = facts(lead)

    response = drop(ana(), lead, "IN_CONTRACT", version=version)

    assert response.status_code == 422
    assert "oad" in response.content.decode() and "COMMITTED" in columns(response)
    assert facts(lead) == before


def test_a_move_without_any_version_is_refused() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    response = as_user(ana()).post(url(lead), {"to": "IN_CONTRACT"})
    assert response.status_code == 422 and "which version" in response.content.decode()


@pytest.mark.parametrize("to", ["", "LIMBO", "new", "CLOSED ", "\ud83d".encode("utf-8", "surrogatepass")])
def test_a_stage_that_does_not_exist_is_refused_with_a_sentence(to: Any) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    response = drop(ana(), lead, to)
    assert response.status_code == 422 and "There is no such stage" in response.content.decode()


@pytest.mark.parametrize("uuid", ["x", "0", "-" * 36])
def test_a_damaged_key_of_a_form_is_refused(uuid: str) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    assert drop(ana(), lead, "IN_CONTRACT", uuid=uuid).status_code == 422


# ---- who may


def test_bens_lead_does_not_exist_for_ana() -> None:
    lead = LeadFactory.create(name="Bens own", status=State.COMMITTED, agent=ben())
    client = as_user(ana())

    assert client.get(url(lead)).status_code == 404
    assert client.post(url(lead), {"to": "IN_CONTRACT", "version": lead.version}).status_code == 404
    assert client.get(f"/leads/{2**70}/move/").status_code == 404


def test_a_card_of_a_lead_that_was_handed_away_goes_from_the_board_with_a_sentence() -> None:
    lead = LeadFactory.create(name="Bens own", status=State.COMMITTED, agent=ben())
    response = drop(ana(), lead, "IN_CONTRACT")
    assert response.status_code == 404
    assert "no longer with you" in response.content.decode()
    assert columns(response) == {s.value for s in State} and "Bens own" not in response.content.decode()


def test_an_expired_session_sends_the_page_to_the_login_and_puts_none_into_a_card() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    response = Client().post(url(lead), {"to": "IN_CONTRACT"}, headers=BOARD)
    assert response.headers["HX-Redirect"].startswith("/accounts/login/") and not response.content


# ---- without JavaScript


def test_the_menu_lists_where_the_lead_may_go_and_why_not_elsewhere() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())

    html = as_user(ana()).get(url(lead)).content.decode()

    assert "?to=QUALIFIED" in html and "<b>In contract</b>" in html
    assert "record why the deal collapsed" in html


def test_a_plain_form_moves_and_leads_back_where_it_came_from() -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())
    client = as_user(ana())

    html = client.get(url(lead), {"to": "QUALIFIED", "next": f"/leads/{lead.pk}/"}).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))
    del hidden["csrfmiddlewaretoken"]
    response = client.post(url(lead), {**hidden, **COLLAPSED})

    assert response.status_code == 302 and response.headers["Location"] == f"/leads/{lead.pk}/"
    assert newest(lead).source == Source.PAGE


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"])
def test_the_way_back_never_leaves_the_house(away: str) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    response = as_user(ana()).post(url(lead), {"to": "IN_CONTRACT", "version": lead.version, "next": away})
    assert response.headers["Location"] == "/"


def test_a_move_in_the_dialog_of_the_lead_page_draws_that_page_anew() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    there = f"/leads/{lead.pk}/"
    response = as_user(ana()).post(
        url(lead),
        {"to": "IN_CONTRACT", "version": lead.version},
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{there}"},
    )
    html = response.content.decode()
    assert response.status_code == 200 and "<html" not in html and 'hx-target="#lead-head"' in html
    assert '<span class="stage stage-in_contract"' in html and 'hx-target="#dialog" hx-swap="innerHTML"></hx' in html


# ---- what each form asks


def test_the_first_contact_is_logged_by_the_agent_and_moved_by_scribe() -> None:
    lead = LeadFactory.create(agent=ana())

    response = submit(ana(), lead, "CONTACTING", channel="call", outcome="voicemail", note="Left my number.")

    lead.refresh_from_db()
    logged = newest(lead, Kind.CONTACT_LOGGED)
    assert response.status_code == 200 and lead.status == State.CONTACTING
    assert logged.actor == ana() and logged.words.note == "Left my number."
    assert newest(lead, Kind.CONTACT_ATTEMPTED).actor is None


def test_a_contact_without_an_outcome_is_asked_for_it() -> None:
    lead = LeadFactory.create(agent=ana())
    response = submit(ana(), lead, "CONTACTING", channel="call")
    assert response.status_code == 422 and "Choose the outcome" in response.content.decode()


def test_contacting_a_lead_that_asked_not_to_be_needs_a_reason() -> None:
    lead = LeadFactory.create(agent=ana())
    service.set_flag(lead_id=lead.pk, flag=Flag.DNC, reason="lead_request_phone", actor=ana(), source=Source.PAGE)
    lead.refresh_from_db()

    refused = submit(ana(), lead, "CONTACTING", channel="call", outcome="spoke")
    accepted = submit(ana(), lead, "CONTACTING", channel="call", outcome="spoke", override_reason="They called first.")

    assert refused.status_code == 422 and "asked not to be contacted" in refused.content.decode()
    assert accepted.status_code == 200


def test_qualifying_needs_the_note_that_says_what_confirmed_it() -> None:
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana())
    assert submit(ana(), lead, "QUALIFIED", note="  ").status_code == 422
    assert submit(ana(), lead, "QUALIFIED", note="Toured twice.").status_code == 200


def test_a_commitment_without_a_document_is_taken_and_marked() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    assert "No document" in submit(ana(), lead, "COMMITTED").content.decode()


def test_closing_needs_a_date_and_refuses_one_that_is_no_date_or_still_to_come() -> None:
    lead = LeadFactory.create(status=State.IN_CONTRACT, agent=ana())
    for bad in ("", "soon", "1850-01-01", (timezone.now() + timedelta(days=9)).date().isoformat()):
        assert submit(ana(), lead, "CLOSED", closing_date=bad).status_code == 422, bad
    assert submit(ana(), lead, "CLOSED", closing_date=timezone.now().date().isoformat()).status_code == 200
    assert newest(lead).data["closing_date"] == timezone.now().date().isoformat()


def test_archiving_with_no_contact_also_sets_the_flag_when_asked() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())

    response = submit(ana(), lead, "ARCHIVED", reason="requested_no_contact", also_dnc="lead_request_phone")

    lead.refresh_from_db()
    assert response.status_code == 200
    assert lead.status == State.ARCHIVED and lead.dnc


def test_a_flag_that_is_refused_takes_the_archive_back_too(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    before = facts(lead)

    def refuse(**_: Any) -> None:
        raise Refused("Not today.")

    monkeypatch.setattr(service, "set_flag", refuse)
    response = submit(ana(), lead, "ARCHIVED", reason="requested_no_contact", also_dnc="lead_request_phone")

    assert response.status_code == 422 and "Not today." in response.content.decode()
    assert facts(lead) == before


def test_a_way_of_asking_that_is_not_offered_is_refused() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    assert submit(ana(), lead, "ARCHIVED", reason="requested_no_contact", also_dnc="sms_stop").status_code == 422


def test_a_duplicate_needs_the_lead_that_it_repeats() -> None:
    lead, other = LeadFactory.create(agent=ana()), LeadFactory.create(agent=ben())
    twin = LeadFactory.create(agent=ben(), email=lead.email.upper())
    # Of a colleague's lead that has nothing in common with this one it is not even told that it is there.
    for bad in ("", "L-999999", "nobody", lead.key, "L-" + "9" * 40, other.key):
        assert submit(ana(), lead, "TRASHED", reason="duplicate_of", duplicate_of=bad).status_code == 422, bad
    assert submit(ana(), lead, "TRASHED", reason="duplicate_of", duplicate_of=twin.key).status_code == 200
    assert newest(lead).data["duplicate_of"] == str(twin.uuid)
    one_more = LeadFactory.create(agent=ana())
    assert submit(bruna(), one_more, "TRASHED", reason="duplicate_of", duplicate_of=other.key).status_code == 200


def test_corrected_contact_data_brings_a_trashed_lead_back_to_new() -> None:
    lead = LeadFactory.create(name="Dana", status=State.TRASHED, agent=ana())

    same = submit(ana(), lead, "NEW", name=lead.name, email=lead.email, phone=lead.phone)
    other = submit(ana(), lead, "NEW", name=lead.name, email=lead.email, phone="+1 510 555 0199")

    lead.refresh_from_db()
    assert same.status_code == 422 and "nothing is different" in same.content.decode()
    assert other.status_code == 200
    assert (lead.status, lead.phone) == (State.NEW, "+1 510 555 0199")


# ---- when it happened


def test_a_typed_time_is_in_the_viewers_zone() -> None:
    anas = ana()
    User.objects.filter(pk=anas.pk).update(time_zone="America/New_York")
    begun = timezone.now() - timedelta(days=3)
    lead = LeadFactory.create(agent=anas, begun=begun)
    asked = (timezone.now() - timedelta(days=1)).astimezone(ZoneInfo("America/New_York"))

    submit(anas, lead, "CONTACTING", channel="call", outcome="spoke", occurred_at=asked.strftime("%Y-%m-%dT%H:%M"))

    assert newest(lead, Kind.CONTACT_LOGGED).occurred_at == asked.replace(second=0, microsecond=0)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("soon", "not a date and time"),
        ("1850-01-01T10:00", "before 1900"),
        ("2099-01-01T10:00", "still to come"),
        ("2026-03-08T02:30", "did not exist"),
        ("2025-11-02T01:30", "happened twice"),
    ],
)
def test_a_time_that_cannot_be_is_refused_with_a_sentence(typed: str, sentence: str) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    before = facts(lead)

    response = submit(ana(), lead, "IN_CONTRACT", occurred_at=typed)

    assert response.status_code == 422 and sentence in response.content.decode()
    assert facts(lead) == before


def test_an_hour_that_occurs_twice_is_asked_and_then_taken() -> None:
    lead = LeadFactory.create(agent=ana(), begun=datetime(2025, 11, 1, tzinfo=UTC))
    call = {"channel": "call", "outcome": "spoke", "occurred_at": "2025-11-02T01:30"}

    asked = submit(ana(), lead, "CONTACTING", **call)
    taken = submit(ana(), lead, "CONTACTING", **call, fold="1")

    assert 'name="fold"' in asked.content.decode() and "happened twice" in asked.content.decode()
    assert taken.status_code == 200
    assert newest(lead, Kind.CONTACT_LOGGED).occurred_at.strftime("%H:%M") == "09:30"


# ---- hostile and unusual words


@pytest.mark.parametrize(
    "note",
    ["x" * 10_000, "a\x00b", "nul at the end\x00"],
)
def test_a_note_that_cannot_be_kept_is_refused_with_a_sentence(note: str) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    before = facts(lead)
    response = submit(ana(), lead, "QUALIFIED", reason="outbid", note=note)
    assert response.status_code == 422
    assert facts(lead) == before


@pytest.mark.parametrize(
    "note",
    ["<script>alert(1)</script>", "שלום עולם", "🏡🔑", "'; DROP TABLE leads_lead;--", "{{ 7*7 }}", " kept  as\ntyped "],
)
def test_a_note_is_kept_exactly_as_typed(note: str) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    assert submit(ana(), lead, "QUALIFIED", reason="outbid", note=note).status_code == 200
    assert newest(lead).words.note == note


def test_every_kind_of_move_that_a_person_makes_has_its_wording() -> None:
    from leads.forms.move import WORDINGS
    from lifecycle.transitions import for_person

    made = {t.kind for s in State for to in legal_targets(s) for t in for_person(s, to)}
    assert made <= set(WORDINGS)


@pytest.mark.parametrize("query", ["", "?mine=true"])
def test_the_column_behind_the_hash_is_still_the_board(client: Client, query: str) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    client.force_login(ana())
    shown = f"http://testserver/{query}#column-COMMITTED"
    form = {"to": "IN_CONTRACT", "from": "COMMITTED", "version": lead.version, "uuid": str(uuid4())}
    headers = {"HX-Request": "true", "HX-Current-URL": shown}
    answer = client.post(f"/leads/{lead.pk}/move/", form, headers=headers)
    assert answer.status_code == 200 and "HX-Redirect" not in answer
    assert 'hx-target="#column-IN_CONTRACT"' in answer.content.decode()
