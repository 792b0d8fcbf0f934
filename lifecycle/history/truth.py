"""Which moves and assignments count, and with which reason: what every report and every path is made of. Pure.

*As corrected*: what was voided never happened, a corrected reason was the true one all along. *As first recorded*:
every move and assignment as it was written down, whatever was said of it later.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from ..events import Kind
from ..fold import Row
from ..speech import pgettext

R = TypeVar("R", bound=Row)


class Reading(StrEnum):
    """Which of the two truths a figure tells; a page that offers both names the one it shows."""

    CORRECTED = "corrected"
    RECORDED = "recorded"

    @property
    def label(self) -> str:
        return _LABEL[self]()


_LABEL: dict[Reading, Callable[[], str]] = {
    Reading.CORRECTED: lambda: pgettext("which truth", "As corrected"),
    Reading.RECORDED: lambda: pgettext("which truth", "As first recorded"),
}


@dataclass(frozen=True, slots=True)
class Counted(Generic[R]):
    """A move or an assignment that counts, with the reason that counts. ``voided``: it was taken back later."""

    row: R
    reason: str
    voided: bool = False


def counted(rows: Iterable[R], reading: Reading = Reading.CORRECTED) -> list[Counted[R]]:
    """The moves and assignments that count, in the order of the rows.

    In: facts of one lead or of many, each lead's in version order, the voids and corrections of these among them;
    other facts may be there and are passed over. A void is no move: the lead never left.
    """
    stream = rows if isinstance(rows, Sequence) else list(rows)
    voided = {row.target_id for row in stream if row.kind == Kind.MOVE_VOIDED}
    as_corrected = reading is Reading.CORRECTED
    # The newest correction of a fact comes last, so it stays.
    reasons = {r.target_id: r.reason for r in stream if as_corrected and r.kind == Kind.REASON_CORRECTED}
    return [
        Counted(row, reasons.get(row.id, row.reason), row.id in voided)
        for row in stream
        if _counts(row) and not (as_corrected and row.id in voided)
    ]


def _counts(row: Row) -> bool:
    moved = bool(row.to_status) and row.kind != Kind.MOVE_VOIDED
    return moved or row.kind == Kind.AGENT_ASSIGNED
