"""A page sends as many statements for sixty leads as for three: no list asks once for each of its rows."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leads.models import Lead
from lifecycle import service
from lifecycle.states import State
from tests.factories import LeadFactory, ana, ben, bruna

pytestmark = pytest.mark.django_db

BEGUN = datetime(2026, 2, 2, 17, tzinfo=UTC)
#: SQLite asks for the cards of each column that has any, so both offices have leads in the same ones.
STAGES = [State.NEW, State.CONTACTING, State.QUALIFIED]
PAGES = {
    "the board of the broker": ("bruna", "/"),
    "the board of an agent": ("ana", "/"),
    "the board with every column open": ("bruna", "/?" + "&".join(f"open={s}" for s in State)),
    "the next cards of a column": ("bruna", "/board/column/QUALIFIED/"),
    "the board as of an instant": ("bruna", "/?as_of=2026-03-01T12:00Z"),
    "the page of a lead": ("bruna", "/leads/{lead}/"),
    "the lead as of an instant": ("bruna", "/leads/{lead}/at/?t=2026-03-01T12:00Z"),
    "the dashboard": ("bruna", "/reports/"),
    "the search": ("bruna", "/search/?q=lead"),
    "everything that an agent held": ("bruna", "/custody/{agent}/"),
    "the report of collapses": ("bruna", "/reports/collapses/?from=2026-01-01&through=2026-03-31"),
}


def grow(leads: int) -> None:
    """Until there are so many leads in these stages, with Ana, with Ben and in the pool."""
    for n in range(Lead.objects.count(), leads):
        agent = (ana(), ben(), None)[n // 3 % 3]
        LeadFactory.create(name=f"Lead {n}", status=STAGES[n % 3], agent=agent, begun=BEGUN + timedelta(hours=n))


def statements(address: str, client: Client) -> list[str]:
    assert client.get(address).status_code == 200
    with CaptureQueriesContext(connection) as sent:
        client.get(address)
    return [query["sql"].split(" WHERE ")[0][:200] for query in sent.captured_queries]


def test_every_page_sends_as_many_statements_for_sixty_leads_as_for_three(client: Client) -> None:
    people: dict[str, Any] = {"bruna": bruna(), "ana": ana()}
    clients = {name: Client() for name in people}
    for name, person in people.items():
        clients[name].force_login(person)
    grow(3)
    said = {"lead": Lead.objects.order_by("pk")[2].pk, "agent": people["ana"].pk}
    few = {page: statements(path.format(**said), clients[who]) for page, (who, path) in PAGES.items()}
    grow(60)
    many = {page: statements(path.format(**said), clients[who]) for page, (who, path) in PAGES.items()}
    grown = {page: (len(few[page]), len(many[page])) for page in PAGES if len(few[page]) != len(many[page])}
    assert grown == {}


def test_the_timeline_sends_as_many_statements_for_sixty_facts_as_for_three() -> None:
    broker = Client()
    broker.force_login(bruna())
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana(), begun=BEGUN)

    def call(times: int) -> int:
        for n in range(times):
            said: dict[str, Any] = {"channel": "call", "outcome": "no_answer", "actor": ana(), "source": "page"}
            service.log_contact(lead_id=lead.pk, now=BEGUN + timedelta(days=1, minutes=n), **said)
        return len(statements(f"/leads/{lead.pk}/", broker))

    assert call(3) == call(60)
    later = statements(f"/leads/{lead.pk}/?cursor=40", broker)
    assert len(statements(f"/leads/{lead.pk}/?cursor=60", broker)) == len(later)
