"""Whole streams of imported facts, many leads in one transaction, with chain and guards like any other fact.

COPY on PostgreSQL, ``executemany`` on SQLite; one cache update a lead, in one batch.
"""

import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ... import chain
from ...events import SCHEMA_VERSION, Kind, Source
from ...fold import EMPTY, LeadState, fold
from ...imported import Told, Unfit, judge
from ...models import LeadEvent
from .. import many, store
from .earlier import Earlier


@dataclass(frozen=True, slots=True)
class Someone:
    """A person named in a foreign history: database id, uuid, display name."""

    id: int
    uuid: UUID
    name: str


#: Names → people; makes those who are missing. Called inside the transaction, for accepted leads alone.
People = Callable[[Collection[str]], Mapping[str, Someone]]


@dataclass(slots=True)
class Stream:
    """One lead of a foreign history. ``lead`` is unsaved, or the one that an earlier import made."""

    lead: Any
    told: list[Told]


@dataclass(slots=True)
class Imported:
    """What came of a batch: leads and events added, leads known before, refusals as (key, line, sentence)."""

    leads: int = 0
    events: int = 0
    known: int = 0
    refused: list[tuple[str, int, str]] = field(default_factory=list)


#: Of these rows nothing is recorded, of the lead something is: its past would have to go in before that.
_BEGUN = (
    "This lead is here already, and its history cannot be put before what is recorded of it. "
    "Import the history first and the export of leads after it."
)


#: An old export must not bring back what somebody had erased.
_ERASED = "The personal data of this lead were erased; nothing more is imported about it."


class _Rehearsed(Exception):
    pass


def import_streams(
    streams: Sequence[Stream],
    people: People,
    *,
    now: datetime,
    batch: UUID,
    irregular: Collection[str] = ("keep",),
    rehearse: bool = False,
) -> Imported:
    """Appends foreign histories, each lead whole or not at all; what is there already is not added again.

    In: about a thousand events' worth of leads, ``now`` as the time of recording, whether moves outside our table are
    kept. ``rehearse`` does everything and leaves nothing behind.
    """
    done = Imported()
    try:
        # Without a savepoint inside a caller's transaction: SQLite keeps every page that is changed under one in a list
        # and walks along it at the end of every statement, which costs more than all the rest.
        with transaction.atomic(savepoint=False):
            store.hold_order_lock()
            work = _Batch(people, now, batch, irregular, done)
            work.write(work.accepted(streams))
            if rehearse:
                raise _Rehearsed
    except _Rehearsed:
        pass
    return done


def append(
    streams: Sequence[Stream],
    people: People,
    *,
    now: datetime,
    batch: UUID,
    states: Mapping[int, LeadState] | None = None,
) -> Imported:
    """Appends facts that were judged already to leads that are locked; inside the caller's transaction.

    In: ``states``, the full folds of leads whose new facts undo a move; the others are read from their caches.
    """
    work = _Batch(people, now, batch, ("keep",), Imported())
    work.states.update(states or {})
    for stream in streams:
        if stream.lead.pk not in work.states:
            work.states[stream.lead.pk] = stream.lead.cached_state
    work.write(streams)
    return work.done


class _Batch:
    def __init__(self, people: People, now: datetime, batch: UUID, irregular: Collection[str], done: Imported) -> None:
        self.people, self.now, self.batch, self.irregular, self.done = people, now, batch, irregular, done
        self.events: list[many.NewEvent] = []
        self.notes: list[tuple[many.NewEvent, Told, str]] = []
        self.states: dict[int, LeadState] = {}
        self.holders: dict[int, UUID] = {}

    def write(self, accepted: Sequence[Stream]) -> None:
        names = {n for s in accepted for t in s.told for n in (t.actor, t.owner) if n}
        who = self.people(names)
        fresh = [s.lead for s in accepted if s.lead.pk is None]
        many.insert_leads(fresh)
        self.done.leads += len(fresh)
        for stream in accepted:
            self._build(stream, who)
        self._insert()

    def accepted(self, streams: Sequence[Stream]) -> list[Stream]:
        """The streams with their unrecorded rows, judged; what is refused and what is known is counted."""
        accepted = []
        earlier = Earlier([s.lead.pk for s in streams if s.lead.pk is not None])
        for stream in streams:
            try:
                tail = self._tail(stream, earlier)
                if tail.told:
                    accepted.append(tail)
                else:
                    self.done.known += 1
            except Unfit as unfit:
                self.done.refused.append((stream.lead.key, unfit.line, unfit.sentence))
        return accepted

    def _tail(self, stream: Stream, earlier: Earlier) -> Stream:
        """The rows that are not in the log yet, judged; raises ``Unfit`` when an old row has changed."""
        state, told = EMPTY, stream.told
        if stream.lead.pk is not None:
            told = earlier.unrecorded(stream.told)
            if told:
                state = store.lock_lead(stream.lead.pk).state
                self.states[stream.lead.pk] = state
                if state.erased_at is not None:
                    raise Unfit(told[0].line, _ERASED)
                if state.version and len(told) == len(stream.told):
                    raise Unfit(told[0].line, _BEGUN)
        judge(told, state, now=self.now, irregular=self.irregular)
        return Stream(stream.lead, told)

    def _build(self, stream: Stream, who: Mapping[str, Someone]) -> None:
        lead = stream.lead
        state = self.states.get(lead.pk, EMPTY)
        agent, holder, head = state.agent, self._holder(state.agent), state.head_hash or chain.GENESIS
        recorded = max(t for t in (self.now, state.last_recorded_at, state.last_occurred_at) if t is not None)
        made: list[Any] = []
        for version, told in enumerate(stream.told, start=state.version + 1):
            actor, owner = who.get(told.actor), who.get(told.owner)
            event = self._event(lead.pk, version, told, agent, actor, owner, recorded)
            head = event.hash = chain.event_hash(
                head,
                event,
                lead=lead.uuid,
                agent=holder,
                to_agent=owner.uuid if owner else None,
                actor=actor.uuid if actor else None,
                target=told.target[1] if told.target else None,
                caused_by=None,
            )
            if told.kind == Kind.AGENT_ASSIGNED:
                agent, holder = (owner.id, owner.uuid) if owner else (None, None)
            made.append(event)
        # Folded in one go: a state of its own for every fact would take a good part of the time.
        self.states[lead.pk] = fold(made, state)
        self.events += made

    def _event(
        self,
        lead_id: int,
        version: int,
        told: Told,
        agent: int | None,
        actor: Someone | None,
        owner: Someone | None,
        recorded: datetime,
    ) -> many.NewEvent:
        event = many.NewEvent(
            uuid=told.uuid,
            lead_id=lead_id,
            version=version,
            kind=told.kind.value,
            from_status=told.from_status,
            to_status=told.to_status,
            flag=told.flag,
            target_id=told.target[0] if told.target else None,
            agent_id=agent,
            to_agent_id=owner.id if owner else None,
            reason=told.reason,
            actor_id=actor.id if actor else None,
            actor_name=actor.name if actor else "",
            source=Source.IMPORT.value,
            batch=self.batch,
            # A step may be written minutes after the import began.
            occurred_at=recorded if told.undated else told.occurred_at,
            recorded_at=recorded,
            backfilled=told.backfilled,
            data=dict(told.data),
            schema_version=SCHEMA_VERSION,
        )
        if told.words:
            salt = secrets.token_hex(16)
            event.note_digest = chain.words_digest(salt, told.words)
            self.notes.append((event, told, salt))
        return event

    def _holder(self, agent_id: int | None) -> UUID | None:
        """The public name of whoever held the lead before; each person is asked for once."""
        if agent_id is None:
            return None
        if agent_id not in self.holders:
            person = LeadEvent._meta.get_field("agent").related_model
            self.holders[agent_id] = person._default_manager.values_list("uuid", flat=True).get(pk=agent_id)
        return self.holders[agent_id]

    def _insert(self) -> None:
        if not self.events:
            return
        self.done.events += len(self.events)
        for event, key in zip(self.events, many.draw_ids(len(self.events)), strict=True):
            event.id = key
        many.insert_events(self.events)
        many.insert_notes(
            [e.id, t.words.note, t.words.document, t.words.source_words, salt] for e, t, salt in self.notes
        )
        written = {e.lead_id for e in self.events}
        many.update_caches({pk: s for pk, s in self.states.items() if pk in written})
