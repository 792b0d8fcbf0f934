"""The office at a glance, as people use it: by mouse, on a phone, on paper, and as axe sees it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from lifecycle.states import State
from tests.browser.hands import breaches, fits, repeated_ids, see
from tests.factories import RE_ENGAGED, LeadFactory, advance, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}


def an_office() -> None:
    """Leads that wait, deals that fell back, a stage that does not move, one that came back."""
    now = timezone.now()
    for agent in (ana(), ben()):
        LeadFactory.create(agent=agent, begun=now - timedelta(hours=2))
        for days in (2, 40):
            lead = LeadFactory.create(status=State.COMMITTED, agent=agent, begun=now - timedelta(days=days + 1))
            advance(lead, State.QUALIFIED, actor=agent, now=now - timedelta(days=days))
    back = LeadFactory.create(status=State.ARCHIVED, agent=ana())
    advance(back, State.CONTACTING, **RE_ENGAGED)


def test_axe_finds_nothing_in_light_and_dark_now_and_then(open_page: Open) -> None:
    an_office()
    page = open_page(bruna(), "/reports/", **CALM)
    for path in ("", f"/reports/?known_at={timezone.now():%Y-%m-%dT%H:%M:%SZ}", "/reports/leads/?of=overdue"):
        if path:
            page.goto(path)
        else:
            page.get_by_text("Week by week").click()
            page.wait_for_selector("#shape svg")
            # What lies half under the header that stays in place is small for axe.
            page.evaluate("scrollTo(0, 0)")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert breaches(page) == [], path
        assert repeated_ids(page) == [], path


def test_a_sentence_leads_to_the_leads_and_back(open_page: Open) -> None:
    an_office()
    page = open_page(bruna(), "/reports/", **CALM)
    page.get_by_role("link", name="2 leads in New are past their 5 minutes").click()
    page.wait_for_url("**/reports/leads/?of=overdue")
    see(page, ".report-list tbody tr").to_have_count(2)
    page.goto("/reports/")
    page.locator("#shape-head ~ *, .glance-shape").get_by_role("link", name="2", exact=True).nth(1).click()
    page.wait_for_url(re.compile(r"/(\?stale=true)?#column-"))


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_scrolls_sideways_and_everything_can_be_touched(open_page: Open, width: int) -> None:
    an_office()
    page = open_page(ana(), "/reports/", phone=True, viewport={"width": width, "height": 800}, **CALM)
    page.wait_for_selector("#shape svg")
    page.get_by_text("Week by week").tap()
    fits(page, width)
    small = """() => [...document.querySelectorAll('main :is(.glance-first a, .glance-tiles a, .glance-ways a, td a,'
      + ' summary, .button)')].filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
      .map(e => e.outerHTML.slice(0, 90))"""
    assert page.evaluate(small) == []


def test_the_broker_prints_it_on_two_sheets_for_the_meeting(open_page: Open) -> None:
    an_office()
    page = open_page(bruna(), "/reports/", **CALM)
    page.wait_for_selector("#fell svg")
    paper = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2
    page.emulate_media(media="print")
    see(page.get_by_text("Printed by Bruna Barros")).to_be_visible()
    assert not page.get_by_text("Change what is counted").is_visible()
