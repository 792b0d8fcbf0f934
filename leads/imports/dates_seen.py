"""The dates of a file as one way of reading takes them: what each column says, what cannot be read, what is unsure.

``03/04/2021`` is a day in April or in March; nothing in a single date says which. Here the whole column is asked.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from .cells import text as said
from .dates import DAY_FIRST, FORMATS, Reader, fits, moment_reader
from .mapping import DATES
from .mapping import Mapping as HowToRead

#: So many rows are looked at; the check reads every one.
MOST_ROWS = 20_000
#: So many different dates are tried in every way there is.
TRIED = 400
#: So many of what stands out are shown.
SHOWN = 5
#: A *now* behind which nothing lies: to tell a date that is still to come from one that cannot be read.
_FAR = datetime(2199, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Column:
    """One column of dates: how many cells say one, cannot be read (``strange``), lie ahead (``future``), are a guess,
    could be meant the other way round (``either``). ``earliest`` and ``latest`` in UTC."""

    label: str
    role: str
    filled: int = 0
    unreadable: int = 0
    ahead: int = 0
    guessed: int = 0
    either: int = 0
    strange: list[str] = field(default_factory=list)
    future: list[str] = field(default_factory=list)
    examples: list[tuple[str, datetime]] = field(default_factory=list)
    earliest: datetime | None = None
    latest: datetime | None = None

    @property
    def read(self) -> int:
        return self.filled - self.unreadable - self.ahead


@dataclass(frozen=True, slots=True)
class Doubt:
    """A date that may be meant in two ways, with both; ``proof``: another one of the file that tells, or ``""``."""

    text: str
    day_first: datetime
    month_first: datetime
    proof: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What was found: the columns, the ways that read anything (how many of ``tried``), what is in doubt."""

    columns: list[Column]
    rows: int
    cut: bool
    ways: dict[str, int]
    tried: int
    doubt: Doubt | None


def date_columns(mapping: HowToRead) -> list[tuple[str, str]]:
    """The columns that hold dates, as (label, role)."""
    return [(label, role) for label, role in mapping.columns.items() if role in DATES]


class _Eyes:
    """The chosen ways of reading; the same dates come again and again, each is read once."""

    def __init__(self, formats: Sequence[str], zone: ZoneInfo, now: datetime) -> None:
        self.now = now
        read = moment_reader(formats, zone, now=now)
        later = moment_reader(formats, zone, now=_FAR)
        turned = [(way, other) for way in formats if (other := other_order(way))]

        @cache
        def moment(text: str) -> tuple[datetime | None, bool]:
            """The instant and whether it is guessed; None: cannot be read. What lies ahead is read all the same."""
            for one in (read, later):
                try:
                    return one(text)
                except ValueError:
                    continue
            return None, False

        self.moment = moment
        self.either = cache(lambda text: any(fits(way, text) and fits(other, text) for way, other in turned))


def look(records: Iterable[Any], header: Sequence[str], mapping: HowToRead, *, zone: ZoneInfo, now: datetime) -> Seen:
    """What the dates of a file are in this zone, read in the ways of the mapping; the first ``MOST_ROWS`` rows."""
    columns = [Column(label, role) for label, role in date_columns(mapping) if label in header]
    places = [header.index(column.label) for column in columns]
    eyes = _Eyes(mapping.date_formats, zone, now)
    different: dict[str, None] = {}
    rows, cut = 0, False
    for record in records:
        if rows == MOST_ROWS:
            cut = True
            break
        rows += 1
        for column, place in zip(columns, places, strict=True):
            text = said(record.cells[place]) if place < len(record.cells) else ""
            if text and not record.problem:
                different.setdefault(text)
                _count(column, text, eyes)
    sample = list(different)[:TRIED]
    ways = {way: n for way in FORMATS if (n := sum(fits(way, text) for text in sample))}
    return Seen(columns, rows, cut, ways, len(sample), _doubt(different, mapping.date_formats, zone))


def _count(column: Column, text: str, eyes: _Eyes) -> None:
    moment, guessed = eyes.moment(text)
    column.filled += 1
    if moment is None:
        column.unreadable += 1
        _keep(column.strange, text)
    elif moment > eyes.now:
        column.ahead += 1
        _keep(column.future, text)
    else:
        column.guessed += guessed
        column.either += eyes.either(text)
        column.earliest = min(column.earliest or moment, moment)
        column.latest = max(column.latest or moment, moment)
        if len(column.examples) < SHOWN and text not in dict(column.examples):
            column.examples.append((text, moment))


def _keep(samples: list[str], text: str) -> None:
    if len(samples) < SHOWN and text not in samples:
        samples.append(text)


# ---- day first, or month first


def other_order(way: str) -> str:
    """The same way of writing with day and month the other way round; ``""`` where that is none of ours."""
    for one, other in (("dd/mm", "mm/dd"), ("mm/dd", "dd/mm"), ("dd-mm", "mm-dd"), ("mm-dd", "dd-mm")):
        if way.startswith((f"{one}/", f"{one}-")):
            turned = other + way[len(one) :]
            return turned if turned in FORMATS else ""
    return ""


def _doubt(texts: Mapping[str, None], formats: Sequence[str], zone: ZoneInfo) -> Doubt | None:
    """The first date that may be meant in two ways, and the first of the file that settles it."""
    for way in formats:
        other = other_order(way)
        unsure = next((t for t in texts if other and fits(way, t) and fits(other, t) and _differ(t, way, other)), "")
        if not unsure:
            continue
        proof = next((text for text in texts if fits(way, text) and not fits(other, text)), "")
        first, second = (way, other) if way in DAY_FIRST else (other, way)
        return Doubt(unsure, _read(unsure, first, zone), _read(unsure, second, zone), proof)
    return None


def _differ(text: str, way: str, other: str) -> bool:
    """``05/05/2021`` is the same day in both."""
    zone = ZoneInfo("UTC")
    return _read(text, way, zone) != _read(text, other, zone)


def _read(text: str, way: str, zone: ZoneInfo) -> datetime:
    moment = _reader(way, zone)(text)[0]
    assert moment is not None
    return moment


@cache
def _reader(way: str, zone: ZoneInfo) -> Reader:
    return moment_reader([way], zone, now=_FAR)


def in_order(chosen: Iterable[str], ways: Mapping[str, int]) -> Iterator[str]:
    """The chosen ways, the one that reads most of the file first: it wins where two read the same date."""
    yield from sorted(chosen, key=lambda way: (-ways.get(way, 0), FORMATS.index(way)))
