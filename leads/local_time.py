"""A time as a person types it → the instant that is meant, or a sentence that says why it cannot be told.

Twice a year a clock on the wall lies: in spring an hour does not exist, in autumn one occurs twice. The first is
refused with an example, the second is asked (``fold``: 0 the first, 1 the second).
"""

from datetime import UTC, datetime, timedelta, tzinfo

from django.utils.translation import gettext, pgettext

from lifecycle.errors import TypedTime

from . import moments

#: Nothing about a lead happened before; a year typed wrong usually lands here.
EARLIEST_YEAR = 1900


class Unreadable(TypedTime):
    code = "time_unreadable"


class Nonexistent(TypedTime):
    code = "time_nonexistent"


class Ambiguous(TypedTime):
    """``details["choices"]``: the two instants as (fold, words) pairs, for the form to ask."""

    code = "time_ambiguous"


class OutOfRange(TypedTime):
    code = "time_out_of_range"


def parse(text: str, zone: tzinfo, *, now: datetime, fold: int | None = None, field: str = "occurred_at") -> datetime:
    """The instant in UTC for a local date and time such as ``2026-11-17T14:05``; an offset in the text wins.

    In: what was typed, the zone it was typed in, the page's *now*, and which of two equal hours was chosen. Raises a
    ``TypedTime`` with a sentence when it cannot be read, does not exist, occurs twice, lies ahead or before 1900.
    """
    typed = _read(text, zone, now, field)
    _refuse_range(typed, zone, now, field)
    moment = typed if typed.tzinfo else _localised(typed, zone, fold, field)
    moment = moment.astimezone(UTC)
    if moment > now:
        raise OutOfRange(
            gettext("%(time)s is still to come. Type when it happened, at the latest now.")
            % {"time": moments.exact(moment, zone)},
            field=field,
        )
    return moment


def typed_form(moment: datetime, zone: tzinfo) -> str:
    """The moment as a ``datetime-local`` field wants it: local, to the minute."""
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def _read(text: str, zone: tzinfo, now: datetime, field: str) -> datetime:
    cleaned = text.strip()
    # fromisoformat reads a bare date and week dates too; a time of day must be there, or midnight is a guess.
    looks_right = len(cleaned) >= 16 and cleaned[10:11] in "T " and cleaned.isascii() and cleaned.isprintable()
    try:
        if not looks_right:
            raise ValueError
        return datetime.fromisoformat(cleaned)
    except ValueError:
        example = typed_form(now - timedelta(hours=2), zone).replace("T", " ")
        raise Unreadable(
            gettext("That is not a date and time. Type it like %(example)s (year-month-day hour:minute).")
            % {"example": example},
            field=field,
        ) from None


def _refuse_range(typed: datetime, zone: tzinfo, now: datetime, field: str) -> None:
    """Before any arithmetic with zones, which overflows at the ends of the calendar."""
    if typed.year < EARLIEST_YEAR:
        sentence = gettext("The year %(year)d is before %(earliest)d. Check the year.")
        raise OutOfRange(sentence % {"year": typed.year, "earliest": EARLIEST_YEAR}, field=field)
    if typed.year > now.astimezone(zone).year + 1:
        sentence = gettext("The year %(year)d is still to come. Type when it happened, at the latest now.")
        raise OutOfRange(sentence % {"year": typed.year}, field=field)


def _localised(typed: datetime, zone: tzinfo, fold: int | None, field: str) -> datetime:
    first, second = (typed.replace(tzinfo=zone, fold=f) for f in (0, 1))
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != typed:
        # Read with the offset from before the jump, the missing hour lands right after it: the example to give.
        after = first.astimezone(UTC).astimezone(zone)
        raise Nonexistent(
            gettext(
                "%(time)s did not exist: the clocks went forward. Type a time that existed, for example %(example)s."
            )
            % {"time": moments.wall_moment(typed), "example": f"{after:%Y-%m-%d %H:%M}"},
            field=field,
        )
    if fold in (0, 1):
        return second if fold else first
    wall = moments.wall_moment(typed)
    raise Ambiguous(
        gettext("%(time)s happened twice: the clocks went back. Choose which one you mean.") % {"time": wall},
        field=field,
        choices=[
            (0, pgettext("which hour", "the first, %(time)s %(zone)s") % {"time": wall, "zone": first.tzname()}),
            (1, pgettext("which hour", "the second, %(time)s %(zone)s") % {"time": wall, "zone": second.tzname()}),
        ],
    )
