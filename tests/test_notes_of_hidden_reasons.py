"""What explains a reason that only brokers read is for brokers too, wherever the fact is told."""

from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from leads.models import Lead, Role, User
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.models import LeadEvent
from lifecycle.service import bulk
from tests.factories import LeadFactory, ana, ben, bruna, newest

pytestmark = pytest.mark.django_db

SECRET = "Three complaints in a row."


def given_to_ana(reason: str, note: str) -> Lead:
    """A lead that Bruna took from Ben and gave to Ana."""
    lead = LeadFactory.create(agent=ben(), begun=timezone.now() - timedelta(days=3))
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    service.assign_lead(**common, to_agent=ana(), reason=reason, note=note)
    lead.refresh_from_db()
    return lead


def correct(lead: Lead, reason: str, note: str) -> None:
    fact = newest(lead, Kind.AGENT_ASSIGNED)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    service.correct_reason(**common, target=fact.uuid, reason=reason, note=note)


def page(viewer: User, url: str) -> str:
    client = Client()
    client.force_login(viewer)
    answer = client.get(url)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def told_on(lead: Lead) -> list[str]:
    """Every page that tells the facts of a lead: its story, the past before and after each fact, the changes."""
    moments: list[datetime] = list(LeadEvent.objects.filter(lead=lead).values_list("recorded_at", flat=True))
    ends = [moments[0] - timedelta(seconds=1), *moments, timezone.now()]
    pasts = [urlencode({"t": t.isoformat(), "clock": clock}) for t in ends for clock in ("", "known")]
    changes = [urlencode({"from": ends[0].isoformat(), "clock": clock}) for clock in ("", "known")]
    home = f"/leads/{lead.pk}/"
    return [
        *(home, f"{home}custody/", f"{home}packet/"),
        *(f"{home}at/?{asked}" for asked in pasts),
        *(f"/changes/?{asked}" for asked in changes),
    ]


def tellers(viewer: User, lead: Lead, words: str) -> list[str]:
    """The pages on which this viewer reads these words."""
    return [url for url in told_on(lead) if words in page(viewer, url)]


def test_the_note_of_a_hidden_reason_is_hidden_on_every_page() -> None:
    lead = given_to_ana("performance", SECRET)
    assert tellers(ana(), lead, SECRET) == []
    shown = " ".join(tellers(bruna(), lead, SECRET))
    assert f"/leads/{lead.pk}/ " in shown and "/at/" in shown and "/changes/" in shown and "/custody/" in shown


def test_other_notes_are_read_by_whoever_holds_the_lead() -> None:
    lead = given_to_ana("territory", "Knows the east side.")
    assert len(tellers(ana(), lead, "Knows the east side.")) > 3


def test_a_correction_to_a_hidden_reason_hides_both_notes() -> None:
    lead = given_to_ana("territory", "Bruna wrote this then.")
    correct(lead, "performance", SECRET)
    home = f"/leads/{lead.pk}/"
    assert tellers(ana(), lead, SECRET) == []
    assert "Bruna wrote this then." not in page(ana(), home) and SECRET in page(bruna(), home)


def test_a_correction_of_a_hidden_reason_hides_its_note_and_the_next_one_does_not() -> None:
    lead = given_to_ana("territory", "")
    correct(lead, "performance", SECRET)
    correct(lead, "pto_or_leave", "It was no performance matter.")
    correct(lead, "client_request", "Dana asked for Ana.")
    story = page(ana(), f"/leads/{lead.pk}/")
    assert SECRET not in story and "no performance matter" not in story and "Dana asked for Ana." in story
    assert "no performance matter" in page(bruna(), f"/leads/{lead.pk}/")


def test_a_broker_who_became_an_agent_reads_them_on_no_bulk_action_either() -> None:
    broker = bruna()
    lead = LeadFactory.create(agent=ana())
    fresh = LeadFactory.create(agent=ana())
    wishes = [bulk.Wish(lead.pk, lead.version, ben().pk), bulk.Wish(fresh.pk, fresh.version + 1, ben().pk)]
    batch = bulk.begin(uuid=uuid4(), actor=broker, wishes=wishes, reason="performance", note=SECRET)
    bulk.carry_on(uuid=batch.uuid, actor=broker)
    url = f"/reassign/{batch.uuid}/"
    assert SECRET in page(broker, url)
    User.objects.filter(pk=broker.pk).update(role=Role.AGENT.value)
    seen = page(User.objects.get(pk=broker.pk), url)
    assert "another reason" in seen and SECRET not in seen and "performance" not in seen.lower()
