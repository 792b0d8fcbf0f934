"""The board of another day by keyboard: the arrows walk over its cards as on today's board, and nothing moves."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from lifecycle.states import State
from tests.browser.hands import card_of, see
from tests.browser.test_past import BEGUN
from tests.factories import LeadFactory, ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_arrows_walk_over_the_cards_of_another_day_and_nothing_can_be_lifted(open_page: Open) -> None:
    """Cleo stands over Bo over Ada in New, Dan alone in Contacting: one tab stop a column, whatever was stepped."""
    ada, bo, cleo = (
        LeadFactory.create(name=name, agent=ana(), begun=BEGUN + timedelta(minutes=n))
        for n, name in enumerate(("Ada", "Bo", "Cleo"))
    )
    dan = LeadFactory.create(name="Dan", status=State.CONTACTING, agent=ana(), begun=BEGUN)
    page = open_page(bruna(), "/?as_of=2026-03-02T11:30")
    stops = "[...document.querySelectorAll('.board .card a')].filter(a => a.tabIndex === 0).map(a => a.textContent)"
    assert page.evaluate(stops) == ["Cleo", "Dan"]
    page.locator(f"{card_of(cleo)} .card-name").focus()
    for key, lead in (
        ("ArrowDown", bo), ("End", ada), ("ArrowDown", ada), ("ArrowUp", bo), ("Home", cleo), ("End", ada),
        ("ArrowRight", dan), ("ArrowRight", dan), ("ArrowLeft", cleo), ("ArrowDown", bo),
    ):  # fmt: skip
        page.keyboard.press(key)
        see(page, f"{card_of(lead)} .card-name").to_be_focused()
    assert page.evaluate(stops) == ["Bo", "Dan"]
    for key in (" ", "m"):
        page.evaluate("document.getElementById('say').textContent = ''")
        page.keyboard.press(key)
        see(page, "#say").to_have_text("The past cannot be changed. Go back to today to move it.")
    page.keyboard.press("?")
    see(page, "#dialog").to_contain_text("a day earlier or later")
    see(page, "#dialog").not_to_contain_text("Lift the card")
    page.keyboard.press("Escape")

    page.get_by_role("link", name="A day later").click()
    see(page, "#past-title").to_contain_text("Tue 3 Mar")
    assert page.evaluate(stops) == ["Bo", "Dan"]
