"""The cached columns once more from the log, for a lead whose columns have drifted."""

from collections.abc import Iterator
from dataclasses import replace

from django.db import transaction

from ..fold import CACHED, GUARDED, fold
from ..streams import one_moment, streams
from . import store
from .record import full_state


def drifted() -> Iterator[tuple[int, str, list[str]]]:
    """Every lead in one snapshot: its id, its key and the names of the cached columns that differ from its fold."""
    with one_moment():
        for stream in streams():
            folded = fold(stream.events)
            differ = [n for n in (*GUARDED, *CACHED) if getattr(folded, n) != getattr(stream.cached, n)]
            yield stream.lead_id, stream.key, differ


def rebuild(lead_id: int) -> bool:
    """Sets the cached columns of one lead under its lock; out: whether anything was different."""
    with transaction.atomic():
        store.hold_order_lock()
        cached = store.lock_lead(lead_id).state
        folded = replace(full_state(lead_id), moves=())
        if folded == cached:
            return False
        store.update_cache(lead_id, folded)
        return True
