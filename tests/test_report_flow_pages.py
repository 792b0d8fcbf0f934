"""The pages of funnel, flow and paths: numbers that lead to what is behind them, whose figures, what is refused."""

import csv
import json
import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.models import Lead, User
from leads.reports.flow import last_12_weeks
from leads.reports.funnel import last_8_quarters
from leads.reports.paths import in_words
from lifecycle import service
from lifecycle.events import Source
from lifecycle.reports.pipeline import word_of
from lifecycle.states import State
from tests.factories import LeadFactory, UserFactory, advance, ana, ben, bruna, otto

pytestmark = pytest.mark.django_db

PAGES = ("/reports/funnel/", "/reports/flow/", "/reports/paths/")
BEHIND = ("/reports/funnel/leads/", "/reports/flow/facts/", "/reports/paths/leads/")
N, C, Q, K, X = State.NEW, State.CONTACTING, State.QUALIFIED, State.COMMITTED, State.IN_CONTRACT


def client_of(viewer: User) -> Client:
    client = Client()
    client.force_login(viewer)
    return client


def shown(viewer: User | Client, page: str, /, *, status: int = 200, **query: Any) -> str:
    client = viewer if isinstance(viewer, Client) else client_of(viewer)
    answer = client.get(f"{page}?{urlencode(query, doseq=True)}" if query else page)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def text_of(html: str) -> str:
    main = html.partition('<main id="main"')[2].partition("</main>")[0] or html
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def numbers_of(html: str) -> list[tuple[int, str]]:
    """Every number of tables and tiles that is a link, with its address."""
    found = re.findall(r'href="(/reports/[^"]+)">(?:<b>)?(\d+)</', html)
    return [(int(n), unescape(url)) for url, n in found]


def an_office() -> None:
    """Nine leads of the last weeks: Ana's, Ben's, the pool's and one of Otto, who left."""
    UserFactory.create(username="otto", display_name="Otto Oduya")
    for holder in (ana(), ben(), None, otto()):
        LeadFactory.create(agent=holder)
        LeadFactory.create(agent=holder, status=K)
    User.objects.filter(username="otto").update(is_active=False)
    fell = LeadFactory.create(agent=ana(), status=K)
    for to in (Q, K, X, State.CLOSED):
        advance(fell, to, actor=ana())


# --- numbers and what is behind them ------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["bruna", "ana"])
def test_every_number_leads_to_as_many_leads_or_facts(who: str) -> None:
    an_office()
    viewer = client_of({"bruna": bruna, "ana": ana}[who]())
    for page in PAGES:
        numbers = list(dict.fromkeys(numbers_of(shown(viewer, page))))
        assert len(numbers) > 5
        # Every third of them, so that the test takes seconds.
        for n, url in numbers[len(who) % 3 :: 3]:
            told = text_of(shown(viewer, url))
            counted = [int(m) for m in re.findall(r"(\d+) (?:leads?|facts?), newest first", told)]
            hidden = [int(m) for m in re.findall(r"(\d+) more (?:is|are) with", told)]
            assert sum(counted + hidden) == n, (url, told)


def test_every_part_of_a_drawn_week_leads_to_as_many_facts() -> None:
    an_office()
    viewer = client_of(bruna())
    charts = re.findall(r'data-chart="([^"]+)"', shown(viewer, "/reports/flow/"))
    [weekly] = [c for c in (json.loads(unescape(text)) for text in charts) if c["kind"] == "columns"]
    drawn = [value for series in weekly["series"] for value in series["values"] if value.get("size")]
    assert len(drawn) > 5
    for value in drawn:
        counted = re.search(r"(\d+) facts?, newest first", text_of(shown(viewer, value["url"])))
        assert counted is not None and int(counted[1]) == value["size"], value


def test_the_stages_of_every_move_are_drawn_in_the_order_of_the_board() -> None:
    an_office()
    charts = re.findall(r'data-chart="([^"]+)"', shown(bruna(), "/reports/flow/"))
    [drawn] = [c for c in (json.loads(unescape(text)) for text in charts) if c["kind"] == "flow"]
    order = ["", *State]
    for side in ("from-", "to-"):
        keys = [node["key"].removeprefix(side) for node in drawn["nodes"] if node["key"].startswith(side)]
        places = [order.index(key if key in [*map(str, State)] else "") for key in keys]
        assert len(places) > 2 and places == sorted(places), keys


def test_the_funnel_says_what_was_lost_between_two_stages() -> None:
    an_office()
    told = text_of(shown(bruna(), "/reports/funnel/"))
    assert "Of 9 new, 5 were contacted" in told and "Of 5 signed, 1 went into contract" in told
    assert "56%" in told and "still running" in told


def test_below_five_leads_the_funnel_names_both_numbers() -> None:
    LeadFactory.create(status=Q)
    LeadFactory.create()
    told = text_of(shown(bruna(), "/reports/funnel/"))
    assert "1 of 2" in told and "%" not in told.partition("What is counted")[0]


def test_the_week_that_is_not_over_says_so_and_a_past_that_ended_with_its_week_does_not() -> None:
    an_office()
    told = text_of(shown(bruna(), "/reports/flow/"))
    assert told.count("not over") == 1
    assert "not over" in text_of(shown(bruna(), "/reports/flow/", stage="NEW", all=1))
    assert "In and out of “New”" in text_of(shown(bruna(), "/reports/flow/", stage="NEW"))


def test_a_path_is_followed_stage_by_stage() -> None:
    an_office()
    told = text_of(shown(bruna(), "/reports/paths/", path="NCQS"))
    assert "Begins with New › Contacting › Qualified › Committed" in told
    assert "What came after" in told and "Stand there now 4" in told
    further = shown(bruna(), "/reports/paths/", path="NCQ", then="S")
    assert "New › Contacting › Qualified › Committed" in text_of(further)
    assert "One stage back" in text_of(further) and "path=NCQ" in further
    assert "1 of 9" in text_of(shown(bruna(), "/reports/paths/", path="SQS", match="contains"))
    assert "1 of 9" in text_of(shown(bruna(), "/reports/paths/", fell=1))


def test_a_long_path_is_cut_on_the_screen_and_whole_in_the_file() -> None:
    lead = LeadFactory.create(status=K, agent=ana())
    for _ in range(12):
        advance(lead, Q, actor=ana())
        advance(lead, K, actor=ana())
    whole = [N, C, Q, K, *[Q, K] * 12]
    assert "… 17 more …" in text_of(shown(bruna(), "/reports/paths/"))
    assert in_words(word_of(whole)).count("›") == 11
    [row] = csv.DictReader(shown(bruna(), "/reports/paths/", format="csv").lstrip("\ufeff").splitlines())
    assert row["path"] == ">".join(whole)
    assert [n for n, _ in numbers_of(shown(bruna(), "/reports/paths/"))][-1] == 1


def test_more_paths_are_shown_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.reports.paths.SHOWN", 3)
    for status in (N, C, Q, K):
        LeadFactory.create(status=status, agent=ana())
    html = shown(bruna(), "/reports/paths/")
    assert "Show more paths" in html and html.count('"flow-path"') == 3
    more = shown(bruna(), "/reports/paths/", show=6)
    assert "Show more paths" not in more and more.count('"flow-path"') == 4


# --- files --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "head"),
    [
        (PAGES[0], "cohort,stage,reached,share"),
        (PAGES[1], "week,stage,entries,forward,back,aside,returned"),
        (PAGES[2], "path,leads,share,stands,fell_back,median_hours"),
    ],
)
def test_a_file_has_the_figures_and_is_for_brokers(page: str, head: str) -> None:
    an_office()
    lines = shown(bruna(), page, format="csv").lstrip("\ufeff").splitlines()
    assert lines[0] == head and len(lines) > 3
    assert "Download CSV" in shown(bruna(), page) and "Download CSV" not in shown(ana(), page)
    shown(ana(), page, format="csv", status=403)


# --- whose --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_an_agent_sees_own_figures_alone(page: str) -> None:
    an_office()
    own = text_of(shown(ana(), page))
    assert "Here are your own figures." in own and "Ben" not in own and "Otto" not in own
    shown(ana(), page, agent=ben().pk, status=404)
    shown(ana(), page, agent="pool", status=404)
    of_ana = shown(bruna(), page, agent=ana().pk)
    assert [n for n, _ in numbers_of(shown(ana(), page))] == [n for n, _ in numbers_of(of_ana)]


@pytest.mark.parametrize("page", PAGES)
def test_whoever_left_and_the_pool_have_figures_too(page: str) -> None:
    an_office()
    for asked in (otto().pk, "pool"):
        assert numbers_of(shown(bruna(), page, agent=asked))


def test_an_agent_sees_of_facts_with_colleagues_now_only_how_many() -> None:
    lead = LeadFactory.create(agent=ana(), status=Q, name="Dana Ortiz")
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="workload_balance", actor=bruna(), source=Source.PAGE)
    told = text_of(shown(ana(), "/reports/flow/facts/", into="QUALIFIED"))
    assert "1 more is with a colleague now." in told and "Dana" not in told


# --- little and nothing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_an_office_without_leads_gets_a_sentence(page: str) -> None:
    for viewer in (bruna(), ana()):
        for query in ({}, {"all": 1}, {"known_at": "2020-01-01T00:00"}):
            assert re.search("No lead|Nothing moved", text_of(shown(viewer, page, **query)))
    assert len(shown(bruna(), page, format="csv").splitlines()) == 1 or "flow" in page


@pytest.mark.parametrize("page", PAGES)
def test_the_number_of_queries_does_not_grow(page: str) -> None:
    counts = []
    for more in (2, 20):
        for _ in range(more):
            LeadFactory.create(status=K, agent=ana())
        client = Client()
        client.force_login(bruna())
        with CaptureQueriesContext(connection) as asked:
            client.get(page)
        counts.append(len(asked))
    assert counts[0] == counts[1] < 20


# --- what means nothing -------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES + BEHIND)
def test_a_question_that_means_nothing_is_refused_with_a_sentence(page: str) -> None:
    viewer = client_of(bruna())
    odd: list[dict[str, Any]] = [
        {"from": "xyz"},
        {"agent": "1" * 30},
        {"known_at": "soon"},
        {"from": ["2026-01-01"] * 2},
    ]
    for query in odd:
        assert "error-summary" in shown(viewer, page, status=422, **query)


NO_NUMBER: list[tuple[str, dict[str, Any]]] = [
    ("/reports/funnel/leads/", {"cohort": "2026Q9"}),
    ("/reports/funnel/leads/", {"cohort": "٢٠٢٦Q1"}),
    ("/reports/funnel/leads/", {"cohort": "0000Q1"}),
    ("/reports/funnel/leads/", {"reached": "ARCHIVED"}),
    ("/reports/funnel/leads/", {"now": "perhaps"}),
    ("/reports/flow/", {"stage": "LIMBO"}),
    ("/reports/flow/facts/", {"week": "2026-W99"}),
    ("/reports/flow/facts/", {"into": "LIMBO"}),
    ("/reports/flow/facts/", {"out_of": "LIMBO"}),
    ("/reports/flow/facts/", {"way": "begun"}),
    ("/reports/flow/facts/", {"fell": "2"}),
    ("/reports/paths/", {"path": "NEW"}),
    ("/reports/paths/", {"path": "N" * 65}),
    ("/reports/paths/", {"path": "N" * 64, "then": "C"}),
    ("/reports/paths/", {"path": "%"}),
    ("/reports/paths/", {"then": "NC"}),
    ("/reports/paths/", {"match": "like"}),
    ("/reports/paths/", {"ends": "Z"}),
    ("/reports/paths/", {"show": "1111"}),
    ("/reports/paths/", {"show": "²"}),
    ("/reports/paths/leads/", {"path": "X"}),
]


def test_a_number_that_is_none_is_refused_with_a_sentence() -> None:
    LeadFactory.create()
    viewer = client_of(bruna())
    for page, query in NO_NUMBER:
        assert "error-summary" in shown(viewer, page, status=422, **query), (page, query)


@pytest.mark.parametrize("page", PAGES)
def test_the_longest_window_of_all_is_answered(page: str) -> None:
    LeadFactory.create(begun=datetime(1999, 1, 4, tzinfo=UTC))
    window: dict[str, Any] = {"from": "1900-01-01", "through": "2200-12-31"}
    shown(bruna(), page, **window)


# --- windows ------------------------------------------------------------------------------------------------


def test_the_funnel_asks_for_eight_quarters_and_the_flow_for_twelve_weeks() -> None:
    office = ZoneInfo("America/Los_Angeles")
    for year in range(2023, 2029):
        for month in range(1, 13):
            for day in (1, 15, 28):
                first, last = last_8_quarters(datetime(year, month, day, 20, tzinfo=UTC), office) or (None, None)
                assert first and last and (first.day, (first.month - 1) % 3) == (1, 0)
                assert (last.year - first.year) * 12 + last.month - first.month == 23
                assert last >= date(year, month, day)
    first, last = last_12_weeks(datetime(2026, 11, 23, 4, tzinfo=UTC), office) or (None, None)
    assert str(first) == "2026-08-31" and str(last) == "2026-11-22"


def test_as_known_at_a_past_the_window_is_that_of_then() -> None:
    LeadFactory.create(begun=datetime(2024, 2, 5, 18, tzinfo=UTC), status=Q)
    with patch("django.utils.timezone.now", return_value=datetime(2024, 2, 6, tzinfo=UTC)):
        then = text_of(shown(bruna(), "/reports/paths/"))
    known = text_of(shown(bruna(), "/reports/paths/", known_at="2024-02-05T16:00"))
    assert "Contacting" in known and "As we knew it on" in known
    assert re.findall(r"From .*? through \d+ \w+ \d+", known) == re.findall(r"From .*? through \d+ \w+ \d+", then)
    assert not Lead.objects.filter(created_at__gt=timezone.now()).exists()
