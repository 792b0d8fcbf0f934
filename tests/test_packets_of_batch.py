"""The packets of a bulk action: a sheet for each lead that an agent got, for those who may see action and lead."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Source
from lifecycle.models import Batch
from lifecycle.service import bulk
from lifecycle.service.bulk import Wish
from tests.factories import LeadFactory, ana, ben, bruna
from tests.soundness import nothing_written

pytestmark = pytest.mark.django_db


def given(
    to: dict[str, User | None], *, by: User | None = None, reason: str = "workload_balance", note: str = ""
) -> Batch:
    """A bulk action of leads that Ben held until now; in: their names, and who gets each."""
    actor, key, begun = by or bruna(), uuid4(), timezone.now() - timedelta(days=3)
    leads = [(LeadFactory.create(name=name, agent=ben(), begun=begun), holder) for name, holder in to.items()]
    wishes = [Wish(lead.pk, lead.version, holder.pk if holder else None) for lead, holder in leads]
    batch = bulk.begin(uuid=key, actor=actor, wishes=wishes, reason=reason, note=note)
    while batch.finished_at is None:
        batch = bulk.carry_on(uuid=key, actor=actor)
    return batch


def sheets(viewer: User, batch: Batch, query: str = "", status: int = 200) -> str:
    client = Client()
    client.force_login(viewer)
    answer = client.get(f"{reverse('reassign-packets', args=[batch.pk])}{query}")
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def names(page: str) -> list[str]:
    return re.findall(r'class="packet-name"><bdi id="[^"]+">(\w+)</bdi>', page)


def test_every_lead_that_ana_got_has_a_sheet_and_no_other() -> None:
    batch = given({"Kit": ana(), "Dana": ana(), "Otis": None})
    page = sheets(bruna(), batch, f"?agent={ana().pk}")
    assert names(page) == ["Dana", "Kit"] and "2 leads, a sheet of paper each." in page
    assert "<h1>The story so far: <bdi>Ana Alvarez</bdi></h1>" in page and "data-print" in page
    assert names(sheets(bruna(), batch)) == ["Dana", "Kit", "Otis"]
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_sheets_are_of_leads_that_the_viewer_sees_and_of_actions_that_are_theirs() -> None:
    batch = given({"Kit": ana(), "Pam": None}, by=ben())
    assert names(sheets(bruna(), batch)) == ["Kit", "Pam"]
    assert names(sheets(ben(), batch)) == ["Pam"], "Kit is with a colleague now."
    assert "Nothing to show" in sheets(ben(), batch, f"?agent={ana().pk}")
    sheets(ana(), batch, status=404)


def test_what_is_for_brokers_is_not_put_into_an_agents_hands() -> None:
    batch = given({"Kit": ana()}, reason="performance", note="Ben let it lie for weeks.")
    page = sheets(bruna(), batch, f"?agent={ana().pk}")
    assert names(page) == ["Kit"] and "erformance" not in page and "let it lie" not in page


@pytest.mark.parametrize("agent", ["x", "-1", "0", "9" * 18, "9" * 40, "\u0661"])
def test_an_agent_who_does_not_exist_has_no_sheets(agent: str) -> None:
    sheets(bruna(), given({"Kit": ana()}), f"?agent={agent}", status=404)


def test_many_sheets_come_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.pages.packet.AT_ONCE", 2)
    batch = given({"Ada": ana(), "Bea": ana(), "Cal": ana()})
    page = sheets(bruna(), batch, f"?agent={ana().pk}")
    assert names(page) == ["Ada", "Bea"]
    more = re.search(r'<a href="([^"]+)">1 more</a>', page)
    assert more and names(sheets(bruna(), batch, more[1].replace("&amp;", "&"))) == ["Cal"]
    for nonsense in ("x", "-1", "9" * 30):
        assert names(sheets(bruna(), batch, f"?page={nonsense}"))


def cost(batch: Batch) -> int:
    with CaptureQueriesContext(connection) as queries:
        sheets(bruna(), batch)
    return len(queries)


def test_a_sheet_costs_what_every_sheet_costs_and_writes_nothing() -> None:
    one, two, three = (given(dict.fromkeys(several, ana())) for several in ("A", "AB", "ABC"))
    for lead in Lead.objects.all():
        service.add_note(lead_id=lead.pk, actor=bruna(), source=Source.PAGE, note="Call before noon.")
    first, second, third = cost(one), cost(two), cost(three)
    assert third - second == second - first <= 8
    with nothing_written():
        sheets(bruna(), three)
