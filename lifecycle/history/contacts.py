"""When a lead was last reached, last answered and first reached, added up by the database.

Of ten thousand facts of one lead nearly all are contacts. What they change besides the count of attempts is three
moments, so they need not be read one by one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Max, Min, Q

from ..events import TWO_WAY, Direction, Kind
from ..fold import LeadState
from ..models import LeadEvent
from ..states import State
from .clocks import Clock

_INBOUND = Q(data__direction=Direction.INBOUND.value)
_ANSWERED = _INBOUND | Q(data__outcome__in=sorted(TWO_WAY))


@dataclass(frozen=True, slots=True)
class Counted:
    """The facts of a lead without its contacts that count by one clock, and the state that they fold to."""

    rows: list[Any]
    state: LeadState

    @property
    def is_plain(self) -> bool:
        """Whether the contacts can be added up: not where a way back to the beginning was undone in between."""
        begins = {row.id for row in self.rows if row.to_status == State.NEW}
        return not any(row.target_id in begins for row in self.rows if row.kind == Kind.MOVE_VOIDED)

    @property
    def begun(self) -> int:
        """The version of the fact with which the first-contact clock began to run; 0 where none did."""
        begins = {row.id: row.version for row in self.rows if row.to_status == State.NEW}
        return max((begins[m.event_id] for m in self.state.moves if m.event_id in begins), default=0)


def with_contacts(lead_id: int, moment: datetime, counted: Mapping[Clock, Counted]) -> dict[Clock, LeadState]:
    """The states with the three moments of their contacts, ``attempts`` left as it is. One query for all of them."""
    asked: dict[str, Any] = {}
    for clock, what in counted.items():
        by_then = Q(**{f"{clock.column}__lte": moment})
        reached = by_then & ~_INBOUND & Q(actor__isnull=False, version__gt=what.begun)
        if what.state.inquired_at is not None:
            reached &= Q(occurred_at__gte=what.state.inquired_at)
        asked[f"{clock}_contact"] = Max("occurred_at", filter=by_then)
        asked[f"{clock}_reply"] = Max("occurred_at", filter=by_then & _ANSWERED)
        asked[f"{clock}_first"] = Min("occurred_at", filter=reached)
    found = LeadEvent.objects.filter(lead_id=lead_id, kind=Kind.CONTACT_LOGGED.value).order_by().aggregate(**asked)
    return {
        clock: replace(
            what.state,
            last_contact_at=found[f"{clock}_contact"],
            last_reply_at=found[f"{clock}_reply"],
            first_contact_at=found[f"{clock}_first"],
        )
        if what.state.version
        else what.state
        for clock, what in counted.items()
    }
