"""The stages in the order in which a deal goes through them, and what a move is in that order. Pure."""

from collections.abc import Iterable
from enum import StrEnum

from ..states import State

#: From the first word to the keys. ARCHIVED and TRASHED lie beside it: a lead can be there from anywhere.
PIPELINE = (State.NEW, State.CONTACTING, State.QUALIFIED, State.COMMITTED, State.IN_CONTRACT, State.CLOSED)
ASIDE = (State.ARCHIVED, State.TRASHED)

#: From 1 on; a stage beside the pipeline has none.
RANK = {state.value: n for n, state in enumerate(PIPELINE, start=1)}

#: A whole way of a lead as a short word: NEW > CONTACTING > QUALIFIED is ``NCQ``. Used in addresses, so they stay.
LETTER = {
    State.NEW: "N",
    State.CONTACTING: "C",
    State.QUALIFIED: "Q",
    State.COMMITTED: "S",
    State.IN_CONTRACT: "I",
    State.CLOSED: "D",
    State.ARCHIVED: "A",
    State.TRASHED: "T",
}
STATE = {letter: state for state, letter in LETTER.items()}


class Direction(StrEnum):
    """Where a move led. Told by the pair of stages; whether a deal *fell back* is told by the kind of fact instead."""

    BEGUN = "begun"
    FORWARD = "forward"
    BACK = "back"
    ASIDE = "aside"
    RETURNED = "returned"
    #: Another system knew this stage without saying from which one the lead came.
    UNTOLD = "untold"
    #: Another system entered a stage anew that the lead was in.
    AGAIN = "again"


#: The ways out of a stage that a figure tells apart.
EXITS = (Direction.FORWARD, Direction.BACK, Direction.ASIDE, Direction.RETURNED)


def direction(start: str, end: str, *, first: bool) -> Direction:
    """In: the stage before (``""``: none is known), the one after, and whether the lead began with this."""
    if first:
        return Direction.BEGUN
    if not start:
        return Direction.UNTOLD
    if start == end:
        return Direction.AGAIN
    before, after = RANK.get(start), RANK.get(end)
    if after is None:
        return Direction.ASIDE
    if before is None:
        return Direction.RETURNED
    return Direction.FORWARD if after > before else Direction.BACK


def word_of(states: Iterable[str]) -> str:
    """A way as its short word; in: names of stages in the order of the visits. A stage that is none is a KeyError."""
    return "".join(LETTER[State(state)] for state in states)


def way_of(word: str) -> tuple[State, ...]:
    """The stages of a short word; a letter that is none is a KeyError."""
    return tuple(STATE[letter] for letter in word)


def in_files(word: str) -> str:
    """A way as files say it: ``NEW>CONTACTING>QUALIFIED``; ``?`` is a stage that only a newer release knows."""
    return ">".join(STATE[letter].value if letter in STATE else letter for letter in word)
