"""Sentences for those who came second: what somebody else did meanwhile, and which fact stands in the way."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils import timezone

from ..errors import BadInput, StaleVersion, TypedTime
from ..events import Kind
from ..models import LeadEvent
from ..states import State

if TYPE_CHECKING:
    from .record import Call, Locked


def check(locked: "Locked", call: "Call") -> None:
    """Raises ``StaleVersion`` when the lead has moved on since the caller looked, ``BadInput`` for no real version."""
    expected = call.expected_version
    if expected is None or expected == locked.state.version:
        return
    if expected < 0 or expected > locked.state.version:
        raise BadInput("This page does not fit the lead. Reload it and try again.", field="version")
    since = LeadEvent.objects.filter(lead_id=locked.lead_id, version__gt=expected).order_by("-version")
    newest = since.exclude(to_status="").first() or since.first()
    assert newest is not None
    moment = call.now or timezone.now()
    raise StaleVersion(
        f"{_who(newest)} {_did(newest)} {_ago(newest.recorded_at, moment)}. Your change was not saved.",
        who=_who(newest),
        when=newest.recorded_at,
        from_status=newest.from_status,
        to_status=newest.to_status,
        kind=newest.kind,
        version=locked.state.version,
    )


def _who(event: LeadEvent) -> str:
    return event.actor_name if event.actor_id is not None else "Scribe"


def _did(event: LeadEvent) -> str:
    if event.kind == Kind.MOVE_VOIDED:
        return f"undid a move, back to {State(event.to_status).label},"
    if event.to_status:
        return f"moved this lead to {State(event.to_status).label}"
    return {
        Kind.AGENT_ASSIGNED.value: "handed this lead on",
        Kind.CONTACT_LOGGED.value: "logged a contact",
        Kind.NOTE_ADDED.value: "added a note",
        Kind.FLAG_SET.value: "set a flag",
        Kind.FLAG_CLEARED.value: "cleared a flag",
        Kind.CONTACT_DETAILS_CHANGED.value: "changed the contact data",
        Kind.REASON_CORRECTED.value: "corrected a reason",
        Kind.SLA_BREACHED.value: "noted that the first contact is late",
    }.get(event.kind, "changed this lead")


def _ago(then: datetime, now: datetime) -> str:
    seconds = max(0, int((now - then).total_seconds()))
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= size:
            n = seconds // size
            return f"{n} {word}{'' if n == 1 else 's'} ago"
    return "just now" if seconds < 2 else f"{seconds} seconds ago"


@contextmanager
def naming_the_blocker(lead_id: int) -> Iterator[None]:
    """Lets a refused time say which fact stands in its way, in the viewer's zone."""
    try:
        yield
    except TypedTime as refusal:
        if refusal.details.get("blocked_by_tracked"):
            raise TypedTime(_blocked(lead_id), field="occurred_at") from None
        if born := refusal.details.get("created_at"):
            sentence = f"This lead has existed here since {_exact(born)}. Choose a later time."
            raise TypedTime(sentence, field="occurred_at") from None
        raise


def _blocked(lead_id: int) -> str:
    tracked = ~Q(to_status="") | Q(kind__in=[Kind.AGENT_ASSIGNED.value, Kind.FLAG_SET.value, Kind.FLAG_CLEARED.value])
    newest = LeadEvent.objects.filter(tracked, lead_id=lead_id).order_by("-version").first()
    assert newest is not None
    return (
        f"{_who(newest)} {_did(newest)} at {_exact(newest.occurred_at)}, and this cannot have come before it."
        " Choose a later time."
    )


def _exact(moment: Any) -> str:
    local = timezone.localtime(moment)
    return f"{local.day} {local:%b %Y, %H:%M %Z}"
