"""Many leads reassigned in one action: one fact a lead, one batch, each lead judged like any other.

A batch is begun once, with its whole plan, and then carried on in steps of a few hundred leads, a transaction each.
Its uuid comes with the form, each fact's uuid follows from batch and lead: whatever is sent twice, or breaks off in the
middle and is carried on, assigns no lead twice and comes to the same end.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from .. import intents as i
from ..authority import authorise
from ..decide.reasons_given import check_reason
from ..errors import BadInput, InputMissing, NotYours, Refused
from ..events import Kind, Source, Words
from ..fold import LeadState
from ..models import Batch, EventNote, LeadEvent
from ..speech import gettext, ngettext
from . import replay, store
from .office import rules_for
from .record import Call, lock_and_write
from .words import words

#: Leads of one step. On SQLite nobody else writes while a step runs, on PostgreSQL nobody else moves these leads.
STEP = 200
#: So many leads at a time are looked over in one go; whoever has more narrows the choice.
MOST = 10_000

MOVED, UNCHANGED = "moved", "unchanged"
#: Outcomes of our own, beside the codes of refusals: the agent was deactivated, the lead was given on meanwhile.
GONE = "agent_gone"


@dataclass(frozen=True, slots=True)
class Wish:
    """One line of a plan: this lead, seen at this version, to this agent (None: the pool)."""

    lead: int
    version: int
    to_agent: int | None


def fact_uuid(batch: UUID, lead: int) -> UUID:
    """The public name of what a batch writes about a lead."""
    return uuid5(batch, f"lead-{lead}")


def check_assignment(*, actor: Any, reason: str, note: str = "") -> Words:
    """Raises what every lead of a batch would be refused for: no such reason, no note, an account that is closed."""
    said = words(note)
    intent = i.Assign(to_agent=None, reason=reason, words=said)
    authorise(actor.as_person, LeadState(agent=actor.pk), intent)
    check_reason(Kind.AGENT_ASSIGNED, reason, said, rules_for(intent, timezone.now()))
    return said


def begin(
    *,
    uuid: UUID,
    actor: Any,
    wishes: Iterable[Wish],
    reason: str,
    note: str = "",
    hands_back: Batch | None = None,
    now: datetime | None = None,
) -> Batch:
    """The batch of this uuid, with nothing done yet; sent again, the one that was begun.

    Raises a ``Refused`` and keeps nothing when the reason does not hold, the plan is empty, too long or names a lead
    twice, or the uuid was used by somebody else or for something else.
    """
    said = check_assignment(actor=actor, reason=reason, note=note)
    plan = [[w.lead, w.version, w.to_agent] for w in sorted(wishes, key=lambda w: w.lead)]
    _check_plan(plan)
    try:
        with transaction.atomic():
            known = Batch.objects.filter(pk=uuid).first()
            if known is None:
                return Batch.objects.create(
                    uuid=uuid,
                    actor=actor,
                    actor_name=actor.display_name,
                    reason=reason,
                    note=said.note,
                    hands_back=hands_back,
                    plan=plan,
                    size=len(plan),
                    started_at=now or timezone.now(),
                )
    except IntegrityError:
        # The same form committed between our look and our insert.
        known = Batch.objects.get(pk=uuid)
    if known.actor_id != actor.pk or [known.plan, known.reason] != [plan, reason] or not _same_words(known, said.note):
        raise replay.reused()
    return known


def _check_plan(plan: list[list[Any]]) -> None:
    if not plan:
        raise InputMissing(gettext("Choose at least one lead."), field="leads")
    if len(plan) > MOST:
        raise too_many()
    if len({row[0] for row in plan}) < len(plan):
        raise BadInput(gettext("This form names a lead twice. Load it again."), field="leads")


def too_many() -> BadInput:
    """The refusal of more leads than are looked over in one go."""
    sentence = ngettext(
        "At most %(n)d lead can be reassigned at a time. Choose fewer.",
        "At most %(n)d leads can be reassigned at a time. Choose fewer.",
        MOST,
    )
    return BadInput(sentence % {"n": MOST}, field="leads")


def _same_words(batch: Batch, note: str) -> bool:
    if batch.finished_at is None:
        return batch.note == note
    # Afterwards the words are beside the facts, as long as they are not erased.
    return said_with(batch) in ("", note)


def carry_on(*, uuid: UUID, actor: Any, now: datetime | None = None, step: int = STEP) -> Batch:
    """Does the next leads of a batch, at most ``step`` of them, in one transaction; a finished one stays as it is.

    One refused lead is one outcome and hinders no other. Nobody but its author carries a batch on.
    """
    with transaction.atomic():
        store.hold_order_lock()
        # Two requests for one batch go one after the other; the second finds done what the first did.
        batch = Batch.objects.select_for_update().get(pk=uuid)
        if batch.actor_id != actor.pk:
            raise NotYours(gettext("Only its author can carry this action on."))
        if batch.finished_at is not None:
            return batch
        still = batch.still_to_do()
        people = _people(row[2] for row in still[:step])
        for lead, version, to_agent in still[:step]:
            _one(batch, Wish(lead, version, to_agent), actor, people, now)
        _count(batch, now)
        batch.save()
    return batch


def take_along(*, uuid: UUID, actor: Any, wishes: Iterable[Wish], now: datetime | None = None) -> int:
    """Assigns, as part of a batch that is done, leads that came to its people after it was planned; out: how many.

    Inside the caller's transaction, which keeps writers off: so no version is compared. Raises what any of these leads
    is refused for, and then none is assigned.
    """
    batch = Batch.objects.select_for_update().get(pk=uuid)
    if batch.actor_id != actor.pk:
        raise NotYours(gettext("Only its author can carry this action on."))
    said, plan, people = words(said_with(batch)), {row[0]: row for row in batch.plan}, list(wishes)
    takers = _people(wish.to_agent for wish in people)
    for wish in people:
        taker = takers.get(wish.to_agent or 0)
        away = str(taker) if taker is not None and not taker.is_active else ""
        intent = i.Assign(to_agent=wish.to_agent, reason=batch.reason, gone=away, words=said)
        # One that was moved and came back has its name in this batch already.
        first = batch.outcomes.get(str(wish.lead)) != MOVED
        call = Call(actor=actor, source=Source.BULK.value, batch=uuid, now=now)
        key = fact_uuid(uuid, wish.lead) if first else uuid4()
        lock_and_write(wish.lead, key, call, lambda locked, intent=intent: intent)  # type: ignore[misc]
        plan[wish.lead] = [wish.lead, wish.version, wish.to_agent]
        batch.outcomes[str(wish.lead)] = MOVED
        batch.facts.pop(str(wish.lead), None)
    batch.plan = [plan[lead] for lead in sorted(plan)]
    batch.size = len(batch.plan)
    _count(batch, now)
    batch.save()
    return len(people)


def _people(ids: Iterable[int | None]) -> Mapping[int, Any]:
    people = LeadEvent._meta.get_field("to_agent").related_model._default_manager
    found: Mapping[int, Any] = people.in_bulk(sorted({pk for pk in ids if pk is not None}))
    return found


def _one(batch: Batch, wish: Wish, actor: Any, people: Mapping[int, Any], now: datetime | None) -> None:
    """Judges and writes one lead, and notes in the batch what came of it."""
    to_agent = None if wish.to_agent is None else people.get(wish.to_agent)
    gone = wish.to_agent is not None and (to_agent is None or not to_agent.is_active)
    intent = i.Assign(
        to_agent=wish.to_agent,
        reason=batch.reason,
        gone=(str(to_agent) if to_agent else "?") if gone else "",
        words=words(batch.note),
    )
    call = Call(actor=actor, source=Source.BULK.value, expected_version=wish.version, batch=batch.uuid, now=now)
    try:
        result = lock_and_write(wish.lead, fact_uuid(batch.uuid, wish.lead), call, lambda locked: intent)
        outcome = MOVED if result.events else UNCHANGED
    except Refused as refused:
        outcome = GONE if gone and refused.field == "to_agent" else refused.code
        if "event" in refused.details:
            batch.facts[str(wish.lead)] = refused.details["event"]
    batch.outcomes[str(wish.lead)] = outcome


def _count(batch: Batch, now: datetime | None) -> None:
    outcomes = list(batch.outcomes.values())
    batch.moved, batch.unchanged = outcomes.count(MOVED), outcomes.count(UNCHANGED)
    batch.refused = len(outcomes) - batch.moved - batch.unchanged
    if len(outcomes) == batch.size:
        batch.finished_at = now or timezone.now()
        batch.note = ""


def said_with(batch: Batch) -> str:
    """The note that a batch carries, from beside its facts; empty when there is none or it was erased."""
    if batch.note:
        return batch.note
    moved = next((int(lead) for lead, outcome in batch.outcomes.items() if outcome == MOVED), None)
    if moved is None:
        return ""
    found = EventNote.objects.filter(event__uuid=fact_uuid(batch.uuid, moved)).values_list("note", flat=True).first()
    return found or ""
