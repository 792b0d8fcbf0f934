"""What colleagues handed over: a quiet line over the new holder's board, until it is looked at or acted on."""

import re
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Source
from lifecycle.service import bulk
from tests.factories import LeadFactory, ana, ben, bruna

pytestmark = pytest.mark.django_db

LINE = re.compile(r'id="handed">.*?</p>', re.DOTALL)


def logged_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def words(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def line(client: Client) -> str:
    """What stands over the board; ``""`` for nothing."""
    found = LINE.search(client.get("/").content.decode())
    return words(found[0].partition(">")[2]) if found else ""


def given(*leads: Lead, to: User, by: User) -> None:
    batch = bulk.begin(
        uuid=uuid4(), actor=by, wishes=[bulk.Wish(x.pk, x.version, to.pk) for x in leads], reason="territory"
    )
    bulk.carry_on(uuid=batch.pk, actor=by)


def test_ana_reads_over_her_board_what_bruna_gave_her_and_finds_the_packets() -> None:
    leads = [LeadFactory.create(agent=ben(), name=f"Dana {n}") for n in range(3)]
    LeadFactory.create(agent=ana(), name="Always hers")
    given(*leads, to=ana(), by=bruna())
    hers = logged_in(ana())
    assert "3 leads were handed to you by Bruna Barros since" in line(hers)
    shown = hers.get("/handed/").content.decode()
    assert "Always hers" not in shown and "by Bruna Barros on" in re.sub(r" +", " ", words(shown))
    for lead in leads:
        assert lead.name in shown and f'href="/leads/{lead.pk}/packet/"' in shown
    for who in (bruna(), ben()):
        assert line(logged_in(who)) == ""


def test_the_line_counts_down_as_she_touches_them_and_goes_once_she_has_looked() -> None:
    leads = [LeadFactory.create(agent=None) for _ in range(3)]
    given(*leads[:2], to=ana(), by=bruna())
    service.assign_lead(lead_id=leads[2].pk, to_agent=ana(), reason="territory", actor=ana(), source=Source.PAGE)
    hers = logged_in(ana())
    assert line(hers).strip().startswith("2 leads were handed")
    service.add_note(lead_id=leads[0].pk, note="Called.", actor=ana(), source=Source.PAGE)
    assert line(hers).strip().startswith("1 lead was handed")
    newest = re.findall(r'name="newest" value="(\d+)"', hers.get("/handed/").content.decode())[0]
    later = LeadFactory.create(agent=ben())
    given(later, to=ana(), by=ben())
    assert hers.post("/handed/", {"newest": newest}).status_code == 302
    # What came after she looked is still said, by whom it came.
    assert line(hers).strip().startswith("1 lead was handed to you by Ben Brooks")
    for odd in ("", "x", "9" * 30, "-1"):
        assert hers.post("/handed/", {"newest": odd}).status_code == 302
    assert line(hers).strip().startswith("1 lead")


def test_a_lead_given_on_is_not_hers_and_two_who_gave_are_not_named() -> None:
    leads: list[Any] = [LeadFactory.create(agent=ben()) for _ in range(3)]
    given(*leads[:2], to=ana(), by=bruna())
    given(leads[2], to=ana(), by=ben())
    hers = logged_in(ana())
    assert line(hers).strip().startswith("3 leads were handed to you since")
    leads[0].refresh_from_db()
    given(leads[0], to=ben(), by=bruna())
    assert line(hers).strip().startswith("2 leads")
    assert "Nothing that you have not touched yet." in words(logged_in(bruna()).get("/handed/").content.decode())


def test_it_is_one_query_however_many_leads() -> None:
    hers = logged_in(ana())
    counts = []
    for n in (2, 12):
        given(*[LeadFactory.create(agent=ben()) for _ in range(n)], to=ana(), by=bruna())
        for url in ("/", "/handed/"):
            with CaptureQueriesContext(connection) as seen:
                hers.get(url)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
