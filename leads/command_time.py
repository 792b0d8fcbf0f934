"""A time on the command line: an instant, or exit code 2 with a sentence that says what to type."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.core.management.base import CommandError
from django.utils import timezone

from lifecycle.errors import TypedTime
from lifecycle.models import OfficeSettings

from . import local_time

#: A time given to a command may lie ahead, to see what will be owed then.
_FAR = datetime(2200, 1, 1, tzinfo=UTC)


def read_moment(text: str, zone: ZoneInfo | None = None) -> datetime:
    """The instant in UTC; a text without offset is read in this zone, or with one query in the office's.

    Ends the command with exit code 2 when the text is no time, or one that does not exist or occurs twice there.
    """
    zone = zone or OfficeSettings.load().zone
    try:
        return local_time.parse(text, zone, now=_FAR)
    except local_time.Ambiguous as twice:
        hint = " Add the offset that you mean, for example 2026-11-01T01:30-07:00."
        raise CommandError(f"{text} occurs twice in {zone.key}.{hint}", returncode=2) from twice
    except TypedTime as unreadable:
        hint = "Write it like 2026-11-20T14:00 or 2026-11-20T14:00-08:00."
        raise CommandError(f"“{text}” is not a time in {zone.key}. {hint}", returncode=2) from unreadable


def read_past(text: str, zone: ZoneInfo | None = None) -> datetime:
    """The same for a question about the past: ends with exit code 2 also for an instant that is still to come."""
    moment = read_moment(text, zone)
    if moment > timezone.now():
        raise CommandError(f"{text} is still to come, and nobody can look back at it.", returncode=2)
    return moment
