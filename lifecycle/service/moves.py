"""Moves and their undoing."""

from datetime import date, datetime
from typing import Any, Unpack
from uuid import UUID

from django.utils import timezone

from .. import intents as i
from ..authority import authorise
from ..decide import corrections
from ..errors import NothingToVoid
from ..events import NO_WORDS, Words
from ..models import LeadEvent
from ..speech import gettext
from . import stale
from .calls import Common, call
from .contacts import changed_contact, write_contact
from .record import Locked, Result, full_state, record
from .words import words


def move_lead(
    *,
    lead_id: int,
    to: str,
    kind: str = "",
    reason: str = "",
    note: str = "",
    document: str = "",
    closing_date: date | None = None,
    duplicate_of: Any = None,
    contact: dict[str, str] | None = None,
    occurred_at: datetime | None = None,
    **common: Unpack[Common],
) -> Result:
    """Moves a lead to another stage.

    In: the target state; reason, note, document reference, closing date, the lead that this one repeats, corrected
    contact data as the move needs them. ``kind`` tells two moves between the same states apart.
    """
    said = words(note, document)

    def prepare(locked: Locked) -> i.Intent:
        return i.Move(
            to=to,
            kind=kind,
            reason=reason,
            closing_date=closing_date,
            duplicate_of=str(duplicate_of.uuid) if duplicate_of is not None and duplicate_of.pk != lead_id else "",
            contact_fields=changed_contact(lead_id, contact).names if contact else (),
            occurred_at=occurred_at,
            words=said,
        )

    def after(locked: Locked, events: list[LeadEvent]) -> None:
        write_contact(lead_id, contact or {})

    return record(lead_id, call(common), prepare, after if contact else None)


def void_move(*, lead_id: int, target: UUID, reason: str, note: str = "", **common: Unpack[Common]) -> Result:
    """Takes back the newest effective move: both rows stay, the lead stands as it did before.

    In: the uuid of the move. Its author may within 15 minutes, a broker any time.
    """
    said = words(note)

    def prepare(locked: Locked) -> i.Intent:
        locked.state = full_state(lead_id)
        return _wish(lead_id, target, reason, said)

    return record(lead_id, call(common), prepare)


def check_void(*, lead_id: int, target: UUID, actor: Any) -> None:
    """Raises what the void of this fact would, before anybody has given a reason; for a page that offers it.

    Without a lock, so it promises nothing.
    """
    state, person = full_state(lead_id), actor.as_person
    intent = _wish(lead_id, target, "", NO_WORDS)
    authorise(person, state, intent)
    with stale.naming_the_blocker(lead_id, person):
        corrections.check_void(state, intent, person, i.Rules(now=timezone.now()))


def _wish(lead_id: int, target: UUID, reason: str, said: Words) -> i.VoidMove:
    event = LeadEvent.objects.filter(lead_id=lead_id, uuid=target).select_related("caused_by").first()
    if event is None:
        raise NothingToVoid(gettext("This lead has no such move."))
    return i.VoidMove(
        target=event.pk,
        author=event.author_id,
        reason=reason,
        kind=event.kind,
        is_move=bool(event.to_status),
        words=said,
    )
