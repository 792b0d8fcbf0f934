"""A person at the page of a lead: records things in place, reads the story, by mouse, keyboard, phone and on paper."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone

from leads.models import Lead
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.states import State
from tests.browser.hands import breaches, fits, plain, repeated_ids, see, sticking_out
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}
both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


def expect(locator: Any) -> Any:
    """Playwright's own, imported late: a machine without a browser collects these tests as well."""
    from playwright.sync_api import expect as playwright_expect

    return playwright_expect(locator)


def path(lead: Lead) -> str:
    return f"/leads/{lead.pk}/"


def opened(page: "Page", action: str) -> Any:
    """Opens a quick action and gives its form."""
    page.locator(f"#action-{action} > summary").click()
    return page.locator(f"#action-{action} form")


def dana(**said: Any) -> Lead:
    return LeadFactory.create(**{"name": "Dana Ortiz", "agent": ana(), **said})


def with_history() -> Lead:
    """A lead with everything that a timeline can show: a fall-back, a void, a corrected reason, flags, a late call."""
    lead = dana(
        status=State.IN_CONTRACT, headline="3-bed in Alameda, pre-approved", begun=timezone.now() - timedelta(days=60)
    )
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE}
    fell = advance(lead, State.QUALIFIED, actor=ana(), reason="cold_feet", note="Walked away after the appraisal.")
    service.correct_reason(
        **{**common, "actor": bruna()}, target=fell.events[0].uuid, reason="appraisal_low", note="See report."
    )
    service.set_flag(**common, flag="dnc", reason="lead_request_phone", note="“Stop calling.”")
    advance(lead, State.COMMITTED, actor=ana(), document="")
    service.void_move(**common, target=newest(lead).uuid, reason="mis_drag")
    service.log_contact(
        **common,
        channel="text",
        direction="inbound",
        outcome="replied",
        occurred_at=timezone.now() - timedelta(days=3),
    )
    service.add_note(**common, note="Two lines\nof a note.", document="report-2026.pdf")
    return lead


# --- recording in place -------------------------------------------------------------------------------------


def test_a_call_is_logged_in_place(open_page: Open) -> None:
    lead = dana()
    page = open_page(ana(), path(lead))
    form = opened(page, "contact")
    form.get_by_label("Left a voicemail", exact=True).check()
    form.get_by_label("Note").fill("Will try again tonight.")
    form.get_by_role("button", name="Log contact").click()
    expect(page.locator("#toasts")).to_contain_text("Contact logged. Dana moved to Contacting.")
    see(page, "#say").to_have_text("Contact logged. Dana moved to Contacting.")
    expect(page.locator("#lead-head .stage")).to_have_text("Contacting")
    expect(page.locator("#story .fact").first).to_contain_text("Dana moved to Contacting.")
    expect(page.locator("#story")).to_contain_text("Will try again tonight.")
    expect(page.locator("#lead-moves")).to_contain_text("Qualified")
    expect(page.locator("#action-contact > summary")).to_be_focused()
    assert page.url.endswith(path(lead)) and repeated_ids(page) == []
    assert newest(lead, Kind.CONTACT_LOGGED).data["outcome"] == "voicemail"


def test_note_flag_and_hand_over_one_after_the_other(open_page: Open) -> None:
    lead, other = dana(), ben()
    page = open_page(bruna(), path(lead))
    form = opened(page, "note")
    form.get_by_label("What should be remembered?").fill("Wants a garden.")
    form.get_by_role("button", name="Add note").click()
    expect(page.locator("#story")).to_contain_text("Wants a garden.")

    form = opened(page, "setflag")
    form.get_by_label("Flag").select_option(label="Do not text")
    form.get_by_label("How do you know?").select_option(label="Lead asked by text")
    form.get_by_role("button", name="Set flag").click()
    expect(page.locator("#lead-head .lead-flags")).to_contain_text("Do not text")
    expect(page.locator("#action-clearflag")).to_be_visible()

    # The page has gone on by two facts since it was loaded: the form must have gone on with it.
    form = opened(page, "assign")
    form.get_by_label("To whom?").select_option(label=other.display_name)
    form.get_by_label("Why?").select_option(label="Territory")
    form.get_by_role("button", name="Hand off").click()
    expect(page.locator("#lead-head .lead-agent")).to_contain_text("Ben Brooks")
    expect(page.locator("#story .fact").first).to_contain_text(
        "Bruna Barros handed Dana from Ana Alvarez to Ben Brooks because of the territory."
    )
    lead.refresh_from_db()
    assert lead.agent == other and lead.do_not_text and lead.version == 5


def test_a_refusal_keeps_what_was_typed_and_gets_the_focus(open_page: Open) -> None:
    lead = dana()
    page = open_page(ana(), path(lead))
    form = opened(page, "contact")
    form.get_by_label("Note").fill("Half an hour about schools.")
    form.get_by_role("button", name="Log contact").click()
    summary = page.locator("#action-contact .error-summary")
    expect(summary).to_contain_text("Choose the outcome of the contact.")
    expect(summary).to_be_focused()
    expect(page.locator("#action-contact").get_by_label("Note")).to_have_value("Half an hour about schools.")
    assert lead.events.count() == 2
    page.locator("#action-contact").get_by_label("Spoke", exact=True).check()
    page.locator("#action-contact").get_by_role("button", name="Log contact").click()
    expect(page.locator("#story")).to_contain_text("Half an hour about schools.")


def test_what_another_form_holds_survives_an_action(open_page: Open) -> None:
    lead = dana()
    page = open_page(ana(), path(lead))
    opened(page, "note").get_by_label("What should be remembered?").fill("Half a thought")
    form = opened(page, "contact")
    form.get_by_label("No answer", exact=True).check()
    form.get_by_role("button", name="Log contact").click()
    expect(page.locator("#toasts")).to_contain_text("Contact logged.")
    expect(page.locator("#note-note")).to_have_value("Half a thought")


def test_a_colleague_was_faster(open_page: Open) -> None:
    lead, other = dana(), ben()
    page = open_page(bruna(), path(lead))
    form = opened(page, "assign")
    form.get_by_label("To whom?").select_option(label=other.display_name)
    form.get_by_label("Why?").select_option(label="Territory")
    service.add_note(lead_id=lead.pk, note="Meanwhile.", actor=ana(), source=Source.PAGE)
    form.get_by_role("button", name="Hand off").click()
    expect(page.locator("#action-assign .error-summary")).to_contain_text("Ana Alvarez added a note")
    expect(page.locator("#story")).to_contain_text("Meanwhile.")
    page.locator("#action-assign").get_by_role("button", name="Hand off").click()
    expect(page.locator("#lead-head")).to_contain_text("Ben Brooks")


def test_an_agent_who_hands_a_lead_over_is_back_at_the_board(open_page: Open) -> None:
    lead, other = dana(), ben()
    page = open_page(ana(), path(lead))
    form = opened(page, "assign")
    form.get_by_label("To whom?").select_option(label=other.display_name)
    form.get_by_label("Why?").select_option(label="Territory")
    form.get_by_role("button", name="Hand off").click()
    page.wait_for_url(lambda url: url.endswith("/") and "/leads/" not in url)
    expect(page.locator("#toasts")).to_contain_text("Dana is with Ben Brooks now.")


def test_a_move_from_the_page_comes_back_to_it(open_page: Open) -> None:
    lead = dana(status=State.COMMITTED)
    page = open_page(ana(), path(lead))
    page.locator("#lead-moves").get_by_role("link", name="Qualified").click()
    dialog = page.locator("#dialog")
    dialog.get_by_text("Outbid").click()
    dialog.get_by_label("What happened?").fill("Lost to an all-cash offer.")
    dialog.get_by_role("button", name="Record and move back").click()
    expect(page.locator("#lead-head .why")).to_contain_text("the deal collapsed, outbid. Second time here.")
    expect(page.locator("#lead-path .step").last).to_have_class(re.compile("is-back"))
    assert page.url.split("#")[0].endswith(path(lead))


def test_a_time_that_did_not_exist_is_refused_in_place(open_page: Open) -> None:
    lead = dana(begun=timezone.now() - timedelta(days=2))
    page = open_page(ana(), path(lead))
    form = opened(page, "contact")
    form.get_by_label("Spoke", exact=True).check()
    form.get_by_text("It happened earlier").click()
    form.get_by_label("When did it happen?").fill("2026-03-08T02:30")
    form.get_by_role("button", name="Log contact").click()
    expect(page.locator("#action-contact .error-summary")).to_contain_text("did not exist")
    expect(page.locator("#contact-occurred_at")).to_be_visible()


@pytest.mark.parametrize("how", ["503", "no answer", "a page"])
def test_without_an_answer_nothing_is_lost(open_page: Open, console: list[str], how: str) -> None:
    lead = dana()
    page = open_page(ana(), path(lead))
    html = "<!doctype html><html><h1>Log in</h1></html>"
    page.route(
        "**/note/",
        lambda route: (
            route.abort()
            if how == "no answer"
            else route.fulfill(status=503 if how == "503" else 200, content_type="text/html", body=html)
        ),
    )
    form = opened(page, "note")
    form.get_by_label("What should be remembered?").fill("Still here.")
    form.get_by_role("button", name="Add note").click()
    expect(page.locator(".toast-bad")).to_contain_text("Not saved")
    expect(page.locator("#note-note")).to_have_value("Still here.")
    console.clear()


def test_everything_works_without_a_script(open_page: Open) -> None:
    lead = dana()
    page = open_page(ana(), path(lead), java_script_enabled=False)
    form = opened(page, "contact")
    form.get_by_role("button", name="Log contact").click()
    expect(page.locator("#action-contact .error-summary")).to_contain_text("Choose the outcome")
    page.locator("#action-contact").get_by_label("Spoke", exact=True).check()
    page.locator("#action-contact").get_by_role("button", name="Log contact").click()
    expect(page.locator("#toasts")).to_contain_text("Contact logged.")
    page.locator("#lead-facts").get_by_role("link", name="Edit").click()
    expect(page.locator("#edit-headline")).to_be_visible()
    assert newest(lead, Kind.CONTACT_LOGGED).data["outcome"] == "spoke"


def test_by_keyboard_alone(open_page: Open) -> None:
    lead = dana()
    page = open_page(ana(), path(lead))
    page.locator("#action-contact > summary").focus()
    page.keyboard.press("Enter")
    for _ in ("Spoke", "No answer", "Left a voicemail", "Wrong number"):
        page.keyboard.press("Tab")
    for key in ("Tab", "Tab", "ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(page.locator("#action-contact input[name=outcome][value=sent]")).to_be_checked()
    page.keyboard.press("Tab")  # who reached whom
    page.keyboard.press("Tab")  # the note
    page.keyboard.type("Sent the tour times.")
    page.locator("#action-contact").get_by_role("button", name="Log contact").press("Enter")
    expect(page.locator("#story")).to_contain_text("Sent the tour times.")


# --- under the thumb ----------------------------------------------------------------------------------------


def test_two_taps_on_a_phone_log_a_call(open_page: Open) -> None:
    lead = dana()
    page = open_page(ana(), path(lead), phone=True, **CALM)
    page.locator("#bar-call").tap()
    assert breaches(page) == []
    page.locator("#call-sheet").get_by_role("button", name="No answer").tap()
    see(page, "#say").to_have_text("Contact logged. Dana moved to Contacting.")
    expect(page.locator("#lead-head .stage")).to_have_text("Contacting")
    expect(page.locator("#call-sheet")).to_be_hidden()
    see(page, "#bar-call").to_be_focused()
    bar, toast = page.locator("#lead-bar").bounding_box(), page.locator(".toast").bounding_box()
    assert bar and toast and toast["y"] + toast["height"] <= bar["y"] and bar["height"] >= 44
    # The sheet stands for the next call now.
    page.locator("#bar-call").tap()
    page.locator("#call-sheet").get_by_role("button", name="Spoke").tap()
    expect(page.locator("#story")).to_contain_text("called Dana and they spoke")
    assert [e.data["outcome"] for e in lead.events.filter(kind=Kind.CONTACT_LOGGED.value).order_by("version")] == [
        "no_answer",
        "spoke",
    ]


def test_two_taps_log_a_call_without_a_script(open_page: Open) -> None:
    lead = dana()
    page = open_page(ana(), path(lead), phone=True, java_script_enabled=False)
    page.locator("#bar-call").tap()
    page.locator("#call-sheet").get_by_role("button", name="Left a voicemail").tap()
    expect(page.locator("#toasts")).to_contain_text("Contact logged.")
    assert newest(lead, Kind.CONTACT_LOGGED).data["outcome"] == "voicemail"


def test_one_press_too_many_asks_for_the_reason_in_place(open_page: Open) -> None:
    lead = dana()
    page = open_page(ana(), path(lead), phone=True)
    page.locator("#bar-call").tap()
    service.set_flag(lead_id=lead.pk, flag="dnc", reason="lead_request_phone", actor=bruna(), source=Source.PAGE)
    page.locator("#call-sheet").get_by_role("button", name="Spoke").tap()
    wrong = page.locator("#action-contact .error-summary")
    expect(wrong).to_contain_text("Write why you did so all the same.")
    expect(wrong).to_be_focused()
    expect(page.locator("#action-contact input[name=outcome][value=spoke]")).to_be_checked()
    expect(page.locator("#call-sheet")).to_have_count(0)


def test_the_bar_covers_nothing_that_has_the_focus(open_page: Open) -> None:
    page = open_page(ana(), f"{path(with_history())}?open=contact", phone=True, **CALM)
    covered = """() => {
      const at = document.activeElement, box = at.getBoundingClientRect();
      if (!at.closest('.lead-head, .lead-columns')) return 'elsewhere';
      const top = document.querySelector('.site-header').getBoundingClientRect().bottom;
      const seen = box.bottom <= document.querySelector('#lead-bar').getBoundingClientRect().top && box.top >= top;
      return seen ? 'in sight' : at.outerHTML.slice(0, 120);
    }"""
    found = []
    for key in ("Tab", "Shift+Tab"):
        for _ in range(60):
            page.keyboard.press(key)
            found.append(page.evaluate(covered))
    assert found.count("in sight") > 60
    assert set(found) <= {"in sight", "elsewhere"}


def test_a_finger_reaches_the_exact_time_and_what_a_sign_means(open_page: Open) -> None:
    page = open_page(ana(), path(with_history()), phone=True)
    when = page.locator(".fact .fact-when").first
    expect(when.locator(".fact-exact")).to_be_hidden()
    when.locator("summary").tap()
    expect(when.locator(".fact-exact")).to_contain_text(re.compile(r"\d{4}, \d+:\d\d:\d\d [ap]m P[DS]T"))
    page.locator("#lead-head .stage").tap()
    expect(page.locator(".tip")).not_to_be_empty()
    # A flag leads on: to who set it, and to what it stops.
    page.locator(".lead-flags .chip").first.tap()
    page.wait_for_url(re.compile("/consent/$"))
    expect(page.locator(".consent-rows")).to_contain_text("a contact by hand needs a recorded reason")


# --- reading ------------------------------------------------------------------------------------------------


def test_voided_rows_are_struck_through_and_lead_to_each_other(open_page: Open) -> None:
    page = open_page(ana(), path(with_history()))
    voided = page.locator(".fact.is-voided")
    expect(voided.locator("s")).to_have_css("text-decoration-line", "line-through")
    voided.get_by_role("link", name=re.compile("Ana Alvarez")).click()
    undo = page.locator(".fact:target")
    expect(undo).to_contain_text("Ana Alvarez undid the move to Committed: dropped on the wrong column.")
    undo.get_by_role("link", name="the move to Committed").click()
    expect(page.locator(".fact:target")).to_have_class(re.compile("is-voided"))


def test_show_more_adds_older_facts_below(open_page: Open) -> None:
    lead = dana()
    for n in range(70):
        service.add_note(lead_id=lead.pk, note=f"Note number {n}.", actor=ana(), source=Source.PAGE)
    page = open_page(ana(), path(lead))
    expect(page.locator(".fact")).to_have_count(50)
    page.get_by_role("link", name="Show more").click()
    expect(page.locator(".fact")).to_have_count(72)
    expect(page.locator("#story-more")).to_contain_text("Nothing recorded before")
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)
    assert repeated_ids(page) == [] and page.locator(".day").count() <= 3


def test_filters_are_links_that_can_be_shared(open_page: Open) -> None:
    page = open_page(ana(), path(with_history()))
    chips = page.locator(".filter-chips")
    chips.get_by_role("link", name="Flags").click()
    expect(page.locator(".fact")).to_have_count(1)
    assert page.url.endswith("?show=flags#timeline")
    chips.get_by_role("link", name="Notes").click()
    expect(page.locator(".fact")).to_have_count(2)
    chips.get_by_role("link", name="Everything").click()
    expect(page.locator(".fact").nth(8)).to_be_visible()


def test_the_days_stay_in_sight(open_page: Open) -> None:
    page = open_page(ana(), path(with_history()))
    page.locator(".fact").last.scroll_into_view_if_needed()
    header = page.locator(".site-header").bounding_box()
    last_day = page.locator(".day").last.bounding_box()
    assert header and last_day and last_day["y"] >= header["height"] - 1


def test_the_search_field_finds_a_lead_by_its_number(open_page: Open) -> None:
    dana(phone="(510) 555-0123")
    page = open_page(ana())
    page.keyboard.press("/")
    page.keyboard.type("510.555.0123")
    page.keyboard.press("Enter")
    page.locator(".found").get_by_role("link", name="Dana Ortiz").click()
    expect(page.locator("h1")).to_have_text("Dana Ortiz")


def test_a_new_lead_and_its_double(open_page: Open) -> None:
    dana(phone="(510) 555-0123")
    page = open_page(ana(), "/leads/new/")
    page.locator("#new-name").fill("D. Ortiz")
    page.locator("#new-phone").fill("510 555 0123")
    page.get_by_label("How did they find us?").select_option(label="Walk-in")
    page.get_by_role("button", name="Create lead").click()
    expect(page.locator(".duplicates")).to_contain_text("Dana Ortiz")
    expect(page.locator("#new-name")).to_have_value("D. Ortiz")
    page.get_by_role("button", name="Create anyway").click()
    expect(page.locator("h1")).to_have_text("D. Ortiz")
    assert Lead.objects.count() == 2


# --- for everybody ------------------------------------------------------------------------------------------


@both_schemes
def test_the_page_is_clean(open_page: Open, scheme: str) -> None:
    page = open_page(bruna(), path(with_history()), color_scheme=scheme, **CALM)
    assert breaches(page) == []
    page.locator("#action-contact > summary").click()
    page.locator("#action-contact").get_by_role("button", name="Log contact").click()
    page.locator(".error-summary").wait_for()
    assert breaches(page) == [] and repeated_ids(page) == []


@both_schemes
def test_new_lead_search_and_the_filtered_page_are_clean(open_page: Open, scheme: str) -> None:
    lead = with_history()
    page = open_page(ana(), "/leads/new/", color_scheme=scheme, **CALM)
    assert breaches(page) == []
    page.get_by_role("button", name="Create lead").click()
    page.locator(".error-summary").wait_for()
    assert breaches(page) == []
    for address in ("/search/?q=dana", "/search/?q=nobody", f"{path(lead)}?who=scribe&from=x", f"{path(lead)}?print=1"):
        page.goto(address)
        assert breaches(page) == [], address


@pytest.mark.parametrize("name", ["Dana Ortiz", "W" * 200, "Dana " * 40, "مرحبا بالعالم " * 12, "👩‍👩‍👧‍👦" * 25])
def test_nothing_sticks_out_on_a_small_phone(open_page: Open, name: str) -> None:
    lead = with_history()
    service.change_contact(
        lead_id=lead.pk,
        fields={"name": name[:200], "headline": "H" * 200, "address": "A" * 300},
        actor=ana(),
        source=Source.PAGE,
    )
    service.add_note(lead_id=lead.pk, note="n" * 900, document="d" * 300, actor=ana(), source=Source.PAGE)
    page = open_page(ana(), path(lead), phone=True, viewport={"width": 360, "height": 740})
    for action in ("contact", "assign", "setflag", "edit"):
        opened(page, action)
        fits(page, 360)
    assert sticking_out(page, ".page", ".lead-head *, .fact, .fact *, .panel, .panel *, .timeline *") == []


def test_targets_are_large_enough_for_a_thumb(open_page: Open) -> None:
    page = open_page(ana(), path(with_history()), phone=True)
    opened(page, "contact")
    for target in page.locator("#lead-moves a, .action > summary, .pill, .action-form .button").all():
        box = target.bounding_box()
        assert box is None or box["height"] >= 44, plain(target.text_content())


def test_on_paper_there_is_the_story_and_nothing_to_press(open_page: Open) -> None:
    page = open_page(ana(), f"{path(with_history())}?print=1&order=oldest")
    page.emulate_media(media="print")
    for gone in (".site-header", ".lead-side", ".timeline-tools", "#story-more .button", "#lead-facts a.no-print"):
        for part in page.locator(gone).all():
            expect(part).to_be_hidden()
    expect(page.locator(".fact").first).to_contain_text("added Dana")
    expect(page.locator(".fact").last).to_contain_text("report-2026.pdf")
    assert page.locator(".fact").count() == newest(Lead.objects.get()).version


# --- words that stay ----------------------------------------------------------------------------------------


def test_anas_note_stays_when_the_lead_was_given_to_ben_meanwhile(open_rough_page: Open) -> None:
    lead = dana()
    page = open_rough_page(ana(), path(lead))
    form = opened(page, "note")
    form.get_by_label("What should be remembered?").fill("Wants a garden.")
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="territory", actor=bruna(), source=Source.PAGE)
    form.get_by_role("button", name="Add note").click()
    expect(page.locator("#dialog .error-summary")).to_have_text(
        "This lead is with somebody else now; your note was not saved. Your words:"
    )
    expect(page.locator("#kept-note")).to_have_value("Wants a garden.")
    page.get_by_role("button", name="Close").click()
    expect(form.get_by_label("What should be remembered?")).to_have_value("Wants a garden.")


def test_ana_and_bruna_edit_the_contact_data_at_the_same_time(open_page: Open) -> None:
    lead = dana()
    page = open_page(ana(), path(lead))
    form = opened(page, "edit")
    form.get_by_label("What they want").fill("3-bed in Alameda")
    service.change_contact(lead_id=lead.pk, fields={"phone": "415 555 0199"}, actor=bruna(), source=Source.PAGE)
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#lead-facts")).to_contain_text("415 555 0199")
    lead.refresh_from_db()
    assert (lead.phone, lead.headline) == ("415 555 0199", "3-bed in Alameda")

    form = opened(page, "edit")
    form.get_by_label("Phone").fill("415 555 0100")
    service.change_contact(lead_id=lead.pk, fields={"phone": "415 555 0177"}, actor=bruna(), source=Source.PAGE)
    form.get_by_role("button", name="Save").click()
    expect(form.locator(".error-summary")).to_contain_text("The phone was changed meanwhile to “415 555 0177”.")
    expect(form.get_by_label("Phone")).to_have_value("415 555 0100")
    form.get_by_role("button", name="Save").click()
    expect(page.locator("#lead-facts")).to_contain_text("415 555 0100")


def test_a_long_note_unfolds_and_is_whole_on_paper(open_page: Open) -> None:
    lead = dana()
    service.add_note(lead_id=lead.pk, note=f"{'word ' * 300}the end", actor=ana(), source=Source.PAGE)
    page = open_page(ana(), path(lead))
    whole = page.locator(".long-note > blockquote")
    expect(whole).to_be_hidden()
    page.emulate_media(media="print")
    expect(whole).to_be_visible()
    page.emulate_media(media="screen")
    page.locator(".long-note > summary").click()
    expect(whole).to_be_visible()
    expect(page.locator(".note-start")).to_be_hidden()


@pytest.mark.parametrize("touch", [True, False])
def test_at_390_pixels_what_a_finger_presses_is_large_enough(open_page: Open, touch: bool) -> None:
    lead = dana()
    options = {} if touch else {"has_touch": False, "is_mobile": False}
    page = open_page(ana(), path(lead), phone=True, **options)
    opened(page, "contact")
    parts = "#lead-facts .panel-head a, .timeline-tools a, .filter-chips a, .more-filters > summary, .when > summary"
    small = page.evaluate(
        """parts => [...document.querySelectorAll(parts)].filter(e => e.checkVisibility())
             .filter(e => e.getBoundingClientRect().height < 44).map(e => e.textContent)""",
        parts,
    )
    assert small == []
