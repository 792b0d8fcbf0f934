"""A call logged by one press of its outcome: on the sheet of a card and on the page of a lead."""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils.translation import gettext

from lifecycle.events import Outcome

from .contact import readable_number
from .models import Lead

#: What a call comes to, nearly always, and the picture on its button.
OUTCOMES = {
    Outcome.SPOKE: "phone-call",
    Outcome.NO_ANSWER: "phone-missed",
    Outcome.VOICEMAIL: "voicemail",
    Outcome.WRONG_NUMBER: "phone-off",
}


@dataclass(frozen=True, slots=True)
class QuickCall:
    """How a lead may be called; with a ``hindrance`` no outcome is offered, and it says why.

    ``number`` is in E.164, ``readable`` as people write it, both empty where nobody should dial. ``closed``: the ways
    to this person that are not offered as a link, by the name of their icon.
    """

    hindrance: str
    number: str
    closed: frozenset[str]

    @property
    def readable(self) -> str:
        return readable_number(self.number) if self.number else ""

    @property
    def outcomes(self) -> list[tuple[str, str, str]]:
        """Value, words and icon of each button."""
        return [(o.value, o.label, icon) for o, icon in OUTCOMES.items()]

    def new_uuid(self) -> UUID:
        """Another one for every form that is drawn: two presses on one form are one call."""
        return uuid4()


def quick_call(lead: Lead) -> QuickCall:
    """How this lead may be called, and what is said where it must not be."""
    hindrance = ""
    if lead.erased_at is not None:
        hindrance = gettext("The personal data of this lead were erased: there is nobody to call.")
    elif lead.dnc:
        hindrance = gettext("This lead asked not to be contacted. Logging a contact needs a reason.")
    elif lead.do_not_call:
        hindrance = gettext("“Do not call” is set. If there was a call all the same, log it with the form.")
    no_mail = lead.dnc or lead.do_not_email
    closed = frozenset([*(["phone"] if hindrance else []), *(["mail"] if no_mail else [])])
    return QuickCall(hindrance, "" if hindrance else lead.phone_e164, closed)
