"""First response: every clock that started in the window, in one statement. What a clock is: `first_clocks`.

The window is that of the entry into NEW. Undone moves never happened; contacts are never undone. A contact belongs to
the newest entry into NEW that had happened, and was written down, before it. As known at K: facts recorded by K alone,
and what runs ends at K.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from ..history.statement import Statement
from ..history.truth import Reading
from ..models import LeadEvent
from . import counting
from .counting import LOG, MOVES, as_instant
from .first_clocks import Clock, Entry, Handed, Mark, clocks
from .scope import Scope, Whose


@dataclass(frozen=True, slots=True)
class FirstResponse:
    """``without``: how many entries of the window name no minutes (imported ones); they have no clock, so they are
    nobody's. Where one person is asked about: of the leads that they ever held."""

    clocks: list[Clock]
    without: int


def first_response(scope: Scope) -> FirstResponse:
    """The clocks of the window that are the scope's ``whose``, by lead and time. One statement."""
    made = _statement(scope)
    found: list[Clock] = []
    without = 0
    for entry in _entries(made.rows()):
        if isinstance(entry, int):
            without = entry
        else:
            found += (c for c in clocks(entry, scope.end) if _is_asked(c, scope.whose))
    return FirstResponse(found, without)


def _is_asked(clock: Clock, whose: int | Whose) -> bool:
    if whose is Whose.EVERYBODY:
        return True
    return clock.holder is None if whose is Whose.POOL else clock.holder == whose


def _statement(scope: Scope) -> Statement:
    """A row for each assignment of an entry, or one for an entry without any; one more counts those without minutes."""
    made = Statement()
    _entered(made, scope)
    _looked_up(made, scope)
    leads = LeadEvent._meta.get_field("lead").related_model
    made.add("SELECT entry.id, entry.lead_id, lead.inquiry_source, entry.at, entry.minutes, entry.holder")
    made.add(", contact.occurred_at, contact.version, contact.recorded_at, gone.occurred_at, gone.version")
    made.add(", breach.occurred_at, breach.version, event.id, event.occurred_at, event.version, event.to_agent_id")
    made.add(f"FROM looked AS entry JOIN {leads._meta.db_table} AS lead ON lead.id = entry.lead_id")
    for name in ("contact", "gone", "breach"):
        made.add(f"LEFT JOIN {LOG} AS {name} ON {name}.id = entry.{name}")
    made.add(f"LEFT JOIN {LOG} AS event ON {counting.ASSIGNMENTS} AND event.lead_id = entry.lead_id")
    made.add("AND event.version > entry.version AND (entry.next IS NULL OR event.version < entry.next)")
    counting.known(made, scope, "event")
    # Who had it after the first contact is of no interest.
    made.add("AND (contact.occurred_at IS NULL OR event.occurred_at <= contact.occurred_at)")
    nothing = ", ".join(["NULL"] * 16)
    made.add(f"UNION ALL SELECT count(*), {nothing} FROM entered WHERE minutes IS NULL")
    made.add("ORDER BY 2, 4, 1, 16")
    return made


def _entered(made: Statement, scope: Scope) -> None:
    """``entered``: what came into NEW in the window."""
    made.add("WITH entered AS MATERIALIZED (SELECT event.id, event.lead_id, event.version, event.occurred_at AS at,")
    made.add(f"{_said('sla_minutes')} AS minutes, event.agent_id AS holder")
    _entries_that_count(made, scope)
    counting.within(made, scope)
    if not isinstance(scope.whose, Whose):
        # Nobody has a clock on a lead that they never held.
        made.add(
            f"AND event.lead_id IN (SELECT held.lead_id FROM {LOG} AS held WHERE held.to_agent_id = %s)", scope.whose
        )
    made.add(")")


def _looked_up(made: Statement, scope: Scope) -> None:
    """``looked``: those with a clock, each with the ids of its first contact, of the move away and of the breach."""
    after = "AND event.lead_id = entry.lead_id AND event.version > entry.version"
    made.add(", bounded AS MATERIALIZED (SELECT entry.*, (SELECT event.id")
    _entries_that_count(made, scope)
    made.add(f"{after} ORDER BY event.version LIMIT 1) AS again FROM entered AS entry WHERE minutes IS NOT NULL)")
    made.add(", looked AS MATERIALIZED (SELECT entry.*, again.version AS next, (")
    _first_contact(made, scope)
    made.add(f"{after} AND event.occurred_at >= entry.at")
    made.add("AND (again.id IS NULL OR event.version < again.version OR event.occurred_at < again.occurred_at)")
    made.add("ORDER BY event.occurred_at, event.version LIMIT 1) AS contact, (SELECT event.id")
    counting.that_count(made, scope, MOVES, reading=Reading.CORRECTED)
    made.add(f"{after} ORDER BY event.version LIMIT 1) AS gone, (")
    made.add(f"SELECT event.id FROM {LOG} AS event WHERE event.kind = 'sla_breached'")
    counting.known(made, scope, "event")
    made.add(f"{after} AND (again.id IS NULL OR event.version < again.version)")
    made.add("ORDER BY event.occurred_at, event.version LIMIT 1) AS breach")
    made.add(f"FROM bounded AS entry LEFT JOIN {LOG} AS again ON again.id = entry.again)")


def _entries_that_count(made: Statement, scope: Scope) -> None:
    counting.that_count(made, scope, f"{MOVES} AND event.to_status = 'NEW'", reading=Reading.CORRECTED)


def _first_contact(made: Statement, scope: Scope) -> None:
    """Outreach of a person; what Scribe sends by itself is no answer, and neither is a call that came in."""
    made.add(f"SELECT event.id FROM {LOG} AS event WHERE event.kind = 'contact_logged' AND event.actor_id IS NOT NULL")
    made.add(f"AND COALESCE({_said('direction')}, '') <> 'inbound'")
    counting.known(made, scope, "event")


def _said(name: str) -> str:
    """What the data of ``event`` say under a name, as text; NULL where they say nothing."""
    if connection.vendor == "postgresql":
        return f"(event.data ->> '{name}')"
    return f"CAST(json_extract(event.data, '$.{name}') AS text)"


def _entries(rows: list[tuple[Any, ...]]) -> Iterator[Entry | int]:
    """The entries, and the number of those without minutes among them."""
    for (fact, lead), group in groupby(rows, key=itemgetter(0, 1)):
        mine = list(group)
        _, _, source, at, minutes, holder, *rest = mine[0]
        if lead is None:
            yield fact
        elif (allowed := _minutes(minutes)) is not None:
            since, logged_at = as_instant(at), None if rest[2] is None else as_instant(rest[2])
            contact, left, breach = _mark(*rest[0:2]), _mark(*rest[3:5]), _mark(*rest[5:7])
            handed = [Handed(row[13], mark, row[16]) for row in mine if (mark := _mark(*row[14:16])) is not None]
            yield Entry(lead, fact, source, since, allowed, holder, contact, logged_at, left, breach, handed)


def _mark(at: datetime | str | None, version: int) -> Mark | None:
    return None if at is None else Mark(as_instant(at), version)


def _minutes(text: str) -> int | None:
    """The minutes of a clock; None for what no clock of ours can be made of, as the fold has it."""
    try:
        timedelta(minutes=int(text))
    except (ValueError, OverflowError):
        return None
    return int(text) or None
