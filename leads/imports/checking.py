"""A look at every row before anything is written: what would become of it, and the first rows as they will be."""

from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from ..models import Import, Outcome, Phase
from .keeping import count, keep
from .mapping import BadMapping
from .reading import BadFile, records
from .running import Superseded, open_import, stop
from .sorting import Sorted, steps
from .strangers import is_stranger

#: So many rows of one outcome are kept to be looked at; the others are counted.
KEPT = 5_000
_TO_LOOK_AT = (Outcome.REFUSED, Outcome.SKIPPED, Outcome.UPDATED, Outcome.KNOWN)


def check(made: Import) -> Import:
    """Goes through the whole file and keeps what would become of it; the phase is then checked, or stopped."""
    try:
        opened = open_import(made)
        if not made.line_done:
            opened.check_strangers()
        for chunk in steps(records(opened.path, opened.shape), after=made.line_done, passed=opened.sorter.recall):
            rows = opened.sorter.sort(chunk)
            made = _keep(made, rows)
    except Superseded:
        return Import.objects.get(pk=made.pk)
    except (BadFile, BadMapping) as problem:
        return stop(made, problem.sentence)
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=made.pk)
        if locked.phase == Phase.CHECKING and locked.line_done == made.line_done:
            locked.phase, locked.rows = Phase.CHECKED.value, locked.rows_done
            locked.save()
    return locked


def _keep(made: Import, rows: list[Sorted]) -> Import:
    with transaction.atomic():
        locked = Import.objects.select_for_update().get(pk=made.pk)
        if locked.phase != Phase.CHECKING or locked.line_done != made.line_done:
            raise Superseded
        room = Counter({outcome: KEPT - locked.counts.get(outcome.value, 0) for outcome in _TO_LOOK_AT})
        shown = []
        for row in rows:
            # A row with a duplicate is looked at whatever was chosen for it.
            if (row.outcome in _TO_LOOK_AT or row.duplicate is not None) and room[row.outcome] > -KEPT:
                room[row.outcome] -= 1
                shown.append(row)
        for row in shown:
            # Also beside a row that is to become a lead of its own stands the one that it resembles.
            row.lead = row.lead or (row.duplicate.lead if row.duplicate is not None else None)
        keep(locked, shown, cells=tuple(Outcome))
        count(locked, rows)
        found = Counter(filter(None, map(_by, rows))) + Counter(strangers=sum(map(is_stranger, rows)))
        locked.counts = dict(Counter(locked.counts) + found)
        locked.save()
    return locked


def _by(row: Sorted) -> str:
    """By what a row is here already, as it is counted; ``""`` for one that is not."""
    if row.duplicate is not None:
        return f"by_{row.duplicate.by}"
    return "by_key" if row.outcome in (Outcome.KNOWN, Outcome.UPDATED) else ""


def tally(made: Import, path: Path, tick: Any = None) -> tuple[Counter[str], list[tuple[int, str, str, list[str]]]]:
    """The same for a command's dry run, kept nowhere: counts by outcome, and what is refused as (line, key, sentence,
    cells)."""
    counts: Counter[str] = Counter()
    refused = []
    opened = open_import(made, path)
    opened.check_strangers()
    for chunk in steps(records(opened.path, opened.shape)):
        rows = opened.sorter.sort(chunk)
        counts.update(row.outcome.value for row in rows)
        counts["facts"] += sum(len(row.told) for row in rows if row.outcome == Outcome.CREATED)
        counts["guessed"] += sum(row.incoming is not None and row.incoming.guessed for row in rows)
        refused += [
            (row.line, row.incoming.key if row.incoming else "", row.sentence, row.record.cells)
            for row in rows
            if row.outcome == Outcome.REFUSED
        ]
        if tick is not None:
            tick(len(rows))
    return counts, refused


def prepare_preview(made: Import, size: int = 20) -> list[Sorted]:
    """The first rows of the file with what each will become; nothing is written. Raises ``BadFile``."""
    opened = open_import(made)
    return opened.sorter.sort(list(islice(records(opened.path, opened.shape), size)))
