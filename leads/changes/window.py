"""The two ends of a window of time in a query string: an instant, or a whole day."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from lifecycle.history import Clock

from .. import local_time, moments
from ..asked_time import link_form, read_time

_DAY = re.compile(r"\d{1,4}-\d{1,2}-\d{1,2}")
#: The last instant before another one; a window leaves its first instant out and takes its last one in.
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The window (since, until] and the clock by which a fact lies in it."""

    since: datetime
    until: datetime
    clock: Clock


@dataclass(frozen=True, slots=True)
class Edge:
    """One end of the window: ``text`` as a link carries it, ``typed`` as the form shows it, ``words`` for people.

    ``moment`` None: nothing was asked, or the text was refused; then ``refusal`` says why, and of an hour that occurs
    twice ``choices`` holds the two texts to ask again with, each with its words.
    """

    text: str = ""
    moment: datetime | None = None
    typed: str = ""
    words: str = ""
    refusal: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)


def read_edge(query: QueryDict, name: str, zone: tzinfo, now: datetime, *, ends: bool) -> Edge:
    """What the parameter ``name`` says. A date alone takes the whole day in, at either end; never raises."""
    text = query.get(name, "").strip()
    if _DAY.fullmatch(text):
        return _whole_day(text, zone, now, ends=ends)
    asked = read_time(query, name, zone, now)
    if asked.moment is None:
        # A field for dates shows of this what it can; what it cannot read it leaves empty.
        return Edge(asked.text, typed=asked.text, refusal=asked.refusal, choices=asked.choices)
    return at(asked.moment, zone)


def at(moment: datetime, zone: tzinfo) -> Edge:
    """An end at this very instant."""
    return Edge(
        text=link_form(moment, zone),
        moment=moment,
        typed=local_time.typed_form(moment, zone),
        words=in_words(moment, zone),
    )


def in_words(moment: datetime, zone: tzinfo) -> str:
    """The instant with its zone, seconds only where there are any: ``Mon 16 Nov 2026, 9:00 am PST``."""
    local = moment.astimezone(zone)
    return pgettext("date and time", "%(day)s, %(time)s %(zone)s") % {
        "day": moments.full_day(local.date()),
        "time": moments.wall_time(local, seconds=bool(local.second)),
        "zone": moments.zone_name(local),
    }


def _whole_day(text: str, zone: tzinfo, now: datetime, *, ends: bool) -> Edge:
    today = now.astimezone(zone).date()
    try:
        day = date.fromisoformat(text)
        if day.year < local_time.EARLIEST_YEAR or day > today:
            raise ValueError
    except ValueError:
        sentence = gettext(
            "“%(text)s” is no day that we can look back at. Type a day up to today, such as %(example)s."
        )
        return Edge(text, refusal=sentence % {"text": text, "example": today - timedelta(days=1)})
    begins = _midnight(day + timedelta(days=1 if ends else 0), zone)
    words = pgettext("window of time", "end of %(day)s") if ends else pgettext("window of time", "start of %(day)s")
    if begins > now:
        return Edge(text, now, "", in_words(now, zone))
    return Edge(text, begins - _TICK, local_time.typed_form(begins, zone), words % {"day": _named(day, zone)})


def _midnight(day: date, zone: tzinfo) -> datetime:
    """The first instant of a day; where the clocks jump over midnight, the jump."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def _named(day: date, zone: tzinfo) -> str:
    """``Mon 16 Nov 2026, PST``: a day is another one in another zone."""
    noon = datetime.combine(day, time(12), tzinfo=zone)
    return pgettext("day and zone", "%(day)s, %(zone)s") % {
        "day": moments.full_day(day),
        "zone": moments.zone_name(noon),
    }
