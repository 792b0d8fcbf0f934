"""How the letters beyond English look in one encoding and in another: a person sees at a glance which one is right."""

import re
from collections.abc import Iterable
from pathlib import Path

#: So far into the file they are looked for, in bytes.
_FAR = 512 * 1024
#: So many cells are shown, none longer than so many bytes.
_CELLS, _LONGEST = 3, 48
_BETWEEN = re.compile(rb'[,;\t|"\r\n]+')


def spellings(path: Path, encodings: Iterable[str]) -> list[tuple[str, str]]:
    """(encoding, some cells as it reads them), in the order of the encodings; nothing where all read the same.

    Made for encodings in which commas and line ends are single bytes; others give nothing.
    """
    cells = _cells(path)
    read = [
        (name, ", ".join(_read(cell, name) for cell in cells)) for name in encodings if not name.startswith("utf-16")
    ]
    return read if cells and len({said for _, said in read}) > 1 else []


def _cells(path: Path) -> list[bytes]:
    """Some cells with letters beyond ASCII, each once."""
    with path.open("rb") as file:
        head = file.read(_FAR)
    found: dict[bytes, None] = {}
    for cell in _BETWEEN.split(head.removeprefix(b"\xef\xbb\xbf")):
        if not cell.isascii() and len(cell) <= _LONGEST:
            found[cell.strip()] = None
        if len(found) == _CELLS:
            break
    return list(found)


def _read(cell: bytes, encoding: str) -> str:
    # What cannot be shown is shown to be wrong.
    return "".join(c if c.isprintable() else "\ufffd" for c in cell.decode(encoding, "replace"))
