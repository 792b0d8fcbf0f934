"""One lead in the past: which of its facts count at an instant, and the state that they fold to. Pure.

*As it was*: what had happened by then, less moves voided at any later time; reasons as they stand corrected today.
*As we knew it then*: what had been recorded by then, a plain prefix of the stream.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from ..events import Kind
from ..fold import LeadState, Row, fold
from .clocks import Clock


def facts_at(rows: Iterable[Row], moment: datetime, clock: Clock) -> list[Row]:
    """The facts that count at this instant, the instant included.

    In: the whole stream of one lead in version order (a void may come at any later time), an aware moment. Out: those
    of its rows that make up the past, in version order; none when the lead did not exist yet.
    """
    stream = rows if isinstance(rows, Sequence) else list(rows)
    if clock is Clock.KNOWN:
        return [row for row in stream if row.recorded_at <= moment]
    if not stream or stream[0].occurred_at > moment:
        return []
    voided = {row.target_id for row in stream if row.kind == Kind.MOVE_VOIDED}
    return [row for row in stream if _had_happened(row, moment, voided)]


def state_at(rows: Iterable[Row], moment: datetime, clock: Clock) -> LeadState:
    """How the lead stood at this instant; ``version`` 0 when it did not exist yet. In: as for ``facts_at``."""
    return fold(facts_at(rows, moment, clock))


def _had_happened(row: Row, moment: datetime, voided: set[object]) -> bool:
    if row.kind == Kind.MOVE_VOIDED or row.id in voided:
        return False
    # A reason that was corrected later was the true one all along.
    return row.kind == Kind.REASON_CORRECTED or row.occurred_at <= moment
