"""The help on screens and on paper: one sheet where one is promised, nothing cut off, nothing that axe finds."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from leads.help.contents import pages
from lifecycle.models import ReasonCode
from lifecycle.reasons import Group
from tests.browser.hands import breaches, fits, see
from tests.factories import ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}
ADDRESSES = ["/help/", *(f"/help/{page.name}/" for page in pages())]
PAPERS = ("A4", "Letter")


def sheets(page: "Page", paper: str) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper)))


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_card_fits_on_one_sheet_with_a_reason_of_the_offices_own(open_page: Open, language: str) -> None:
    ReasonCode.objects.create(
        code="flood_zone", label="Lies in a flood zone", group=Group.OTHER, kinds=["contract_voided"]
    )
    page = open_page(bruna(), "/help/lifecycle/", locale=language)
    assert [sheets(page, paper) for paper in PAPERS] == [1, 1]


@pytest.mark.parametrize("language", ["en", "es"])
def test_guides_fit_on_the_sheets_they_promise(open_page: Open, language: str) -> None:
    page = open_page(bruna(), locale=language)
    for guide in pages():
        if guide.sheets > 1:
            page.goto(f"/help/{guide.name}/")
            assert max(sheets(page, paper) for paper in PAPERS) <= guide.sheets, guide.name


def test_no_letter_on_the_printed_card_is_under_seven_points(open_page: Open) -> None:
    page = open_page(ana(), "/help/lifecycle/")
    page.emulate_media(media="print")
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.help-lifecycle :is(p, td, th, dt, dd, h3, .reason)')]
             .filter(e => e.offsetParent).map(e => parseFloat(getComputedStyle(e).fontSize)))"""
    )
    assert smallest >= 7 * 96 / 72 - 0.01


def test_nothing_sticks_out_on_a_small_phone(open_page: Open) -> None:
    page = open_page(ana(), phone=True, viewport={"width": 360, "height": 740})
    for address in ADDRESSES:
        page.goto(address)
        fits(page, 360)
        see(page, ".help-list").to_be_hidden()


def test_on_a_phone_the_list_of_pages_unfolds_and_the_standing_picture_shows(open_page: Open) -> None:
    page = open_page(ana(), "/help/lifecycle/", phone=True)
    assert page.locator(".diagram-standing").is_visible() and page.locator(".diagram-lying").is_hidden()
    page.locator(".help-menu > summary").tap()
    page.locator(".help-menu").get_by_role("link", name="Glossary").tap()
    page.wait_for_url("**/help/glossary/")


def test_the_help_is_clean(open_page: Open) -> None:
    page = open_page(bruna(), **CALM)
    for address in ADDRESSES:
        page.goto(address)
        assert breaches(page) == [], address


def test_the_help_is_clean_in_the_dark(open_page: Open) -> None:
    page = open_page(bruna(), color_scheme="dark", **CALM)
    for address in ("/help/", "/help/lifecycle/", "/help/marks/", "/help/board-shape/"):
        page.goto(address)
        assert breaches(page) == [], address


def test_the_help_is_clean_on_a_phone(open_page: Open) -> None:
    page = open_page(ana(), "/help/lifecycle/", phone=True, **CALM)
    assert breaches(page) == []
