"""Days, weeks, months and quarters of the office, as instants. Pure.

A period begins at the zone's midnight and ends where the next begins, so the day on which the clocks change has 23 or
25 hours. Periods are half-open: the beginning is inside, the end is not.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo


@dataclass(frozen=True, slots=True)
class Period:
    """``since`` ≤ t < ``until``, both UTC. ``name`` is the word for it in files: ``2012Q1``, ``2012-01``, ``2012-W05``.

    ``first`` is its first day by the office's calendar.
    """

    name: str
    first: date
    since: datetime
    until: datetime


def quarters(since: datetime, until: datetime, zone: tzinfo) -> list[Period]:
    """The calendar quarters that (since ≤ t < until) touches, in order; whole ones, also at the edges."""
    return list(_periods(since, until, zone, _first_of_quarter, _quarter_name))


def months(since: datetime, until: datetime, zone: tzinfo) -> list[Period]:
    """The calendar months that the window touches, in order."""
    return list(_periods(since, until, zone, lambda day: day.replace(day=1), lambda day: f"{day:%Y-%m}"))


def weeks(since: datetime, until: datetime, zone: tzinfo) -> list[Period]:
    """The weeks (Monday to Sunday, ISO 8601) that the window touches, in order."""
    return list(_periods(since, until, zone, lambda day: day - timedelta(days=day.weekday()), _week_name))


def quarter_of(moment: datetime, zone: tzinfo) -> Period:
    """The quarter that an instant lies in."""
    return quarters(moment, moment + timedelta(microseconds=1), zone)[0]


def midnight(day: date, zone: tzinfo) -> datetime:
    """The instant at which a day begins there; where the clocks jump over midnight, the first moment after the gap."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


_First = Callable[[date], date]


def _periods(
    since: datetime, until: datetime, zone: tzinfo, first_of: _First, name: Callable[[date], str]
) -> Iterator[Period]:
    first = first_of(since.astimezone(zone).date())
    begin = midnight(first, zone)
    # A window without an instant touches nothing, also where it lies in the middle of a period.
    while begin < until and since < until:
        after = _next(first, first_of)
        end = midnight(after, zone)
        yield Period(name(first), first, begin, end)
        first, begin = after, end


def _next(first: date, first_of: _First) -> date:
    """The first day of the period after the one that begins on this day."""
    day = first + timedelta(days=7)
    while first_of(day) == first:
        day += timedelta(days=7)
    return first_of(day)


def _first_of_quarter(day: date) -> date:
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def _quarter_name(day: date) -> str:
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def _week_name(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"
