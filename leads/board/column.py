"""One column of the board as it was read: its counts, the leads to draw, and where its next page begins."""

from dataclasses import dataclass, field
from datetime import datetime

from lifecycle.states import State

from ..models import Lead


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a column ends: the next one begins behind this lead."""

    stage_entered_at: datetime
    lead_id: int

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that `str(place)` wrote; None for anything else."""
        moment, _, number = text.partition("_")
        try:
            at, lead_id = datetime.fromisoformat(moment), int(number)
        except ValueError:
            return None
        if at.tzinfo is None or not 0 < lead_id < 2**63 or not 1900 <= at.year <= 9000:
            return None
        return cls(at, lead_id)

    def __str__(self) -> str:
        return f"{self.stage_entered_at.isoformat()}_{self.lead_id}"


@dataclass(slots=True)
class Column:
    """One stage with its counts and the leads to draw."""

    state: State
    total: int = 0
    stale: int = 0
    by_provenance: dict[str, int] = field(default_factory=dict)
    leads: list[Lead] = field(default_factory=list)
    rest: int = 0

    @property
    def next_place(self) -> Place | None:
        """Where "Show more" goes on; None when every lead is drawn."""
        if not self.rest or not self.leads:
            return None
        last = self.leads[-1]
        assert last.stage_entered_at is not None
        return Place(last.stage_entered_at, last.pk)
