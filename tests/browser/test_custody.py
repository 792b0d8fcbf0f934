"""Custody in a browser: the chain beside the story, an agent's list, and the packet on one sheet of paper."""

import shutil
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Source
from lifecycle.service import bulk
from lifecycle.service.bulk import Wish
from lifecycle.states import State
from tests.browser.hands import breaches, fits, plain, repeated_ids, see, sticking_out
from tests.factories import LeadFactory, advance, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])
#: As long as our columns hold, and written from right to left.
LONG_NAME = ("Maximiliana-Wolfeschlegelsteinhausenbergerdorff " * 5)[:200]
#: Links and buttons of ours that a thumb would miss.
TOO_SMALL = """[...document.querySelectorAll(':is(#lead-custody, .custody-page, .packet) :is(a, summary, button)')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 24)
  .map(e => e.textContent.trim().slice(0, 40))"""
HEBREW = "דנה אורטיז־לוי"


def expect(locator: Any) -> Any:
    """Playwright's own, imported late: a machine without a browser collects these tests as well."""
    from playwright.sync_api import expect as playwright_expect

    return playwright_expect(locator)


def hand(lead: Lead, to: User | None, days: float, **said: Any) -> None:
    """Bruna hands the lead over, so many days ago."""
    service.assign_lead(
        **{
            "lead_id": lead.pk,
            "actor": bruna(),
            "source": Source.PAGE,
            "to_agent": to,
            "reason": "schedule_conflict",
            "now": timezone.now() - timedelta(days=days),
            **said,
        }
    )


def passed_around(**said: Any) -> Lead:
    """A lead with seven stays, the last of them Ben's."""
    begun = timezone.now() - timedelta(days=60)
    lead = LeadFactory.create(**{"name": "Dana Ortiz", "agent": ana(), "begun": begun, **said})
    for n, holder in enumerate([ben(), None, ana(), bruna(), ana()]):
        hand(lead, holder, 10 - n)
    hand(lead, ben(), 1, note="She expects a call on Monday.")
    return lead


def told_to_the_brim() -> Lead:
    """As much as one lead can bring to its packet: every warning, long words everywhere, a long path."""
    lead = passed_around(
        name=LONG_NAME,
        headline="Wants " + "a-garden-and-a-very-long-word-" * 6,
        address="Long Street " * 25,
        email=f"{'x' * 60}@{'y' * 60}.{'z' * 60}.example",
        status=State.COMMITTED,
    )
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    for _ in range(3):
        advance(lead, State.QUALIFIED, reason="other", note="It fell through. " * 40)
        advance(lead, State.COMMITTED, document="")
    for flag in ("dnc", "unsubscribed", "do_not_email", "do_not_text", "do_not_call"):
        service.set_flag(**common, flag=flag, reason="lead_request_in_person", note="In her own words.")
    for _ in range(6):
        service.log_contact(
            **common, channel="in_person", outcome="met", note="W" * 400, override_reason="She asked us to come by."
        )
    hand(lead, None, 0, note="Back to the pool, " * 60)
    hand(lead, ben(), 0, note="For Ben, " * 100)
    return lead


def pages_of(page: "Page", tmp_path: Path, form: str) -> tuple[int, str]:
    """How many sheets the page prints on, and the words on them."""
    for tool in ("pdfinfo", "pdftotext"):
        if shutil.which(tool) is None:
            pytest.skip(f"There is no {tool} on this machine.")
    path = tmp_path / f"{form}.pdf"
    page.pdf(path=str(path), format=form)
    info = subprocess.run(["pdfinfo", str(path)], capture_output=True, text=True, check=True).stdout
    words = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return int(next(line for line in info.splitlines() if line.startswith("Pages:")).split()[1]), words


def test_the_new_holder_reads_the_story_and_the_notice_goes_with_the_first_deed(open_page: Open) -> None:
    lead = passed_around()
    page = open_page(ben(), reverse("lead", args=[lead.pk]))
    expect(page.locator("#handed")).to_contain_text("Handed to you by Bruna Barros")
    expect(page.locator("#lead-custody .is-now")).to_contain_text("Ben Brooks")
    expect(page.locator("#lead-custody .more-stays .stay").first).to_be_hidden()
    page.locator("#lead-custody summary").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#lead-custody .more-stays .stay").last).to_contain_text("When the lead came in")
    page.get_by_role("link", name="Read the story so far").click()
    expect(page.locator("h1")).to_contain_text("Dana Ortiz")
    expect(page.locator("main")).to_contain_text("She expects a call on Monday.")
    page.get_by_role("link", name="Back to the lead").click()
    page.locator("#action-note > summary").click()
    form = page.locator("#action-note form")
    form.get_by_label("What should be remembered?").fill("Called her.")
    form.get_by_role("button", name="Add note").click()
    expect(page.locator("#story")).to_contain_text("Called her.")
    expect(page.locator("#handed")).to_have_count(0)


def test_the_chain_follows_a_hand_over_in_place_and_leads_to_its_facts(open_page: Open) -> None:
    lead = passed_around()
    page = open_page(bruna(), reverse("lead", args=[lead.pk]))
    page.locator("#action-assign > summary").click()
    form = page.locator("#action-assign form")
    form.get_by_label("To whom?").select_option(label="Ana Alvarez")
    form.get_by_label("Why?").select_option(label="Client asked for it")
    form.get_by_role("button", name="Hand off").click()
    expect(page.locator("#lead-custody .is-now")).to_contain_text("Ana Alvarez")
    expect(page.locator("#lead-custody .is-now")).to_contain_text("Client asked for it")
    assert repeated_ids(page) == []
    page.locator("#lead-custody .is-now .stay-why a").click()
    expect(page.locator("#story .fact:target")).to_contain_text("from Ben Brooks to Ana Alvarez")


def test_a_broker_finds_what_an_agent_held_with_the_keyboard_alone(open_page: Open) -> None:
    passed_around()
    LeadFactory.create(name="Kit Kept", agent=ana())
    page = open_page(bruna(), "/")
    page.get_by_role("button", name="Look back").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Who holds what").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ana Alvarez").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Every lead Ana Alvarez has held")
    see(page, "tbody tr").to_have_count(4)
    page.get_by_role("link", name="Holds now").focus()
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody")).to_contain_text("Kit Kept")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download CSV").press("Enter")
    assert download.value.suggested_filename.startswith("custody-")


@both_schemes
def test_nothing_that_axe_finds(open_page: Open, scheme: str) -> None:
    lead, pooled = passed_around(name=HEBREW), LeadFactory.create(agent=None)
    addresses = [
        reverse("lead-custody", args=[lead.pk]),
        reverse("lead-custody", args=[pooled.pk]),
        reverse("lead-packet", args=[lead.pk]),
        reverse("custody"),
        reverse("agent-custody", args=[ana().pk]),
        reverse("agent-custody", args=[bruna().pk]) + "?from=2026-03-02&to=2026-03-03",
    ]
    page = open_page(bruna(), "/help/", color_scheme=scheme)
    for address in addresses:
        page.goto(address)
        assert breaches(page) == [], address
        assert repeated_ids(page) == [], address


@both_schemes
def test_nothing_that_axe_finds_on_the_page_of_a_lead(open_page: Open, scheme: str) -> None:
    page = open_page(ben(), reverse("lead", args=[passed_around().pk]), color_scheme=scheme)
    page.locator("#lead-custody summary").click()
    # What lies half under the header while scrolled is small to axe.
    page.evaluate("scrollTo(0, 0)")
    assert breaches(page) == [] and repeated_ids(page) == []


@pytest.mark.parametrize("width", [320, 390])
def test_it_fits_a_narrow_screen_and_a_thumb(open_page: Open, width: int) -> None:
    lead = told_to_the_brim()
    page = open_page(bruna(), "/help/", phone=True, viewport={"width": width, "height": 720})
    pages = {"lead": lead.pk, "lead-custody": lead.pk, "lead-packet": lead.pk, "agent-custody": ben().pk}
    for name, pk in pages.items():
        page.goto(reverse(name, args=[pk]))
        fits(page, width)
        ours = "#lead-custody" if name == "lead" else "main"
        assert sticking_out(page, ours, "p, td, th, li, blockquote, dd") == [], name
        assert page.evaluate(TOO_SMALL) == [], name


@pytest.mark.parametrize("make", [passed_around, told_to_the_brim])
def test_the_packet_prints_on_one_sheet(open_page: Open, tmp_path: Path, make: Callable[[], Lead]) -> None:
    lead = make()
    page = open_page(ben(), reverse("lead-packet", args=[lead.pk]))
    for form in ("A4", "Letter"):
        sheets, words = pages_of(page, tmp_path, form)
        assert sheets == 1, f"{sheets} sheets of {form}"
        for piece in ("The story so far", "How to reach them", "What may be done next", "America/Los_Angeles"):
            assert piece in words, (form, piece)
        assert "Back to the lead" not in words


def test_the_packets_of_a_bulk_action_print_on_a_sheet_each(open_page: Open, tmp_path: Path) -> None:
    leads, key = [told_to_the_brim(), passed_around(name="Kit Kept")], uuid4()
    for lead in leads:
        lead.refresh_from_db()
    wishes = [Wish(lead.pk, lead.version, ana().pk) for lead in leads]
    bulk.begin(uuid=key, actor=bruna(), wishes=wishes, reason="territory", note="For Ana, " * 90)
    bulk.carry_on(uuid=key, actor=bruna())
    page = open_page(bruna(), f"{reverse('reassign-packets', args=[key])}?agent={ana().pk}")
    assert breaches(page) == [] and repeated_ids(page) == []
    for form in ("A4", "Letter"):
        sheets, words = pages_of(page, tmp_path, form)
        assert sheets == 2, f"{sheets} sheets of {form}"
        assert words.count("What may be done next") == 2 and "a sheet of paper each" not in words
    page.set_viewport_size({"width": 320, "height": 720})
    fits(page, 320)
    assert sticking_out(page, "main", "p, li, blockquote, dd") == []


def test_the_chain_and_a_list_print_with_their_heads(open_page: Open, tmp_path: Path) -> None:
    lead = passed_around()
    page = open_page(bruna(), reverse("lead-custody", args=[lead.pk]))
    sheets, words = pages_of(page, tmp_path, "A4")
    assert sheets == 1 and "Held for" in words and "Times are in" in words
    page.goto(reverse("agent-custody", args=[ana().pk]) + "?print=1")
    sheets, words = pages_of(page, tmp_path, "Letter")
    assert sheets == 1 and "Every lead Ana Alvarez has held" in plain(words) and "Download CSV" not in words
