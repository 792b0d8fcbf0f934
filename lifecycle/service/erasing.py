"""A person is forgotten and the log stays as it is: one fact, and the words beside the log and on the lead are gone."""

from typing import Any, Protocol, Unpack

from .. import intents as i
from ..events import Kind
from ..models import EventNote, LeadEvent
from ..speech import gettext
from .calls import Common, call
from .contacts import CONTACT_FIELDS
from .record import Locked, Result, record


class Beside(Protocol):
    """Where else the data of a lead's person lie, which the log knows nothing of. Both run under the lead's lock."""

    def found(self, lead_id: int) -> dict[str, int]:
        """How much of the person lies there, by class: a word and a number."""

    def erase(self, lead_id: int) -> None:
        """Erases it, inside the transaction."""


def erase_personal_data(
    *, lead_id: int, reason: str, beside: Beside, reference: str = "", **common: Unpack[Common]
) -> Result:
    """Erases what is known of the person behind a lead. The facts stay, with what they say of the office's work.

    In one transaction: the fact, all words of the lead's facts, its contact data, and what lies ``beside``. A lead of
    which nothing is left gets no second fact. Raises ``LegalHold`` while one is set.
    """

    def prepare(locked: Locked) -> i.Intent:
        return i.Erase(
            reason=reason,
            reference=reference.strip(),
            fields=filled_fields(lead_id),
            found=(("words", _words(lead_id).count()), *sorted(beside.found(lead_id).items())),
            held=legal_hold(lead_id),
        )

    def after(locked: Locked, events: list[LeadEvent]) -> None:
        beside.erase(lead_id)  # First: it looks for the person by what the lead still says.
        _words(lead_id).delete()
        leads = _leads()
        blank = {**dict.fromkeys(CONTACT_FIELDS, ""), "name": neutral_name(lead_id)}
        leads.filter(pk=lead_id).update(**leads.model.cleaned_contact(blank))

    return record(lead_id, call(common), prepare, after)


def filled_fields(lead_id: int) -> tuple[str, ...]:
    """The contact facts that still say something of the person."""
    lead = _leads().get(pk=lead_id)
    said = {name: getattr(lead, name) for name in CONTACT_FIELDS}
    if lead.erased_at is not None:
        # Nobody gives an erased lead a name again, so the one it has is neutral, in whatever language it was given.
        del said["name"]
    return tuple(sorted(name for name, value in said.items() if value))


def neutral_name(lead_id: int) -> str:
    """What a lead is called once nobody shall know who it was."""
    return gettext("Erased lead %(n)s") % {"n": lead_id}


def legal_hold(lead_id: int) -> bool:
    """Whether the newest word on a legal hold of this lead is that there is one."""
    holds = (Kind.LEGAL_HOLD_SET.value, Kind.LEGAL_HOLD_CLEARED.value)
    newest = LeadEvent.objects.filter(lead_id=lead_id, kind__in=holds).order_by("-version")
    return newest.values_list("kind", flat=True).first() == Kind.LEGAL_HOLD_SET


def _words(lead_id: int) -> Any:
    return EventNote.objects.filter(event__lead_id=lead_id)


def _leads() -> Any:
    return LeadEvent._meta.get_field("lead").related_model._default_manager
