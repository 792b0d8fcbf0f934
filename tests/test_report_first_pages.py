"""The pages about the first response: whose figures, each number with its facts, and what an address may say."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from leads.models import Lead, User
from leads.reports import first_cell
from lifecycle import service
from lifecycle.models import OfficeSettings
from lifecycle.reports.first_response import first_response
from lifecycle.reports.scope import Scope
from tests.factories import LeadFactory, ada, ana, ben, bruna, otto

pytestmark = pytest.mark.django_db

PAGE = "/reports/first-response/"
FACTS = f"{PAGE}facts/"


def hours_ago(n: float) -> datetime:
    return timezone.now() - timedelta(hours=n)


def inquiry(agent: User | None, at: datetime, *, name: str = "Dana Ortiz", source: str = "website") -> Lead:
    lead = LeadFactory.build(name=name)
    service.create_lead(lead=lead, inquiry=source, agent=agent, actor=bruna(), source="page", now=at)
    return lead


def call(lead: Lead, at: datetime) -> None:
    said: dict[str, Any] = {"channel": "call", "outcome": "no_answer", "now": at}
    service.log_contact(lead_id=lead.pk, actor=bruna(), source="page", **said)


def shown(viewer: User, url: str, status: int = 200) -> str:
    client = Client()
    client.force_login(viewer)
    answer = client.get(url)
    assert answer.status_code == status, answer.content.decode()[:600]
    return answer.content.decode()


def text_of(html: str) -> str:
    main = html.partition('<main id="main"')[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)).strip()


def an_office() -> None:
    """Ana: six, four of them in time. Ben: one that he got from the pool. The pool: one that nobody took."""
    begun = hours_ago(20)
    for n, after in enumerate((1, 2, 2, 3, 9, 90)):
        call(inquiry(ana(), begun + timedelta(minutes=n), source="portal"), begun + timedelta(minutes=n + after))
    lead = inquiry(None, begun, name="Priya Nair")
    hand = {"to_agent": ben(), "reason": "workload_balance", "actor": bruna(), "source": "page"}
    service.assign_lead(lead_id=lead.pk, now=begun + timedelta(minutes=2), **hand)  # type: ignore[arg-type]
    call(lead, begun + timedelta(minutes=3))
    inquiry(None, begun + timedelta(hours=1))


def test_a_broker_sees_the_office_and_an_agent_own_figures_alone() -> None:
    an_office()
    office, own = (text_of(shown(who, PAGE)) for who in (bruna(), ana()))
    assert "62% contacted in time" in office and "8 owed an answer" in office
    assert "Ana Alvarez 6 4 2 67% 2m 30s" in office
    assert "Ben Brooks 1 1 0 1 of 1 1m 00s" in office and "Pool 1 0 1 0 of 1" in office
    assert "67% contacted in time" in own and "6 owed an answer" in own
    assert "Ben" not in own and "Pool" not in own
    assert "Ben" not in shown(ana(), PAGE).partition('<main id="main"')[2]


def test_nobody_else_s_figures_and_no_file_for_an_agent() -> None:
    an_office()
    for page in (PAGE, FACTS):
        shown(ana(), f"{page}?agent={ben().pk}", 404)
        shown(ana(), f"{page}?agent=pool", 404)
        assert Client().get(page).status_code == 302
    shown(ana(), f"{PAGE}?format=csv", 403)
    assert shown(ada(), f"{PAGE}?format=csv").splitlines()[0].endswith("by,source,leads,met,breached,median_seconds")


def test_every_number_leads_to_as_many_facts() -> None:
    an_office()
    html = shown(bruna(), PAGE).partition('<main id="main"')[2]
    links = re.findall(r'href="([^"]*/first-response/facts/[^"]*)">(?:<b>)?([^<]+)<', html)
    assert len(links) > 30
    for url, number in links:
        url = url.replace("&amp;", "&")
        whole = number.rpartition(" of ")[2]
        facts = shown(bruna(), url)
        if whole.endswith("%"):
            assert "5 facts" in facts
        else:
            assert re.search(rf"\b{whole} facts?,", facts), (url, number)


def test_a_fact_says_whose_clock_it_started_and_what_came_of_it() -> None:
    an_office()
    facts = text_of(shown(bruna(), f"{FACTS}?what=met&source=website"))
    assert "First response: in time, Our website" in facts and "Ben Brooks: 1m 00s, in time" in facts
    assert "Pool: passed on in time" in text_of(shown(bruna(), f"{FACTS}?what=passed_on"))
    assert "Pool: no contact" in text_of(shown(bruna(), f"{FACTS}?took=never"))


def test_of_a_lead_that_a_colleague_has_now_an_agent_reads_no_name() -> None:
    lead = inquiry(ana(), hours_ago(3), name="Priya Nair")
    call(lead, hours_ago(2))
    said: dict[str, Any] = {"to_agent": ben(), "reason": "performance", "now": hours_ago(1)}
    service.assign_lead(lead_id=lead.pk, actor=bruna(), source="page", **said)
    inquiry(ana(), hours_ago(3))
    facts = shown(ana(), f"{FACTS}?what=breached")
    assert "1 more is with a colleague now." in facts and "Priya" not in facts and "Dana" in facts


@pytest.mark.parametrize(
    "query",
    ["what=sold", "took=9", "day=7", "part=x", "from=xyz", "agent=1" + "0" * 30, "what=a&what=b", "source=" + "a" * 65],
)
def test_what_means_nothing_is_refused_with_a_sentence(query: str) -> None:
    assert 'class="error-summary"' in shown(bruna(), f"{FACTS}?{query}", 422)


@pytest.mark.parametrize("query", ["", "?all=1", "?from=2019-01-01&through=2019-03-31"])
def test_an_office_without_inquiries_is_told_so(query: str) -> None:
    assert "No clock started in this period" in shown(bruna(), PAGE + query)
    assert "No clock started in this period" in shown(otto_once_more(), PAGE + query)
    assert "Nothing here" in shown(bruna(), FACTS + query)


def otto_once_more() -> User:
    otto_himself = otto()
    User.objects.filter(pk=otto_himself.pk).update(is_active=True)
    return User.objects.get(pk=otto_himself.pk)


def test_the_number_of_queries_does_not_grow() -> None:
    def asked(page: str) -> int:
        client = Client()
        client.force_login(bruna())
        with CaptureQueriesContext(
            connection,
        ) as made:
            assert client.get(page).status_code == 200
        return len(made)

    counts = []
    for n in (3, 30):
        for _ in range(n):
            call(inquiry(ana(), hours_ago(5)), hours_ago(4))
        counts.append([asked(PAGE), asked(f"{FACTS}?what=breached")])
    assert counts[0] == counts[1]


def test_the_facts_of_very_many_clocks_are_found() -> None:
    inquiry(ana(), hours_ago(5))
    [clock] = first_response(Scope(zone=timezone.get_current_timezone(), now=timezone.now())).clocks
    assert first_cell.facts_of([clock] * 40_000).count() == 1
    assert first_cell.facts_of([]).count() == 0


def test_links_keep_window_past_and_agent() -> None:
    an_office()
    known = hours_ago(1).astimezone(OfficeSettings.load().zone).strftime("%Y-%m-%dT%H:%M")
    html = shown(bruna(), f"{PAGE}?all=1&known_at={known}&agent={ana().pk}").partition('<main id="main"')[2]
    url = next(u for u in re.findall(r'href="([^"]*first-response/facts/[^"]*)"', html)).replace("&amp;", "&")
    said = parse_qs(urlsplit(url).query)
    assert said["all"] == ["1"] and said["agent"] == [str(ana().pk)] and "known_at" in said
    assert reverse("report-first-response") in shown(bruna(), url)
