"""Board and changes while an import runs and afterwards: what it brought is told in one line, cards say "about"."""

import html
import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.board import changes
from leads.board.changes import cursor_now
from leads.models import Lead, User
from lifecycle import service
from lifecycle.states import State
from tests.backfilled import CREATED, came_in, old_lead, row, taken_back, taken_up, the_import
from tests.factories import LeadFactory, advance, ana, ben, bruna

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def page(url: str, viewer: Any = None, **query: Any) -> str:
    client = Client()
    client.force_login(viewer or bruna())
    answer = client.get(f"{url}?{urlencode(query, doseq=True)}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def words(markup: str) -> str:
    return re.sub(r" ([.,;:])", r"\1", re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", markup))))


def card_of(lead: Lead, markup: str) -> str:
    return markup.partition(f'id="lead-{lead.pk}"')[2].partition("</li>\n</ul>")[0].partition('<li class="card')[0]


# --- cards --------------------------------------------------------------------------------------------------


def test_a_card_says_about_how_long_and_that_nobody_knows_how_it_came_here() -> None:
    lead = old_lead("QUALIFIED", now=timezone.now() - DAY, agent=ana().display_name)
    card = card_of(lead, page("/"))
    assert re.search(r"about \d+ y here, stale", words(card))
    assert "Qualified since about Thu 13 Oct 2011, 2:15:00 am PDT, as an old system had it" in card
    assert "It stood here in an old system; how it came here is not known." in card
    assert re.search(r"<span>Imported</span>", card) and "came here" not in words(card)


def test_a_card_without_any_date_says_at_least() -> None:
    lead = old_lead("COMMITTED", now=timezone.now() - 2 * DAY, created_at=None, modified_at=None)
    card = card_of(lead, page("/"))
    assert "at least 2 d here" in words(card) and "or earlier: an old system kept no time of it" in card


def test_once_somebody_moves_it_here_its_age_is_known_again() -> None:
    lead = old_lead("COMMITTED", now=timezone.now() - 2 * DAY)
    advance(lead, State.IN_CONTRACT, now=timezone.now() - DAY)
    said = words(card_of(lead, page("/")))
    assert "1 d here" in said and "about" not in said


def test_on_a_board_of_the_past_too() -> None:
    lead = old_lead("QUALIFIED", now=timezone.now() - DAY)
    then = {"as_of": "2011-12-24T12:00"}
    assert "about 72 d here" in words(card_of(lead, page("/", **then)))
    assert f'id="lead-{lead.pk}"' not in page("/", **then, clock="known")


def test_where_it_stood_before_the_old_system_says_so_is_up_to_then() -> None:
    lead = old_lead("CLOSED", now=timezone.now() - DAY)
    card = card_of(lead, page("/", as_of="2011-10-08T12:00"))
    assert "up to 7 d here" in words(card) and "it may have stood elsewhere by then" in card


def test_a_board_without_leads_of_an_old_system_asks_nothing_more() -> None:
    LeadFactory.create(status=State.QUALIFIED)
    client = Client()
    client.force_login(bruna())
    client.get("/")
    with CaptureQueriesContext(connection) as bare:
        client.get("/")
    old_lead("QUALIFIED", now=timezone.now() - DAY)
    with CaptureQueriesContext(connection) as more:
        client.get("/")
    assert len(more) - len(bare) <= 1


# --- the feed -----------------------------------------------------------------------------------------------


def poll(viewer: User, cursor: changes.Cursor, *, seconds_ago: int = 0) -> tuple[int, str, list[str], changes.Cursor]:
    """Status, sentence, columns and the next cursor of a board that was drawn so many seconds ago."""
    drawn = cursor.drawn - seconds_ago
    client = Client()
    client.force_login(viewer)
    answer = client.get(f"/board/changes?since={cursor.since}&tail={cursor.tail}&drawn={drawn}&ticked={cursor.ticked}")
    body = answer.content.decode()
    said = re.search(r'hx-target="#say"[^>]*>(.*?)</hx-partial>', body, re.S)
    live = re.search(r'hx-get="([^"]*/board/changes[^"]*)"', body)
    query = {k: int(v[0]) for k, v in parse_qs(urlsplit(html.unescape(live[1])).query).items()} if live else {}
    onward = changes.Cursor(**query) if query else cursor
    return answer.status_code, said[1].strip() if said else "", re.findall(r'id="column-(\w+)"', body), onward


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten facts are more than anybody reads."""
    monkeypatch.setattr(changes, "MOST_NEWS", 10)
    monkeypatch.setattr(changes, "FEW_NEWS", 5)


def bring(n: int, **said: Any) -> list[Lead]:
    return came_in([row("QUALIFIED", **said) for _ in range(n)], now=timezone.now())


@pytest.mark.usefixtures("few")
def test_a_running_import_does_not_draw_the_board_with_every_look() -> None:
    LeadFactory.create(agent=ana())
    cursor = cursor_now()
    bring(8)
    assert poll(bruna(), cursor)[0] == poll(ana(), cursor)[0] == 204
    status, said, columns, onward = poll(bruna(), cursor, seconds_ago=13)
    assert (status, said, len(columns)) == (200, "Leads are coming in by an import.", 8)
    bring(8)
    assert poll(bruna(), onward)[0] == 204
    status, said, columns, _ = poll(bruna(), onward, seconds_ago=13)
    assert (status, said, len(columns)) == (200, "", 8), "said once, not every twelve seconds"


@pytest.mark.usefixtures("few")
def test_whoever_sees_none_of_it_is_left_alone() -> None:
    cursor = cursor_now()
    bring(8, agent=ben().display_name)
    status, said, columns, onward = poll(ana(), cursor, seconds_ago=13)
    assert (status, said, columns) == (200, "", []) and onward.since >= cursor.since
    assert len(poll(ben(), cursor, seconds_ago=13)[2]) == 8


@pytest.mark.usefixtures("few")
def test_what_a_colleague_does_meanwhile_is_seen_at_once() -> None:
    lead = LeadFactory.create(agent=ana(), status=State.QUALIFIED)
    cursor = cursor_now()
    bring(8)
    advance(lead, State.COMMITTED, actor=ana())
    status, said, columns, _ = poll(bruna(), cursor)
    assert status == 200 and len(columns) == 8 and said


@pytest.mark.usefixtures("few")
def test_that_an_import_is_taken_back_is_said_as_that() -> None:
    leads = came_in([row("QUALIFIED")] * 12, now=timezone.now() - DAY)
    cursor = cursor_now()
    taken_back(leads, now=timezone.now())
    assert poll(ana(), cursor, seconds_ago=13)[1] == "An import is being taken back."


def test_a_small_import_is_one_sentence() -> None:
    cursor = cursor_now()
    leads = bring(3, agent=ana().display_name)
    assert poll(bruna(), cursor)[1] == poll(ana(), cursor)[1] == "An import brought 3 leads."
    cursor = cursor_now()
    taken_back(leads, now=timezone.now(), actor=ben_the_broker())
    assert poll(bruna(), cursor)[1] == "An import was taken back: 3 leads."


def ben_the_broker() -> User:
    User.objects.filter(pk=ben().pk).update(role="broker")
    return User.objects.get(pk=ben().pk)


# --- what changed -------------------------------------------------------------------------------------------


def group_counts(markup: str) -> dict[str, int]:
    return {g: int(n) for g, n in re.findall(r'<a href="#(\w+)"[^>]*><b>(\d+)</b>', markup)}


def told(markup: str) -> str:
    return words(markup.partition('id="imports"')[2].partition("</section>")[0])


@pytest.mark.parametrize("clock", ["happened", "known"])
def test_an_import_is_one_line_and_does_not_drown_what_people_did(clock: str) -> None:
    LeadFactory.create(name="Emil", agent=ana(), begun=timezone.now() - timedelta(hours=6))
    rows = [row(s, created_at=None, modified_at=None, agent=ana().display_name) for s in ("QUALIFIED", "CLOSED") * 30]
    leads = came_in(rows, now=timezone.now() - timedelta(hours=3))
    the_import(leads[0])
    markup = page("/changes/", since="", **{"from": (timezone.now() - DAY).isoformat()}, clock=clock)
    assert group_counts(markup) == {"new": 1}
    assert "1 lead changed" in words(markup)
    assert re.search(r"An import from “Old CRM” by Bruna Barros, \d+ \w+: 60 leads came in\.", told(markup))
    assert "They stood in Qualified 30 Closed 30" in told(markup)
    assert "Dana Ortiz" not in markup


def test_what_an_old_system_only_guessed_at_is_no_news_of_the_week() -> None:
    leads = came_in(
        [row("COMMITTED", created_at=CREATED, modified_at=timezone.now() - 2 * DAY) for _ in range(4)],
        now=timezone.now() - timedelta(hours=3),
    )
    advance(leads[0], State.IN_CONTRACT, now=timezone.now() - timedelta(hours=1))
    markup = page("/changes/", **{"from": (timezone.now() - 5 * DAY).isoformat()})
    assert group_counts(markup) == {"advanced": 1}
    assert "Of 4 leads it told what an old system had at about this time." in told(markup)


def test_an_import_that_is_taken_back_and_comes_again_trashes_nobody() -> None:
    leads = came_in([row("COMMITTED") for _ in range(3)], now=timezone.now() - 9 * DAY)
    week = {"from": (timezone.now() - 5 * DAY).isoformat()}
    taken_back(leads, now=timezone.now() - 3 * DAY)
    for clock in ("happened", "known"):
        markup = page("/changes/", **week, clock=clock)
        assert group_counts(markup) == {} and "It was taken back: 3 leads left the board." in told(markup)
    taken_up(leads, [row("COMMITTED")] * 3, now=timezone.now() - DAY)
    assert 'id="imports"' not in page("/changes/", **week), "as it was, they never went"
    assert "It brought 3 leads again." in told(page("/changes/", **week, clock="known"))


def test_nothing_else_happened_and_the_page_says_so_without_calling_it_quiet() -> None:
    came_in([row("QUALIFIED", created_at=None, modified_at=None)], now=timezone.now() - timedelta(hours=3))
    markup = page("/changes/", **{"from": (timezone.now() - DAY).isoformat()})
    assert "1 lead came in." in told(markup) and "A quiet stretch" not in markup


def test_an_agent_reads_of_an_import_only_what_is_theirs() -> None:
    batch = uuid4()
    rows = [row("QUALIFIED", agent=who.display_name) for who in (ana(), ana(), ben())]
    leads = came_in(rows, now=timezone.now() - timedelta(hours=3), batch=batch)
    the_import(leads[0])
    markup = page("/changes/", ana(), **{"from": (timezone.now() - DAY).isoformat()}, clock="known")
    assert "2 leads came in." in told(markup) and "/import/" not in markup


def test_the_facts_of_a_line_say_about_when() -> None:
    lead = old_lead("COMMITTED", now=timezone.now() - 9 * DAY, modified_at=timezone.now() - 20 * DAY)
    advance(lead, State.QUALIFIED, now=timezone.now() - DAY)
    service.void_move(
        lead_id=lead.pk,
        target=lead.events.order_by("-version")[0].uuid,
        reason="mis_drag",
        actor=bruna(),
        source="page",
        now=timezone.now() - timedelta(hours=2),
    )
    markup = page("/changes/", **{"from": (timezone.now() - 5 * DAY).isoformat()}, clock="known")
    assert group_counts(markup) == {"fell_back": 1, "undone": 1, "there_and_back": 1}
