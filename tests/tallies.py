"""What the tally must say: a plain count of the leads, one by one, in Python."""

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from leads.models import Lead
from lifecycle.states import WORKING, State
from lifecycle.streams import one_moment
from lifecycle.tally import Counted, counted

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def counted_by_hand(cutoffs: dict[str, datetime | None], holders: Collection[int] | None = None) -> Counted:
    """Every lead of these holders (0: the pool; None: everybody), looked at in turn."""
    leads, stale = Counter[tuple[str, str]](), Counter[str]()
    rows: Any = Lead.objects.exclude(status="").values_list("agent", "status", "provenance", "stage_entered_at")
    for agent, status, provenance, entered in rows:
        if status not in cutoffs or (holders is not None and (agent or 0) not in holders):
            continue
        leads[status, provenance if status == State.QUALIFIED else ""] += 1
        cutoff = cutoffs[status]
        if cutoff is not None and entered <= cutoff:
            stale[status] += 1
    return Counted(dict(leads), dict(stale))


def both(cutoffs: dict[str, datetime | None], holders: Collection[int] | None = None) -> tuple[Any, Any]:
    """What the tally says and what is so, at one moment of the log."""
    with one_moment():
        return counted(cutoffs, holders), counted_by_hand(cutoffs, holders)


def at(moment: datetime) -> dict[str, datetime | None]:
    """This instant for every stage that is worked."""
    return {s.value: moment if s in WORKING else None for s in State}
