"""The frame around every page: it installs, it fits, and the language before the login is a click away."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.hands import fits, see
from tests.factories import ada, ana

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

#: A test's browser keeps nothing after the test, and that alone is why it would not install anything.
_OF_THE_TEST = {"in-incognito"}


def test_hindsight_installs_as_an_app(open_page: Open) -> None:
    page = open_page(None, "/accounts/login/")
    browser = page.context.new_cdp_session(page)
    read = browser.send("Page.getAppManifest")
    assert read["url"].endswith("/manifest.webmanifest?language=en")
    assert read["errors"] == []
    hindrances = browser.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert {h["errorId"] for h in hindrances} - _OF_THE_TEST == set()


@pytest.mark.parametrize("width", [320, 700, 1000, 1024, 1240])
def test_the_header_fits_in_one_row_whatever_the_width(open_page: Open, width: int) -> None:
    someone = ada()
    someone.language = "es"
    someone.save(update_fields=["language"])
    page = open_page(someone, "/me/", viewport={"width": width, "height": 700})
    fits(page, width)
    assert page.locator(".site-header").evaluate("header => header.offsetHeight") <= 57
    assert page.locator("#search").bounding_box()["width"] >= 90  # type: ignore[index]


def test_ana_chooses_her_time_zone_from_the_menu_of_the_header(open_page: Open) -> None:
    page = open_page(ana())
    page.get_by_role("button", name="Ana Alvarez").click()
    page.get_by_role("link", name="Your settings").click()
    page.get_by_label("Time zone").fill("asia/kolkata")
    page.get_by_label("Compact").check()
    page.get_by_role("button", name="Save").click()
    page.locator(".toast", has_text="Your settings are saved.").wait_for()
    see(page.get_by_label("Time zone")).to_have_value("Asia/Kolkata")
    see(page.get_by_label("Compact")).to_be_checked()
