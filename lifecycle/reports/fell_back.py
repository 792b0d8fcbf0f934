"""How many deals fell back between some instants: counted by the database, by kind, reason and whether it was quick.

As many as `fallen` finds of the same question credited to the holder, and its ``quick``; what else that looks up of
each deal nobody who only counts wants to know.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise
from typing import NamedTuple

from ..history.statement import Statement
from . import counting
from .calendar import Period
from .fallen import STAGE_OF, move, only_whose
from .scope import Credit, Scope

_MINUTE = 60_000_000


class Fell(NamedTuple):
    """So many deals. ``part``: between which of the instants, 0 from the first to the second."""

    part: int
    kind: str
    reason: str
    quick: bool
    deals: int


def fell_back(scope: Scope, minutes: int, edges: Sequence[datetime]) -> list[Fell]:
    """The deals that fell back from the first of the instants on and before the last. One statement.

    In: within how many minutes a return is a quick one (0: none is); at least two instants, in order. ``whose``: who
    held the lead as it fell; the window of the scope and its credit play no part.
    """
    scope = replace(scope, credit=Credit.HOLDER)
    parts = [Period(str(n), date.min, since, until) for n, (since, until) in enumerate(pairwise(edges))]
    made = Statement()
    made.add("WITH fell AS MATERIALIZED (SELECT event.kind, event.occurred_at AS at,")
    counting.reason(made, scope)
    made.add("AS reason,")
    if minutes > 0:
        move(made, scope, "back.occurred_at", after="event", more=f"back.to_status = {STAGE_OF}")
    else:
        made.add("NULL")
    made.add("AS back_at")
    counting.that_count(made, scope, counting.DEMOTIONS)
    made.add("AND event.occurred_at >= %s AND event.occurred_at < %s", edges[0], edges[-1])
    only_whose(made, scope)
    made.add("), told AS (SELECT kind, reason, CASE WHEN back_at IS NULL THEN 0")
    if minutes > 0:
        late = f"{counting.microseconds('back_at')} - {counting.microseconds('at')} > %s"
        made.add(f"WHEN {late} THEN 0 ELSE 1", minutes * _MINUTE)
    made.add("END AS quick,")
    counting.period_name(made, parts, "at")
    made.add("AS part FROM fell) SELECT part, kind, reason, quick, count(*) FROM told")
    made.add("GROUP BY part, kind, reason, quick")
    return [Fell(int(part), kind, reason, bool(quick), count) for part, kind, reason, quick, count in made.rows()]
