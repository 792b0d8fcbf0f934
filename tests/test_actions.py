"""Quick actions of the lead page: what they record, what they refuse, and that a refusal keeps what was typed."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leads.local_time import typed_form
from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.models import LeadEvent, OfficeSettings
from lifecycle.states import State
from tests.factories import LeadFactory, ana, ben, bruna, newest, otto

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ACTIONS = ("contact", "assign", "flags", "note", "edit")


@pytest.fixture
def lead() -> Lead:
    return LeadFactory.create(name="Dana Ortiz", agent=ana())


def act(who: User, lead: Lead, action: str, *, htmx: bool = False, **typed: Any) -> Any:
    """Posts the form of an action as this person."""
    client = Client()
    client.force_login(who)
    sent = {"uuid": str(uuid4()), **typed}
    return client.post(reverse(f"lead-{action}", args=[lead.pk]), sent, headers=HTMX if htmx else {})


def refused(answer: Any, lead: Lead, sentence: str, status: int = 422, *, before: int | None = None) -> None:
    """The answer says this sentence, and nothing was written since `before` events."""
    assert answer.status_code == status, answer.content[:300]
    assert sentence in answer.content.decode().replace("&#x27;", "'")
    assert lead.events.count() == (2 if before is None else before)


CALL: dict[str, Any] = {"channel": "call", "direction": "outbound", "outcome": "voicemail"}


# --- what they record ---------------------------------------------------------------------------------------


def test_logging_the_first_call_moves_the_lead_as_well(lead: Lead) -> None:
    answer = act(ana(), lead, "contact", **CALL, note="Called about Saturday.")
    assert answer.status_code == 302 and answer.url == f"/leads/{lead.pk}/#timeline"
    kinds = list(lead.events.values_list("kind", flat=True))
    assert kinds[-2:] == ["contact_logged", "contact_attempted"]
    logged = newest(lead, Kind.CONTACT_LOGGED)
    assert (logged.actor, logged.source, logged.words.note) == (ana(), "page", "Called about Saturday.")
    lead.refresh_from_db()
    assert lead.status == State.CONTACTING


def test_a_success_is_said_on_the_page_it_goes_back_to(lead: Lead, client: Client) -> None:
    client.force_login(ana())
    answer = client.post(reverse("lead-contact", args=[lead.pk]), CALL, follow=True)
    assert "Contact logged. Dana moved to Contacting." in answer.content.decode()


def test_a_note_with_a_document(lead: Lead) -> None:
    act(ana(), lead, "note", note=" Wants a garden.\r\nNo stairs. ", document="agreement.pdf")
    words = newest(lead).words
    assert (words.note, words.document) == (" Wants a garden.\nNo stairs. ", "agreement.pdf")


def test_handing_over_and_taking_back_to_the_pool(lead: Lead) -> None:
    answer = act(ana(), lead, "assign", to_agent=ben().pk, reason="schedule_conflict", version=lead.version)
    assert answer.status_code == 302 and answer.url == "/"  # it is out of Ana's sight now
    assert newest(lead).to_agent == ben()
    act(ben(), lead, "assign", to_agent="pool", version=3)
    assert newest(lead).to_agent is None and newest(lead).reason == "returned_to_pool"


def test_taking_a_lead_from_the_pool() -> None:
    lead = LeadFactory.create()
    act(ana(), lead, "assign", to_agent=ana().pk, reason="initial_routing", version=lead.version)
    lead.refresh_from_db()
    assert lead.agent == ana()


def test_setting_and_clearing_a_flag(lead: Lead) -> None:
    act(ana(), lead, "flags", on="1", flag="do_not_text", reason="lead_request_text")
    lead.refresh_from_db()
    assert lead.do_not_text
    act(ana(), lead, "flags", on="0", flag="do_not_text", reason="set_in_error")
    lead.refresh_from_db()
    assert not lead.do_not_text


def test_setting_a_flag_that_is_set_writes_nothing_and_says_so(lead: Lead, client: Client) -> None:
    client.force_login(ana())
    flag = {"on": "1", "flag": "dnc", "reason": "lead_request_phone"}
    url = reverse("lead-flags", args=[lead.pk])
    client.post(url, flag)
    before = lead.events.count()
    answer = client.post(url, flag, follow=True)
    assert "“Do not contact” is already set. Nothing was recorded." in answer.content.decode()
    assert lead.events.count() == before


def test_editing_names_only_the_fields_that_changed(lead: Lead) -> None:
    typed: dict[str, Any] = {
        "name": lead.name,
        "email": "new@example.com",
        "phone": lead.phone,
        "headline": "",
        "address": "1 Main St",
    }
    act(ana(), lead, "edit", **typed)
    event = newest(lead)
    assert event.kind == Kind.CONTACT_DETAILS_CHANGED and event.data == {"fields": ["address", "email"]}
    assert "new@example.com" not in str(LeadEvent.objects.filter(pk=event.pk).values())
    lead.refresh_from_db()
    assert (lead.email, lead.email_normalised, lead.address) == ("new@example.com", "new@example.com", "1 Main St")


def test_editing_nothing_writes_nothing(lead: Lead) -> None:
    typed: dict[str, Any] = {n: getattr(lead, n) for n in ("name", "email", "phone", "headline", "address")}
    act(ana(), lead, "edit", **typed)
    assert lead.events.count() == 2


@pytest.mark.parametrize(
    "action, typed",
    [
        ("contact", CALL),
        ("note", {"note": "Once."}),
        ("flags", {"on": "1", "flag": "dnc", "reason": "legal"}),
        ("edit", {"address": "1 Main St"}),
    ],
)
def test_sent_twice_is_one_event(lead: Lead, action: str, typed: dict[str, Any]) -> None:
    key = str(uuid4())
    first = act(ana(), lead, action, **typed, uuid=key)
    after = lead.events.count()
    second = act(ana(), lead, action, **typed, uuid=key)
    assert first.status_code == second.status_code == 302
    assert lead.events.count() == after > 2


def test_the_same_form_with_other_words_is_not_the_same(lead: Lead) -> None:
    key = str(uuid4())
    act(ana(), lead, "note", note="One.", uuid=key)
    answer = act(ana(), lead, "note", note="Two.", uuid=key)
    refused(answer, lead, "already used for something else", 409, before=3)
    assert "Two." in answer.content.decode()
    # Pressing the button of the page that came back works: it carries a new key.
    fresh = re.search(r'name="uuid" value="([^"]+)" id="note-uuid"', answer.content.decode())
    assert fresh and fresh[1] != key
    assert act(ana(), lead, "note", note="Two.", uuid=fresh[1]).status_code == 302


# --- two people at the same form ----------------------------------------------------------------------------


def edit_form(who: User, lead: Lead) -> dict[str, Any]:
    """What a browser sends from the form "Edit contact data" as it is now, before anybody types."""
    client = Client()
    client.force_login(who)
    html = client.get(reverse("lead", args=[lead.pk])).content.decode()
    part = html[html.index('id="action-edit"') :].split("</details>")[0]
    inputs = re.findall(r"<input[^>]*>", part)
    found: dict[str, Any] = {}
    for tag in inputs:
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name:
            found[name[1]] = value[1] if value else ""
    return found


def test_ana_and_bruna_edit_different_facts_and_both_stay(lead: Lead) -> None:
    anas, brunas = edit_form(ana(), lead), edit_form(bruna(), lead)
    assert act(bruna(), lead, "edit", **{**brunas, "phone": "415 555 0199"}).status_code == 302
    assert act(ana(), lead, "edit", **{**anas, "headline": "3-bed in Alameda"}).status_code == 302
    lead.refresh_from_db()
    assert (lead.phone, lead.headline) == ("415 555 0199", "3-bed in Alameda")
    assert newest(lead).data == {"fields": ["headline"]}


def test_ana_is_told_when_bruna_changed_the_very_phone_that_she_changes(lead: Lead) -> None:
    anas = edit_form(ana(), lead)
    act(bruna(), lead, "edit", phone="415 555 0199", address="1 Main St")
    answer = act(ana(), lead, "edit", **{**anas, "phone": "415 555 0100", "headline": "Kept."})
    refused(answer, lead, "The phone was changed meanwhile to “415 555 0199”.", 409, before=3)
    html = answer.content.decode()
    part = html[html.index('id="action-edit"') :].split("</details>")[0]
    assert 'value="415 555 0100"' in part and "Kept." in part and "1 Main St" in part
    # She has looked; the form that came back saves her number.
    again = {**anas, "phone": "415 555 0100", "initial-phone": "415 555 0199", "uuid": str(uuid4())}
    assert act(ana(), lead, "edit", **again).status_code == 302
    lead.refresh_from_db()
    assert (lead.phone, lead.address) == ("415 555 0100", "1 Main St")


def test_bens_edit_sent_twice_is_no_conflict_with_itself(lead: Lead) -> None:
    anas = {**edit_form(ana(), lead), "phone": "415 555 0100"}
    assert act(ana(), lead, "edit", **anas).status_code == 302
    assert act(ana(), lead, "edit", **anas).status_code == 302
    assert lead.events.count() == 3


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize("action", ["note", "contact", "flags"])
def test_anas_words_stay_when_bruna_hands_the_lead_to_ben_meanwhile(lead: Lead, action: str, htmx: bool) -> None:
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="territory", actor=bruna(), source=Source.PAGE)
    typed: dict[str, Any] = {**CALL, "on": "1", "flag": "dnc", "reason": "legal", "note": "Wants <b>a garden</b>."}
    answer = act(ana(), lead, action, htmx=htmx, **typed)
    sentence = "This lead is with somebody else now; your note was not saved. Your words:"
    refused(answer, lead, sentence, 404, before=3)
    html = answer.content.decode()
    assert "Wants &lt;b&gt;a garden&lt;/b&gt;." in html and "Dana" not in html and "Ben Brooks" not in html
    assert ('hx-target="#dialog"' in html) == htmx == ("<html" not in html)


def test_words_for_a_lead_that_never_was_get_the_same_answer(lead: Lead) -> None:
    client = Client()
    client.force_login(ben())
    bens, nobodys = (
        client.post(reverse("lead-note", args=[pk]), {"note": "x"}, headers=HTMX) for pk in (lead.pk, 987654)
    )
    token = r'value="[^"]*"'
    assert bens.status_code == nobodys.status_code == 404
    assert re.sub(token, "", bens.content.decode()) == re.sub(token, "", nobodys.content.decode())


# --- when did it happen -------------------------------------------------------------------------------------


def test_a_call_of_yesterday_keeps_its_time() -> None:
    lead = LeadFactory.create(agent=ana(), begun=timezone.now() - timedelta(days=5))
    zone = OfficeSettings.load().zone
    when = (timezone.now() - timedelta(days=1)).replace(second=0, microsecond=0)
    act(ana(), lead, "contact", **CALL, occurred_at=typed_form(when, zone))
    assert newest(lead, Kind.CONTACT_LOGGED).occurred_at == when


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("2026-03-08T02:30", "did not exist"),
        ("1850-01-01T10:00", "before 1900"),
        ("3000-01-01T10:00", "still to come"),
        ("last Tuesday", "Type it like"),
        ("2001-01-01T10:00", "has existed here since"),
    ],
)
def test_a_time_that_cannot_be_is_refused_and_kept(lead: Lead, text: str, sentence: str) -> None:
    answer = act(ana(), lead, "contact", **CALL, note="Kept.", occurred_at=text)
    refused(answer, lead, sentence)
    assert f'value="{text}"' in answer.content.decode() and "Kept." in answer.content.decode()


def test_an_hour_that_occurs_twice_is_asked() -> None:
    lead = LeadFactory.create(agent=ana(), begun=timezone.now().replace(year=2025, month=10, day=1))
    answer = act(ana(), lead, "contact", **CALL, occurred_at="2025-11-02T01:30")
    refused(answer, lead, "happened twice")
    assert "the second, 2 Nov 2025, 1:30 am PST" in answer.content.decode()
    act(ana(), lead, "contact", **CALL, occurred_at="2025-11-02T01:30", fold="1")
    assert newest(lead, Kind.CONTACT_LOGGED).occurred_at.isoformat() == "2025-11-02T09:30:00+00:00"


# --- what they refuse ---------------------------------------------------------------------------------------


def test_a_contact_without_an_outcome_is_asked_for_it(lead: Lead) -> None:
    answer = act(ana(), lead, "contact", channel="call", direction="outbound", note="Typed already.")
    refused(answer, lead, "Choose the outcome of the contact.")
    assert "Typed already." in answer.content.decode()
    assert re.search(r'id="action-contact"[^>]* open', answer.content.decode())


def test_a_lead_that_must_not_be_contacted_needs_a_reason(lead: Lead) -> None:
    service.set_flag(lead_id=lead.pk, flag="dnc", reason="lead_request_phone", actor=ana(), source=Source.PAGE)
    refused(act(ana(), lead, "contact", **CALL), lead, "Write why you did so all the same.", before=3)
    act(ana(), lead, "contact", **CALL, override_reason="They called first.")
    assert newest(lead, Kind.CONTACT_LOGGED).data["override"] == 1


def test_an_agent_cannot_clear_a_hard_flag_without_the_leads_words(lead: Lead) -> None:
    service.set_flag(lead_id=lead.pk, flag="dnc", reason="lead_request_phone", actor=ana(), source=Source.PAGE)
    typed: dict[str, Any] = {"on": "0", "flag": "dnc"}
    refused(act(ana(), lead, "flags", **typed, reason="set_in_error"), lead, "Only a broker clears this", 403, before=3)
    assert act(ana(), lead, "flags", **typed, reason="lead_reconsented", note="“Call me.”").status_code == 302
    lead.refresh_from_db()
    assert not lead.dnc


def test_a_hand_over_without_a_reason_is_asked_for_it(lead: Lead) -> None:
    answer = act(ana(), lead, "assign", to_agent=ben().pk, note="Kept.", version=lead.version)
    refused(answer, lead, "Choose a reason")
    assert "Kept." in answer.content.decode()


def test_an_agent_gives_a_pool_lead_to_nobody_else() -> None:
    lead = LeadFactory.create()
    answer = act(ana(), lead, "assign", to_agent=ben().pk, reason="territory", version=lead.version)
    refused(answer, lead, "You cannot give this lead to them.", before=1)


@pytest.mark.parametrize("to_agent", ["", "x", "-1", "99999999", "9" * 40])
def test_an_agent_who_does_not_exist_is_refused(lead: Lead, to_agent: str) -> None:
    answer = act(ana(), lead, "assign", to_agent=to_agent, reason="territory", version=lead.version)
    assert answer.status_code == 422 and lead.events.count() == 2


def test_a_deactivated_agent_gets_no_leads(lead: Lead) -> None:
    answer = act(bruna(), lead, "assign", to_agent=otto().pk, reason="territory", version=lead.version)
    assert answer.status_code == 422 and lead.events.count() == 2


def test_performance_is_not_an_agents_reason(lead: Lead) -> None:
    answer = act(ana(), lead, "assign", to_agent=ben().pk, reason="performance", version=lead.version)
    assert answer.status_code == 422 and lead.events.count() == 2


@pytest.mark.parametrize("version", ["", "x", "-1", "99", "9" * 40, "1.5"])
def test_a_version_that_cannot_be_is_refused(lead: Lead, version: str) -> None:
    answer = act(ana(), lead, "assign", to_agent=ben().pk, reason="territory", version=version)
    assert answer.status_code == 422 and lead.events.count() == 2
    assert "Reload it and try again." in answer.content.decode()


def test_a_stale_assignment_says_what_happened_and_may_be_sent_again(lead: Lead) -> None:
    seen = lead.version
    service.add_note(lead_id=lead.pk, note="Meanwhile.", actor=bruna(), source=Source.PAGE)
    typed: dict[str, Any] = {"to_agent": ben().pk, "reason": "territory", "note": "Kept."}
    answer = act(ana(), lead, "assign", **typed, version=seen)
    refused(answer, lead, "Bruna Barros added a note", 409, before=3)
    html = answer.content.decode()
    assert "Kept." in html and 'name="version" value="3"' in html
    assert act(ana(), lead, "assign", **typed, version=3).status_code == 302


def test_a_lead_that_was_handed_away_meanwhile_leads_to_the_board(lead: Lead) -> None:
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="territory", actor=bruna(), source=Source.PAGE)
    for action in ACTIONS:
        assert act(ana(), lead, action, note="x").status_code == 404
    assert lead.events.count() == 3


@pytest.mark.parametrize("action", ACTIONS)
def test_a_colleague_is_refused_as_if_there_were_no_lead(lead: Lead, action: str) -> None:
    assert act(ben(), lead, action, **CALL, note="x").status_code == 404
    assert lead.events.count() == 2


@pytest.mark.parametrize("action", ACTIONS)
def test_opening_an_action_by_its_address_opens_its_form(lead: Lead, client: Client, action: str) -> None:
    client.force_login(ana())
    answer = client.get(reverse(f"lead-{action}", args=[lead.pk]), follow=True)
    assert answer.status_code == 200
    assert re.search(r'<details class="action" id="action-\w+" open', answer.content.decode())


@pytest.mark.parametrize("action", ACTIONS)
def test_an_empty_form_is_no_error_page(lead: Lead, action: str) -> None:
    client = Client()
    client.force_login(ana())
    answer = client.post(reverse(f"lead-{action}", args=[lead.pk]), {"uuid": "no uuid"})
    assert answer.status_code in (302, 422) and lead.events.count() == 2


# --- words that are hard to keep ----------------------------------------------------------------------------

NAUGHTY = [
    "<script>alert('x')</script>",
    "{{ 7|add:1 }}{% load static %}",
    "' OR 1=1 --",
    "Robert'); DROP TABLE leads_lead;--",
    "田中さんにあげて下さい",
    "مُنَاقَشَةُ سُبُلِ اِسْتِخْدَامِ اللُّغَةِ",
    "🏳0🌈️ 👾 🙇 💁",
    "Ṱ̺̺̕o͞ ̷i̲̬͇̪͙n̝̗͕v̟̜̘̦͟o̶̙̰̠",
    "\u202e\u200b\ufeff",
    "&amp; &lt;br&gt; &quot;",
    "../../etc/passwd%00",
    "\t tabs\tand  blanks ",
    "\nfirst line empty",
    "undefined null None NaN 1e309",
]


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_note_is_kept_and_shown_exactly(lead: Lead, text: str, client: Client) -> None:
    assert act(ana(), lead, "note", note=text).status_code == 302
    assert newest(lead).words.note == text
    client.force_login(ana())
    answer = client.get(reverse("lead", args=[lead.pk]))
    assert answer.status_code == 200 and "<script>alert" not in answer.content.decode()


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_name_is_kept_exactly(lead: Lead, text: str) -> None:
    assert act(ana(), lead, "edit", name=text).status_code == 302
    lead.refresh_from_db()
    assert lead.name == text


@pytest.mark.parametrize("field", ["note", "document"])
def test_ten_thousand_characters_are_refused_with_a_sentence(lead: Lead, field: str) -> None:
    answer = act(ana(), lead, "note", **dict[str, Any]({"note": "x", field: "y" * 10_000}))
    refused(answer, lead, "This is too long: 10000 characters")
    assert "y" * 10_000 in answer.content.decode()


@pytest.mark.parametrize("field", ["name", "email", "phone", "headline", "address"])
def test_a_long_contact_fact_is_refused_with_a_sentence(lead: Lead, field: str) -> None:
    refused(act(ana(), lead, "edit", **dict[str, Any]({field: "y" * 10_000})), lead, "This is too long")


@pytest.mark.parametrize("action, field", [("note", "note"), ("edit", "name"), ("contact", "note"), ("flags", "note")])
def test_a_nul_byte_is_refused_with_a_sentence(lead: Lead, action: str, field: str) -> None:
    typed: dict[str, Any] = {**CALL, "on": "1", "flag": "dnc", "reason": "legal", field: "a\x00b"}
    refused(act(ana(), lead, action, **typed), lead, "cannot be stored")


def test_half_a_character_never_becomes_an_error_page(lead: Lead, client: Client) -> None:
    client.force_login(ana())
    body = b"note=a%ED%A0%80b"
    url = reverse("lead-note", args=[lead.pk])
    answer = client.post(url, body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in (302, 400, 422)


@pytest.mark.parametrize("email", ["dana", "dana@", "@example.com", "a b@example.com"])
def test_an_address_that_is_none_is_refused(lead: Lead, email: str) -> None:
    refused(act(ana(), lead, "edit", email=email), lead, "This is not an e-mail address.")


def test_the_last_way_to_reach_a_lead_stays(lead: Lead) -> None:
    refused(act(ana(), lead, "edit", email="", phone=""), lead, "Keep an e-mail or a phone number")


# --- a call, one press ------------------------------------------------------------------------------------


def quick_form(html: str, begin: str) -> dict[str, Any]:
    """What a press on "No answer" sends from the short form behind this mark."""
    form = html[html.index(begin) :].split('class="press-call"')[1].split("</form>")[0]
    assert re.findall(r'name="outcome" value="(\w+)"', form) == ["spoke", "no_answer", "voicemail", "wrong_number"]
    found = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    found.pop("csrfmiddlewaretoken", None)
    return {**found, "outcome": "no_answer"}


@pytest.mark.parametrize("begin", ['id="action-contact"', 'id="call-sheet"'])
def test_ana_logs_a_call_by_one_press_and_twice_the_same_press_is_one_call(
    lead: Lead, client: Client, begin: str
) -> None:
    client.force_login(ana())
    sent = quick_form(client.get(reverse("lead", args=[lead.pk])).content.decode(), begin)
    html = act(ana(), lead, "contact", htmx=True, **sent).content.decode()
    assert "Contact logged. Dana moved to Contacting." in html
    assert newest(lead, Kind.CONTACT_LOGGED).data == {
        "channel": "call",
        "direction": "outbound",
        "outcome": "no_answer",
    }
    again = act(ana(), lead, "contact", htmx=True, **sent)
    assert again.status_code == 200 and lead.events.filter(kind=Kind.CONTACT_LOGGED.value).count() == 1
    # The form that came back stands for the next call.
    assert quick_form(html, begin)["uuid"] != sent["uuid"]


@pytest.mark.parametrize(
    "flag, sentence", [("dnc", "Logging a contact needs a reason."), ("do_not_call", "“Do not call” is set.")]
)
def test_a_lead_that_must_not_be_called_has_no_quick_buttons_and_says_why(
    lead: Lead, client: Client, flag: str, sentence: str
) -> None:
    client.force_login(ana())
    url = reverse("lead", args=[lead.pk])
    assert "tel:" in client.get(url).content.decode()
    answer = act(ana(), lead, "flags", htmx=True, on="1", flag=flag, reason="lead_request_phone")
    for html in (client.get(url).content.decode(), answer.content.decode()):
        assert sentence in html and "press-call" not in html and "call-sheet" not in html and "tel:" not in html
        assert 'data-opens="action-contact"' in html


# --- inline -------------------------------------------------------------------------------------------------


def test_htmx_gets_parts_and_no_page(lead: Lead) -> None:
    answer = act(ana(), lead, "contact", htmx=True, **CALL)
    html = answer.content.decode()
    assert answer.status_code == 200 and "<html" not in html
    for target in ("#action-contact", "#lead-head", "#lead-path", "#lead-moves", "#lead-facts", "#timeline", "#toasts"):
        assert f'hx-target="{target}"' in html
    assert "Contact logged. Dana moved to Contacting." in html


def test_htmx_gets_a_refusal_as_the_form_alone(lead: Lead) -> None:
    answer = act(ana(), lead, "note", htmx=True, note=" ", document="")
    refused(answer, lead, "Write something first.")
    assert re.findall(r'hx-target="([^"]+)"', answer.content.decode()) == ["#action-note"]


def test_htmx_sees_the_truth_after_a_stale_answer(lead: Lead) -> None:
    seen = lead.version
    service.add_note(lead_id=lead.pk, note="Meanwhile.", actor=bruna(), source=Source.PAGE)
    answer = act(ana(), lead, "assign", htmx=True, to_agent=ben().pk, reason="territory", version=seen)
    assert answer.status_code == 409 and "Meanwhile." in answer.content.decode()


def test_htmx_is_led_to_the_board_when_the_lead_is_gone(lead: Lead) -> None:
    answer = act(ana(), lead, "assign", htmx=True, to_agent=ben().pk, reason="territory", version=lead.version)
    assert answer.headers["HX-Redirect"] == "/"


def test_a_success_draws_the_other_forms_with_the_new_version(lead: Lead) -> None:
    html = act(ana(), lead, "note", htmx=True, note="x").content.decode()
    assert 'name="version" value="3"' in html


def test_the_timeline_stays_filtered_after_an_action(lead: Lead) -> None:
    client = Client()
    client.force_login(ana())
    headers = {**HTMX, "HX-Current-URL": f"http://testserver/leads/{lead.pk}/?show=notes"}
    html = client.post(reverse("lead-note", args=[lead.pk]), {"note": "x"}, headers=headers).content.decode()
    assert re.findall(r'data-kind="(\w+)"', html) == ["note_added"]
