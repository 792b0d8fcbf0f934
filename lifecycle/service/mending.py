"""Writes the cached columns of many leads from the log, under their locks: a chunk in one statement."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from django.db import connection, transaction

from ..drift import COLUMNS, differ, folded
from ..fold import LeadState, fold
from ..models import LeadEvent
from . import store
from .many import update_caches

#: What the fold reads of a fact; the rest is not fetched.
_READ = (
    "lead_id", "id", "version", "kind", "from_status", "to_status", "to_agent_id", "flag", "reason", "actor_id",
    "target_id", "caused_by_id", "occurred_at", "recorded_at", "data", "hash",
)  # fmt: skip


def mend(lead_ids: Sequence[int]) -> int:
    """Sets the cached columns of some hundred leads to what the log says now; out: how many leads were different."""
    with transaction.atomic():
        store.hold_order_lock()
        _lock(lead_ids)
        # Whoever was writing has committed, and the statements that follow see it.
        mended = _mend_at_once(lead_ids)
        # Left are those for the fold, and those that somebody wrote to since they were found to differ.
        left = [pk for pk in lead_ids if pk not in mended]
        cached = store.lock_leads(left)
        wrong = {pk: state for pk, state in folded_one_by_one(left) if state != cached[pk]}
        if wrong:
            update_caches(wrong)
    return len(mended) + len(wrong)


def _lock(lead_ids: Sequence[int]) -> None:
    """Locks leads until commit, in the order of their ids; on SQLite the transaction has done so already."""
    if store.on_postgresql():
        with connection.cursor() as cursor:
            locking = "WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
            cursor.execute(f"SELECT FROM {store.tables().leads} {locking}", [list(lead_ids)])


def folded_one_by_one(lead_ids: Sequence[int]) -> Iterator[tuple[int, LeadState]]:
    """What the fold says of each of these leads, without its moves; two statements."""
    lead = LeadEvent._meta.get_field("lead").related_model
    rows = LeadEvent.objects.filter(lead_id__in=lead_ids).order_by("lead_id", "version").values_list(*_READ, named=True)
    states = {pk: replace(fold(mine), moves=()) for pk, mine in groupby(rows, key=attrgetter("lead_id"))}
    for pk in lead._default_manager.filter(pk__in=lead_ids).order_by("pk").values_list("pk", flat=True):
        yield pk, states.get(pk, LeadState())


def _mend_at_once(lead_ids: Sequence[int]) -> set[int]:
    """Mends whatever one statement can tell of; out: the leads that it changed."""
    made = folded(lead_ids)
    sets = ", ".join(f"{name} = folded.{name}" for name in COLUMNS)
    made.add(f"UPDATE {store.tables().leads} AS lead SET {sets} FROM folded")
    made.add(f"WHERE folded.id = lead.id AND folded.hard = 0 AND ({' OR '.join(map(differ, COLUMNS))})")
    made.add("RETURNING lead.id" if store.on_postgresql() else "RETURNING id")
    return {pk for (pk,) in made.rows()}
