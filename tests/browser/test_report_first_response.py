"""The first response in a browser: drawn, legible, by keyboard, on a phone and on paper."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from leads.models import User
from lifecycle import service
from tests.browser.hands import breaches, fits, repeated_ids, see, until
from tests.factories import LeadFactory, UserFactory, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/reports/first-response/"
LONG_NAME = "Maximiliana Featherstonehaugh-Wolfeschlegelsteinhausen of the Northern Office"


def an_office() -> None:
    """Ana and somebody with a long name, six leads each; one that Ben got and never called."""
    begun = timezone.now() - timedelta(days=2)
    long: User = UserFactory.create(username="max", display_name=LONG_NAME)
    common: dict[str, Any] = {"actor": bruna(), "source": "page"}
    for n in range(13):
        agent = ben() if n == 12 else (ana(), long)[n % 2]
        lead = LeadFactory.build(name=f"Dana Ortiz {n}")
        came = begun + timedelta(hours=n)
        inquiry = ("website", "portal", "open_house")[n % 3]
        service.create_lead(lead=lead, inquiry=inquiry, agent=agent, now=came, **common)
        if agent != ben():
            called = came + timedelta(minutes=1 + n)
            service.log_contact(lead_id=lead.pk, channel="call", outcome="spoke", now=called, **common)


def drawn(page: "Page", charts: int) -> "Page":
    until(page, lambda: page.locator(".chart-drawing svg").count() == charts)
    return page


def test_a_broker_follows_a_number_to_its_facts_and_comes_back(open_page: Open) -> None:
    an_office()
    page = drawn(open_page(bruna(), PAGE), 2)
    row = page.get_by_role("row", name="Ana Alvarez").first
    row.get_by_role("link").nth(1).press("Enter")
    page.wait_for_url(f"**{PAGE}facts/**")
    see(page, "h1").to_have_text("First response: in time")
    see(page.get_by_text("Ana Alvarez: 1m 00s, in time")).to_be_visible()
    page.get_by_role("link", name="Back to “First response”").click()
    page.wait_for_url(f"**{PAGE}?**")
    see(page.get_by_text("Ana Alvarez").first).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(open_page: Open, scheme: str) -> None:
    an_office()
    page = drawn(open_page(bruna(), PAGE, color_scheme=scheme), 2)
    assert breaches(page) == [] and repeated_ids(page) == []
    page.goto(f"{PAGE}facts/?what=breached")
    assert breaches(page) == []


def test_on_a_phone_nothing_sticks_out(open_page: Open) -> None:
    an_office()
    page = drawn(open_page(bruna(), PAGE, phone=True), 2)
    fits(page, 390)
    small = page.evaluate(
        """[...document.querySelectorAll('main :is(a, summary, button)')].filter(e => e.checkVisibility())
           .filter(e => e.getBoundingClientRect().height < 43.5 && !e.closest('.report-says'))
           .map(e => e.textContent.trim())"""
    )
    assert small == []
    page.set_viewport_size({"width": 320, "height": 800})
    # The drawings follow a moment later.
    until(page, lambda: page.evaluate("document.documentElement.scrollWidth") == 320)


def test_on_paper_stand_all_figures(open_page: Open) -> None:
    an_office()
    page = drawn(open_page(bruna(), PAGE), 2)
    page.emulate_media(media="print")
    assert page.locator(".report-printed").is_visible() and not page.locator(".report-tools").is_visible()
    see(page.get_by_role("row", name=LONG_NAME).first).to_be_visible()
    sheets = page.locator(".report-sheet").evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")
    assert max(sheets) <= 1


def test_without_script_the_tables_are_the_page(open_page: Open) -> None:
    an_office()
    page = open_page(bruna(), PAGE, java_script_enabled=False)
    see(page.get_by_role("row", name="Ana Alvarez").first).to_be_visible()
    assert page.locator("figure.chart").first.is_visible() is False
