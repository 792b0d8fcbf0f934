"""The locks of an append: the order lock, the lead's row, and what has to be looked up once both are held."""

import functools
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from ...errors import NoSuchLead
from ...fold import LeadState
from ...speech import gettext
from .columns import STATE_COLUMNS, marks, on_postgresql, state_of, tables, uuid_of
from .sending import first_row

#: Writers hold this lock, shared, from before the row lock to commit, so that a reader that must miss nothing can
#: tell which ids are still being written.
ORDER_LOCK = 7_203_104_551


class Seen(NamedTuple):
    """A lead under the lock: its uuid, its cached state, its holder's uuid, the kind of its newest fact, and the id
    of an event (of any lead) that already bears the uuid that was asked for."""

    uuid: UUID
    state: LeadState
    holder: UUID | None
    head_kind: str
    same_uuid: int | None


def hold_order_lock() -> None:
    """Takes the shared order lock until commit. SQLite has one writer; its transaction is IMMEDIATE already."""
    if on_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [ORDER_LOCK])


def hold_everybody_out() -> None:
    """Takes the order lock alone until commit: whoever writes has committed, and nobody else begins."""
    if on_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ORDER_LOCK])


def lock_lead(lead_id: int, key: UUID | None = None) -> Seen:
    """Takes the order lock and then the lead's, until commit, and looks around. Raises ``NoSuchLead``.

    In: the lead, and the uuid that the caller's first fact will bear.
    """
    # Beyond the reach of the key's column there is no lead; SQLite would answer with a fault.
    row = _locked(lead_id, key) if abs(lead_id) < 2**63 else None
    if row is None:
        raise NoSuchLead(gettext("This lead does not exist."))
    uuid, holder, head_kind, same_uuid, *state = row
    return Seen(uuid_of(uuid), state_of(state), None if holder is None else uuid_of(holder), head_kind or "", same_uuid)


def _locked(lead_id: int, key: UUID | None) -> tuple[Any, ...] | None:
    if not on_postgresql():
        return first_row(_look(), [None if key is None else key.hex, lead_id])
    if first_row(_lock(), [lead_id]) is None:
        return None
    # A statement of its own, because the locking one's snapshot is older than the lock.
    return first_row(_look(), [key, lead_id])


@functools.cache
def _lock() -> str:
    # The row is locked last, when the row of the order lock is there.
    return (
        f"WITH held AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared({ORDER_LOCK}))"
        f" SELECT l.id FROM held, {tables().leads} AS l WHERE l.id = %s FOR NO KEY UPDATE OF l"
    )


@functools.cache
def _look() -> str:
    t = tables()
    # A plus keeps SQLite's value as it stands: with its column's type Django's reader of dates would be called.
    column = "l.{}" if on_postgresql() else "+l.{}"
    return (
        f"SELECT l.uuid, (SELECT u.uuid FROM {t.users} AS u WHERE u.id = l.agent_id),"
        f" (SELECT e.kind FROM {t.events} AS e WHERE e.lead_id = l.id AND e.version = l.version),"
        f" (SELECT e.id FROM {t.events} AS e WHERE e.uuid = %s),"
        f" {', '.join(map(column.format, STATE_COLUMNS))} FROM {t.leads} AS l WHERE l.id = %s"
    )


def lock_leads(lead_ids: Iterable[int]) -> dict[int, LeadState]:
    """Locks some hundred leads until commit, in the order of their ids; out: their cached states, in that order.

    Raises ``NoSuchLead``. One statement: to lock them one by one takes half of the time of a bulk append.
    """
    wanted = sorted(set(lead_ids))
    if not wanted:
        return {}
    among, suffix = ("= ANY(%s)", " FOR NO KEY UPDATE") if on_postgresql() else (f"IN ({marks(len(wanted))})", "")
    names = ", ".join(STATE_COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, {names} FROM {tables().leads} WHERE id {among} ORDER BY id{suffix}",
            [wanted] if on_postgresql() else wanted,
        )
        found = {row[0]: state_of(row[1:]) for row in cursor.fetchall()}
    if len(found) < len(wanted):
        raise NoSuchLead(gettext("This lead does not exist."))
    return found
