"""Leads that one import brought in a window and to which nothing else happened: found and counted by the database.

Everything that changed about such a lead in the window was told by that import: it came in, and stands where the import
left it. By the clock of what happened the import told of guesses alone; what an old system recorded for real happened
like anything else, but for the agent with whom a lead comes in. Whatever an undone move, a corrected reason or a
withdrawn import speaks of is no such lead.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from ..models import LeadEvent
from .clocks import Clock
from .statement import Statement

#: (import, status at the end of the window, leads, when the newest first fact was recorded, one of the leads)
Brought = tuple[UUID, str, int, datetime, int]

_LOG = LeadEvent._meta.db_table
_TRACKED = (
    "(NOT (event.to_status = '') OR event.kind IN ('agent_assigned', 'flag_set', 'flag_cleared', 'reason_corrected'))"
)
_MORE = (
    "(event.source <> 'import' OR event.batch IS NULL OR event.batch <> came.batch"
    " OR event.kind IN ('move_voided', 'import_withdrawn', 'reason_corrected'))"
)
_FOR_REAL = (
    "(event.version > 1 AND NOT event.backfilled AND NOT (event.version = 2 AND event.kind = 'agent_assigned'"
    " AND event.occurred_at = came.occurred_at AND event.recorded_at = came.recorded_at))"
)


def brought_whole(leads: QuerySet[Any], since: datetime, until: datetime, clock: Clock) -> Statement | None:
    """``WITH … whole`` (lead_id, batch, recorded_at): those of these leads, in the window (since, until].

    None where no lead can be one. Add a ``SELECT`` to it; see ``ids`` and ``counted``.
    """
    newest = "last_recorded_at" if clock is Clock.KNOWN else "last_occurred_at"
    made = Statement()
    made.add("WITH touched (lead_id) AS MATERIALIZED (")
    try:
        made.add_compiled(*leads.filter(**{f"{newest}__gt": since}).order_by().values("pk").query.sql_with_params())
    except EmptyResultSet:
        return None
    made.add("), came AS MATERIALIZED (SELECT event.lead_id, event.batch, event.occurred_at, event.recorded_at")
    # Lead by lead: joined, PostgreSQL would read the whole log for more than a few.
    if connection.vendor == "postgresql":
        made.add(f"FROM touched CROSS JOIN LATERAL (SELECT * FROM {_LOG} AS one")
        made.add("WHERE one.lead_id = touched.lead_id AND one.version = 1 OFFSET 0) AS event")
    else:
        made.add(f"FROM touched CROSS JOIN {_LOG} AS event ON event.lead_id = touched.lead_id AND event.version = 1")
    made.add("WHERE event.source = 'import' AND event.batch IS NOT NULL")
    made.add(f"AND event.{clock.column} > %s AND event.{clock.column} <= %s), whole AS MATERIALIZED (", since, until)
    made.add("SELECT came.lead_id, came.batch, came.recorded_at FROM came WHERE (SELECT event.id")
    made.add(f"FROM {_LOG} AS event WHERE event.lead_id = came.lead_id AND {_TRACKED}")
    if clock is Clock.KNOWN:
        made.add(f"AND event.recorded_at <= %s AND {_MORE}", until)
    else:
        # An undone move or a corrected reason matters whenever it came.
        made.add("AND (event.occurred_at <= %s OR event.kind IN ('move_voided', 'reason_corrected'))", until)
        made.add(f"AND ({_MORE} OR {_FOR_REAL})")
    made.add("LIMIT 1) IS NULL)")
    return made


def ids(whole: Statement) -> Statement:
    """The ids of the leads, as a statement of one column."""
    return Statement([*whole.parts, "SELECT lead_id FROM whole"], [*whole.params])


def counted(whole: Statement, until: datetime, clock: Clock) -> list[Brought]:
    """How many of them each import brought, by where they stand at the end of the window. One statement."""
    made = Statement([*whole.parts], [*whole.params])
    made.add(f"SELECT batch, (SELECT event.to_status FROM {_LOG} AS event WHERE NOT (event.to_status = '')")
    made.add("AND NOT (event.kind = 'move_voided') AND event.lead_id = whole.lead_id")
    made.add(f"AND event.{clock.column} <= %s", until)
    made.add("ORDER BY event.version DESC LIMIT 1) AS stands, count(*), max(recorded_at), min(lead_id) FROM whole")
    made.add("GROUP BY 1, 2")
    return [
        (batch if isinstance(batch, UUID) else UUID(batch), stands, count, _as_instant(newest), one)
        for batch, stands, count, newest, one in made.rows()
    ]


def _as_instant(value: datetime | str) -> datetime:
    """SQLite gives UTC without saying so."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
