"""axe finds nothing on the pages of board and moves, in light and dark, at rest and with a card in the air."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from lifecycle import service
from lifecycle.events import Source
from lifecycle.flags import Flag
from lifecycle.models import OfficeSettings
from lifecycle.states import State
from tests.browser.hands import breaches, card_of, drag, drag_over, focus_card
from tests.factories import LeadFactory, ada, advance, ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

#: Colours are judged as they are, not halfway through a transition.
CALM = {"reduced_motion": "reduce"}
both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


def full_board() -> None:
    """A lead in every state, and every chip that a card can wear."""
    for state in State:
        LeadFactory.create(status=state, agent=ana(), headline="3-bed in Alameda, pre-approved")
    LeadFactory.create(name="Pool lead", agent=None)
    for status in (State.COMMITTED, State.IN_CONTRACT):
        advance(LeadFactory.create(status=status, agent=ana()), State.QUALIFIED, actor=ana())
    again = LeadFactory.create(status=State.ARCHIVED, agent=ana())
    advance(again, State.CONTACTING, actor=ana())
    advance(again, State.QUALIFIED, actor=ana())
    flagged = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    for flag in Flag:
        service.set_flag(lead_id=flagged.pk, flag=flag, reason="lead_request_phone", actor=ana(), source=Source.PAGE)
    advance(LeadFactory.create(status=State.QUALIFIED, agent=ana()), State.COMMITTED, actor=ana(), document="")
    OfficeSettings.objects.update_or_create(pk=OfficeSettings.ONLY, defaults={"stale_contacting": 1})


@both_schemes
@pytest.mark.parametrize(
    "path",
    ["/", "/?open=ARCHIVED&provenance=fell_back&q=dana", "/board/column/QUALIFIED/"],
    ids=["board", "filtered", "column"],
)
def test_the_board_is_clean(open_page: Open, scheme: str, path: str) -> None:
    full_board()
    assert breaches(open_page(bruna(), path, color_scheme=scheme, **CALM)) == []


@both_schemes
def test_the_board_is_clean_on_the_phone(open_page: Open, scheme: str) -> None:
    full_board()
    assert breaches(open_page(ana(), phone=True, color_scheme=scheme, **CALM)) == []


@both_schemes
def test_the_board_is_clean_with_a_card_in_the_air(open_page: Open, scheme: str) -> None:
    full_board()
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana(), color_scheme=scheme, **CALM)
    drag_over(page, lead, State.CONTACTING)
    assert breaches(page) == []
    page.mouse.up()


@both_schemes
def test_the_board_is_clean_with_a_card_in_the_keyboards_hand(open_page: Open, scheme: str) -> None:
    full_board()
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana(), color_scheme=scheme, **CALM)
    focus_card(page, lead)
    for key in ("Space", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    assert breaches(page) == []


@both_schemes
def test_the_reason_dialog_is_clean_asking_and_refusing(open_page: Open, scheme: str) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana(), color_scheme=scheme, **CALM)
    drag(page, lead, State.QUALIFIED)
    page.locator("#dialog form").wait_for()
    assert breaches(page) == []
    page.get_by_role("button", name="Record and move back").click()
    page.locator(".error-summary").wait_for()
    assert breaches(page) == []


@both_schemes
def test_menu_filter_and_keys_are_clean(open_page: Open, scheme: str) -> None:
    lead = LeadFactory.create(agent=ana())
    page = open_page(bruna(), color_scheme=scheme, **CALM)
    page.get_by_role("button", name="Filter").click()
    assert breaches(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Bruna Barros").click()
    assert breaches(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert breaches(page) == []
    page.keyboard.press("Escape")
    page.locator(f"{card_of(lead)} .card-more").click()
    page.locator("#dialog .targets").wait_for()
    assert breaches(page) == []


@pytest.mark.parametrize("to", ["CONTACTING", "ARCHIVED", "TRASHED", ""])
def test_the_pages_of_a_move_are_clean(open_page: Open, to: str) -> None:
    lead = LeadFactory.create(agent=ana())
    assert breaches(open_page(ana(), f"/leads/{lead.pk}/move/{'?to=' + to if to else ''}", **CALM)) == []


@both_schemes
def test_login_and_password_pages_are_clean(open_page: Open, scheme: str) -> None:
    page = open_page(None, "/accounts/login/", color_scheme=scheme, **CALM)
    assert breaches(page) == []
    page.get_by_label("User name or e-mail").fill("nobody")
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Log in").click()
    page.locator(".error-summary").wait_for()
    assert breaches(page) == []
    for address in ("password/reset/", "password/reset/done/", "password/reset/key/x-y/", "inactive/"):
        page.goto(f"/accounts/{address}")
        assert breaches(page) == []


@both_schemes
def test_the_pages_about_oneself_are_clean(open_page: Open, scheme: str) -> None:
    page = open_page(ada(), "/me/", color_scheme=scheme, phone=scheme == "dark", **CALM)
    assert breaches(page) == []
    page.get_by_label("Time zone").fill("Moon")
    page.get_by_role("button", name="Save").click()
    page.locator(".error-summary").wait_for()
    assert breaches(page) == []
    page.get_by_role("button", name="your menu").click()
    assert breaches(page) == []
    page.goto("/accounts/password/change/")
    page.get_by_role("button", name="Change password").click()
    page.locator(".error-summary").wait_for()
    assert breaches(page) == []
    page.goto("/accounts/logout/")
    assert breaches(page) == []


@both_schemes
def test_the_empty_board_and_the_error_pages_are_clean(open_page: Open, scheme: str, console: list[str]) -> None:
    page = open_page(bruna(), color_scheme=scheme, **CALM)
    assert breaches(page) == []
    page.goto("/leads/999999/")
    assert "Nothing here" in (page.locator("h1").text_content() or "")
    assert breaches(page) == []
    console[:] = [line for line in console if "status of 404" not in line]
