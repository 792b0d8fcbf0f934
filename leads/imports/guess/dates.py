"""How the dates of a file are written, guessed from examples. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from leads.imports.cells import text
from leads.imports.dates import DAY_FIRST, FORMATS, MONTH_FIRST, fits, is_never


@dataclass(frozen=True, slots=True)
class DateGuess:
    """``formats`` read every example but those in ``unread``.

    ``other``: the same with day and month the other way round, when that reads the examples just as well: then
    nothing in the file tells which is right, and only a person knows.
    """

    formats: tuple[str, ...]
    other: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        return bool(self.other)


def guess_dates(samples: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """In: label → examples. Out: the ways to write a date that read them, the commonest first."""
    return guess_date_formats(samples).formats


def guess_date_formats(samples: Mapping[str, Iterable[str]], *, month_first: bool = True) -> DateGuess:
    """As ``guess_dates``, with what is not certain. ``month_first`` decides where the examples do not.

    Day and month have one order in the whole file: a column with 25/12 decides for the one with 03/04.
    """
    said = dict.fromkeys(text(cell) for cells in samples.values() for cell in cells)
    examples = [cell for cell in said if cell and not is_never(cell)]
    months, days = (_cover(examples, [name for name in FORMATS if name not in banned]) for banned in _BANNED)
    first, second = (months, days) if month_first else (days, months)
    if len(second.unread) < len(first.unread):
        first, second = second, first
    if first.formats == second.formats or len(first.unread) < len(second.unread):
        return first
    return DateGuess(first.formats, second.formats, first.unread)


#: What is left out when the month comes first, and when the day does.
_BANNED = (DAY_FIRST, MONTH_FIRST)


def _cover(examples: Collection[str], names: Collection[str]) -> DateGuess:
    """As few ways as read all examples: again and again the one that reads most of the rest."""
    reads = {name: {example for example in examples if fits(name, example)} for name in names}
    left, chosen = set(examples), []
    while left:
        best = max(names, key=lambda name: len(reads[name] & left))
        if not reads[best] & left:
            break
        chosen.append(best)
        left -= reads[best]
    return DateGuess(tuple(chosen), unread=tuple(example for example in examples if example in left))
