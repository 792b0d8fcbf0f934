"""The one transaction in which a fact is written.

Order lock, lead lock, same uuid?, authorise, version, decide, hash, insert, cache. Nothing is rendered or sent here.
"""

import secrets
import uuid as uuids
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import chain
from ..authority import authorise
from ..decide import decide, times, understood
from ..errors import NotUnderstood
from ..events import SCHEMA_VERSION, Draft, Kind
from ..fold import LeadState, apply, fold
from ..intents import Intent, Rules
from ..models import LeadEvent
from ..speech import gettext
from . import replay, stale, store
from .office import rules_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Who asks, through which door, having seen which version. ``actor`` None is Scribe; ``now`` is the clock."""

    actor: Any
    source: str
    expected_version: int | None = None
    uuid: uuids.UUID | None = None
    batch: uuids.UUID | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What was appended (nothing when there was nothing to do), how the lead stands, whether it was said before.

    The state is for its cached columns: its moves do not know the ids of the facts that were just appended.
    """

    events: list[LeadEvent]
    state: LeadState
    replayed: bool = False
    lead_id: int = 0


@dataclass(slots=True)
class Locked:
    """A lead under the lock. ``holder`` is the uuid of ``state.agent``."""

    lead_id: int
    lead_uuid: uuids.UUID
    state: LeadState
    holder: uuids.UUID | None = None
    head_kind: str = ""


Prepare = Callable[[Locked], Intent]
After = Callable[[Locked, list[LeadEvent]], None]

_KNOWN = frozenset(k.value for k in Kind)


def record(lead_id: int, call: Call, prepare: Prepare, after: After | None = None) -> Result:
    """Appends what follows from an intent to one lead and updates its cache, or raises ``Refused`` and writes nothing.

    ``prepare`` builds the intent from the locked lead; ``after`` may write contact data in the same transaction.
    """
    key = call.uuid or uuids.uuid4()
    try:
        with transaction.atomic():
            return lock_and_write(lead_id, key, call, prepare, after)
    except IntegrityError:
        # The same uuid committed between our look and our insert: the answer is the one it got.
        seen = replay.find(key)
        if seen is None:
            if replay.find(replay.second_key(key)) is not None:
                raise replay.reused() from None
            raise
        with transaction.atomic():
            found = store.lock_lead(lead_id)
            return replay.answer(seen, lead_id, call, prepare(Locked(lead_id, found.uuid, found.state)), found.state)


def lock_and_write(lead_id: int, key: uuids.UUID, call: Call, prepare: Prepare, after: After | None = None) -> Result:
    """Locks one lead and writes to it, or gives the answer that this uuid got before.

    Runs inside the caller's transaction. A ``Refused`` leaves nothing of this lead behind, so
    the caller may go on with the next one.
    """
    found = store.lock_lead(lead_id, key)
    locked = Locked(lead_id, found.uuid, found.state, found.holder, found.head_kind)
    if found.same_uuid is not None:
        return replay.answer(found.same_uuid, lead_id, call, prepare(locked), found.state)
    return write(locked, key, call, prepare(locked), after)


def write(locked: Locked, key: uuids.UUID, call: Call, intent: Intent, after: After | None = None) -> Result:
    """Judges an intent on a locked lead and appends what follows. Runs inside the caller's transaction."""
    person = call.actor.as_person if call.actor is not None else None
    authorise(person, locked.state, intent)
    if locked.head_kind and locked.head_kind not in _KNOWN:
        raise NotUnderstood(gettext("A newer version of Hindsight has written to this lead. Update this server."))
    understood(locked.state)
    stale.check(locked, call)
    rules = rules_for(intent, call.now or timezone.now())
    with stale.naming_the_blocker(locked.lead_id, person):
        drafts = decide(locked.state, intent, person, rules)
    if not drafts:
        return Result([], locked.state, lead_id=locked.lead_id)
    events = _append(locked, drafts, key, call, rules)
    if after is not None:
        after(locked, events)
    return Result(events, locked.state, lead_id=locked.lead_id)


def _append(locked: Locked, drafts: list[Draft], key: uuids.UUID, call: Call, rules: Rules) -> list[LeadEvent]:
    recorded = times.recorded_at(locked.state, rules)
    events: list[LeadEvent] = []
    for n, draft in enumerate(drafts):
        event = _event(locked, draft, call, recorded, key if n == 0 else replay.second_key(key), events)
        salt = secrets.token_hex(16) if draft.words else ""
        event.note_digest = chain.words_digest(salt, draft.words)
        event.hash = _hash(locked, event, draft, call, events)
        after = apply(locked.state, event)
        last = n == len(drafts) - 1
        event.id = store.append(event, draft.words, salt, after if last else None)
        locked.state = after
        if event.kind == Kind.AGENT_ASSIGNED:
            locked.holder = _agent_uuid(event.to_agent_id)
        events.append(event)
    return events


def _event(
    locked: Locked, draft: Draft, call: Call, recorded: datetime, key: uuids.UUID, before: list[LeadEvent]
) -> LeadEvent:
    actor = None if draft.by_scribe else call.actor
    return LeadEvent(
        uuid=key,
        lead_id=locked.lead_id,
        version=locked.state.version + 1,
        kind=draft.kind.value,
        from_status=str(draft.from_status),
        to_status=str(draft.to_status),
        agent_id=locked.state.agent,
        to_agent_id=draft.to_agent,
        flag=str(draft.flag),
        reason=draft.reason,
        actor_id=actor.pk if actor is not None else None,
        actor_name=actor.display_name if actor is not None else "",
        source=str(call.source),
        target_id=draft.target,
        caused_by_id=before[0].id if draft.caused_by_first else None,
        batch=call.batch,
        occurred_at=draft.occurred_at,
        recorded_at=recorded,
        backfilled=draft.backfilled,
        data=draft.data,
        schema_version=SCHEMA_VERSION,
    )


def _hash(locked: Locked, event: LeadEvent, draft: Draft, call: Call, before: list[LeadEvent]) -> str:
    return chain.event_hash(
        locked.state.head_hash or chain.GENESIS,
        event,
        lead=locked.lead_uuid,
        agent=locked.holder,
        to_agent=_agent_uuid(draft.to_agent),
        actor=call.actor.uuid if event.actor_id is not None else None,
        target=LeadEvent.objects.values_list("uuid", flat=True).get(pk=draft.target) if draft.target else None,
        caused_by=before[0].uuid if draft.caused_by_first else None,
    )


def _agent_uuid(agent_id: int | None) -> uuids.UUID | None:
    if agent_id is None:
        return None
    people = LeadEvent._meta.get_field("to_agent").related_model
    found: uuids.UUID = people._default_manager.values_list("uuid", flat=True).get(pk=agent_id)
    return found


def check_version(*, lead: Any, actor: Any, source: str, expected_version: int) -> None:
    """Raises what an action with this version would: ``StaleVersion``, or ``BadInput`` for no real version.

    Without a lock, so it promises nothing; a page asks beforehand to answer an old card with the right sentence.
    """
    call = Call(actor=actor, source=source, expected_version=expected_version)
    stale.check(Locked(lead.pk, lead.uuid, lead.cached_state), call)


def full_state(lead_id: int) -> LeadState:
    """The fold of a lead's whole stream, with its moves; for corrections, which look back."""
    return fold(LeadEvent.objects.filter(lead_id=lead_id).order_by("version"))
