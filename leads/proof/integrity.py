"""Whether the record is whole, for those who answer for it: the last look at the log, guards, newest checkpoint."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from lifecycle import guards
from lifecycle.models import Checkpoint, LeadEvent, Verification

from .. import moments
from ..lead_page import Desk
from .keys import NoKey, public_keys
from .letters import brokers

#: Both are owed once a night; a day longer, and somebody has to know that they do not come.
OVERDUE = timedelta(days=2)
_RUNS = 14


@dataclass(frozen=True, slots=True)
class Run:
    """One look at the whole log. ``look`` is good, warn or bad."""

    when: str
    ago: str
    took: str
    look: str
    row: Verification


@dataclass(frozen=True, slots=True)
class Integrity:
    """What the page shows. ``key`` is the public key, ``""`` without one; ``since``: facts newer than the checkpoint.

    ``look``: good, warn (something is owed), bad (something is wrong).
    """

    look: str
    runs: list[Run]
    is_late: bool
    missing: list[str]
    checkpoint: Checkpoint | None
    made: str
    made_ago: str
    is_old: bool
    since: int
    checkpoints: int
    key: str
    letters_to: list[str]

    @property
    def last(self) -> Run | None:
        return self.runs[0] if self.runs else None


def read_integrity(desk: Desk) -> Integrity:
    """All of the page; a constant number of queries, none of which reads the log as a whole."""
    runs = [_run(row, desk) for row in Verification.objects.order_by("-ran_at", "-id")[:_RUNS]]
    newest = Checkpoint.objects.order_by("-number").first()
    missing = guards.missing(connection)
    is_late = not runs or desk.now - runs[0].row.ran_at > OVERDUE
    is_old = newest is None or desk.now - newest.made_at > OVERDUE
    is_bad = bool(missing) or bool(runs and runs[0].look == "bad")
    return Integrity(
        look="bad" if is_bad else "warn" if is_late or is_old or runs[0].look == "warn" else "good",
        runs=runs,
        is_late=is_late,
        missing=missing,
        checkpoint=newest,
        made=moments.exact(newest.made_at, desk.zone) if newest else "",
        made_ago=moments.ago(newest.made_at, desk.now) if newest else "",
        is_old=is_old,
        since=LeadEvent.objects.filter(id__gt=newest.upto).count() if newest else 0,
        checkpoints=newest.number if newest else 0,
        key=_key(),
        letters_to=[broker.display_name for broker in brokers()],
    )


def _run(row: Verification, desk: Desk) -> Run:
    return Run(
        when=moments.exact(row.ran_at, desk.zone),
        ago=moments.ago(row.ran_at, desk.now),
        took=moments.span(max(row.took.total_seconds(), 1)),
        look={0: "good", 2: "warn"}.get(row.exit_code, "bad"),
        row=row,
    )


def _key() -> str:
    try:
        return str(public_keys([])[0])
    except NoKey:
        return ""
