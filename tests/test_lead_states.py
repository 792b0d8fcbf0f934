"""`lead_states`: every lead now, in an order that no database's language settings change."""

import csv
import io
import json

import pytest
from django.core.management import call_command

from leads.models import Lead
from lifecycle.states import State
from tests.factories import LeadFactory, ana

pytestmark = pytest.mark.django_db(transaction=True)


def printed(**options: str) -> str:
    out = io.StringIO()
    call_command("lead_states", stdout=out, **options)
    return out.getvalue()


def test_every_lead_with_its_key_status_and_holder_by_code_point() -> None:
    own = LeadFactory.create(agent=ana(), status=State.QUALIFIED)
    for key in ("b-1", "B-1", "ä-1", "a_1", "a-1", "Z"):
        LeadFactory.create(agent=None, external_source="old", external_key=key)
    rows = list(csv.reader(io.StringIO(printed())))
    assert rows[0] == ["lead_key", "status", "agent"]
    keys = [r[0] for r in rows[1:]]
    assert keys == sorted([f"L-{own.pk}", "b-1", "B-1", "ä-1", "a_1", "a-1", "Z"])
    assert [f"L-{own.pk}", "QUALIFIED", "Ana Alvarez"] in rows
    assert ["Z", "NEW", ""] in rows


def test_the_same_as_json() -> None:
    lead = LeadFactory.create(agent=ana())
    assert json.loads(printed(format="json")) == [{"lead_key": lead.key, "status": "NEW", "agent": "Ana Alvarez"}]


def test_an_empty_office_prints_the_header_alone() -> None:
    assert printed() == "lead_key,status,agent\n" and not Lead.objects.exists()
