"""What came after each entry into NEW, up to the next one: the first contact, the move away, the declared breach.

PostgreSQL reads what came after an entry twice, the moves along their index and the other facts where they lie, and
takes everything from there: sought one by one, each would be a walk of its own. SQLite cannot read several columns at
one look, and a look costs it little.
"""

from django.db import connection

from ..history.statement import Statement
from ..history.truth import Reading
from . import counting
from .counting import ARRIVALS, LOG, MOVES
from .scope import Scope

_AFTER = "AND event.lead_id = entry.lead_id AND event.version > entry.version"


def looked_up(made: Statement, scope: Scope) -> None:
    """``, looked``: the rows of ``entered`` that name minutes, with what came of each.

    In: a ``WITH`` that has ``entered``: id, lead_id, version, at, minutes and more. Out: its columns and ``next``, the
    version of the next entry; ``contact_at``, ``contact`` (its version) and ``logged_at``; ``gone_at`` and ``gone``;
    ``breach_at`` and ``breach``. NULL: there is none.
    """
    (_in_two_passes if connection.vendor == "postgresql" else _one_by_one)(made, scope)


def said(name: str) -> str:
    """What the data of ``event`` say under a name, as text; NULL where they say nothing."""
    if connection.vendor == "postgresql":
        return f"(event.data ->> '{name}')"
    return f"CAST(json_extract(event.data, '$.{name}') AS text)"


def arrivals(made: Statement, scope: Scope) -> None:
    """``FROM … WHERE`` of the entries into NEW that count."""
    counting.that_count(made, scope, ARRIVALS, reading=Reading.CORRECTED)


def _first_contact() -> str:
    """Outreach of a person; what Scribe sends by itself is no answer, and neither is a call that came in."""
    return (
        f"event.kind = 'contact_logged' AND event.actor_id IS NOT NULL AND COALESCE({said('direction')}, '')"
        " <> 'inbound' AND event.occurred_at >= entry.at"
    )


def _in_two_passes(made: Statement, scope: Scope) -> None:
    made.add(", bounded AS MATERIALIZED (SELECT entry.*, moved.* FROM entered AS entry CROSS JOIN LATERAL (SELECT")
    made.add(f"{_first('version')} AS gone, {_first('occurred_at')} AS gone_at,")
    made.add(f"{_first('version', 'NEW')} AS next, {_first('occurred_at', 'NEW')} AS next_at")
    made.add("FROM (SELECT event.version, event.occurred_at, event.to_status AS word")
    counting.that_count(made, scope, MOVES, reading=Reading.CORRECTED)
    made.add(f"{_AFTER} ORDER BY event.version) AS one) AS moved WHERE entry.minutes IS NOT NULL)")
    made.add(", looked AS MATERIALIZED (SELECT entry.*, told.* FROM bounded AS entry CROSS JOIN LATERAL (SELECT")
    for column, name in (("occurred_at", "contact_at"), ("version", "contact"), ("recorded_at", "logged_at")):
        made.add(f"{_first(column, 'contact_logged')} AS {name},")
    made.add(f"{_first('occurred_at', 'sla_breached')} AS breach_at, {_first('version', 'sla_breached')} AS breach")
    made.add("FROM (SELECT event.version, event.occurred_at, event.recorded_at, event.kind AS word")
    made.add(f"FROM {LOG} AS event WHERE ({_first_contact()}")
    made.add("AND (entry.next IS NULL OR event.version < entry.next OR event.occurred_at < entry.next_at)")
    made.add("OR event.kind = 'sla_breached' AND (entry.next IS NULL OR event.version < entry.next))")
    counting.known(made, scope, "event")
    made.add(f"{_AFTER} ORDER BY event.occurred_at, event.version) AS one) AS told)")


def _first(column: str, word: str = "") -> str:
    """A column of the first of some rows that come in order, of those with this word."""
    return f"(array_agg(one.{column})" + (f" FILTER (WHERE one.word = '{word}')" if word else "") + ")[1]"


def _one_by_one(made: Statement, scope: Scope) -> None:
    made.add(", bounded AS MATERIALIZED (SELECT entry.*, (SELECT event.id")
    counting.that_count(made, scope, f"{MOVES} AND event.to_status = 'NEW'", reading=Reading.CORRECTED)
    made.add(f"{_AFTER} ORDER BY event.version LIMIT 1) AS again FROM entered AS entry WHERE minutes IS NOT NULL)")
    made.add(", sought AS MATERIALIZED (SELECT entry.*, again.version AS next,")
    made.add(f"(SELECT event.id FROM {LOG} AS event WHERE {_first_contact()}")
    counting.known(made, scope, "event")
    made.add(f"{_AFTER} AND (again.id IS NULL OR event.version < again.version")
    made.add("OR event.occurred_at < again.occurred_at)")
    made.add("ORDER BY event.occurred_at, event.version LIMIT 1) AS contact_id, (SELECT event.id")
    counting.that_count(made, scope, MOVES, reading=Reading.CORRECTED)
    made.add(f"{_AFTER} ORDER BY event.version LIMIT 1) AS gone_id, (")
    made.add(f"SELECT event.id FROM {LOG} AS event WHERE event.kind = 'sla_breached'")
    counting.known(made, scope, "event")
    made.add(f"{_AFTER} AND (again.id IS NULL OR event.version < again.version)")
    made.add("ORDER BY event.occurred_at, event.version LIMIT 1) AS breach_id")
    made.add(f"FROM bounded AS entry LEFT JOIN {LOG} AS again ON again.id = entry.again)")
    made.add(", looked AS MATERIALIZED (SELECT entry.*, contact.occurred_at AS contact_at, contact.version AS contact,")
    made.add("contact.recorded_at AS logged_at, gone.occurred_at AS gone_at, gone.version AS gone,")
    made.add("breach.occurred_at AS breach_at, breach.version AS breach FROM sought AS entry")
    for name in ("contact", "gone", "breach"):
        made.add(f"LEFT JOIN {LOG} AS {name} ON {name}.id = entry.{name}_id")
    made.add(")")
