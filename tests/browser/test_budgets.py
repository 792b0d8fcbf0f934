"""What a page may cost: requests, bytes, work before it answers a hand, and nothing that jumps."""

import gzip
import re
from collections.abc import Callable
from random import Random
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from leads.board.columns import PAGE
from leads.demo.names import Directory
from leads.demo.wants import invent
from lifecycle import service
from lifecycle.events import Source
from lifecycle.states import State
from tests.browser.hands import card_of, in_column, posted
from tests.factories import LeadFactory, advance, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

ALL_OPEN = "/?open=CLOSED&open=ARCHIVED&open=TRASHED"
MOST_REQUESTS = 16
#: Compressed, with styles, scripts, icons and a board of 8 × 25 cards.
MOST_BYTES = 100_000
MOST_HTML = 60_000
#: CLS below this is called good; a page that stands still has none.
STILL = 0.001

_WATCH = """() => {
  window.shifts = [];
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      const parts = entry.sources.map(source => source.node?.outerHTML?.slice(0, 120));
      if (!entry.hadRecentInput) window.shifts.push([entry.value, ...parts]);
    }
  }).observe({type: 'layout-shift', buffered: true});
}"""


def full_board() -> None:
    """25 leads in each of the eight columns, whose names and wishes differ as those of people do."""
    rng, directory = Random(8), Directory("a full board")
    for state in State:
        for n in range(PAGE):
            lead = invent(rng, directory)
            LeadFactory.create(status=state, agent=(ana(), ben(), None)[n % 3], name=lead.name, headline=lead.headline)


def watched(page: "Page") -> None:
    page.context.add_init_script(f"({_WATCH})()")


def shifts(page: "Page") -> list[Any]:
    """What moved although nobody touched it, worst first. A frame is let pass: shifts are reported after painting."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found: list[Any] = page.evaluate("window.shifts")
    return sorted((s for s in found if s[0] > STILL), reverse=True)


def test_the_full_board_is_small_and_all_its_own(open_page: Open, live_server: Any) -> None:
    full_board()
    page = open_page(bruna(), "/search/")
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.goto(ALL_OPEN, wait_until="networkidle")

    assert page.locator(".card").count() == len(State) * PAGE
    assert [a.url for a in answers if not a.url.startswith(live_server.url)] == []
    # The browser asks once more for the icon of the tab, sometimes for that of the page before: no matter of ours.
    assert len({a.url for a in answers}) <= MOST_REQUESTS, [a.url for a in answers]
    sizes = {a.url: len(gzip.compress(page.request.get(a.url).body())) for a in answers}
    assert sizes[live_server.url + ALL_OPEN] <= MOST_HTML, sizes
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_no_script_stands_in_the_way_of_the_first_paint(open_page: Open) -> None:
    for path in ("/", "/leads/new/", "/search/"):
        html = open_page(ana(), path).content()
        scripts = re.findall(r"<script(?![^>]*application/json)[^>]*>", html)
        assert scripts and all(" defer" in s and " src=" in s for s in scripts), path


def test_nothing_jumps_when_the_board_opens_and_when_a_colleague_moves_a_card(open_page: Open) -> None:
    full_board()
    dana = LeadFactory.create(name="Dana Ortiz", status=State.COMMITTED, agent=ana())
    page = open_page(ana(), "/search/")
    watched(page)
    page.goto("/", wait_until="networkidle")
    assert shifts(page) == []

    advance(dana, State.IN_CONTRACT, actor=ana())
    page.evaluate("htmx.trigger('#live', 'board:look')")
    page.locator(in_column(dana, State.IN_CONTRACT)).wait_for()
    # Cards below make room, and that is the news itself; nothing else on the page may move.
    assert [s for s in shifts(page) if any(part and 'class="card' not in part for part in s[1:])] == []


def test_nothing_jumps_while_a_card_is_moved_by_keyboard(open_page: Open) -> None:
    dana = LeadFactory.create(name="Dana Ortiz", status=State.COMMITTED, agent=ana())
    page = open_page(ana(), "/search/")
    watched(page)
    page.goto("/", wait_until="networkidle")
    page.locator(f"{card_of(dana)} .card-name").focus()
    with posted(page, dana):
        for key in ("Space", "ArrowRight", "Space"):
            page.keyboard.press(key)
    page.locator(in_column(dana, State.IN_CONTRACT)).wait_for()
    assert [s for s in shifts(page) if any(part and 'class="card' not in part for part in s[1:])] == []


def test_nothing_jumps_when_a_lead_opens(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.IN_CONTRACT, agent=ana(), headline="3-bed in Alameda")
    service.add_note(lead_id=lead.pk, note="She wants the garden. " * 20, actor=ana(), source=Source.PAGE)
    for phone in (False, True):
        page = open_page(ana(), "/search/", phone=phone)
        watched(page)
        page.goto(f"/leads/{lead.pk}/", wait_until="networkidle")
        assert shifts(page) == []


def test_the_board_is_ready_within_twice_the_work_of_a_page_that_does_nothing(open_page: Open) -> None:
    """Both pages hold the same 200 cards; one of them has its scripts taken out. Compared is work, not time."""
    full_board()
    page = open_page(bruna(), ALL_OPEN)
    bare = re.sub(r"<script(?![^>]*json).*?</script>", "", page.content(), flags=re.S)
    page.route("**/bare", lambda route: route.fulfill(body=bare, content_type="text/html; charset=utf-8"))
    work = {path: median(_work(page, path) for _ in range(3)) for path in ("/bare", ALL_OPEN)}
    assert work[ALL_OPEN] <= 2 * work["/bare"], work


def _work(page: "Page", path: str) -> float:
    """Seconds that the page kept its thread busy until it could be used: parsing, styles, layout, scripts."""
    page.goto("about:blank")
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable")

    def busy() -> float:
        return next(
            m["value"] for m in metrics.send("Performance.getMetrics")["metrics"] if m["name"] == "TaskDuration"
        )

    before = busy()
    page.goto(path, wait_until="load")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    spent = busy() - before
    metrics.detach()
    return spent
