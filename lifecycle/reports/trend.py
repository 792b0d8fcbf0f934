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
from .counting import ASSIGNMENTS, LOG, MOVES, known
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
    if list(instants) != sorted(instants):
        in_order = sorted(instants)
        told = qualified_at(scope, in_order)
        return [told[in_order.index(moment)] for moment in instants]
    found: list[dict[str, int]] = [{} for _ in instants]
    if not instants:
        return found
    made = Statement()
    made.add("WITH")
    undone(made, scope)
    made.add(", moment (n, at) AS (VALUES")
    made.add(", ".join(_moment(n) for n in range(len(instants))), *instants)
    made.add("),")
    if scope.known_at is None:
        _stays_by_now(made, scope, instants[0], instants[-1])
    else:
        _stays(made, scope, instants[0], instants[-1])
    if scope.whose == Whose.EVERYBODY:
        _count_in_runs(made, instants, found)
        return found
    made.add("SELECT moment.n, stay.way, count(*) FROM stay JOIN moment ON stay.since <= moment.at")
    made.add("AND (stay.until IS NULL OR stay.until > moment.at)")
    _held_by(made, scope)
    made.add("GROUP BY moment.n, stay.way")
    for n, way, count in made.rows():
        found[n][way] = count
    return found


def _count_in_runs(made: Statement, instants: Sequence[datetime], found: list[dict[str, int]]) -> None:
    """A stay counts at a run of instants: from the first that it had begun by up to the first by which it was over."""
    made.add("SELECT first_n, last_n, way, count(*) FROM (SELECT way,")
    _how_many_before(made, instants, "since")
    made.add("AS first_n, CASE WHEN until IS NULL THEN %s ELSE", len(instants))
    _how_many_before(made, instants, "until")
    made.add("END AS last_n FROM stay) AS run GROUP BY first_n, last_n, way")
    for first, last, way, count in made.rows():
        for n in range(first, last):
            found[n][way] = found[n].get(way, 0) + count


def _how_many_before(made: Statement, instants: Sequence[datetime], column: str, first: int = 0) -> None:
    """How many of the instants lie before a time; asked half by half."""
    if not instants:
        made.add(str(first))
        return
    half = len(instants) // 2
    made.add(f"CASE WHEN {column} <= %s THEN", instants[half])
    _how_many_before(made, instants[:half], column, first)
    made.add("ELSE")
    _how_many_before(made, instants[half + 1 :], column, first + half + 1)
    made.add("END")


def _moment(n: int) -> str:
    """One row of the instants; the first one says on PostgreSQL what type the column has."""
    typed = "CAST(%s AS timestamptz)" if connection.vendor == "postgresql" else "%s"
    return f"({n}, {typed})"


def _stays(made: Statement, scope: Scope, first: datetime, last: datetime) -> None:
    """Tables up to ``stay``: lead_id, since, until, way of the stays in QUALIFIED that touch some of the instants."""
    made.add("entry AS MATERIALIZED (SELECT event.lead_id, event.version, event.kind, event.occurred_at AS since")
    moves(made, scope)
    made.add("AND event.to_status = 'QUALIFIED' AND event.occurred_at <= %s", last)
    _ever_held(made, scope, "event.lead_id")
    _not_at_rest(made, scope, first)
    made.add("),")
    _left(made, scope)
    made.add(", stay AS MATERIALIZED (")
    _with_ways(made, scope)
    made.add("WHERE until IS NULL OR until > %s)", first)


def _stays_by_now(made: Statement, scope: Scope, first: datetime, last: datetime) -> None:
    """The same of all that is known. The cached columns say who stands in QUALIFIED now, since when and how it came
    there; only stays that are over are looked up, of the leads that have been there and moved since an instant.
    """
    made.add("near AS MATERIALIZED (SELECT id, status, stage_entered_at AS since, provenance AS way, times_qualified")
    made.add(f"FROM {_leads()} WHERE (status = 'QUALIFIED' OR times_qualified > 0 AND stage_entered_at > %s)", first)
    _ever_held(made, scope, "id")
    made.add("), entry AS MATERIALIZED (")
    once = "near.since > %s AND near.times_qualified > CASE near.status WHEN 'QUALIFIED' THEN 1 ELSE 0 END"
    columns = "event.version, event.kind, event.occurred_at AS since"
    if connection.vendor == "postgresql":
        # Lead by lead: joined, PostgreSQL would read the moves of all that there are.
        made.add(f"SELECT near.id AS lead_id, entered.* FROM near CROSS JOIN LATERAL (SELECT {columns}")
        moves(made, scope)
        made.add("AND event.to_status = 'QUALIFIED' AND event.lead_id = near.id AND event.occurred_at <= %s", last)
        made.add(f"OFFSET 0) AS entered WHERE {once}", first)
    else:
        made.add(f"SELECT near.id AS lead_id, {columns} FROM near CROSS JOIN {LOG} AS event WHERE {MOVES}")
        made.add("AND event.id NOT IN (SELECT id FROM undone) AND event.to_status = 'QUALIFIED'")
        made.add(f"AND event.lead_id = near.id AND event.occurred_at <= %s AND {once}", last, first)
    made.add("),")
    _left(made, scope)
    made.add(", stay AS MATERIALIZED (SELECT id AS lead_id, since, NULL AS until, way FROM near")
    made.add("WHERE status = 'QUALIFIED' UNION ALL")
    _with_ways(made, scope)
    made.add("WHERE until > %s)", first)


def _left(made: Statement, scope: Scope) -> None:
    """``left_at``: the rows of ``entry`` and when the lead went on, NULL: not yet."""
    made.add("left_at AS MATERIALIZED (SELECT entry.*, (SELECT event.occurred_at")
    moves(made, scope)
    made.add("AND event.lead_id = entry.lead_id AND event.version > entry.version ORDER BY event.version LIMIT 1)")
    made.add("AS until FROM entry)")


def _with_ways(made: Statement, scope: Scope) -> None:
    """``SELECT … FROM left_at``: its stays with their way."""
    made.add("SELECT lead_id, since, until, CASE")
    for kind, way in _WAYS.items():
        made.add("WHEN kind = %s THEN %s", kind.value, way.value)
    made.add("WHEN kind <> 'motivation_confirmed' THEN %s", Provenance.IMPORTED.value)
    # A lead that qualifies after it was re-engaged stays re-engaged.
    made.add("WHEN (SELECT event.kind")
    moves(made, scope)
    made.add(f"AND {_TELLING} AND event.lead_id = left_at.lead_id AND event.version < left_at.version")
    made.add("ORDER BY event.version DESC LIMIT 1) = 'lead_re_engaged'")
    made.add("THEN %s ELSE %s END AS way FROM left_at", Provenance.RE_ENGAGED.value, Provenance.FRESH.value)


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
    made.add(f"AND event.lead_id IN (SELECT id FROM {_leads()}")
    made.add("WHERE status = 'QUALIFIED' OR last_occurred_at > %s", first)
    if scope.known_at is not None:
        # It may have left long before, and nobody had written that down.
        made.add("OR last_recorded_at > %s", scope.known_at)
    made.add(")")


def _leads() -> str:
    leads: Any = LeadEvent._meta.get_field("lead").related_model
    table: str = leads._meta.db_table
    return table


def _ever_held(made: Statement, scope: Scope, column: str) -> None:
    """``AND`` the agent who is asked about ever held the lead; who never did did not then either."""
    if scope.whose not in (Whose.EVERYBODY, Whose.POOL):
        made.add(f"AND {column} IN (SELECT event.lead_id")
        _assignments(made, scope)
        made.add("AND event.to_agent_id = %s)", scope.whose)


def _assignments(made: Statement, scope: Scope) -> None:
    made.add(f"FROM {LOG} AS event WHERE {ASSIGNMENTS}")
    known(made, scope, "event")
