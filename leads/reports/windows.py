"""The windows that people ask reports for, as first and last day of the office's calendar. Pure.

All are relative to the instant at which the figures end: now, or the instant as of which they were known.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.utils.translation import gettext, pgettext

from .. import moments

#: First and last day, both inside; None: no window at all.
Days = tuple[date, date] | None
Default = Callable[[datetime, tzinfo], Days]

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Preset:
    """A usual window; ``days`` None: everything."""

    label: str
    days: Days


def this_quarter(end: datetime, zone: tzinfo) -> Days:
    """The whole quarter in which the figures end."""
    first = _quarter(_today(end, zone))
    return first, _quarter(first + timedelta(days=100)) - _DAY


def last_quarter(end: datetime, zone: tzinfo) -> Days:
    """The whole quarter before."""
    last = _quarter(_today(end, zone)) - _DAY
    return _quarter(last), last


def last_12_months(end: datetime, zone: tzinfo) -> Days:
    """A year of days, the one in which the figures end included."""
    today = _today(end, zone)
    # Of a 29 February there is none in the year before; its year begins on the 1st of March as that of a 28th does.
    before = today.replace(year=today.year - 1, day=28 if today.month == 2 and today.day == 29 else today.day)
    return before + _DAY, today


def this_year(end: datetime, zone: tzinfo) -> Days:
    """The whole calendar year in which the figures end."""
    year = _today(end, zone).year
    return date(year, 1, 1), date(year, 12, 31)


def everything(end: datetime, zone: tzinfo) -> Days:
    """No window: from the first fact on."""
    return None


def is_quarter(first: date, last: date) -> bool:
    """Whether these are the first and the last day of one calendar quarter."""
    return first == _quarter(first) == _quarter(last) and last != date.max and _quarter(last + _DAY) > last


def window_before(first: date, last: date) -> Days:
    """The window before: of a calendar quarter the quarter before, else as many days; None at the edge of time."""
    if is_quarter(first, last):
        return _quarter(first - _DAY), first - _DAY
    try:
        return first - (last - first) - _DAY, first - _DAY
    except OverflowError:
        return None


def presets(end: datetime, zone: tzinfo) -> list[Preset]:
    """The usual windows, shortest first."""
    return [
        Preset(pgettext("window of time", "This quarter"), this_quarter(end, zone)),
        Preset(pgettext("window of time", "Last quarter"), last_quarter(end, zone)),
        Preset(pgettext("window of time", "Last 12 months"), last_12_months(end, zone)),
        Preset(pgettext("window of time", "This year"), this_year(end, zone)),
        Preset(pgettext("window of time", "Everything"), None),
    ]


def in_words(first: date | None, last: date | None) -> str:
    """``From 1 Oct 2026 through 31 Dec 2026``, open at either end; ``Everything``."""
    said = {"first": first and _named(first), "last": last and _named(last)}
    if first and last:
        return gettext("From %(first)s through %(last)s") % said
    if first:
        return gettext("From %(first)s on") % said
    return gettext("Through %(last)s") % said if last else gettext("Everything since the first lead")


def place(zone: tzinfo) -> str:
    """The city by whose clock the office lives, as people say it: ``Los Angeles``."""
    return str(zone).rpartition("/")[2].replace("_", " ")


def zone_line(zone: tzinfo) -> str:
    """Whose days and quarters the figures are made of."""
    return gettext("Days and quarters in %(place)s time") % {"place": place(zone)}


def _named(day: date) -> str:
    # Against a year in which it never is, so that the year is always said.
    return moments.calendar_day(day, date.min)


def _today(end: datetime, zone: tzinfo) -> date:
    return end.astimezone(zone).date()


def _quarter(day: date) -> date:
    """The first day of the quarter in which a day lies."""
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
