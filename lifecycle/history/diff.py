"""What changed about one lead between two instants, fact by fact. Pure.

The window is *after* the first instant up to *and with* the second. Every fact that changes where the lead stands, who
holds it or a flag is one change and belongs to one group: what happened, told by its kind. A fact that changes nothing
(an import may hold one) is no change. So the changes, put one behind the other, lead from the lead at the first instant
to the lead at the second. What went there and back inside the window gets one more change that leads nowhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..events import DEMOTIONS, Kind
from ..flags import Flag
from ..fold import Row
from ..states import State
from .as_of import facts_at
from .clocks import Clock
from .groups import Group


@dataclass(frozen=True, slots=True)
class Change:
    """One change; statuses and agents are those of the lead just before and just after it.

    ``reason`` is the code as this past has it: corrected, or as it was known then. ``flag`` only where one changed.
    ``facts`` are the rows behind it: one, or two for a lead that came in with an agent; all that went there and back.
    """

    group: Group
    from_status: str
    to_status: str
    from_agent: Any
    to_agent: Any
    reason: str
    occurred_at: datetime
    facts: tuple[Any, ...]
    flag: str = ""
    on: bool = False

    @property
    def name(self) -> str:
        """The word for it in files: its group, and for a flag which one: ``flag_set:dnc``."""
        if self.group is not Group.FLAGS:
            return self.group.value
        return f"flag_{'set' if self.on else 'cleared'}:{self.flag}"


@dataclass(slots=True)
class _Place:
    """Where the lead stands, who holds it and which flags are set, while its facts are walked through."""

    status: str = ""
    agent: Any = None
    flags: frozenset[str] = frozenset()


def changes(rows: Iterable[Row], since: datetime, until: datetime, clock: Clock) -> list[Change]:
    """The changes of one lead in the window (since, until], in the order in which they happened.

    In: the rows of one lead in version order, all of them or at least its tracked ones and corrected reasons; aware
    instants. Out: empty when nothing about it changed.
    """
    counted = facts_at(rows, until, clock)
    reasons = {row.target_id: row.reason for row in counted if row.kind == Kind.REASON_CORRECTED}
    place, before = _Place(), _Place()
    found: list[Change] = []
    for row in counted:
        after = _after(place, row)
        if after is place:
            # Notes and calls may carry any time at all; among facts that change something, order is time.
            continue
        if _time(row, clock) <= since:
            before = after
        elif after != place:
            _add(found, _change(row, place, after, reasons.get(row.id, row.reason)))
        place = after
    _add_there_and_back(found, before, place)
    return found


def _time(row: Row, clock: Clock) -> datetime:
    return row.recorded_at if clock is Clock.KNOWN else row.occurred_at


def _after(place: _Place, row: Row) -> _Place:
    """The place after one more fact; the same object when the fact says nothing about it."""
    if row.kind not in _KNOWN:
        return place
    if row.to_status:
        return _Place(row.to_status, place.agent, place.flags)
    if row.kind == Kind.AGENT_ASSIGNED:
        return _Place(place.status, row.to_agent_id, place.flags)
    if row.kind in _CONSENT and row.flag in _FLAGS:
        one = {row.flag}
        return _Place(place.status, place.agent, place.flags | one if row.kind == Kind.FLAG_SET else place.flags - one)
    return place


def _change(row: Row, before: _Place, after: _Place, reason: str) -> Change:
    return Change(
        group=_group(row, before, after),
        from_status=before.status,
        to_status=after.status,
        from_agent=before.agent,
        to_agent=after.agent,
        reason=reason,
        occurred_at=row.occurred_at,
        facts=(row,),
        flag=row.flag,
        on=row.kind == Kind.FLAG_SET,
    )


def _group(row: Row, before: _Place, after: _Place) -> Group:
    """What a fact that changes something is called. A demotion is a kind of fact, never a pair of stages."""
    if after.status == before.status:
        return Group.REASSIGNED if after.agent != before.agent else Group.FLAGS
    if row.kind == Kind.MOVE_VOIDED:
        return Group.UNDONE
    if not before.status:
        return Group.NEW
    if row.kind in DEMOTIONS:
        return Group.FELL_BACK
    if after.status in _ENDS:
        return _ENDS[after.status]
    if before.status in _WAYS_BACK:
        return _WAYS_BACK[before.status]
    return Group.ADVANCED if _ORDER.get(after.status, 0) > _ORDER.get(before.status, 0) else Group.MOVED_BACK


def _add(found: list[Change], change: Change) -> None:
    """One more change. The agent with whom a lead comes in is part of its coming in, not a change of hands."""
    if found and found[-1].group is Group.NEW and change.group is Group.REASSIGNED:
        first, second = found[-1].facts[0], change.facts[0]
        together = (second.occurred_at, second.recorded_at) == (first.occurred_at, first.recorded_at)
        if second.version == first.version + 1 and together:
            found[-1] = replace(found[-1], to_agent=change.to_agent, facts=(first, second))
            return
    found.append(change)


def _add_there_and_back(found: list[Change], before: _Place, after: _Place) -> None:
    """One change more when the stage, the holder or a flag moved in the window and ended as it had been.

    It stands behind the fact that closed the circle. A lead that came in inside the window has nothing to come back to.
    """
    if not before.status:
        return
    moved: dict[str, list[int]] = {}
    for n, change in enumerate(found):
        moved.setdefault(_aspect(change), []).append(n)
    circles = [steps for aspect, steps in moved.items() if _is_same(aspect, before, after)]
    if not circles:
        return
    steps = sorted(n for circle in circles for n in circle)
    last = found[steps[-1]]
    closed = replace(
        last,
        group=Group.THERE_AND_BACK,
        from_status=last.to_status,
        from_agent=last.to_agent,
        reason="",
        facts=tuple(fact for n in steps for fact in found[n].facts),
        flag="",
        on=False,
    )
    found.insert(steps[-1] + 1, closed)


def _aspect(change: Change) -> str:
    """What a change is about: the stage, the holder, or the flag of this name."""
    if change.group is Group.FLAGS:
        return change.flag
    return "agent" if change.group is Group.REASSIGNED else "status"


def _is_same(aspect: str, before: _Place, after: _Place) -> bool:
    if aspect == "status":
        return before.status == after.status
    if aspect == "agent":
        return bool(before.agent == after.agent)
    return (aspect in before.flags) == (aspect in after.flags)


def by_group(found: Sequence[Change]) -> dict[Group, list[Change]]:
    """The changes of one lead by group, in board order of the groups: each is one line of the page."""
    return {group: mine for group in Group if (mine := [c for c in found if c.group is group])}


_KNOWN = frozenset(k.value for k in Kind)
_CONSENT = frozenset({Kind.FLAG_SET.value, Kind.FLAG_CLEARED.value})
_FLAGS = frozenset(f.value for f in Flag)
_ORDER = {state.value: n for n, state in enumerate(State)}
_ENDS = {
    State.CLOSED.value: Group.CLOSED,
    State.ARCHIVED.value: Group.ARCHIVED,
    State.TRASHED.value: Group.TRASHED,
}
_WAYS_BACK = {State.ARCHIVED.value: Group.RE_ENGAGED, State.TRASHED.value: Group.RESTORED}
