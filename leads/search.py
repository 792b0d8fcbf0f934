"""Finding a lead by name, e-mail, phone in any notation, or key."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from .access import visible_leads
from .contact import e164, normalised_email
from .models import Lead, User

MOST = 50


@dataclass(frozen=True, slots=True)
class Found:
    """The first leads that match; ``more`` when there are others that did not fit."""

    leads: list[Lead]
    more: bool


def find_leads(viewer: User, text: str) -> Found:
    """Leads that this person may see, exact matches first. One query; none for an empty text."""
    wanted = text.strip()
    if not wanted or "\x00" in wanted:
        return Found([], False)
    rows = _ranked(visible_leads(viewer).filter(matching(wanted)), _exact(wanted)).select_related("agent")
    leads = list(rows[: MOST + 1])
    return Found(leads[:MOST], len(leads) > MOST)


def matching(text: str) -> Q:
    """What a lead must fulfil to be found by this text."""
    wanted = text.strip()
    return _exact(wanted) | _similar(wanted)


def _ranked(leads: QuerySet[Lead], exactly: Q) -> QuerySet[Lead]:
    first = Case(When(exactly, then=Value(0)), default=Value(1), output_field=IntegerField())
    return leads.annotate(rank=first).order_by("rank", "name", "pk")


def _exact(wanted: str) -> Q:
    """A whole e-mail address, a whole number, or a key."""
    exactly = Q(email_normalised=normalised_email(wanted)) | Q(external_key=wanted)
    number = e164(wanted)
    if number:
        exactly |= Q(phone_e164=number)
    key = wanted[2:] if wanted[:2].upper() == "L-" else ""
    if key.isascii() and key.isdigit() and len(key) < 19:
        exactly |= Q(pk=int(key), external_key="")
    return exactly


def _similar(wanted: str) -> Q:
    """Every word in the name; or a piece of the e-mail, of the key, or at least three digits of the number."""
    in_name = Q()
    for word in wanted.split():
        in_name &= Q(name__icontains=word)
    similar = in_name | Q(email_normalised__contains=normalised_email(wanted)) | Q(external_key__icontains=wanted)
    digits = "".join(c for c in wanted if c.isascii() and c.isdigit())
    if len(digits) >= 3 and not any(c.isalpha() for c in wanted):
        similar |= Q(phone_e164__contains=digits)
    return similar
