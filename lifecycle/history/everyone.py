"""All leads at an instant in one statement: the set-based twin of ``state_at``, for the past board and for exports.

The fold of one lead after the other would take minutes for an office. Here the newest standing move of every lead up
to the instant is read along one index, and what else is asked (agent, flags, the way into QUALIFIED) beside it. A test
holds the answers equal to the fold on random streams. A kind of fact that only a newer release knows is not told apart.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from ..events import DEMOTIONS, Kind
from ..flags import Flag
from ..models import LeadEvent
from ..states import Provenance, State
from .clocks import Clock


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which leads of the past to keep, by how they stood then.

    ``agent``: a person's id, or ``POOL``; None for anybody. ``flags``: with any of these. ``ways``: with one of these
    provenances, ``ways_since``: that took it then or later. ``entered_by``: of each status only those that had entered
    it by that instant (stale leads); statuses that are not named have none.
    """

    agent: int | None = None
    flags: frozenset[str] = frozenset()
    ways: frozenset[str] = frozenset()
    ways_since: datetime | None = None
    entered_by: Mapping[str, datetime] | None = None


POOL = 0
EVERYBODY = Wanted()


@dataclass(frozen=True, slots=True)
class Past:
    """The leads of one instant. ``leads``: a queryset of those that may be told of at all (None: every lead)."""

    moment: datetime
    clock: Clock
    leads: "QuerySet[Any] | None" = None
    wanted: Wanted = EVERYBODY


@dataclass(frozen=True, slots=True)
class Group:
    """So many leads stood in this status with this provenance (told for QUALIFIED alone, unless it was asked for)."""

    status: str
    provenance: str
    leads: int
    stale: int


@dataclass(slots=True)
class _Statement:
    """SQL that is put together piece by piece, and its parameters in the order of the text."""

    parts: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)

    def add(self, text: str, *params: Any) -> None:
        self.parts.append(text)
        self.params += [_stored(p) if isinstance(p, datetime) else p for p in params]

    def rows(self) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(" ".join(self.parts), self.params)
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def count(past: Past, stale_by: Mapping[str, datetime]) -> list[Group]:
    """How many leads stood where, and how many of them had entered by ``stale_by[status]``. One statement."""
    return board(past, {}, stale_by)[0]


def board(
    past: Past, sizes: Mapping[str, int], stale_by: Mapping[str, datetime]
) -> tuple[list[Group], dict[str, list[int]]]:
    """The counts, and of each status in ``sizes`` so many leads' ids, newest in the stage first. One statement."""
    statement = _relation(past, with_ways=True)
    statement.add("SELECT status, way, count(*), sum(CASE WHEN")
    _old(statement, stale_by)
    statement.add("THEN 1 ELSE 0 END), NULL FROM past GROUP BY status, way")
    for status, size in sizes.items():
        statement.add("UNION ALL SELECT * FROM (SELECT status, '', 0, 0, lead_id FROM past WHERE status = %s", status)
        statement.add("ORDER BY at DESC, lead_id DESC LIMIT %s) AS newest", size)
    groups: list[Group] = []
    ids: dict[str, list[int]] = {status: [] for status in sizes}
    for status, way, leads, stale, lead_id in statement.rows():
        if lead_id is None:
            groups.append(Group(status, way or "", leads, stale or 0))
        else:
            ids[status].append(lead_id)
    return groups, ids


def page(past: Past, status: str, after: tuple[datetime, int] | None, size: int) -> list[int]:
    """The ids of the next leads in one status, behind the one that entered it then and has this id. One statement."""
    statement = _relation(past)
    statement.add("SELECT lead_id FROM past WHERE status = %s", status)
    if after is not None:
        statement.add("AND (at < %s OR (at = %s AND lead_id < %s))", after[0], after[0], after[1])
    statement.add("ORDER BY at DESC, lead_id DESC LIMIT %s", size)
    return [row[0] for row in statement.rows()]


def agents_and_statuses(past: Past) -> dict[int, tuple[str, int | None]]:
    """Status and agent (None: the pool) by id of the lead, of those that existed. One statement."""
    statement = _relation(past, with_agents=True)
    statement.add("SELECT lead_id, status, agent FROM past")
    return {lead_id: (status, agent) for lead_id, status, agent in statement.rows()}


def _relation(past: Past, *, with_ways: bool = False, with_agents: bool = False) -> _Statement:
    """``WITH past AS (…)``: lead_id, status, at (entered the stage), and as asked way, agent."""
    wanted, made = past.wanted, _Statement()
    asks_ways = bool(wanted.ways or wanted.ways_since)
    made.add("WITH moved AS MATERIALIZED (")
    _newest(made, past, "event.to_status AS status, event.occurred_at AS at", MOVES)
    made.add(")")
    if with_agents or wanted.agent is not None:
        made.add(", held AS (")
        _newest(made, past, "event.to_agent_id AS agent", ASSIGNMENTS)
        made.add(")")
    if wanted.flags:
        _flagged(made, past)
    if with_ways or asks_ways:
        _ways(made, past, everywhere=asks_ways)
    made.add(", past AS MATERIALIZED (SELECT moved.lead_id, moved.status, moved.at")
    made.add(", ways.way, ways.way_at" if with_ways or asks_ways else "")
    made.add(", held.agent" if with_agents else "")
    made.add("FROM moved")
    if with_ways or asks_ways:
        made.add("LEFT JOIN ways ON ways.lead_id = moved.lead_id")
    if with_agents or wanted.agent is not None:
        made.add("LEFT JOIN held ON held.lead_id = moved.lead_id")
    _keep(made, wanted)
    made.add(")")
    return made


#: What stands in the partial indexes of the log, word for word: SQLite takes an index only when it finds its words.
MOVES = "NOT (event.to_status = '') AND NOT (event.kind = 'move_voided')"
ASSIGNMENTS = "event.kind = 'agent_assigned'"
FLAGS = "NOT (event.flag = '')"


def _newest(made: _Statement, past: Past, columns: str, which: str) -> None:
    """Of every lead the newest of these facts that counts at the instant."""
    if connection.vendor == "postgresql":
        made.add(f"SELECT DISTINCT ON (event.lead_id) event.lead_id, {columns}")
    else:
        # With a bare max() SQLite takes the other columns from the row that has it.
        made.add(f"SELECT event.lead_id, {columns}, max(event.version) AS version")
    _that_count(made, past, which)
    made.add(
        "ORDER BY event.lead_id, event.version DESC" if connection.vendor == "postgresql" else "GROUP BY event.lead_id"
    )


def _that_count(made: _Statement, past: Past, which: str) -> None:
    """``FROM`` and ``WHERE`` of the facts of a sort that count at the instant, of the leads that may be told of."""
    log, by = LeadEvent._meta.db_table, past.clock.column
    made.add(f"FROM {log} AS event WHERE {which} AND event.{by} <= %s", past.moment)
    if which == MOVES:
        made.add(
            f"AND event.id NOT IN (SELECT target_id FROM {log} WHERE kind = 'move_voided' AND target_id IS NOT NULL"
        )
        # What was undone at any later time never happened; but it was believed until it was undone.
        if past.clock is Clock.KNOWN:
            made.add("AND recorded_at <= %s", past.moment)
        made.add(")")
    if past.leads is not None:
        try:
            sql, params = past.leads.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            sql, params = "NULL", ()
        made.add(f"AND event.lead_id IN ({sql})")
        made.params += params


def _flagged(made: _Statement, past: Past) -> None:
    """``flagged``: the leads on which one of the wanted flags was set."""
    names = sorted(past.wanted.flags & {f.value for f in Flag})
    made.add(", changed AS (SELECT event.lead_id, event.flag, max(event.version) AS version")
    _that_count(made, past, FLAGS)
    made.add("GROUP BY event.lead_id, event.flag), flagged AS (SELECT DISTINCT changed.lead_id FROM changed")
    made.add(f"JOIN {LeadEvent._meta.db_table} AS event")
    made.add("ON event.lead_id = changed.lead_id AND event.version = changed.version")
    made.add(f"WHERE event.kind = 'flag_set' AND changed.flag IN ({_marks(names)}))", *names)


def _ways(made: _Statement, past: Past, *, everywhere: bool) -> None:
    """``ways``: the provenance of each lead and since when; of those in QUALIFIED alone unless all are asked for.

    It is the newest move that says how a lead came: back, again, into QUALIFIED, or anew. A lead that qualifies after
    it was re-engaged stays re-engaged, so there the move before counts.
    """
    log = LeadEvent._meta.db_table
    tells = [*sorted(k.value for k in DEMOTIONS), Kind.LEAD_RE_ENGAGED.value]
    made.add(", came AS (SELECT event.lead_id, max(event.version) AS version,")
    made.add("max(CASE WHEN event.kind = 'motivation_confirmed' THEN 0 ELSE event.version END) AS earlier")
    _that_count(made, past, MOVES)
    made.add(f"AND (event.kind IN ({_marks(tells)}) OR event.to_status IN ('QUALIFIED', 'NEW'))", *tells)
    if not everywhere:
        made.add("AND event.lead_id IN (SELECT lead_id FROM moved WHERE status = 'QUALIFIED')")
    made.add("GROUP BY event.lead_id), told AS (SELECT came.lead_id,")
    for name in ("kind", "to_status", "occurred_at"):
        made.add(
            "CASE WHEN newest.kind = 'motivation_confirmed' AND prior.kind = 'lead_re_engaged'"
            f" THEN prior.{name} ELSE newest.{name} END AS {name}{',' if name != 'occurred_at' else ''}"
        )
    made.add(f"FROM came JOIN {log} AS newest ON newest.lead_id = came.lead_id AND newest.version = came.version")
    made.add(f"LEFT JOIN {log} AS prior ON prior.lead_id = came.lead_id AND prior.version = came.earlier)")
    made.add(", ways AS (SELECT lead_id, occurred_at AS way_at, CASE")
    for kind, way in _WAYS.items():
        made.add("WHEN kind = %s THEN %s", kind.value, way.value)
    made.add(
        "WHEN to_status = %s THEN %s ELSE '' END AS way FROM told)", State.QUALIFIED.value, Provenance.IMPORTED.value
    )


_WAYS = {
    Kind.DEAL_COLLAPSED: Provenance.FELL_BACK_COMMITTED,
    Kind.CONTRACT_VOIDED: Provenance.FELL_BACK_CONTRACT,
    Kind.LEAD_RE_ENGAGED: Provenance.RE_ENGAGED,
    Kind.MOTIVATION_CONFIRMED: Provenance.FRESH,
}


def _keep(made: _Statement, wanted: Wanted) -> None:
    """``WHERE``: the leads that stood as is wanted."""
    made.add("WHERE 1 = 1")
    if wanted.agent is not None:
        made.add(*(("AND held.agent IS NULL",) if wanted.agent == POOL else ("AND held.agent = %s", wanted.agent)))
    if wanted.flags:
        made.add("AND moved.lead_id IN (SELECT lead_id FROM flagged)")
    if wanted.ways:
        made.add(f"AND ways.way IN ({_marks(wanted.ways)})", *sorted(wanted.ways))
    if wanted.ways_since is not None:
        made.add("AND ways.way <> '' AND ways.way_at >= %s", wanted.ways_since)
    if wanted.entered_by is not None:
        made.add("AND")
        _old(made, wanted.entered_by, "moved.")


def _old(made: _Statement, entered_by: Mapping[str, datetime], table: str = "") -> None:
    """The condition of having entered the stage by an instant of its own."""
    made.add("(1 = 0")
    for status, moment in entered_by.items():
        made.add(f"OR ({table}status = %s AND {table}at <= %s)", status, moment)
    made.add(")")


def _marks(values: Sequence[str] | frozenset[str]) -> str:
    return ", ".join(["%s"] * len(values))


def _stored(moment: datetime) -> Any:
    """An instant as this engine compares it with a column."""
    return connection.ops.adapt_datetimefield_value(moment)
