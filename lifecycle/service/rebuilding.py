"""The cached columns once more from the log, for leads whose columns have drifted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min

from ..drift import COLUMNS, differ, folded
from ..fold import CACHED, GUARDED
from ..models import LeadEvent
from ..streams import one_moment
from .mending import folded_one_by_one, mend

#: So many ids are looked at in one statement, and so many leads mended in one transaction.
LOOKED_AT, MENDED = 20_000, 500


@dataclass(frozen=True, slots=True)
class Drifted:
    """A lead, and the names of its cached columns that differ from its fold."""

    lead_id: int
    key: str
    columns: list[str]


def drifted() -> Iterator[tuple[int, list[Drifted]]]:
    """Every lead in one snapshot, in pieces: how many leads were looked at, and those that have drifted."""
    leads: Any = LeadEvent._meta.get_field("lead").related_model._default_manager
    with one_moment():
        ends = leads.aggregate(first=Min("pk"), last=Max("pk"))
        if ends["first"] is None:
            return
        for first in range(ends["first"], ends["last"] + 1, LOOKED_AT):
            piece = range(first, first + LOOKED_AT)
            seen = leads.filter(pk__gte=piece.start, pk__lt=piece.stop)
            yield seen.count(), _drifted(seen, piece)


def rebuild(lead_ids: Sequence[int]) -> int:
    """Sets the cached columns of these leads under their locks; out: of how many anything was different."""
    return sum(mend(lead_ids[n : n + MENDED]) for n in range(0, len(lead_ids), MENDED))


def _drifted(leads: Any, piece: range) -> list[Drifted]:
    """What one statement can tell of these ids it tells; the fold tells the rest."""
    differing = [differ(name) for name in COLUMNS]
    made = folded(piece)
    made.add(f"SELECT lead.id, folded.hard, {', '.join(differing)} FROM folded JOIN {leads.model._meta.db_table}")
    made.add(f"AS lead ON lead.id = folded.id WHERE folded.hard = 1 OR {' OR '.join(differing)}")
    rows = made.rows()
    names = (*GUARDED, *CACHED)
    found = {
        pk: [n for n, is_other in zip(names, flags, strict=True) if is_other] for pk, hard, *flags in rows if not hard
    }
    hard = [pk for pk, is_hard, *_ in rows if is_hard]
    for n in range(0, len(hard), MENDED):
        states = dict(folded_one_by_one(hard[n : n + MENDED]))
        for lead in leads.filter(pk__in=states):
            cached = lead.cached_state
            found[lead.pk] = [name for name in names if getattr(states[lead.pk], name) != getattr(cached, name)]
    wrong = [pk for pk, columns in found.items() if columns]
    keys = dict(leads.filter(external_key__gt="").values_list("pk", "external_key")) if wrong else {}
    return [Drifted(pk, keys.get(pk) or leads.model(pk=pk).key, found[pk]) for pk in sorted(wrong)]
