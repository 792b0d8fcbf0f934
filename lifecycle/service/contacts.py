"""A lead comes in, is contacted, and its contact data changes. The values live on the lead, never in the log."""

import uuid as uuids
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple, Unpack

from django.db import IntegrityError, transaction

from .. import intents as i
from ..errors import InputMissing
from ..events import Direction, Source
from ..fold import CACHED, EMPTY, GUARDED
from ..models import LeadEvent
from ..speech import gettext
from ..storable import check_storable
from . import replay, store
from .accounts import gone
from .calls import Common, call
from .record import Call, Locked, Result, record, write
from .words import words

CONTACT_FIELDS = ("name", "email", "phone", "headline", "address")


def create_lead(
    *,
    lead: Any,
    inquiry: str,
    agent: Any = None,
    note: str = "",
    occurred_at: datetime | None = None,
    **common: Unpack[Common],
) -> Result:
    """Lets a new lead in: its row and its first fact, and a second one when it is born with an agent.

    In: an unsaved lead with a name and an e-mail or a phone, where it came from (``events.Inquiry``).
    """
    made = call(common)
    intent = i.Create(
        inquiry=inquiry,
        agent=None if agent is None else agent.pk,
        occurred_at=occurred_at,
        words=words(note),
    )
    clean = type(lead).cleaned_contact({name: getattr(lead, name) for name in CONTACT_FIELDS})
    if made.source != Source.IMPORT and not (clean["email"] or clean["phone"]):
        raise InputMissing(gettext("Enter an e-mail or a phone number, so that somebody can answer."), field="email")
    for name, value in clean.items():
        setattr(lead, name, value)
    key = made.uuid or uuids.uuid4()
    try:
        with transaction.atomic():
            return _create(lead, key, made, intent, agent)
    except IntegrityError:
        seen = replay.find(key)
        if seen is None:
            raise
        return _seen(lead, seen, made, intent)


def _create(lead: Any, key: uuids.UUID, made: Call, intent: i.Create, agent: Any) -> Result:
    store.hold_order_lock()
    intent = replace(intent, gone=gone(agent))
    seen = replay.find(key)
    if seen is not None:
        return _seen(lead, seen, made, intent)
    lead.save(force_insert=True)
    result = write(Locked(lead.pk, lead.uuid, EMPTY), key, made, intent)
    for name in (*GUARDED, *CACHED):
        setattr(lead, "agent_id" if name == "agent" else name, getattr(result.state, name))
    return result


def _seen(lead: Any, seen: int, made: Call, intent: i.Create) -> Result:
    """The lead that an earlier sending of the same form made; its contact data must be the same as well."""
    first = LeadEvent.objects.select_related("lead").get(pk=seen)
    existing = first.lead
    result = replay.answer(seen, first.lead_id, made, intent, existing.cached_state)
    differs = any(getattr(existing, n) != getattr(lead, n) for n in CONTACT_FIELDS)
    if differs and not replay.contact_changed_since(first):
        raise replay.reused()
    lead.pk, lead.uuid = existing.pk, existing.uuid
    return result


def log_contact(
    *,
    lead_id: int,
    channel: str,
    outcome: str,
    direction: str = Direction.OUTBOUND,
    note: str = "",
    override_reason: str = "",
    occurred_at: datetime | None = None,
    **common: Unpack[Common],
) -> Result:
    """Records a call, e-mail, text or meeting; the first outreach to a new lead moves it to CONTACTING as well.

    ``override_reason`` is asked when the lead must not be contacted.
    """
    check_storable(override_reason, "override_reason")
    override = bool(override_reason.strip())
    said = f"Despite “do not contact”: {override_reason.strip()}\n{note}".strip() if override else note
    intent = i.LogContact(
        channel=str(channel),
        direction=str(direction),
        outcome=str(outcome),
        override=override,
        occurred_at=occurred_at,
        words=words(said),
    )
    return record(lead_id, call(common), lambda locked: intent)


def change_contact(
    *, lead_id: int, fields: dict[str, str], occurred_at: datetime | None = None, **common: Unpack[Common]
) -> Result:
    """Changes name, e-mail, phone, headline or address. The log learns which ones, never their values."""

    def prepare(locked: Locked) -> i.Intent:
        return i.ChangeContact(fields=changed_contact(lead_id, fields).names, occurred_at=occurred_at)

    def after(locked: Locked, events: list[LeadEvent]) -> None:
        write_contact(lead_id, fields)

    return record(lead_id, call(common), prepare, after)


class Changed(NamedTuple):
    names: tuple[str, ...]
    columns: dict[str, str]


def changed_contact(lead_id: int, fields: dict[str, str]) -> Changed:
    """Which of these contact facts differ from the lead's, and the columns to set. Raises ``BadInput``."""
    lead = _leads().get(pk=lead_id)
    clean = type(lead).cleaned_contact(fields)
    names = tuple(sorted(n for n in fields if getattr(lead, n) != clean[n]))
    reachable = clean.get("email", lead.email) or clean.get("phone", lead.phone)
    if names and not reachable and (lead.email or lead.phone):
        raise InputMissing(gettext("Keep an e-mail or a phone number, so that somebody can answer."), field="email")
    return Changed(names, clean)


def write_contact(lead_id: int, fields: dict[str, str]) -> None:
    """Sets the contact columns that differ, inside the caller's transaction."""
    changed = changed_contact(lead_id, fields)
    if changed.names:
        _leads().filter(pk=lead_id).update(**changed.columns)


def _leads() -> Any:
    lead = LeadEvent._meta.get_field("lead").related_model
    return lead._default_manager
