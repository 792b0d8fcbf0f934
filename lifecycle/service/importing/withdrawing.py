"""An import is taken back, lead by lead, and taken up again when the same leads come once more.

A withdrawn lead stands in TRASHED by ``import_withdrawn``. Taking it up voids that, so that it stands where it stood,
since when it stood there; what the newer file says beyond it comes on top.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Exists, OuterRef

from ...authority import authorise_import
from ...backfill import Snapshot, catch_up
from ...events import NO_WORDS, Kind, Source
from ...flags import Flag
from ...fold import LeadState, fold
from ...imported import Told
from ...models import LeadEvent
from ...states import State
from .. import store
from .streams import Imported, People, Someone, Stream, append


@dataclass(slots=True)
class Withdrawn:
    """What came of it: ids of leads withdrawn now, withdrawn already, and touched by somebody since."""

    done: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    touched: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Again:
    """A lead that an import brought and another took back, and what a file says of it now; ``key`` in that source."""

    lead: Any
    source: str
    key: str
    row: Snapshot


def withdraw(*, lead_ids: Sequence[int], batch: UUID, actor: Any, now: datetime) -> Withdrawn:
    """Takes back what one import brought, where nobody has touched it since; a few hundred leads, one transaction.

    In: leads of the import whose facts bear ``batch``, who takes it back (None: a command). Sent again it changes
    nothing more. Raises ``NotYours`` unless this person may import.
    """
    authorise_import(None if actor is None else actor.as_person)
    outcome = Withdrawn()
    with transaction.atomic(savepoint=False):
        store.hold_order_lock()
        locked = store.lock_leads(lead_ids)
        heads = _heads(locked)
        leads = _leads(locked)
        streams = []
        for pk, state in locked.items():
            head = heads.get(pk)
            if head is None or head.batch != batch:
                outcome.touched.append(pk)
            elif head.kind == Kind.IMPORT_WITHDRAWN:
                outcome.before.append(pk)
            else:
                outcome.done.append(pk)
                streams.append(Stream(leads[pk], [_withdrawal(pk, state, batch, actor, now)]))
        append(streams, _only(actor), now=now, batch=batch)
    return outcome


def take_up(
    wishes: Sequence[Again], people: People, *, batch: UUID, actor: Any, now: datetime
) -> tuple[Imported, list[int]]:
    """Takes leads up again whose import was taken back; out: what was appended, and the ids of the leads taken up.

    A lead that somebody has worked with since its withdrawal stays as it is. Raises ``NotYours``.
    """
    authorise_import(None if actor is None else actor.as_person)
    with transaction.atomic(savepoint=False):
        store.hold_order_lock()
        ids = sorted({w.lead.pk for w in wishes})
        store.lock_leads(ids)
        states, public = _folded(ids)
        names = _names({s.agent for s in states.values() if s.agent is not None})
        streams, full = [], {}
        for wish in wishes:
            state = states[wish.lead.pk]
            taken = state.moves[-1] if state.moves else None
            if taken is None or taken.kind != Kind.IMPORT_WITHDRAWN or wish.lead.pk in full:
                continue
            if state.erased_at is not None:  # What comes along with it would tell of the person again.
                continue
            at = _now(state, now)
            target = (taken.event_id, public[taken.event_id])
            stood = taken.before["status"]
            told = [_revocation(wish.lead.pk, state, target, stood, batch, actor, at)]
            standing = _standing(wish.row.line, stood, state, names)
            told += catch_up(wish.source, wish.key, wish.row, standing, now=at, edition=str(batch))
            streams.append(Stream(wish.lead, told))
            full[wish.lead.pk] = state
        everybody = _with(people, actor)
        done = append(streams, everybody, now=now, batch=batch, states=full)
    return done, [s.lead.pk for s in streams]


def withdrawn_among(lead_ids: Sequence[int]) -> set[int]:
    """Which of these leads stand withdrawn: their newest move that nobody undid took their import back; one query."""
    undone = LeadEvent.objects.filter(kind=Kind.MOVE_VOIDED.value, target=OuterRef("pk"))
    moves = LeadEvent.objects.filter(lead_id__in=lead_ids).exclude(to_status="").exclude(kind=Kind.MOVE_VOIDED.value)
    last = moves.filter(~Exists(undone)).order_by("lead_id", "-version")
    newest: dict[int, str] = {}
    for lead, kind in last.values_list("lead_id", "kind"):
        newest.setdefault(lead, kind)
    return {lead for lead, kind in newest.items() if kind == Kind.IMPORT_WITHDRAWN}


def _withdrawal(pk: int, state: LeadState, batch: UUID, actor: Any, now: datetime) -> Told:
    return Told(
        line=0,
        seq=0,
        uuid=uuid5(batch, f"withdrawn-{pk}-{state.version}"),
        kind=Kind.IMPORT_WITHDRAWN,
        occurred_at=_now(state, now),
        actor=_name(actor),
        from_status=state.status,
        to_status=State.TRASHED.value,
        owner="",
        reason="",
        backfilled=False,
        words=NO_WORDS,
        data={"batch": str(batch)},
    )


def _revocation(
    pk: int, state: LeadState, target: tuple[int, UUID], stood: str, batch: UUID, actor: Any, at: datetime
) -> Told:
    return Told(
        line=0,
        seq=0,
        uuid=uuid5(batch, f"again-{pk}-{state.version}"),
        kind=Kind.MOVE_VOIDED,
        occurred_at=at,
        actor=_name(actor),
        from_status=state.status,
        to_status=stood,
        owner="",
        reason="",
        backfilled=False,
        words=NO_WORDS,
        data={},
        target=target,
    )


def _now(state: LeadState, now: datetime) -> datetime:
    return max(t for t in (now, state.last_recorded_at, state.last_occurred_at) if t is not None)


def _standing(line: int, status: str, state: LeadState, names: Mapping[int, str]) -> Snapshot:
    closed = tuple(f.value for f in Flag if state.flag(f.value))
    return Snapshot(line=line, status=status, agent=names.get(state.agent, ""), flags=closed)


def _name(actor: Any) -> str:
    return "" if actor is None else str(actor.display_name)


def _only(actor: Any) -> People:
    me = {} if actor is None else {actor.display_name: Someone(actor.pk, actor.uuid, actor.display_name)}
    return lambda names: me


def _with(people: People, actor: Any) -> People:
    me = _only(actor)
    return lambda names: {**people([n for n in names if n != _name(actor)]), **me(names)}


def _leads(states: Mapping[int, LeadState]) -> dict[int, Any]:
    lead: Any = LeadEvent._meta.get_field("lead").related_model
    found: dict[int, Any] = lead._default_manager.in_bulk(list(states))
    return found


def _heads(states: Mapping[int, LeadState]) -> dict[int, LeadEvent]:
    """The newest fact of every lead that is not Scribe's round: a clock that ran out is nobody's work. One query."""
    events = LeadEvent.objects.filter(lead_id__in=list(states)).exclude(source=Source.SCHEDULE.value)
    newest = events.order_by("lead_id", "version")
    return {e.lead_id: e for e in newest.only("lead_id", "version", "kind", "batch")}


def _folded(ids: Sequence[int]) -> tuple[dict[int, LeadState], dict[int, UUID]]:
    """The fold of whole streams, with their moves, and the public names of the facts; one query."""
    streams: dict[int, list[LeadEvent]] = {pk: [] for pk in ids}
    public = {}
    for event in LeadEvent.objects.filter(lead_id__in=ids).order_by("lead_id", "version"):
        streams[event.lead_id].append(event)
        public[event.pk] = event.uuid
    return {pk: fold(events) for pk, events in streams.items()}, public


def _names(ids: set[int]) -> dict[int, str]:
    people: Any = LeadEvent._meta.get_field("to_agent").related_model
    return dict(people._default_manager.filter(pk__in=ids).values_list("pk", "display_name"))
