"""What a person does to a board with mouse, finger or keyboard, and what the page must keep to."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leads.models import Lead
from lifecycle.states import State

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, Response

AXE = Path(__file__).with_name("axe.min.js")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

#: Longer than the 200 ms after which a finger lifts a card, in ms.
LONG_PRESS = 350


def card_of(lead: Lead) -> str:
    return f"#lead-{lead.pk}"


def in_column(lead: Lead, state: State) -> str:
    return f"#column-{state} {card_of(lead)}"


def posted(page: "Page", lead: Lead) -> AbstractContextManager[Any]:
    """Waits for the answer to a move of this lead."""

    def is_move(response: "Response") -> bool:
        return response.url.endswith(f"/leads/{lead.pk}/move/") and response.request.method == "POST"

    return page.expect_response(is_move)


def drag(page: "Page", lead: Lead, to: State) -> None:
    """Drags a card by mouse and lets go once it hangs over the column."""
    drag_over(page, lead, to)
    page.mouse.up()


def drag_over(page: "Page", lead: Lead, to: State) -> None:
    """Drags a card by mouse and keeps it in the air over the column."""
    from playwright.sync_api import expect

    card = page.locator(card_of(lead))
    card.hover()
    x, y = middle(card.bounding_box())
    page.mouse.down()
    page.mouse.move(x + 6, y + 4, steps=3)
    body = page.locator(f"#column-{to} .cards").bounding_box()
    assert body
    target_x, target_y = body["x"] + body["width"] / 2, body["y"] + min(40, body["height"] / 2)
    page.mouse.move(target_x, target_y, steps=10)
    # The drag samples the pointer every 50 ms and only when it has moved: nudge until the card is there.
    for nudge in range(20):
        if page.locator(in_column(lead, to)).count():
            break
        page.mouse.move(target_x + nudge % 2, target_y + 1, steps=2)
        page.wait_for_timeout(60)
    expect(page.locator(in_column(lead, to))).to_be_visible()


class Finger:
    """One finger on the screen; it goes through the browser's own touch input, so scrolling is real."""

    def __init__(self, page: "Page") -> None:
        self.page = page
        self.touches = page.context.new_cdp_session(page)

    def down(self, x: float, y: float) -> None:
        self._send("touchStart", {"x": x, "y": y})

    def draw(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Moves as a hand does, in a dozen steps a frame apart."""
        for step in range(1, 13):
            self.to(start[0] + (end[0] - start[0]) * step / 12, start[1] + (end[1] - start[1]) * step / 12)
            self.page.wait_for_timeout(16)

    def to(self, x: float, y: float) -> None:
        self._send("touchMove", {"x": x, "y": y})

    def up(self) -> None:
        self._send("touchEnd")

    def _send(self, kind: str, *points: dict[str, float]) -> None:
        self.touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})


def touch_drag(page: "Page", lead: Lead, to: State) -> None:
    """A finger that rests on a card until it lifts, and draws it over to a column."""
    finger = Finger(page)
    start = middle(page.locator(card_of(lead)).bounding_box())
    body = page.locator(f"#column-{to} .cards").bounding_box()
    assert body and page.viewport_size
    end = min(body["x"] + 30, page.viewport_size["width"] - 8), body["y"] + 40
    finger.down(*start)
    page.wait_for_timeout(LONG_PRESS)
    finger.draw(start, end)
    for nudge in range(20):
        if page.locator(in_column(lead, to)).count():
            break
        finger.to(end[0] - nudge % 2, end[1])
        page.wait_for_timeout(60)
    finger.up()


def swipe(page: "Page", start: tuple[float, float], by: tuple[float, float]) -> None:
    """A quick stroke that does not rest where it begins."""
    finger = Finger(page)
    finger.down(*start)
    finger.draw(start, (start[0] + by[0], start[1] + by[1]))
    finger.up()


def until(page: "Page", condition: Callable[[], bool], what: str = "This") -> None:
    """Lets the page go on until the condition holds; for what no locator can see."""
    for _ in range(100):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"Not within five seconds: {what}")


def fits(page: "Page", width: int | None = None) -> None:
    """Waits until nothing of the page sticks out of its window sideways; a chart takes a moment to follow it."""
    wide = width or page.evaluate("innerWidth")
    needed = "document.documentElement.scrollWidth"
    until(page, lambda: int(page.evaluate(needed)) <= wide, f"{page.url} fits into {wide} px.")


def middle(box: Any) -> tuple[float, float]:
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def focus_card(page: "Page", lead: Lead) -> None:
    page.locator(f"{card_of(lead)} .card-name").focus()


#: Until every colour and every sheet has come where it goes; what lasts, such as a message that fades, is not waited
#: for. An animation that is cut short is over as well.
AT_REST = """() => Promise.allSettled(document.getAnimations()
  .filter(a => a.playState === 'running' && a.effect.getComputedTiming().endTime < 2000).map(a => a.finished))"""


def breaches(page: "Page") -> list[tuple[str, str, str]]:
    """What axe finds on the page as it is once it rests. It runs beside the content policy, which stays as it is."""
    page.evaluate(AT_REST)
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", _RULES)
    return [(v["id"], str(v["nodes"][0]["target"]), v["nodes"][0]["failureSummary"][:300]) for v in found["violations"]]


def repeated_ids(page: "Page") -> list[str]:
    """Ids that occur more than once."""
    ids: list[str] = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    return sorted({i for i in ids if ids.count(i) > 1})


def sticking_out(page: "Page", of: str, parts: str) -> list[str]:
    """Parts that reach beyond the sides of what they lie in; axe does not see these."""
    script = """([of, parts]) => [...document.querySelectorAll(of)].flatMap(outer => {
      const box = outer.getBoundingClientRect();
      return [...outer.querySelectorAll(parts)].filter(inner => {
        const part = inner.getBoundingClientRect();
        const seen = part.width > 1 && !inner.closest('.visually-hidden');
        return seen && (part.left < box.left - 1 || part.right > box.right + 1);
      }).map(inner => inner.className + ': ' + inner.textContent.slice(0, 60));
    })"""
    found: list[str] = page.evaluate(script, [of, parts])
    return found


def see(where: "Page | Locator", selector: str = "") -> Any:
    """An expectation about a part of the page, which waits until it comes true."""
    from playwright.sync_api import Page, expect

    if isinstance(where, Page):
        return expect(where.locator(selector or "html"))
    return expect(where.locator(selector) if selector else where)


def plain(text: str | None) -> str:
    return re.sub(r"\s+", " ", text or "").strip()
