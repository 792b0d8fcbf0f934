"""Counts everything that changed in a window, exactly, and picks the newest lines of each group to be drawn."""

import heapq
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from lifecycle.history import Change, Group, by_group, changes
from lifecycle.history.brought import brought_whole, counted, ids
from lifecycle.history.touched import touched_streams

from ..board.filters import POOL
from ..board.mix import grouped
from ..models import Lead
from .imports import Told, add, came_in, split
from .window import Span

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: Where a line stands among others: when its newest fact happened, in microseconds, and whose it is.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Picked:
    """A line to be drawn: the changes of one lead in one group. ``groups``: all that the lead is in."""

    place: Place
    group: Group
    lead_id: int
    changes: list[Change]
    groups: frozenset[Group]


@dataclass(slots=True)
class Count:
    """Leads and changes, as numbers and as people read them: ``1 384``."""

    leads: int = 0
    changes: int = 0

    @property
    def leads_text(self) -> str:
        return grouped(self.leads)

    @property
    def changes_text(self) -> str:
        return grouped(self.changes)


@dataclass(slots=True)
class Tally:
    """``total`` counts each lead once and each fact once, however many groups it is in.

    ``picked`` holds lines newest first; ``cut`` are the groups that have more of them than were picked. ``imports``:
    what imports told, by their batch; nothing of it is in the counts.
    """

    total: Count = field(default_factory=Count)
    groups: dict[Group, Count] = field(default_factory=lambda: {group: Count() for group in Group})
    picked: dict[Group, list[Picked]] = field(default_factory=dict)
    cut: set[Group] = field(default_factory=set)
    imports: dict[UUID, Told] = field(default_factory=dict)


def tally(
    leads: QuerySet[Lead],
    span: Span,
    *,
    agent: str = "",
    draw: Collection[Group] = tuple(Group),
    size: int = 100,
    after: Place | None = None,
) -> Tally:
    """What changed about these leads in a window of time. Memory grows with ``size`` alone.

    In: ``agent`` narrows to leads that this person (or the ``pool``) held in the window or holds today; ``draw`` says
    of which groups lines are picked, ``size`` how many of each, ``after`` the place of the last one that was shown.
    """
    found = Tally()
    if not agent:
        # A whole old system is counted where it lies; whose of its leads a person held must be read.
        whole = brought_whole(leads, span.since, span.until, span.clock)
        if whole and (brought := counted(whole, span.until, span.clock)):
            came_in(found.imports, brought)
            others = ids(whole)
            leads = leads.exclude(pk__in=RawSQL(others.sql, others.params))
    heaps: dict[Group, list[tuple[Place, Picked]]] = {group: [] for group in draw}
    for lead_id, all_of_it in _changed(leads, span, agent):
        theirs, all_of_it = split(all_of_it, span.clock)
        add(found.imports, lead_id, theirs)
        if not all_of_it:
            continue
        grouped = by_group(all_of_it)
        found.total.leads += 1
        found.total.changes += sum(change.group is not Group.THERE_AND_BACK for change in all_of_it)
        for group, mine in grouped.items():
            found.groups[group].leads += 1
            found.groups[group].changes += len(mine)
            place = ((mine[-1].occurred_at - _EPOCH) // timedelta(microseconds=1), lead_id)
            if group in heaps and (after is None or place < after):
                picked = Picked(place, group, lead_id, mine, frozenset(grouped))
                _keep(found, heaps[group], size, picked)
    for group, heap in heaps.items():
        if heap:
            found.picked[group] = [picked for _, picked in sorted(heap, reverse=True)]
    return found


def _keep(found: Tally, heap: list[tuple[Place, Picked]], size: int, picked: Picked) -> None:
    """Takes a line up among the newest of its group, which may put an older one out."""
    if len(heap) < size:
        heapq.heappush(heap, (picked.place, picked))
    else:
        heapq.heappushpop(heap, (picked.place, picked))
        found.cut.add(picked.group)


def _changed(leads: QuerySet[Lead], span: Span, agent: str) -> Iterator[tuple[int, list[Change]]]:
    """The leads about which something changed, with what it was."""
    for lead, rows in touched_streams(leads.order_by("pk"), span.since, span.until, span.clock, beside=("agent_id",)):
        found = changes(rows, span.since, span.until, span.clock)
        if found and (not agent or _is_with(agent, found, lead.agent_id)):
            yield lead.pk, found


def _is_with(agent: str, found: list[Change], holder: Any) -> bool:
    """Whether this person, or nobody, held the lead in the window or holds it today."""
    wanted = None if agent == POOL else int(agent)
    # Before it came in, a lead was nobody's: that is not the pool.
    held = {c.from_agent for c in found if c.group is not Group.NEW} | {c.to_agent for c in found}
    return wanted in held or wanted == holder
