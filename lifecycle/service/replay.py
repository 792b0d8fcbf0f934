"""The same request sent twice is one event and one answer; the same key for something else is refused."""

from datetime import UTC
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from .. import chain
from .. import intents as i
from ..errors import UuidReused
from ..events import Kind
from ..fold import LeadState
from ..intents import Intent
from ..models import EventNote, LeadEvent
from ..speech import gettext
from ..transitions import between

if TYPE_CHECKING:
    from .record import Call, Result


def find(key: UUID) -> int | None:
    """The id of the event that bears this uuid."""
    return LeadEvent.objects.filter(uuid=key).values_list("id", flat=True).first()


def second_key(key: UUID) -> UUID:
    """A call appends at most two facts; the second one's uuid follows from the first one's."""
    return uuid5(key, "1")


def contact_changed_since(event: LeadEvent) -> bool:
    """Whether the lead's contact data were touched after this fact, so that they say nothing of it any more."""
    kinds = [Kind.CONTACT_DETAILS_CHANGED.value, Kind.CONTACT_INFO_UPDATED.value, Kind.PERSONAL_DATA_ERASED.value]
    return LeadEvent.objects.filter(lead_id=event.lead_id, version__gt=event.version, kind__in=kinds).exists()


def reused() -> UuidReused:
    return UuidReused(gettext("This form was already used for something else. Reload the page and try again."))


def answer(seen: int, lead_id: int, call: "Call", intent: Intent, state: LeadState) -> "Result":
    """The first answer once more. Raises ``UuidReused`` for another lead, another actor or other content."""
    from .record import Result

    event = LeadEvent.objects.get(pk=seen)
    actor = call.actor.pk if call.actor is not None else None
    if event.lead_id != lead_id or event.actor_id != actor or not _same(event, intent):
        raise reused()
    second = LeadEvent.objects.filter(uuid=second_key(event.uuid), lead_id=lead_id)
    return Result([event, *second], state, replayed=True, lead_id=lead_id)


def _same(event: LeadEvent, intent: Intent) -> bool:
    # Through UTC: in an hour that occurs twice, moments of two zones never compare as equal.
    if intent.occurred_at is not None and event.occurred_at != intent.occurred_at.astimezone(UTC):
        return False
    claims = _claims(event, intent)
    data = claims.pop("data", {})
    if any(getattr(event, name) != value for name, value in claims.items()):
        return False
    if any(event.data.get(name) != value for name, value in data.items()):
        return False
    if not _about_the_same(event, intent):
        return False
    words = EventNote.objects.filter(pk=event.pk).first()
    # Words that were erased since cannot be compared; the rest has to do.
    if words is None:
        return bool(event.note_digest) or not intent.words
    return event.note_digest == chain.words_digest(words.salt, intent.words)


def _about_the_same(event: LeadEvent, intent: Intent) -> bool:
    """What the row alone does not tell: the agent that a lead was born with, the contact data that were given."""
    match intent:
        case i.Create():
            born = LeadEvent.objects.filter(uuid=second_key(event.uuid)).values_list("to_agent_id", flat=True).first()
            return bool(born == intent.agent)
        case i.ChangeContact(fields=fields) | i.Move(contact_fields=fields):
            return not fields or contact_changed_since(event)
    return True


def _claims(event: LeadEvent, intent: Intent) -> dict[str, Any]:
    """What an intent says of the row that it leads to, whatever the lead's state."""
    match intent:
        case i.Create():
            return {"kind": Kind.LEAD_CREATED.value, "data": {"inquiry": intent.inquiry}}
        case i.Move():
            return {**_move_claims(event, intent), "to_status": intent.to, "reason": intent.reason}
        case i.LogContact():
            said = {"channel": intent.channel, "direction": intent.direction, "outcome": intent.outcome}
            return {"kind": Kind.CONTACT_LOGGED.value, "data": said}
        case i.Assign():
            return {
                "kind": Kind.AGENT_ASSIGNED.value,
                "to_agent_id": intent.to_agent,
                "reason": intent.reason,
            }
        case i.ChangeFlag():
            kind = Kind.FLAG_SET if intent.on else Kind.FLAG_CLEARED
            return {"kind": kind.value, "flag": intent.flag, "reason": intent.reason}
        case i.VoidMove():
            return {"kind": Kind.MOVE_VOIDED.value, "target_id": intent.target, "reason": intent.reason}
        case i.CorrectReason():
            return {"kind": Kind.REASON_CORRECTED.value, "target_id": intent.target, "reason": intent.reason}
        case i.TimeOut():
            return {"kind": intent.kind}
        case i.Erase():
            request = {"reference": intent.reference or None}
            return {"kind": Kind.PERSONAL_DATA_ERASED.value, "reason": intent.reason, "data": request}
    kinds = {
        i.AddNote: Kind.NOTE_ADDED,
        i.ChangeContact: Kind.CONTACT_DETAILS_CHANGED,
        i.DeclareBreach: Kind.SLA_BREACHED,
    }
    return {"kind": kinds[type(intent)].value}


def _move_claims(event: LeadEvent, intent: i.Move) -> dict[str, Any]:
    kinds = {t.kind.value for t in between(event.from_status, intent.to) if event.from_status}
    claims: dict[str, Any] = {"kind": intent.kind or (event.kind if event.kind in kinds else "")}
    if event.kind == Kind.CLOSING_COMPLETED:
        claims["data"] = {"closing_date": intent.closing_date.isoformat() if intent.closing_date else None}
    elif event.kind == Kind.BOGUS_CONTACT_DETECTED:
        claims["data"] = {"duplicate_of": intent.duplicate_of or None}
    return claims
