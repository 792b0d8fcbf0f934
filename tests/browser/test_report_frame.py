"""What stands around every report, as people use it: header, form, facts, phone, paper, and as axe sees it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from leads.models import Lead
from lifecycle.states import State
from tests.browser.hands import breaches, fits, repeated_ids, see, sticking_out, until
from tests.factories import LeadFactory, advance, ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.report_probe")]

CALM = {"reduced_motion": "reduce"}
EVERY_FILTER = "/probe/?agent=pool&by=shared&voided=1&reason=outbid&known_at=2025-11-03T14:00"
COLLAPSES = "/probe/facts/?kind=deal_collapsed"


def two_collapses() -> Lead:
    begun = timezone.now() - timedelta(days=3)
    long = "Wilhelmina-Anastasia Featherstonehaugh-Cholmondeley"
    for name in (long, "Dana Ortiz"):
        lead = LeadFactory.create(name=name, agent=ana(), status=State.COMMITTED, begun=begun)
        advance(lead, State.QUALIFIED, reason="outbid", note="Twelve offers on that one. " + "x" * 90)
    return lead


def test_axe_finds_nothing_in_light_and_dark_and_when_it_is_refused(open_page: Open) -> None:
    two_collapses()
    page = open_page(bruna(), EVERY_FILTER, **CALM)
    page.get_by_text("Change what is counted").click()
    see(page.get_by_label("Whose figures")).to_be_visible()
    for path in ("", COLLAPSES, "/reports/agents/", "/probe/?known_at=2025-11-02T01:30&from=x"):
        if path:
            page.goto(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert breaches(page) == [], path
        assert repeated_ids(page) == [], path
    see(page.get_by_role("alert")).to_be_visible()


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_sticks_out_and_everything_can_be_touched(open_page: Open, width: int) -> None:
    two_collapses()
    page = open_page(bruna(), EVERY_FILTER, phone=True, viewport={"width": width, "height": 800})
    page.locator(".report-form > summary").tap()
    small = """() => [...document.querySelectorAll('main :is(.tabs a, .report-presets a, .button, summary, .choice,'
      + ' input:not([type=checkbox]), select, .chip[href], .report-known a, .report-back a, th a)')]
      .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML.slice(0, 90))"""
    for path in ("", COLLAPSES, "/probe/leads/", "/reports/agents/"):
        if path:
            page.goto(path)
        fits(page, width)
        assert sticking_out(page, ".reports-page", ":not(.report-tabs *)") == [], path
        assert page.evaluate(small) == [], path
    page.get_by_role("button", name=re.compile("your menu")).tap()
    page.locator("#user-menu").get_by_role("link", name="Reports").tap()
    page.wait_for_url("**/reports/")


def test_the_report_that_is_open_is_in_sight_among_the_others(open_page: Open) -> None:
    inside = """() => {
      const row = document.querySelector('.report-tabs').getBoundingClientRect();
      const open = document.querySelector('.report-tabs [aria-current]').getBoundingClientRect();
      return open.left >= row.left && open.right <= row.right;
    }"""
    page = open_page(bruna(), "/reports/agents/", phone=True, viewport={"width": 390, "height": 800})
    assert page.evaluate(inside) is True
    page = open_page(bruna(), "/reports/agents/", viewport={"width": 1024, "height": 800}, **CALM)
    assert (
        page.evaluate(
            "() => { const t = document.querySelector('.report-tabs'); return t.scrollWidth - t.clientWidth; }"
        )
        == 0
    )


def test_on_a_phone_the_name_of_a_cell_never_lies_on_the_next_one(open_page: Open) -> None:
    two_collapses()
    page = open_page(bruna(), COLLAPSES, phone=True, viewport={"width": 320, "height": 800})
    # Longer than any name that a column has now.
    page.evaluate(
        "document.querySelectorAll('.report-list td').forEach(c => c.dataset.label = 'In the stage before this one')"
    )
    heights = page.locator(".report-list td:not(:empty)").evaluate_all(
        "all => all.map(c => c.getBoundingClientRect().height / parseFloat(getComputedStyle(c, '::before').lineHeight))"
    )
    assert heights and min(heights) >= 2, heights


def test_by_keyboard_from_the_header_and_from_a_number_to_the_very_fact(open_page: Open) -> None:
    lead = two_collapses()
    page = open_page(bruna(), "/", **CALM)
    page.get_by_role("link", name="Reports").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/reports/")
    page.goto(COLLAPSES)
    page.get_by_role("link", name="Dana Ortiz").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/leads/{lead.pk}/?cursor=*#v*")
    see(page.locator(".fact:target").get_by_text("The deal collapsed")).to_be_visible()


def test_the_form_asks_for_a_window_a_past_and_a_switch_and_chips_take_them_back(open_page: Open) -> None:
    page = open_page(bruna(), "/probe/", **CALM)
    page.get_by_role("link", name="This year").click()
    page.wait_for_url("**/probe/?from=*")
    page.get_by_text("Change what is counted").click()
    page.get_by_label("From", exact=True).fill("2025-02-01")
    page.get_by_label("Through").fill("2025-03-31")
    page.get_by_label("As we knew it on").fill("2025-11-03T14:00")
    page.get_by_label("Undone moves counted too").check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/probe/?*voided=1*")
    see(page.get_by_text("From 1 Feb 2025 through 31 Mar 2025")).to_be_visible()
    see(page.get_by_text("These figures never change again.")).to_be_visible()
    page.get_by_role("link", name=re.compile("Undone moves counted too")).click()
    page.wait_for_url(lambda url: "voided" not in url)
    page.get_by_role("link", name="Back to what we know now").click()
    page.wait_for_url(lambda url: "known_at" not in url and "from=2025-02-01" in url)


def test_on_paper_it_says_what_was_asked_and_no_row_is_torn(open_page: Open) -> None:
    two_collapses()
    page = open_page(bruna(), EVERY_FILTER, **CALM)
    page.emulate_media(media="print")
    for kept in (".report-window", ".report-printed", ".report-known", ".report-says"):
        see(page, kept).to_be_visible()
    for gone in (".report-tools", ".report-tabs", ".page-actions", ".site-header", ".report-known a"):
        see(page.locator(gone).first).to_be_hidden()
    assert "Shared by the days that each held it" in page.locator(".report-printed").inner_text()
    page.goto(COLLAPSES)
    breaks = "[...document.querySelectorAll('.report-list tr')].map(row => getComputedStyle(row).breakInside)"
    until(page, lambda: set(page.evaluate(breaks)) == {"avoid"}, "No row is torn.")
    fits(page)
