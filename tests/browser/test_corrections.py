"""Undo, "This was a mistake" and "Correct the reason" in a real browser: by mouse, keys, thumb and on paper."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from leads.models import Lead
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.states import State
from tests.browser.hands import breaches, drag, fits, in_column, posted, repeated_ids, see, sticking_out, until
from tests.browser.test_board import at
from tests.factories import LeadFactory, advance, ana, bruna, newest

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}


def dana(**said: Any) -> Lead:
    return LeadFactory.create(**{"name": "Dana Ortiz", "agent": ana(), **said})


def path(lead: Lead) -> str:
    return f"/leads/{lead.pk}/"


def fell_back() -> tuple[Lead, Any]:
    lead = dana(status=State.COMMITTED)
    return lead, advance(lead, State.QUALIFIED, actor=ana(), reason="cold_feet").events[0]


def press_until(page: "Page", key: str, selector: str, at_most: int = 80) -> None:
    """Walks on by this key until the focus is there."""
    for _ in range(at_most):
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never came to {selector}.")


def test_ana_undoes_her_drag_and_the_card_is_back(open_page: Open) -> None:
    lead = dana(status=State.COMMITTED)
    page = open_page(ana(), **CALM)
    with posted(page, lead):
        drag(page, lead, State.IN_CONTRACT)
    page.get_by_role("button", name="Undo: Dana Ortiz moved to In contract").click()
    see(page, "#say").to_have_text("Undone: Dana Ortiz is back in Committed.")
    see(page, in_column(lead, State.COMMITTED)).to_have_count(1)
    assert at(lead) == State.COMMITTED and newest(lead).kind == Kind.MOVE_VOIDED and repeated_ids(page) == []


def test_a_second_person_moves_the_card_first_and_the_undo_is_refused_with_the_truth(open_page: Open) -> None:
    lead, broker = dana(status=State.QUALIFIED), bruna()
    anas = open_page(ana(), path(lead), **CALM)
    anas.locator("#lead-moves").get_by_role("link", name="Committed").click()
    anas.locator("#dialog").get_by_role("button", name="Move to Committed").click()
    see(anas, "#toasts [data-undo]").to_be_visible()
    anas_board = anas.context.new_page()
    anas_board.goto("/")

    brunas = open_page(broker, **CALM)
    with posted(brunas, lead):
        drag(brunas, lead, State.IN_CONTRACT)
    see(brunas, "#toasts").to_contain_text("Dana Ortiz moved to In contract.")

    anas.keyboard.press("z")
    see(anas, "#toasts .toast-bad").to_contain_text("Bruna Barros moved Dana Ortiz to In contract at")
    see(anas, "#say").to_contain_text("Only the newest move can be undone")
    see(anas, "#lead-head .stage").to_have_text("In contract")
    see(anas_board, in_column(lead, State.IN_CONTRACT)).to_have_count(1)
    assert at(lead) == State.IN_CONTRACT

    # Bruna's own move still can be undone, and Ana's board hears of it.
    brunas.keyboard.press("z")
    see(brunas, in_column(lead, State.COMMITTED)).to_have_count(1)
    anas_board.evaluate("htmx.trigger('#live', 'board:look')")
    see(anas_board, "#say").to_have_text("Bruna Barros undid a move: Dana Ortiz is back in Committed.")


def test_on_the_board_a_refused_undo_brings_the_card_where_it_truly_is(open_page: Open) -> None:
    lead = dana(status=State.COMMITTED)
    page = open_page(ana(), **CALM)
    with posted(page, lead):
        drag(page, lead, State.IN_CONTRACT)
    see(page, "#toasts [data-undo]").to_be_visible()
    advance(lead, State.CLOSED, actor=bruna())
    page.locator("[data-undo]").click()
    see(page, "#toasts .toast-bad").to_contain_text("Dana Ortiz stays in Closed. Bruna Barros moved Dana Ortiz to")
    see(page, in_column(lead, State.IN_CONTRACT)).to_have_count(0)


def test_a_move_on_the_lead_page_is_undone_in_place_by_z(open_page: Open) -> None:
    lead = dana(status=State.COMMITTED)
    page = open_page(ana(), path(lead), **CALM)
    page.locator("#lead-moves").get_by_role("link", name="In contract").click()
    page.locator("#dialog").get_by_role("button", name="Move to In contract").click()
    see(page, "#lead-head .stage").to_have_text("In contract")
    see(page, "#dialog").to_be_hidden()

    page.keyboard.press("z")

    see(page, "#say").to_have_text("Undone: Dana Ortiz is back in Committed.")
    see(page, "#lead-head .stage").to_have_text("Committed")
    see(page, "#story .fact.is-voided s").to_contain_text("In contract")
    see(page, "#lead-moves").to_contain_text("In contract")
    until(page, lambda: page.evaluate("document.activeElement !== document.body"), "The focus is not lost.")
    assert repeated_ids(page) == [] and page.url.endswith(path(lead))


def test_this_was_a_mistake_by_keyboard_alone(open_page: Open) -> None:
    lead = dana(status=State.QUALIFIED)
    moved = advance(lead, State.COMMITTED, actor=ana()).events[0]
    page = open_page(ana(), path(lead), **CALM)
    page.locator("#story .fact summary").first.focus()
    press_until(page, "Tab", ".fact-actions a[href*=void]")
    page.keyboard.press("Enter")
    see(page, "#dialog-title").to_have_text("This was a mistake")
    see(page, "#dialog").to_contain_text("In Qualified since")
    see(page, "#dialog input[value=mis_drag]").to_be_focused()

    # Esc leaves everything as it was, and the focus where it came from.
    page.keyboard.press("Escape")
    see(page, ".fact-actions a[href*=void]").to_be_focused()
    page.keyboard.press("Enter")
    see(page, "#dialog input[value=mis_drag]").to_be_focused()

    # Nothing chosen: the summary has the focus and says why.
    press_until(page, "Tab", "#dialog .button-primary")
    page.keyboard.press("Enter")
    see(page, "#dialog .error-summary").to_be_focused()
    press_until(page, "Tab", "#dialog input[name=reason]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    press_until(page, "Tab", "#dialog .button-primary")
    page.keyboard.press("Enter")

    see(page, "#say").to_have_text("Undone: Dana Ortiz is back in Qualified.")
    see(page, "#dialog").to_be_hidden()
    see(page, f"#v{moved.version}.is-voided summary").to_be_focused()
    void = newest(lead)
    assert (void.kind, void.reason) == (Kind.MOVE_VOIDED, "duplicate_entry") and at(lead) == State.QUALIFIED


def test_correct_the_reason_by_keyboard_alone(open_page: Open) -> None:
    lead, fell = fell_back()
    page = open_page(ana(), path(lead), **CALM)
    page.locator("#story .fact summary").first.focus()
    press_until(page, "Tab", f"#v{fell.version} .fact-actions a[href*=correct]")
    page.keyboard.press("Enter")
    see(page, "#dialog").to_contain_text("What stands now")
    see(page, "#dialog [data-narrows]").to_be_focused()
    page.keyboard.type("outbid")
    press_until(page, "Tab", "#dialog input[value=outbid]")
    page.keyboard.press("Space")
    press_until(page, "Tab", "#dialog textarea")
    page.keyboard.type("Another buyer paid more.")
    press_until(page, "Tab", "#dialog .button-primary")
    page.keyboard.press("Enter")

    see(page, "#say").to_have_text("The reason is “Outbid” now.")
    see(page, f"#v{fell.version} del").to_have_text("Cold feet")
    see(page, f"#v{fell.version} ins").to_have_text("Outbid")
    fact = "document.activeElement.closest('.fact')?.id"
    until(page, lambda: page.evaluate(fact) == f"v{fell.version}", "The focus is on the corrected fact.")
    assert newest(lead).reason == "outbid" and repeated_ids(page) == []


def test_a_form_that_is_overtaken_says_so_and_the_page_behind_it_is_true(open_page: Open) -> None:
    lead = dana(status=State.QUALIFIED)
    advance(lead, State.COMMITTED, actor=ana())
    page = open_page(ana(), path(lead), **CALM)
    page.locator(".fact-actions a[href*=void]").click()
    page.locator("#dialog").get_by_text("Wrong lead").click()
    advance(lead, State.IN_CONTRACT, actor=bruna())
    page.get_by_role("button", name="Undo this move").click()
    see(page, "#dialog .error-summary").to_contain_text("Bruna Barros moved Dana Ortiz to In contract at")
    see(page, "#lead-head .stage").to_have_text("In contract")
    page.get_by_role("button", name="Close", exact=True).click()
    see(page, "#dialog").to_be_hidden()
    assert at(lead) == State.IN_CONTRACT and repeated_ids(page) == []


def test_z_after_the_offer_has_faded_says_where_to_go(open_page: Open) -> None:
    page = open_page(ana(), "/", **CALM)
    page.keyboard.press("z")
    see(page, "#toasts .toast").to_have_count(0)
    offer = '<div class="toast gone" data-fades="0.05"><button data-undo>Undo</button></div>'
    page.evaluate("offer => document.getElementById('toasts').insertAdjacentHTML('beforeend', offer)", offer)
    see(page, "#toasts .gone").to_have_count(0)
    page.keyboard.press("z")
    see(page, "#toasts .toast-bad").to_contain_text("Too late for Z. On the lead’s page: “This was a mistake”.")


def test_a_missing_word_of_a_correction_is_said_before_and_seen_after(open_page: Open) -> None:
    lead, fell = fell_back()
    page = open_page(ana(), path(lead), viewport={"width": 1200, "height": 520}, **CALM)
    page.locator(f"#v{fell.version} .fact-actions a[href*=correct]").click()
    see(page, "#dialog label[for=move-note]").to_have_text("Why is it corrected? (needed)")
    page.locator("#dialog").get_by_label("Outbid").check()
    page.locator("#dialog .dialog-body").evaluate("body => body.scrollTo(0, 0)")
    page.get_by_role("button", name="Correct the reason").click()
    see(page, "#move-note_error").to_be_visible()
    seen = """() => {
      const box = part => document.querySelector(`#dialog ${part}`).getBoundingClientRect();
      const [row, body] = [box('.form-row.is-invalid'), box('.dialog-body')];
      return row.bottom <= body.bottom + 1 && row.top >= body.top - 1;
    }"""
    page.wait_for_function(seen)


def test_all_of_it_without_a_script(open_page: Open) -> None:
    lead, fell = fell_back()
    page = open_page(ana(), path(lead), java_script_enabled=False)
    page.locator(f"#v{fell.version} .fact-actions a[href*=correct]").click()
    page.get_by_label("Outbid").check()
    page.get_by_label("Why is it corrected?").fill("Another buyer paid more.")
    page.get_by_role("button", name="Correct the reason").click()
    see(page, "#toasts").to_contain_text("The reason is “Outbid” now.")
    page.locator(".fact-actions a[href*=void]").click()
    page.get_by_label("Too early").check()
    page.get_by_role("button", name="Undo this move").click()
    see(page, "#toasts").to_contain_text("Undone: Dana Ortiz is back in Committed.")
    page.locator("#lead-moves").get_by_role("link", name="In contract").click()
    page.get_by_role("button", name="Move to In contract").click()
    page.locator("#toasts [data-undo]").click()
    see(page, "#toasts").to_contain_text("Undone: Dana Ortiz is back in Committed.")
    assert at(lead) == State.COMMITTED


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_story_the_dialogs_and_the_pages_are_clean(open_page: Open, scheme: Any) -> None:
    lead, fell = fell_back()
    for reason in ("outbid", "life_event"):
        service.correct_reason(
            lead_id=lead.pk, target=fell.uuid, reason=reason, note="See file.", actor=bruna(), source=Source.PAGE
        )
    moved = advance(lead, State.COMMITTED, actor=ana()).events[0]
    page = open_page(ana(), path(lead), color_scheme=scheme, **CALM)
    assert breaches(page) == []
    for which in ("void", "correct"):
        page.locator(f".fact-actions a[href*={which}]").first.click()
        see(page, "#dialog-title").to_be_visible()
        assert breaches(page) == [] and repeated_ids(page) == []
        page.keyboard.press("Escape")
        see(page, "#dialog").to_be_hidden()
    for url in (f"void/{moved.uuid}", f"correct/{fell.uuid}", f"void/{fell.uuid}"):
        page.goto(f"{path(lead)}{url}/")
        assert breaches(page) == [] and repeated_ids(page) == []


def test_on_a_small_phone_nothing_sticks_out_and_a_thumb_hits(open_page: Open) -> None:
    lead, fell = fell_back()
    service.correct_reason(
        lead_id=lead.pk, target=fell.uuid, reason="outbid", note="See file.", actor=bruna(), source=Source.PAGE
    )
    moved = advance(lead, State.COMMITTED, actor=ana()).events[0]
    page = open_page(ana(), path(lead), phone=True, viewport={"width": 320, "height": 640}, **CALM)
    links = page.locator(".fact-actions a").all()
    assert len(links) >= 2
    for link in links:
        box = link.bounding_box()
        assert box and box["height"] >= 44, link.text_content()
    assert sticking_out(page, ".fact", "*") == []
    for url in (f"void/{moved.uuid}", f"correct/{fell.uuid}"):
        page.goto(f"{path(lead)}{url}/")
        fits(page)
        for target in page.locator(".move-panel :is(.button, .choice)").all():
            box = target.bounding_box()
            assert box and box["height"] >= 44, target.text_content()


def test_on_paper_both_facts_stand_struck_through_and_say_who_and_when(open_page: Open) -> None:
    lead, fell = fell_back()
    service.correct_reason(
        lead_id=lead.pk, target=fell.uuid, reason="outbid", note="See file.", actor=bruna(), source=Source.PAGE
    )
    fix = newest(lead)
    moved = advance(lead, State.COMMITTED, actor=ana(), now=timezone.now() + timedelta(seconds=1)).events[0]
    service.void_move(lead_id=lead.pk, target=moved.uuid, reason="mis_drag", actor=bruna(), source=Source.PAGE)
    void = newest(lead)
    page = open_page(ana(), f"{path(lead)}?print=1&order=oldest")
    page.emulate_media(media="print")
    line = "e => getComputedStyle(e).textDecorationLine"
    for struck in (f"#v{fell.version} del", f"#v{moved.version} s"):
        see(page, struck).to_be_visible()
        assert page.locator(struck).evaluate(line) == "line-through"
    see(page, f"#v{fell.version} ins").to_have_text("Outbid")
    for there, to in ((fell, fix), (moved, void), (fix, fell), (void, moved)):
        see(page, f"#v{there.version} a[href='#v{to.version}']").to_be_visible()
    see(page, f"#v{moved.version}").to_contain_text("Undone by Bruna Barros")
    see(page, ".fact-actions").to_have_count(0)
