"""Writes sprite.svg from an unpacked lucide-static: the icons that our pages use, one <symbol> each.

Usage: python make_sprite.py package/icons > sprite.svg
"""

import re
import sys
from pathlib import Path

ICONS = """
archive arrow-left arrow-right arrow-up-right ban bell bell-off book-open bookmark calendar-check
chart-no-axes-column check chevron-down chevron-left chevron-right chevron-up circle-alert circle-check
circle-question-mark circle-user-round circle-x clock columns-3 ellipsis eye file-text file-x filter flag
graduation-cap handshake history hourglass house inbox info key-round keyboard languages layers list-tree lock
log-out mail mail-x maximize-2 message-circle message-square message-square-off minimize-2 monitor pencil phone
phone-call phone-missed phone-off plane plus printer refresh-cw rotate-ccw rows-2 rows-3 rows-4 scale search
settings share sliders-horizontal smartphone sparkles sticky-note timer trash-2 triangle-alert undo undo-2
upload user user-plus user-round users voicemail waypoints wifi-off workflow x
""".split()


def symbol(name: str, text: str) -> str:
    """The drawing of one icon file as a <symbol> of that name."""
    drawing = re.search(r"<svg[^>]*>(.*)</svg>", text, re.S)
    if drawing is None:
        raise SystemExit(f"{name}.svg holds no drawing")
    inside = " ".join(drawing[1].split()).replace(" />", "/>").replace("> <", "><").strip()
    return f'<symbol id="{name}" viewBox="0 0 24 24">{inside}</symbol>'


def main() -> None:
    folder = Path(sys.argv[1])
    print("<!-- Lucide 1.62.0, ISC, see LICENSE; made by make_sprite.py -->")
    print('<svg xmlns="http://www.w3.org/2000/svg">')
    for name in ICONS:
        print(symbol(name, (folder / f"{name}.svg").read_text()))
    print("</svg>")


if __name__ == "__main__":
    main()
