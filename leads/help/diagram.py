"""The moves as a picture: boxes where a small table puts them, an arrow for every row of the table of moves.

Two layouts of the same thing, lying for wide windows and paper, standing for phones. Lengths are SVG units.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import hypot

from lifecycle.states import FOLDED, State

from .moves import MoveRow

Point = tuple[float, float]

#: Arrows that join the same two boxes lie so far apart: a number's mark fits between them.
_APART = 26
#: An arrow ends so far before its box, so that the head does not touch it.
_GAP = 3
#: A box that is an end has a second line so far inside the first.
_INSIDE = 4


@dataclass(frozen=True, slots=True)
class Layout:
    """``at``: the middle of each box. ``aside``: to which side arrows bend that may not run through a box."""

    name: str
    width: int
    height: int
    box: tuple[int, int]
    start: Point
    aside: Point
    at: Mapping[State, Point]


_LINE = (State.NEW, State.CONTACTING, State.QUALIFIED, State.COMMITTED, State.IN_CONTRACT, State.CLOSED)

LYING = Layout(
    "lying", 1000, 326, (118, 46), (12, 158), (0, -1),
    {s: (100 + 163 * n, 158) for n, s in enumerate(_LINE)} | {State.TRASHED: (181, 34), State.ARCHIVED: (263, 292)},
)  # fmt: skip
STANDING = Layout(
    "standing", 360, 588, (90, 42), (172, 14), (-1, 0),
    {s: (172, 66 + 98 * n) for n, s in enumerate(_LINE)} | {State.TRASHED: (47, 112), State.ARCHIVED: (313, 164)},
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Box:
    state: State
    label: str
    x: float
    y: float
    middle: Point
    look: str

    @property
    def inner(self) -> Point:
        return self.x + _INSIDE, self.y + _INSIDE


@dataclass(frozen=True, slots=True)
class Arrow:
    """``path`` in SVG's own words; ``mark`` is where the number stands."""

    number: int
    by: str
    is_back: bool
    path: str
    mark: Point


@dataclass(frozen=True, slots=True)
class Picture:
    """``inner``: width and height of the second line inside a box that is an end."""

    layout: Layout
    boxes: list[Box]
    arrows: list[Arrow]

    @property
    def inner(self) -> tuple[int, int]:
        return self.layout.box[0] - 2 * _INSIDE, self.layout.box[1] - 2 * _INSIDE


def draw(moves: Iterable[MoveRow], layout: Layout) -> Picture:
    """The picture of these moves in this layout."""
    rows = list(moves)
    width, height = layout.box
    boxes = [Box(s, s.label, x - width / 2, y - height / 2, (x, y), _look(s)) for s, (x, y) in layout.at.items()]
    return Picture(layout, boxes, [_arrow(row, rows, layout) for row in rows])


def _look(state: State) -> str:
    if state == State.CLOSED:
        return "is-end"
    return "is-aside" if state in FOLDED else ""


def _arrow(row: MoveRow, rows: list[MoveRow], layout: Layout) -> Arrow:
    if row.start is None:
        path, _ = _straight(layout.start, layout.at[row.end], (0, 0), layout.box, 0)
        return _made(row, path, layout.start)
    if _bends(row, layout):
        return _made(row, *_bent(layout.at[row.start], layout.at[row.end], layout))
    # Two boxes are joined by all arrows between them, whichever way these point.
    first, second = sorted((row.start, row.end), key=list(State).index)
    beside = [r for r in rows if r.start and {r.start, r.end} == {first, second} and not _bends(r, layout)]
    offset = _APART * (beside.index(row) - (len(beside) - 1) / 2) * (1 if row.start == first else -1)
    return _made(row, *_straight(layout.at[row.start], layout.at[row.end], layout.box, layout.box, offset))


def _bends(row: MoveRow, layout: Layout) -> bool:
    """Whether an arrow goes round: a step back does, and what would run through a box of the main line."""
    if row.start not in _LINE or row.end not in _LINE:
        return False
    return row.is_back or abs(_LINE.index(row.start) - _LINE.index(row.end)) > 1


def _made(row: MoveRow, path: str, mark: Point) -> Arrow:
    return Arrow(row.number, row.by, row.is_back, path, mark)


def _straight(a: Point, b: Point, box_a: tuple[int, int], box_b: tuple[int, int], offset: float) -> tuple[str, Point]:
    """From the edge of one box to the edge of the other, moved aside by ``offset``."""
    length = hypot(b[0] - a[0], b[1] - a[1])
    dx, dy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    aside = (-dy * offset, dx * offset)
    leaves = _reach(aside, (dx, dy), box_a)
    enters = length - _reach(aside, (-dx, -dy), box_b) - _GAP
    start, end = (((a[0] + aside[0] + dx * t), (a[1] + aside[1] + dy * t)) for t in (leaves, enters))
    return f"M{_p(start)}L{_p(end)}", _rounded((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)


def _reach(inside: Point, along: Point, box: tuple[int, int]) -> float:
    """How far it is from a point in a box (counted from its middle) to its edge."""
    if not any(box):
        return 0
    ways = [
        (half / 2 - at * (1 if d > 0 else -1)) / abs(d) for half, at, d in zip(box, inside, along, strict=True) if d
    ]
    return max(min(ways), 0)


def _bent(a: Point, b: Point, layout: Layout) -> tuple[str, Point]:
    """A bow on the free side of the main line; the longer its way, the further out."""
    (width, height), (out_x, out_y) = layout.box, layout.aside
    along = (b[0] - a[0], b[1] - a[1])
    length = hypot(*along)
    unit = (along[0] / length, along[1] / length)
    half = width / 2 if out_y else height / 2
    pitch = hypot(layout.at[_LINE[1]][0] - layout.at[_LINE[0]][0], layout.at[_LINE[1]][1] - layout.at[_LINE[0]][1])
    steps = round(length / pitch)
    start, end = half * 0.3, half * max(0.75 - 0.35 * (steps - 1), 0)
    edge = (out_x * width / 2, out_y * height / 2)
    tip = (out_x * _GAP, out_y * _GAP)
    p = (a[0] + edge[0] + unit[0] * start, a[1] + edge[1] + unit[1] * start)
    q = (b[0] + edge[0] + tip[0] - unit[0] * end, b[1] + edge[1] + tip[1] - unit[1] * end)
    far = 20 + 74 * steps
    c = ((p[0] + q[0]) / 2 + out_x * far, (p[1] + q[1]) / 2 + out_y * far)
    mark = _rounded((p[0] + 2 * c[0] + q[0]) / 4, (p[1] + 2 * c[1] + q[1]) / 4)
    return f"M{_p(p)}Q{_p(c)} {_p(q)}", mark


def _p(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _rounded(x: float, y: float) -> Point:
    return round(x, 1), round(y, 1)
