"""A time on the wall of some zone → the instant. Pure.

Whoever reads a file cannot be asked about every cell: what may mean two instants becomes the first of them, and what
never was lands as far behind the jump as it lay behind its beginning (02:30 → 03:30). Both are said to be guessed.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

_HOUR = timedelta(hours=1)


def wall_clock(zone: tzinfo) -> Callable[[int, int, int, int], tuple[datetime, bool]]:
    """A function for (year, month, day, microseconds since 00:00) → (instant in UTC, guessed).

    It raises ``ValueError`` for a day that the calendar does not have. Days whose clocks never jump are kept, since a
    file has the same few thousand days over and over.
    """
    even: dict[tuple[int, int, int], datetime] = {}
    uneven: set[tuple[int, int, int]] = set()

    def instant(year: int, month: int, day: int, micros: int) -> tuple[datetime, bool]:
        key = (year, month, day)
        midnight = even.get(key)
        if midnight is not None:
            return midnight + timedelta(microseconds=micros), False
        start = datetime(year, month, day)  # noqa: DTZ001 - a wall clock
        if key not in uneven:
            if _runs_evenly(start, zone):
                even[key] = start.replace(tzinfo=zone).astimezone(UTC)
            else:
                uneven.add(key)
            return instant(year, month, day, micros)
        return _with_care(start + timedelta(microseconds=micros), zone)

    return instant


def _runs_evenly(start: datetime, zone: tzinfo) -> bool:
    """Whether no clock is moved on this day, nor near its ends."""
    hours = (start + n * _HOUR for n in range(-3, 28))
    return len({(hour.replace(tzinfo=zone, fold=fold)).utcoffset() for hour in hours for fold in (0, 1)}) == 1


def _with_care(wall: datetime, zone: tzinfo) -> tuple[datetime, bool]:
    first, second = (wall.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    # For an hour that occurs twice this is the first; one that never was is read as if the jump had not come.
    return first.astimezone(UTC), first.utcoffset() != second.utcoffset()
