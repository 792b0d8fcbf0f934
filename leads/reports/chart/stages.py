"""Charts of stages: how long, how far, where to, and how many are still there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import pgettext

from .axis import Axis
from .base import MOST_ROWS, Chart, Mark, Meaning, look_different, rounded, told


@dataclass(frozen=True, slots=True)
class Range:
    """How long it takes: sizes that half, three in four and nine in ten do not exceed; None: not reached yet."""

    name: str
    median: float | None
    p75: float | None
    p90: float | None
    label: str = ""
    more: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Ranges(Chart):
    kind: ClassVar[str] = "ranges"
    ranges: Sequence[Range]
    axis: Axis
    mark: Mark | None = None

    @property
    def is_empty(self) -> bool:
        return not self.ranges

    @property
    def rows(self) -> int:
        return rounded(min(len(self.ranges), MOST_ROWS))

    @property
    def keys(self) -> list[tuple[str, str]]:
        return [
            ("half", pgettext("share of leads", "Half (the median)")),
            ("three-quarters", pgettext("share of leads", "Three in four")),
            ("nine-tenths", pgettext("share of leads", "Nine in ten")),
        ]

    def _count(self) -> int:
        return len(self.ranges)

    def _drawn(self) -> dict[str, Any]:
        rows = [{"ends": [r.median, r.p75, r.p90], **told(r)} for r in self.ranges[:MOST_ROWS]]
        return {"rows": rows, "axis": self.axis.told(), "mark": self.mark and self.mark.told()}


@dataclass(frozen=True, slots=True)
class Step:
    """A row of a funnel: how many came so far, and how many of the row before did not (``lost``)."""

    name: str
    size: float
    lost: float = 0
    label: str = ""
    lost_label: str = ""
    more: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Funnel(Chart):
    """Steps from the widest to the narrowest; beside each one, pale and striped, those who were lost before it."""

    kind: ClassVar[str] = "funnel"
    steps: Sequence[Step]

    @property
    def is_empty(self) -> bool:
        return not self.steps

    @property
    def rows(self) -> int:
        return rounded(len(self.steps))

    @property
    def keys(self) -> list[tuple[str, str]]:
        return [
            ("accent", pgettext("of a funnel", "Reached this stage")),
            ("lost", pgettext("of a funnel", "Reached the one before, not this one")),
        ]

    def _drawn(self) -> dict[str, Any]:
        return {"rows": [{"size": step.size, **told(step)} for step in self.steps]}


@dataclass(frozen=True, slots=True)
class Node:
    """A place of a flow; flows go from a column (0 is the left one) to a later one."""

    key: str
    name: str
    column: int
    meaning: Meaning = Meaning.PLAIN
    more: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """How many went from one node to another, by key."""

    source: str
    target: str
    size: float
    meaning: Meaning = Meaning.PLAIN
    more: str = ""
    url: str = ""


@dataclass(frozen=True, kw_only=True)
class Flow(Chart):
    """Where leads went (a Sankey diagram). A stage that is visited again is a node in a later column."""

    kind: ClassVar[str] = "flow"
    nodes: Sequence[Node]
    links: Sequence[Link]

    def __post_init__(self) -> None:
        column = {node.key: node.column for node in self.nodes}
        if len(column) != len(self.nodes) or any(column[k.source] >= column[k.target] for k in self.links):
            raise ValueError("The nodes of a flow have keys of their own, and its links lead to later columns.")

    @property
    def is_empty(self) -> bool:
        return not self.links

    def _drawn(self) -> dict[str, Any]:
        return {
            "nodes": [{"column": node.column, "meaning": node.meaning, **told(node)} for node in self.nodes],
            "links": [
                {"from": k.source, "to": k.target, "size": k.size, "meaning": k.meaning, **told(k)} for k in self.links
            ],
        }


@dataclass(frozen=True, slots=True)
class Curve:
    """Shares (of 1) that are left from each place on: a staircase. ``open``: places where one is still inside."""

    name: str
    points: Sequence[tuple[float, float, str]]
    open: Sequence[float] = ()
    meaning: Meaning = Meaning.ACCENT

    def at(self, place: float) -> float:
        """The height of the staircase at a place."""
        return next((share for x, share, _ in reversed(self.points) if x <= place), 1.0)


@dataclass(frozen=True, kw_only=True)
class Curves(Chart):
    """Survival curves: the share still there, by time since; short ticks for those that are still inside."""

    kind: ClassVar[str] = "curves"
    curves: Sequence[Curve]
    across: Axis
    axis: Axis
    mark: Mark | None = None

    def __post_init__(self) -> None:
        look_different([curve.meaning for curve in self.curves])

    @property
    def _seen(self) -> list[Curve]:
        """Those with points."""
        return [curve for curve in self.curves if curve.points]

    @property
    def is_empty(self) -> bool:
        return not self._seen

    @property
    def keys(self) -> list[tuple[str, str]]:
        return [(c.meaning.value, c.name) for c in self._seen] if len(self._seen) > 1 else []

    def _drawn(self) -> dict[str, Any]:
        curves = [
            {
                "name": c.name,
                "meaning": c.meaning,
                "points": [list(point) for point in c.points],
                "open": [[x, c.at(x)] for x in c.open],
            }
            for c in self._seen
        ]
        return {
            "curves": curves,
            "across": self.across.told(),
            "axis": self.axis.told(),
            "mark": self.mark and self.mark.told(),
        }
