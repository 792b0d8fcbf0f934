"""What the cells of a column say about its meaning, for or against its label. Pure."""

import re
from collections.abc import Sequence

from leads.contact import e164
from leads.imports import mapping as roles
from leads.imports.dates import FORMATS, fits, is_never
from leads.imports.flag_words import closed

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
#: A number that people write: with its plus, or in groups. Bare figures may be anything.
_WRITTEN_PHONE = re.compile(r"(?=.*[0-9].*[ ()./-]|\+)\+?[0-9() ./-]{9,20}")
_DATE = re.compile(r"[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}(?:\s.*)?")
#: So many cells have to agree before they speak against, or without, a label.
_ENOUGH = 3
#: No e-mail address is longer.
_LONGEST = 254


def denies(role: str, cells: Sequence[str]) -> bool:
    """Whether the filled cells of a column cannot mean this, whatever its label says."""
    if not cells:
        return False
    if role in roles.DATES:
        # A few slips of the pen are found by the check; a column of something else has hardly a date.
        return 2 * sum(is_never(cell) or any(fits(name, cell) for name in FORMATS) for cell in cells) < len(cells)
    if role == roles.EMAIL:
        return not any("@" in cell for cell in cells)
    if role in (roles.PHONE, roles.POSTCODE):
        return not any(c.isdigit() for cell in cells for c in cell)
    if role == roles.KEY:
        # A lead may stand in a file twice; a number that most rows share is no key.
        return len(set(cells)) * 2 < len(cells)
    return role in roles.FLAGS and not any(map(_about_consent, cells))


def looks_like(cells: Sequence[str]) -> str:
    """E-mail or phone where nearly all filled cells are one, else ``""``."""
    if len(cells) < _ENOUGH or any(len(cell) > _LONGEST for cell in cells):
        return ""
    if _mostly([_EMAIL.fullmatch(cell) is not None for cell in cells]):
        return roles.EMAIL
    return roles.PHONE if _mostly([_phone(cell) for cell in cells]) else ""


def _mostly(agreed: Sequence[bool]) -> bool:
    return sum(agreed) * 5 >= len(agreed) * 4


def _phone(cell: str) -> bool:
    return bool(_WRITTEN_PHONE.fullmatch(cell) and not _DATE.fullmatch(cell) and e164(cell))


def _about_consent(cell: str) -> bool:
    try:
        closed(cell)
    except ValueError:
        return False
    return True
