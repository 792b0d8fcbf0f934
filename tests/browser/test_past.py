"""The past in a browser: the board of another day and a lead at an instant, by hand, by keys, on paper."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from leads.models import Lead
from lifecycle import service
from lifecycle.events import Source
from lifecycle.states import State
from tests.browser.hands import breaches, card_of, fits, in_column, middle, repeated_ids, see, sticking_out
from tests.browser.test_axe import full_board
from tests.factories import LeadFactory, advance, ana, bruna, newest

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}
NO_SCRIPT = {"java_script_enabled": False}
BEGUN = datetime(2026, 3, 2, 17, tzinfo=UTC)
both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


def at_address(page: "Page", pattern: str) -> None:
    from playwright.sync_api import expect

    expect(page).to_have_url(re.compile(pattern))


def dana() -> Lead:
    """New on Monday at 9, contacting at 10, qualified at 11, committed at noon, all by the office's clock."""
    return LeadFactory.create(name="Dana Ortiz", status=State.COMMITTED, agent=ana(), begun=BEGUN)


# ---- the board


def test_bruna_scrubs_the_board_to_another_day_and_back(open_page: Open) -> None:
    lead = dana()
    page = open_page(bruna())
    page.get_by_role("button", name="Look back").click()
    page.get_by_role("link", name="The board on another day").click()
    see(page, "#past-title").to_contain_text("9:00 am PST")

    page.fill("#as-of", "2026-03-02T11:30")
    page.get_by_role("button", name="Show", exact=True).click()
    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()
    at_address(page, r"/\?as_of=2026-03-02T11%3A30$")
    see(page, "#say").to_contain_text("The board of Mon 2 Mar 2026, 11:30 am PST")
    assert "11:30 am PST" in page.title()

    page.get_by_role("link", name="A day later").click()
    see(page, in_column(lead, State.COMMITTED)).to_be_visible()
    at_address(page, "as_of=2026-03-03T11%3A30-08%3A00")
    page.get_by_role("link", name="A week earlier").click()
    see(page, "#nothing-then").to_be_visible()

    page.get_by_role("link", name="As we knew it then").click()
    see(page, ".past-meaning").to_contain_text("mistakes included")
    at_address(page, "clock=known")
    page.go_back()
    see(page, ".past-meaning").to_contain_text("late entries included")
    see(page, ".past-meaning").to_be_visible()
    page.get_by_role("link", name="Back to today").click()
    see(page, "#live").to_be_attached()
    see(page, "#past").to_have_count(0)


def test_the_whole_way_by_keyboard(open_page: Open) -> None:
    lead = dana()
    page = open_page(bruna(), "/?as_of=2026-03-04T11:30")
    see(page, in_column(lead, State.COMMITTED)).to_be_visible()
    page.locator("#scrub-day-back").focus()
    for step in ("2026-03-03", "2026-03-02"):
        page.keyboard.press("ArrowLeft")
        at_address(page, f"as_of={step}T11%3A30")
        see(page, "#scrub-day-back").to_be_focused()
    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()
    page.keyboard.press("PageDown")
    at_address(page, "as_of=2026-03-09T12%3A30-07%3A00|as_of=2026-03-09T11%3A30-07%3A00")
    see(page, in_column(lead, State.COMMITTED)).to_be_visible()

    # The slider: one arrow is one day, and it keeps the focus.
    page.locator("#scrub-range").focus()
    page.keyboard.press("ArrowLeft")
    at_address(page, "as_of=2026-03-08T")
    see(page, "#scrub-range").to_be_focused()
    see(page, "#scrub-words").to_have_text(re.compile("Sun 8 Mar"))

    page.locator(f"{card_of(lead)} .card-name").focus()
    page.keyboard.press("Enter")
    see(page, "#state-at-title").to_contain_text("Sun 8 Mar 2026")


def test_presets_lead_to_the_usual_moments(open_page: Open) -> None:
    page = open_page(bruna(), "/?as_of=")
    see(page, ".scrub-presets [aria-current]").to_have_text("Last Monday, 9:00 am")
    for name in ("Yesterday at this time", "Start of the month", "Start of the quarter", "Last Monday, 9:00 am"):
        page.get_by_role("link", name=name).click()
        if name.startswith("Yesterday"):  # Which a minute later is another moment.
            see(page, ".past-ago").to_have_text("1 d ago")
        else:
            see(page, ".scrub-presets [aria-current]").to_have_text(name)
    assert repeated_ids(page) == []


def test_show_more_shows_more_of_that_day_and_filters_keep_it(open_page: Open) -> None:
    for n in range(30):
        LeadFactory.create(name=f"Lead {n:02}", agent=ana(), begun=BEGUN + timedelta(minutes=n))
    page = open_page(bruna(), "/?as_of=2026-03-02T10:30")
    see(page, "#column-NEW .card").to_have_count(25)
    page.get_by_role("link", name="Show 5 more").click()
    see(page, "#column-NEW .card").to_have_count(30)
    see(page, "#column-NEW .card-more").to_have_count(0)
    page.locator("#column-NEW .stale-count").wait_for(state="detached")
    page.locator("#column-CLOSED h2 a").click()
    at_address(page, "as_of=2026-03-02T10%3A30-08%3A00&open=CLOSED")
    see(page, "#past-title").to_contain_text("10:30 am PST")


def test_nothing_in_the_past_can_be_dragged_or_moved(open_page: Open) -> None:
    lead = dana()
    page = open_page(bruna(), "/?as_of=2026-03-02T11:30")
    asked = []
    page.on("request", lambda request: asked.append(request.method))
    x, y = middle(page.locator(card_of(lead)).bounding_box())
    there = middle(page.locator("#column-COMMITTED .cards").bounding_box())
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(*there, steps=8)
    page.mouse.up()
    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()
    page.locator(f"{card_of(lead)} .card-name").focus()
    for key in (" ", "ArrowRight", " ", "m", "z"):
        page.keyboard.press(key)
    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()
    assert "POST" not in asked and page.locator("#dialog[open]").count() == 0
    lead.refresh_from_db()
    assert lead.status == State.COMMITTED


def test_without_scripts_every_way_through_time_works(open_page: Open) -> None:
    lead = dana()
    page = open_page(bruna(), "/?as_of=2026-03-02T11:30", **NO_SCRIPT)
    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()
    see(page, "#scrub-slider").to_be_hidden()
    page.get_by_role("link", name="A day later").click()
    see(page, in_column(lead, State.COMMITTED)).to_be_visible()
    page.fill("#as-of", "2026-03-02T09:30")
    page.get_by_role("button", name="Show", exact=True).click()
    see(page, in_column(lead, State.NEW)).to_be_visible()
    page.get_by_role("link", name="Back to today").click()
    see(page, "#past").to_have_count(0)


def test_an_hour_that_came_twice_is_asked_on_the_board(open_page: Open) -> None:
    page = open_page(bruna(), "/?as_of=2026-03-02T11:30")
    page.fill("#as-of", "2025-11-02T01:30")
    page.get_by_role("button", name="Show", exact=True).click()
    see(page, ".past-ask").to_contain_text("1:30 am came twice that night")
    see(page, ".past-ask [href]:focus").to_have_text("the first, 2 Nov 2025, 1:30 am PDT")
    see(page, "#say").to_have_text("")
    see(page, "[aria-invalid], [role=alert]:not(:empty)").to_have_count(0)
    page.get_by_role("link", name="the second, 2 Nov 2025, 1:30 am PST").click()
    see(page, "#past-title").to_contain_text("Sun 2 Nov 2025, 1:30 am PST")


@both_schemes
def test_the_past_board_is_clean(open_page: Open, scheme: str) -> None:
    full_board()
    for options in ({}, {"phone": True}):
        page = open_page(bruna(), "/?as_of=", color_scheme=scheme, **CALM, **options)
        if options:
            page.locator("#past-more-button").click()
            assert breaches(page) == []
        page.get_by_role("link", name="Yesterday at this time").click()
        see(page, ".past-ago").to_have_text("1 d ago")
        assert breaches(page) == []
        assert repeated_ids(page) == []
        fits(page)
    page.goto("/?as_of=soon")
    assert breaches(page) == []
    page.goto("/?as_of=2025-11-02T01:30")
    assert breaches(page) == []


def test_on_a_small_phone_nothing_sticks_out_and_targets_are_large(open_page: Open) -> None:
    dana()
    page = open_page(ana(), "/?as_of=2026-03-02T11:30", phone=True, viewport={"width": 320, "height": 640}, **CALM)
    fits(page, 320)
    page.locator("#past-more-button").click()
    assert sticking_out(page, ".past-band", ".past-short *, .past-slim *, .past-more *") == []
    assert page.evaluate("document.querySelector('#as-of').clientWidth") > 250
    widths = page.evaluate("[...document.querySelectorAll('.past-clocks a')].map(a => a.offsetWidth)")
    assert min(widths) == max(widths) > 250
    small = page.evaluate(
        """[...document.querySelectorAll('.past-band :is(a, button, input:not([type=hidden]))')]
           .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5).map(e => e.outerHTML)"""
    )
    assert small == []


def test_on_a_phone_one_slim_line_says_when_it_was_and_a_step_keeps_the_place(open_page: Open) -> None:
    for n in range(12):
        LeadFactory.create(name=f"Lead {n:02}", status=State.QUALIFIED, agent=ana(), begun=BEGUN)
    for options in ({}, NO_SCRIPT):
        page = open_page(ana(), "/?as_of=2026-03-04T11:30", phone=True, **CALM, **options)
        see(page, ".past-short").to_have_text("Wed 4 Mar 202611:30 am PST")
        see(page, ".past-clocks").to_be_hidden()
        assert page.evaluate("document.querySelector('#past-band').offsetHeight") < 60
        assert page.evaluate("document.querySelector('#board').getBoundingClientRect().y") < 230
        page.locator("#past-more-button").click()
        see(page, ".past-meaning").to_be_visible()
        page.get_by_role("link", name="As we knew it then").click()
        at_address(page, "clock=known")
        see(page, ".past-clocks").to_be_hidden()
        if options:
            continue
        page.locator(".column-picker a", has_text="Qualified").click()
        page.locator("#column-QUALIFIED .card").last.scroll_into_view_if_needed()
        places = """[document.querySelector('#board'), ...document.querySelectorAll('#column-QUALIFIED *')]
                    .flatMap(e => [e.scrollLeft, e.scrollTop]).filter(Boolean)"""
        was = page.evaluate(places)
        assert was[0] > 0 and len(was) == 2
        page.get_by_role("link", name="A day earlier").click()
        see(page, ".past-short").to_contain_text("Tue 3 Mar 2026")
        assert page.evaluate(places) == was
        see(page, ".past-short").to_be_in_viewport()


def test_on_paper_the_past_board_says_when_it_was(open_page: Open) -> None:
    dana()
    page = open_page(bruna(), "/?as_of=2026-03-02T11:30", **CALM)
    page.emulate_media(media="print")
    see(page, "#past-title").to_be_visible()
    see(page, ".past-meaning").to_be_visible()
    for away in ("#scrubber", ".past-ways", ".past-clocks", ".tool-bar"):
        see(page, away).to_be_hidden()
    assert page.evaluate("getComputedStyle(document.querySelector('.past-band')).color") == "rgb(0, 0, 0)"


# ---- one lead


def test_state_at_is_answered_in_place_and_tells_both_clocks(open_page: Open) -> None:
    lead = dana()
    move = newest(lead)
    service.void_move(
        lead_id=lead.pk, target=move.uuid, reason="mis_drag", actor=bruna(), source=Source.PAGE,
        now=BEGUN + timedelta(days=2),
    )  # fmt: skip
    page = open_page(bruna(), f"/leads/{lead.pk}/", **CALM)
    page.locator("#lead-back-at > summary").click()
    page.fill("#at-t", "2026-03-03T09:00")
    page.locator("#at-form").get_by_role("button", name="Show").click()
    see(page, "#state-at-title").to_be_focused()
    see(page, ".at-stage").to_contain_text("Qualified")
    see(page, "#at-difference").to_contain_text("As we knew it then: Committed.")
    see(page, "#say").to_have_text("Tue 3 Mar 2026, 9:00 am PST: Qualified.")
    page.locator(".state-at .past-clocks").get_by_role("link", name="As we knew it then").click()
    see(page, ".at-stage").to_contain_text("Committed")
    # The switch of the answer is the only one; the form keeps what it says.
    see(page, "#at-form [type=radio]").to_have_count(0)
    see(page, "#at-form [name=clock]").to_have_value("known")
    at_address(page, rf"/leads/{lead.pk}/$")
    assert repeated_ids(page) == []

    page.fill("#at-t", "2125-01-01T09:00")
    page.locator("#at-form").get_by_role("button", name="Show").click()
    see(page, "#at-t_error").to_be_focused()
    see(page, "#at-t_error").to_contain_text("is still to come")
    see(page, "#state-at-title").to_have_count(0)


def test_state_at_without_scripts_is_a_page_that_can_be_sent_on(open_page: Open) -> None:
    lead = dana()
    page = open_page(ana(), f"/leads/{lead.pk}/", **NO_SCRIPT)
    page.locator("#lead-back-at > summary").click()
    page.fill("#at-t", "2026-03-02T11:30")
    page.get_by_label("As we knew it then").check()
    page.locator("#at-form").get_by_role("button", name="Show").click()
    at_address(page, rf"/leads/{lead.pk}/at/\?t=2026-03-02T11%3A30&clock=known")
    see(page, ".at-stage").to_contain_text("Qualified")
    see(page, "#at-form [type=radio]").to_have_count(0)
    page.fill("#at-t", "2026-03-02T11:45")
    page.locator("#at-form").get_by_role("button", name="Show").click()
    at_address(page, rf"/leads/{lead.pk}/at/\?t=2026-03-02T11%3A45&clock=known")
    page.go_back()
    page.get_by_role("link", name="30 min before").click()
    at_address(page, rf"/leads/{lead.pk}/\?cursor=\d+#v\d+")
    page.go_back()
    page.get_by_role("link", name="The board at this moment").click()
    see(page, in_column(lead, State.QUALIFIED)).to_be_visible()


def test_an_hour_that_came_twice_is_asked_in_place(open_page: Open) -> None:
    lead = LeadFactory.create(agent=ana(), begun=datetime(2025, 10, 1, tzinfo=UTC))
    page = open_page(ana(), f"/leads/{lead.pk}/", **CALM)
    page.locator("#lead-back-at > summary").click()
    page.fill("#at-t", "2025-11-02T01:30")
    page.locator("#at-form").get_by_role("button", name="Show").click()
    see(page, "#at-t_question").to_contain_text("1:30 am came twice that night")
    see(page, "#at-t_question [href]:focus").to_have_text("the first, 2 Nov 2025, 1:30 am PDT")
    see(page, "#say").to_have_text("")
    see(page, "#at-t_error, [aria-invalid]").to_have_count(0)
    assert breaches(page) == []
    page.get_by_role("link", name="the first, 2 Nov 2025, 1:30 am PDT").click()
    see(page, "#state-at-title").to_contain_text("1:30 am PDT")


@both_schemes
def test_the_state_of_a_lead_is_clean_and_prints(open_page: Open, scheme: str) -> None:
    lead = dana()
    advance(lead, State.QUALIFIED, actor=ana(), now=BEGUN + timedelta(days=1))
    for options in ({}, {"phone": True, "viewport": {"width": 320, "height": 640}}):
        page = open_page(bruna(), f"/leads/{lead.pk}/at/?t=2026-03-05T09:00", color_scheme=scheme, **CALM, **options)
        assert breaches(page) == []
        assert repeated_ids(page) == []
        fits(page)
        page.goto(f"/leads/{lead.pk}/at/?t=soon")
        assert breaches(page) == []
    page = open_page(
        bruna(), f"/leads/{lead.pk}/", color_scheme=scheme, **CALM, viewport={"width": 1440, "height": 2400}
    )
    page.locator("#lead-back-at > summary").click()
    page.fill("#at-t", "2026-03-05T09:00")
    page.locator("#at-form").get_by_role("button", name="Show").click()
    see(page, "#state-at-title").to_be_focused()
    assert breaches(page) == []
    page.goto(f"/leads/{lead.pk}/at/?t=2026-03-05T09:00")
    page.emulate_media(media="print")
    see(page, ".at-print").to_contain_text("/at/?t=2026-03-05T09%3A00-08%3A00")
    see(page, "#at-form").to_be_hidden()
