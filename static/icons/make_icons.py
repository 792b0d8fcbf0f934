"""Draws the icons of the installed app from favicon.svg: `python static/icons/make_icons.py`. Needs a Chromium."""

import re
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
GROUND = "#1d5bc4"
# Launchers cut a maskable icon to any shape that holds the inner circle of four fifths; the drawing fits with this.
SAFE = 0.84


def main() -> None:
    rounded = (HERE / "favicon.svg").read_text()
    drawing = re.sub(r"<rect [^>]*/>", "", rounded)
    inset = drawing.replace("<svg ", '<svg style="scale: {}" '.format(SAFE))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=["--no-sandbox"]
        )
        page = browser.new_page()
        _draw(page, "icon-192", 192, rounded)
        _draw(page, "icon-512", 512, rounded)
        _draw(page, "icon-maskable-512", 512, inset, GROUND)
        # Systems that colour icons themselves take the shape alone.
        _draw(page, "icon-monochrome-512", 512, inset)
        # iOS rounds the corners itself and shows what is transparent in black.
        _draw(page, "apple-touch-icon", 180, inset, GROUND)
        browser.close()


def _draw(page: Page, name: str, size: int, svg: str, ground: str = "transparent") -> None:
    page.set_viewport_size({"width": size, "height": size})
    page.set_content(f"<style>body {{ margin: 0; background: {ground} }} svg {{ display: block }}</style>{svg}")
    page.screenshot(path=HERE / f"{name}.png", omit_background=True)


if __name__ == "__main__":
    main()
