"""The page of what fell back: figures of the command, each number with its facts, to each only what is theirs."""

import csv
import html
import io
import re
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leads.models import Lead, User
from leads.pages.reports.collapses import last_four_quarters
from leads.reports.collapses_figures import percent
from lifecycle.models import LeadEvent, OfficeSettings
from lifecycle.reports.scope import Credit
from lifecycle.states import State
from tests.deal_stories import DealOffice
from tests.factories import LeadFactory, UserFactory, advance, ana, ben, bruna, newest

PAGE, FACTS = "/reports/collapses/", "/reports/collapses/facts/"
NOW = datetime(2026, 12, 10, 18, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
pytestmark = pytest.mark.django_db
#: By viewer, of one test: to make one takes longer than to ask.
_CLIENTS: dict[int, Client] = {}


@pytest.fixture(autouse=True)
def today() -> Any:
    with patch("django.utils.timezone.now", return_value=NOW):
        yield
    _CLIENTS.clear()


def get(viewer: User, path: str = PAGE, *, status: int = 200, **query: Any) -> str:
    if viewer.pk not in _CLIENTS:
        _CLIENTS[viewer.pk] = Client()
        _CLIENTS[viewer.pk].force_login(viewer)
    answer = _CLIENTS[viewer.pk].get(f"{path}?{urlencode(query, doseq=True)}" if query else path)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def words(text: str) -> str:
    main = text.partition('<main id="main"')[2].partition("</main>")[0] or text
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main))).strip()


def tables(text: str) -> dict[str, list[list[str]]]:
    """The rows of every table by its class, cells as words."""
    found: dict[str, list[list[list[str]]]] = {}
    for name, body in re.findall(r'(?s)<table class="table report-table ([\w-]+)">(.*?)</table>', text):
        rows = re.findall(r"(?s)<tr.*?</tr>", body)
        found.setdefault(name, []).append([[words(c) for c in re.findall(r"(?s)<t[hd].*?</t[hd]>", r)] for r in rows])
    return {name: list(chain(*parts)) for name, parts in found.items()}


def links(text: str) -> list[tuple[str, str]]:
    """Every number of the page that leads to facts: its words and its address."""
    found = re.findall(r'(?s)<a(?: class="figure")? href="(/reports/collapses/facts/[^"]*)">(.*?)</a>', text)
    return [(words(said), html.unescape(href)) for href, said in found]


def deal(agent: User | None, at: datetime, state: State = State.COMMITTED, **more: Any) -> Lead:
    steps = {State.COMMITTED: 3, State.IN_CONTRACT: 4}[state]
    return LeadFactory.create(status=state, agent=agent, begun=at - steps * HOUR, **more)


def falls(agent: User | None, at: datetime, state: State = State.COMMITTED, **said: Any) -> LeadEvent:
    """A deal that fell back ten days after it had come there."""
    lead = deal(agent, at - 10 * DAY, state)
    advance(lead, State.QUALIFIED, now=at, **said)
    fact: LeadEvent = newest(lead)
    return fact


OCTOBER = datetime(2026, 10, 20, 18, tzinfo=UTC)


def an_office() -> None:
    """Ana signed six and lost two before contract; Ben lost one contract; the year before one of the pool fell back."""
    for n in range(4):
        deal(ana(), OCTOBER + n * DAY)
    falls(ana(), OCTOBER, reason="outbid")
    falls(ana(), OCTOBER - 80 * DAY, reason="other", note="They went to live with her mother instead.")
    falls(ben(), OCTOBER + DAY, State.IN_CONTRACT)
    falls(None, OCTOBER - 400 * DAY, reason="outbid")


# --- figures ------------------------------------------------------------------------------------------------


def test_a_broker_sees_each_agent_before_and_from_contract() -> None:
    an_office()
    text = get(bruna())
    rows = tables(text)["collapses-table"]
    assert ["Ana Alvarez", "6", "2", "33%", "0", "10 d", "0", "0", "0", "–", "0", "–", "0"] in rows
    assert ["Ben Brooks", "1", "0", "0 of 1", "0", "–", "0", "1", "1", "1 of 1", "0", "10 d", "0"] in rows
    assert ["Together", "7", "2", "29%", "0", "10 d", "0", "1", "1", "1 of 1", "0", "10 d", "0"] in rows
    assert "From 1 Jan 2026 through 10 Dec 2026" in words(text)
    assert "2 fell back before contract of 7 signed · 29% 1 in the period before" in words(text)
    assert "1 fell back from contract of 1 contract 0 in the period before" in words(text)
    assert "1 of 3 with the reason “Other”" in words(text), "Of fewer than five there is no percentage."


def test_reasons_stand_in_their_groups_against_the_window_before() -> None:
    an_office()
    rows = tables(get(bruna()))["collapses-reasons"][2:]
    assert rows == [
        ["Valuation", "0", "0", "1", "0"],
        ["Appraisal came in low", "0", "0", "1", "0"],
        ["The other side", "1", "1", "0", "0"],
        ["Outbid", "1", "1", "0", "0"],
        ["Other", "1", "0", "0", "0"],
        ["Other", "1", "0", "0", "0"],
    ]
    rows = tables(get(bruna(), all=1))["collapses-reasons"][2:]
    assert rows[2:4] == [["The other side", "2", "0"], ["Outbid", "2", "0"]], "Before everything there is no window."


def test_before_the_first_deal_there_is_nothing_to_compare_with() -> None:
    an_office()
    window: dict[str, Any] = {"from": "2000-01-01", "through": "2026-12-10"}
    assert "in the period before" not in words(get(bruna(), **window))


def test_before_the_very_first_deal_there_is_nothing_to_compare_with() -> None:
    falls(ana(), OCTOBER, reason="outbid")
    text = get(bruna())
    assert "1 fell back before contract of 1 signed" in words(text)
    assert "before of" not in words(text) and "period before" not in words(text).rpartition("What is counted")[0]
    assert tables(text)["collapses-reasons"][2:] == [["The other side", "1", "0"], ["Outbid", "1", "0"]]
    old = deal(ben(), OCTOBER - 400 * DAY)
    assert "0 in the period before" in words(get(bruna())), "Ben signed one then, and it did not fall back."
    assert old.pk and "0 in the period before" in words(get(bruna(), agent=ana().pk)), "whoever had signed it"


def test_the_window_before_has_as_many_days_and_its_own_facts() -> None:
    an_office()
    text = get(bruna())
    [address] = [a for _, a in links(text) if "earlier=1" in a and "reason=outbid" in a]
    facts = words(get(bruna(), address))
    assert "1 fact, newest first." in facts and "Ana Alvarez" not in facts
    assert "Fell back before contract · Outbid · in the period before" in facts


def test_quarters_without_a_deal_are_rows_too() -> None:
    an_office()
    found = tables(get(bruna()))
    # From the first signing of all on; nothing was there in the second quarter.
    assert [row[:3] for row in found["collapses-table"] if row[0].startswith("Q")][:2] == [
        ["Quarter", "Before contract", "From contract"], ["Q1 2026", "0", "0"]]  # fmt: skip
    assert ["Q3 2026", "1", "1"] in [row[:3] for row in found["collapses-table"]]
    assert found["collapses-groups"][0] == ["Quarter", "Valuation", "The other side", "Other", "Together"]
    assert ["Q4 2026", "0", "1", "0", "1"] in found["collapses-groups"]


@pytest.mark.parametrize("credit", [Credit.HOLDER, Credit.SHARED])
def test_every_number_has_as_many_facts_behind_it_as_it_says(credit: Credit) -> None:
    with transaction.atomic():
        office = DealOffice(4)
        office.live(110)
    earlier = f"{office.now - 20 * DAY:%Y-%m-%dT%H:%M}Z"
    queries: list[dict[str, Any]] = [{}, {"voided": 1, "from": "2026-10-01"}, {"known_at": earlier}]
    with patch("django.utils.timezone.now", return_value=office.now):
        for query in queries:
            found = links(get(bruna(), **query, by=credit.value))
            assert len(found) > 40
            for said, address in office.chance.sample(found, 10):
                facts = words(get(bruna(), address))
                number = re.match(r"\d+(?=$| fell back| quick)", said)
                if credit is Credit.HOLDER and number:
                    assert f" {number[0]} fact" in facts, (said, address)
                else:
                    assert "Nothing here" not in facts, (said, address)


def test_the_page_and_its_file_and_the_command_tell_the_same() -> None:
    an_office()
    client = Client()
    client.force_login(bruna())
    answer = client.get(PAGE, {"format": "csv"})
    assert answer["Content-Disposition"] == 'attachment; filename="collapses.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(r["by"], r["quarter"], r["kind"], r["reason"], r["count"], r["entries"], r["rate"]) for r in rows] == [
        ("Ana Alvarez", "2026Q3", "deal_collapsed", "other", "1", "1", ""),
        ("Ana Alvarez", "2026Q4", "deal_collapsed", "outbid", "1", "5", "0.2000"),
        ("Ben Brooks", "2026Q4", "contract_voided", "appraisal_low", "1", "1", ""),
    ]


def test_people_are_called_as_today_and_who_left_is_among_them() -> None:
    falls(ana(), OCTOBER)
    User.objects.filter(pk=ana().pk).update(display_name="Ana Alvarez-Stone", is_active=False)
    UserFactory.create(username="abe", display_name="Abe Zwick")
    falls(None, OCTOBER)
    rows = [row[0] for row in tables(get(bruna()))["collapses-table"]]
    assert rows[2:5] == ["Ana Alvarez-Stone (left)", "Pool, nobody yet", "Together"]
    assert "Fell back before contract · Ana Alvarez-Stone (left)" in get(
        bruna(), FACTS, kind="deal_collapsed", who=ana().pk
    )


def test_whoever_recorded_it_may_be_a_broker_or_scribe() -> None:
    falls(None, OCTOBER)
    assert "Bruna Barros" in [row[0] for row in tables(get(bruna(), by="actor"))["collapses-table"]]
    assert "1 fact" in get(bruna(), FACTS, by="actor", who=bruna().pk)


def test_more_may_fall_back_than_were_signed() -> None:
    window: dict[str, Any] = {"from": "2026-10-15"}
    for n in range(6):
        falls(ana(), OCTOBER + n * HOUR)
    text = words(get(bruna(), **window))
    assert "6 fell back before contract against 0 signed" in text
    deal(ana(), OCTOBER)
    assert ["Ana Alvarez", "1", "6", "6 to 1"] in [row[:4] for row in tables(get(bruna(), **window))["collapses-table"]]


def test_quick_returns_are_shown_apart_and_an_office_may_have_none() -> None:
    fact = falls(ana(), OCTOBER)
    advance(fact.lead, State.COMMITTED, now=OCTOBER + timedelta(minutes=30))
    text = words(get(bruna()))
    assert "1 quick return back within 60 minutes: an offer only replaced" in text and "1 of 1 recovered later" in text
    assert "1 fact" in get(bruna(), FACTS, quick=1)
    OfficeSettings.objects.update_or_create(pk=1, defaults={"quick_return_minutes": 0})
    text = words(get(bruna()))
    assert "0 quick returns switched off in this office" in text and "This office counts no quick returns." in text


# --- whose --------------------------------------------------------------------------------------------------


def test_an_agent_sees_own_figures_and_nobody_elses() -> None:
    an_office()
    text = get(ana())
    assert "Ben Brooks" not in text and "by-agent" not in text and "Bruna" not in text
    assert "2 fell back before contract of 6 signed · 33%" in words(text)
    assert get(ana(), agent=ana().pk) and get(ana(), agent=ben().pk, status=404)
    get(ana(), format="csv", status=403)
    assert "0 facts" not in get(ana(), FACTS, kind="contract_voided")
    assert "Nothing here" in get(ana(), FACTS, kind="contract_voided")
    get(ana(), FACTS, who=ben().pk, status=422)


def test_of_a_lead_that_a_colleague_holds_now_an_agent_sees_the_number_alone() -> None:
    fact = falls(ana(), OCTOBER)
    from lifecycle import service
    from lifecycle.events import Source

    service.assign_lead(
        lead_id=fact.lead_id, to_agent=ben(), actor=bruna(), source=Source.PAGE, reason="workload_balance"
    )
    assert "1 fell back before contract" in words(get(ana()))
    text = get(ana(), FACTS, kind="deal_collapsed")
    assert "1 more is with a colleague now." in text and fact.lead.name not in text


# --- edges --------------------------------------------------------------------------------------------------


def test_an_empty_office_has_a_sentence() -> None:
    assert "Nothing was signed and nothing fell back in this period" in words(get(bruna()))
    assert "Nothing here" in get(bruna(), FACTS)


@pytest.mark.parametrize(
    "query",
    [
        {"kind": "lead_created"}, {"group": "weather"}, {"who": "9" * 30}, {"quarter": "2026Q5"}, {"quick": "yes"},
        {"reason": "a b"}, {"kind": ["deal_collapsed", "deal_collapsed"]}, {"by": "nobody"},
        {"after": "x"}, {"from": "xyz"},
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused_with_a_sentence(query: dict[str, Any]) -> None:
    an_office()
    assert "error-summary" in get(bruna(), FACTS, status=422, **query)


@pytest.mark.parametrize("window", [{"from": "1900-01-01", "through": "2200-12-31"}, {"through": "1950-01-01"},
                                    {"from": "2200-12-31"}, {"all": 1}])  # fmt: skip
def test_any_window_has_an_answer(window: dict[str, Any]) -> None:
    an_office()
    get(bruna(), **window)
    get(bruna(), FACTS, earlier=1, **window)


def test_as_known_at_an_instant_the_figures_never_change_again() -> None:
    falls(ana(), OCTOBER, reason="outbid")
    then: dict[str, Any] = {"known_at": f"{OCTOBER + DAY:%Y-%m-%dT%H:%M}Z"}
    before = tables(get(bruna(), **then))
    falls(ana(), OCTOBER + 20 * DAY)
    assert tables(get(bruna(), **then)) == before
    assert tables(get(bruna())) != before


@pytest.mark.parametrize("credit", list(Credit))
def test_as_many_questions_for_three_leads_as_for_thirty(credit: Credit) -> None:
    client = Client()
    client.force_login(bruna())

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path, {"by": credit.value}).status_code == 200
        return len(caught)

    def more(n: int) -> None:
        for k in range(n):
            falls(ana() if k % 2 else ben(), OCTOBER + k * DAY)

    more(3)
    few = asked(PAGE), asked(FACTS)
    more(9)
    assert (asked(PAGE), asked(FACTS)) == few


@pytest.mark.parametrize(
    ("now", "first", "last"),
    [
        ("2026-12-10T18:00:00Z", "2026-01-01", "2026-12-10"),
        ("2027-01-01T07:59:00Z", "2026-01-01", "2026-12-31"),
        ("2027-01-01T08:00:00Z", "2026-04-01", "2027-01-01"),
        ("2026-07-04T08:00:00Z", "2025-10-01", "2026-07-04"),
    ],
)
def test_the_last_four_quarters_are_those_of_the_office(now: str, first: str, last: str) -> None:
    days = last_four_quarters(datetime.fromisoformat(now), OfficeSettings().zone)
    assert [day.isoformat() for day in days] == [first, last]


def test_a_percentage_is_rounded_half_up() -> None:
    from fractions import Fraction

    assert [percent(Fraction(n, 200)) for n in (0, 1, 2, 199, 200, 301)] == ["0%", "1%", "1%", "100%", "100%", "151%"]
