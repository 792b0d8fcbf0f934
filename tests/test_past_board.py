"""The board of another day: it equals the board that was drawn that day, is judged by today's rights, and is framed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.asked_time import link_form
from leads.board.past import PastPicture
from leads.board.picture import ColumnView, Picture
from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.history import Clock
from lifecycle.models import OfficeSettings
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest
from tests.past_stories import MONDAY, Office
from tests.soundness import nothing_written
from tests.test_board import as_user, board, text_of

pytestmark = pytest.mark.django_db

HAPPENED, KNOWN = Clock.HAPPENED, Clock.KNOWN
FILTERS = [
    "open=CLOSED&open=ARCHIVED&open=TRASHED",
    "mine=true&open=ARCHIVED",
    "agent=pool",
    "provenance=fell_back",
    "came=month",
    "flag=any",
    "stale=true",
    "q=Lead+1",
    "flag=quiet&provenance=fresh&open=TRASHED",
]


@contextmanager
def it_is(moment: datetime) -> Iterator[None]:
    """The clock on the wall shows this moment."""
    with patch.object(timezone, "now", lambda: moment):
        yield


def drawn(picture: Picture) -> list[ColumnView]:
    """The columns less what only today's board has: where cards may go, and addresses without a moment."""
    return [plain(view) for view in picture.columns(State)]


def plain(view: ColumnView) -> ColumnView:
    cards = [replace(card, version=0, at="", move="") for card in view.cards]
    mix = [replace(part, query="") for part in view.mix]
    links = {"fold_query": "", "stale_query": "", "more_query": bool(view.more_query)}
    return replace(view, cards=cards, mix=mix, legal="", ask="", **links)  # type: ignore[arg-type]


def html_of(views: list[ColumnView]) -> str:
    return "".join(render_to_string("board/column.html", {"column": view}) for view in views)


def boards_on_the_way(office: Office, viewer: User) -> list[tuple[datetime, str, list[ColumnView]]]:
    """Life goes on, and every now and then somebody looks at the board: when, with which filters, what it showed."""
    seen = []
    for n in range(9):
        office.live(14)
        moment = office.now + timedelta(seconds=office.chance.choice([0, 1, 7200]))
        office.now = moment + timedelta(seconds=1)
        query = FILTERS[n % len(FILTERS)]
        with it_is(moment):
            seen.append((moment, query, drawn(Picture(viewer, QueryDict(query)))))
    office.live(14)
    return seen


@pytest.mark.parametrize("seed", [1, 2])
def test_the_board_as_we_knew_it_is_the_board_that_was_drawn(seed: int) -> None:
    """With moves undone, reasons corrected and calls logged late, whatever the filters."""
    for moment, query, live in boards_on_the_way(Office(seed), bruna()):
        past = drawn(PastPicture(bruna(), QueryDict(query), moment, KNOWN))
        assert past == live, (moment, query)
        assert html_of(past) == html_of(live)


@pytest.mark.parametrize("seed", [4])
def test_where_nothing_was_mended_later_the_board_as_it_was_is_the_same(seed: int) -> None:
    for moment, query, live in boards_on_the_way(Office(seed, plain=True), bruna()):
        assert drawn(PastPicture(bruna(), QueryDict(query), moment, HAPPENED)) == live, (moment, query)


def test_a_page_further_down_is_the_page_of_that_day() -> None:
    begun = MONDAY
    for n in range(30):
        LeadFactory.create(name=f"Lead {n}", agent=ana(), begun=begun + timedelta(minutes=n))
    moment = begun + timedelta(hours=1)
    with it_is(moment):
        live = Picture(bruna(), QueryDict("")).columns([State.NEW])[0]
    for lead in Lead.objects.order_by("pk")[:12]:
        advance(lead, State.CONTACTING, actor=ana(), now=moment + timedelta(hours=2))

    past = PastPicture(bruna(), QueryDict(""), moment, HAPPENED)
    first = past.columns([State.NEW])[0]
    assert plain(first) == plain(live) and (first.count, len(first.cards), first.rest) == (30, 25, 5)

    more = as_user(bruna()).get(first.more_query + "&shown=NEW:25", headers={"HX-Request": "true"}).content.decode()
    found = re.findall(r'class="card-name"[^>]*>([^<]+)</a>', more)
    assert found == [f"Lead {n}" for n in (4, 3, 2, 1, 0)]
    assert "/move/" not in more and "as_of" not in text_of(more)
    alone = as_user(bruna()).get(first.more_query).content.decode()
    assert "Lead 0" in alone and "past-band" in alone and 'class="page page-narrow is-past"' in alone


# ---- whose leads


def test_ana_never_sees_a_lead_that_is_bens_today_though_it_was_hers() -> None:
    lead = LeadFactory.create(name="Canary Calloway", agent=ana(), begun=MONDAY)
    hers = MONDAY + timedelta(hours=1)
    service.assign_lead(
        lead_id=lead.pk, to_agent=ben(), reason="workload_balance", actor=bruna(), source=Source.PAGE,
        now=MONDAY + timedelta(days=1),
    )  # fmt: skip
    asked = link_form(hers, UTC)
    for clock in ("", "&clock=known"):
        for query in (f"?as_of={quoted(asked)}{clock}", f"?as_of={quoted(asked)}{clock}&mine=true&q=Canary"):
            assert "Canary" not in cards(board(ana(), query))
            assert "Canary" not in cards(as_user(ana()).get(f"/board/column/NEW/{query}").content.decode())
        assert as_user(ana()).get(f"/leads/{lead.pk}/at/?t={quoted(asked)}{clock}").status_code == 404
        # Ben has it today, so its past is his to read, also the part when it was Ana's.
        then = board(ben(), f"?as_of={quoted(asked)}{clock}")
        assert "Canary Calloway" in then and "With Ana Alvarez" in then
        assert "Canary" not in cards(board(ben(), f"?as_of={quoted(asked)}{clock}&mine=true"))


def test_agents_are_told_what_is_left_out_and_a_search_goes_by_todays_names() -> None:
    LeadFactory.create(name="Renamed Rita", agent=ana(), begun=MONDAY)
    query = f"?as_of={quoted(link_form(MONDAY + timedelta(hours=1), UTC))}"
    assert "Leads that are with colleagues today are not shown." in board(ana(), query)
    assert "colleagues" not in board(bruna(), query)
    assert "the search goes by them" in board(bruna(), query + "&q=rita")
    assert "the search goes by them" not in board(bruna(), query)


# ---- the frame


def quoted(text: str) -> str:
    return text.replace("+", "%2B")


def cards(html: str) -> str:
    """The cards alone: a search field holds what was searched for."""
    return "".join(re.findall(r'<li class="card.*?\n</li>', html, re.S))


def test_the_past_is_framed_and_nothing_on_it_moves() -> None:
    lead = LeadFactory.create(name="Dana Ortiz", agent=ana(), begun=MONDAY)
    at = quoted(link_form(MONDAY + timedelta(hours=1), UTC))
    with nothing_written():
        html = board(bruna(), f"?as_of={at}&clock=known")
    assert "The board as of <time" in html and "Mon 2 Mar 2026, 10:00 am PST" in html and "As we knew it then." in html
    for gone in ("/move/", "Sortable", "board.js", 'id="live"', "data-undo", 'id="why-not"', "departed"):
        assert gone not in html
    # Filters, views, folded columns and a card keep the moment and the clock.
    kept = "as_of=2026-03-02T10%3A00-08%3A00&amp;clock=known"
    assert f'href="?{kept}&amp;open=CLOSED"' in html
    assert f'href="?{kept}&amp;stale=true"' in html or f'href="?{kept}&amp;mine=true"' in html
    assert f'href="/leads/{lead.pk}/at/?t=2026-03-02T10%3A00-08%3A00&amp;clock=known"' in html
    assert '<input type="hidden" name="as_of" value="2026-03-02T10:00-08:00">' in html
    assert 'href="/changes/?from=2026-03-02T10%3A00-08%3A00&amp;clock=known">' in html


def test_compared_with_now_the_agent_goes_along_and_the_link_says_which_filters_do_not() -> None:
    day, title = "?as_of=2026-03-02T10:00", 'title="All leads: of these filters only the agent goes along."'
    for query, carried, left_out in (
        ("&mine=true", f"&amp;agent={bruna().pk}", False),
        (f"&agent={ana().pk}", f"&amp;agent={ana().pk}", False),
        ("&agent=pool&flag=any&clock=known", "&amp;clock=known&amp;agent=pool", True),
        ("&q=rita", "", True),
    ):
        html = board(bruna(), day + query)
        assert f'href="/changes/?from=2026-03-02T10%3A00-08%3A00{carried}"' in html, query
        assert (title in html) is left_out, query
        link = re.search(r'href="(/changes/[^"]+)"', html)
        assert link and as_user(bruna()).get(unescaped(link[1])).status_code == 200


def test_asked_for_no_moment_the_board_stands_at_the_last_monday_at_nine_in_the_office() -> None:
    OfficeSettings.objects.update_or_create(pk=OfficeSettings.ONLY, defaults={"time_zone": "America/Los_Angeles"})
    traveller = bruna()
    traveller.time_zone = "Europe/Paris"
    traveller.save()
    client = as_user(traveller)
    for day in (23, 24, 29, 30):
        with it_is(datetime(2026, 3, day, 18, 30, tzinfo=UTC)):
            html = client.get("/?as_of=").content.decode()
        monday = "Mon 23 Mar 2026, 5:00 pm CET" if day > 23 else "Mon 16 Mar 2026, 5:00 pm CET"
        assert monday in html, day
        assert "Start of the quarter: " not in html and 'title="Thu 1 Jan 2026, 9:00 am CET"' in html
        assert 'title="Sun 1 Mar 2026, 9:00 am CET"' in html


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("tomorrow", "Type it like"),
        ("2126-01-01T00:00", "is still to come"),
        ("2026-03-08T02:30", "did not exist"),
        ("0001-01-01T00:00", "Check the year"),
        ("\u0660\u0661-11-2026T14:00:00", "Type it like"),
        ("9" * 9000, "Type it like"),
        ("2026-11-01T01:30%2B99:00", "Type it like"),
    ],
)
def test_what_names_no_moment_is_refused_with_an_example_and_today_is_offered(asked: str, sentence: str) -> None:
    for path in ("/", "/board/column/NEW/"):
        answer = as_user(bruna()).get(f"{path}?as_of={asked}&open=CLOSED")
        html = answer.content.decode()
        assert answer.status_code == 422 and sentence in html
        assert 'href="?open=CLOSED"' in html and 'id="column-NEW"' not in html


def test_what_was_typed_stays_in_the_field() -> None:
    html = as_user(bruna()).get("/?as_of=last+tuesday").content.decode()
    assert 'type="text"' in html and 'value="last tuesday"' in html and 'aria-invalid="true"' in html


def test_an_hour_that_came_twice_is_asked_and_both_answers_are_links_that_keep_the_filters() -> None:
    with it_is(datetime(2026, 12, 1, tzinfo=UTC)):
        client = as_user(bruna())
        html = client.get("/?as_of=2026-11-01T01:30&clock=known&flag=any").content.decode()
        links = [unescaped(a) for a in re.findall(r'class="past-step" href="(\?[^"]*)"(?: autofocus)?>', html)]
        moments = [client.get(f"/{link}").content.decode() for link in links]
    assert "came twice that night" in html and len(links) == 2
    assert "1:30 am PDT" in moments[0] and "1:30 am PST" in moments[1]
    assert all("flag=any" in link and "clock=known" in link for link in links)


def unescaped(text: str) -> str:
    return text.replace("&amp;", "&")


def test_no_step_leads_into_the_future_and_the_slider_ends_before_now() -> None:
    now = timezone.now()
    html = board(bruna(), f"?as_of={quoted(link_form(now - timedelta(days=3), UTC))}")
    assert 'id="scrub-day-on" href=' in html and '<span class="past-step scrub-step is-off" id="scrub-week-on"' in html
    days = re.findall(r'<li data-query="([^"]+)"', html)
    assert len(days) == 57 and f'max="{len(days) - 1}"' in html
    assert as_user(bruna()).get(f"/{unescaped(days[-1])}").status_code == 200


def test_scrubbing_in_place_answers_with_the_body_alone() -> None:
    answer = as_user(bruna()).get("/?as_of=", headers={"HX-Request": "true"})
    html = answer.content.decode()
    assert answer.status_code == 200 and html.startswith('<hx-partial hx-target="#past"') and "<html" not in html
    refused = as_user(bruna()).get("/?as_of=soon", headers={"HX-Request": "true"})
    assert refused.status_code == 422 and b"hx-partial" in refused.content


def test_what_is_answered_to_a_move_is_never_a_board_of_today_inside_the_past() -> None:
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana())
    advance(lead, State.QUALIFIED, actor=bruna())
    move = newest(lead, Kind.MOTIVATION_CONFIRMED)
    shown = {"HX-Request": "true", "HX-Current-URL": "http://testserver/?as_of=2026-03-02T10:00"}
    answer = as_user(bruna()).post(f"/leads/{lead.pk}/undo/", {"target": str(move.uuid)}, headers=shown)
    assert b"column-" not in answer.content


def test_a_past_board_and_todays_are_never_the_same_drawing() -> None:
    boards = [Picture(bruna(), QueryDict("")), *(PastPicture(bruna(), QueryDict(""), MONDAY, clock) for clock in Clock)]
    assert len({board.sameness for board in boards}) == 3


@pytest.mark.parametrize("clock", list(Clock))
def test_the_number_of_queries_does_not_grow_with_the_leads(clock: Clock) -> None:
    counted = []
    for more in (8, 16):
        for n in range(more):
            LeadFactory.create(status=[*State][n % 8], agent=ana(), begun=MONDAY + timedelta(hours=n))
        at = quoted(link_form(MONDAY + timedelta(days=4), UTC))
        client = as_user(bruna())
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/?as_of={at}&clock={clock.value}&open=CLOSED")
        counted.append(len(queries))
    assert counted[0] == counted[1] <= 20
