"""The periods of a window that is open at an end: from the first fact to the last."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from ..history.statement import Statement
from . import counting
from .calendar import Period, months, quarters, weeks
from .scope import Scope

#: More weeks than these are counted by the month, and more months than these by the quarter.
MOST_WEEKS, MOST_MONTHS = 106, 120
#: A window that is longer than this begins and ends where the facts do, or it would be a list of empty periods.
LONG = timedelta(days=3660)


def quarters_of(scope: Scope) -> list[Period]:
    """The quarters of the window, or from its first lead to its last where it is open; none where no lead came in."""
    closed = _closed(scope, "AND event.version = 1")
    return quarters(closed.since, closed.until, scope.zone) if closed.since and closed.until else []


def weeks_of(scope: Scope) -> list[Period]:
    """The weeks of the window, or of the facts in it where it is open; coarser where they would be too many to read."""
    closed = _closed(scope, "")
    if not (closed.since and closed.until):
        return []
    edges = closed.since, closed.until
    span = edges[1] - edges[0]
    if span <= timedelta(weeks=MOST_WEEKS):
        return weeks(*edges, scope.zone)
    return months(*edges, scope.zone) if span <= timedelta(days=31 * MOST_MONTHS) else quarters(*edges, scope.zone)


def inside(scope: Scope, periods: Sequence[Period]) -> Scope:
    """The scope with an open edge closed where the periods end: what is recorded meanwhile has no period."""
    return replace(scope, since=scope.since or periods[0].since, until=scope.until or periods[-1].until)


def _closed(scope: Scope, which: str) -> Scope:
    """The scope with both its edges, from the first fact to the last where it is open or covers ages; without a fact
    it stays open."""
    if scope.since and scope.until and scope.until - scope.since <= LONG:
        return scope
    made = Statement()
    made.add("SELECT min(event.occurred_at), max(event.occurred_at)")
    made.add(f"FROM {counting.LOG} AS event WHERE {counting.MOVES} {which}")
    counting.known(made, scope, "event")
    counting.within(made, scope)
    [(first, last)] = made.rows()
    if first is None:
        return replace(scope, since=None, until=None)
    after = counting.as_instant(last) + timedelta(microseconds=1)
    return replace(scope, since=counting.as_instant(first), until=after)
