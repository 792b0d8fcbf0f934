"""Small boards that show a shape: how many cards stand in which column, and what is the matter with them."""

from dataclasses import dataclass

from lifecycle.states import WORKING, State

#: Plain, first contact late, stale, fell back, re-engaged, and "with the one agent who has nearly all of them".
PLAIN, LATE, STALE, BACK, AGAIN, ONE = "", "is-late", "is-stale", "is-back", "is-again", "is-one"

_COLUMN, _BETWEEN, _CARD, _STEP, _HEAD = 56, 6, 14, 18, 24
WIDTH = len(WORKING) * _COLUMN + (len(WORKING) - 1) * _BETWEEN

#: For each shape the cards of the columns from New to In contract, top to bottom.
_SHAPES: dict[str, tuple[list[str], ...]] = {
    "healthy": ([PLAIN], [PLAIN] * 4, [PLAIN] * 5 + [BACK, AGAIN], [PLAIN] * 3, [PLAIN] * 2),
    "full_new": ([LATE] * 6 + [PLAIN] * 2, [PLAIN] * 2, [PLAIN] * 3, [PLAIN], [PLAIN]),
    "growing_contacting": ([PLAIN], [PLAIN] * 3 + [STALE] * 5, [PLAIN] * 2, [PLAIN], []),
    "fallen_qualified": ([PLAIN], [PLAIN] * 3, [BACK] * 5 + [PLAIN] * 2, [PLAIN], [PLAIN]),
    "stale_committed": ([PLAIN], [PLAIN] * 3, [PLAIN] * 4, [PLAIN] + [STALE] * 5, []),
    "empty_front": ([], [PLAIN], [PLAIN] * 2, [PLAIN] * 4, [PLAIN] * 6),
    "one_agent": ([ONE] * 2, [ONE] * 4 + [PLAIN], [ONE] * 5 + [PLAIN], [ONE] * 3, [ONE] * 2),
}


@dataclass(frozen=True, slots=True)
class MiniCard:
    x: int
    y: int
    look: str


@dataclass(frozen=True, slots=True)
class MiniColumn:
    state: State
    x: int
    middle: int
    count: int
    stale: int
    cards: list[MiniCard]


@dataclass(frozen=True, slots=True)
class MiniBoard:
    """``width`` and ``height`` of the picture; cards are ``card_width`` by ``card_height``."""

    name: str
    width: int
    height: int
    column_width: int
    card_width: int
    card_height: int
    columns: list[MiniColumn]


def mini_boards() -> dict[str, MiniBoard]:
    """Every shape, ready to be drawn, by its name."""
    return {name: _drawn(name, columns) for name, columns in _SHAPES.items()}


def _drawn(name: str, columns: tuple[list[str], ...]) -> MiniBoard:
    height = _HEAD + _STEP * max(len(c) for shape in _SHAPES.values() for c in shape) + 8
    made = [_column(n, state, looks) for n, (state, looks) in enumerate(zip(WORKING, columns, strict=True))]
    return MiniBoard(name, WIDTH, height, _COLUMN, _COLUMN - 10, _CARD, made)


def _column(n: int, state: State, looks: list[str]) -> MiniColumn:
    x = n * (_COLUMN + _BETWEEN)
    cards = [MiniCard(x + 5, _HEAD + k * _STEP, look) for k, look in enumerate(looks)]
    return MiniColumn(state, x, x + _COLUMN // 2, len(looks), looks.count(STALE), cards)
