"""The ways in which other systems write a moment, and how a cell is read. Pure.

A way is named as people say it: ``hh`` are hours of a day of 24, ``h … am`` of a clock of 12, ``mon`` is the English
name of a month, short or long. A leading zero may be missing, a comma may stand before the time, and an offset
(``Z``, ``UTC``, ``+02:00``) may follow it. Day and month are never guessed here: a name says which comes first.
"""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache

from django.utils.translation import gettext

from .date_patterns import FORMATS as FORMATS
from .date_patterns import ISO, Way, way

Reader = Callable[[str], tuple[datetime | None, bool]]

#: Nothing about a lead happened before; a year typed wrong usually lands here.
EARLIEST_YEAR = 1900
#: What MySQL, and what was exported through it, has for no date at all.
_NEVER = re.compile(r"0{1,4}([-/.])0{1,2}\1(?:00){1,2}(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?Z?)?")
#: Which of the ways put the month before the day, and which the day before the month, in figures alone.
MONTH_FIRST = frozenset(name for name in FORMATS if name.startswith("mm"))
DAY_FIRST = frozenset(name for name in FORMATS if name.startswith(("dd/", "dd-")))


def moment_reader(formats: Sequence[str], zone: tzinfo, *, now: datetime) -> Reader:
    """A function for one cell → (instant in UTC, guessed); (None, False) for one without a date.

    In: names of ``FORMATS``, of which the first that fits counts; the zone of times without an offset; the import's
    *now*. Guessed is a time that occurs twice (the first counts), one that never was, and a day without a time (its
    00:00). The function raises ``ValueError`` with a sentence for what fits none, lies ahead or before 1900.
    """
    ways = [way(name, zone, now) for name in formats]
    earliest = datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC)

    def read(text: str) -> tuple[datetime | None, bool]:
        text = text.strip()
        if not text or is_never(text):
            return None, False
        for one in ways:
            found = one(text)
            if found is not None:
                if not earliest <= found[0] <= now:
                    raise ValueError(_out_of_range(text, found[0], now))
                return found
        raise ValueError(
            gettext("“%(text)s” is not a date of the form %(forms)s.")
            % {"text": text[:60], "forms": ", ".join(f"“{shown(name)}”" for name in formats)}
        )

    return read


def shown(name: str) -> str:
    """A way as a person reads it: its name, where that shows how dates are written."""
    return gettext("yyyy-mm-dd, with or without a time") if name == ISO else name


def is_never(text: str) -> bool:
    """Whether the cell says in figures that there is no date."""
    return text[:1] == "0" and _NEVER.fullmatch(text) is not None


def fits(name: str, text: str) -> bool:
    """Whether the text is written in this way, with a day that the calendar has. The years do not matter."""
    return _zoneless(name)(text.strip()) is not None


@cache
def _zoneless(name: str) -> Way:
    return way(name, UTC, datetime.max.replace(tzinfo=UTC))


def _out_of_range(text: str, moment: datetime, now: datetime) -> str:
    if moment > now:
        return gettext("“%(text)s” is still to come.") % {"text": text[:60]}
    return gettext("“%(text)s” is before the year %(earliest)d.") % {"text": text[:60], "earliest": EARLIEST_YEAR}
