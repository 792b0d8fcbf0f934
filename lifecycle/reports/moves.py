"""The moves that count, for statements that look up the moves of one lead after the other.

The same moves as `counting.that_count` gives, with the undone ones in a table of their own: PostgreSQL then looks each
move up in a hash of them, where an anti join would walk along all of them for every lead anew.
"""

from ..history.statement import Statement
from .counting import LOG, MOVES, known
from .scope import Scope


def undone(made: Statement, scope: Scope) -> None:
    """``undone (id) AS …``: the table of a ``WITH`` that `moves` asks. Undone moves never happened, as far as known."""
    made.add(f"undone (id) AS MATERIALIZED (SELECT event.target_id FROM {LOG} AS event")
    made.add("WHERE event.kind = 'move_voided' AND event.target_id IS NOT NULL")
    known(made, scope, "event")
    made.add(")")


def moves(made: Statement, scope: Scope) -> None:
    """``FROM … WHERE`` of the moves that count, known by then and never undone; more with ``AND``."""
    made.add(f"FROM {LOG} AS event WHERE {MOVES}")
    known(made, scope, "event")
    made.add("AND event.id NOT IN (SELECT id FROM undone)")
