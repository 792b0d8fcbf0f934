"""A shared computer at the office: whoever sits down after Ana finds nothing of hers behind the Back button."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from lifecycle.states import State
from tests.factories import LeadFactory, ana

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)


def test_after_a_logout_back_leads_to_the_login(open_page: Callable[..., "Page"]) -> None:
    agent = ana()
    lead = LeadFactory.create(agent=agent, status=State.QUALIFIED, name="Dolores Secret", headline="Wants a garden")
    page = open_page(agent, "/")
    assert page.get_by_text("Dolores Secret").first.is_visible()
    for path in (f"/leads/{lead.pk}/", "/search/?q=Secret", f"/leads/{lead.pk}/packet/"):
        page.goto(path)
        assert "Dolores Secret" in page.content()
    page.goto("/accounts/logout/")
    page.locator("main form button").click()
    page.wait_for_url("**/accounts/login/**")
    for _ in range(5):
        page.go_back()
        page.wait_for_load_state()
        assert "Dolores" not in page.content() and "garden" not in page.content()
        assert "/accounts/login/" in page.url
    # The way back after a login is the page itself, asked for anew.
    assert page.locator("input[name=login]").is_visible()
