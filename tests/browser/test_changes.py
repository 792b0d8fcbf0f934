"""The page of changes as people use it: by keyboard, on a phone, on paper, and as axe sees it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone

from leads.models import Lead
from lifecycle import service
from lifecycle.events import Source
from lifecycle.states import State
from tests.browser.hands import breaches, fits, repeated_ids, see, sticking_out, until
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}
HOUR = timedelta(hours=1)


def a_week() -> Lead:
    """Dana went there and back, changed hands and closed a channel; others came in, and one move was a mistake."""
    begun = timezone.now() - timedelta(days=3)
    since = timezone.now() - timedelta(hours=20)
    dana = LeadFactory.create(name="Dana Ortiz", agent=ana(), status=State.COMMITTED, begun=begun)
    advance(dana, State.QUALIFIED, now=since + HOUR)
    advance(dana, State.COMMITTED, now=since + 2 * HOUR)
    said: dict[str, Any] = {"lead_id": dana.pk, "actor": bruna(), "source": Source.PAGE}
    service.assign_lead(**said, to_agent=ben(), reason="territory", now=since + 3 * HOUR)
    service.set_flag(**said, flag="dnc", reason="legal", now=since + 4 * HOUR)
    advance(dana, State.IN_CONTRACT, now=since + 5 * HOUR)
    service.void_move(**said, target=newest(dana).uuid, reason="mis_drag", now=since + 6 * HOUR)
    long = "Wilhelmina-Anastasia Featherstonehaugh-Cholmondeley"
    LeadFactory.create(name=long, agent=ben(), status=State.COMMITTED, begun=since, headline="x" * 120)
    LeadFactory.create(name="ليلى حداد", status=State.NEW, begun=since)
    return dana


def address(**more: str) -> str:
    """The page with the window of the last day."""
    asked = {"from": (timezone.now() - timedelta(days=1)).isoformat(), **more}
    return f"/changes/?{urlencode(asked)}"


def test_axe_finds_nothing_in_light_and_dark_and_when_it_is_refused(open_page: Open) -> None:
    a_week()
    for scheme in ("light", "dark"):
        page = open_page(bruna(), address(clock="known"), color_scheme=scheme, **CALM)
        assert breaches(page) == [] and repeated_ids(page) == []
        page.goto("/changes/?from=2025-11-02T01:30&to=1999-12-31")
        see(page.get_by_role("alert")).to_be_visible()
        assert breaches(page) == [] and repeated_ids(page) == []
    page.goto("/changes/?from=2020-01-01&to=2020-01-02")
    see(page.get_by_text("A quiet stretch")).to_be_visible()
    assert breaches(page) == []


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_sticks_out_and_everything_can_be_touched(open_page: Open, width: int) -> None:
    a_week()
    page = open_page(ana(), address(clock="known"), phone=True, viewport={"width": width, "height": 800})
    page.locator(".changes-form > summary").tap()
    fits(page, width)
    assert sticking_out(page, ".changes-page", "*") == []
    small = """() => [...document.querySelectorAll('main :is(.filter-chips a, .tabs a, .changes-counts a, summary,'
      + ' button, input:not([type=hidden]), select, .changes-lead, .chip[href])')]
      .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""
    assert page.evaluate(small) == []


def test_by_keyboard_from_the_menu_to_the_group_and_its_fact(open_page: Open) -> None:
    dana = a_week()
    page = open_page(bruna(), "/", **CALM)
    page.get_by_role("button", name="Look back").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="What changed since…").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/changes/")
    page.get_by_role("link", name="Since yesterday").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/changes/?from=*")
    page.get_by_role("link", name=re.compile("Fell back")).focus()
    page.keyboard.press("Enter")
    see(page, "#fell_back").to_be_focused()
    line = page.locator("#fell_back .changes-line")
    assert line.count() == 1
    line.locator(".changes-when").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/leads/{dana.pk}/?cursor=*#v*")
    see(page.locator(".fact:target").get_by_text("The deal collapsed")).to_be_visible()


def test_the_form_asks_for_another_window_agent_and_clock(open_page: Open) -> None:
    a_week()
    page = open_page(bruna(), address(), **CALM)
    see(page, "#undone").to_have_count(0)
    page.get_by_role("link", name="As we knew it then").click()
    see(page, "#undone .changes-line").to_have_count(1)
    page.get_by_text("Another window, agent or group").click()
    page.get_by_label("Held then or now by").select_option(label="Ana Alvarez")
    page.get_by_label("Group", exact=True).select_option(label="There and back")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**&agent=*")
    see(page, ".changes-group").to_have_count(1)
    see(page, "#there_and_back").to_be_visible()
    see(page.get_by_text("As we knew it then.")).to_be_visible()
    page.get_by_role("link", name=re.compile("There and back.*remove this filter")).click()
    page.wait_for_url(lambda url: "group=" not in url)
    # Ana held none of the new ones.
    see(page, "#new").to_have_count(0)
    see(page, "#fell_back").to_be_visible()


def test_on_paper_it_names_its_window_and_no_lead_is_torn_apart(open_page: Open) -> None:
    a_week()
    page = open_page(bruna(), address(), **CALM)
    page.emulate_media(media="print")
    for kept in (".changes-window", ".changes-past", ".changes-printed", ".changes-counts", ".changes-line"):
        see(page.locator(kept).first).to_be_visible()
    for gone in (".changes-tools", ".page-actions", ".site-header"):
        see(page.locator(gone).first).to_be_hidden()
    breaks = """() => [...document.querySelectorAll('.changes-line, .panel-head')]
      .map(e => [e.className, getComputedStyle(e).breakInside, getComputedStyle(e).breakAfter].join(':'))"""
    whole = {"changes-line:avoid:auto", "panel-head:auto:avoid"}
    until(page, lambda: set(page.evaluate(breaks)) >= whole, "No lead is torn apart.")
    groups = page.evaluate("[...document.querySelectorAll('.changes-group')].map(e => getComputedStyle(e).breakInside)")
    assert set(groups) == {"auto"}
    assert page.evaluate("typeof print") == "function"
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="Letter"))) <= 2


def test_the_button_prints(open_page: Open) -> None:
    page = open_page(bruna(), "/changes/")
    page.evaluate("window.print = () => document.body.dataset.printed = 'yes'")
    page.get_by_role("button", name="Print").click()
    see(page, "body").to_have_attribute("data-printed", "yes")
