"""The page about one agent in a browser: read, followed, by keyboard, in the dark, on a phone and on paper."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from leads.models import User
from lifecycle import service
from lifecycle.states import State
from tests.browser.hands import breaches, fits, repeated_ids, see, until
from tests.factories import LeadFactory, UserFactory, advance, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

LONG_NAME = "Maximiliana Featherstonehaugh-Wolfeschlegelsteinhausen of the Northern Office"
NOTE = "The lender asked for two more months of statements, and the seller did not want to wait any longer. " * 2
WHY = ("financing_affordability", "financing_affordability", "cold_feet", "outbid", "financing_preapproval_lost")


def an_office() -> User:
    """Max with the long name: five deals that fell, one that closed, some work. Ben: six that fell."""
    long: User = UserFactory.create(username="max", display_name=LONG_NAME)
    now, hour = timezone.now(), timedelta(hours=1)
    ana()
    for agent, reasons in ((long, WHY), (ben(), (*WHY, "outbid"))):
        for n, reason in enumerate(reasons):
            lead = LeadFactory.create(status=State.COMMITTED, agent=agent, begun=now - 8 * hour)
            advance(lead, State.QUALIFIED, actor=bruna(), now=now - (3 - n / 10) * hour, reason=reason, note=NOTE)
    LeadFactory.create(status=State.CLOSED, agent=long, begun=now - 9 * hour)
    LeadFactory.create(agent=long, begun=now - 9 * hour)
    given = LeadFactory.create(agent=long, begun=now - 9 * hour)
    service.assign_lead(lead_id=given.pk, to_agent=ben(), reason="workload_balance", actor=bruna(), source="page")
    return long


def opened(open_page: Open, person: User, **how: object) -> "Page":
    page = open_page(bruna(), f"/reports/agents/{person.pk}/?all=1", **how)
    until(page, lambda: page.locator(".chart-drawing svg").count() == 1)
    return page


def test_a_broker_reads_a_story_follows_a_number_and_goes_on_to_the_next_person(open_page: Open) -> None:
    person = an_office()
    page = opened(open_page, person)
    see(page, "h1").to_have_text(LONG_NAME)
    see(page, ".coach-deal").to_have_count(5)
    see(page.get_by_text("Financing is behind 3 of 5 (60%); in the team behind 3 of 6 (50%).")).to_be_visible()
    page.locator(".coach-well a", has_text="closed").press("Enter")
    page.wait_for_url("**/facts/**")
    see(page.get_by_text("1 fact, newest first.")).to_be_visible()
    page.get_by_role("link", name="Back to").click()
    page.wait_for_url(f"**/reports/agents/{person.pk}/?**")
    page.locator('a[rel="prev"]').click()
    page.wait_for_url(f"**/reports/agents/{ben().pk}/?**")
    see(page, "h1").to_have_text("Ben Brooks")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(open_page: Open, scheme: str) -> None:
    page = opened(open_page, an_office(), color_scheme=scheme)
    assert breaches(page) == [] and repeated_ids(page) == []


def test_on_a_phone_nothing_sticks_out_and_a_finger_finds_its_place(open_page: Open) -> None:
    page = opened(open_page, an_office(), phone=True)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        fits(page, width)
    small = page.evaluate(
        """[...document.querySelectorAll('main :is(a, summary, button)')].filter(e => e.checkVisibility())
           .filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.textContent.trim())"""
    )
    assert small == []


def test_on_paper_it_is_two_sheets_with_lines_to_write_on(open_page: Open) -> None:
    page = opened(open_page, an_office())
    page.emulate_media(media="print")
    assert page.get_by_text("Notes for the talk").is_visible() and page.locator(".report-printed").is_visible()
    hidden = (".report-tools", ".coach-beside", ".report-tabs", ".coach-more")
    assert not any(page.locator(selector).first.is_visible() for selector in hidden)
    for paper in ("A4", "Letter"):
        sheets = page.pdf(format=paper, margin={"top": "12mm", "right": "12mm", "bottom": "12mm", "left": "12mm"})
        assert sheets.count(b"/Type /Page\n") == 2


def test_without_script_the_tables_are_the_page(open_page: Open) -> None:
    person = an_office()
    page = open_page(bruna(), f"/reports/agents/{person.pk}/?all=1", java_script_enabled=False)
    see(page.get_by_role("row", name="Financing")).to_be_visible()
    assert not page.locator("figure.chart").first.is_visible()
