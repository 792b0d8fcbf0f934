"""Leads as they stood at an instant: the cached columns of lead objects, put back to what they were. Never saved."""

from collections.abc import Sequence
from datetime import datetime

from ..fold import CACHED, GUARDED, LeadState
from ..models import LifecycleColumns
from .as_of import state_at
from .clocks import Clock
from .telling import COUNTED, telling_rows

_COLUMNS = tuple("agent_id" if name == "agent" else name for name in (*GUARDED, *CACHED) if name not in COUNTED)


def stand(lead: LifecycleColumns, state: LeadState) -> None:
    """Gives a lead object the columns of this state, all but those that every fact moves on."""
    for name in _COLUMNS:
        setattr(lead, name, getattr(state, "agent" if name == "agent_id" else name))


def fill_in(leads: Sequence[LifecycleColumns], moment: datetime, clock: Clock) -> None:
    """Gives these lead objects every column that a card shows, as of an instant. One query for all of them."""
    by_id = {lead.pk: lead for lead in leads}
    for lead_id, rows in telling_rows(by_id, moment, clock) if by_id else ():
        stand(by_id[lead_id], state_at(rows, moment, clock))
