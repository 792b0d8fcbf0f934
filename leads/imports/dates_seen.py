"""The dates of a file as one way of reading takes them: what each column says, what cannot be read, what is unsure.

``03/04/2021`` is a day in April or in March; nothing in a single date says which. Here the whole column is asked.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from .dates import FORMATS, moment_reader
from .mapping import DATES
from .mapping import Mapping as HowToRead

#: So many rows are looked at; the check reads every one.
MOST_ROWS = 20_000
#: So many different dates are tried in every way there is.
TRIED = 400
#: So many of what stands out are shown.
SHOWN = 5

Reader = Callable[[str], tuple[datetime | None, bool]]


@dataclass(slots=True)
class Column:
    """One column of dates. ``unreadable`` and ``ahead`` are how many cells; ``earliest`` and ``latest`` in UTC."""

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
        return self.filled - self.unreadable


@dataclass(frozen=True, slots=True)
class Doubt:
    """A date that may be meant in two ways: as it stands, day first, month first; ``proof``: one that tells, or ``""``."""

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


def look(records: Iterable[Any], header: Sequence[str], mapping: HowToRead, *, zone: ZoneInfo, now: datetime) -> Seen:
    """What the dates of a file are in this zone, read in the ways of the mapping; the first ``MOST_ROWS`` rows."""
    columns = [Column(label, role) for label, role in date_columns(mapping) if label in header]
    places = [header.index(column.label) for column in columns]
    read = _remembering(_reader(mapping.date_formats, zone))
    twin = _twins(mapping.date_formats, zone)
    different: dict[str, None] = {}
    rows, cut = 0, False
    for record in records:
        if rows == MOST_ROWS:
            cut = True
            break
        rows += 1
        for column, place in zip(columns, places, strict=True):
            text = record.cells[place].strip() if place < len(record.cells) else ""
            if text and not record.problem:
                different.setdefault(text)
                _count(column, text, read, twin, now)
    sample = list(different)[:TRIED]
    return Seen(columns, rows, cut, _ways(sample, zone), len(sample), _doubt(different, mapping.date_formats, zone))


def _count(column: Column, text: str, read: Reader, twin: Callable[[str], bool], now: datetime) -> None:
    try:
        moment, guessed = read(text)
    except ValueError:
        column.filled += 1
        column.unreadable += 1
        _keep(column.strange, text)
        return
    if moment is None:  # A word for nothing, such as NULL.
        return
    column.filled += 1
    column.guessed += guessed
    column.either += twin(text)
    column.earliest = min(column.earliest or moment, moment)
    column.latest = max(column.latest or moment, moment)
    if len(column.examples) < SHOWN and text not in dict(column.examples):
        column.examples.append((text, moment))
    if moment > now:
        column.ahead += 1
        _keep(column.future, text)


def _keep(samples: list[str], text: str) -> None:
    if len(samples) < SHOWN and text not in samples:
        samples.append(text)


def _reader(formats: Sequence[str], zone: ZoneInfo) -> Reader:
    return moment_reader(tuple(formats), zone)


def _remembering(read: Reader) -> Reader:
    """The same dates come again and again: each is read once."""
    known: dict[str, tuple[datetime | None, bool] | ValueError] = {}

    def remembered(text: str) -> tuple[datetime | None, bool]:
        if text not in known:
            try:
                known[text] = read(text)
            except ValueError as refused:
                known[text] = refused
        answer = known[text]
        if isinstance(answer, ValueError):
            raise answer
        return answer

    return remembered


def _ways(texts: Sequence[str], zone: ZoneInfo) -> dict[str, int]:
    """For each way to write dates, how many of these it reads; those that read none are left out."""
    counts = {way: sum(_readable(text, _reader([way], zone)) for text in texts) for way in FORMATS}
    return {way: n for way, n in counts.items() if n}


def _readable(text: str, read: Reader) -> bool:
    try:
        return read(text)[0] is not None
    except ValueError:
        return False


# ---- day first, or month first


def other_order(way: str) -> str:
    """The same way of writing with day and month the other way round; ``""`` where that is none of ours."""
    swapped = way.replace("dd/mm", "%").replace("mm/dd", "dd/mm").replace("%", "mm/dd")
    return swapped if swapped != way and swapped in FORMATS else ""


def day_first(way: str) -> bool:
    return way.startswith("dd/mm")


def _twins(formats: Sequence[str], zone: ZoneInfo) -> Callable[[str], bool]:
    """Whether a text can be read the other way round too, as another day."""
    pairs = [(_reader([way], zone), _reader([other_order(way)], zone)) for way in formats if other_order(way)]
    return _remembered_test(lambda text: any(_both(text, *pair) for pair in pairs))


def _remembered_test(test: Callable[[str], bool]) -> Callable[[str], bool]:
    known: dict[str, bool] = {}

    def remembered(text: str) -> bool:
        if text not in known:
            known[text] = test(text)
        return known[text]

    return remembered


def _both(text: str, one: Reader, other: Reader) -> bool:
    return _readable(text, one) and _readable(text, other) and one(text)[0] != other(text)[0]


def _doubt(texts: Mapping[str, None], formats: Sequence[str], zone: ZoneInfo) -> Doubt | None:
    """The first date that may be meant in two ways, and the first of the file that settles it."""
    for way in (way for way in formats if other_order(way)):
        ways = sorted((way, other_order(way)), key=day_first, reverse=True)
        first, second = (_reader([one], zone) for one in ways)
        unsure = next((text for text in texts if _both(text, first, second)), "")
        if not unsure:
            continue
        chosen, other = (first, second) if day_first(way) else (second, first)
        proof = next((text for text in texts if _readable(text, chosen) and not _readable(text, other)), "")
        days = [read(unsure)[0] or datetime.min.replace(tzinfo=UTC) for read in (first, second)]
        return Doubt(unsure, days[0], days[1], proof)
    return None


def ways_in_order(chosen: Iterable[str], ways: Mapping[str, int]) -> Iterator[str]:
    """The chosen ways, the one that reads most of the file first: it wins where two read the same date."""
    yield from sorted(chosen, key=lambda way: (-ways.get(way, 0), FORMATS.index(way)))
