"""What became of the leads that were re-engaged: who qualified again, signed, closed since, and how soon."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from ..history.statement import Statement
from ..states import State
from .counting import LOG, RE_ENGAGED, known, microseconds, within
from .moves import moves, undone
from .scope import Scope, Whose

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Yield:
    """Leads, each counted once, from the first time that it was re-engaged in the window.

    ``again``, ``signed``, ``closed``: how many came to QUALIFIED, COMMITTED, CLOSED at some time after that, up to the
    end of what is known. ``median``: from there to the first time in QUALIFIED, of those that came there.
    """

    leads: int = 0
    again: int = 0
    signed: int = 0
    closed: int = 0
    median: timedelta | None = None


#: What a lead may have come to since, by the name of its figure; the first means all of them.
REACHED = {"leads": None, "again": State.QUALIFIED, "signed": State.COMMITTED, "closed": State.CLOSED}


def re_engaged(scope: Scope) -> Yield:
    """The yield of re-engagement in the window. One statement. ``whose``: who held the lead as it was re-engaged."""
    made = Statement()
    _table(made, scope)
    made.add(", timed AS (SELECT again, row_number() OVER (ORDER BY again) AS n, count(*) OVER () AS many")
    made.add("FROM since WHERE again IS NOT NULL)")
    made.add("SELECT count(*), count(again), count(signed), count(closed),")
    made.add("(SELECT min(again) FROM timed WHERE n * 2 BETWEEN many AND many + 2),")
    made.add("(SELECT max(again) FROM timed WHERE n * 2 BETWEEN many AND many + 2) FROM since")
    [(leads, again, signed, closed, low, high)] = made.rows()
    median = None if low is None else timedelta(microseconds=(low + high) / 2)
    return Yield(leads, again, signed, closed, median)


def leads_re_engaged(scope: Scope, what: str) -> Statement:
    """The ids of the leads behind one of the figures (a name of ``REACHED``), as a statement of one column."""
    made = Statement()
    _table(made, scope)
    made.add("SELECT lead_id FROM since")
    if REACHED[what] is not None:
        made.add(f"WHERE {what} IS NOT NULL")
    return made


def _table(made: Statement, scope: Scope) -> None:
    """``WITH … since``: lead_id, and after how many microseconds it qualified again, signed, closed; NULL: never."""
    made.add("WITH")
    undone(made, scope)
    made.add(
        f", called AS MATERIALIZED (SELECT event.lead_id, event.version, event.occurred_at AS at FROM {LOG} AS event"
    )
    made.add(f"WHERE {RE_ENGAGED}")
    known(made, scope, "event")
    made.add("AND event.id NOT IN (SELECT id FROM undone)")
    within(made, scope)
    if scope.whose == Whose.POOL:
        made.add("AND event.agent_id IS NULL")
    elif scope.whose != Whose.EVERYBODY:
        made.add("AND event.agent_id = %s", scope.whose)
    # Versions of a lead are in the order of time, so the first version is the first time.
    made.add("), first_call AS MATERIALIZED (SELECT lead_id, min(version) AS version, min(at) AS at FROM called")
    made.add("GROUP BY lead_id), since AS MATERIALIZED (")
    (_in_one_pass if connection.vendor == "postgresql" else _one_by_one)(made, scope)
    made.add(")")


def _in_one_pass(made: Statement, scope: Scope) -> None:
    """The moves since of a lead read once, where PostgreSQL would walk along them for each stage anew."""
    begun = microseconds("first_call.at")
    reached = [(name, state) for name, state in REACHED.items() if state is not None]
    made.add("SELECT first_call.lead_id" + "".join(f", later.{name} - {begun} AS {name}" for name, _ in reached))
    made.add("FROM first_call CROSS JOIN LATERAL (SELECT")
    made.add(", ".join(f"{microseconds('min(one.at) FILTER (WHERE one.to_status = %s)')} AS {n}" for n, _ in reached))
    made.params += [state.value for _, state in reached]
    made.add("FROM (SELECT event.to_status, event.occurred_at AS at")
    moves(made, scope)
    made.add("AND event.lead_id = first_call.lead_id AND event.version > first_call.version) AS one) AS later")


def _one_by_one(made: Statement, scope: Scope) -> None:
    made.add("SELECT lead_id")
    for name, state in REACHED.items():
        if state is not None:
            made.add(", (SELECT")
            made.add(f"{microseconds('event.occurred_at')} - {microseconds('first_call.at')}")
            moves(made, scope)
            made.add("AND event.lead_id = first_call.lead_id AND event.version > first_call.version")
            made.add(f"AND event.to_status = %s ORDER BY event.version LIMIT 1) AS {name}", state.value)
    made.add("FROM first_call")


def a_year_before(end: datetime) -> datetime:
    """Twelve months back by the calendar; from 29 February to the 28th."""
    try:
        return end.replace(year=end.year - 1)
    except ValueError:
        return end.replace(year=end.year - 1, day=28)
