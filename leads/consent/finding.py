"""Who has this e-mail address or phone number today: the leads that a question about consent is asked of."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils.translation import gettext

from ..access import visible_leads
from ..contact import e164, normalised_email
from ..models import Lead, User

#: More leads than this share an address only where somebody typed a placeholder.
MOST = 50
LONGEST = 254
_FEWEST_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Found:
    """The leads with this address, by name; ``more`` when others did not fit. ``refusal``: why it was not looked up."""

    leads: list[Lead]
    more: bool = False
    refusal: str = ""


def find_by_address(viewer: User, text: str) -> Found:
    """Leads of this very e-mail or phone, in any notation, as far as this person may see them. One query at most.

    A piece of an address finds nothing: an answer about consent must not be somebody else's.
    """
    wanted = text.strip()
    if not wanted:
        return Found([])
    matching = _matching(wanted)
    if matching is None:
        return Found([], refusal=_refusal(wanted))
    rows = visible_leads(viewer).filter(matching).select_related("agent").order_by("name", "pk")
    leads = list(rows[: MOST + 1])
    return Found(leads[:MOST], len(leads) > MOST)


def _matching(wanted: str) -> Q | None:
    if "@" in wanted:
        try:
            validate_email(wanted)
        except ValidationError:
            return None
        return Q(email_normalised=normalised_email(wanted))
    number = e164(wanted) if sum(c.isdigit() for c in wanted) >= _FEWEST_DIGITS else ""
    return Q(phone_e164=number) if number else None


def _refusal(wanted: str) -> str:
    if "@" in wanted:
        said = gettext("“%(text)s” is not a whole e-mail address. Type it like %(example)s.")
        return said % {"text": wanted[:80], "example": "dana@example.com"}
    if any(c.isalpha() for c in wanted):
        return gettext("Type a whole e-mail address or phone number here. A name is found by the search in the header.")
    said = gettext("“%(text)s” is too short or too long for a phone number. Type all of it, like %(example)s.")
    return said % {"text": wanted[:80], "example": "(510) 555-0123"}
