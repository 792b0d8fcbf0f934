"""The board's named views, its density, its hints, and columns that are longer than a page."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone, translation

from leads.board import columns as columns_module
from leads.board.changes import cursor_now
from leads.board.columns import PAGE, next_step
from leads.board.filters import agent_choices, month_begins
from leads.board.picture import Picture
from leads.models import Lead, User
from leads.pages.answers import drawn_columns
from lifecycle import service
from lifecycle.events import Source
from lifecycle.flags import Flag
from lifecycle.models import OfficeSettings
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna
from tests.test_board import as_user, board, column, text_of

pytestmark = pytest.mark.django_db


def names(html: str) -> set[str]:
    """The names on the cards."""
    return set(re.findall(r'class="card-name"[^>]*>([^<]+)</a>', html))


def title(html: str) -> str:
    found = re.search(r"<title>(.*?)</title>", html)
    assert found
    return found[1]


def menu(html: str) -> list[tuple[str, str, bool]]:
    """Name, address and "shown now" of every line in the menu of views."""
    nav = re.search(r'<nav[^>]*id="views".*?</nav>', html, re.S)
    assert nav
    lines = re.findall(r'<a[^>]*href="([^"]*)"([^>]*)>(.*?)</a>', nav[0], re.S)
    return [
        (text_of(inside).strip(), href.replace("&amp;", "&"), "aria-current" in more) for href, more, inside in lines
    ]


# ---- named views


def an_office_with_one_lead_of_each_kind() -> None:
    LeadFactory.create(name="Brunas own", agent=bruna())
    LeadFactory.create(name="In the pool", agent=None)
    fallen = LeadFactory.create(name="Fell back", status=State.COMMITTED, agent=ana())
    advance(fallen, State.QUALIFIED, actor=ana())
    long_ago = timezone.now() - timedelta(days=70)
    before = LeadFactory.create(name="Fell back in spring", status=State.COMMITTED, agent=ana(), begun=long_ago)
    advance(before, State.QUALIFIED, actor=ana(), now=long_ago + timedelta(hours=9))
    again = LeadFactory.create(name="Came again", status=State.ARCHIVED, agent=ana())
    advance(again, State.CONTACTING, actor=ana())
    for flag, name in (
        (Flag.DNC, "Not to contact"),
        (Flag.UNSUBSCRIBED, "Unsubscribed"),
        (Flag.DO_NOT_TEXT, "No texts"),
    ):
        lead = LeadFactory.create(name=name, status=State.QUALIFIED, agent=ana())
        service.set_flag(lead_id=lead.pk, flag=flag, reason="lead_request_phone", actor=ana(), source=Source.PAGE)


@pytest.mark.parametrize(
    ("view", "found"),
    [
        ("My board", {"Brunas own"}),
        ("The pool", {"In the pool"}),
        ("Fell back this month", {"Fell back"}),
        ("Re-engaged this month", {"Came again"}),
        ("Do not contact or unsubscribed", {"Not to contact", "Unsubscribed"}),
    ],
)
def test_bruna_opens_a_named_view_and_its_name_is_the_title(view: str, found: set[str]) -> None:
    an_office_with_one_lead_of_each_kind()
    query = next(query for name, query, _ in menu(board(bruna())) if name == view)

    html = board(bruna(), query)

    assert names(html) == found
    assert title(html) == f"{view} – Hindsight"
    assert text_of(re.search(r"<h1>.*?</h1>", html, re.S)[0]).strip() == view  # type: ignore[index]
    assert [name for name, _, is_shown in menu(html) if is_shown] == [view]


def test_the_stale_view_holds_what_every_column_calls_stale() -> None:
    an_office_with_one_lead_of_each_kind()
    query = next(query for name, query, _ in menu(board(bruna())) if name == "Stale")
    html = board(bruna(), query)
    assert "Fell back in spring" in names(html)
    assert all("stale" in card for card in re.findall(r'<li class="card.*?\n</li>', html, re.S))


def test_an_agent_has_views_of_what_an_agent_sees() -> None:
    LeadFactory.create(name="In the pool", agent=None)
    LeadFactory.create(name="Anas own", agent=ana())
    LeadFactory.create(name="Bens own", agent=ben())

    html = board(ana(), "?agent=pool")

    assert names(html) == {"In the pool"}
    assert title(html) == "The pool – Hindsight"
    assert menu(html)[0][:2] == ("Board Mine and pool", "?")
    form = re.search(r'<select name="agent".*?</select>', html, re.S)
    assert form and "Pool, nobody yet" in form[0] and "Ben Brooks" not in form[0]


def test_filters_without_a_name_are_called_filtered_and_filters_without_a_meaning_are_not() -> None:
    assert title(board(bruna(), "?q=dana&stale=true")) == "Board, filtered – Hindsight"
    assert title(board(bruna(), "?mine=1&stale=true")) == "Board, filtered – Hindsight"
    assert title(board(bruna(), "?flag=loud&agent=abc&came=once")) == "Board – Hindsight"
    assert title(board(bruna(), "?mine=1")) == "My board – Hindsight"


def test_another_view_leaves_the_columns_open_that_are_open() -> None:
    assert all("open=CLOSED" in query for _, query, _ in menu(board(bruna(), "?open=CLOSED&q=dana")))


def test_the_chip_names_the_month_and_takes_it_away() -> None:
    html = board(bruna(), "?provenance=fell_back&came=month")
    assert 'href="?provenance=fell_back"><span dir="auto">This month</span>' in html


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (datetime(2026, 6, 1, 6, 59, tzinfo=UTC), datetime(2026, 5, 1, 7, tzinfo=UTC)),
        (datetime(2026, 6, 1, 7, 0, tzinfo=UTC), datetime(2026, 6, 1, 7, tzinfo=UTC)),
        (datetime(2026, 11, 20, 7, 0, tzinfo=UTC), datetime(2026, 11, 1, 7, tzinfo=UTC)),
    ],
    ids=["still May in the office", "just June", "the clocks went back since"],
)
def test_a_month_begins_at_midnight_in_the_office(now: datetime, begins: datetime) -> None:
    assert month_begins(now, ZoneInfo("America/Los_Angeles")) == begins


def test_the_month_of_the_board_is_the_offices_and_not_the_viewers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past eleven at night on the last of May: June in Paris, where Bruna travels, and still May in the office."""
    OfficeSettings.objects.update_or_create(pk=OfficeSettings.ONLY, defaults={"time_zone": "America/Los_Angeles"})
    traveller = bruna()
    traveller.time_zone = "Europe/Paris"
    traveller.save()
    begun = datetime(2026, 5, 10, 12, tzinfo=UTC)
    lead = LeadFactory.create(name="Fell back in May", status=State.COMMITTED, agent=ana(), begun=begun)
    advance(lead, State.QUALIFIED, actor=ana(), now=begun + timedelta(days=2))
    clock = "leads.board.filters.timezone.now"

    monkeypatch.setattr(clock, lambda: datetime(2026, 6, 1, 6, 30, tzinfo=UTC))
    assert names(board(traveller, "?came=month")) == {"Fell back in May"}
    monkeypatch.setattr(clock, lambda: datetime(2026, 6, 1, 7, 30, tzinfo=UTC))
    assert names(board(traveller, "?came=month")) == set()


def test_a_board_on_which_nothing_matches_says_so_and_offers_the_way_back() -> None:
    LeadFactory.create(agent=ana())
    html = board(ana(), "?q=nobody&open=CLOSED")
    assert "No lead matches these filters." in html
    assert '<a href="?open=CLOSED">Clear the filters</a>' in html
    assert "No lead matches" not in board(ana()) and "No lead is with you" not in html


# ---- density


def test_ana_keeps_compact_cards_and_ben_keeps_his() -> None:
    client, bens = as_user(ana()), as_user(ben())
    assert 'data-density="roomy"' in client.get("/").content.decode()

    answer = client.post("/me/density/", {"density": "compact"}, headers={"HX-Request": "true"})

    assert answer.status_code == 204
    html = client.get("/").content.decode()
    assert 'data-density="compact"' in html and 'aria-pressed="true" aria-label="Compact cards"' in html
    assert 'data-density="roomy"' in bens.get("/").content.decode()


def test_without_javascript_the_choice_leads_back_to_the_same_board() -> None:
    client = as_user(ana())
    form = {"density": "compact", "query": "q=Do%C3%B1a&open=CLOSED"}
    answer = client.post("/me/density/", form)
    assert answer.headers["Location"] == "/?q=Do%C3%B1a&open=CLOSED"
    assert client.post("/me/density/", {"density": "roomy"}).headers["Location"] == "/"
    away = client.post("/me/density/", {"density": "roomy", "query": "//evil.example/\r\nX: 1"})
    assert away.headers["Location"].startswith("/?")


@pytest.mark.parametrize("wanted", ["", "airy", "ROOMY", "compact "])
def test_a_density_that_does_not_exist_is_refused_with_a_sentence(wanted: str) -> None:
    answer = as_user(ana()).post("/me/density/", {"density": wanted})
    assert answer.status_code == 400
    assert "Cards lie roomy or compact" in answer.content.decode()
    assert User.objects.get(pk=ana().pk).density == "roomy"


def test_the_choice_of_density_wants_a_form_and_a_login() -> None:
    assert as_user(ana()).get("/me/density/").status_code == 405
    assert "/accounts/login/" in Client().post("/me/density/", {"density": "compact"}).headers["Location"]


def test_cards_do_not_know_how_close_they_lie() -> None:
    """Boards share what was drawn; only the frame around it may differ."""
    LeadFactory.create(name="Dana", headline="2-bed", status=State.QUALIFIED, agent=ana())
    User.objects.filter(pk=bruna().pk).update(density="roomy")
    roomy = column(board(bruna()), State.QUALIFIED)
    User.objects.filter(pk=bruna().pk).update(density="compact")
    assert column(board(bruna()), State.QUALIFIED) == roomy


# ---- languages


def test_what_was_drawn_in_one_language_is_never_shown_in_another() -> None:
    LeadFactory.create(name="Dana", agent=ana())
    cursor = cursor_now()
    pictures = {}
    for language in ("en", "es"):
        with translation.override(language):
            picture = Picture(bruna(), QueryDict(""))
            pictures[language] = picture.sameness
            drawn_columns(picture, [State.NEW], cursor)
    assert pictures["en"] != pictures["es"]
    assert len(pictures["en"]) == len(pictures["es"])


def test_the_filters_speak_the_language_of_whoever_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of their words may be put down once, in the language of the first reader."""
    from django.utils.translation import trans_real

    board(bruna())
    spanish = trans_real.translation("es")
    monkeypatch.setattr(spanish, "gettext", lambda message: f"¡{message}!")
    reader = bruna()
    reader.language = "es"
    reader.save()
    html = board(reader)
    for word in ("Name, e-mail, phone or key", "Everybody", "This month", "Any time", "Any flag", "Fell back"):
        assert f"¡{word}!" in html, word
    assert "¡" not in board(ana())
    assert agent_choices()[0][1] == "Ana Alvarez"


# ---- hints


class Marks(HTMLParser):
    """Collects what a person may point at and whether it, or what it lies in, explains itself."""

    WANTED = re.compile(r"\b(chip|avatar|count|stale-count|card-more|card-want|icon-button|view-button)\b")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.seen: set[str] = set()
        self.silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Judges one element by itself and by what it lies in."""
        own = {name: value or "" for name, value in attrs}
        if tag not in ("input", "img", "meta", "link"):
            self.open.append((tag, own))
        within = " ".join(outer.get("class", "") for _, outer in self.open[:-1])
        if "board-page" not in within:
            return
        wanted = self.WANTED.search(own.get("class", "")) or (tag == "li" and re.search("card-(meta|signs)$", within))
        if wanted:
            self.seen.add(wanted[0])
            around = [outer for _, outer in self.open[-2:]]
            if not any(part.get("title", "").strip() for part in [own, *around]):
                self.silent.append(self.get_starttag_text() or tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A drawing's part."""

    def handle_endtag(self, tag: str) -> None:
        """Leaves the element."""
        while self.open and self.open.pop()[0] != tag:
            pass


def test_every_mark_on_the_board_explains_itself() -> None:
    an_office_with_one_lead_of_each_kind()
    LeadFactory.create(name="Late", agent=ana(), begun=timezone.now() - timedelta(hours=3))
    met = LeadFactory.create(name="Met", agent=ana(), begun=timezone.now() - timedelta(hours=3))
    advance(met, State.CONTACTING, actor=ana(), now=timezone.now() - timedelta(hours=3) + timedelta(seconds=40))
    advance(LeadFactory.create(status=State.QUALIFIED, agent=ana()), State.COMMITTED, actor=ana(), document="")
    LeadFactory.create(status=State.TRASHED, agent=ana(), headline="2-bed")
    marks = Marks()

    marks.feed(board(bruna(), "?open=TRASHED&open=ARCHIVED"))

    assert marks.silent == []
    assert marks.seen >= {"chip", "avatar", "count", "stale-count", "card-more", "card-want", "card-meta", "card-signs"}


# ---- long columns


def show_more(client: Client, html: str, shown: int) -> str:
    """Asks for what the link "Show more" asks, as the page would with so many cards on it."""
    found = re.search(r'hx-get="(/board/column/NEW/[^"]+)"', html)
    assert found
    address = found[1].replace("&amp;", "&")
    return client.get(f"{address}&shown=NEW:{shown}", headers={"HX-Request": "true"}).content.decode()


def test_show_more_doubles_what_is_shown_and_says_truly_how_many_come() -> None:
    made = [LeadFactory.create(agent=ana()).pk for _ in range(PAGE * 3 + 6)]
    client = as_user(ana())

    first = client.get("/").content.decode()
    assert f"Show {PAGE} more" in first
    second = show_more(client, first, PAGE)
    assert "Show 31 more" in second and f"{PAGE} more in New." in second
    third = show_more(client, second, PAGE * 2)

    assert third.count('id="lead-') == 31 and "show-more" not in third
    shown = [int(pk) for pk in re.findall(r'id="lead-(\d+)"', first + second + third)]
    assert sorted(shown) == sorted(made)


def test_a_column_stops_growing_somewhere_and_the_rest_has_a_page_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns_module, "MOST", PAGE + 5)
    for _ in range(PAGE + 9):
        LeadFactory.create(agent=ana())
    client = as_user(ana())

    first = client.get("/").content.decode()
    assert "Show 5 more" in first
    second = show_more(client, first, PAGE)

    assert second.count('id="lead-') == 5
    link = re.search(r'<a class="show-more"[^>]*href="([^"]+)">The rest of New on a page of its own</a>', second)
    assert link and "hx-get" not in link[0]
    assert names(client.get(link[1].replace("&amp;", "&")).content.decode()) == names_of_the_oldest(4)
    redrawn = client.get("/board/changes", {"shown": f"NEW:{PAGE + 5}"}, headers={"HX-Request": "true"})
    assert redrawn.content.decode().count('id="lead-') == PAGE + 5
    assert "The rest of New" in redrawn.content.decode()


def names_of_the_oldest(number: int) -> set[str]:
    return set(Lead.objects.order_by("stage_entered_at", "id").values_list("name", flat=True)[:number])


def test_the_steps_end_exactly_at_the_longest_column() -> None:
    shown, steps = PAGE, 0
    while step := next_step(shown):
        shown, steps = shown + step, steps + 1
    assert (shown, steps) == (1000, 7)
