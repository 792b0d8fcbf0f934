"""Ana's whole day with the keyboard alone, every step heard in the live region; a name for all that can be pressed."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.flags import Flag
from lifecycle.models import LeadEvent
from lifecycle.states import State
from tests.browser.hands import fits, in_column, plain, posted, see
from tests.factories import LeadFactory, advance, ana, ben, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)


def tab_to(page: "Page", selector: str, *, most: int = 80, back: bool = False) -> None:
    """Presses Tab until what the selector names has the focus: the way a person without a mouse gets there."""
    for _ in range(most):
        if page.evaluate("s => Boolean(document.activeElement?.matches(s))", selector):
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    raise AssertionError(f"{most} times Tab did not lead to {selector}.")


def press(page: "Page", *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_ana_works_a_day_without_a_mouse(open_page: Open) -> None:
    ana(), ben()
    dana = LeadFactory.create(name="Dana Ortiz", status=State.COMMITTED, agent=ana())
    LeadFactory.create(name="Sal Rinaldi", status=State.NEW, agent=ana())
    page = open_page(ana())

    # Find her and open her page.
    press(page, "/")
    page.keyboard.type("dana ort")
    press(page, "Enter")
    page.wait_for_url("**/search/**")
    tab_to(page, f"main a[href='/leads/{dana.pk}/']")
    press(page, "Enter")
    page.wait_for_url(f"**/leads/{dana.pk}/")

    # Log a call.
    tab_to(page, "#action-contact > summary")
    press(page, "Enter")
    tab_to(page, "#action-contact [name=channel]")
    press(page, "Space")
    tab_to(page, "#action-contact [name=outcome]")
    press(page, "Space")
    tab_to(page, "#action-contact form textarea")
    page.keyboard.type("Wants to see it again on Sunday.")
    tab_to(page, "#action-contact form .button-primary")
    press(page, "Enter")
    see(page, "#say").to_have_text("Contact logged.")
    see(page, "#story").to_contain_text("Wants to see it again on Sunday.")

    # A note.
    tab_to(page, "#action-note > summary")
    press(page, "Enter")
    tab_to(page, "#action-note form textarea")
    page.keyboard.type("Lender called back.")
    tab_to(page, "#action-note form .button-primary")
    press(page, "Enter")
    see(page, "#say").to_have_text("Note added.")

    # A flag.
    tab_to(page, "#action-setflag > summary")
    press(page, "Enter")
    tab_to(page, "#action-setflag [name=flag]")
    page.keyboard.type("Unsub")
    tab_to(page, "#action-setflag [name=reason]")
    page.keyboard.type("Lead asked by phone")
    tab_to(page, "#action-setflag form .button-primary")
    press(page, "Enter")
    see(page, "#say").to_have_text("“Unsubscribed” is set.")

    # Back to the board: a move that needs its reason.
    tab_to(page, "a[data-home]", back=True)
    press(page, "Enter")
    page.locator("#board").wait_for()
    tab_to(page, f"#lead-{dana.pk} .card-name")
    press(page, "Space", "ArrowLeft")
    see(page, "#say").to_have_text("Qualified. Space drops it here and asks for details.")
    press(page, "Space")
    see(page, "#dialog [data-first]").to_be_focused()
    page.keyboard.type("outbid")
    tab_to(page, "#dialog [name=reason]")
    press(page, "Space")
    tab_to(page, "#dialog textarea")
    page.keyboard.type("Another buyer paid more.")
    tab_to(page, "#dialog .button-primary")
    with posted(page, dana):
        press(page, "Enter")
    see(page, "#say").to_have_text("Dana Ortiz moved to Qualified.")
    see(page, f"{in_column(dana, State.QUALIFIED)} .card-name").to_be_focused()

    # Hand her to Ben.
    press(page, "Enter")
    page.wait_for_url(f"**/leads/{dana.pk}/")
    tab_to(page, "#action-assign > summary")
    press(page, "Enter")
    tab_to(page, "#action-assign [name=to_agent]")
    page.keyboard.type("Ben")
    tab_to(page, "#action-assign [name=reason]")
    page.keyboard.type("Schedule")
    tab_to(page, "#action-assign form .button-primary")
    press(page, "Enter")
    page.locator("#board").wait_for()

    kinds = list(LeadEvent.objects.filter(lead=dana).order_by("version").values_list("kind", flat=True))[-5:]
    assert kinds == [
        Kind.CONTACT_LOGGED,
        Kind.NOTE_ADDED,
        Kind.FLAG_SET,
        Kind.DEAL_COLLAPSED,
        Kind.AGENT_ASSIGNED,
    ]
    dana.refresh_from_db()
    assert (dana.status, dana.agent) == (State.QUALIFIED, ben())


# --- names and sight ----------------------------------------------------------------------------------------


def rich_lead() -> Any:
    """A lead whose page shows every kind of control and chip."""
    lead = LeadFactory.create(name="Dana Ortiz", status=State.IN_CONTRACT, agent=ana(), headline="3-bed in Alameda")
    advance(lead, State.QUALIFIED, actor=ana())
    for flag in Flag:
        service.set_flag(lead_id=lead.pk, flag=flag, reason="lead_request_phone", actor=ana(), source=Source.PAGE)
    return lead


PRESSED = {
    "button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "switch", "menuitem", "tab",
    "spinbutton", "slider", "listbox", "DisclosureTriangle",
}  # fmt: skip

PAGES = [
    "/",
    "/?open=ARCHIVED&provenance=fell_back&stale=true&q=dana",
    "/leads/new/",
    "/search/?q=dana",
    "LEAD",
    "MOVE",
]


def test_whatever_can_be_pressed_has_a_name(open_page: Open) -> None:
    lead = rich_lead()
    page = open_page(bruna())
    for path in PAGES:
        page.goto(path.replace("LEAD", f"/leads/{lead.pk}/").replace("MOVE", f"/leads/{lead.pk}/move/"))
        for opens in ("[popovertarget]", ".action > summary"):
            for control in page.locator(opens).all():
                control.evaluate("e => e.click()")
        tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
        nameless = [
            (n["role"]["value"], n.get("backendDOMNodeId"))
            for n in tree
            if not n["ignored"] and n["role"]["value"] in PRESSED and not plain(n.get("name", {}).get("value"))
        ]
        assert nameless == [], path


@pytest.mark.parametrize("size", [(1440, 900), (360, 740)], ids=["desk", "phone"])
def test_what_has_the_focus_is_never_hidden(open_page: Open, size: tuple[int, int]) -> None:
    """WCAG 2.4.11: sticky heads and bars leave at least a part of it in sight."""
    lead = rich_lead()
    for n in range(12):
        LeadFactory.create(name=f"Lead {n}", status=State.NEW, agent=ana())
    page = open_page(ana(), viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce")
    for path in ("/", f"/leads/{lead.pk}/"):
        page.goto(path)
        hidden = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            hidden.add(page.evaluate(_COVERED))
        assert hidden == {""}, path


_COVERED = """() => {
  const has = document.activeElement;
  if (!has || has === document.body) return '';
  const box = has.getBoundingClientRect();
  const xs = [0.1, 0.5, 0.9].map(part => box.left + box.width * part);
  const ys = [0.2, 0.5, 0.8].map(part => box.top + box.height * part);
  const seen = xs.some(x => ys.some(y => {
    const top = document.elementFromPoint(x, y);
    return top && (has.contains(top) || top.contains(has) && top.closest('label') === top);
  }));
  return seen ? '' : `${has.tagName} ${has.className} ${has.textContent.slice(0, 40)}, y = ${Math.round(box.y)}`;
}"""


@pytest.mark.parametrize("path", ["/", "/leads/new/", "/search/?q=dana", "LEAD", "MOVE", "/accounts/password/change/"])
def test_at_320_pixels_nobody_scrolls_sideways(open_page: Open, path: str) -> None:
    """WCAG 1.4.10: 1280 pixels at 400 %. The board's columns lie side by side in a frame of their own."""
    lead = rich_lead()
    page = open_page(ana(), path.replace("LEAD", f"/leads/{lead.pk}/").replace("MOVE", f"/leads/{lead.pk}/move/"),
                     viewport={"width": 320, "height": 640})  # fmt: skip
    fits(page, 320)
