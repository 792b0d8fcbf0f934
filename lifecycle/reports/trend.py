"""Who stood in QUALIFIED at several instants, and how they came there: fresh, fell back, re-engaged, imported.

As it was: a move that was undone later never happened. The same as `lifecycle.history.everyone.standing` says at each
of the instants, in one statement over the stays in QUALIFIED: a stay counts at T if it began by T and had not ended.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db import connection

from ..events import Kind
from ..history.statement import Statement
from ..models import LeadEvent
from ..states import Provenance
from .calendar import Period, weeks
from .counting import ASSIGNMENTS, LOG, known
from .moves import moves, undone
from .scope import Scope, Whose

WEEKS = 12
_TICK = timedelta(microseconds=1)


def last_weeks(end: datetime, zone: tzinfo, many: int = WEEKS) -> list[Period]:
    """The last whole weeks (Monday to Sunday) that were over by this instant, oldest first."""
    return [week for week in weeks(end - timedelta(weeks=many + 2), end + _TICK, zone) if week.until <= end][-many:]


def ends(periods: Sequence[Period]) -> list[datetime]:
    """The last instant of each: what happens as the next week begins is the next week's."""
    return [period.until - _TICK for period in periods]


def qualified_at(scope: Scope, instants: Sequence[datetime]) -> list[dict[str, int]]:
    """Of each instant how many leads stood in QUALIFIED, by provenance. One statement.

    ``known_at``: as known then. ``whose``: who held the lead at that instant. The window of the scope plays no part.
    """
    found: list[dict[str, int]] = [{} for _ in instants]
    if not instants:
        return found
    made = Statement()
    made.add("WITH")
    undone(made, scope)
    made.add(", moment (n, at) AS (VALUES")
    made.add(", ".join(_moment(n) for n in range(len(instants))), *instants)
    made.add("),")
    _stays(made, scope, min(instants), max(instants))
    made.add("SELECT moment.n, stay.way, count(*) FROM stay JOIN moment ON stay.since <= moment.at")
    made.add("AND (stay.until IS NULL OR stay.until > moment.at)")
    if scope.whose != Whose.EVERYBODY:
        _held_by(made, scope)
    made.add("GROUP BY moment.n, stay.way")
    for n, way, count in made.rows():
        found[n][way] = count
    return found


def _moment(n: int) -> str:
    """One row of the instants; the first one says on PostgreSQL what type the column has."""
    typed = "CAST(%s AS timestamptz)" if connection.vendor == "postgresql" else "%s"
    return f"({n}, {typed})"


def _stays(made: Statement, scope: Scope, first: datetime, last: datetime) -> None:
    """Tables up to ``stay``: lead_id, since, until, way of the stays in QUALIFIED that touch some of the instants."""
    made.add("entry AS MATERIALIZED (SELECT event.lead_id, event.version, event.kind, event.occurred_at AS since")
    moves(made, scope)
    made.add("AND event.to_status = 'QUALIFIED' AND event.occurred_at <= %s", last)
    _ever_held(made, scope)
    _not_at_rest(made, scope, first)
    made.add("), left_at AS MATERIALIZED (")
    made.add("SELECT entry.*, (SELECT event.occurred_at")
    moves(made, scope)
    made.add("AND event.lead_id = entry.lead_id AND event.version > entry.version ORDER BY event.version LIMIT 1)")
    made.add("AS until FROM entry), stay AS MATERIALIZED (SELECT lead_id, since, until, CASE")
    for kind, way in _WAYS.items():
        made.add("WHEN kind = %s THEN %s", kind.value, way.value)
    made.add("WHEN kind <> 'motivation_confirmed' THEN %s", Provenance.IMPORTED.value)
    # A lead that qualifies after it was re-engaged stays re-engaged.
    made.add("WHEN (SELECT event.kind")
    moves(made, scope)
    made.add(f"AND {_TELLING} AND event.lead_id = left_at.lead_id AND event.version < left_at.version")
    made.add("ORDER BY event.version DESC LIMIT 1) = 'lead_re_engaged'")
    made.add("THEN %s ELSE %s END AS way", Provenance.RE_ENGAGED.value, Provenance.FRESH.value)
    made.add("FROM left_at WHERE until IS NULL OR until > %s)", first)


_WAYS = {
    Kind.DEAL_COLLAPSED: Provenance.FELL_BACK_COMMITTED,
    Kind.CONTRACT_VOIDED: Provenance.FELL_BACK_CONTRACT,
}
#: The moves before a confirmed motivation that say whether it was a fresh one.
_TELLING = (
    "event.kind <> 'motivation_confirmed' AND (event.kind IN ('contract_voided', 'deal_collapsed', 'lead_re_engaged')"
    " OR event.to_status IN ('QUALIFIED', 'NEW'))"
)


def _held_by(made: Statement, scope: Scope) -> None:
    """``WHERE`` the lead was held at the instant by the one who is asked about: the newest assignment by then."""
    made.add("WHERE (SELECT event.to_agent_id")
    _assignments(made, scope)
    made.add("AND event.lead_id = stay.lead_id AND event.occurred_at <= moment.at ORDER BY event.version DESC LIMIT 1)")
    if scope.whose == Whose.POOL:
        made.add("IS NULL")
    else:
        made.add("= %s", scope.whose)


def _not_at_rest(made: Statement, scope: Scope, first: datetime) -> None:
    """``AND`` the lead stands in QUALIFIED today or something happened to it since an instant: any other was gone by
    then. The cached columns know that of every lead; most of a large office have been at rest for months.
    """
    leads: Any = LeadEvent._meta.get_field("lead").related_model
    made.add(f"AND event.lead_id IN (SELECT id FROM {leads._meta.db_table}")
    made.add("WHERE status = 'QUALIFIED' OR last_occurred_at > %s", first)
    if scope.known_at is not None:
        # It may have left long before, and nobody had written that down.
        made.add("OR last_recorded_at > %s", scope.known_at)
    made.add(")")


def _ever_held(made: Statement, scope: Scope) -> None:
    """``AND`` the agent who is asked about ever held the lead; who never did did not then either."""
    if scope.whose not in (Whose.EVERYBODY, Whose.POOL):
        made.add("AND event.lead_id IN (SELECT event.lead_id")
        _assignments(made, scope)
        made.add("AND event.to_agent_id = %s)", scope.whose)


def _assignments(made: Statement, scope: Scope) -> None:
    made.add(f"FROM {LOG} AS event WHERE {ASSIGNMENTS}")
    known(made, scope, "event")
