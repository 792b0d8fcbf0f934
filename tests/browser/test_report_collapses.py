"""What fell back, as people look at it: from a number to its facts, on a phone, on paper, and as axe sees it."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from leads.models import User
from lifecycle.states import State
from tests.browser.hands import breaches, fits, repeated_ids, see, sticking_out
from tests.factories import LeadFactory, UserFactory, advance, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/reports/collapses/"
CALM = {"reduced_motion": "reduce"}
LONG_NAME = "Maximiliana Featherstonehaugh-Wolfeschlegelsteinhausen"


def falls(agent: User | None, days: int, state: State = State.COMMITTED, **said: Any) -> None:
    """A deal of this agent fell back so many days ago, ten days after it had come there."""
    at = timezone.now() - timedelta(days=days)
    lead = LeadFactory.create(status=state, agent=agent, begun=at - timedelta(days=10, hours=4))
    advance(lead, State.QUALIFIED, now=at, **said)


def an_office() -> None:
    other = UserFactory.create(username="max", display_name=LONG_NAME)
    for days, agent in ((2, ana()), (9, ana()), (100, ben()), (190, other), (12, None)):
        falls(agent, days, reason="outbid")
    falls(ana(), 3, reason="other", note="They went to live with her mother instead.")
    falls(ben(), 4, State.IN_CONTRACT)
    falls(other, 130, State.IN_CONTRACT, reason="financing_denied")


def drawn(page: "Page", charts: int = 3) -> "Page":
    """The page once so many drawings stand on it."""
    page.wait_for_function("n => document.querySelectorAll('.chart-drawing svg').length === n", arg=charts)
    return page


def test_a_broker_goes_from_a_number_to_its_facts_and_back(open_page: Open) -> None:
    an_office()
    page = drawn(open_page(bruna(), PAGE, **CALM))
    row = page.locator(".collapses-table").first.get_by_role("row", name="Ana Alvarez")
    row.get_by_role("link", name="3", exact=True).nth(1).click()
    page.wait_for_url("**/collapses/facts/**")
    see(page, "h1").to_have_text("Fell back before contract · Ana Alvarez")
    see(page.get_by_text("3 facts, newest first.")).to_be_visible()
    assert "They went to live with her mother instead." in page.inner_text("main")
    page.get_by_role("link", name="Back to").click()
    page.wait_for_url(f"**{PAGE}?")
    see(page.get_by_text("not to rank anybody")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_group_of_reasons_opens_to_its_reasons(open_page: Open, scripts: bool) -> None:
    an_office()
    page = open_page(bruna(), PAGE, java_script_enabled=scripts, **CALM)
    reason = page.locator(".collapses-reasons").get_by_text("Outbid")
    assert reason.is_hidden()
    page.locator(".collapses-reasons summary", has_text="The other side").focus()
    page.keyboard.press("Enter")
    reason.wait_for()
    page.emulate_media(media="print")
    # Paper has no fold.
    see(page.locator(".collapses-reasons").get_by_text("Loan denied")).to_be_visible()


def test_a_broker_asks_for_another_credit_and_the_filter_stays_in_the_address(open_page: Open) -> None:
    an_office()
    page = drawn(open_page(bruna(), PAGE, **CALM))
    page.get_by_text("Change what is counted").click()
    page.get_by_label("Credited to").select_option("shared")
    page.get_by_label("Undone moves counted too").check()
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**by=shared**")
    assert "voided=1" in page.url
    says = page.locator(".report-says").inner_text()
    assert "shared by the days" in says and "Moves that were undone later count too" in says


def test_axe_finds_nothing_in_light_and_dark(open_page: Open) -> None:
    an_office()
    page = drawn(open_page(bruna(), PAGE, **CALM))
    for path in ("", f"{PAGE}facts/?kind=deal_collapsed", f"{PAGE}?through=2001-01-01"):
        if path:
            page.goto(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert breaches(page) == [], (path, scheme)
        assert repeated_ids(page) == [], path


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_sticks_out_and_everything_can_be_touched(open_page: Open, width: int) -> None:
    an_office()
    page = drawn(open_page(ana(), PAGE, phone=True, viewport={"width": width, "height": 800}, **CALM), 1)
    fits(page, width)
    assert sticking_out(page, ".reports-page", ":not(.report-tabs *, .report-sheet *, .chart-drawing *)") == []
    small = page.evaluate(
        """[...document.querySelectorAll('main :is(a, summary, button)')]
           .filter(e => e.checkVisibility() && !e.closest('svg') && e.getBoundingClientRect().height < 43.5)
           .map(e => e.outerHTML.slice(0, 90))"""
    )
    assert small == []
    see(page.get_by_text("Ben Brooks")).to_have_count(0)


def test_on_paper_stand_the_figures_and_who_printed_them(open_page: Open, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("There is no pdftotext on this machine.")
    an_office()
    page = drawn(open_page(bruna(), PAGE, **CALM))
    page.pdf(path=str(tmp_path / "it.pdf"), format="A4")
    text = subprocess.run(["pdftotext", "-layout", tmp_path / "it.pdf", "-"], capture_output=True, text=True).stdout
    assert "Printed by Bruna Barros" in text and "What is counted" in text and "Change what is counted" not in text
    assert "Featherstonehaugh" in text and "Appraisal came in low" in text
    sheets = page.locator(".report-sheet")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    parts = page.locator(".report-grid .chart-drawing svg").evaluate_all("all => all.map(e => e.getAttribute('width'))")
    assert parts == ["340", "340"], "Beside one another they are drawn to half a sheet."
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    assert max(sheets.evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")) <= 1
