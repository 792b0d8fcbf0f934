"""Charts of the reports under the real content policy: drawn, legible, silent, and never in the way."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.hands import breaches, fits, middle, see, until
from tests.chart_samples import AGENTS, HOSTILE, charts, edges

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.chart_samples")]

COUNT = len(charts())
_COLOURS = """() => [...document.querySelectorAll('.chart-drawing svg')].map(svg => [...svg.querySelectorAll('*')]
  .flatMap(part => [part.getAttribute('fill'), part.getAttribute('stroke')])
  .filter(ink => ink?.startsWith('rgb')).join())"""
#: Words that reach beyond their drawing, or lie on one another.
_MESS = """() => [...document.querySelectorAll('.chart-drawing')].flatMap(drawing => {
  const frame = drawing.getBoundingClientRect();
  const words = [...drawing.querySelectorAll('text')].map(text => [text.textContent, text.getBoundingClientRect()]);
  const out = words.filter(([, box]) =>
    box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1);
  const over = words.flatMap(([a, one], n) => words.slice(n + 1).filter(([, other]) =>
    Math.min(one.right, other.right) - Math.max(one.left, other.left) > 2 &&
    Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 4).map(([b]) => `${a} over ${b}`));
  return [...out.map(([text]) => `${text} sticks out`), ...over];
})"""


def colours(page: "Page") -> list[str]:
    found: list[str] = page.evaluate(_COLOURS)
    return found


def drawn(open_page: Open, only: str = "", **options: Any) -> "Page":
    page = open_page(None, f"/charts/?only={only}", **options)
    count = {"": COUNT, "edges": len(edges())}.get(only, 1)
    until(page, lambda: page.locator(".chart-drawing svg").count() == count)
    return page


@pytest.mark.parametrize("width", [320, 1440])
def test_every_chart_is_drawn_and_fits(open_page: Open, width: int) -> None:
    page = drawn(open_page, viewport={"width": width, "height": 800})
    fits(page, width)
    assert page.evaluate(_MESS) == []
    assert (
        page.evaluate("Math.min(...[...document.querySelectorAll('.chart-drawing')].map(d => d.clientHeight))") >= 150
    )
    # The words of a chart that was wide first fit a narrow window too.
    page.set_viewport_size({"width": 340, "height": 800})
    until(page, lambda: page.locator(".chart-drawing svg").first.evaluate("svg => svg.clientWidth") < 340)
    fits(page, 340)
    assert page.evaluate(_MESS) == []


@pytest.mark.parametrize("width", [320, 1440])
def test_offices_with_nothing_one_or_very_many_have_charts_too(open_page: Open, width: int) -> None:
    page = drawn(open_page, "edges", viewport={"width": width, "height": 800})
    fits(page, width)
    assert page.evaluate(_MESS) == []


def test_dark_paper_and_light_each_have_their_colours(open_page: Open) -> None:
    page = drawn(open_page, color_scheme="light")
    light = colours(page)
    bar = page.locator("#by-agent path[fill^='rgb']").first
    on_white = bar.get_attribute("fill")
    page.emulate_media(color_scheme="dark")
    until(page, lambda: all(a != b for a, b in zip(light, colours(page), strict=True)))
    # Whoever prints in the dark gets a sheet of light colours, as wide as paper.
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".chart-drawing svg").first.get_attribute("width") == "700"
    assert bar.get_attribute("fill") == on_white
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert bar.get_attribute("fill") != on_white
    page.emulate_media(color_scheme="dark", media="print")
    until(page, lambda: bar.get_attribute("fill") == on_white)
    page.emulate_media(color_scheme="light", media="screen")
    until(page, lambda: colours(page) == light)


def test_ben_meets_no_chart_on_his_way_through_the_links(open_page: Open) -> None:
    page = drawn(open_page)
    page.locator("main").focus()
    for _ in range(COUNT):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('table') !== null")
    see(page, ".chart-drawing :is(a, button, [tabindex])").to_have_count(0)
    see(page.get_by_role("img", name="How long leads stay in a stage")).to_have_count(1)
    assert breaches(page) == []
    page.emulate_media(color_scheme="dark")
    assert breaches(page) == []


def test_bruna_points_at_a_bar_and_goes_to_the_facts(open_page: Open) -> None:
    page = drawn(open_page, "by-agent")
    assert page.locator("#by-agent svg text", has_text="Featherstonehaugh").text_content() != AGENTS[2]
    box = page.locator(".chart-drawing").bounding_box()
    assert box
    row = box["height"] - 40
    page.mouse.move(box["x"] + box["width"] * 0.32, box["y"] + row * 2.5 / 7)
    tip = page.locator(".chart-tip")
    tip.get_by_text(AGENTS[2]).wait_for()
    assert "before contract 4" in " ".join(tip.inner_text().split())
    page.mouse.move(box["x"] + box["width"] * 0.32, box["y"] + row * 5.5 / 7, steps=2)
    tip.get_by_text(HOSTILE).wait_for()
    page.mouse.click(box["x"] + box["width"] * 0.32, box["y"] + row * 1.5 / 7)
    page.wait_for_url("**/accounts/login/?next=/search/%3Fq%3Dbefore")


def test_a_finger_sees_the_figures_first_and_follows_with_a_second_tap(open_page: Open) -> None:
    page = drawn(open_page, "reached", phone=True)
    x, y = middle(page.locator(".chart-drawing").bounding_box())
    page.touchscreen.tap(x - 60, y - 20)
    page.locator(".chart-tip").get_by_text("236 of 412 went on").wait_for()
    assert page.url.endswith("/charts/?only=reached")
    # A tap within a moment of the other would be a double tap.
    page.wait_for_timeout(350)
    page.touchscreen.tap(x - 60, y - 20)
    page.wait_for_url("**/accounts/login/**")


def test_without_script_there_is_no_hole(open_page: Open) -> None:
    page = open_page(None, "/charts/", java_script_enabled=False)
    see(page, "figure.chart").to_have_count(COUNT)
    see(page, "figure.chart:visible").to_have_count(0)
    see(page.get_by_role("row")).to_have_count(COUNT)


def test_nothing_shifts_when_the_charts_arrive(open_page: Open) -> None:
    page = open_page(None, "/accounts/login/")
    held: list[Any] = []
    page.route("**/echarts.min.js", lambda route: held.append(route))
    page.goto("/charts/", wait_until="commit")
    places = "[...document.querySelectorAll('table')].map(table => table.getBoundingClientRect().top)"
    until(page, lambda: bool(held) and len(page.evaluate(places)) == COUNT)
    page.locator("h1").wait_for()
    before = page.evaluate(places)
    held[0].continue_()
    until(page, lambda: page.locator(".chart-drawing svg").count() == COUNT)
    assert page.evaluate(places) == before
