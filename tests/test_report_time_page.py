"""The page of time in each stage: figures of the report, every number with its facts, and agents see their own."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from random import Random
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.models import User
from lifecycle import service
from lifecycle.events import Source
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna
from tests.many import many_leads
from tests.plain_stays import imported_leads

pytestmark = pytest.mark.django_db

PAGE, FACTS, LEADS = "/reports/time/", "/reports/time/facts/", "/reports/time/leads/"


def answer(viewer: User, path: str = PAGE, query: str | dict[str, Any] = "", *, status: int = 200) -> str:
    client = Client()
    client.force_login(viewer)
    said = client.get(f"{path}?{query if isinstance(query, str) else urlencode(query, doseq=True)}")
    assert said.status_code == status, said.content.decode()
    return said.content.decode()


def text(html: str) -> str:
    main = html.partition('<main id="main"')[2].partition("</main>")[0]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def table(html: str, n: int = 0) -> dict[str, list[str]]:
    """The cells of the n-th table of numbers by the head of their row."""
    body = re.findall(r'(?s)<table class="table report-table[^"]*">.*?</table>', html)[n]
    rows = [re.findall(r"(?s)<t[hd].*?</t[hd]>", row) for row in re.findall(r"(?s)<tr>.*?</tr>", body)[1:]]
    plain = [[re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in row] for row in rows]
    return {row[0]: row[1:] for row in plain}


def an_office() -> None:
    """Ana: six leads in Qualified for nine days, three of them moved on after two; Ben: one since then."""
    begun = timezone.now() - timedelta(days=9, hours=2)
    for n in range(6):
        lead = LeadFactory.create(name=f"Dana {n}", status=State.QUALIFIED, agent=ana(), begun=begun)
        if n < 3:
            advance(lead, State.COMMITTED, actor=ana(), now=begun + timedelta(days=2, hours=2))
    LeadFactory.create(name="Milo Reyes", status=State.QUALIFIED, agent=ben(), begun=begun)


def test_a_broker_reads_lengths_ways_and_who_held_the_leads() -> None:
    an_office()
    html = answer(bruna())
    assert table(html)["Qualified"] == ["7", "4", *["– not reached"] * 3, "2d 0h", "3", "0", "0"]
    assert table(html)["New"] == ["7", "0", *["1h 00m"] * 4, "7", "0", "0"]
    assert table(html, 1)["Still there"] == ["100%", "100%", "100%", "57%", "57%"]
    assert "After 7 d, 57% are still in “Qualified”." in text(html)
    assert {name: cells[:2] for name, cells in table(html, 2).items()} == {
        "Ana Alvarez": ["6", "3"],
        "Ben Brooks": ["1", "1"],
    }
    assert 'title="48 h"' in html
    assert "the slow ones are not over" in text(html)


def test_another_stage_and_an_agent_can_be_chosen() -> None:
    an_office()
    html = answer(bruna(), query={"stage": "COMMITTED"})
    assert list(table(html, 1)) == ["Ana Alvarez"] and "Fewer than five stays" in text(html)
    assert table(answer(bruna(), query={"agent": ben().pk}))["Qualified"][:2] == ["1", "1"]
    assert "No stay in this stage" in text(answer(bruna(), query={"stage": "TRASHED"}))


def links(html: str) -> list[tuple[str, str, int]]:
    found = re.findall(r'href="(/reports/time/(?:facts|leads)/)\?([^"]*)">([\d\u202f]+)</a>', html)
    return [(path, unescape(query), int(n.replace("\u202f", ""))) for path, query, n in found]


def test_every_number_leads_to_as_many_facts_or_leads() -> None:
    an_office()
    back = LeadFactory.create(status=State.COMMITTED, begun=timezone.now() - timedelta(days=3))
    advance(back, State.QUALIFIED)
    LeadFactory.create(status=State.TRASHED)
    html = answer(bruna(), query={"stage": "QUALIFIED"})
    assert len(links(html)) > 15
    for path, query, n in links(html):
        behind = answer(bruna(), path, query)
        assert re.search(rf"\b{n} (fact|lead)s?, newest first", text(behind)), (path, query, n)


def test_the_facts_say_how_long_each_stay_lasted() -> None:
    an_office()
    html = text(answer(bruna(), FACTS, {"stage": "QUALIFIED"}))
    assert html.count("2d 0h") == 3 and html.count("still inside, 9d 0h") == 4
    assert "Stays in “Qualified” that went on" in text(
        answer(bruna(), FACTS, {"stage": "QUALIFIED", "into": "forward"})
    )
    still = text(answer(bruna(), LEADS, {"stage": "QUALIFIED", "held": ben().pk}))
    assert "Ben Brooks: Still in “Qualified”" in still and "Milo Reyes" in still and "Dana" not in still


def test_an_agent_sees_own_figures_and_no_other_name() -> None:
    an_office()
    html = answer(ben())
    assert table(html)["Qualified"][:2] == ["1", "1"]
    assert "Ana" not in text(html) and "by who held the lead" not in text(html)
    answer(ben(), query={"agent": ana().pk}, status=404)
    answer(ben(), FACTS, {"stage": "QUALIFIED", "held": ana().pk}, status=422)
    answer(ben(), query={"format": "csv"}, status=403)


def test_of_a_lead_that_a_colleague_holds_today_an_agent_reads_only_that_it_is_there() -> None:
    an_office()
    lead = LeadFactory.create(name="Vera Stone", status=State.QUALIFIED, agent=ben())
    common: dict[str, Any] = {"actor": bruna(), "source": Source.PAGE}
    service.assign_lead(lead_id=lead.pk, to_agent=ana(), reason="workload_balance", **common)
    for path in (FACTS, LEADS):
        html = text(answer(ben(), path, {"stage": "QUALIFIED"}))
        assert "Milo Reyes" in html and "Vera" not in html and "1 more is with a colleague now." in html


def test_the_file_says_the_same_in_hours() -> None:
    an_office()
    rows = list(csv.DictReader(io.StringIO(answer(bruna(), query={"format": "csv"}).removeprefix("\ufeff"))))
    assert rows[2] == {
        "stage": "QUALIFIED",
        "visits": "7",
        "still_inside": "4",
        "median_hours": "",
        "p75": "",
        "p90": "",
        "median_finished_hours": "48",
        "forward": "3",
        "back": "0",
        "aside": "0",
    }


def test_stays_of_unknown_length_are_left_out_and_said_and_can_be_counted() -> None:
    chance, begun = Random(4), timezone.now() - timedelta(days=100)
    imported_leads(chance, 60, [ana(), ben()], begun, timezone.now())
    assert "stays are in no length" in text(answer(bruna()))
    assert "stays are in no length" not in text(answer(bruna(), query={"inferred": "1"}))


@pytest.mark.parametrize(
    "query",
    ["stage=NOWHERE", "stage=NEW%07", "stage=NEW&stage=NEW", "from=xyz", "agent=" + "9" * 30, "held=1", "into=up"],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(query: str) -> None:
    for path in (FACTS, LEADS) if query.startswith(("held", "into")) else (PAGE, FACTS, LEADS):
        html = answer(bruna(), path, query, status=422)
        assert 'role="alert"' in html and "<table" not in html
    answer(bruna(), FACTS, "", status=422)


def test_an_empty_office_and_one_with_a_single_lead() -> None:
    assert "No stay began in this period" in text(answer(bruna()))
    LeadFactory.create()
    assert table(answer(bruna()))["New"][:2] == ["1", "1"]
    assert "No stay began in this period" in text(
        answer(bruna(), query={"from": "2010-01-01", "through": "2010-12-31"})
    )


def test_a_hundred_leads_take_as_many_queries_as_five() -> None:
    asked = []
    for n in (5, 95):
        many_leads(n, [ana(), ben(), None])
        for path in (PAGE, f"{FACTS}?stage=QUALIFIED&into=", f"{LEADS}?stage=QUALIFIED"):
            client = Client()
            client.force_login(bruna())
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            asked.append(len(queries))
    assert asked[:3] == asked[3:]
