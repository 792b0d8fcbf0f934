"""Writes sprite.svg from an unpacked lucide-static: the icons that our pages use, one <symbol> each.

Usage: python make_sprite.py package/icons > sprite.svg
"""

import re
import sys
from pathlib import Path

ICONS = """
archive arrow-left arrow-right arrow-right-left ban bell-off book-open calendar-clock calendar-search chart-column
check chevron-down chevron-left chevron-right chevrons-left chevrons-right circle-alert circle-check
circle-question-mark clock columns-3 download ellipsis file-text file-x filter flag git-compare-arrows handshake
history hourglass house inbox info keyboard languages layers link list-tree lock log-out mail mail-x
message-square message-square-off pencil phone phone-call phone-missed phone-off plus printer refresh-cw
rotate-ccw rows-4 scale search settings shield-check sliders-horizontal sparkles square-check sticky-note timer
trash-2 triangle-alert undo undo-2 upload user user-plus user-round users users-round voicemail wifi-off
workflow x
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
