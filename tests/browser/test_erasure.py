"""Erasing a person's data and letting somebody go, in a real browser: by keys, on a phone, in the dark."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from leads import erasure
from leads.models import Lead
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.states import State
from tests.browser.hands import breaches, fits, repeated_ids, see
from tests.factories import LeadFactory, UserFactory, ada, ana, ben, bruna, newest

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}


def dana() -> Lead:
    lead = LeadFactory.create(name="Dana Ortiz", agent=ana(), status=State.QUALIFIED)
    service.add_note(lead_id=lead.pk, note="Has two dogs.", actor=ana(), source=Source.PAGE)
    return lead


def test_bruna_erases_from_the_lead_page(open_page: Open) -> None:
    lead = dana()
    page = open_page(bruna(), f"/leads/{lead.pk}/", **CALM)
    page.get_by_role("link", name="Erase personal data…").click()
    see(page, "h1").to_have_text("Erase the personal data of Dana Ortiz")
    assert breaches(page) == [] and repeated_ids(page) == []
    page.get_by_label("They asked for it").check()
    page.get_by_label(f"Type L-{lead.pk} to confirm").fill("Dana Ortiz")
    page.get_by_role("button", name="Erase for good").click()
    see(page, ".error-summary").to_contain_text("so that nothing is erased by a slip")
    page.get_by_label(f"Type L-{lead.pk} to confirm").fill(f"L-{lead.pk}")
    page.keyboard.press("Enter")
    see(page, "h1").to_have_text(f"Erased lead {lead.pk}")
    see(page, "#story").to_contain_text("Bruna Barros erased the personal data")
    assert "Dana" not in page.content() and "dogs" not in page.content()
    assert breaches(page) == [] and repeated_ids(page) == []
    assert newest(lead).kind == Kind.PERSONAL_DATA_ERASED


def test_what_is_left_can_still_be_done_on_the_page(open_page: Open) -> None:
    lead = dana()
    ben()
    erasure.erase(lead_id=lead.pk, reason="erasure_requested", actor=bruna(), source=Source.PAGE)
    page = open_page(bruna(), f"/leads/{lead.pk}/?open=assign", **CALM)
    see(page, "#action-note").to_have_count(0)
    page.locator("#action-assign select[name=to_agent]").select_option(label="Ben Brooks")
    page.locator("#action-assign select[name=reason]").select_option("territory")
    page.locator("#action-assign button.button-primary").click()
    see(page, "#lead-head").to_contain_text("With Ben Brooks")


@pytest.mark.parametrize("where", ["erase", "leave"])
def test_on_a_phone_in_the_dark_nothing_sticks_out(open_page: Open, where: str) -> None:
    lead = dana()
    path = f"/leads/{lead.pk}/erase/" if where == "erase" else f"/people/{ana().pk}/leave/"
    page = open_page(ada(), path, phone=True, color_scheme="dark", **CALM)
    fits(page, 390)
    assert breaches(page) == []


def test_ada_lets_somebody_go(open_page: Open) -> None:
    ben()
    otis: Any = UserFactory.create(username="otis", display_name="Otis Odell")
    held = LeadFactory.create(name="Joe Tran", agent=otis, status=State.QUALIFIED)
    page = open_page(ada(), f"/custody/{otis.pk}/", **CALM)
    page.get_by_role("link", name="Let Otis Odell go…").click()
    see(page, "h1").to_have_text("Let Otis Odell go")
    assert breaches(page) == [] and repeated_ids(page) == []
    page.get_by_label("Agent", exact=True).select_option(label="Ben Brooks")
    page.get_by_role("button", name="Let Otis Odell go").click()
    see(page, "h1").to_have_text("Otis Odell has left the office")
    see(page, "dl.facts").to_contain_text("1 lead reassigned")
    assert breaches(page) == []
    held.refresh_from_db()
    otis.refresh_from_db()
    assert held.agent == ben() and not otis.is_active
