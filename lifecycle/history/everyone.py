"""All leads at an instant in one statement: the set-based twin of ``state_at``, for the past board and for exports.

Folding one lead after the other would take minutes for a large office. Here the newest standing move of every lead up
to the instant is read along one index, and what else is asked (agent, flags, the way into QUALIFIED) beside it. A test
holds the answers equal to the fold on random streams. A kind of fact that only a newer release knows is not told apart.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from ..events import DEMOTIONS, Kind
from ..flags import Flag
from ..models import LeadEvent, LifecycleColumns
from ..states import Provenance, State
from .clocks import Clock
from .relation import in_place_of
from .statement import Statement

L = TypeVar("L", bound=LifecycleColumns)


class Ask(StrEnum):
    """What is asked of the leads besides status and time of entry. Each costs a look at more of the log."""

    AGENT = "agent"
    FLAGS = "flags"
    #: The provenance of every lead; without it only of those in QUALIFIED.
    WAYS = "ways"


#: What stands in the partial indexes of the log, word for word: SQLite takes an index only when it finds its words.
_MOVES = "NOT (event.to_status = '') AND NOT (event.kind = 'move_voided')"
_ASSIGNMENTS = "event.kind = 'agent_assigned'"
_FLAGS = "NOT (event.flag = '')"


def standing(moment: datetime, clock: Clock, leads: "QuerySet[L]", *asks: Ask) -> "QuerySet[L]":
    """Leads as they stood at an instant, as a queryset that filters, counts and slices like today's.

    In: those that may be told of, a queryset of today's leads. Out: a fresh queryset that has only the columns id,
    status, stage_entered_at, provenance and provenance_at, agent when asked for, the flags when asked for; any other
    column is an error of the database, never today's value by mistake. Leads that did not exist yet are left out.
    """
    made = _relation(moment, clock, leads, frozenset(asks))
    return in_place_of(leads.model._default_manager.all(), made.sql, tuple(made.params))


def agents_and_statuses(moment: datetime, clock: Clock, leads: "QuerySet[L]") -> dict[int, tuple[str, int | None]]:
    """Status and agent (None: the pool) by id of the lead, of those that existed. One statement.

    Nothing else is looked up, and of a few leads nothing of the others: one lead is answered by three looks along
    indexes, however long its story and however large the office.
    """
    facts = _Facts(moment, clock, leads, each_alone=True)
    made = Statement()
    made.add("WITH")
    if not facts.each_alone:
        facts.undone(made)
        made.add(",")
    made.add("moved AS (")
    facts.newest(made, "event.to_status AS status", _MOVES)
    made.add(") SELECT moved.lead_id, moved.status, held.agent FROM moved LEFT JOIN (")
    facts.newest(made, "event.to_agent_id AS agent", _ASSIGNMENTS)
    made.add(") AS held ON held.lead_id = moved.lead_id")
    return {lead_id: (status, agent) for lead_id, status, agent, *_ in made.rows()}


def count_and_newest(
    leads: "QuerySet[L]", sizes: Mapping[str, int], stale: Q
) -> tuple[list[tuple[str, str, int, int]], dict[str, list[int]]]:
    """The counts of a board and the leads on top of its columns, in one statement: to look at the past once is enough.

    In: leads of ``standing``, filtered; how many of each status; which of them are stale. Out: (status, provenance,
    leads, stale ones) for each that occurs, and of each status in ``sizes`` the ids, newest in the stage first.
    """
    ids: dict[str, list[int]] = {status: [] for status in sizes}
    is_old = Case(When(stale, then=Value(1)), default=Value(0), output_field=IntegerField())
    board = leads.order_by().annotate(is_old=is_old)
    try:
        inner = board.values_list("pk", "status", "provenance", "stage_entered_at", "is_old").query.sql_with_params()
    except EmptyResultSet:
        return [], ids
    made = Statement()
    made.add("WITH board (id, status, way, at, old) AS MATERIALIZED (")
    made.add_compiled(*inner)
    made.add(") SELECT status, way, count(*), sum(old), NULL FROM board GROUP BY status, way")
    for status, size in sizes.items():
        made.add("UNION ALL SELECT * FROM (SELECT status, '', 0, 0, id FROM board WHERE status = %s", status)
        made.add("ORDER BY at DESC, id DESC LIMIT %s) AS newest", size)
    groups = []
    for status, way, count, old, lead_id in made.rows():
        if lead_id is None:
            groups.append((status, way, count, old))
        else:
            ids[status].append(lead_id)
    return groups, ids


def _relation(moment: datetime, clock: Clock, leads: "QuerySet[Any]", asks: frozenset[Ask]) -> Statement:
    """A ``SELECT`` with the names of the leads' own columns."""
    facts = _Facts(moment, clock, leads)
    made = Statement()
    made.add("WITH")
    facts.undone(made)
    made.add(", moved AS MATERIALIZED (")
    facts.newest(made, "event.to_status AS status, event.occurred_at AS at", _MOVES)
    made.add("),")
    _ways(made, facts, everywhere=Ask.WAYS in asks)
    made.add("SELECT moved.lead_id AS id, moved.status, moved.at AS stage_entered_at,")
    made.add("COALESCE(ways.way, '') AS provenance, CASE WHEN ways.way <> '' THEN ways.at END AS provenance_at")
    if Ask.AGENT in asks:
        made.add(", held.agent AS agent_id")
    if Ask.FLAGS in asks:
        made.add("".join(f", COALESCE(flagged.{f.value}, 0) = 1 AS {f.value}" for f in Flag))
    made.add("FROM moved LEFT JOIN ways ON ways.lead_id = moved.lead_id")
    if Ask.AGENT in asks:
        made.add("LEFT JOIN (")
        facts.newest(made, "event.to_agent_id AS agent", _ASSIGNMENTS)
        made.add(") AS held ON held.lead_id = moved.lead_id")
    if Ask.FLAGS in asks:
        made.add("LEFT JOIN (")
        _flags(made, facts)
        made.add(") AS flagged ON flagged.lead_id = moved.lead_id")
    return made


class _Facts:
    """The facts that count at an instant, of the leads that may be told of."""

    def __init__(self, moment: datetime, clock: Clock, leads: "QuerySet[Any]", *, each_alone: bool = False) -> None:
        self.moment, self.clock = moment, clock
        self.log = LeadEvent._meta.db_table
        # All leads of a large office are read along the index in one go, some of them one by one.
        self.of_everybody = not leads.query.where and not leads.query.is_sliced
        # Whether a move was undone is looked up move by move, where few leads are asked about.
        self.each_alone = each_alone and not self.of_everybody
        try:
            self.leads = leads.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            self.leads = (f"SELECT id FROM {leads.model._meta.db_table} WHERE 1 = 0", ())

    def newest(self, made: Statement, columns: str, which: str, more: str = "1 = 1") -> None:
        """Of every lead the newest of the facts of a sort (and more of a condition): lead_id and these columns."""
        if connection.vendor != "postgresql":
            # With a bare max() SQLite takes the other columns from the row that has it.
            made.add(f"SELECT event.lead_id, {columns}, max(event.version) AS version")
            self._that_count(made, which)
            made.add(f"AND {more} GROUP BY event.lead_id")
        elif self.of_everybody:
            made.add(f"SELECT DISTINCT ON (event.lead_id) event.lead_id, {columns}")
            self._that_count(made, which)
            made.add(f"AND {more} ORDER BY event.lead_id, event.version DESC")
        else:
            made.add("SELECT one.lead_id, newest.* FROM (")
            made.add_compiled(*self.leads)
            made.add(f") AS one (lead_id) CROSS JOIN LATERAL (SELECT {columns}")
            self.that_counted(made, which)
            made.add(f"AND {more} AND event.lead_id = one.lead_id ORDER BY event.version DESC LIMIT 1) AS newest")

    def _that_count(self, made: Statement, which: str) -> None:
        self.that_counted(made, which)
        if not self.of_everybody:
            made.add("AND event.lead_id IN (")
            made.add_compiled(*self.leads)
            made.add(")")

    def that_counted(self, made: Statement, which: str) -> None:
        """``FROM`` and ``WHERE`` of the facts of a sort, whosever they are."""
        made.add(f"FROM {self.log} AS event WHERE {which} AND event.{self.clock.column} <= %s", self.moment)
        if which == _MOVES and self.each_alone:
            made.add(f"AND NOT EXISTS (SELECT 1 FROM {self.log} AS undo WHERE undo.target_id = event.id")
            self._that_undo(made, "undo.")
            made.add(")")
        elif which == _MOVES:
            made.add("AND event.id NOT IN (SELECT id FROM undone)")

    def undone(self, made: Statement) -> None:
        """The table of the moves that count for nothing: found once, however often it is asked."""
        made.add(f"undone (id) AS MATERIALIZED (SELECT target_id FROM {self.log} WHERE target_id IS NOT NULL")
        self._that_undo(made)
        made.add(")")

    def _that_undo(self, made: Statement, alias: str = "") -> None:
        made.add(f"AND {alias}kind = 'move_voided'")
        # What was undone at any later time never happened; but it was believed until it was undone.
        if self.clock is Clock.KNOWN:
            made.add(f"AND {alias}recorded_at <= %s", self.moment)


def _flags(made: Statement, facts: _Facts) -> None:
    """A column of 0 or 1 for each flag, by the newest fact about it. Flags are rare, so nobody is left out here."""
    sets = ", ".join(
        f"max(CASE WHEN event.kind = 'flag_set' AND event.flag = '{f.value}' THEN 1 ELSE 0 END) AS {f.value}"
        for f in Flag
    )
    made.add(f"SELECT changed.lead_id, {sets} FROM (SELECT event.lead_id, event.flag, max(event.version) AS version")
    facts.that_counted(made, _FLAGS)
    made.add(f"GROUP BY event.lead_id, event.flag) AS changed JOIN {facts.log} AS event")
    made.add("ON event.lead_id = changed.lead_id AND event.version = changed.version GROUP BY changed.lead_id")


#: The kinds that say how a lead came, and what they say.
_WAYS = {
    Kind.DEAL_COLLAPSED: Provenance.FELL_BACK_COMMITTED,
    Kind.CONTRACT_VOIDED: Provenance.FELL_BACK_CONTRACT,
    Kind.LEAD_RE_ENGAGED: Provenance.RE_ENGAGED,
    Kind.MOTIVATION_CONFIRMED: Provenance.FRESH,
}


def _ways(made: Statement, facts: _Facts, *, everywhere: bool) -> None:
    """``ways``: the provenance of each lead and since when; of those in QUALIFIED alone unless all are asked for.

    It is the newest move that says how a lead came: back, again, into QUALIFIED, or anew. A lead that qualifies after
    it was re-engaged stays re-engaged, so there the move before counts.
    """
    tells = "', '".join([*sorted(k.value for k in DEMOTIONS), Kind.LEAD_RE_ENGAGED.value])
    telling = f"(event.kind IN ('{tells}') OR event.to_status IN ('QUALIFIED', 'NEW'))"
    before = f"{telling} AND event.kind <> 'motivation_confirmed'"
    for name, which in (("newest", telling), ("prior", before)):
        made.add(f"{name} AS (")
        if everywhere:
            facts.newest(made, _WAY_COLUMNS, _MOVES, which)
        else:
            _way_of_the_qualified(made, facts, which)
        made.add("),")
    made.add("told AS (SELECT newest.lead_id")
    for name in ("kind", "to_status", "occurred_at"):
        made.add(
            ", CASE WHEN newest.kind = 'motivation_confirmed' AND prior.kind = 'lead_re_engaged'"
            f" THEN prior.{name} ELSE newest.{name} END AS {name}"
        )
    made.add("FROM newest LEFT JOIN prior ON prior.lead_id = newest.lead_id)")
    made.add(", ways AS (SELECT lead_id, occurred_at AS at, CASE")
    for kind, way in _WAYS.items():
        made.add("WHEN kind = %s THEN %s", kind.value, way.value)
    imported = (State.QUALIFIED.value, Provenance.IMPORTED.value)
    made.add("WHEN to_status = %s THEN %s ELSE '' END AS way FROM told)", *imported)


_WAY_COLUMNS = "event.kind, event.to_status, event.occurred_at"


def _way_of_the_qualified(made: Statement, facts: _Facts, which: str) -> None:
    """The newest such move of the few that stood in QUALIFIED: looked up lead by lead."""
    made.add(f"SELECT moved.lead_id, {_WAY_COLUMNS} FROM moved JOIN {facts.log} AS event")
    made.add("ON event.lead_id = moved.lead_id AND event.version = (SELECT max(event.version)")
    facts.that_counted(made, _MOVES)
    made.add(f"AND event.lead_id = moved.lead_id AND {which}) WHERE moved.status = 'QUALIFIED'")
