"""Time in each stage as a broker uses it: charts, a stage chosen, a number followed; axe, phone, paper."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from lifecycle.states import State
from tests.browser.hands import breaches, fits, repeated_ids, see, sticking_out
from tests.factories import LeadFactory, advance, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}
PAGE = "/reports/time/"


def an_office() -> None:
    """Eight leads in Qualified, five of them moved on after some days, one of these fell back."""
    begun = timezone.now() - timedelta(days=30)
    for n in range(8):
        lead = LeadFactory.create(name=f"Dana {n}", status=State.QUALIFIED, agent=(ana(), ben())[n % 2], begun=begun)
        if n < 5:
            advance(lead, State.COMMITTED, now=begun + timedelta(days=4 + 3 * n))
    advance(lead, State.ARCHIVED)


def test_a_broker_looks_at_another_stage_and_follows_a_number_to_its_facts(open_page: Open) -> None:
    an_office()
    page = open_page(bruna(), PAGE, **CALM)
    page.locator("#time-stages svg, #time-stages canvas").first.wait_for()
    page.locator("#time-curve svg, #time-curve canvas").first.wait_for()
    page.get_by_role("table", name="How long leads stay").get_by_role("link", name="Committed").click()
    page.wait_for_url("**/reports/time/?*stage=COMMITTED*")
    see(page.get_by_role("heading", name="Committed: how many are still there")).to_be_visible()
    page.get_by_text("Change what is counted").click()
    page.get_by_label("Stage in detail").select_option("Qualified")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**/reports/time/?*stage=QUALIFIED*")
    row = page.get_by_role("table", name="by who held the lead").get_by_role("row", name="Ben Brooks")
    row.get_by_role("link", name="4").click()
    page.wait_for_url("**/reports/time/facts/?*held=*")
    see(page.get_by_text("4 facts, newest first.")).to_be_visible()
    page.get_by_role("link", name="Back to").click()
    page.wait_for_url("**/reports/time/?*stage=QUALIFIED*")


def test_axe_finds_nothing_in_light_and_dark(open_page: Open) -> None:
    an_office()
    page = open_page(bruna(), PAGE, **CALM)
    for path in ("", "/reports/time/facts/?stage=QUALIFIED", "/reports/time/leads/?stage=QUALIFIED"):
        if path:
            page.goto(path)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert breaches(page) == [], path
        assert repeated_ids(page) == [], path


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_sticks_out_and_numbers_can_be_touched(open_page: Open, width: int) -> None:
    an_office()
    page = open_page(bruna(), PAGE, phone=True, viewport={"width": width, "height": 800})
    fits(page, width)
    assert sticking_out(page, ".reports-page", ":not(.report-tabs *, .report-sheet *)") == []
    small = """() => [...document.querySelectorAll('.time-table a')]
      .filter(e => e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML)"""
    assert page.evaluate(small) == []


def test_on_paper_the_tables_stand_without_what_can_be_pressed(open_page: Open) -> None:
    an_office()
    page = open_page(bruna(), PAGE, **CALM)
    page.emulate_media(media="print")
    see(page.get_by_role("table", name="How long leads stay")).to_be_visible()
    see(page.get_by_text("Printed by Bruna Barros")).to_be_visible()
    assert not page.get_by_role("link", name="Download CSV").is_visible()
