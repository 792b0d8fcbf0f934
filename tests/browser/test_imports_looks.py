"""Leads of an old system as people see them: what is a guess looks it, on a screen, on a phone and on paper."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from leads.models import Lead
from tests.backfilled import CREATED, came_in, row, taken_back, taken_up, the_import
from tests.browser.hands import breaches, fits, repeated_ids, see, sticking_out
from tests.factories import ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]
pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}
DAY = timedelta(days=1)
LONG = "Wilhelmina-Anastasia Featherstonehaugh-Cholmondeley"


def an_old_office() -> Lead:
    """A lead with a date for each stage, taken back and brought again, and some that came along."""
    now, holder = timezone.now(), ana().display_name
    reached = tuple((s, CREATED + n * DAY) for n, s in enumerate(("QUALIFIED", "COMMITTED", "IN_CONTRACT"), start=9))
    told = row("IN_CONTRACT", reached=reached, agent=holder, flags=("unsubscribed",), note="Likes the garden.")
    rows = [told, row("QUALIFIED", status_words="Hot"), row("QUALIFIED", created_at=None, modified_at=None)]
    leads = came_in(rows, now=now - 3 * DAY, names=["Dana Ortiz", LONG, "ليلى حداد"])
    the_import(leads[0])
    taken_back(leads[:1], now=now - 2 * DAY)
    taken_up(leads[:1], [told], now=now - DAY)
    return leads[0]


def addresses(lead: Lead) -> list[str]:
    """Every page that speaks of such a lead."""
    home = f"/leads/{lead.pk}"
    more = [f"{home}/{name}/" for name in ("custody", "packet", "consent")]
    return ["/", f"{home}/", f"{home}/at/?t=2011-10-05T12:00", *more, "/changes/?clock=known"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page: Open, scheme: str) -> None:
    dana = an_old_office()
    page = open_page(bruna(), "/", color_scheme=scheme, **CALM)
    for address in addresses(dana):
        page.goto(address)
        assert breaches(page) == [] and repeated_ids(page) == [], address


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_nothing_sticks_out(open_page: Open, width: int) -> None:
    dana = an_old_office()
    page = open_page(bruna(), "/", phone=True, viewport={"width": width, "height": 800})
    for address in addresses(dana)[1:]:
        page.goto(address)
        fits(page, width)
    page.goto(f"/leads/{dana.pk}/")
    assert sticking_out(page, "#story", "*") == []
    assert page.locator(".fact.is-about .fact-clock").first.inner_text().startswith("about ")


def test_a_guess_is_seen_and_read_and_printed(open_page: Open) -> None:
    dana = an_old_office()
    page = open_page(bruna(), f"/leads/{dana.pk}/", **CALM)
    ring = "e => getComputedStyle(e).borderTopStyle"
    rings = {
        kind: page.locator(f'[data-kind="{kind}"] .fact-icon').first.evaluate(ring)
        for kind in ("flag_set", "lead_created")
    }
    assert rings == {"flag_set": "dashed", "lead_created": "solid"}
    unknown, now = page.locator(".step.is-unknown").first, page.locator(".step.is-now")
    assert "length not recorded" in unknown.inner_text() and "about" in now.inner_text()
    assert unknown.locator("a").evaluate(ring) == "dashed" and now.locator("a").evaluate(ring) == "solid"
    page.goto(f"/leads/{dana.pk}/?print=1&order=oldest")
    page.emulate_media(media="print")
    times = page.locator(".fact.is-about .fact-time").all_inner_texts()
    assert times and all(t.startswith("about ") for t in times)
    assert page.get_by_text("how the lead came there is not known").first.is_visible()


def test_the_page_of_changes_names_each_import_once(open_page: Open) -> None:
    an_old_office()
    page = open_page(bruna(), f"/changes/?from={(timezone.now() - 5 * DAY).date()}&clock=known", **CALM)
    again, first = page.locator("#imports li").all_inner_texts()
    assert "It brought 1 lead again." in again
    assert "2 leads came in." in first and "It was taken back: 1 lead left the board." in first
    see(page, ".changes-line").to_have_count(0)
