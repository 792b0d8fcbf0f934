"""Funnel, flow and paths in a browser: what a broker follows with the mouse, and how it looks everywhere."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from lifecycle.states import State
from tests.browser.hands import breaches, fits, see
from tests.factories import LeadFactory, advance, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., "Page"]
PAGES = ("/reports/funnel/", "/reports/flow/?stage=QUALIFIED", "/reports/paths/?path=NC")


@pytest.fixture
def office() -> None:
    """A dozen leads on their ways; one of them fell back fourteen times."""
    for status in (State.NEW, State.CONTACTING, State.QUALIFIED, State.COMMITTED, State.CLOSED, State.ARCHIVED):
        LeadFactory.create(status=status, agent=ana())
        LeadFactory.create(status=status, agent=ben())
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    for _ in range(7):
        advance(lead, State.QUALIFIED, actor=ana())
        advance(lead, State.COMMITTED, actor=ana())


def test_a_broker_follows_the_leads_stage_by_stage_to_the_one_lead(open_page: Open, office: None) -> None:
    page = open_page(bruna(), "/reports/paths/")
    for stage, so_far in (("New", "N"), ("Contacting", "NC"), ("Qualified", "NCQ"), ("Committed", "NCQS")):
        page.locator(".flow-next").get_by_role("link", name=stage, exact=True).click()
        page.wait_for_url(f"**/reports/paths/?path={so_far}")
    see(page, "#next-head").to_have_text("What came after New › Contacting › Qualified › Committed")
    page.get_by_role("link", name="Qualified", exact=True).click()
    page.wait_for_url("**path=NCQSQ**")
    page.get_by_role("row").nth(1).get_by_role("link").click()
    page.wait_for_url("**/reports/paths/leads/**")
    see(page, ".report-many").to_have_text("1 lead, newest first.")
    page.get_by_role("link", name="Back to “Paths”").click()
    page.wait_for_url("**/reports/paths/?**")


def test_from_what_was_lost_to_the_leads_and_from_a_week_to_its_facts(open_page: Open, office: None) -> None:
    page = open_page(bruna(), "/reports/funnel/")
    page.locator("#funnel-chart svg").wait_for()
    page.get_by_role("row", name=re.compile("^Qualified")).get_by_role("link").first.click()
    page.wait_for_url("**/reports/funnel/leads/?reached=QUALIFIED")
    assert "7 leads" in page.locator(".report-many").inner_text()
    page.goto("/reports/flow/")
    page.locator("#weekly-chart svg").wait_for()
    page.locator("#where-chart svg").wait_for()
    page.get_by_role("link", name="Committed", exact=True).click()
    page.wait_for_url("**/reports/flow/?stage=COMMITTED")
    see(page, "#stage-head").to_have_text("In and out of “Committed”")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_them(open_page: Open, office: None, scheme: str) -> None:
    page = open_page(bruna(), "/reports/", color_scheme=scheme)
    for path in PAGES:
        page.goto(path)
        page.locator("h1").wait_for()
        assert breaches(page) == []


def test_on_a_phone_nothing_scrolls_sideways_but_the_tables(open_page: Open, office: None) -> None:
    page = open_page(bruna(), "/reports/", phone=True)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        for path in PAGES:
            page.goto(path)
            fits(page, width)
            low = page.locator(".report-table a:visible, .flow-next a:visible").evaluate_all(
                "links => links.filter(a => a.getBoundingClientRect().height < 44).map(a => a.textContent)"
            )
            assert low == []


def test_on_paper_there_are_figures_and_no_buttons(open_page: Open, office: None) -> None:
    page = open_page(bruna(), "/reports/paths/?path=NC")
    page.emulate_media(media="print")
    assert page.locator(".flow-paths").is_visible() and page.locator(".flow-next").is_visible()
    assert not page.get_by_role("link", name="One stage back").is_visible()
    assert len(page.pdf(format="A4")) > 10_000
