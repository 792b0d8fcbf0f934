"""Takes every picture of README and docs from a fresh demo office: `make screenshots`. Needs a Chromium.

The clock of the office stands still, so a picture changes only where the product did.
"""

import base64
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright
from still import MOMENT

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
ADDRESS = "127.0.0.1:8765"

WIDE = {"width": 1600, "height": 900}
LAPTOP = {"width": 1366, "height": 768}
DESK = {"width": 1280, "height": 860}
TALL = {"width": 1280, "height": 1060}
SHORT = {"width": 1280, "height": 620}
PHONE = {"width": 390, "height": 844}
SHEET = {"width": 794, "height": 1123}  # A4

#: Where no font of the system's own is set up, Chromium takes one that hardly any screen shows.
FONTS = """<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <match target="pattern"><edit name="family" mode="prepend" binding="strong">
    <string>Inter</string><string>Liberation Sans</string>
  </edit></match>
</fontconfig>"""

#: Lossless, and half as heavy as the same picture in PNG: pictures travel with every copy of the repository.
WEBP = """async png => {
  const picture = new Image();
  picture.src = 'data:image/png;base64,' + png;
  await picture.decode();
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d').drawImage(picture, 0, 0);
  const blob = await canvas.convertToBlob({type: 'image/webp', quality: 1});
  return btoa(Array.from(new Uint8Array(await blob.arrayBuffer()), byte => String.fromCharCode(byte)).join(''));
}"""
MOST_BYTES = 250_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, _office(Path(folder)), sync_playwright() as playwright:
        fonts = Path(folder) / "fonts.conf"
        fonts.write_text(FONTS)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            env={**os.environ, "FONTCONFIG_FILE": str(fonts)},
        )
        studio = Studio(browser)
        for take in (boards, leads, moves, looks_back, bulk, reports, story_on_paper, lifecycle_card):
            take(studio)
        browser.close()
    weights = {picture.name: picture.stat().st_size for picture in HERE.glob("*.webp")}
    heavy = [f"{name} weighs {size // 1000} kB." for name, size in weights.items() if size > MOST_BYTES]
    print(f"{len(weights)} pictures, {sum(weights.values()) // 1000} kB.", *heavy)


@contextmanager
def _office(folder: Path) -> Iterator[None]:
    """A demo office on a server of its own, for as long as the pictures take."""
    env = {
        **os.environ,
        "HINDSIGHT_DEMO": "1",
        "HINDSIGHT_ENV_FILE": "",
        "DATABASE_URL": f"sqlite:///{folder}/demo.sqlite3",
    }
    still = [sys.executable, str(HERE / "still.py")]
    for command in (["migrate", "--verbosity", "0"], ["seed_demo"]):
        subprocess.run([*still, "manage", *command], cwd=ROOT, env=env, check=True, stdout=subprocess.DEVNULL)
    server = subprocess.Popen([*still, "serve", ADDRESS], cwd=ROOT, env=env)
    try:
        _wait_for(f"http://{ADDRESS}/ready/")
        yield
    finally:
        server.terminate()
        server.wait()


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url)
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("The demo server does not answer.")


class Studio:
    """Opens pages as somebody of the demo office sees them, and keeps their pictures. People log in once."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.darkroom = browser.new_page()
        self.sessions: dict[str, Any] = {}

    def open(self, path: str, size: dict[str, int], scheme: str = "light", who: str = "bruna", **options: Any) -> Page:
        """A page of `who` at this size; refuses to go on where it cannot be shown."""
        if who not in self.sessions:
            self.sessions[who] = self._log_in(who)
        touch = {"has_touch": True, "is_mobile": True} if size is PHONE else {}
        page = self.browser.new_context(
            base_url=f"http://{ADDRESS}",
            viewport=size,  # type: ignore[arg-type]
            color_scheme=scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            storage_state=self.sessions[who],
            **{"locale": "en-US", **touch, **options},
        ).new_page()
        answer = page.goto(path)
        if answer is None or not answer.ok:
            raise SystemExit(f"{path} answered {answer and answer.status}: no picture of it.")
        return page

    def open_paper(self, path: str) -> Page:
        """A page as it is printed; on screen the margins of the sheet are missing, so they are put back."""
        page = self.open(path, SHEET, bypass_csp=True)
        page.emulate_media(media="print")
        page.add_style_tag(content="html { padding: 12mm; background: #fff }")
        return page

    def keep(self, page: Page, name: str) -> None:
        """Writes `<name>.webp`."""
        page.wait_for_load_state("networkidle")
        picture = self.darkroom.evaluate(WEBP, base64.b64encode(page.screenshot()).decode())
        (HERE / f"{name}.webp").write_bytes(base64.b64decode(picture))
        print(f"docs/screenshots/{name}.webp")

    def _log_in(self, who: str) -> Any:
        context = self.browser.new_context(base_url=f"http://{ADDRESS}")
        page = context.new_page()
        page.goto("/accounts/login/")
        page.fill("input[name=login]", who)
        page.fill("input[name=password]", "hindsight-demo")
        page.press("input[name=password]", "Enter")
        page.wait_for_selector(".card")
        state = context.storage_state()
        context.close()
        return state


def boards(studio: Studio) -> None:
    for scheme in ("light", "dark"):
        for name, size, who in (("wide", WIDE, "bruna"), ("laptop", LAPTOP, "bruna"), ("phone", PHONE, "ana")):
            studio.keep(studio.open("/", size, scheme, who), f"board-{name}-{scheme}")
    studio.keep(studio.open("/", LAPTOP, locale="es-ES"), "board-spanish-light")


def leads(studio: Studio) -> None:
    address = _address_of(studio, "Dana Ortiz")
    for scheme in ("light", "dark"):
        studio.keep(studio.open(address, DESK, scheme), f"lead-wide-{scheme}")
    studio.keep(studio.open(address, PHONE), "lead-phone-light")


def moves(studio: Studio) -> None:
    """A card in the air, and the dialog that asks why it goes back."""
    page = studio.open("/", LAPTOP, who="ana")
    page.locator("#column-COMMITTED .card").first.hover()
    page.mouse.down()
    box = page.locator("#column-QUALIFIED .cards").bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 60, steps=12)
    # The drag samples the pointer now and then, and only when it has moved.
    while not page.locator("#column-QUALIFIED .sortable-ghost").count():
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 61, steps=2)
        page.wait_for_timeout(60)
    studio.keep(page, "drag-light")
    page.mouse.up()
    page.locator("#dialog form").wait_for()
    studio.keep(page, "reason-light")


def looks_back(studio: Studio) -> None:
    """What the log answers beyond today."""
    for scheme in ("light", "dark"):
        studio.keep(studio.open("/?as_of=", WIDE, scheme), f"past-wide-{scheme}")
    # Believed to be in contract on that day, and taken back by the broker since.
    then = f"{MOMENT - timedelta(days=4):%Y-%m-%d}T14:00"
    teresa = _address_of(studio, "Teresa Fonseca")
    studio.keep(studio.open(f"{teresa}at/?t={then}&clock=known", DESK), "state-at-light")
    studio.keep(studio.open("/changes/", DESK), "changes-light")
    studio.keep(studio.open(f"{_address_of(studio, 'Tomasz Kowalczyk')}custody/", SHORT), "custody-light")
    studio.keep(studio.open(f"{_address_of(studio, 'Dana Ortiz')}consent/", DESK), "consent-light")


def bulk(studio: Studio) -> None:
    """Who would get what, before anything is written."""
    page = studio.open("/reassign/", SHORT)
    page.get_by_label("Agent").select_option(label="Darnell Brooks")
    page.get_by_role("button", name="Choose").click()
    page.get_by_label("Shared in turn among several agents").check()
    for name in ("Ben Adeyemi", "Mei Zhou"):
        page.get_by_role("checkbox", name=name).check()
    page.locator("select[name=reason]").select_option("pto_or_leave")
    page.get_by_role("button", name="Show who gets what").click()
    page.wait_for_load_state()
    studio.keep(page, "bulk-light")


def reports(studio: Studio) -> None:
    """The numbers, once their charts are drawn."""
    page = studio.open("/reports/agents/", DESK)
    ben = page.get_by_role("link", name="Ben Adeyemi").first.get_attribute("href")
    assert ben
    for scheme in ("light", "dark"):
        for name, path, size in (("glance", "/reports/", TALL), ("coaching", ben, TALL)):
            studio.keep(_drawn(studio.open(path, size, scheme)), f"{name}-{scheme}")
    studio.keep(_drawn(studio.open("/reports/collapses/", TALL)), "collapses-light")
    studio.keep(_drawn(studio.open("/reports/time/", TALL)), "time-light")
    studio.keep(_drawn(studio.open_paper(ben)), "print-coaching")


def _drawn(page: Page) -> Page:
    """The page once every chart of it is there."""
    page.wait_for_function("[...document.querySelectorAll('[data-chart]')].every(chart => chart.querySelector('svg'))")
    return page


def story_on_paper(studio: Studio) -> None:
    address = _address_of(studio, "Dana Ortiz")
    studio.keep(studio.open_paper(f"{address}?print=1&order=oldest"), "print-timeline")


def lifecycle_card(studio: Studio) -> None:
    studio.keep(studio.open("/help/lifecycle/", DESK), "lifecycle-light")
    studio.keep(studio.open_paper("/help/lifecycle/"), "print-lifecycle")


def _address_of(studio: Studio, name: str) -> str:
    page = studio.open(f"/search/?q={name.replace(' ', '+')}", DESK)
    address = page.get_by_role("link", name=name).first.get_attribute("href")
    assert address
    return address


if __name__ == "__main__":
    main()
