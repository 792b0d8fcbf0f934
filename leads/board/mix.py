"""The bar over Qualified: how many of its leads came by each way. Each part is a link that filters the whole board.

The parts stay as they are while one of them is chosen: it is pressed, and a second press shows all again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from lifecycle.states import Provenance

from ..ways import WAYS
from .filters import FELL_BACK, FELL_BACK_VALUES

_BAR = 100.0
#: Below this a part would be a hair; its number stands beside its words anyhow.
_SEEN = 2.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of the bar, drawn from ``x`` on, ``width`` wide, of 100; ``more`` says what a press on it does."""

    label: str
    look: str
    icon: str
    count: str
    x: float
    width: float
    query: str
    on: bool
    more: str


def segments(
    by_provenance: Mapping[str, int], *, chosen: str, only: Callable[[str], str], everything: str
) -> list[Segment]:
    """The parts that there are, in the order of the ways.

    In: how many leads came by each way, whatever that filter hides; the filter that holds (``""``: none); the address
    with only one way, and the one with all.
    """
    counts = {way: by_provenance[way] for way in Provenance if by_provenance.get(way)}
    parts: list[Segment] = []
    x = 0.0
    for (way, count), width in zip(counts.items(), _widths(list(counts.values())), strict=True):
        alone = chosen == way
        parts.append(
            Segment(
                label=WAYS[way].short(),
                look=WAYS[way].look,
                icon=WAYS[way].icon,
                count=grouped(count),
                x=round(x, 2),
                width=round(width, 2),
                query=everything if alone else only(way.value),
                # "Fell back" without saying from where holds for both; a press on one of them narrows it down.
                on=alone or (chosen == FELL_BACK and way in FELL_BACK_VALUES),
                more=_more(way, count, alone),
            )
        )
        x += width
    return parts


def _widths(counts: list[int]) -> list[float]:
    """As wide as there are many, but none too narrow to be seen."""
    whole = sum(counts)
    seen = [max(_BAR * n / whole, _SEEN) for n in counts]
    return [_BAR * width / sum(seen) for width in seen]


def _more(way: Provenance, count: int, alone: bool) -> str:
    words = gettext("%(way)s: %(count)s. Show only these on the whole board.")
    if alone:
        words = gettext("%(way)s: %(count)s. Show all again.")
    return words % {"way": way.label, "count": grouped(count)}


def grouped(number: int) -> str:
    """A number with thin spaces between its thousands: 1 384."""
    return f"{number:,}".replace(",", "\u202f")
