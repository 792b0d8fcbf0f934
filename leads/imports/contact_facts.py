"""Whom a row is about: contact facts ready for a lead, and lines for what has no place among them."""

import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from leads.models import Lead
from lifecycle.errors import BadInput

from . import mapping as roles
from .cells import full_name, text
from .columns import Columns, Labelled

#: What kvCORE puts into the e-mail of a lead that has only a phone.
_MADE_UP = re.compile(r"[0-9]+@kvleads\.com", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(r"[\s,;|<>\"]+")
#: No list of addresses is longer, in characters; the cell as a whole stands in the note.
_LIST = 1000
_NAME_PARTS = (roles.FIRST_NAME, roles.MIDDLE_NAME, roles.LAST_NAME)
_PLACE = (roles.ADDRESS, roles.STREET, roles.CITY, roles.REGION, roles.POSTCODE, roles.COUNTRY)
#: The roles that a fact is put together from.
_MADE_OF = {"name": (roles.NAME, *_NAME_PARTS, roles.COMPANY), "address": _PLACE}


def contact_facts(columns: Columns, cells: Sequence[str], key: str) -> tuple[dict[str, str], list[Labelled], int]:
    """In: a row and the key of its lead, which names it when nothing else does.

    Out: the facts with their normalised twins; what had no place, with the label of its column; how many e-mail
    addresses cannot be one (they are among the lines: no lead is lost for a typing error of long ago). Raises
    ``ValueError`` with a sentence for what is too long to be kept.
    """
    emails, bad, rest = _emails(columns.filled(roles.EMAIL, cells, _email))
    phones = columns.filled(roles.PHONE, cells, text)
    companies = columns.filled(roles.COMPANY, cells, text)
    phone = phones[0][1] if phones else ""
    name = _name(columns, cells)
    if not name and companies:
        name = companies.pop(0)[1]
    contact = {
        "name": name or (emails[0] if emails else phone or key),
        "email": emails[0] if emails else "",
        "phone": phone,
        "headline": "; ".join(said for _, said in columns.filled(roles.HEADLINE, cells, text)),
        "address": _address(columns, cells),
    }
    try:
        clean = Lead.cleaned_contact(contact)
    except BadInput as refused:
        label = _label(columns, cells, refused.field)
        raise ValueError(f"{label}: {refused.sentence}") from None
    return clean, [*companies, *phones[1:], *rest], bad


def _label(columns: Columns, cells: Sequence[str], field: str) -> str:
    """The column to look at for a fact that cannot be kept: of one in parts its longest part."""
    filled = [cell for role in _MADE_OF.get(field, (field,)) for cell in columns.filled(role, cells, text)]
    return max(filled, key=lambda cell: len(cell[1]), default=(field, ""))[0]


def _name(columns: Columns, cells: Sequence[str]) -> str:
    whole = full_name([columns.first(roles.NAME, cells)])
    return whole or full_name([columns.first(part, cells) for part in _NAME_PARTS])


def _email(cell: str) -> str:
    said = text(cell)
    return "" if "@" in said and _MADE_UP.fullmatch(said) else said


def _emails(cells: list[Labelled]) -> tuple[list[str], int, list[Labelled]]:
    """The addresses, best first; how many cells hold none; and the cells that are not the first address itself."""
    found: list[str] = []
    rest: list[Labelled] = []
    bad = 0
    for label, said in cells:
        if _valid(said):
            pieces, whole = [said], True
        else:
            pieces, whole = [piece for piece in _BETWEEN_ADDRESSES.split(said[:_LIST]) if _valid(piece)], False
        bad += not pieces
        if not whole or found:
            rest.append((label, said))
        found += pieces
    return found, bad, rest


def _valid(address: str) -> bool:
    """By the rule of a lead's own e-mail field."""
    if "@" not in address or len(address) > 254:
        return False
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


def _address(columns: Columns, cells: Sequence[str]) -> str:
    """Street, city, region and postcode, country; what a whole address says already is not repeated."""
    whole = ", ".join(said for _, said in columns.filled(roles.ADDRESS, cells, text))
    streets = [said for _, said in columns.filled(roles.STREET, cells, text)]
    city, region, postcode, country = (
        next((said for _, said in columns.filled(role, cells, text)), "")
        for role in (roles.CITY, roles.REGION, roles.POSTCODE, roles.COUNTRY)
    )
    place = [city, f"{region} {postcode}".strip(), country]
    if whole:
        pieces = {piece.strip().casefold() for piece in whole.split(",")}
        if postcode and postcode in whole.replace(",", " ").split():
            pieces |= {city.casefold(), place[1].casefold()}
        streets = [whole, *(street for street in streets if street.casefold() not in pieces)]
        place = [said for said in place if said.casefold() not in pieces]
    return ", ".join(said for said in (*streets, *place) if said)
