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
    # Found in the index of moves alone; who held the lead stands in the row, which is looked at for these few.
    made.add("WITH moved AS MATERIALIZED (SELECT event.id, event.lead_id, event.version, event.to_status,")
    made.add("event.occurred_at")
    counting.that_count(made, scope, counting.MOVES)
    counting.within(made, scope)
    _of_leads_held(made, scope)
    made.add("AND (event.to_status = 'CLOSED' OR event.kind = 'motivation_confirmed'))")
    made.add("SELECT moved.id, moved.to_status, CASE WHEN moved.to_status <> 'CLOSED' THEN (SELECT prior.kind")
    made.add(f"FROM {LOG} AS prior WHERE {counting.MOVES.replace('event.', 'prior.')}")
    made.add("AND prior.lead_id = moved.lead_id AND prior.version < moved.version")
    made.add(f"AND (SELECT undone.id FROM {LOG} AS undone WHERE undone.target_id = prior.id")
    made.add("AND undone.kind = 'move_voided'")
    counting.known(made, scope, "undone")
    made.add("LIMIT 1) IS NULL ORDER BY prior.version DESC LIMIT 1) END")
    made.add(f"FROM moved JOIN {LOG} AS fact ON fact.id = moved.id WHERE fact.agent_id = %s", scope.whose)
    made.add("ORDER BY moved.occurred_at, moved.id")
    found = made.rows()
    closed = tuple(fact for fact, status, _ in found if status == "CLOSED")
    return Deeds(closed, tuple(fact for fact, _, before in found if before == "lead_re_engaged"))


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
