"""From the agreement to the keys, and the ways back: sign, bid, fall back, contract, escrow, close. Pure."""

from collections.abc import Sequence

from .shopping import new_house
from .storyline import Step, Storyline
from .ways import contact
from .words import deals, searching, setbacks


def sign(s: Storyline, *, document: bool = True) -> Step:
    """The buyer's agreement, with its document unless the agent forgot it."""
    if not s.words.get("street"):
        new_house(s)
    paper = _agreement(s)
    return s.do(
        "move", source="board", after=s.rng.uniform(0.3, 3), to="COMMITTED",
        note=s.say(searching.SIGNED if document else searching.SIGNED_NO_PAPER), document=paper if document else "",
    )  # fmt: skip


def bid(s: Storyline, count: int, days: float) -> None:
    """An offer, the wait, and when it was lost the next house."""
    for number in range(count):
        after = days / max(1, count) * s.rng.uniform(0.7, 1.2)
        if number % 3 == 0:
            contact(s, after, s.say(deals.OFFERS))
        elif number % 3 == 1:
            contact(s, after, s.say(deals.BETWEEN))
        else:
            contact(s, after, s.say(deals.LOST_ONES))
            new_house(s)


def collapse(s: Storyline, reason: str) -> Step:
    """A deal that falls apart before contract: the sign, the move with its reason, the talk after."""
    return _fall_back(s, reason, setbacks.COLLAPSES[reason], "collapse")


def void(s: Storyline, reason: str) -> Step:
    """A contract that is voided, told the same way."""
    return _fall_back(s, reason, setbacks.VOIDS[reason], "void")


def _fall_back(s: Storyline, reason: str, bank: Sequence[setbacks.Setback], name: str) -> Step:
    story = s.decks.pick(f"{name}/{reason}", bank)
    contact(s, s.rng.uniform(1, 4), s.say([story.before]))
    step = s.do(
        "move", source="board", after=s.rng.uniform(0.8, 4), to="QUALIFIED", reason=reason, note=s.say([story.note])
    )
    contact(s, s.rng.uniform(1.5, 7), s.say([story.after]))
    return step


def contract(s: Storyline) -> Step:
    """An accepted offer; now and then recorded a day after it was."""
    after = s.rng.uniform(1, 5)
    # Far enough from the step before: a move cannot have happened before the one that it follows.
    late = 23.5 if after > 2.8 and s.rng.random() < 0.25 else 0.0
    return s.do(
        "move", source="board", after=after, late_hours=late, to="IN_CONTRACT", note=s.say(deals.CONTRACTS)
    )  # fmt: skip


def sign_anew(s: Storyline) -> None:
    """The agreement ran out or had a fault, and the next one was signed at the same table."""
    reason, why, again = s.decks.pick("anew", deals.SIGNED_ANEW)
    s.do("move", source="board", after=s.rng.uniform(0.8, 3), to="QUALIFIED", reason=reason, note=s.say([why]))
    minutes, paper = s.rng.uniform(9, 41), _agreement(s)
    s.do("move", source="board", minutes=minutes, to="COMMITTED", note=s.say([again]), document=paper)


def redraw(s: Storyline) -> None:
    """The contract was replaced by another one for the same house, within the hour."""
    reason, why, again = s.decks.pick("redrawn", deals.REDRAWN)
    s.do("move", source="board", after=s.rng.uniform(0.8, 3), to="QUALIFIED", reason=reason, note=s.say([why]))
    minutes, paper = s.rng.uniform(4, 16), _agreement(s)
    s.do("move", source="board", minutes=minutes, to="COMMITTED", note="The agreement still holds.", document=paper)
    s.do("move", source="board", minutes=s.rng.uniform(5, 29), to="IN_CONTRACT", note=s.say([again]))


def _agreement(s: Storyline) -> str:
    return f"BRBC-{s.rng.randint(2600, 2699)}-{s.rng.randint(100, 999)}.pdf"


def escrow(s: Storyline, steps: int, days: float) -> None:
    """The first so many steps of escrow, in their order; half of them as notes, half as talks."""
    for number in range(steps):
        after = days / max(1, steps) * s.rng.uniform(0.8, 1.15)
        note = s.say(deals.ESCROW[number % len(deals.ESCROW)])
        if s.rng.random() < 0.5:
            s.do("note", after=after, note=note)
        else:
            contact(s, after, note)


def close(s: Storyline) -> Step:
    """Keys. The closing date is the day of the move, or the day before when it is filed in the morning."""
    file = f"Escrow 26-{s.rng.randint(10000, 19999)}" if s.rng.random() < 0.8 else ""
    return s.do(
        "move", source="board", after=s.rng.uniform(1, 4), to="CLOSED",
        note=s.say(deals.CLOSINGS), document=file, closed_days_before=int(s.rng.random() < 0.25),
    )  # fmt: skip
