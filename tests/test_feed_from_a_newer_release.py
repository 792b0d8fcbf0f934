"""The live feed while a newer release writes: what this one does not know is told as it is written."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lifecycle.models import LeadEvent
from lifecycle.states import State
from tests.factories import LeadFactory, ana, newest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["sent_to_orbit", "move_voided"])
def test_a_stage_that_only_a_newer_release_knows_is_no_fault_of_the_feed(kind: str) -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana(), name="Dana Ortiz")
    now = timezone.now()
    LeadEvent(
        lead=lead,
        version=newest(lead).version + 1,
        kind=kind,
        from_status="QUALIFIED",
        to_status="IN_ORBIT",
        occurred_at=now,
        recorded_at=now - timedelta(seconds=1),
        source="page",
        hash="0" * 64,
    ).save(force_insert=True)
    client = Client()
    client.force_login(ana())
    seconds = int(now.timestamp())
    asked = {"since": 0, "tail": 0, "drawn": seconds, "ticked": seconds}
    answer = client.get("/board/changes", asked, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "Dana Ortiz" in answer.content.decode() and "In orbit" in answer.content.decode()
