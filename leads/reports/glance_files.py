"""The tables of the dashboard as files: lengths in hours, shares between 0 and 1, times in UTC."""

from collections.abc import Callable
from datetime import timedelta

from lifecycle.states import Provenance, State

from .asked import Asked
from .glance import Glance

File = tuple[tuple[str, ...], list[tuple[str, ...]]]


def shape_file(glance: Glance, asked: Asked) -> File:
    """A row for each stage; cells are empty where there is nothing to tell."""
    rows: list[tuple[str, ...]] = [
        (
            state.value,
            str(stage.leads),
            _hours(stage.median),
            _hours(stage.oldest),
            "" if stage.stale_days is None else str(stage.stale),
            "" if stage.stale_days is None or not stage.leads else f"{stage.stale / stage.leads:.4f}",
        )
        for state, stage in glance.stages.items()
    ]
    return ("stage", "leads", "median_hours", "oldest_hours", "stale", "stale_share"), rows


def trend_file(glance: Glance, asked: Asked) -> File:
    """A row for each week and one for the end, oldest first: the instant, and the leads in QUALIFIED by provenance."""
    ends = [*(week.until - timedelta(microseconds=1) for week in glance.weeks), asked.scope.end]
    names = [*(week.name for week in glance.weeks), "now" if asked.scope.known_at is None else "then"]
    counts = [*glance.trend, glance.stages[State.QUALIFIED].ways]
    rows = [
        (name, f"{at:%Y-%m-%dT%H:%M:%SZ}", *(str(count.get(way, 0)) for way in Provenance), str(sum(count.values())))
        for name, at, count in zip(names, ends, counts, strict=True)
    ]
    return ("week", "at", *(way.value for way in Provenance), "all"), rows


FILES: dict[str, Callable[[Glance, Asked], File]] = {"shape": shape_file, "trend": trend_file}


def _hours(length: timedelta | None) -> str:
    return "" if length is None else f"{length / timedelta(hours=1):.4f}".rstrip("0").rstrip(".")
