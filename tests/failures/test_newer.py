"""A lead that a newer release has written to: it is drawn, it is not written to, and nobody calls that damage."""

from uuid import uuid4

import pytest
from django.core.management import call_command
from django.test import Client

from leads.models import Lead
from lifecycle.damage import damage, damaged_leads
from lifecycle.events import RULES_VERSION
from lifecycle.models import LeadEvent
from lifecycle.states import State
from tests.factories import LeadFactory, ana, bruna, newest
from tests.failures.pages import addresses
from tests.failures.poisoned import unguarded
from tests.soundness import nothing_written, rehashed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lead() -> Lead:
    """Dana, whom a newer release has sent to a stage that this one does not know."""
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana(), name="Dana Ortiz")
    before = newest(lead)
    fact = LeadEvent(
        lead=lead, version=before.version + 1, kind="sent_to_orbit", from_status="QUALIFIED", to_status="IN_ORBIT",
        agent=ana(), occurred_at=before.occurred_at, recorded_at=before.recorded_at, source="page",
        data={"apogee": [1, 2]},
    )  # fmt: skip
    fact.hash = rehashed(before.hash, fact, lead)
    fact.save(force_insert=True)
    with unguarded() as ask:
        ask(
            f"UPDATE leads_lead SET status = 'IN_ORBIT', version = version + 1, head_hash = '{fact.hash}',"
            f" rules_version = {RULES_VERSION + 1} WHERE id = {lead.pk}"
        )
    lead.refresh_from_db()
    return lead


def test_every_page_is_drawn_and_the_fact_is_shown_as_it_is_written(lead: Lead) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(bruna())
    statuses = {path: browser.get(path).status_code for path in addresses([lead.pk])}
    assert {path: s for path, s in statuses.items() if s not in (200, 204, 302)} == {}
    assert "In orbit" in browser.get(f"/leads/{lead.pk}/").content.decode()


def test_nobody_writes_on_top_of_it_and_everybody_is_told_why(lead: Lead) -> None:
    browser = Client(raise_request_exception=False)
    browser.force_login(ana())
    with nothing_written():
        answer = browser.post(f"/leads/{lead.pk}/note/", {"note": "Hello.", "uuid": str(uuid4())})
        assert answer.status_code == 409
        assert "newer version of Hindsight" in answer.content.decode()
        call_command("run_due", verbosity=0)


def test_verify_cannot_tell_and_says_so_and_damage_it_is_none(lead: Lead) -> None:
    with pytest.raises(SystemExit) as end:
        call_command("verify_log", verbosity=0)
    assert end.value.code == 2
    assert damage(lead.pk) == [] and damaged_leads() == frozenset()
