"""The contact whose move was undone: it stays in the story, and it still counts as the first one."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from django.utils.translation import gettext, pgettext

from lifecycle.events import Channel, Kind
from lifecycle.models import LeadEvent
from lifecycle.states import State

from .. import moments
from ..models import Lead
from .desk import Desk

_NAMED: dict[str, Callable[[], str]] = {
    Channel.CALL: lambda: pgettext("a contact, begins a sentence", "The call of %(day)s"),
    Channel.EMAIL: lambda: pgettext("a contact, begins a sentence", "The e-mail of %(day)s"),
    Channel.TEXT: lambda: pgettext("a contact, begins a sentence", "The text of %(day)s"),
    Channel.IN_PERSON: lambda: pgettext("a contact, begins a sentence", "The visit of %(day)s"),
}


def _named(contact: LeadEvent, zone: tzinfo, now: datetime) -> str:
    known = _NAMED.get(str(contact.data.get("channel", "")))
    words = known() if known else pgettext("a contact, begins a sentence", "The contact of %(day)s")
    return words % {"day": moments.day(contact.occurred_at, zone, now)}


def it_stays(contact: LeadEvent, zone: tzinfo, now: datetime) -> str:
    """What undoing a move leaves as it is: the contact that made Scribe move the lead."""
    return gettext("%(contact)s stays in the history.") % {"contact": _named(contact, zone, now)}


def back_in_new(lead: Lead, desk: Desk) -> str:
    """Why a lead is in New again after its first outreach was undone; ``""`` for any other lead. At most one query."""
    if lead.status != State.NEW or lead.first_contact_at is None:
        return ""
    voids = lead.events.filter(kind=Kind.MOVE_VOIDED.value, to_status=State.NEW.value)
    void = voids.select_related("target__caused_by").order_by("-version").first()
    if void is None or void.target is None:
        return ""
    said = gettext("Back in %(stage)s: the move was undone.") % {"stage": State.NEW.label}
    contact = void.target.caused_by
    if contact is None:
        return said
    counts = gettext("%(contact)s still counts as first contact.")
    return f"{said} {counts % {'contact': _named(contact, desk.zone, desk.now)}}"
