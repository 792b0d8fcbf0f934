"""The board: who sees which cards, in which words, at what cost, and what is new since it was drawn."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.board import cards as cards_module
from leads.board.cards import Desk, card
from leads.board.changes import Cursor, cursor_now, news
from leads.board.column import Place
from leads.board.columns import PAGE
from leads.board.filters import month_begins
from leads.models import Lead, User
from leads.pages import answers
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.flags import Flag
from lifecycle.models import OfficeSettings, ReasonCode
from lifecycle.states import State
from tests.factories import LeadFactory, ada, advance, ana, ben, bruna

pytestmark = pytest.mark.django_db


def as_user(user: User) -> Client:
    """A browser in which this person is logged in."""
    client = Client()
    client.force_login(user)
    return client


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def column(html: str, state: State) -> str:
    """The part of a board that shows one column."""
    found = re.search(rf'<section[^>]*id="column-{state}".*?</section>', html, re.S)
    assert found, f"The board shows no column {state}."
    return found[0]


def board(user: User, query: str = "") -> str:
    response = as_user(user).get(f"/{query}")
    assert response.status_code == 200
    return str(response.content.decode())


# ---- who sees what


def test_ana_sees_her_leads_and_the_pool_but_not_bens() -> None:
    LeadFactory.create(name="Hers", agent=ana())
    LeadFactory.create(name="Nobodys", agent=None)
    LeadFactory.create(name="Bens own", agent=ben())

    html = board(ana())

    assert "Hers" in html and "Nobodys" in html
    assert "Bens own" not in html


def test_bruna_sees_every_lead_of_the_office() -> None:
    LeadFactory.create(name="Anas", agent=ana())
    LeadFactory.create(name="Bens", agent=ben())

    html = board(bruna())

    assert "Anas" in html and "Bens" in html


def test_a_stranger_is_sent_to_the_login() -> None:
    assert Client().get("/").headers["Location"].startswith("/accounts/login/")


def test_the_columns_stand_in_the_order_of_the_stages_and_the_last_three_are_folded() -> None:
    html = board(bruna())

    assert re.findall(r'<section[^>]*id="column-(\w+)"', html) == [s.value for s in State]
    folded = [s for s in State if "is-folded" in column(html, s)]
    assert folded == [State.CLOSED, State.ARCHIVED, State.TRASHED]


def test_a_folded_column_shows_its_count_and_opens_by_a_link() -> None:
    LeadFactory.create(name="Dora Quist", status=State.ARCHIVED, agent=ana())

    folded = board(ana())
    opened = board(ana(), "?open=ARCHIVED")

    assert "Dora Quist" not in folded
    assert 'href="?open=ARCHIVED"' in column(folded, State.ARCHIVED)
    assert "Dora Quist" in column(opened, State.ARCHIVED)


# ---- what a card says


def test_a_fallen_back_card_says_so_with_the_reason() -> None:
    lead = LeadFactory.create(status=State.IN_CONTRACT, agent=ana())
    advance(lead, State.QUALIFIED, actor=ana())

    html = column(board(ana()), State.QUALIFIED)

    assert "Fell back from contract just now: appraisal came in low" in html
    assert "is-back is-voided" in html


def test_a_re_engaged_card_is_marked_another_way() -> None:
    lead = LeadFactory.create(status=State.ARCHIVED, agent=ana())
    advance(lead, State.CONTACTING, actor=ana())
    advance(lead, State.QUALIFIED, actor=ana())

    html = column(board(ana()), State.QUALIFIED)

    assert "Re-engaged just now: replied" in html
    assert "is-again" in html and "is-back" not in html


def test_flags_the_missing_document_and_the_agent_are_on_the_card() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    advance(lead, State.COMMITTED, actor=ana(), document="")
    for flag in (Flag.DNC, Flag.DO_NOT_TEXT):
        service.set_flag(lead_id=lead.pk, flag=flag, reason="lead_request_phone", actor=ana(), source=Source.PAGE)

    words = text_of(column(board(ana()), State.COMMITTED))

    for word in ("Do not contact", "Do not text", "No document", "AA", "With Ana Alvarez"):
        assert word in words, word


def test_a_card_that_stays_too_long_is_stale_and_counted() -> None:
    long_ago = timezone.now() - timedelta(days=40)
    LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=long_ago)
    LeadFactory.create(status=State.QUALIFIED, agent=ana())

    words = text_of(column(board(ana()), State.QUALIFIED))

    assert "39 d here, stale" in words
    assert "1 stale" in words


@pytest.mark.parametrize(
    ("since", "words", "look"),
    [
        (timedelta(minutes=1), "4m 00s left", "chip-good"),
        (timedelta(minutes=17, seconds=6), "+12m 06s", "chip-bad"),
        (timedelta(hours=3), "+2h 55m", "chip-bad"),
    ],
)
def test_the_first_contact_clock_runs_and_then_runs_over(since: timedelta, words: str, look: str) -> None:
    now = timezone.now()
    lead = LeadFactory.create(agent=ana(), begun=now - since)

    drawn = card(lead, Desk(now, OfficeSettings.load(), ReasonCode.book(), timezone.get_current_timezone()))

    assert drawn.clock is not None
    assert (drawn.clock.words, drawn.clock.look) == (words, look)
    assert (drawn.look == "is-late") == (look == "chip-bad")


def test_a_first_contact_in_time_is_met_and_frozen() -> None:
    begun = timezone.now() - timedelta(hours=5)
    lead = LeadFactory.create(agent=ana(), begun=begun)
    advance(lead, State.CONTACTING, actor=ana(), now=begun + timedelta(seconds=107))

    assert "Met at 1m 47s" in column(board(ana()), State.CONTACTING)


def test_a_first_contact_that_came_late_stays_red_and_a_lead_that_came_back_is_not_reminded() -> None:
    begun = timezone.now() - timedelta(days=2)
    lead = LeadFactory.create(agent=ana(), begun=begun)
    advance(lead, State.CONTACTING, actor=ana(), now=begun + timedelta(minutes=17, seconds=6))
    late = column(board(ana()), State.CONTACTING)
    advance(lead, State.ARCHIVED, actor=ana())
    advance(lead, State.CONTACTING, actor=ana())
    back = column(board(ana()), State.CONTACTING)

    assert "+12m 06s late" in late and "is-late" in late
    assert "12m 06s" not in back and "is-again" in back


def test_a_name_is_shown_as_text_and_never_as_markup() -> None:
    LeadFactory.create(name="<hx-partial hx-target='#main'>Dana</hx-partial>", agent=ana())

    html = board(ana())

    assert "&lt;hx-partial hx-target=&#x27;#main&#x27;&gt;Dana" in html
    assert "<hx-partial hx-target='#main'>" not in html


def test_every_flag_has_an_icon() -> None:
    assert set(cards_module._FLAG_ICONS) == set(Flag)


# ---- counts and pages


def test_a_long_column_shows_a_page_and_the_true_count() -> None:
    for _ in range(PAGE + 2):
        LeadFactory.create(agent=ana())

    html = column(board(ana()), State.NEW)

    assert html.count('id="lead-') == PAGE
    assert f'<span class="count">{PAGE + 2}' in html
    assert "Show 2 more" in html


def test_show_more_goes_on_exactly_where_the_page_ended_even_when_cards_share_an_instant() -> None:
    begun = timezone.now() - timedelta(hours=1)
    made = [LeadFactory.create(agent=ana(), begun=begun).pk for _ in range(PAGE + 3)]
    client = as_user(ana())

    first = client.get("/").content.decode()
    more = re.search(r'hx-get="(/board/column/NEW/[^"]+)"', first)
    assert more
    second = client.get(more[1].replace("&amp;", "&")).content.decode()

    shown = [int(pk) for pk in re.findall(r'id="lead-(\d+)"', first) + re.findall(r'id="lead-(\d+)"', second)]
    assert shown == sorted(made, reverse=True)


def test_show_more_is_a_page_of_its_own_without_javascript_and_a_part_with_it() -> None:
    LeadFactory.create(name="Dana", agent=ana())
    client = as_user(ana())

    assert "<!doctype html>" in client.get("/board/column/NEW/").content.decode()
    part = client.get("/board/column/NEW/", headers={"HX-Request": "true"}).content.decode()
    assert "<!doctype html>" not in part and "Dana" in part


@pytest.mark.parametrize(
    "after", ["", "nonsense", "2026-01-01_1", "2026-01-01T00:00:00+00:00_-4", "9999-12-31T23:59:59-23:00_1"]
)
def test_a_place_that_means_nothing_begins_at_the_top(after: str) -> None:
    LeadFactory.create(name="Dana", agent=ana())

    response = as_user(ana()).get("/board/column/NEW/", {"after": after})

    assert response.status_code == 200 and "Dana" in response.content.decode()


def test_a_place_survives_its_way_through_the_address() -> None:
    place = Place(timezone.now(), 17)
    assert Place.read(str(place)) == place


def test_a_column_that_does_not_exist_is_a_404_with_a_sentence() -> None:
    response = as_user(ana()).get("/board/column/LIMBO/")
    assert response.status_code == 404
    assert "no column of this name" in response.content.decode()


def test_the_board_asks_the_database_equally_often_for_few_leads_and_for_many() -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/?open=ARCHIVED&open=CLOSED&open=TRASHED").status_code == 200
        return len(seen)

    for state in State:
        LeadFactory.create(status=state, agent=ana())
    client = as_user(bruna())
    client.get("/")
    few = queries()
    for state in State:
        for _ in range(4):
            LeadFactory.create(status=state, agent=ben())

    assert queries() == few
    assert few <= 22


# ---- filters


def test_the_composition_of_qualified_tells_the_ways_apart_and_filters() -> None:
    LeadFactory.create(name="Straight on", status=State.QUALIFIED, agent=ana())
    fallen = LeadFactory.create(name="Came back", status=State.COMMITTED, agent=ana())
    advance(fallen, State.QUALIFIED, actor=ana())

    words = text_of(column(board(ana()), State.QUALIFIED))
    filtered = board(ana(), "?provenance=fell_back")

    assert "Fresh 1" in words and "Before contract 1" in words and "From contract" not in words
    assert "Came back" in filtered and "Straight on" not in filtered


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?mine=true", {"Anas"}),
        ("?agent=pool", {"Pool lead"}),
        ("?q=anas", {"Anas"}),
        ("?q=Pool+nobody", set()),
        ("?q=pool@example.com", {"Pool lead"}),
        ("?q=(415)+555-9911", {"Anas"}),
        ("?flag=dnc", {"Pool lead"}),
        ("?flag=any", {"Pool lead"}),
        ("?stale=true", {"Anas"}),
        ("?q=a&agent=pool", {"Pool lead"}),
    ],
)
def test_filters_narrow_the_board(query: str, found: set[str]) -> None:
    broker = bruna()
    LeadFactory.create(name="Anas", agent=broker, phone="+1 415 555 9911", email="anas@example.org")
    pool = LeadFactory.create(name="Pool lead", agent=None, email="pool@example.com", begun=timezone.now())
    service.set_flag(lead_id=pool.pk, flag=Flag.DNC, reason="lead_request_phone", actor=broker, source=Source.PAGE)

    html = column(board(broker, query), State.NEW)

    assert {name for name in ("Anas", "Pool lead") if f">{name}</a>" in html} == found


def test_a_lead_is_found_by_its_key() -> None:
    lead = LeadFactory.create(name="By key", agent=ana())
    LeadFactory.create(name="Another", agent=ana())

    html = board(ana(), f"?q={lead.key}")

    assert "By key" in html and "Another" not in html


@pytest.mark.parametrize(
    "query",
    [
        "?agent=abc",
        "?agent=99999999999999999999",
        "?flag=loud",
        "?provenance=x",
        "?open=LIMBO",
        "?mine=perhaps",
        "?stale=%F0%9F",
    ],
)
def test_filters_that_mean_nothing_are_left_out(query: str) -> None:
    LeadFactory.create(name="Still here", agent=bruna())
    assert "Still here" in board(bruna(), query)


def test_an_agent_cannot_look_into_a_colleagues_board_by_filter() -> None:
    LeadFactory.create(name="Bens own", agent=ben())
    assert "Bens own" not in board(ana(), f"?agent={ben().pk}")


@pytest.mark.parametrize("value", ["1", "true", "True"])
def test_the_tab_mine_is_lit_for_every_address_that_shows_only_mine(value: str) -> None:
    LeadFactory.create(name="In the pool")
    html = board(ana(), f"?mine={value}")
    assert "In the pool" not in html
    assert re.search(r'aria-current="true">Mine</a>', html) and 'aria-current="true">Mine and pool' not in html


def test_a_search_that_is_too_long_is_cut_and_says_so() -> None:
    LeadFactory.create(name="Somebody else", agent=ana())
    html = board(ana(), f"?q={'x' * 9000}")
    assert "only its first 200 characters are searched for" in html
    assert "Somebody else" not in html and "x" * 201 not in html


def test_one_lead_is_read_out_as_one(client: Client) -> None:
    LeadFactory.create(agent=ana())
    html = board(ana())
    assert '1<span class="visually-hidden"> lead</span>' in html
    assert '0<span class="visually-hidden"> leads</span>' in html


def test_a_filter_can_be_removed_by_its_chip() -> None:
    html = board(ana(), "?q=dana&stale=true")
    assert 'href="?stale=true"><span dir="auto">“dana”</span>' in html


def test_on_the_first_day_the_board_says_how_to_begin() -> None:
    assert "import_history" in board(bruna())
    LeadFactory.create(agent=ben())
    assert "import_history" not in board(ana())
    assert "No lead is with you" in board(ana())


# ---- live


def poll(client: Client, html: str, **more: str) -> tuple[int, str]:
    """Asks what the page would ask next."""
    live = re.search(r'id="live" hx-get="([^"]+)"', html)
    assert live
    response = client.get(live[1].replace("&amp;", "&"), more, headers={"HX-Request": "true"})
    return response.status_code, response.content.decode()


def test_nothing_new_is_a_204() -> None:
    LeadFactory.create(agent=ana())
    client = as_user(ana())
    assert poll(client, client.get("/").content.decode())[0] == 204


def test_a_colleagues_move_brings_the_touched_columns_and_a_sentence() -> None:
    lead = LeadFactory.create(name="Dana", status=State.CONTACTING, agent=ana())
    client = as_user(ana())
    page = client.get("/").content.decode()

    advance(lead, State.QUALIFIED, actor=bruna())
    status, answer = poll(client, page)

    assert status == 200
    assert set(re.findall(r'hx-target="#column-(\w+)"', answer)) >= {"CONTACTING", "QUALIFIED"}
    assert "#column-COMMITTED" not in answer
    assert "Bruna Barros moved Dana to Qualified." in answer
    assert poll(client, answer)[0] == 204


def test_ones_own_move_is_not_announced_again() -> None:
    lead = LeadFactory.create(name="Dana", status=State.CONTACTING, agent=ana())
    client = as_user(ana())
    page = client.get("/").content.decode()

    advance(lead, State.QUALIFIED, actor=ana())

    assert "Ana Alvarez moved" not in poll(client, page)[1]


def test_a_lead_handed_to_somebody_else_leaves_the_former_holders_board() -> None:
    lead = LeadFactory.create(name="Dana", status=State.QUALIFIED, agent=ana())
    client = as_user(ana())
    page = client.get("/").content.decode()
    assert "Dana" in page

    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="workload_balance", actor=bruna(), source=Source.PAGE)
    status, answer = poll(client, page)

    assert status == 200 and "#column-QUALIFIED" in answer
    assert "Dana" not in answer


def test_a_colleagues_own_business_redraws_nothing_for_ana() -> None:
    lead = LeadFactory.create(name="Bens own", status=State.CONTACTING, agent=ben())
    client = as_user(ana())
    page = client.get("/").content.decode()

    advance(lead, State.QUALIFIED, actor=ben())
    status, answer = poll(client, page)

    assert status == 200 and "#column-" not in answer and "Bens own" not in answer
    assert poll(client, answer)[0] == 204


def test_a_fact_that_is_committed_late_is_still_seen() -> None:
    """A fact may be numbered before and appear after one that the board has drawn: the cursor counts."""
    lead = LeadFactory.create(agent=ana())
    service.add_note(lead_id=lead.pk, note="Called the lender.", actor=ana(), source=Source.PAGE)
    known = cursor_now()

    assert news(known, ana(), Lead.objects.all()) is None
    assert news(Cursor(known.since, known.tail - 1, known.drawn, known.ticked), ana(), Lead.objects.all()) is not None


def test_the_cursor_stops_before_facts_that_are_seconds_old() -> None:
    old = LeadFactory.create(agent=ana(), begun=timezone.now() - timedelta(days=2))
    fresh = service.add_note(lead_id=old.pk, note="Called.", actor=ana(), source=Source.PAGE)

    cursor = cursor_now()

    assert cursor.since < fresh.events[0].id
    assert cursor.tail == 1


def test_a_board_that_slept_is_drawn_anew_as_a_whole() -> None:
    LeadFactory.create(agent=ana())
    now = cursor_now()
    asleep = Cursor(now.since, now.tail, now.drawn - 3600, now.ticked - 3600)

    heard = news(asleep, ana(), Lead.objects.all())

    assert heard is not None and heard.states == frozenset(State)


def test_a_running_clock_redraws_its_column_without_any_fact() -> None:
    LeadFactory.create(agent=ana(), begun=timezone.now() - timedelta(minutes=2))
    now = cursor_now()
    later = Cursor(now.since, now.tail, now.drawn - 20, now.ticked - 20)

    heard = news(later, ana(), Lead.objects.all())

    assert heard is not None and heard.states == {State.NEW}


def test_more_cards_stay_unrolled_when_the_column_is_redrawn() -> None:
    for _ in range(PAGE + 4):
        last = LeadFactory.create(agent=ana())
    client = as_user(ana())
    page = client.get("/").content.decode()
    service.add_note(lead_id=last.pk, note="Called.", actor=ana(), source=Source.PAGE)

    _, answer = poll(client, page, shown=f"NEW:{PAGE * 2}")

    assert answer.count('id="lead-') == PAGE + 4


@pytest.mark.parametrize(
    "query", ["", "since=x", "since=-1&tail=0&drawn=0&ticked=0", "since=1&tail=9&shown=NEW:999999999,LIMBO:3"]
)
def test_a_poll_that_makes_no_sense_gets_the_whole_board(query: str) -> None:
    LeadFactory.create(name="Dana", agent=ana())
    response = as_user(ana()).get(f"/board/changes?{query}", headers={"HX-Request": "true"})
    assert response.status_code == 200 and "Dana" in response.content.decode()


def test_filters_hold_for_what_the_poll_brings() -> None:
    one = LeadFactory.create(name="Wanted Dana", agent=ana())
    LeadFactory.create(name="Other Dana", agent=ana())
    client = as_user(ana())
    page = client.get("/?q=wanted").content.decode()
    service.add_note(lead_id=one.pk, note="Called.", actor=bruna(), source=Source.PAGE)

    _, answer = poll(client, page)

    assert "Wanted Dana" in answer and "Other Dana" not in answer


def test_equal_boards_share_what_was_drawn() -> None:
    lead = LeadFactory.create(name="Dana", agent=None)
    clients = [as_user(bruna()), as_user(bruna())]
    pages = [c.get("/").content.decode() for c in clients]
    service.add_note(lead_id=lead.pk, note="Called.", actor=ana(), source=Source.PAGE)

    with CaptureQueriesContext(connection) as first:
        one = poll(clients[0], pages[0])[1]
    with CaptureQueriesContext(connection) as second:
        two = poll(clients[1], pages[1])[1]

    assert column(one, State.NEW) == column(two, State.NEW)
    assert len(second) < len(first)


def test_one_agents_drawing_never_reaches_another() -> None:
    LeadFactory.create(name="Anas secret", agent=ana())
    LeadFactory.create(name="Bens secret", agent=ben())
    for user, own, foreign in ((ana(), "Anas secret", "Bens secret"), (ben(), "Bens secret", "Anas secret")):
        response = as_user(user).get("/board/changes", headers={"HX-Request": "true"}).content.decode()
        assert own in response and foreign not in response


def test_only_mine_is_never_shared_between_brokers() -> None:
    LeadFactory.create(name="Brunas lead", agent=bruna())
    LeadFactory.create(name="Adas lead", agent=ada())
    for user, own, foreign in ((bruna(), "Brunas lead", "Adas lead"), (ada(), "Adas lead", "Brunas lead")):
        response = as_user(user).get("/board/changes?mine=true", headers={"HX-Request": "true"}).content.decode()
        assert own in response and foreign not in response


def test_the_sentences_for_why_not_cover_every_illegal_pair() -> None:
    html = board(bruna())
    assert "Move it back to Qualified first and record why the deal collapsed." in html
    assert Kind.DEAL_COLLAPSED.value not in html


def test_bruna_is_offered_the_open_leads_of_people_who_left() -> None:
    for status in (State.NEW, State.COMMITTED, State.CLOSED):
        LeadFactory.create(status=status, agent=ben())
    mine = LeadFactory.create(agent=ana())
    assert "people who left" not in as_user(bruna()).get("/").content.decode()
    User.objects.filter(pk=ben().pk).update(is_active=False)

    page = text_of(as_user(bruna()).get("/").content.decode())
    assert "2 open leads still with people who left: Ben Brooks (2)" in page
    assert "people who left" not in as_user(ana()).get("/").content.decode()
    his = Lead.objects.filter(agent=ben()).first()
    assert his is not None
    assert "who has left the office" in as_user(bruna()).get(f"/leads/{his.pk}/").content.decode()
    assert "who has left the office" not in as_user(bruna()).get(f"/leads/{mine.pk}/").content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_bar_over_qualified_is_drawn_in_every_language(client: Client, language: str) -> None:
    """A comma in a drawing's number is no number: the bar would be gone."""
    for status in (State.COMMITTED, State.QUALIFIED, State.QUALIFIED):
        lead = LeadFactory.create(status=status, agent=ana())
        if status == State.COMMITTED:
            advance(lead, State.QUALIFIED, actor=ana())
    User.objects.filter(pk=ana().pk).update(language=language)
    client.force_login(ana())
    page = client.get("/").content.decode()
    widths = [float(width) for width in re.findall(r'<rect class="mix-\w+" x="[\d.]+" y="0" width="([\d.]+)"', page)]
    assert sum(widths) == pytest.approx(100, abs=0.1) and len(widths) == 2


# ---- asked for by hand


def test_drawings_of_an_older_moment_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    LeadFactory.create(agent=ana())
    client = as_user(ana())
    answers._drawn.clear()
    for n in range(40):
        monkeypatch.setattr(answers.time, "time", lambda n=n: 1_800_000_000 + 5 * n)
        client.get(f"/board/changes?shown=NEW:{n}&made={n}", headers={"HX-Request": "true"})
    assert 0 < len(answers._drawn) <= len(State)


def test_one_board_is_kept_once_whatever_a_hand_writes_behind_its_address() -> None:
    LeadFactory.create(agent=ana())
    client = as_user(ana())
    answers._drawn.clear()
    for n in range(5):
        client.get(f"/board/changes?shown=NEW:{20 + n}&made={n}", headers={"HX-Request": "true"})
    assert len(answers._drawn) <= 2 * len(State), "One moment may end while the five are asked."


@pytest.mark.parametrize("address", ["http://[", "http://testserver/?" + "&".join(f"a{n}=1" for n in range(1200))])
def test_an_unreadable_address_of_the_page_on_the_screen_is_no_fault(address: str) -> None:
    lead = LeadFactory.create(agent=ana())
    client = as_user(ana())
    headers = {"HX-Request": "true", "HX-Current-URL": address}
    for path, form in (("call", {"outcome": "spoke"}), ("note", {"note": "Called."}), ("undo", {})):
        assert client.post(f"/leads/{lead.pk}/{path}/", form, headers=headers).status_code in (200, 302, 409, 422), path
    assert client.get(f"/leads/{lead.pk}/move/", headers=headers).status_code == 200


def test_an_office_whose_zone_this_machine_does_not_know_still_has_its_months() -> None:
    OfficeSettings.objects.update_or_create(pk=OfficeSettings.ONLY, defaults={"time_zone": "Nowhere/Land"})
    assert as_user(ana()).get("/?came=month").status_code == 200


def test_a_month_begins_with_the_first_of_two_equal_hours() -> None:
    havana = ZoneInfo("America/Havana")
    second = datetime(2026, 11, 1, 5, 15, tzinfo=UTC)
    assert month_begins(second, havana).astimezone(UTC) == datetime(2026, 11, 1, 4, 0, tzinfo=UTC)
