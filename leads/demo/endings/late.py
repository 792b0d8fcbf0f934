"""Stories that stand in QUALIFIED, COMMITTED, IN_CONTRACT or CLOSED today. Pure."""

from collections.abc import Callable
from typing import Any

from .. import arrivals, dealing, departures, spice
from ..office import OLDEST_DAY
from ..storyline import Storyline
from ..ways import contact
from ..words import deals
from .early import Teller
from .so_far import commit, dormant_and_back, setback_before_contract, setback_from_contract, shop, through_escrow

Opening = Callable[[Storyline], Any]
Setbacks = tuple[Callable[[Storyline], None], ...]


def qualified_fresh(s: Storyline) -> float:
    arrivals.to_qualified(s)
    shop(s, 3, 22)
    return s.rng.uniform(0.2, 6)


def qualified_long(s: Storyline) -> float:
    arrivals.to_qualified(s)
    shop(s, 26, 75)
    return s.rng.uniform(0.5, 24)


def qualified_fell_back(s: Storyline) -> float:
    arrivals.to_qualified(s)
    shop(s)
    setback_before_contract(s)
    if s.rng.random() < 0.6:
        shop(s, 3, 14)
    return s.rng.uniform(0.3, 9)


def qualified_from_contract(s: Storyline) -> float:
    arrivals.to_qualified(s)
    shop(s)
    setback_from_contract(s)
    if s.rng.random() < 0.5:
        shop(s, 3, 14)
    return s.rng.uniform(0.3, 8)


def qualified_again(s: Storyline) -> float:
    dormant_and_back(s)
    shop(s, 2, 18)
    return s.rng.uniform(0.2, 7)


def qualified_pool(s: Storyline) -> float:
    """Good lead, no agent: given back before a leave, nobody has taken it."""
    qualified_fresh(s)
    departures.hand_off(s, "", "returned_to_pool", by=s.agent)
    return s.rng.uniform(1, 7)


def committed(
    *,
    opening: Opening = arrivals.to_qualified,
    setbacks: Setbacks = (),
    document: bool = True,
    stale: bool = False,
    anew: bool = False,
) -> Teller:
    """Signed and bidding, perhaps after a deal that fell apart; ``anew``: the agreement was replaced within the hour."""

    def tell(s: Storyline) -> float:
        opening(s)
        shop(s, 6, 30)
        for setback in setbacks:
            setback(s)
            shop(s, 4, 14)
        commit(s, days=s.rng.uniform(24, 38) if stale else s.rng.uniform(1, 13), document=document)
        if anew:
            dealing.sign_anew(s)
        if not stale:
            spice.beside(s, status="COMMITTED")
        return s.rng.uniform(8, 12) if stale else s.rng.uniform(0.2, 4)

    return tell


def in_contract(*, setbacks: Setbacks = (), stale: bool = False, redrawn: bool = False) -> Teller:
    """In escrow, somewhere between deposit and signing."""
    signed = committed(setbacks=setbacks)

    def tell(s: Storyline) -> float:
        signed(s)
        dealing.contract(s)
        if redrawn:
            dealing.redraw(s)
        steps = s.rng.randint(1, 6)
        dealing.escrow(s, 7 if stale else steps, 40 if stale else steps * s.rng.uniform(2.5, 4))
        return 9 if stale else s.rng.uniform(0.2, 3)

    return tell


def closed(
    *,
    opening: Opening = arrivals.to_qualified,
    setbacks: Setbacks = (),
    anew: bool = False,
    redrawn: bool = False,
) -> Teller:
    """Keys handed over, after whatever had come between; some are heard of again."""

    def tell(s: Storyline) -> float:
        opening(s)
        shop(s, 6, 30)
        for setback in setbacks:
            setback(s)
            shop(s, 3, 12)
        commit(s)
        if anew:
            dealing.sign_anew(s)
        through_escrow(s)
        if redrawn:
            dealing.redraw(s)
        dealing.close(s)
        days_since = s.rng.uniform(0.5, max(2, OLDEST_DAY - 4 - s.days))
        for after in (9.0, 16.0):
            if days_since > after + 4 and s.rng.random() < 0.55:
                contact(s, after, s.say(deals.AFTER_CLOSING))
                days_since -= after
        return days_since

    return tell
