"""The fold of a long story in a short time. Pure, and equal to ``fold``.

Most facts of a long story are contacts, and what a run of them changes can be added up before the state is made anew.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from ..events import TWO_WAY, Direction, Kind
from ..fold import EMPTY, LeadState, Row, apply


@dataclass(slots=True)
class _Run:
    """Contacts in a row, added up: ``last`` is the newest row of them, the times are those of the fold."""

    last: Row
    first_at: datetime | None
    contact_at: datetime | None
    reply_at: datetime | None
    attempts: int


def quick_fold(rows: Iterable[Row]) -> LeadState:
    """The state after these facts, which must come in version order."""
    state, run = EMPTY, None
    for row in rows:
        if row.kind == Kind.CONTACT_LOGGED and not row.to_status and isinstance(row.data, dict) and state.version:
            run = run or _Run(row, state.first_contact_at, state.last_contact_at, state.last_reply_at, state.attempts)
            _add(run, row, state.inquired_at)
        else:
            state = apply(_ended(state, run), row)
            run = None
    return _ended(state, run)


def _add(run: _Run, row: Row, inquired_at: datetime | None) -> None:
    when = row.occurred_at
    run.last = row
    if run.contact_at is None or when > run.contact_at:
        run.contact_at = when
    inbound = row.data.get("direction") == Direction.INBOUND
    if (inbound or str(row.data.get("outcome")) in TWO_WAY) and (run.reply_at is None or when > run.reply_at):
        run.reply_at = when
    if inbound or row.actor_id is None:
        return
    run.attempts += 1
    if (inquired_at is None or when >= inquired_at) and (run.first_at is None or when < run.first_at):
        run.first_at = when


def _ended(state: LeadState, run: _Run | None) -> LeadState:
    if run is None:
        return state
    return replace(
        state,
        version=run.last.version,
        head_hash=run.last.hash,
        last_recorded_at=run.last.recorded_at,
        first_contact_at=run.first_at,
        last_contact_at=run.contact_at,
        last_reply_at=run.reply_at,
        attempts=run.attempts,
    )
