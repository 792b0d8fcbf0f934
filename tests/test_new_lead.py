"""A new lead: what it needs, who gets it, and whether the person is here already."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leads.contact import e164, normalised_email
from leads.local_time import typed_form
from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.models import LeadEvent, OfficeSettings
from tests.factories import LeadFactory, ana, ben, bruna, newest, otto
from tests.test_actions import NAUGHTY

pytestmark = pytest.mark.django_db


def enter(who: User, **typed: Any) -> Any:
    """Posts the form; what is not said is a walk-in named Dana with a phone, for the agent who enters her."""
    client = Client()
    client.force_login(who)
    usual = {"name": "Dana Ortiz", "phone": "(510) 555-0123", "inquiry": "walk_in", "agent": who.pk}
    return client.post(reverse("lead-new"), {"uuid": str(uuid4()), **usual, **typed})


def nothing_made(answer: Any, sentence: str, status: int = 422) -> None:
    assert answer.status_code == status
    assert sentence in answer.content.decode().replace("&#x27;", "'")
    assert Lead.objects.count() == LeadEvent.objects.count() == 0


def test_a_lead_is_made_with_its_first_facts() -> None:
    answer = enter(ana(), email="Dana@Example.com", headline="3-bed", address="1 Main St", note="Came by.")
    lead = Lead.objects.get()
    assert answer.status_code == 302 and answer.url == reverse("lead", args=[lead.pk])
    assert (lead.phone, lead.phone_e164, lead.email_normalised) == (
        "(510) 555-0123",
        "+15105550123",
        "dana@example.com",
    )
    assert (lead.status, lead.agent, lead.inquiry_source, lead.headline) == ("NEW", ana(), "walk_in", "3-bed")
    created, assigned = lead.events.order_by("version")
    assert (created.kind, created.actor, created.words.note) == (Kind.LEAD_CREATED, ana(), "Came by.")
    assert (assigned.kind, assigned.reason) == (Kind.AGENT_ASSIGNED, "initial_routing")
    assert "Dana" not in str(LeadEvent.objects.values().get(pk=created.pk))


def test_the_pool_gets_a_lead_without_an_agent() -> None:
    enter(ana(), agent="pool")
    assert Lead.objects.get().agent is None


def test_an_agent_is_offered_themselves_and_the_pool_a_broker_everybody() -> None:
    others = ben()
    for who, offered in (
        (ana(), {str(ana().pk), "pool"}),
        (bruna(), {str(u.pk) for u in (ana(), bruna(), others)} | {"pool"}),
    ):
        client = Client()
        client.force_login(who)
        html = client.get(reverse("lead-new")).content.decode()
        select = html[html.index('id="new-agent"') :].split("</select>")[0]
        assert set(re.findall(r'value="(\w+)"', select)) == offered
        chosen = re.search(r'value="(\w+)" selected', select)
        assert chosen and chosen[1] == ("pool" if who.is_broker else str(who.pk))


def test_an_agent_cannot_enter_a_lead_for_somebody_else() -> None:
    nothing_made(enter(ana(), agent=ben().pk), "Choose somebody from the list")
    nothing_made(enter(bruna(), agent=otto().pk), "Choose somebody from the list")


def test_a_broker_enters_a_lead_for_an_agent() -> None:
    enter(bruna(), agent=ana().pk)
    assert Lead.objects.get().agent == ana()


@pytest.mark.parametrize(
    "typed, sentence",
    [
        ({"name": ""}, "A lead needs a name."),
        ({"name": "   "}, "A lead needs a name."),
        ({"phone": "", "email": ""}, "Enter an e-mail or a phone number"),
        ({"inquiry": ""}, "Choose where this lead came from."),
        ({"inquiry": "carrier_pigeon"}, "Choose where this lead came from."),
        ({"inquiry": "import"}, "Choose where this lead came from."),
        ({"agent": ""}, "Choose somebody from the list"),
        ({"email": "dana@"}, "This is not an e-mail address."),
        ({"name": "x" * 10_000}, "This is too long"),
        ({"note": "x" * 10_000}, "This is too long"),
        ({"name": "a\x00b"}, "cannot be stored"),
        ({"phone": "5\x00"}, "cannot be stored"),
        ({"occurred_at": "3000-01-01T10:00"}, "still to come"),
        ({"occurred_at": "1850-01-01T10:00"}, "before 1900"),
        ({"occurred_at": "2026-03-08T02:30"}, "did not exist"),
    ],
)
def test_what_is_missing_or_wrong_is_said_and_the_rest_kept(typed: dict[str, str], sentence: str) -> None:
    answer = enter(ana(), headline="Kept.", **typed)
    nothing_made(answer, sentence)
    assert "Kept." in answer.content.decode()


def test_a_refusal_goes_to_no_event_of_anybody() -> None:
    enter(ana(), name="")
    assert not Lead.objects.exists()


@pytest.mark.parametrize("text", NAUGHTY)
def test_a_name_is_kept_and_shown_exactly(text: str, client: Client) -> None:
    assert enter(ana(), name=text).status_code == 302
    lead = Lead.objects.get()
    assert lead.name == text
    client.force_login(ana())
    answer = client.get(reverse("lead", args=[lead.pk]))
    assert answer.status_code == 200 and "<script>alert" not in answer.content.decode()


def test_a_phone_that_is_no_number_is_kept_as_typed() -> None:
    enter(ana(), phone="ask at the desk")
    assert (Lead.objects.get().phone, Lead.objects.get().phone_e164) == ("ask at the desk", "")


def test_an_inquiry_that_arrived_earlier_starts_the_clock_then() -> None:
    when = (timezone.now() - timedelta(hours=3)).replace(second=0, microsecond=0)
    enter(ana(), occurred_at=typed_form(when, OfficeSettings.load().zone))
    lead = Lead.objects.get()
    assert lead.created_at == when and lead.first_contact_due_at == when + timedelta(minutes=5)


def test_sent_twice_is_one_lead() -> None:
    key = str(uuid4())
    first, second = enter(ana(), uuid=key), enter(ana(), uuid=key)
    assert first.url == second.url and Lead.objects.count() == 1 and LeadEvent.objects.count() == 2


def test_the_same_form_for_another_person_is_refused() -> None:
    key = str(uuid4())
    enter(ana(), uuid=key)
    answer = enter(ana(), uuid=key, name="Sam", phone="415 555 0100")
    assert answer.status_code == 409 and Lead.objects.count() == 1
    assert "already used for something else" in answer.content.decode()


# --- duplicates ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        {"phone": "+1 510.555.0123"},
        {"phone": "510 555 0123", "email": "other@example.com"},
        {"phone": "", "email": " SAM@example.COM "},
    ],
)
def test_the_same_person_in_another_notation_is_noticed(typed: dict[str, str]) -> None:
    sam = LeadFactory.create(name="Sam Whitfield", phone="(510) 555-0123", email="Sam@Example.com", agent=ana())
    answer = enter(ana(), **typed)
    html = answer.content.decode()
    assert answer.status_code == 409 and Lead.objects.count() == 1
    assert f'href="{reverse("lead", args=[sam.pk])}"' in html and "Sam Whitfield" in html and "Create anyway" in html


@pytest.mark.parametrize(
    "typed, same",
    [
        ({}, "the same phone"),
        ({"phone": "", "email": "sam@example.com"}, "the same e-mail"),
        ({"email": "sam@example.com"}, "the same e-mail and phone"),
    ],
)
def test_ana_is_told_what_is_the_same(typed: dict[str, str], same: str) -> None:
    sam = LeadFactory.create(name="Sam Whitfield", phone="(510) 555-0123", email="sam@example.com", agent=ana())
    assert f">{same}</span>" in enter(ana(), **typed).content.decode()
    service.assign_lead(lead_id=sam.pk, to_agent=ben(), reason="territory", actor=bruna(), source=Source.PAGE)
    assert f"lead has {same}. Ask your broker" in enter(ana(), **typed).content.decode()


def anyway(answer: Any) -> str:
    """What the button "Create anyway" of this answer sends."""
    found = re.search(r'name="anyway" value="(\w+)"', answer.content.decode())
    assert found
    return found[1]


def test_create_anyway_creates() -> None:
    LeadFactory.create(phone="(510) 555-0123", agent=ana())
    assert enter(ana(), anyway=anyway(enter(ana()))).status_code == 302
    assert Lead.objects.count() == 2


def test_create_anyway_waives_only_the_duplicates_that_ana_was_shown() -> None:
    LeadFactory.create(phone="(510) 555-0123", agent=ana())
    shown = anyway(enter(ana()))
    other = LeadFactory.create(name="Sam Whitfield", email="sam@example.com", agent=ana())
    answer = enter(ana(), email="sam@example.com", anyway=shown)
    assert answer.status_code == 409 and other.name in answer.content.decode()
    assert enter(ana(), anyway="1").status_code == 409
    assert enter(ana(), email="sam@example.com", anyway=anyway(answer)).status_code == 302


def test_everything_that_is_wrong_is_said_at_once_and_before_the_duplicates() -> None:
    LeadFactory.create(phone="(510) 555-0123", agent=ana())
    html = enter(ana(), name="", email="dana@", inquiry="").content.decode()
    for sentence in ("A lead needs a name.", "This is not an e-mail address.", "Choose where this lead came from."):
        assert sentence in html
    assert "Is this person here already?" not in html
    html = enter(ana(), name="", email="", phone="", inquiry="").content.decode()
    for sentence in ("A lead needs a name.", "Enter an e-mail or a phone number", "Choose where this lead came from."):
        assert sentence in html


def test_bens_many_newer_leads_do_not_push_anas_own_duplicate_out_of_sight() -> None:
    LeadFactory.create(name="Sam Whitfield", phone="(510) 555-0123", agent=ana())
    for _ in range(21):
        LeadFactory.create(phone="(510) 555-0123", agent=ben())
    assert "Sam Whitfield" in enter(ana()).content.decode()


def test_ana_is_told_how_many_duplicates_do_not_fit() -> None:
    for _ in range(12):
        LeadFactory.create(phone="(510) 555-0123", agent=ana())
    assert "And 2 more" in enter(ana()).content.decode()


def test_of_a_colleagues_lead_nothing_is_told_but_that_it_exists() -> None:
    secret = LeadFactory.create(name="Sam Whitfield", phone="(510) 555-0123", email="sam@example.com", agent=ben())
    answer = enter(ana())
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "A colleague's lead has the same phone. Ask your broker" in html.replace("&#x27;", "'")
    for told in (secret.name, secret.email, "Ben Brooks", f"/leads/{secret.pk}/"):
        assert told not in html
    assert "Sam Whitfield" in enter(bruna(), agent="pool").content.decode()


def test_a_trashed_or_archived_lead_counts_as_a_duplicate() -> None:
    LeadFactory.create(phone="(510) 555-0123", agent=ana(), status="TRASHED")
    assert enter(ana()).status_code == 409


def test_two_leads_without_a_phone_are_not_the_same() -> None:
    LeadFactory.create(phone="", email="one@example.com", agent=ana())
    assert enter(ana(), phone="", email="two@example.com").status_code == 302


def test_one_notation_for_each_number_and_address() -> None:
    assert {e164(p) for p in ("(510) 555-0123", "510.555.0123", "+1 510 555 0123", "1-510-555-0123")} == {
        "+15105550123"
    }
    assert e164("+44 20 7946 0018") == "+442079460018"
    assert e164("12") == e164("") == e164("call me") == ""
    assert normalised_email(" Dana@Example.COM ") == "dana@example.com"


def test_the_newest_fact_of_a_new_lead_is_its_assignment() -> None:
    enter(ana())
    assert newest(Lead.objects.get()).to_agent == ana()
