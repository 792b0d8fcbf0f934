"""What a person should look at before the file is taken as it was read."""

import re

from django.utils.translation import gettext, ngettext

from .letters import encoding_label
from .shapes import Record, Shape

_SURE = ("utf-8", "utf-16", "utf-32")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.\w+")
_LOST = "\ufffd"


def doubts(shape: Shape, header: list[str], first: list[Record], sheets: tuple[str, list[str]] | None) -> list[str]:
    """Sentences. ``sheets``: the sheet that is read, and the others of the workbook."""
    found = []
    if shape.encoding and shape.encoding not in _SURE:
        found.append(
            gettext("The letters were read as %(encoding)s. Look whether the names are right; if not, choose another.")
            % {"encoding": encoding_label(shape.encoding)}
        )
    if sheets and sheets[1]:
        found.append(
            gettext("Only the sheet “%(name)s” is read. The workbook has others: %(others)s.")
            % {"name": sheets[0], "others": ", ".join(f"“{name}”" for name in sheets[1][:5])}
        )
    found += _names(header)
    if any(_LOST in cell for cell in (*header, *(cell for record in first for cell in record.cells))):
        found.append(
            gettext("“%(mark)s” stands where another program lost letters. They are not in this file any more.")
            % {"mark": _LOST}
        )
    return found


def _names(header: list[str]) -> list[str]:
    found = []
    names = [" ".join(cell.split()) for cell in header]
    if unnamed := names.count(""):
        found.append(
            ngettext("%(count)s column has no name.", "%(count)s columns have no name.", unnamed) % {"count": unnamed}
        )
    repeated = sorted({name for name in names if name and names.count(name) > 1})
    for name in repeated[:3]:
        found.append(
            gettext("%(count)s columns are called “%(name)s”. The others are counted: “%(name)s (2)”.")
            % {"count": names.count(name), "name": name}
        )
    if any(_EMAIL.fullmatch(name) for name in names) or all(name.isdecimal() or not name for name in names):
        found.append(gettext("The first row looks like a lead, not like the names of the columns."))
    return found
