"""Time in stage, as files and commands print it."""

from collections.abc import Generator

from lifecycle.reports.scope import Scope
from lifecycle.reports.stays import HOUR, Stays, by_stage

COLUMNS = ("stage", "visits", "still_inside", "median_hours", "p75", "p90", "median_finished_hours")
NUMBERS = frozenset(COLUMNS[1:])


def rows(scope: Scope) -> Generator[tuple[str, ...]]:
    """A row for each stage that has visits, in the order of the board; an empty cell is a figure that nobody knows."""
    for stays in by_stage(scope):
        yield (stays.stage, str(stays.visits), str(stays.still_inside), *lengths(stays))


def lengths(stays: Stays) -> tuple[str, ...]:
    """The cells of the four lengths, in hours."""
    return (*map(hours, stays.lengths.reached), hours(stays.lengths.finished_median))


def hours(microseconds: float | None) -> str:
    """``195.8712``: four digits, less the zeros at the end."""
    if microseconds is None:
        return ""
    return f"{microseconds / HOUR:.4f}".rstrip("0").rstrip(".")
