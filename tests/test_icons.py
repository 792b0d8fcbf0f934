"""The sprite holds the icons that the pages use: none is missing, none travels along for nothing."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SPRITE = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/vendor/lucide/sprite.svg").read_text()))


def sources() -> list[str]:
    files = [p for folder in ("leads", "lifecycle", "crm") for p in (ROOT / folder).rglob("*.py")]
    return [p.read_text() for p in (*files, *(ROOT / "templates").rglob("*.html"))]


def test_every_icon_of_a_template_is_in_the_sprite() -> None:
    named = {name for text in sources() for name in re.findall(r"{% icon [\"']([\w-]+)[\"']", text)}
    assert named and named - SPRITE == set()


def test_no_icon_travels_along_for_nothing() -> None:
    words = {word for text in sources() for word in re.findall(r"[\"']([a-z0-9-]+)[\"']", text)}
    assert SPRITE - words == set()
