"""What one agent got, gave away, closed and won back in the window. The scope's ``whose`` is that agent.

Everything is read along the leads that the agent ever held, so it costs as much as one agent's work and not as the
office's.
"""

from dataclasses import dataclass
from datetime import datetime

from ..history.statement import Statement
from . import counting
from .counting import LOG
from .scope import Scope


@dataclass(frozen=True, slots=True)
class Deeds:
    """Facts by id, oldest first. ``closed``: closings. ``won_back``: leads that qualified again after the archive.

    Each is credited to who held the lead just before it.
    """

    closed: tuple[int, ...]
    won_back: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """An assignment, by its fact: to the agent (``got``), or away from the agent. ``reason`` is the one that counts."""

    fact: int
    lead: int
    got: bool
    reason: str


def first_held(scope: Scope) -> datetime | None:
    """When the agent got the first lead ever; None: none yet. One statement."""
    made = Statement()
    made.add(f"SELECT min(event.occurred_at) FROM {LOG} AS event WHERE event.to_agent_id = %s", scope.whose)
    counting.known(made, scope, "event")
    [(at,)] = made.rows()
    return None if at is None else counting.as_instant(at)


def deeds(scope: Scope) -> Deeds:
    """The closings of the window, and the leads that were won back in it. One statement."""
    made = Statement()
    made.add("SELECT moved.id, moved.to_status FROM (SELECT event.id, event.to_status, event.kind, event.agent_id,")
    made.add("event.occurred_at, lag(event.kind) OVER (PARTITION BY event.lead_id ORDER BY event.version) AS before")
    counting.that_count(made, scope, counting.MOVES)
    _of_leads_held(made, scope)
    made.add(") AS moved WHERE moved.agent_id = %s", scope.whose)
    made.add("AND (moved.to_status = 'CLOSED' OR moved.kind = 'motivation_confirmed'")
    made.add("AND moved.before = 'lead_re_engaged')")
    counting.within(made, scope, "moved.occurred_at")
    made.add("ORDER BY moved.occurred_at, moved.id")
    found = made.rows()
    closed = tuple(fact for fact, status in found if status == "CLOSED")
    return Deeds(closed, tuple(fact for fact, status in found if status != "CLOSED"))


def handed(scope: Scope) -> list[Handed]:
    """The hand-overs of the window to and from the agent, oldest first. One statement.

    Whoever gets what they hold already (other systems record that) gets nothing.
    """
    made = Statement()
    made.add("SELECT event.id, event.lead_id, event.to_agent_id,")
    counting.reason(made, scope)
    made.add(f"FROM {LOG} AS event WHERE {counting.ASSIGNMENTS}")
    counting.known(made, scope, "event")
    counting.within(made, scope)
    _of_leads_held(made, scope)
    made.add("AND (event.agent_id = %s OR event.to_agent_id = %s)", scope.whose, scope.whose)
    made.add("AND COALESCE(event.agent_id, 0) <> COALESCE(event.to_agent_id, 0) ORDER BY event.occurred_at, event.id")
    return [Handed(fact, lead, to == scope.whose, reason) for fact, lead, to, reason in made.rows()]


def _of_leads_held(made: Statement, scope: Scope) -> None:
    """``AND`` of a lead that the agent ever held: nobody does anything as a holder before."""
    made.add(f"AND event.lead_id IN (SELECT held.lead_id FROM {LOG} AS held WHERE held.to_agent_id = %s)", scope.whose)
