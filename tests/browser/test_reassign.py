"""Selecting cards by mouse, finger and key, reassigning them, and handing them back; what the pages keep to."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from leads.models import Lead
from leads.pages import reassign_batch
from lifecycle import service
from lifecycle.events import Source
from lifecycle.models import Batch
from lifecycle.service import bulk
from lifecycle.states import State
from tests.browser.hands import breaches, card_of, focus_card, in_column, middle, repeated_ids, see, sticking_out
from tests.factories import LeadFactory, ana, ben, bruna
from tests.many import many_leads

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}
SELECT, BAR = "#select-cards", "#select-bar"
both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


def selected(page: "Page") -> set[str]:
    return {c.get_attribute("id") or "" for c in page.locator(".card.is-selected").all()}


def ids(*leads: Lead) -> set[str]:
    return {f"lead-{lead.pk}" for lead in leads}


def some(n: int, status: State = State.QUALIFIED) -> list[Lead]:
    return [LeadFactory.create(status=status, agent=ana(), name=f"Dana Number{k}") for k in range(n)]


# ---- on the board


def test_bruna_selects_with_the_mouse_reassigns_and_hands_back(open_page: Open) -> None:
    leads = some(4)
    ben()
    page = open_page(bruna())
    see(page, BAR).to_be_hidden()
    page.click(SELECT)
    see(page, f"{BAR} .button-primary").to_be_disabled()
    page.click(card_of(leads[0]))
    page.click(f"{card_of(leads[2])} .card-name")
    see(page, f"{BAR} .select-words").to_have_text("2 selected")
    see(page, "#say").to_have_text("Dana Number2 selected, 2 in all.")
    page.click(card_of(leads[2]))
    assert selected(page) == ids(leads[0]) and page.url.endswith("/")
    # With the shift key everything between.
    page.click(f"{BAR} [data-clear]")
    page.click(card_of(leads[0]))
    page.click(card_of(leads[3]), modifiers=["Shift"])
    assert selected(page) == ids(*leads)
    page.click(f"{BAR} [data-clear]")
    assert selected(page) == set()
    page.click(card_of(leads[0]))
    page.click(card_of(leads[1]))
    assert repeated_ids(page) == []

    page.click(f"{BAR} .button-primary")
    page.select_option("#reassign-taker", label="Ben Brooks")
    page.select_option("#reassign-reason", "territory")
    page.click("text=Show who gets what")
    see(page, "h1").to_have_text("2 leads would change hands")
    page.click("text=Reassign 2 leads")
    see(page, "h1").to_have_text("2 leads reassigned")
    assert {Lead.objects.get(pk=lead.pk).agent for lead in leads} == {ana(), ben()}
    # Back and forth through the steps, and never a question whether to send a form again.
    page.go_back()
    see(page, "h1").to_have_text("0 leads would change hands")
    page.go_back()
    see(page, "h1").to_have_text("Reassign leads")
    page.go_forward()
    page.go_forward()
    see(page, "h1").to_have_text("2 leads reassigned")

    page.click("text=Hand back")
    see(page, "h1").to_have_text("2 leads handed back")
    assert {Lead.objects.get(pk=lead.pk).agent for lead in leads} == {ana()}


def test_while_selecting_no_card_leaves_its_place_and_none_opens(open_page: Open) -> None:
    lead = some(1)[0]
    page = open_page(ana())
    page.click(SELECT)
    x, y = middle(page.locator(card_of(lead)).bounding_box())
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 300, y + 20, steps=8)
    see(page, ".is-flying").to_have_count(0)
    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()
    page.mouse.up()
    page.click(SELECT)
    see(page, f"{card_of(lead)} .card-name").not_to_have_attribute("role", "checkbox")
    page.click(f"{card_of(lead)} .card-name")
    page.wait_for_url(f"**/leads/{lead.pk}/")


def test_the_keyboard_selects_and_every_step_is_said(open_page: Open) -> None:
    leads = some(3)
    page = open_page(ana())
    focus_card(page, leads[2])
    page.keyboard.press("x")
    see(page, "#say").to_contain_text("Dana Number2 selected, 1 in all. Selecting: Space, X or a click")
    see(page, f"{card_of(leads[2])} .card-name").to_have_attribute("aria-checked", "true")
    page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    see(page, f"{BAR} .select-words").to_have_text("3 selected")
    page.keyboard.press("x")
    see(page, "#say").to_have_text("Dana Number0 no longer selected, 2 in all.")
    page.keyboard.press("r")
    see(page, f"{BAR} .button-primary").to_be_focused()
    focus_card(page, leads[0])
    page.keyboard.press("Escape")
    see(page, BAR).to_be_hidden()
    assert selected(page) == set()
    # The focus is still on the card, and Space lifts it as ever.
    page.keyboard.press(" ")
    see(page, card_of(leads[0])).to_have_class(re.compile("is-lifted"))
    page.keyboard.press("x")
    see(page, BAR).to_be_hidden()


def test_a_finger_selects_by_a_tap_and_drags_nothing(open_page: Open) -> None:
    leads = some(2)
    page = open_page(ana(), phone=True)
    page.evaluate("document.getElementById('column-QUALIFIED').scrollIntoView()")
    page.tap(SELECT)
    page.tap(card_of(leads[0]))
    page.tap(card_of(leads[1]))
    see(page, f"{BAR} .select-words").to_have_text("2 selected")
    assert sticking_out(page, BAR, "*") == []
    page.tap(f"{BAR} .button-primary")
    see(page, "h1").to_have_text("Reassign leads")
    assert page.locator("[name=leads]").get_attribute("value") == ",".join(str(lead.pk) for lead in leads)


def test_marks_survive_a_colleagues_move(open_page: Open) -> None:
    leads = some(3)
    page = open_page(bruna())
    page.click(SELECT)
    page.click(card_of(leads[0]))
    page.click(card_of(leads[1]))
    # A colleague moves one card; its column and the other are drawn anew.
    service.move_lead(lead_id=leads[0].pk, to=State.COMMITTED, document="a.pdf", actor=ana(), source=Source.BOARD)
    page.evaluate("htmx.trigger('#live', 'board:look')")
    see(page, in_column(leads[0], State.COMMITTED)).to_be_visible()
    see(page, card_of(leads[0])).to_have_class(re.compile("is-selected"))
    assert selected(page) == ids(leads[0], leads[1])
    see(page, f"{card_of(leads[2])} .card-name").to_have_attribute("aria-checked", "false")
    see(page, f"{BAR} .select-words").to_have_text("2 selected")


def test_without_script_the_filter_leads_to_ticks(open_page: Open) -> None:
    leads = some(3)
    page = open_page(bruna(), "/?q=dana", java_script_enabled=False)
    see(page, SELECT).to_be_hidden()
    link = page.locator(".filter-reassign a").get_attribute("href") or ""
    page.goto(link)
    page.click(".tick-list summary")
    page.uncheck(f"[name=lead][value='{leads[0].pk}']")
    page.check("[name=to][value=pool]")
    page.click("text=Show who gets what")
    page.click("text=Reassign 2 leads")
    see(page, "h1").to_have_text("2 leads reassigned")
    assert Lead.objects.get(pk=leads[0].pk).agent == ana()


# ---- long actions


def test_a_long_action_goes_on_by_itself(open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reassign_batch, "PATIENCE", -1.0)
    monkeypatch.setattr(bulk, "STEP", 10)
    leads = many_leads(35, [ana()])
    carry_on = bulk.carry_on
    monkeypatch.setattr(bulk, "carry_on", lambda **said: carry_on(**said, step=10))
    plan = [bulk.Wish(lead.pk, lead.version, ben().pk) for lead in leads]
    batch = bulk.begin(uuid=leads[0].uuid, actor=bruna(), wishes=plan, reason="territory")
    page = open_page(bruna(), f"/reassign/{batch.uuid}/")
    see(page, "h1").to_have_text("35 leads reassigned")
    assert Batch.objects.get().moved == 35


# ---- how the pages look


def pages_with_everything() -> list[str]:
    """The addresses of the four pages, with refused leads and some that moved on."""
    leads = [*some(3), LeadFactory.create(agent=None, name="محمد العربي")]
    plan = [bulk.Wish(lead.pk, lead.version, ben().pk) for lead in leads]
    service.add_note(lead_id=leads[0].pk, note="Called.", actor=ana(), source=Source.PAGE)
    key = leads[0].uuid
    bulk.begin(uuid=key, actor=bruna(), wishes=plan, reason="other", note="Ana is away for a while, until March.")
    bulk.carry_on(uuid=key, actor=bruna())
    common: dict[str, Any] = {"actor": bruna(), "source": Source.PAGE, "reason": "territory"}
    service.assign_lead(lead_id=leads[1].pk, to_agent=bruna(), **common)
    long = LeadFactory.create(agent=ana(), name="Wolfeschlegelsteinhausenbergerdorff" * 3)
    begun = bulk.begin(uuid=long.uuid, actor=ben(), wishes=[bulk.Wish(long.pk, 2, None)], reason="territory")
    return ["/reassign/", f"/reassign/?agent={ana().pk}&which=open", f"/reassign/{key}/", f"/reassign/{begun.uuid}/"]


def to_preview(page: "Page") -> None:
    page.goto(f"/reassign/?agent={ana().pk}&which=open")
    page.check("[name=to][value=share]")
    for name in ("Ana Alvarez", "Ben Brooks"):
        page.locator("label", has_text=name).locator("[name=takers]").check()
    page.select_option("#reassign-reason", "territory")
    page.click("text=Show who gets what")
    see(page, "h1").to_contain_text("would change hands")


@both_schemes
def test_the_pages_are_clean(open_page: Open, scheme: str) -> None:
    page = open_page(bruna(), "/reassign/", color_scheme=scheme, **CALM)
    for address in pages_with_everything():
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert breaches(page) == [], address
        assert repeated_ids(page) == [], address
    to_preview(page)
    assert breaches(page) == []
    page.goto("/")
    page.click(SELECT)
    page.locator(".card").first.click()
    assert breaches(page) == []


def test_nothing_sticks_out_at_320_pixels(open_page: Open) -> None:
    addresses = pages_with_everything()
    page = open_page(bruna(), "/", viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    page.tap(SELECT)
    wide = "document.documentElement.scrollWidth"
    assert page.evaluate(wide) == 320
    assert sticking_out(page, ".tool-bar", "*") == [] == sticking_out(page, BAR, "*")
    for address in addresses:
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate(wide) == 320, address
        assert sticking_out(page, ".panel", "*") == [], address
    to_preview(page)
    assert page.evaluate(wide) == 320


def test_a_refused_form_takes_the_focus_to_what_is_missing(open_page: Open) -> None:
    some(1)
    page = open_page(bruna(), f"/reassign/?agent={ana().pk}&which=open")
    page.click("text=Show who gets what")
    see(page, ".error-summary").to_contain_text("Choose who takes these leads.")
    page.click(".error-summary a >> nth=0")
    see(page, "#reassign-taker").to_be_focused()
