"""Each way to write a moment as a pattern, and what makes an instant of what it finds. Pure."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from .wall_clock import wall_clock

#: What one way makes of a text: the instant and whether it is guessed, None when it is not written in this way.
Way = Callable[[str], tuple[datetime, bool] | None]
_Match = re.Match[str]

_DAY, _MONTH, _YEAR = "(?P<day>[0-9]{1,2})", "(?P<month>[0-9]{1,2})", "(?P<year>[0-9]{4})"
_YY, _MON = "(?P<yy>[0-9]{2})", "(?P<mon>[a-z]{3,9})"
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_DAYS = {
    "yyyy-mm-dd": f"{_YEAR}-{_MONTH}-{_DAY}",
    "yyyy/mm/dd": f"{_YEAR}/{_MONTH}/{_DAY}",
    "mm/dd/yyyy": f"{_MONTH}/{_DAY}/{_YEAR}",
    "dd/mm/yyyy": f"{_DAY}/{_MONTH}/{_YEAR}",
    "mm-dd-yyyy": f"{_MONTH}-{_DAY}-{_YEAR}",
    "dd-mm-yyyy": f"{_DAY}-{_MONTH}-{_YEAR}",
    "dd.mm.yyyy": rf"{_DAY}\.{_MONTH}\.{_YEAR}",
    "mm/dd/yy": f"{_MONTH}/{_DAY}/{_YY}",
    "dd/mm/yy": f"{_DAY}/{_MONTH}/{_YY}",
    "dd mon, yyyy": rf"{_WEEKDAY}{_DAY}[\s-]{_MON}\.?,?[\s-]{_YEAR}",
    "mon dd, yyyy": rf"{_WEEKDAY}{_MON}\.?\s{_DAY}(?:st|nd|rd|th)?,?\s{_YEAR}",
}
_HOUR, _MINUTE, _SECOND = "(?P<hour>[0-9]{1,2})", "(?P<minute>[0-9]{2})", "(?P<second>[0-9]{2})"
_FRACTION, _AM = r"[.,](?P<fraction>[0-9]{1,9})", r"\s?(?P<half>[ap])\.?m\.?"
_TIMES = {
    "": "",
    "hh:mm": f"{_HOUR}:{_MINUTE}",
    "hh:mm:ss": f"{_HOUR}:{_MINUTE}:{_SECOND}",
    "hh:mm:ss.fff": f"{_HOUR}:{_MINUTE}:{_SECOND}{_FRACTION}",
    "h:mm am": f"{_HOUR}:{_MINUTE}{_AM}",
    "h:mm:ss am": f"{_HOUR}:{_MINUTE}:{_SECOND}{_AM}",
}
_OFFSET = r"(?:\s?(?P<offset>z|utc|gmt|[+-][0-9]{2}(?::?[0-9]{2})?))?"
_ISO = f"{_DAYS['yyyy-mm-dd']}(?:[t ]{_HOUR}:{_MINUTE}(?::{_SECOND}(?:{_FRACTION})?)?{_OFFSET})?"
ISO, UNIX, UNIX_MILLIS, EXCEL = "iso", "unix seconds", "unix milliseconds", "excel number"

#: In the order in which a person is offered them.
FORMATS: tuple[str, ...] = (
    ISO,
    *(f"{day} {time}".rstrip() for day in _DAYS for time in _TIMES if time != "hh:mm:ss.fff" or day == "yyyy-mm-dd"),
    *(UNIX, UNIX_MILLIS, EXCEL),
)
_MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTHS = {name[:n]: m for m, name in enumerate(_MONTH_NAMES, 1) for n in range(3, len(name) + 1)}
#: Outside of these years no zone is asked: the arithmetic overflows at the ends of the calendar.
_YEARS = range(1850, 2200)


def way(name: str, zone: tzinfo, now: datetime) -> Way:
    """The reader of one of ``FORMATS``. *now* says which century a year of two figures belongs to."""
    if name in (UNIX, UNIX_MILLIS):
        return _unix(r"[0-9]{9,10}(?:\.[0-9]+)?" if name == UNIX else "[0-9]{12,13}", 1 if name == UNIX else 1000)
    if name == EXCEL:
        return _excel(zone)
    if name == ISO:
        return _written(_ISO, zone, now)
    day = next(d for d in sorted(_DAYS, key=len, reverse=True) if name == d or name.startswith(f"{d} "))
    time = _TIMES[name[len(day) + 1 :]]
    return _written(_DAYS[day] + (rf",?\s{time}{_OFFSET}" if time else ""), zone, now)


def _unix(pattern: str, per_second: int) -> Way:
    match = re.compile(pattern).fullmatch
    epoch = datetime(1970, 1, 1, tzinfo=UTC)

    def read(text: str) -> tuple[datetime, bool] | None:
        return (epoch + timedelta(seconds=float(text) / per_second), False) if match(text) else None

    return read


def _excel(zone: tzinfo) -> Way:
    """Days since 1899-12-30 with the time of day behind the point, to the second. Five digits: since 1927."""
    match = re.compile(r"([1-9][0-9]{4})(\.[0-9]+)?").fullmatch
    instant = wall_clock(zone)

    def read(text: str) -> tuple[datetime, bool] | None:
        found = match(text)
        if found is None:
            return None
        day = datetime(1899, 12, 30) + timedelta(days=int(found[1]))  # noqa: DTZ001 - a wall clock
        seconds = min(round(float(found[2] or 0) * 86400), 86399)
        moment, guessed = instant(day.year, day.month, day.day, seconds * 1_000_000)
        return moment, guessed or found[2] is None

    return read


def _written(pattern: str, zone: tzinfo, now: datetime) -> Way:
    compiled = re.compile(pattern, re.IGNORECASE)
    named, match = dict(compiled.groupindex), compiled.fullmatch
    instant = wall_clock(zone)
    date, time = _date_of(named, now), _time_of(named)
    hour, offset = named.get("hour", 0), named.get("offset", 0)

    def read(text: str) -> tuple[datetime, bool] | None:
        found = match(text)
        if found is None:
            return None
        try:
            year, month, day = date(found)
            if year not in _YEARS:
                return datetime(year, month, day, tzinfo=UTC), True
            if not hour or found[hour] is None:
                return instant(year, month, day, 0)[0], True
            micros = time(found)
            if offset and found[offset]:
                local = datetime(year, month, day, tzinfo=UTC) + timedelta(microseconds=micros)
                return local - _offset(found[offset]), False
            return instant(year, month, day, micros)
        except (ValueError, KeyError):
            return None

    return read


def _date_of(named: dict[str, int], now: datetime) -> Callable[[_Match], tuple[int, int, int]]:
    """Year, month and day of what was found."""
    day, month, year, mon, yy = (named.get(name, 0) for name in ("day", "month", "year", "mon", "yy"))
    if mon:
        return lambda m: (int(m[year]), _MONTHS[m[mon].lower()], int(m[day]))
    if yy:
        return lambda m: (_century(int(m[yy]), now), int(m[month]), int(m[day]))
    return lambda m: (int(m[year]), int(m[month]), int(m[day]))


def _century(year: int, now: datetime) -> int:
    return 2000 + year if 2000 + year <= now.year else 1900 + year


def _time_of(named: dict[str, int]) -> Callable[[_Match], int]:
    """Microseconds since 00:00 of what was found; ``ValueError`` for a time that no clock shows."""
    hour, minute, second, fraction, half = (
        named.get(name, 0) for name in ("hour", "minute", "second", "fraction", "half")
    )

    def time(m: _Match) -> int:
        hours, minutes, seconds = int(m[hour]), int(m[minute]), int((second and m[second]) or 0)
        if half:
            if not 1 <= hours <= 12:
                raise ValueError
            hours = hours % 12 + (12 if m[half] in "pP" else 0)
        if hours > 23 or minutes > 59 or seconds > 59:
            raise ValueError
        micros = int(m[fraction][:6].ljust(6, "0")) if fraction and m[fraction] else 0
        return (hours * 3600 + minutes * 60 + seconds) * 1_000_000 + micros

    return time


@lru_cache(256)
def _offset(text: str) -> timedelta:
    if text[0] not in "+-":
        return timedelta(0)
    figures = text[1:].replace(":", "")
    hours, minutes = int(figures[:2]), int(figures[2:] or 0)
    if hours > 15 or minutes > 59:
        raise ValueError
    size = timedelta(hours=hours, minutes=minutes)
    return -size if text[0] == "-" else size
