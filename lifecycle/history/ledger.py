"""What the log says about consent: of several leads at once, with the leads that were merged into them. Reads only."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from ..events import Kind
from ..models import LeadEvent
from .consent import Merge, Stream, merges

_SPOKEN = frozenset({Kind.FLAG_SET.value, Kind.FLAG_CLEARED.value})
_CONTACT = frozenset({Kind.CONTACT_DETAILS_CHANGED.value, Kind.CONTACT_INFO_UPDATED.value})
_MERGES = frozenset({Kind.LEAD_ABSORBED.value, Kind.MERGED_INTO.value, Kind.MERGE_UNDONE.value})
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: A lead that absorbed one that had absorbed another, and so on; nobody merges deeper than this.
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Ledger:
    """The consent of one lead.

    ``facts``: every flag that was set or cleared, of merged leads too, in the order in which they happened; they carry
    their lead. ``changes``: by the name of a contact fact, the fact that changed it last. ``merged_into``: the merge by
    which this lead became part of another one, while it stands.
    """

    stream: Stream
    facts: list[LeadEvent] = field(default_factory=list)
    changes: dict[str, LeadEvent] = field(default_factory=dict)
    merged_into: Merge | None = None

    @property
    def newest(self) -> datetime | None:
        """When the newest of these facts was written."""
        return max((f.recorded_at for f in self.facts), default=None)


def read_ledgers(lead_ids: Collection[int]) -> dict[int, Ledger]:
    """The ledger of each of these leads. One query, and one more for each step of merged leads."""
    rows = _by_lead(LeadEvent.objects.filter(lead_id__in=lead_ids))
    by_uuid = {str(events[0].lead.uuid): events for events in rows.values()}
    wanted = _others(rows.values()) - by_uuid.keys()
    for _ in range(_DEEPEST):
        if not wanted:
            break
        more = _by_lead(LeadEvent.objects.filter(lead__uuid__in=wanted))
        by_uuid |= {str(events[0].lead.uuid): events for events in more.values()}
        wanted = _others(more.values()) - by_uuid.keys()
    return {lead_id: _ledger(rows.get(lead_id, []), by_uuid) for lead_id in lead_ids}


def _by_lead(events: QuerySet[LeadEvent]) -> dict[int, list[LeadEvent]]:
    found: dict[int, list[LeadEvent]] = {}
    telling = Q(version=1) | Q(kind__in=_SPOKEN | _CONTACT | _MERGES)
    chosen = events.filter(telling).order_by("lead_id", "version")
    for event in chosen.select_related("words", "actor", "agent", "caused_by", "lead"):
        found.setdefault(event.lead_id, []).append(event)
    return found


def _others(streams: Iterable[list[LeadEvent]]) -> set[str]:
    named = {m.other for rows in streams for m in merges(rows, Kind.LEAD_ABSORBED)}
    return {other for other in named if _UUID.fullmatch(other)}


def _ledger(rows: list[LeadEvent], by_uuid: dict[str, list[LeadEvent]]) -> Ledger:
    own = str(rows[0].lead.uuid) if rows else ""
    stream = _stream(rows, by_uuid, {own})
    facts = sorted(_flag_facts(stream), key=lambda f: (f.occurred_at, f.recorded_at, f.pk))
    into = [m for m in merges(rows, Kind.MERGED_INTO) if m.undone is None]
    return Ledger(stream, facts, _changes(rows), into[-1] if into else None)


def _stream(
    rows: list[LeadEvent], by_uuid: dict[str, list[LeadEvent]], seen: set[str], merge: Merge | None = None
) -> Stream:
    """A lead with all that was merged into it; a lead that somehow holds itself is read once."""
    absorbed = []
    for other in merges(rows, Kind.LEAD_ABSORBED):
        if other.other in by_uuid and other.other not in seen:
            absorbed.append(_stream(by_uuid[other.other], by_uuid, seen | {other.other}, other))
    return Stream(rows, tuple(absorbed), merge.fact if merge else None, merge.undone if merge else None)


def _flag_facts(stream: Stream) -> list[LeadEvent]:
    found = [row for row in stream.rows if isinstance(row, LeadEvent) and row.kind in _SPOKEN]
    for other in stream.absorbed:
        if other.undone is None:
            found += [fact for fact in _flag_facts(other) if fact not in found]
    return found


def _changes(rows: list[LeadEvent]) -> dict[str, LeadEvent]:
    changed: dict[str, LeadEvent] = {}
    for row in rows:
        names = row.data.get("fields") if row.kind in _CONTACT and isinstance(row.data, dict) else None
        if isinstance(names, list):
            changed |= {str(name): row for name in names}
    return changed
