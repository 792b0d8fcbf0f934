"""Bars and lines: one or several series over the same names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .axis import Axis
from .base import MOST_ROWS, Chart, Mark, Meaning, look_different, rounded, told


@dataclass(frozen=True, slots=True)
class Value:
    """One bar, part of a bar or point. ``size`` is None where there is none; ``more`` falls back on ``label``."""

    size: float | None
    label: str = ""
    more: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: Sequence[Value]
    meaning: Meaning = Meaning.ACCENT


@dataclass(frozen=True, kw_only=True)
class _OfSeries(Chart):
    names: Sequence[str]
    series: Sequence[Series]
    axis: Axis
    mark: Mark | None = None

    def __post_init__(self) -> None:
        look_different([series.meaning for series in self.series])
        if any(len(series.values) != len(self.names) for series in self.series):
            raise ValueError("Each series of a chart has one value a name.")

    @property
    def is_empty(self) -> bool:
        return all(value.size is None for series in self.series for value in series.values)

    @property
    def keys(self) -> list[tuple[str, str]]:
        return [(s.meaning.value, s.name) for s in self.series] if len(self.series) > 1 else []

    def _drawn(self) -> dict[str, Any]:
        shown = MOST_ROWS if self._count() else len(self.names)
        return {
            "names": list(self.names[:shown]),
            "series": [
                {
                    "name": s.name,
                    "meaning": s.meaning,
                    "values": [{"size": v.size, **told(v)} for v in s.values[:shown]],
                }
                for s in self.series
            ],
            "axis": self.axis.told(),
            "mark": self.mark and self.mark.told(),
        }


@dataclass(frozen=True, kw_only=True)
class Bars(_OfSeries):
    """Bars of counts or shares: lying for names of people and reasons, ``upright`` for weeks and quarters."""

    stacked: bool = False
    upright: bool = False
    totals: Sequence[str] = ()

    @property
    def shape(self) -> str:
        return "columns" if self.upright else "bars"

    @property
    def rows(self) -> int:
        beside = 1 if self.stacked else max(1, len(self.series))
        return 0 if self.upright else rounded(min(len(self.names), MOST_ROWS) * (1 + (beside - 1) * 0.6))

    def _count(self) -> int:
        return 0 if self.upright else len(self.names)

    def _drawn(self) -> dict[str, Any]:
        return {**super()._drawn(), "stacked": self.stacked, "totals": list(self.totals[:MOST_ROWS])}


@dataclass(frozen=True, kw_only=True)
class Lines(_OfSeries):
    """Courses over weeks, quarters or other names in order; ``filled``: areas that lie on one another."""

    filled: bool = False

    @property
    def shape(self) -> str:
        return "areas" if self.filled else "lines"
