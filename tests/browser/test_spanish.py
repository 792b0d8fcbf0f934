"""Spanish words are longer: nothing may stick out, and nothing stays English, on the pages that an agent lives in."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from leads.models import User
from lifecycle.states import State
from tests.browser.hands import breaches, card_of, drag, fits, in_column, posted, sticking_out
from tests.factories import LeadFactory, advance, ana

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

SMALL = {"viewport": {"width": 360, "height": 740}, "reduced_motion": "reduce"}


def spanish() -> User:
    person = ana()
    person.language = "es"
    person.save(update_fields=["language"])
    return person


def expect(page: "Page", selector: str) -> Any:
    from playwright.sync_api import expect

    return expect(page.locator(selector))


@pytest.mark.parametrize("width", [360, 1366])
def test_nothing_sticks_out_in_spanish(open_page: Open, width: int) -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.IN_CONTRACT, agent=ana(), headline="3-bed in Alameda")
    advance(lead, State.QUALIFIED, actor=ana())
    for status in State:
        LeadFactory.create(status=status, agent=ana())
    phone = width < 640
    page = open_page(spanish(), phone=phone, viewport={"width": width, "height": 740}, reduced_motion="reduce")
    assert sticking_out(page, ".column", "header > *, .card, .card *, .mix *") == []
    page.locator(f"{card_of(lead)} .card-more").click()
    page.locator("#dialog .outcome").first.wait_for()
    assert sticking_out(page, ".outcome", "span") == []
    assert sticking_out(page, "#dialog", ".target, .target *") == []
    page.goto(f"/leads/{lead.pk}/")
    assert sticking_out(page, ".page", ".lead-head *, .panel, .panel *, .timeline *, .action > summary *") == []
    assert sticking_out(page, ".bar-item", "span") == []
    fits(page, width)
    assert breaches(page) == []
    if phone:
        page.get_by_role("link", name="Mover…").click()
        page.locator("#dialog .outcome").first.wait_for()
        assert sticking_out(page, ".outcome", "span") == []
        whole, form = (page.locator(f"#dialog {part}").bounding_box() for part in (".quick-call", ".outcomes"))
        assert whole and form and form["width"] > whole["width"] - 40, "The buttons keep the whole width of the sheet."


def test_a_move_back_asks_and_answers_in_spanish(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.COMMITTED, agent=ana())
    page = open_page(spanish())
    drag(page, lead, State.QUALIFIED)
    dialog = page.locator("#dialog")
    dialog.get_by_role("button", name=re.compile("Registrar")).wait_for()
    assert not re.search(r"\b(the|reason|what|and|cancel|move)\b", dialog.inner_text(), re.I)
    dialog.locator("[name=reason][value=outbid]").check()
    dialog.locator("textarea").fill("Otro comprador ofreció más.")
    with posted(page, lead):
        dialog.locator(".button-primary").click()
    expect(page, in_column(lead, State.QUALIFIED)).to_be_visible()
    expect(page, "#say").to_contain_text("Calificado")


def test_the_scripts_speak_spanish_too(open_page: Open) -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.COMMITTED, agent=ana())
    page = open_page(spanish())
    page.locator(f"{card_of(lead)} .card-name").focus()
    page.keyboard.press("Space")
    expect(page, "#say").to_contain_text("Comprometido")
    assert "lifted" not in (page.locator("#say").text_content() or "")
    page.keyboard.press("Escape")
