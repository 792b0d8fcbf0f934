"""The ways that leads took: which stages one after the other, how many leads, how long, how they ended. One statement.

A lead's way is every stage that it entered, by moves that were not undone, up to where it stands now (as known at an
instant: where it stood then). It belongs to whoever holds the lead now (``whose.held_now``); the window is that of the
first facts. Ways are written as short words (``pipeline.LETTER``) and, in SQL, from their end to their beginning:
that is how the index of moves is sorted, so nothing has to be, and the one row of the first fact has the whole way.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.db import connection

from ..history.statement import Statement
from ..states import FOLDED
from . import counting
from .pipeline import LETTER
from .scope import Scope
from .whose import held_now


class Match(StrEnum):
    """How a way is compared with the stages that are asked for."""

    BEGINS = "begins"
    CONTAINS = "contains"
    EXACTLY = "exactly"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which ways: a short word and where in the way it stands; only of leads whose deal fell back, told by the kind of
    fact; only of those that stand in one of the stages of these letters now."""

    word: str = ""
    match: Match = Match.BEGINS
    fell_back: bool = False
    ends: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    """One way. ``median``: from the first fact until the lead was closed or set aside, or until now where it is still
    worked; None where no length is known. ``unmeasured``: leads whose end nobody recorded, left out of the median."""

    word: str
    leads: int
    fell_back: int
    median: timedelta | None
    unmeasured: int


@dataclass(slots=True)
class Paths:
    """``all_leads`` of the window, ``leads`` of these that were wanted, with so many ``distinct`` ways; the most
    frequent of them, and of all of them: by letter where they stand now, and what came next (``""``: nothing yet)."""

    all_leads: int = 0
    leads: int = 0
    distinct: int = 0
    fell_back: int = 0
    unmeasured: int = 0
    paths: list[Path] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    next: Counter[str] = field(default_factory=Counter)


def read_paths(scope: Scope, wanted: Wanted, limit: int | None = None) -> Paths:
    """The ways that are wanted, the most frequent first and then by how they end. In: how many of them; None: all."""
    made = Statement()
    made.add("WITH")
    _lives(made, scope)
    made.add(", chosen AS MATERIALIZED (SELECT * FROM lives")
    _that_match(made, wanted)
    made.add("), placed AS (SELECT way, fell, length,")
    made.add(
        "row_number() OVER (PARTITION BY way ORDER BY CASE WHEN length IS NULL THEN 1 ELSE 0 END, length) AS place,"
    )
    made.add("count(length) OVER (PARTITION BY way) AS known FROM chosen)")
    _summed(made, wanted)
    made.add("UNION ALL SELECT * FROM (SELECT 'path', way, count(*) AS leads, sum(fell), count(*) - count(length),")
    for which in ("min", "max"):
        made.add(f"{',' if which == 'max' else ''} {which}(CASE WHEN place IN ((known + 1) / 2, (known + 2) / 2)")
        made.add("THEN length END)")
    made.add("FROM placed GROUP BY way ORDER BY leads DESC, way")
    if limit is not None:
        made.add("LIMIT %s", limit)
    made.add(") AS top")
    return _told(made)


def leads_behind(scope: Scope, wanted: Wanted) -> Statement:
    """The ids of the leads behind a number."""
    made = Statement()
    made.add("WITH")
    _lives(made, scope)
    made.add("SELECT lead_id FROM lives")
    _that_match(made, wanted)
    return made


def _lives(made: Statement, scope: Scope) -> None:
    """``lives``: of every lead of the window its way (from its end), whether it fell back, and its length in
    microseconds; ``NULL`` where it is not known."""
    glued = "string_agg" if connection.vendor == "postgresql" else "group_concat"
    letters = " ".join(f"WHEN '{state.value}' THEN '{letter}'" for state, letter in LETTER.items())
    made.add("told AS (SELECT event.lead_id, event.version, event.occurred_at,")
    made.add(f"{glued}(CASE event.to_status {letters} ELSE '?' END, '') OVER way AS way,")
    made.add(f"max(CASE WHEN {counting.DEMOTIONS} THEN 1 ELSE 0 END) OVER way AS fell,")
    made.add("first_value(event.occurred_at) OVER way AS last_at, first_value(event.kind) OVER way AS last_kind,")
    made.add("first_value(event.id) OVER way AS last_id")
    counting.that_count(made, scope, counting.MOVES)
    held_now(made, scope)
    if scope.since is not None or scope.until is not None:
        # Whoever came in at another time need not be put together at all.
        made.add(f"AND event.lead_id IN (SELECT event.lead_id FROM {counting.LOG} AS event")
        made.add(f"WHERE {counting.MOVES} AND event.version = 1")
        counting.within(made, scope)
        made.add(")")
    made.add("WINDOW way AS (PARTITION BY event.lead_id ORDER BY event.version DESC")
    made.add("ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)),")
    made.add("lives AS MATERIALIZED (SELECT lead_id, way, fell,")
    _length(made, scope)
    made.add("AS length FROM told WHERE version = 1)")


def _length(made: Statement, scope: Scope) -> None:
    ended = ", ".join(f"'{LETTER[state]}'" for state in FOLDED)
    made.add(f"CASE WHEN substr(way, 1, 1) NOT IN ({ended}) THEN")
    made.add("%s", _microseconds(scope.end))
    if not scope.inferred:
        # When a stage was entered that an old system only had is a guess. Few are, so their rows are looked up.
        made.add("WHEN last_kind IN ('history_imported', 'import_withdrawn') AND EXISTS")
        made.add(f"(SELECT 1 FROM {counting.LOG} AS event")
        made.add(f"WHERE event.id = told.last_id AND {counting.UNRECORDED}) THEN NULL")
    made.add(f"ELSE {counting.microseconds('last_at')} END - {counting.microseconds('occurred_at')}")


def _microseconds(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def _that_match(made: Statement, wanted: Wanted) -> None:
    """``WHERE`` of the ways that are wanted."""
    word = wanted.word[::-1]
    pattern = {Match.BEGINS: f"%{word}", Match.CONTAINS: f"%{word}%", Match.EXACTLY: word}
    made.add("WHERE way LIKE %s", pattern[wanted.match])
    if wanted.fell_back:
        made.add("AND fell = 1")
    if wanted.ends:
        made.add(f"AND substr(way, 1, 1) IN ({', '.join(['%s'] * len(wanted.ends))})", *wanted.ends)


def _summed(made: Statement, wanted: Wanted) -> None:
    """Rows in the form of the ways: what all of them come to."""
    made.add("SELECT 'all' AS what, '' AS word, count(*) AS leads, 0 AS fell, 0 AS unmeasured,")
    made.add("CAST(NULL AS bigint) AS low, CAST(NULL AS bigint) AS high FROM lives")
    made.add("UNION ALL SELECT 'leads', '', count(*), COALESCE(sum(fell), 0), count(*) - count(length), NULL, NULL")
    made.add("FROM chosen UNION ALL SELECT 'distinct', '', count(DISTINCT way), 0, 0, NULL, NULL FROM chosen")
    made.add("UNION ALL SELECT 'end', substr(way, 1, 1), count(*), 0, 0, NULL, NULL FROM chosen")
    made.add("GROUP BY substr(way, 1, 1)")
    if wanted.match is Match.BEGINS:
        after = f"substr(way, length(way) - {len(wanted.word)}, 1)"
        made.add(f"UNION ALL SELECT 'next', {after}, count(*), 0, 0, NULL, NULL FROM chosen GROUP BY {after}")


def _told(made: Statement) -> Paths:
    found = Paths()
    for what, word, leads, fell, unmeasured, low, high in made.rows():
        match what:
            case "all":
                found.all_leads = leads
            case "leads":
                found.leads, found.fell_back, found.unmeasured = leads, fell, unmeasured
            case "distinct":
                found.distinct = leads
            case "end":
                found.ends[word] = leads
            case "next":
                found.next[word] = leads
            case _:
                median = None if low is None else timedelta(microseconds=(low + high) / 2)
                found.paths.append(Path(word[::-1], leads, fell, median, unmeasured))
    # The rows of a union come in no promised order.
    found.paths.sort(key=lambda path: (-path.leads, path.word[::-1]))
    return found
