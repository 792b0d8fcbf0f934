"""Whose figures: the leads that somebody holds, and the moves that happened while somebody held the lead.

SQL of both engines, to be added to ``counting.that_count``; nothing where everybody's figures are asked for.
"""

from ..history.statement import Statement
from .counting import LOG, known
from .scope import Scope, Whose


def held_now(made: Statement, scope: Scope) -> None:
    """``AND`` the lead is with that person today; as known at an instant, with whom it was then.

    The pool's are the leads that nobody holds.
    """
    if scope.whose == Whose.EVERYBODY:
        return
    made.add("AND event.lead_id NOT IN" if scope.whose == Whose.POOL else "AND event.lead_id IN")
    made.add(f"(SELECT held.lead_id FROM {LOG} AS held WHERE held.kind = 'agent_assigned'")
    if scope.whose == Whose.POOL:
        made.add("AND held.to_agent_id IS NOT NULL")
    else:
        made.add("AND held.to_agent_id = %s", scope.whose)
    known(made, scope, "held")
    made.add(f"AND NOT EXISTS (SELECT 1 FROM {LOG} AS later WHERE later.lead_id = held.lead_id")
    made.add("AND later.kind = 'agent_assigned' AND later.version > held.version")
    known(made, scope, "later")
    made.add("))")


def held_then(made: Statement, scope: Scope) -> None:
    """``AND`` that person held the lead just before the fact; of its first fact: got it in the same moment."""
    if scope.whose == Whose.EVERYBODY:
        return
    # Nobody holds a lead before it is there, so its beginning belongs to whom it was given with it.
    made.add("AND CASE WHEN event.version > 1 THEN event.agent_id ELSE")
    made.add(f"(SELECT given.to_agent_id FROM {LOG} AS given WHERE given.lead_id = event.lead_id")
    made.add("AND given.kind = 'agent_assigned' AND given.occurred_at = event.occurred_at")
    known(made, scope, "given")
    made.add("ORDER BY given.version LIMIT 1) END")
    if scope.whose == Whose.POOL:
        made.add("IS NULL")
    else:
        made.add("= %s", scope.whose)
