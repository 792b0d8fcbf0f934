"""The consent ledger in a browser: clean for axe, whole on a phone, on one sheet of paper, quick by keyboard."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from leads.models import Lead
from lifecycle import service
from lifecycle.events import Source
from lifecycle.flags import Flag
from tests.browser.hands import breaches, fits, plain, repeated_ids, see, sticking_out, until
from tests.factories import LeadFactory, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}
#: What a thumb presses on these pages.
THUMBED = "main :is(button, input, select, summary, .button, .consent-back, .consent-tools a)"
NARROW = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


def dana() -> Lead:
    """A lead of 40 days with an ordinary history: an opt-out, one that was recorded late, one taken back."""
    now = timezone.now()
    lead = LeadFactory.create(name="Dana Ortiz", email="dana@example.com", agent=ana(), begun=now - timedelta(days=40))
    steps = [
        (Flag.UNSUBSCRIBED, True, "unsubscribe_link", 30, 30, ""),
        (Flag.DO_NOT_TEXT, True, "sms_stop", 25, 25, ""),
        (Flag.DO_NOT_TEXT, False, "lead_reconsented", 20, 20, "“Texts are fine again,” she said at the open house."),
        (Flag.DO_NOT_CALL, True, "lead_request_in_person", 10, 7, "Works nights; " + "asked twice. " * 8),
    ]
    for flag, on, reason, happened, recorded, note in steps:
        act = service.set_flag if on else service.clear_flag
        act(
            lead_id=lead.pk,
            flag=flag,
            reason=reason,
            note=note,
            occurred_at=now - timedelta(days=happened),
            now=now - timedelta(days=recorded),
            actor=bruna() if note else None,
            source=Source.PAGE,
        )
    return lead


def disputed() -> str:
    """A day on which the two clocks differ."""
    return f"{timezone.localdate(timezone=ZoneInfo('America/Los_Angeles')) - timedelta(days=8)}"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_the_ledger_is_clean(open_page: Open, scheme: str) -> None:
    lead = dana()
    LeadFactory.create(name="Luis Ortiz", email="dana@example.com", agent=ben())
    page = open_page(bruna(), color_scheme=scheme, **CALM)
    asked = f"on={disputed()}&channel=call&how=hand"
    for path in (
        f"/leads/{lead.pk}/consent/?{asked}",
        f"/leads/{lead.pk}/consent/letter/",
        f"/consent/?q=dana%40example.com&{asked}",
        "/consent/?q=555&on=2999-01-01",
        "/consent/?q=nobody%40example.com",
    ):
        page.goto(path)
        assert breaches(page) == [], path
        assert repeated_ids(page) == [], path


def test_the_pages_fit_a_narrow_phone_and_a_thumb(open_page: Open) -> None:
    lead = dana()
    page = open_page(bruna(), **NARROW)
    for path in (
        f"/leads/{lead.pk}/consent/?on={disputed()}&channel=call",
        f"/leads/{lead.pk}/consent/letter/",
        f"/consent/?q=dana%40example.com&on={disputed()}",
    ):
        page.goto(path)
        fits(page, 320)
        assert sticking_out(page, "main .panel", "*") == []
        low = page.evaluate(
            """of => [...document.querySelectorAll(of)].filter(
              e => e.offsetParent && e.getBoundingClientRect().height < 44).map(e => e.outerHTML.slice(0, 80))""",
            THUMBED,
        )
        assert low == [], path


def test_a_flag_on_the_lead_leads_to_the_answer_by_keyboard_alone(open_page: Open) -> None:
    lead = dana()
    page = open_page(ana(), f"/leads/{lead.pk}/")
    page.locator(".lead-flags a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/leads/{lead.pk}/consent/")
    page.locator("#consent-on").fill(disputed())
    page.locator("#consent-channel").select_option("call")
    page.locator("#consent-how").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("on="))
    said = plain(page.locator("#answer").inner_text())
    assert "As it was Not at all that day" in said and "As we knew it then Allowed all day" in said
    see(page, "#answer").to_be_visible()
    assert page.url.endswith("#answer")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_letter_of_an_ordinary_history_is_one_sheet(open_page: Open, paper: str) -> None:
    lead = dana()
    page = open_page(bruna(), f"/leads/{lead.pk}/consent/letter/")
    sheets = page.pdf(format=paper)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
    page.emulate_media(media="print")
    text = plain(page.locator("body").inner_text())
    assert text.startswith("Our office") and "Print" not in text.split()
    assert "Why were you unsubscribed?" in text and "Back to the ledger" not in text


def test_the_print_button_prints_and_is_not_there_without_scripts(open_page: Open) -> None:
    lead = dana()
    page = open_page(bruna(), f"/leads/{lead.pk}/consent/letter/")
    page.evaluate("window.print = () => { document.title = 'printed'; }")
    page.get_by_role("button", name="Print").click()
    until(page, lambda: page.title() == "printed")
    bare = open_page(bruna(), f"/leads/{lead.pk}/consent/letter/", java_script_enabled=False)
    see(bare.get_by_role("button", name="Print")).to_have_count(0)


def test_a_refused_question_puts_the_cursor_where_it_is_to_be_mended(open_page: Open) -> None:
    lead = dana()
    page = open_page(bruna(), f"/leads/{lead.pk}/consent/")
    page.locator("#consent-on").fill("2999-01-01")
    page.get_by_role("button", name="Answer").click()
    page.locator("#consent-on_error").wait_for()
    see(page, "#consent-on").to_be_focused()
    page.goto("/consent/?q=555")
    see(page, "#consent-q").to_be_focused()
