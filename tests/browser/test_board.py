"""The board in a real browser: mouse, finger, keyboard, two people at once, and a server that does not answer."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from leads.models import Lead
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.models import LeadEvent
from lifecycle.states import State
from tests.browser.hands import (
    card_of,
    drag,
    drag_over,
    fits,
    focus_card,
    in_column,
    plain,
    posted,
    repeated_ids,
    see,
    sticking_out,
    swipe,
    touch_drag,
    until,
)
from tests.factories import LeadFactory, advance, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)


def order(page: "Page", state: State) -> list[str]:
    return [c.get_attribute("id") or "" for c in page.locator(f"#column-{state} .card").all()]


def at(lead: Lead) -> str:
    lead.refresh_from_db()
    return lead.status


# ---- mouse


def test_ana_drags_a_card_and_the_log_keeps_it(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())
    page = open_page(ana())

    with posted(page, lead) as answer:
        drag(page, lead, State.IN_CONTRACT)

    assert answer.value.status == 200
    see(page, in_column(lead, State.IN_CONTRACT)).to_be_visible()
    see(page, "#say").to_have_text("Dana moved to In contract.")
    see(page, card_of(lead)).to_have_attribute("data-version", str(lead.version + 1))
    assert at(lead) == State.IN_CONTRACT
    assert LeadEvent.objects.get(lead=lead, kind=Kind.CONTRACT_EXECUTED).source == Source.BOARD
    assert repeated_ids(page) == []


def test_a_column_that_was_drawn_anew_can_be_dragged_from_again(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    with posted(page, lead):
        drag(page, lead, State.IN_CONTRACT)
    see(page, card_of(lead)).not_to_have_attribute("aria-busy", "true")

    drag(page, lead, State.CLOSED)

    see(page, "#dialog").to_contain_text("Closing date")


def test_while_dragging_each_column_says_whether_it_takes_the_card(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana())

    drag_over(page, lead, State.CONTACTING)

    see(page, "#column-IN_CONTRACT").to_have_class(re.compile("is-legal"))
    see(page, "#column-IN_CONTRACT .drop-hint b").to_be_hidden()
    see(page, "#column-QUALIFIED .drop-hint b").to_be_visible()
    see(page, "#column-NEW").to_have_class(re.compile("is-illegal"))
    see(page, "#column-CONTACTING .column-why").to_be_visible()
    see(page, "#column-CONTACTING .column-why").to_contain_text("From Committed a lead can go to")
    page.mouse.up()
    see(page, "#column-NEW").not_to_have_class(re.compile("is-illegal"))


def test_a_refused_card_goes_back_to_its_place_and_says_why(open_page: Open) -> None:
    leads = [LeadFactory.create(status=State.CONTACTING, agent=ana()) for _ in range(3)]
    page = open_page(ana())
    before = order(page, State.CONTACTING)

    with posted(page, leads[1]) as answer:
        drag(page, leads[1], State.COMMITTED)

    assert answer.value.status == 422
    see(page, ".toast-bad").to_contain_text("Qualify it first.")
    see(page, in_column(leads[1], State.CONTACTING)).to_be_visible()
    assert order(page, State.CONTACTING) == before
    assert at(leads[1]) == State.CONTACTING
    drag(page, leads[1], State.QUALIFIED)
    see(page, "#dialog").to_be_visible()


def test_a_stale_card_goes_where_the_server_says_it_is(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.CONTACTING, agent=ana())
    page = open_page(ana())
    page.route("**/board/changes**", lambda route: route.fulfill(status=204))
    advance(lead, State.QUALIFIED, actor=bruna())

    with posted(page, lead) as answer:
        drag(page, lead, State.TRASHED)

    assert answer.value.status == 409
    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()
    see(page, ".toast-bad").to_contain_text("Bruna Barros moved this lead to Qualified")
    see(page, card_of(lead)).to_have_count(1)


def test_a_folded_column_takes_a_card(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    page = open_page(ana())

    drag(page, lead, State.ARCHIVED)
    page.locator("#dialog").get_by_label("Renting instead").check()
    with posted(page, lead):
        page.get_by_role("button", name="Archive").click()

    see(page, "#dialog").to_be_hidden()
    see(page, "#head-ARCHIVED .count").to_have_text("1")
    see(page, card_of(lead)).to_have_count(0)
    assert at(lead) == State.ARCHIVED


def test_dropping_in_place_sends_nothing(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)

    drag_over(page, lead, State.IN_CONTRACT)
    box = page.locator("#column-COMMITTED .cards").bounding_box()
    assert box
    for nudge in range(20):
        if page.locator(in_column(lead, State.COMMITTED)).count():
            break
        page.mouse.move(box["x"] + 60 + nudge % 2, box["y"] + 30, steps=4)
        page.wait_for_timeout(60)
    page.mouse.up()

    see(page, in_column(lead, State.COMMITTED)).to_be_visible()
    assert sent == []


def test_a_click_on_a_card_opens_the_lead(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", agent=ana())
    page = open_page(ana())
    page.locator(card_of(lead)).click()
    page.wait_for_url(f"**/leads/{lead.pk}/")


# ---- the dialog


def test_a_demotion_asks_for_the_reason_and_shows_it_on_the_card(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    dialog = page.locator("#dialog")

    drag(page, lead, State.QUALIFIED)
    see(page, "#dialog").to_contain_text("going back?")
    dialog.get_by_label("What happened?").fill("Another buyer paid more.")
    dialog.get_by_role("button", name="Record and move back").click()
    see(page, "#dialog .error-summary").to_contain_text("Choose a reason")
    see(page, "#dialog textarea").to_have_value("Another buyer paid more.")
    dialog.get_by_label("Find a reason").fill("outb")
    see(page, "#dialog .choice:visible").to_have_count(1)
    dialog.get_by_label("Outbid").check()
    with posted(page, lead):
        dialog.get_by_role("button", name="Record and move back").click()

    see(page, "#dialog").to_be_hidden()
    see(page, f"{in_column(lead, State.QUALIFIED)} .chip-back").to_contain_text("outbid")
    assert LeadEvent.objects.filter(lead=lead, kind=Kind.DEAL_COLLAPSED).count() == 1
    assert repeated_ids(page) == []


@pytest.mark.parametrize("way", ["escape", "button"])
def test_cancelling_the_dialog_leaves_nothing_behind(open_page: Open, way: str) -> None:
    leads = [LeadFactory.create(status=State.COMMITTED, agent=ana()) for _ in range(3)]
    lead = leads[1]
    before = LeadEvent.objects.count()
    page = open_page(ana())
    places = order(page, State.COMMITTED)

    drag(page, lead, State.QUALIFIED)
    see(page, "#dialog").to_be_visible()
    page.locator("#dialog textarea").fill("Changed my mind.")
    page.keyboard.press("Escape") if way == "escape" else page.get_by_role("button", name="Cancel").click()

    see(page, "#dialog").to_be_hidden()
    see(page, in_column(lead, State.COMMITTED)).to_be_visible()
    assert order(page, State.COMMITTED) == places
    see(page, f"{card_of(lead)} .card-name").to_be_focused()
    see(page, card_of(lead)).not_to_have_attribute("aria-busy", "true")
    assert LeadEvent.objects.count() == before and at(lead) == State.COMMITTED


def test_pressing_the_button_twice_is_one_event(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana())
    page = open_page(ana())
    drag(page, lead, State.QUALIFIED)
    page.locator("#dialog textarea").fill("Toured twice.")

    with posted(page, lead):
        page.get_by_role("button", name="Qualify", exact=True).dblclick()

    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()
    see(page, ".toast p").to_have_text([f"{lead.name} moved to Qualified."])
    assert LeadEvent.objects.filter(lead=lead, kind=Kind.MOTIVATION_CONFIRMED).count() == 1


def test_a_dialog_that_meets_a_broken_server_keeps_the_words(open_rough_page: Open) -> None:
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana())
    page = open_rough_page(ana())
    drag(page, lead, State.QUALIFIED)
    page.locator("#dialog textarea").fill("Toured twice.")
    page.route("**/move/", lambda route: route.fulfill(status=503, content_type="text/html", body="<h1>busy</h1>"))

    page.get_by_role("button", name="Qualify", exact=True).click()

    see(page, ".toast-bad").to_contain_text("Your words are still here")
    see(page, "#dialog textarea").to_have_value("Toured twice.")
    page.unroute("**/move/")
    page.get_by_role("button", name="Qualify", exact=True).click()
    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()


# ---- touch


def test_a_long_press_lifts_a_card_and_moves_it(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana(), phone=True, viewport={"width": 780, "height": 900})
    page.locator("#column-IN_CONTRACT").scroll_into_view_if_needed()

    with posted(page, lead) as answer:
        touch_drag(page, lead, State.IN_CONTRACT)

    assert answer.value.status == 200
    see(page, in_column(lead, State.IN_CONTRACT)).to_be_visible()
    assert at(lead) == State.IN_CONTRACT


def test_a_quick_swipe_scrolls_and_moves_nothing(open_page: Open) -> None:
    for _ in range(12):
        lead = LeadFactory.create(status=State.NEW, agent=ana())
    before = LeadEvent.objects.count()
    page = open_page(ana(), phone=True)
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    first = page.locator("#column-NEW .card").first

    from playwright.sync_api import expect

    swipe(page, (195, 600), (0, -300))
    expect(first).not_to_be_in_viewport()
    swipe(page, (195, 350), (0, 400))
    expect(first).to_be_in_viewport()
    swipe(page, (330, 500), (-250, 0))
    see(page, "#column-CONTACTING").to_be_in_viewport(ratio=0.5)

    see(page, in_column(lead, State.NEW)).to_have_count(1)
    assert page.url.endswith("/") and sent == [] and LeadEvent.objects.count() == before


def test_on_the_phone_the_picker_brings_a_column_to_the_front(open_page: Open) -> None:
    LeadFactory.create(status=State.QUALIFIED, agent=ana())
    page = open_page(ana(), phone=True)

    page.locator("#picker-QUALIFIED").click()

    see(page, "#picker-QUALIFIED").to_have_attribute("aria-current", "true")
    see(page, "#column-QUALIFIED").to_be_in_viewport(ratio=0.9)


def test_on_the_phone_move_to_leads_a_card_on(open_page: Open) -> None:
    lead = LeadFactory.create(agent=ana())
    page = open_page(ana(), phone=True)

    page.locator(f"{card_of(lead)} .card-more").tap()
    page.locator("#dialog").get_by_role("link", name="Contacting").tap()
    page.locator("#dialog").get_by_label("What came of it?").select_option("Left a voicemail")
    with posted(page, lead):
        page.get_by_role("button", name="Log contact and move").tap()

    see(page, "#dialog").to_be_hidden()
    assert at(lead) == State.CONTACTING


def test_on_the_phone_no_keyboard_rises_over_the_reasons(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana())
    page = open_page(ana(), f"/leads/{lead.pk}/", phone=True)

    page.get_by_role("link", name="Move…").tap()
    page.locator("#dialog").get_by_role("link", name="Trashed").tap()

    see(page, "#dialog-title").to_be_focused()
    repeats = page.get_by_label("The lead that this one repeats")
    assert not repeats.is_visible()
    page.locator("#dialog").get_by_label("Duplicate of another lead").check()
    see(repeats).to_be_visible()
    chosen, asked = page.locator("#dialog .choice:has(:checked)").bounding_box(), repeats.bounding_box()
    assert chosen and asked and 0 < asked["y"] - chosen["y"] < 120, "It stands right below the reason."


@pytest.mark.parametrize("touch", [True, False])
def test_at_390_pixels_the_tabs_and_the_stale_count_are_large_enough(open_page: Open, touch: bool) -> None:
    old = timezone.now() - timedelta(days=90)
    LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=old)
    options = {} if touch else {"has_touch": False, "is_mobile": False}
    page = open_page(ana(), phone=True, **options)
    see(page, "#column-QUALIFIED .stale-count").to_have_text("1 stale")
    for part in (".tabs a", "#column-QUALIFIED .stale-count"):
        for link in page.locator(part).all():
            box = link.bounding_box()
            assert box and box["height"] >= 44, part


def test_at_1280_pixels_no_head_breaks_inside_a_word_while_a_card_is_in_the_air(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    for _ in range(8):
        LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana(), viewport={"width": 1280, "height": 800})
    before = page.locator("#head-COMMITTED").bounding_box()

    drag_over(page, lead, State.COMMITTED)

    see(page, "#column-COMMITTED .drop-hint").to_be_visible()
    assert page.locator("#head-COMMITTED").bounding_box() == before
    assert sticking_out(page, ".column", "header *") == []
    page.mouse.up()


@pytest.mark.parametrize(("phone", "most"), [(True, 1), (False, 2)])
def test_messages_never_pile_up_and_bad_news_stays(open_page: Open, phone: bool, most: int) -> None:
    page = open_page(ana(), phone=phone)
    good = "document.getElementById('toasts').insertAdjacentHTML('beforeend', '<div class=toast data-fades>Good</div>')"
    for _ in range(4):
        page.evaluate(good)
    see(page, ".toast").to_have_count(most)
    for _ in range(most):
        page.evaluate("window.hindsight.warn('Not saved.')")
    page.evaluate(good)
    see(page, ".toast-bad").to_have_count(most)


def test_anas_two_tabs_with_the_same_target_lose_no_word(open_rough_page: Open) -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.QUALIFIED, agent=ana())
    page = open_rough_page(ana())
    drag(page, lead, State.COMMITTED)
    page.get_by_label("Signed document").fill("agreement.pdf")
    page.locator("#dialog").get_by_label("Note").fill("Signed at the kitchen table.")
    service.move_lead(lead_id=lead.pk, to="COMMITTED", actor=ana(), source=Source.PAGE)

    page.get_by_role("button", name="Move to Committed").click()

    see(page, "#dialog .error-summary").to_contain_text("Ana Alvarez moved this lead to Committed")
    see(page, "#kept-note").to_have_value("Signed at the kitchen table.")
    page.get_by_role("button", name="Save as a note").click()
    page.wait_for_url(f"**/leads/{lead.pk}/#timeline")
    see(page, "#story .fact >> nth=0").to_contain_text("Signed at the kitchen table.")
    see(page, "#story .fact >> nth=0").to_contain_text("agreement.pdf")


def test_at_360_pixels_nothing_sticks_out_and_targets_are_large_enough(open_page: Open) -> None:
    lead = LeadFactory.create(
        name="Wolfeschlegelsteinhausenbergerdorff-" * 3, headline="x" * 120, status=State.IN_CONTRACT, agent=ana()
    )
    advance(lead, State.QUALIFIED, actor=ana())
    LeadFactory.create(name="מרים כהן", agent=None)
    page = open_page(ana(), phone=True, viewport={"width": 360, "height": 740})

    assert sticking_out(page, ".column", ".card, .card *, header *, .mix *") == []
    assert sticking_out(page, "body", ".site-header *, .tool-bar *") == []
    fits(page, 360)
    small = page.evaluate(
        """[...document.querySelectorAll('.card-more, :is(.site-header, .column-picker, .tool-bar) :is(a, button)')]
           .filter(e => e.checkVisibility() && !e.closest('[popover]'))
           .filter(e => Math.min(e.getBoundingClientRect().width, e.getBoundingClientRect().height) < 38)
           .map(e => e.className)"""
    )
    assert small == []


# ---- keyboard


def test_a_card_is_moved_by_keyboard_alone_and_every_step_is_said(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    focus_card(page, lead)

    page.keyboard.press("Space")
    see(page, "#say").to_contain_text("Dana lifted from Committed.")
    page.keyboard.press("ArrowLeft")
    see(page, "#say").to_have_text("Qualified. Space drops it here and asks for details.")
    page.keyboard.press("ArrowRight")
    see(page, "#say").to_have_text("Committed. It is here now.")
    page.keyboard.press("ArrowRight")
    see(page, "#say").to_have_text("In contract. Space drops it here.")
    with posted(page, lead) as answer:
        page.keyboard.press("Space")

    assert answer.value.status == 200
    see(page, "#say").to_have_text("Dana moved to In contract.")
    see(page, f"{in_column(lead, State.IN_CONTRACT)} .card-name").to_be_focused()
    assert at(lead) == State.IN_CONTRACT


def test_an_illegal_column_says_why_and_keeps_the_card_in_hand(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.CONTACTING, agent=ana())
    page = open_page(ana())
    focus_card(page, lead)

    for key in ("Space", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    see(page, "#say").to_have_text("Committed. Not from here. Qualify it first.")
    page.keyboard.press("Enter")
    see(page, card_of(lead)).to_have_class(re.compile("is-lifted"))
    page.keyboard.press("Escape")

    see(page, "#say").to_have_text("Dana put back.")
    see(page, f"{in_column(lead, State.CONTACTING)} .card-name").to_be_focused()
    see(page, "#column-COMMITTED").not_to_have_class(re.compile("is-illegal"))


def test_a_demotion_by_keyboard_alone(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    focus_card(page, lead)

    page.keyboard.press("Space")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    see(page, "#dialog [data-first]").to_be_focused()
    page.keyboard.type("outbid")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    see(page, "#dialog [value=outbid]").to_be_checked()
    page.locator("#dialog textarea").focus()
    page.keyboard.type("Another buyer paid more.")
    for _ in range(4):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.button-primary')"):
            break
    with posted(page, lead):
        page.keyboard.press("Enter")

    see(page, f"{in_column(lead, State.QUALIFIED)} .card-name").to_be_focused()


def test_arrows_walk_over_the_cards_and_tab_over_the_columns(open_page: Open) -> None:
    first, second = (LeadFactory.create(status=State.NEW, agent=ana()) for _ in range(2))
    other = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    page = open_page(ana())
    focus_card(page, second)

    for key, lead in (
        ("ArrowDown", first),
        ("Home", second),
        ("ArrowRight", other),
        ("ArrowLeft", second),
        ("End", first),
    ):
        page.keyboard.press(key)
        see(page, f"{card_of(lead)} .card-name").to_be_focused()
    see(page, "#column-NEW .card-name[tabindex='0']").to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/leads/{first.pk}/")


def test_m_opens_the_menu_and_escape_returns_to_the_card(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    focus_card(page, lead)

    page.keyboard.press("m")
    see(page, "#dialog").to_contain_text("Why not elsewhere?")
    page.keyboard.press("Escape")
    see(page, f"{card_of(lead)} .card-name").to_be_focused()
    page.keyboard.press("m")
    with posted(page, lead):
        page.locator("#dialog").get_by_role("button", name="In contract").click()
    see(page, in_column(lead, State.IN_CONTRACT)).to_be_visible()


def test_question_mark_shows_the_keys_and_slash_searches(open_page: Open) -> None:
    page = open_page(ana())
    page.keyboard.press("?")
    see(page, "#dialog").to_contain_text("Keys for the board")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    see(page, "#search").to_be_focused()


# ---- two people at once


def test_a_colleagues_move_arrives_without_a_reload(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.CONTACTING, agent=ana())
    anas, brunas = open_page(ana()), open_page(bruna())
    anas.evaluate("window.stayed = true")
    focus_card(anas, lead)

    drag(brunas, lead, State.QUALIFIED)
    brunas.locator("#dialog textarea").fill("Toured twice.")
    brunas.get_by_role("button", name="Qualify", exact=True).click()

    from playwright.sync_api import expect

    expect(anas.locator(in_column(lead, State.QUALIFIED))).to_be_visible(timeout=9000)
    expect(anas.locator("#say")).to_have_text("Bruna Barros moved Dana to Qualified.")
    expect(anas.locator(f"{card_of(lead)} .card-name")).to_be_focused()
    assert anas.evaluate("window.stayed") and repeated_ids(anas) == []


def look(page: "Page") -> None:
    """Lets the page ask at once, as it does when it comes to the front."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def test_the_board_does_not_ask_while_a_card_is_in_the_air(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/board/changes" in r.url else None)

    drag_over(page, lead, State.IN_CONTRACT)
    count = len(asked)
    for _ in range(3):
        look(page)
    assert len(asked) == count
    with posted(page, lead):
        page.mouse.up()
    see(page, "#say").to_contain_text("moved to In contract")
    with page.expect_request("**/board/changes**"):
        look(page)


def test_an_old_answer_never_takes_a_finished_move_back(open_page: Open) -> None:
    """The poll was answered before the move and arrives after it: the move must have ended the poll."""
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    other = LeadFactory.create(status=State.CONTACTING, agent=ana())
    page = open_page(ana())
    held: list[Any] = []
    failed: list[str] = []
    page.on("requestfailed", lambda r: failed.append(r.url))
    page.route("**/board/changes**", lambda route: held.append(route))
    advance(other, State.QUALIFIED, actor=bruna())
    with page.expect_request("**/board/changes**"):
        look(page)
    until(page, lambda: bool(held))
    old = held[0].fetch()

    with posted(page, lead):
        drag(page, lead, State.IN_CONTRACT)
    see(page, in_column(lead, State.IN_CONTRACT)).to_be_visible()
    with suppress(Exception):  # the browser no longer wants it, which is the point
        held[0].fulfill(response=old)

    see(page, in_column(lead, State.IN_CONTRACT)).to_be_visible()
    assert any("/board/changes" in url for url in failed), "The poll in flight must be ended by the move."


def test_a_second_card_stays_down_until_the_first_one_has_landed(open_page: Open) -> None:
    first, second = (LeadFactory.create(status=State.COMMITTED, agent=ana()) for _ in range(2))
    page = open_page(ana())
    held: list[Any] = []
    page.route("**/move/", lambda route: held.append(route))
    drag(page, first, State.IN_CONTRACT)
    until(page, lambda: bool(held))

    card = page.locator(card_of(second))
    card.hover()
    page.mouse.down()
    target = page.locator("#column-IN_CONTRACT .cards").bounding_box()
    assert target
    page.mouse.move(target["x"] + 40, target["y"] + 40, steps=12)
    see(page, "#board").not_to_have_class(re.compile("is-choosing"))
    page.mouse.up()
    with posted(page, first):
        held[0].continue_()

    see(page, in_column(first, State.IN_CONTRACT)).to_be_visible()
    see(page, in_column(second, State.COMMITTED)).to_be_visible()
    assert len(held) == 1


def test_a_lead_that_is_handed_away_leaves_the_board(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.QUALIFIED, agent=ana())
    page = open_page(ana())
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="pto_or_leave", actor=bruna(), source=Source.PAGE)
    look(page)

    see(page, card_of(lead)).to_have_count(0)
    see(page, "#head-QUALIFIED .count").to_contain_text("0")


def test_show_more_appends_and_survives_a_redraw(open_page: Open) -> None:
    for _ in range(28):
        lead = LeadFactory.create(agent=ana())
    page = open_page(ana())
    see(page, "#column-NEW .card").to_have_count(25)

    page.locator("#more-NEW").click()
    see(page, "#column-NEW .card").to_have_count(28)
    see(page, "#more-NEW").to_have_count(0)
    service.add_note(lead_id=lead.pk, note="Called.", actor=bruna(), source=Source.PAGE)
    look(page)

    see(page, card_of(lead)).to_have_attribute("data-version", str(lead.version + 1))
    see(page, "#column-NEW .card").to_have_count(28)
    assert repeated_ids(page) == []


# ---- answers without the truth


LOGIN = "<!doctype html><html><head><title>Log in</title></head><body><form>login</form></body></html>"


@pytest.mark.parametrize(
    ("status", "body"),
    [(403, "<h1>Form too old</h1>"), (429, "slow down"), (200, LOGIN), (500, LOGIN), (503, "<h1>busy</h1>"), (0, "")],
    ids=["forbidden", "too many", "login page", "broken", "busy", "offline"],
)
def test_an_answer_without_the_board_puts_the_card_back(open_rough_page: Open, status: int, body: str) -> None:
    leads = [LeadFactory.create(status=State.COMMITTED, agent=ana()) for _ in range(2)]
    page = open_rough_page(ana())
    places = order(page, State.COMMITTED)
    answer = {"status": status, "content_type": "text/html", "body": body}
    page.route("**/move/", lambda route: route.fulfill(**answer) if status else route.abort())

    drag(page, leads[1], State.IN_CONTRACT)

    see(page, ".toast-bad").to_contain_text("Not saved")
    see(page, in_column(leads[1], State.COMMITTED)).to_be_visible()
    see(page, card_of(leads[1])).not_to_have_attribute("aria-busy", "true")
    assert order(page, State.COMMITTED) == places
    until(page, lambda: page.title() == "Board – Hindsight")
    page.unroute("**/move/")
    with posted(page, leads[1]) as again:
        drag(page, leads[1], State.IN_CONTRACT)
    assert again.value.status == 200


def test_half_an_answer_with_a_fault_never_lands(open_rough_page: Open) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_rough_page(ana())
    body = '<hx-partial hx-target="#main" hx-swap="innerHTML">leaked</hx-partial>'
    page.route("**/move/", lambda route: route.fulfill(status=500, content_type="text/html", body=body))

    drag(page, lead, State.IN_CONTRACT)

    see(page, ".toast-bad").to_contain_text("Not saved")
    see(page, "#main").not_to_contain_text("leaked")


def test_a_lost_connection_is_said_calmly_and_taken_back(open_rough_page: Open) -> None:
    page = open_rough_page(ana())
    page.route("**/board/changes**", lambda route: route.abort())
    look(page)
    see(page, "#connection").to_be_visible()

    page.unroute("**/board/changes**")
    look(page)
    see(page, "#connection").to_be_hidden()


def test_an_expired_session_leads_to_the_login_and_back(open_page: Open) -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    page = open_page(ana())
    page.context.clear_cookies()

    drag(page, lead, State.IN_CONTRACT)

    page.wait_for_url("**/accounts/login/?next=/")
    assert at(lead) == State.COMMITTED


# ---- without JavaScript


def test_a_lead_is_moved_without_javascript(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana", status=State.COMMITTED, agent=ana())
    page = open_page(ana(), java_script_enabled=False)

    page.get_by_role("link", name="Move Dana").click()
    page.get_by_role("link", name="Qualified").click()
    page.get_by_label("Outbid").check()
    page.get_by_label("What happened?").fill("Another buyer paid more.")
    page.get_by_role("button", name="Record and move back").click()

    assert "Fell back before contract just now: outbid" in plain(page.locator("#column-QUALIFIED").text_content())
    assert at(lead) == State.QUALIFIED


def test_the_page_refuses_everything_that_is_not_its_own(client: Client) -> None:
    client.force_login(ana())
    response = client.get("/")
    policy = response.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy
    assert not re.search(r"<[^>]+\s(style|on\w+)=", response.content.decode())
