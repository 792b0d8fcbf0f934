"""Events → the state of a lead. Pure: never raises for what a row says, never queries, never reads the clock.

One fold serves deciding, the cached columns, the past of a lead and ``verify_log``. It reads rows by attribute, so a
model instance, a draft with its context or a plain named tuple will do.
"""

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from .events import CONSENT, DEMOTIONS, RULES_VERSION, TWO_WAY, Direction, Kind
from .flags import Flag
from .standing import CACHED, GUARDED, LeadState, Move, Row
from .states import Provenance, State

__all__ = ["CACHED", "EMPTY", "GUARDED", "Folding", "LeadState", "Move", "Row", "apply", "fold", "is_tracked"]

#: A void always puts these back, when the voided move touched them at all.
_PLACE = ("status", "stage_entered_at", "provenance", "provenance_reason", "provenance_at")
#: And this: a clock that was started by mistake takes along that it was declared late.
_ALWAYS_BACK = frozenset({*_PLACE, "sla_breached"})

_KNOWN = frozenset(k.value for k in Kind)

EMPTY = LeadState()
_FIELDS = tuple(field.name for field in fields(LeadState))


def is_tracked(row: Row) -> bool:
    """Whether a fact changes status, agent or flags; among these, version order is time order."""
    return bool(row.to_status) or row.kind == Kind.AGENT_ASSIGNED or row.kind in CONSENT


class Folding:
    """A state that changes in place, for long stories: to make one anew for every fact takes most of their time.

    ``now`` has the fields of a ``LeadState`` as they are after the facts so far.
    """

    __slots__ = ("now",)

    def __init__(self, start: LeadState = EMPTY) -> None:
        self.now: Any = SimpleNamespace(**{name: getattr(start, name) for name in _FIELDS})

    def add(self, row: Row) -> None:
        """In: the next fact in version order."""
        self.now.__dict__.update(_change(self.now, row))

    def state(self) -> LeadState:
        """The state after all of them, which does not change any more."""
        return LeadState(**vars(self.now))


def fold(rows: Iterable[Row], start: LeadState = EMPTY) -> LeadState:
    """The state after these facts, which must come in version order."""
    folding = Folding(start)
    for row in rows:
        folding.add(row)
    return folding.state()


def apply(state: LeadState, row: Row) -> LeadState:
    """The state after one more fact. A kind that this release does not know only moves the version."""
    return replace(state, **_change(state, row))


def _change(state: LeadState, row: Row) -> dict[str, Any]:
    """The fields of the state that a fact changes."""
    change: dict[str, Any] = {
        "version": row.version,
        "head_hash": row.hash,
        "last_recorded_at": row.recorded_at,
        "rules_version": max(state.rules_version, RULES_VERSION if row.kind in _KNOWN else RULES_VERSION + 1),
    }
    if row.kind in _KNOWN:
        if is_tracked(row):
            change["last_occurred_at"] = row.occurred_at
        if row.kind == Kind.MOVE_VOIDED:
            change |= _unmoved(state, row)
        elif row.to_status:
            change |= _moved(state, row)
        else:
            change |= _stayed(state, row)
    return change


def _moved(state: LeadState, row: Row) -> dict[str, Any]:
    change: dict[str, Any] = {"status": row.to_status, "stage_entered_at": row.occurred_at}
    change |= _provenance(state, row)
    if row.to_status == State.QUALIFIED:
        change["times_qualified"] = state.times_qualified + 1
    if row.to_status == State.NEW:
        change |= _clock_started(row)
    elif row.to_status == State.CONTACTING and row.kind != Kind.CONTACT_ATTEMPTED:
        change["attempts"] = 0
    if (missing := _document_missing(state, row)) != state.document_missing:
        change["document_missing"] = missing
    before = {
        name: getattr(state, name)
        for name, value in change.items()
        if name in _ALWAYS_BACK or getattr(state, name) != value
    }
    move = Move(row.id, row.kind, row.version, row.actor_id, row.caused_by_id, row.recorded_at, before)
    if state.created_at is None:
        change["created_at"] = row.occurred_at
        change["inquiry_source"] = str(_said(row, "inquiry") or "")
    return {**change, "moves": (*state.moves, move)}


def _clock_started(row: Row) -> dict[str, Any]:
    return {
        "inquired_at": row.occurred_at,
        "first_contact_due_at": _due(row),
        "first_contact_at": None,
        "sla_breached": False,
        "attempts": 0,
        "provenance": "",
        "provenance_reason": "",
        "provenance_at": None,
    }


def _due(row: Row) -> datetime | None:
    minutes = _said(row, "sla_minutes")
    try:
        return row.occurred_at + timedelta(minutes=minutes) if minutes else None
    except (TypeError, OverflowError):
        return None


def _said(row: Row, name: str) -> Any:
    """What a row's data says under this name; None when the data are not ours to read."""
    return row.data.get(name) if isinstance(row.data, dict) else None


def _provenance(state: LeadState, row: Row) -> dict[str, Any]:
    """How a lead came into QUALIFIED; a re-engaged one stays so when it qualifies again."""
    if row.kind in DEMOTIONS:
        way = Provenance.FELL_BACK_COMMITTED if row.kind == Kind.DEAL_COLLAPSED else Provenance.FELL_BACK_CONTRACT
    elif row.kind == Kind.LEAD_RE_ENGAGED:
        way = Provenance.RE_ENGAGED
    elif row.to_status != State.QUALIFIED:
        return {}
    elif row.kind != Kind.MOTIVATION_CONFIRMED:
        way = Provenance.IMPORTED
    elif state.provenance == Provenance.RE_ENGAGED and state.status == State.CONTACTING:
        return {}
    else:
        way = Provenance.FRESH
    return {"provenance": way.value, "provenance_reason": row.reason, "provenance_at": row.occurred_at}


def _document_missing(state: LeadState, row: Row) -> bool:
    if row.kind == Kind.BUYER_AGREEMENT_SIGNED:
        return bool(_said(row, "document") == 0)
    return state.document_missing and row.to_status in (State.COMMITTED, State.IN_CONTRACT)


def _unmoved(state: LeadState, row: Row) -> dict[str, Any]:
    """Back to how it stood before the voided move. What was logged meanwhile, such as a call, stays."""
    for i in range(len(state.moves) - 1, -1, -1):
        if state.moves[i].event_id == row.target_id:
            before = state.moves[i].before
            if "attempts" in before:
                before = {**before, "attempts": before["attempts"] + state.attempts}
            return {**before, "moves": state.moves[:i] + state.moves[i + 1 :]}
    return {"status": row.to_status}


def _stayed(state: LeadState, row: Row) -> dict[str, Any]:
    match row.kind:
        case Kind.AGENT_ASSIGNED:
            return {"agent": row.to_agent_id}
        case Kind.FLAG_SET | Kind.FLAG_CLEARED if row.flag in _FLAGS:
            return {row.flag: row.kind == Kind.FLAG_SET}
        case Kind.CONTACT_LOGGED:
            return _contacted(state, row)
        case Kind.SLA_BREACHED:
            return {"sla_breached": True}
        case Kind.PERSONAL_DATA_ERASED:
            return {"erased_at": _later(state.erased_at, row.occurred_at)}
        case Kind.TEMPERATURE_CHANGED:
            return {"temperature": str(_said(row, "to") or "")}
        case Kind.REASON_CORRECTED:
            return _reason_corrected(state, row)
        case Kind.NOTE_ADDED if _said(row, "document"):
            return _document_came(state)
    return {}


_FLAGS = frozenset(f.value for f in Flag)


def _contacted(state: LeadState, row: Row) -> dict[str, Any]:
    change: dict[str, Any] = {"last_contact_at": _later(state.last_contact_at, row.occurred_at)}
    inbound = _said(row, "direction") == Direction.INBOUND
    if inbound or str(_said(row, "outcome")) in TWO_WAY:
        change["last_reply_at"] = _later(state.last_reply_at, row.occurred_at)
    if not inbound and row.actor_id is not None:
        change["attempts"] = state.attempts + 1
        if state.inquired_at is None or row.occurred_at >= state.inquired_at:
            change["first_contact_at"] = _earlier(state.first_contact_at, row.occurred_at)
    return change


def _document_came(state: LeadState) -> dict[str, Any]:
    """The document is there, also for the day when the move that hid its absence is voided."""
    missed = [m.before.get("document_missing", False) for m in state.moves]
    if not any(missed):
        return {"document_missing": False}
    moves = (
        replace(m, before={**m.before, "document_missing": False}) if x else m
        for m, x in zip(state.moves, missed, strict=True)
    )
    return {"document_missing": False, "moves": tuple(moves)}


def _reason_corrected(state: LeadState, row: Row) -> dict[str, Any]:
    """A corrected reason shows on the card when the card explains itself by it, now or after a later void."""
    at = next((i for i, m in enumerate(state.moves) if m.event_id == row.target_id), None)
    if at is None or "provenance_reason" not in state.moves[at].before:
        return {}
    for i in range(at + 1, len(state.moves)):
        if "provenance_reason" in state.moves[i].before:
            mended = replace(state.moves[i], before={**state.moves[i].before, "provenance_reason": row.reason})
            return {"moves": (*state.moves[:i], mended, *state.moves[i + 1 :])}
    return {"provenance_reason": row.reason}


def _later(a: datetime | None, b: datetime) -> datetime:
    return b if a is None or b > a else a


def _earlier(a: datetime | None, b: datetime) -> datetime:
    return b if a is None or b < a else a
