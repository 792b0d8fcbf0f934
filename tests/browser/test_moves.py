"""The sheet of a card, the message of a move and the dialog in a real browser: two taps, one undo, no lost word."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from lifecycle.events import Kind
from lifecycle.states import State
from tests.browser.hands import breaches, card_of, drag, focus_card, in_column, posted, repeated_ids, see
from tests.browser.test_board import at, look
from tests.conftest import session_of
from tests.factories import LeadFactory, advance, ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(lead: Any) -> list[str]:
    return list(lead.events.order_by("version").values_list("kind", flat=True))


def test_on_the_phone_two_taps_log_a_call_and_the_card_moves_on(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", agent=ana())
    page = open_page(ana(), phone=True, viewport={"width": 360, "height": 740}, reduced_motion="reduce")

    # The tab puts the column behind the "#" of the address; it is the same board.
    page.locator("#picker-NEW").tap()
    page.wait_for_url("**#column-NEW")
    page.locator(f"{card_of(lead)} .card-more").tap()
    see(page, "#dialog-title").to_be_focused()
    sheet = page.locator("#dialog").bounding_box()
    assert sheet and sheet["width"] == 360 and sheet["y"] + sheet["height"] == 740, "It rises from the thumb's end."
    for target in page.locator("#dialog :is(a, button)").all():
        box = target.bounding_box()
        assert box and box["height"] >= 44, target.text_content()
    assert breaches(page) == []
    page.get_by_role("button", name="No answer").tap()

    see(page, "#toasts").to_contain_text("Call logged: no answer. Dana moved to Contacting.")
    see(page, "#say").to_have_text("Call logged: no answer. Dana moved to Contacting.")
    see(page, "#dialog").to_be_hidden()
    see(page, in_column(lead, State.CONTACTING)).to_have_count(1)
    assert at(lead) == State.CONTACTING and repeated_ids(page) == []


def test_on_the_phone_the_tab_in_front_stays_marked_after_an_answer(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.CONTACTING, agent=ana())
    page = open_page(ana(), phone=True, viewport={"width": 360, "height": 740}, reduced_motion="reduce")

    page.locator("#picker-CONTACTING").tap()
    see(page, "#picker-CONTACTING").to_have_attribute("aria-current", "true")
    page.locator(f"{card_of(lead)} .card-more").tap()
    page.get_by_role("button", name="Spoke").tap()

    see(page, "#toasts").to_contain_text("Call logged: you spoke.")
    see(page, "#picker-CONTACTING").to_have_attribute("aria-current", "true")
    see(page, ".column-picker [aria-current]").to_have_count(1)


def test_the_message_of_a_drag_puts_the_card_back(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    drag(page, lead, State.IN_CONTRACT)

    page.get_by_role("button", name="Undo: Dana moved to In contract").click()

    see(page, in_column(lead, State.COMMITTED)).to_be_visible()
    see(page, "#say").to_have_text("Undone: Dana is back in Committed.")
    see(page, "[data-undo]").to_have_count(0)
    see(page, ".toast").to_have_count(1)
    assert at(lead) == State.COMMITTED
    assert kinds(lead)[-2:] == [Kind.CONTRACT_EXECUTED, Kind.MOVE_VOIDED]
    with posted(page, lead) as again:
        drag(page, lead, State.IN_CONTRACT)
    assert again.value.status == 200


def test_z_undoes_by_keyboard_but_not_while_somebody_types(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    focus_card(page, lead)
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)
    see(page, "#say").to_have_text("Dana moved to In contract.")

    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    page.locator("#search").press_sequentially("Liz")
    see(page, "#search").to_have_value("Liz")
    assert sent == [] and at(lead) == State.IN_CONTRACT
    focus_card(page, lead)
    page.keyboard.press("z")

    see(page, "#say").to_have_text("Undone: Dana is back in Committed.")
    see(page, f"{in_column(lead, State.COMMITTED)} .card-name").to_be_focused()
    assert at(lead) == State.COMMITTED


def test_an_undo_after_a_colleagues_move_is_refused_and_the_card_is_where_she_put_it(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    page.route("**/board/changes**", lambda route: route.fulfill(status=204))
    drag(page, lead, State.IN_CONTRACT)
    see(page, "[data-undo]").to_be_visible()
    advance(lead, State.QUALIFIED, actor=bruna())

    page.locator("[data-undo]").click()

    see(page, ".toast-bad").to_contain_text("Dana stays in Qualified. Bruna Barros moved Dana to Qualified at")
    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()
    see(page, "[data-undo]").to_have_count(0)
    assert at(lead) == State.QUALIFIED


def test_an_undo_that_meets_no_server_says_so_and_may_be_pressed_again(open_rough_page: Open) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_rough_page(ana())
    drag(page, lead, State.IN_CONTRACT)
    page.route("**/undo/", lambda route: route.abort())

    page.locator("[data-undo]").click()
    see(page, ".toast-bad").to_have_count(1)
    see(page, ".toast-bad").to_contain_text("Not undone: the server did not answer.")
    page.unroute("**/undo/")
    page.locator("[data-undo]").click()

    see(page, in_column(lead, State.COMMITTED)).to_be_visible()


def test_a_session_that_ends_under_an_open_dialog_takes_no_word_along(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.CONTACTING, agent=ana())
    page = open_page(ana())
    drag(page, lead, State.QUALIFIED)
    page.locator("#dialog textarea").fill("Toured twice.")
    qualify = page.get_by_role("button", name="Qualify", exact=True)

    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    qualify.click()
    see(page, "#dialog .toast-bad").to_contain_text("You were logged out. Your words are still here")
    see(page, "#dialog .toast-bad a").to_have_attribute("href", re.compile(r"/accounts/login/\?next=/$"))

    # In another tab she logs in, which changes the key of every form, and comes back.
    page.context.clear_cookies()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session_of(ana()), "url": page.url}])
    with page.expect_response(page.url):
        look(page)
    with posted(page, lead) as saved:
        qualify.click()

    assert saved.value.status == 200
    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()
    assert lead.events.get(kind=Kind.MOTIVATION_CONFIRMED).words.note == "Toured twice."
