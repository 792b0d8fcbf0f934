"""Assignments, flags, notes and corrected reasons."""

from dataclasses import replace
from datetime import datetime
from typing import Any, Unpack
from uuid import UUID

from .. import intents as i
from ..authority import authorise
from ..decide import corrections
from ..errors import ReasonNotValid
from ..events import NO_WORDS, Kind, Words
from ..models import LeadEvent
from ..speech import gettext
from . import stale
from .accounts import gone
from .calls import Common, call
from .record import Locked, Result, full_state, record
from .words import words


def assign_lead(
    *,
    lead_id: int,
    to_agent: Any,
    reason: str,
    note: str = "",
    occurred_at: datetime | None = None,
    **common: Unpack[Common],
) -> Result:
    """Hands a lead to an agent (a user), or back to the pool (None). Claiming is assigning to oneself."""
    intent = i.Assign(
        to_agent=None if to_agent is None else to_agent.pk,
        reason=reason,
        occurred_at=occurred_at,
        words=words(note),
    )
    return record(lead_id, call(common), lambda locked: replace(intent, gone=gone(to_agent)))


def set_flag(
    *,
    lead_id: int,
    flag: str,
    reason: str,
    note: str = "",
    occurred_at: datetime | None = None,
    **common: Unpack[Common],
) -> Result:
    """Closes a channel. Setting what is set already writes nothing."""
    intent = i.ChangeFlag(flag=flag, on=True, reason=reason, occurred_at=occurred_at, words=words(note))
    return record(lead_id, call(common), lambda locked: intent)


def clear_flag(
    *,
    lead_id: int,
    flag: str,
    reason: str,
    note: str = "",
    occurred_at: datetime | None = None,
    **common: Unpack[Common],
) -> Result:
    """Opens a channel again. The hard flags are for a broker, or for the lead's own recorded words."""
    intent = i.ChangeFlag(flag=flag, on=False, reason=reason, occurred_at=occurred_at, words=words(note))
    return record(lead_id, call(common), lambda locked: intent)


def add_note(
    *,
    lead_id: int,
    note: str,
    document: str = "",
    occurred_at: datetime | None = None,
    **common: Unpack[Common],
) -> Result:
    """Adds a note; ``document`` refers to a signed document and settles a "no document" warning."""
    intent = i.AddNote(occurred_at=occurred_at, words=words(note, document))
    return record(lead_id, call(common), lambda locked: intent)


def correct_reason(
    *, lead_id: int, target: UUID, reason: str, note: str, saw: str | None = None, **common: Unpack[Common]
) -> Result:
    """Puts a better reason beside the one that was given.

    In: the uuid of the corrected fact; ``saw``, the reason that stood when the person looked: another one now is
    refused as stale (None: no such check).
    """
    said = words(note)

    def prepare(locked: Locked) -> i.Intent:
        locked.state = full_state(lead_id)
        return _correction(lead_id, target, reason, said, saw)

    return record(lead_id, call(common), prepare)


def check_correction(*, lead_id: int, target: UUID, actor: Any) -> None:
    """Raises what a correction of this fact would, whatever the new reason; for a page that offers it.

    Without a lock, so it promises nothing.
    """
    state = full_state(lead_id)
    intent = _correction(lead_id, target, "", NO_WORDS)
    person = actor.as_person
    authorise(person, state, intent)
    with stale.naming_the_blocker(lead_id, person):
        corrections.check_correction(state, intent)


def _correction(lead_id: int, target: UUID, reason: str, said: Words, saw: str | None = None) -> i.CorrectReason:
    event = LeadEvent.objects.filter(lead_id=lead_id, uuid=target).first()
    if event is None:
        raise ReasonNotValid(gettext("This lead has no such fact."), field="reason")
    newest = event.corrections.filter(kind=Kind.REASON_CORRECTED.value).order_by("-version").first()
    return i.CorrectReason(
        target=event.pk,
        kind=event.kind,
        first=event.reason,
        was=(newest or event).reason,
        reason=reason,
        saw=saw,
        words=said,
    )
