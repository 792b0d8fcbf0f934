"""The board under strain and in both dresses: a thousand leads, a slow network, none at all; views, density, hints."""

import csv
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from leads.history import reader
from leads.models import Lead
from lifecycle import service
from lifecycle.events import Source
from lifecycle.states import State
from tests.browser.hands import AT_REST, breaches, card_of, drag, in_column, posted, see, until
from tests.factories import LeadFactory, advance, ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

#: Keeps every layout shift, those after a person's input too: nothing here may jump for any reason.
_WATCH = """() => {
  window.jumped = [];
  const seen = entry => [entry.value, ...entry.sources.map(s => s.node?.id || s.node?.className)];
  new PerformanceObserver(list => window.jumped.push(...list.getEntries().map(seen)))
    .observe({ type: 'layout-shift', buffered: true });
}"""
_TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
#: Where each card lies.
_PLACES = """() => Object.fromEntries([...document.querySelectorAll('.card, .column')].map(e => {
  const box = e.getBoundingClientRect();
  return [e.id, [box.x, box.y]];
}))"""


def look(page: "Page") -> None:
    """Lets the page ask at once, as it does when it comes to the front."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def jumps(page: "Page") -> list[Any]:
    """The layout shifts since they were last asked for, when they add up to more than nobody sees."""
    # A shift is told after the frame in which it happens.
    page.evaluate(_TWO_FRAMES)
    found: list[Any] = page.evaluate("window.jumped.splice(0)")
    return found if sum(value for value, *_ in found) >= 0.01 else []


def box_of(page: "Page", selector: str) -> Any:
    """Where this lies once nothing moves any more."""
    page.evaluate(AT_REST)
    return page.locator(selector).bounding_box()


# ---- a thousand leads


def a_thousand_leads(folder: Path) -> list[Lead]:
    """In the pool, as the board orders them; by the quick way, from an old system."""
    asked = timezone.now() - timedelta(days=40)
    with (folder / "old.csv").open("w", newline="") as file:
        rows = csv.DictWriter(file, reader.COLUMNS, restval="")
        rows.writeheader()
        for n in range(1000):
            row = {"lead_key": f"Old {n}", "seq": "1", "kind": "lead_created", "to_state": "NEW"}
            rows.writerow({**row, "occurred_at": (asked - timedelta(minutes=n)).isoformat()})
    call_command("import_history", str(folder / "old.csv"), verbosity=0)
    return list(Lead.objects.order_by("-stage_entered_at", "-id"))


def test_a_thousand_leads_in_one_column_stay_quick_to_the_hand(open_page: Open, tmp_path: Path) -> None:
    leads = a_thousand_leads(tmp_path)
    page = open_page(bruna())
    page.evaluate(_WATCH)
    assert jumps(page) == [], "The page jumped while it loaded."
    see(page, "#head-NEW .count").to_contain_text("1\u202f000")
    see(page, "#column-NEW .card").to_have_count(25)

    for shown in (50, 100, 200, 400, 600, 800, 1000):
        page.locator("#more-NEW").click()
        see(page, "#column-NEW .card").to_have_count(shown)
    see(page, "#more-NEW").to_have_count(0)

    middle, below, last = leads[500], leads[501], leads[-1]
    page.locator(card_of(middle)).scroll_into_view_if_needed()
    jumps(page)
    before = box_of(page, card_of(middle))
    service.add_note(lead_id=middle.pk, note="Called.", actor=ana(), source=Source.PAGE)
    look(page)
    see(page, card_of(middle)).to_have_attribute("data-version", str(middle.version + 1))
    assert box_of(page, card_of(middle)) == before
    assert jumps(page) == [], "The live update made the page jump."

    drag(page, middle, State.CONTACTING)
    page.get_by_label("What came of it?").select_option("Left a voicemail")
    with posted(page, middle):
        page.get_by_role("button", name="Log contact and move").click()
    see(page, in_column(middle, State.CONTACTING)).to_be_visible()
    see(page, "#head-NEW .count").to_contain_text("999")
    page.locator(f"{card_of(leads[499])} .card-name").focus()
    for key, lead in (("ArrowDown", below), ("End", last)):
        page.keyboard.press(key)
        see(page, f"{card_of(lead)} .card-name").to_be_focused()
        see(page, card_of(lead)).to_be_in_viewport()


# ---- a slow network, and none


def test_a_card_is_in_its_new_place_at_once_and_settles_without_a_jump(open_page: Open) -> None:
    others = [LeadFactory.create(status=State.IN_CONTRACT, agent=ana()) for _ in range(3)]
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    held: list[Any] = []
    page.route("**/move/", lambda route: held.append(route))

    drag(page, lead, State.IN_CONTRACT)
    until(page, lambda: bool(held))
    see(page, card_of(lead)).to_have_attribute("aria-busy", "true")
    see(page, "#column-IN_CONTRACT .card >> nth=0").to_have_id(f"lead-{lead.pk}")
    waiting = box_of(page, card_of(lead)), box_of(page, card_of(others[0]))
    with posted(page, lead):
        held[0].continue_()

    see(page, card_of(lead)).not_to_have_attribute("aria-busy", "true")
    assert (box_of(page, card_of(lead)), box_of(page, card_of(others[0]))) == waiting


def test_a_card_that_is_refused_late_glides_back_with_the_sentence(open_page: Open) -> None:
    leads = [LeadFactory.create(status=State.CONTACTING, agent=ana()) for _ in range(3)]
    page = open_page(ana())
    held: list[Any] = []
    page.route("**/move/", lambda route: held.append(route))
    places = page.evaluate(_PLACES)

    drag(page, leads[1], State.COMMITTED)
    until(page, lambda: bool(held))
    see(page, in_column(leads[1], State.COMMITTED)).to_have_attribute("aria-busy", "true")
    held[0].continue_()

    see(page, ".toast-bad").to_contain_text("Qualify it first.")
    see(page, in_column(leads[1], State.CONTACTING)).not_to_have_attribute("aria-busy", "true")
    page.evaluate(AT_REST)
    assert page.evaluate(_PLACES) == places


def test_a_server_that_takes_too_long_gives_the_card_back(open_page: Open, console: list[str]) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    assert page.evaluate("htmx.config.defaultTimeout") == 15000
    page.evaluate("htmx.config.defaultTimeout = 200")
    page.route("**/move/", lambda route: None)

    drag(page, lead, State.IN_CONTRACT)

    see(page, ".toast-bad").to_contain_text("took too long to answer")
    see(page, in_column(lead, State.COMMITTED)).not_to_have_attribute("aria-busy", "true")
    console[:] = [line for line in console if "htmx:error: timeout" not in line]


@pytest.mark.parametrize("phone", [False, True])
def test_without_a_connection_the_board_says_what_to_do_and_moves_no_card(open_rough_page: Open, phone: bool) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_rough_page(ana(), phone=phone)
    places = page.evaluate(_PLACES)
    page.context.set_offline(True)
    look(page)

    see(page, "#connection").to_contain_text("Check the network of this device")
    see(page, "#say").to_contain_text("The connection is lost")
    assert page.evaluate(_PLACES) == places
    notice, board = box_of(page, "#connection"), box_of(page, "#board")
    assert notice["y"] >= board["y"] + board["height"], "It lies below the columns and covers none."
    if not phone:
        drag(page, lead, State.IN_CONTRACT)
        see(page, ".toast-bad").to_contain_text("no connection to the server. The card went back.")
        see(page, in_column(lead, State.COMMITTED)).to_be_visible()
        toast = box_of(page, ".toasts")
        assert toast["y"] + toast["height"] <= notice["y"], "The message does not cover the notice."

    page.context.set_offline(False)
    look(page)
    see(page, "#connection").to_be_hidden()
    see(page, "#say").to_have_text("The connection is back.")


# ---- density, views, hints

_ON_SCREEN = """() => [...document.querySelectorAll('.card')]
  .filter(c => c.getBoundingClientRect().bottom <= innerHeight - 16).length"""
_CUT = "name => name.scrollWidth > name.clientWidth + 1 || name.scrollHeight > name.clientHeight + 1"


def test_compact_cards_come_at_once_and_stay_and_no_name_is_cut(open_page: Open) -> None:
    long_name = "Wolfeschlegelsteinhausenbergerdorff-" * 2
    wish = "Alameda: a 3-bed house with a garage that fits a workbench, and a step-free entry"
    for n in range(14):
        for state in (State.NEW, State.CONTACTING, State.QUALIFIED):
            LeadFactory.create(name=long_name if n == 2 else f"Dana {n}", headline=wish, status=state, agent=ana())
    page = open_page(ana())
    page.evaluate(_WATCH)
    roomy = page.evaluate(_ON_SCREEN)

    with page.expect_response("**/me/density/") as answer:
        page.get_by_role("button", name="Compact cards").click()
        see(page, "#board").to_have_attribute("data-density", "compact")
    assert answer.value.status == 204
    assert page.evaluate(_ON_SCREEN) >= 1.6 * roomy
    assert not any(page.evaluate(_CUT, name.element_handle()) for name in page.locator(".card-name").all()[:6])
    want = page.locator(".card-want").first
    box = want.bounding_box()
    assert box and box["height"] < 24 and want.get_attribute("title") == wish

    page.reload()
    see(page, "#board").to_have_attribute("data-density", "compact")
    button = page.get_by_role("button", name="Compact cards", pressed=True)
    with page.expect_response("**/me/density/"):
        button.click()
    see(page, "#board").to_have_attribute("data-density", "roomy")
    assert page.evaluate(_ON_SCREEN) == roomy


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_compact_cards_and_the_menu_of_views_are_clean(open_page: Open, scheme: str) -> None:
    person = bruna()
    person.density = "compact"
    person.save()
    for status in (State.COMMITTED, State.IN_CONTRACT):
        advance(LeadFactory.create(status=status, agent=ana(), headline="2-bed"), State.QUALIFIED, actor=ana())
    LeadFactory.create(agent=None)
    page = open_page(person, color_scheme=scheme, reduced_motion="reduce")
    assert breaches(page) == []
    page.keyboard.press("v")
    see(page, "#views").to_be_visible()
    assert breaches(page) == []


def test_v_opens_the_views_and_the_arrows_choose_one(open_page: Open) -> None:
    page = open_page(bruna())
    page.keyboard.press("v")
    see(page, "#views [aria-current]").to_be_focused()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/?mine=true")
    until(page, lambda: page.title() == "My board – Hindsight")
    see(page, "h1").to_have_text("My board")
    page.keyboard.press("v")
    page.keyboard.press("Escape")
    see(page, "#views").to_be_hidden()


def test_whoever_points_at_a_mark_is_told_what_it_means(open_page: Open) -> None:
    """The name's link covers the card; the marks must lie above it, and a click on one still opens the lead."""
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana(), headline="2-bed")
    advance(lead, State.QUALIFIED, actor=ana())
    LeadFactory.create(agent=None)
    page = open_page(ana())

    silent = page.evaluate(
        """() => [...document.querySelectorAll(
             '.card .chip, .card-meta li, .card .avatar, .card-want, .card-signs li, .count, .stale-count, .mix a')]
           .filter(mark => mark.checkVisibility() && !mark.closest('.column-picker'))
           .filter(mark => {
             const box = mark.getBoundingClientRect();
             const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
             return !hit?.closest('[title]')?.title;
           }).map(mark => mark.outerHTML)"""
    )
    assert silent == []
    page.locator(f"{card_of(lead)} .chip").click()
    page.wait_for_url(f"**/leads/{lead.pk}/")
