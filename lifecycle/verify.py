"""Is the log what it claims to be? Streams gapless, chained and legal, cached columns their fold, guards present."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from django.db import DatabaseError, connection

from . import chain, guards, tally
from .damage import damage, damaged_leads, leads_of_damaged_facts, leads_of_damaged_words
from .events import BEGINNINGS, DEMOTIONS, Kind, Source, Words
from .fold import Folding, LeadState, is_tracked
from .imported import from_unknown
from .models import Checkpoint, LeadEvent
from .proof.against import Held, differences
from .proof.notes import NotACheckpoint, PublicKey
from .reasons import NEED_REASON
from .streams import Stream, one_moment, people, streams
from .transitions import between

_KNOWN = frozenset(k.value for k in Kind)
_DRIFT = "the cached column"
_ANYWHERE = frozenset({Kind.IMPORT_WITHDRAWN.value, Kind.MOVE_VOIDED.value})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong and where; ``version`` 0 speaks of the lead as a whole."""

    lead: str
    version: int
    what: str

    @property
    def is_drift(self) -> bool:
        """Whether a cached column is not what the log says: the log itself may be sound."""
        return self.what.startswith(_DRIFT)

    def __str__(self) -> str:
        place = f"{self.lead}, version {self.version}" if self.version else self.lead or "the log"
        return f"{place}: {self.what}"


@dataclass(slots=True)
class Verdict:
    """``unknown`` are facts of a newer release, about which this one cannot tell; ``checkpoints``: how many notes the
    log was compared with."""

    leads: int = 0
    events: int = 0
    checkpoints: int = 0
    problems: list[Problem] = field(default_factory=list)
    unknown: list[Problem] = field(default_factory=list)
    guards_missing: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        if self.problems or self.guards_missing:
            return 1
        return 2 if self.unknown else 0

    def sentences(self) -> list[str]:
        """All that is wrong or cannot be told, a sentence each."""
        return [f"guard missing: {name}" for name in self.guards_missing] + [
            str(problem) for problem in (*self.problems, *self.unknown)
        ]


def verify(held: Sequence[Held] = (), keys: Sequence[PublicKey] = ()) -> Iterator[Verdict]:
    """Checks everything in one snapshot. Yields the growing verdict after each lead, the last one is final.

    ``held``: checkpoints that somebody kept, with the keys of which one has to have signed each. Those that are stored
    here are compared in any case, whoever signed them.
    """
    verdict = Verdict(guards_missing=guards.missing(connection))
    try:
        yield from _verified(held, keys, verdict)
    except (ValueError, TypeError, AttributeError, DatabaseError):
        # A row that no driver can make values of ends the reading of all of them.
        if not (wrong := damaged_leads() | leads_of_damaged_facts() | leads_of_damaged_words()):
            raise
        verdict.problems += [problem for pk in sorted(wrong) for problem in _damage(pk)]
        verdict.problems.append(Problem("", 0, "could not be read to its end; mend these rows, and verify again"))
        yield verdict


def _verified(held: Sequence[Held], keys: Sequence[PublicKey], verdict: Verdict) -> Iterator[Verdict]:
    with one_moment():
        uuids = people()
        for stream in streams():
            verdict.leads += 1
            verdict.events += len(stream.events)
            if any(e.kind not in _KNOWN for e in stream.events):
                verdict.unknown.append(Problem(stream.key, 0, "carries facts of a newer release"))
            verdict.problems += _problems(stream, uuids)
            yield verdict
        if LeadEvent.objects.count() != verdict.events:
            verdict.problems.append(Problem("", 0, "there are events that belong to no lead"))
        verdict.problems += [problem for pk in sorted(damaged_leads()) for problem in _damage(pk)]
        if n := tally.drifted():
            verdict.problems.append(Problem("", 0, f"the tally of the board differs from the leads in {n} places"))
        yield verdict
        verdict.problems += [Problem("", 0, what) for what in _unlike_before(held, keys, verdict)]
    yield verdict


def _damage(lead_id: int) -> list[Problem]:
    """What of a lead cannot be read, in plain text: its row is not asked for its key, which may be what is damaged."""
    return [Problem(f"L-{lead_id}", d.version, f"{d.column}: {d.what}") for d in damage(lead_id)]


def _unlike_before(held: Sequence[Held], keys: Sequence[PublicKey], verdict: Verdict) -> list[str]:
    kept, found = [], []
    for number, note in Checkpoint.objects.order_by("number").values_list("number", "note"):
        try:
            kept.append(Held.read(str(number), note))
        except NotACheckpoint as wrong:
            found.append(f"checkpoint {number}: {wrong}")
    # One that lies here as well is compared once, as the one that was kept elsewhere.
    known = {one.note for one in held}
    kept = [one for one in kept if one.note not in known]
    verdict.checkpoints = len(held) + len(kept)
    return found + differences([*held, *kept], held, keys)


def _problems(stream: Stream, uuids: dict[int, Any]) -> list[Problem]:
    if not stream.events:
        return [Problem(stream.key, 0, "has no events")]
    try:
        return [Problem(stream.key, version, what) for version, what in _walk(stream, uuids)]
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError):
        return _damage(stream.lead_id) or [Problem(stream.key, 0, "holds a value that no release writes")]


def _walk(stream: Stream, uuids: dict[int, Any]) -> Iterator[tuple[int, str]]:
    folding, previous = Folding(), None
    erased = max((e.version for e in stream.events if e.kind == Kind.PERSONAL_DATA_ERASED), default=0)
    for place, event in enumerate(stream.events, start=1):
        if event.version != place:
            yield event.version, f"version {place} is missing"
            return
        for what in _row_problems(event, previous, folding.now, stream, uuids, erased):
            yield event.version, what
        folding.add(event)
        previous = event
    if any(e.kind not in _KNOWN for e in stream.events):
        return
    yield from ((stream.cached.version, what) for what in _drift(folding.state(), stream.cached))


def _row_problems(
    event: Any, previous: Any, state: LeadState, stream: Stream, uuids: dict[int, Any], erased: int
) -> Iterator[str]:
    if event.hash != _recomputed(event, state, stream, uuids):
        yield "the hash does not fit the row and the one before it"
    if previous is not None and event.recorded_at < previous.recorded_at:
        yield "recorded before the fact that precedes it"
    if is_tracked(event) and state.last_occurred_at is not None and event.occurred_at < state.last_occurred_at:
        yield "happened before the tracked fact that precedes it"
    if event.agent_id != state.agent:
        yield "names another holder than the facts before it"
    if event.kind in _KNOWN:
        yield from _illegal(event, state)
    if not _words_fit(event, covered=event.version < erased):
        yield "its words are missing or differ from their digest"
    if event.salt is not None and event.version < erased:
        yield "its words are still there, though a later fact says that they were erased"


def _recomputed(event: Any, state: LeadState, stream: Stream, uuids: dict[int, Any]) -> str:
    return chain.event_hash(
        state.head_hash or chain.GENESIS,
        event,
        lead=stream.lead_uuid,
        agent=uuids.get(event.agent_id),
        to_agent=uuids.get(event.to_agent_id),
        actor=uuids.get(event.actor_id),
        target=event.target_uuid,
        caused_by=event.cause_uuid,
    )


def _illegal(event: Any, state: LeadState) -> Iterator[str]:
    unknown = from_unknown(event) and event.backfilled
    if (event.version == 1) != (event.kind in BEGINNINGS and not event.from_status and not unknown):
        yield "a lead begins once, with its first fact"
    if not event.reason and event.kind in (DEMOTIONS if event.source == Source.IMPORT else NEED_REASON):
        yield "has no reason"
    if event.kind == Kind.MOVE_VOIDED:
        newest = state.moves[-1] if state.moves else None
        if newest is None or newest.event_id != event.target_id or newest.before["status"] != event.to_status:
            yield "does not undo the newest effective move"
    if not event.to_status:
        return
    if event.from_status != state.status and not unknown:
        yield f"says it left {event.from_status or 'nothing'}, but the lead stood in {state.status or 'nothing'}"
    if event.kind in _ANYWHERE:
        return
    legal = [t.kind for t in between(event.from_status, event.to_status)]
    if event.kind == Kind.HISTORY_IMPORTED:
        if event.source != Source.IMPORT or (legal and event.from_status):
            yield "claims to be imported history and is not"
    elif event.kind not in legal:
        yield f"moves from {event.from_status or 'nothing'} to {event.to_status}, which the table forbids"


def _words_fit(event: Any, *, covered: bool) -> bool:
    """``covered``: a later fact of the lead says that the words up to it were erased."""
    if event.salt is None:
        return not event.note_digest or covered
    words = Words(event.note, event.document, event.source_words)
    return bool(event.note_digest == chain.words_digest(event.salt, words))


def _drift(state: LeadState, cached: LeadState) -> Iterator[str]:
    folded = replace(state, moves=())
    for column in fields(LeadState):
        if getattr(folded, column.name) != getattr(cached, column.name):
            yield f"{_DRIFT} {column.name} is not what the log says"
