"""The ways into Qualified on the screen: legible in a narrow column and in long words, by finger and in the dark."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from leads import ways
from leads.models import Lead
from lifecycle.states import Provenance, State
from tests.browser.hands import breaches, card_of, fits, sticking_out
from tests.factories import LeadFactory, advance, ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

SHORT = ["Fresh 2", "Before contract 1", "From contract 1", "Re-engaged 1", "Imported 1"]
CALM = {"reduced_motion": "reduce"}


def all_ways() -> dict[str, Lead]:
    """One lead of Ana's for each way, and a second fresh one."""
    wants = {"agent": ana(), "headline": "3-bed in Alameda, pre-approved"}
    leads = {name: LeadFactory.create(name=name, status=State.QUALIFIED, **wants) for name in ("Fay", "Finn", "Imre")}
    for name, status in (("Carl", State.COMMITTED), ("Vera", State.IN_CONTRACT)):
        leads[name] = LeadFactory.create(name=name, status=status, **wants)
        advance(leads[name], State.QUALIFIED, actor=ana())
    leads["Rae"] = LeadFactory.create(name="Rae", status=State.ARCHIVED, **wants)
    for to in (State.CONTACTING, State.QUALIFIED):
        advance(leads["Rae"], to, actor=ana())
    Lead.objects.filter(pk=leads["Imre"].pk).update(provenance=Provenance.IMPORTED)
    return leads


def parts(page: "Page") -> list[str]:
    return [" ".join(words.split()) for words in page.locator(".mix a").all_text_contents()]


def shown(page: "Page") -> set[str]:
    return set(page.locator("#column-QUALIFIED .card-name").all_text_contents())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_bar_and_the_chips_are_clean_wide_compact_and_on_the_phone(open_page: Open, scheme: str) -> None:
    all_ways()
    page = open_page(bruna(), color_scheme=scheme, **CALM)
    assert parts(page) == SHORT
    assert breaches(page) == []
    page.get_by_role("button", name="Compact cards").click()
    page.locator('[data-density="compact"]').wait_for()
    assert breaches(page) == []
    page = open_page(ana(), phone=True, color_scheme=scheme, **CALM)
    assert breaches(page) == []


def test_a_press_shows_only_those_and_a_second_press_all_again(open_page: Open) -> None:
    all_ways()
    page = open_page(ana())
    everybody = shown(page)
    for words, names in (("Before contract", {"Carl"}), ("From contract", {"Vera"}), ("Fresh", {"Fay", "Finn"})):
        page.locator(".mix a", has_text=words).click()
        page.locator(".mix a[aria-current]", has_text=words).wait_for()
        assert shown(page) == names
        page.locator(".mix a[aria-current]").click()
        page.locator(".mix a:not([aria-current])", has_text="Re-engaged").wait_for()
        assert shown(page) == everybody


@pytest.mark.parametrize("width", [320, 640, 1100, 1440])
def test_no_word_of_the_bar_is_cut_or_sticks_out_however_narrow(
    open_page: Open, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twice as long words as the English ones, some of them in one piece."""
    for key, way in ways.WAYS.items():
        long = f"{way.short().replace(' ', 'heits')}überraschungen und {way.short().lower()}"
        monkeypatch.setitem(ways.WAYS, key, replace(way, short=partial(str, long)))
    all_ways()
    page = open_page(ana(), phone=width < 640, viewport={"width": width, "height": 740}, **CALM)
    assert "Beforeheitscontractüberraschungen und before contract 1" in " ".join(parts(page))
    assert sticking_out(page, ".column", "header > *, .mix, .mix *, .card, .card .chip, .card-meta li") == []
    cut = "parts => parts.filter(p => p.scrollWidth > p.clientWidth + 1 || p.scrollHeight > p.clientHeight + 1).length"
    assert page.locator(".mix a").evaluate_all(cut) == 0
    fits(page, width)


def test_a_finger_finds_every_part(open_page: Open) -> None:
    all_ways()
    page = open_page(ana(), phone=True, **CALM)
    boxes = [part.bounding_box() for part in page.locator(".mix a").all()]
    assert len(boxes) == len(SHORT)
    assert all(box and box["height"] >= 44 for box in boxes)


def test_on_compact_cards_the_way_is_one_line_and_whole_under_the_pointer(open_page: Open) -> None:
    leads = all_ways()
    page = open_page(ana(), **CALM)
    page.get_by_role("button", name="Compact cards").click()
    page.locator('[data-density="compact"]').wait_for()
    for name in ("Fay", "Carl", "Vera", "Rae"):
        chip = page.locator(f"{card_of(leads[name])} .chip")
        box = chip.bounding_box()
        assert box and box["height"] < 24, name
    voided = page.locator(f"{card_of(leads['Vera'])} .chip")
    assert (voided.get_attribute("title") or "").endswith(": appraisal came in low")
    assert "2nd time here" in (page.locator(f"{card_of(leads['Vera'])} .card-meta").text_content() or "")
