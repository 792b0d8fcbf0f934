"""Who a collapse, and the entry that it is measured against, is credited to when several held the lead. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

#: An id, or None: the pool, and where figures go by who recorded a fact, Scribe.
Person = int | None
#: A count: whole, unless it is shared out. Exact, so that the parts of one collapse are one collapse again.
Part = int | Fraction
#: Who has which part of one fact. The parts make one.
Parts = tuple[tuple[Person, Part], ...]

#: Sums are kept in units so fine that a million roundings do not show, and are read in coarser ones, where thirds that
#: make one are one. Sums of the fractions themselves would have thousands of digits, and take as long.
_FINE, _COARSE = 10**30, 10**12
_LEAST = Decimal("0.01")
_MICROSECOND = timedelta(microseconds=1)


def shares(first: Person, handed: Iterable[tuple[datetime, Person]], since: datetime, until: datetime) -> Parts:
    """The part of the time from ``since`` to ``until`` that each held the lead, as exact fractions that make one.

    In: who held it at ``since``, and each hand-over after that with its time, in order. A time of no length goes whole
    to who held the lead at its end.
    """
    held: dict[Person, timedelta] = {}
    holder, begun = first, since
    for at, to in handed:
        at = min(max(at, begun), max(until, since))
        held[holder] = held.get(holder, timedelta()) + (at - begun)
        holder, begun = to, at
    length = until - since
    if length <= timedelta():
        return whole(holder)
    held[holder] = held.get(holder, timedelta()) + (until - begun)
    return tuple(
        (person, Fraction(time // _MICROSECOND, length // _MICROSECOND)) for person, time in held.items() if time
    )


def whole(person: Person) -> Parts:
    """All of it to one."""
    return ((person, 1),)


def fine(part: Part) -> int:
    """A count in the units in which it is added up."""
    exact = Fraction(part)
    return (2 * exact.numerator * _FINE // exact.denominator + 1) // 2


def unsettled(units: int) -> Part:
    """The same as a count that is still to be added to others."""
    return Fraction(units, _FINE)


def settled(units: int) -> Part:
    """The count that these units add up to, whole where it is."""
    coarse = Fraction((2 * units // (_FINE // _COARSE) + 1) // 2, _COARSE)
    return coarse.numerator if coarse.denominator == 1 else coarse


def in_words(part: Part) -> str:
    """A count as people and files read it: at most two decimals, none where it is whole.

    Rounded half up for itself, so the rows of a table may differ from its sum in the last place; what is more than
    nothing is never printed as nothing.
    """
    exact = Fraction(part)
    if exact.denominator == 1:
        return str(exact.numerator)
    number = Decimal(exact.numerator) / Decimal(exact.denominator)
    return f"{max(number.quantize(_LEAST, ROUND_HALF_UP), _LEAST).normalize():f}"
