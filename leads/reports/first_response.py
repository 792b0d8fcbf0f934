"""First response for scripts and files: the figures of the clocks with names."""

from collections.abc import Generator

from lifecycle.reports.first_figures import grouped
from lifecycle.reports.first_response import first_response
from lifecycle.reports.scope import Scope

from .people import in_files, names_of

COLUMNS = ("by", "source", "leads", "met", "breached", "median_seconds")
NUMBERS = frozenset({"leads", "met", "breached", "median_seconds"})


def rows(scope: Scope) -> Generator[tuple[str, ...]]:
    """A row for each agent on the clock and source of inquiry that owed an answer, by name and source."""
    found = grouped((c for c in first_response(scope).clocks if c.owed), lambda c: (c.holder, c.source))
    names = names_of(holder for holder, _ in found)

    def in_order(key: tuple[int | None, str]) -> tuple[str, str, int]:
        holder, source = key
        return in_files(holder, names), source, holder or 0

    for holder, source in sorted(found, key=in_order):
        mine = found[holder, source]
        counts = (str(n) for n in (mine.leads, mine.met, mine.breached))
        yield (in_files(holder, names), source, *counts, seconds_text(mine.median_seconds))


def seconds_text(seconds: float | None) -> str:
    """Seconds to the thousandth at most, without trailing zeros; ``""`` for none."""
    return "" if seconds is None else f"{seconds:.3f}".rstrip("0").rstrip(".")
