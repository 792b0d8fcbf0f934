"""Leads that stand in the database without events get their honest beginning: what their columns say is what is known.

They come from an older system whose table was taken over, or from before the guards. Their stream begins at version 1
like any other; that they stood somewhere already is all that nobody knows more about.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ...backfill import Snapshot, backfill
from ...events import Inquiry
from ...flags import Flag
from ...fold import EMPTY, LeadState
from ...imported import Told, Unfit, judge
from ...models import LeadEvent
from ...speech import gettext
from ...states import State
from .. import store
from .streams import Imported, Someone, Stream, append


def begin_streams(
    lead_ids: Sequence[int], *, source: str, now: datetime, batch: UUID, rehearse: bool = False
) -> Imported:
    """Appends the beginning of leads at version 0; a few hundred, each whole or not at all.

    In: ``source``, the name of the system they come from; ``now``, at which leads without any date enter. A lead that
    has events meanwhile counts as known. ``rehearse`` does everything and leaves nothing behind.
    """
    with transaction.atomic():
        store.hold_order_lock()
        done = _begin(lead_ids, source, now, batch)
        if rehearse:
            transaction.set_rollback(True)
    return done


def _begin(lead_ids: Sequence[int], source: str, now: datetime, batch: UUID) -> Imported:
    states = store.lock_leads(lead_ids)
    begun = set(LeadEvent.objects.filter(lead_id__in=states, version=1).values_list("lead_id", flat=True))
    holders = _holders(states.values())
    told: dict[int, list[Told]] = {}
    refused: list[tuple[str, int, str]] = []
    known = 0
    leads = _leads(states)
    for pk, state in states.items():
        lead = leads[pk]
        try:
            if pk in begun and state.version:
                known += 1
            elif pk in begun or state.version:
                raise Unfit(pk, gettext("Its columns and its events disagree. Ask verify_log what is wrong."))
            else:
                told[pk] = _told(lead, state, holders, source, now)
        except Unfit as unfit:
            refused.append((lead.key, unfit.line, unfit.sentence))
    people = {someone.name: someone for someone in holders.values()}
    streams = [Stream(leads[pk], facts) for pk, facts in told.items()]
    done = append(streams, lambda names: people, now=now, batch=batch, states=dict.fromkeys(told, EMPTY))
    done.leads, done.known, done.refused = len(told), known, refused
    return done


def _told(lead: Any, state: LeadState, holders: Mapping[int, Someone], source: str, now: datetime) -> list[Told]:
    """The facts that follow from the columns. Raises ``Unfit`` with a sentence when they say what cannot be."""
    status = state.status or State.NEW.value
    if status not in set(State):
        raise Unfit(lead.pk, gettext("“%(word)s” is not one of our stages.") % {"word": status})
    row = Snapshot(
        line=lead.pk,
        status=status,
        created_at=state.created_at,
        entered_at=state.stage_entered_at,
        agent=holders[state.agent].name if state.agent is not None else "",
        flags=tuple(f.value for f in Flag if state.flag(f.value)),
        inquiry=state.inquiry_source if state.inquiry_source in set(Inquiry) else Inquiry.IMPORT.value,
    )
    # The lead's public name, for two systems may have used one key.
    told = backfill(source, str(lead.uuid), row, now=now)
    judge(told, EMPTY, now=now)
    return told


def _leads(ids: Iterable[int]) -> dict[int, Any]:
    lead: Any = LeadEvent._meta.get_field("lead").related_model
    found: dict[int, Any] = lead._default_manager.only("uuid", "external_key").in_bulk(list(ids))
    return found


def _holders(states: Iterable[LeadState]) -> dict[int, Someone]:
    """Those who hold these leads, by id."""
    ids = {state.agent for state in states if state.agent is not None}
    people: Any = LeadEvent._meta.get_field("to_agent").related_model
    found = people._default_manager.filter(pk__in=ids).values_list("pk", "uuid", "display_name")
    return {pk: Someone(pk, uuid, name) for pk, uuid, name in found}
