"""An instant in a query string: ``as_of=2026-11-17T14:00``. A link must mean the same to everybody who opens it.

A time without offset is the viewer's, and a day alone is its beginning; links that we make carry the offset, so that
they stay what they were.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.http import QueryDict
from django.utils.translation import gettext

from lifecycle.errors import TypedTime

from . import local_time, moments

#: A plus that nobody escaped arrives as a space.
_LOST_PLUS = re.compile(r"(T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?) (\d{2}:\d{2})$")


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class AskedTime:
    """What a query string asked for.

    ``moment``: the instant in UTC, None when nothing was asked or the text was refused. ``refusal``: the sentence that
    says why not. ``choices``: of an hour that occurs twice the two texts to ask again with, each with its words.
    """

    text: str = ""
    moment: datetime | None = None
    refusal: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_asked(self) -> bool:
        return bool(self.text)


def read_time(query: QueryDict, name: str, zone: tzinfo, now: datetime) -> AskedTime:
    """The instant that the parameter ``name`` asks for, by this zone where the text has no offset; never raises."""
    text = _LOST_PLUS.sub(r"\1+\2", query.get(name, "").strip())[:64]
    if not text:
        return AskedTime()
    try:
        return AskedTime(text, _moment(text, zone, now, name))
    except local_time.Ambiguous as twice:
        typed = datetime.fromisoformat(text)
        choices = [
            (typed.replace(tzinfo=zone, fold=fold).isoformat(), words) for fold, words in twice.details["choices"]
        ]
        sentence = gettext("%(time)s came twice that night: the clocks went back. Which one do you mean?")
        return AskedTime(text, None, sentence % {"time": moments.wall_time(typed)}, choices)
    except local_time.OutOfRange as refused:
        return AskedTime(text, None, _outside(text, zone, now, refused))
    except TypedTime as refused:
        return AskedTime(text, None, refused.sentence)


def _moment(text: str, zone: tzinfo, now: datetime, name: str) -> datetime:
    """The instant; of a day alone its first one, also where the clocks jump over midnight or back to it."""
    if not _DAY.fullmatch(text):
        return local_time.parse(text, zone, now=now, field=name)
    try:
        return local_time.parse(f"{text}T00:00", zone, now=now, fold=0, field=name)
    except local_time.Nonexistent:
        return datetime.combine(date.fromisoformat(text), time.min, tzinfo=zone).astimezone(UTC)


def _outside(text: str, zone: tzinfo, now: datetime, refused: TypedTime) -> str:
    """The sentence for a moment of which nothing can be known."""
    typed = datetime.fromisoformat(text)
    if typed.year < local_time.EARLIEST_YEAR:
        return refused.sentence
    example = local_time.typed_form(now - timedelta(days=1), zone).replace("T", " ")
    sentence = gettext(
        "%(time)s is still to come, and nobody can look back at it. Choose a time up to now, such as %(example)s."
    )
    return sentence % {"time": _in_words(typed, zone), "example": example}


def _in_words(typed: datetime, zone: tzinfo) -> str:
    """What was typed as people say it; of another zone's clock what that is here, where the calendar goes that far."""
    try:
        return moments.instant(typed, zone) if typed.tzinfo else moments.wall_moment(typed)
    except OverflowError:
        return moments.wall_moment(typed)


def link_form(moment: datetime, zone: tzinfo) -> str:
    """The instant as a link carries it: local time with its offset, no finer than it has to be."""
    local = moment.astimezone(zone)
    exactly = "microseconds" if local.microsecond else "seconds" if local.second else "minutes"
    return local.isoformat(timespec=exactly)


def days_before(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """The same time on the clock so many days earlier (or later: negative), also across a change of the clocks."""
    local = moment.astimezone(zone)
    return (local.replace(tzinfo=None) - timedelta(days=days)).replace(tzinfo=zone, fold=local.fold)


def field_value(moment: datetime, zone: tzinfo) -> str:
    """The instant as a ``datetime-local`` field holds it, never before it: it knows nothing finer than a thousandth."""
    local = moment.astimezone(zone)
    if finer := local.microsecond % 1000:
        local += timedelta(microseconds=1000 - finer)
    exactly = "milliseconds" if local.microsecond else "seconds" if local.second else "minutes"
    return local.replace(tzinfo=None).isoformat(timespec=exactly)
