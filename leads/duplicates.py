"""Is this person a lead already? Compared by normalised e-mail and by the number that the phone means."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.crypto import salted_hmac
from django.utils.translation import pgettext

from .access import visible_leads
from .contact import e164, normalised_email
from .models import Lead, User

_MOST = 10


@dataclass(frozen=True, slots=True)
class Duplicates:
    """``seen``: leads that the viewer may open, and what is the same; ``more`` of them did not fit.

    ``hidden``: what a colleague's lead shares. ``seal``: stands for exactly these leads, and tells nothing about them.
    """

    seen: list[tuple[Lead, str]]
    hidden: str
    more: int
    seal: str

    def __bool__(self) -> bool:
        return bool(self.seen or self.hidden)


def find_duplicates(viewer: User, email: str, phone: str, *, made_by: UUID | None = None) -> Duplicates:
    """Leads with the same e-mail or phone, in any stage.

    In: both as typed; the uuid of the form, whose own lead is no duplicate when the form is sent twice. Of a lead that
    the viewer may not see nothing is told but that it exists.
    """
    address, number = normalised_email(email), e164(phone)
    same = Q(pk__in=[])
    if address:
        same |= Q(email_normalised=address)
    if number:
        same |= Q(phone_e164=number)
    leads = Lead.objects.filter(same).exclude(status="")
    if made_by is not None:
        leads = leads.exclude(events__uuid=made_by)
    allowed = set(visible_leads(viewer).filter(same).values_list("pk", flat=True))
    found = list(leads.select_related("agent").order_by("-pk"))
    seen = [(lead, _shared(lead, address, number)) for lead in found if lead.pk in allowed]
    hidden = [_shared(lead, address, number) for lead in found if lead.pk not in allowed]
    return Duplicates(seen[:_MOST], hidden[0] if hidden else "", max(len(seen) - _MOST, 0), _seal(found))


def _seal(found: list[Lead]) -> str:
    return salted_hmac("leads.duplicates", ",".join(str(lead.pk) for lead in found), algorithm="sha256").hexdigest()


def _shared(lead: Lead, address: str, number: str) -> str:
    email = bool(address) and lead.email_normalised == address
    phone = bool(number) and lead.phone_e164 == number
    if email and phone:
        return pgettext("what two leads share", "the same e-mail and phone")
    if email:
        return pgettext("what two leads share", "the same e-mail")
    return pgettext("what two leads share", "the same phone")
