"""How long and how long ago, in words a person reads at a glance. Pure: no clock, no settings, no database.

Every function is handed its instants, so a page has one *now* and a test needs no patch. Zones are the caller's:
the viewer's on pages, the office's in reports. Words and the order of a date's parts are the reader's language's;
a page that says hundreds of times how long ago things were hands over a translator that remembers (``say``).
"""

from datetime import date, datetime, timedelta, tzinfo

from django.utils import translation
from django.utils.translation import gettext, gettext_noop, pgettext

from lifecycle.speech import Translator

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
#: Days are counted up to here, months from here on: "74 d" still says something, "213 d" does not.
MONTHS_FROM = 90 * DAY
MONTH = 30.44 * DAY
YEARS_FROM = 24 * MONTH
YEAR = 365.25 * DAY

_WEEKDAYS = (
    gettext_noop("Mon"),
    gettext_noop("Tue"),
    gettext_noop("Wed"),
    gettext_noop("Thu"),
    gettext_noop("Fri"),
    gettext_noop("Sat"),
    gettext_noop("Sun"),
)
_MONTHS = (
    gettext_noop("Jan"),
    gettext_noop("Feb"),
    gettext_noop("Mar"),
    gettext_noop("Apr"),
    gettext_noop("May"),
    gettext_noop("Jun"),
    gettext_noop("Jul"),
    gettext_noop("Aug"),
    gettext_noop("Sep"),
    gettext_noop("Oct"),
    gettext_noop("Nov"),
    gettext_noop("Dec"),
)


def span(seconds: float, say: Translator = translation) -> str:
    """A length in one unit: ``40 s``, ``14 min``, ``5 h``, ``12 d``, ``5 mo``, ``3 y``. Never rounded up."""
    seconds = max(seconds, 0)
    if seconds < MINUTE:
        return say.pgettext("length of time", "%d s") % seconds
    if seconds < HOUR:
        return say.pgettext("length of time", "%d min") % (seconds // MINUTE)
    if seconds < DAY:
        return say.pgettext("length of time", "%d h") % (seconds // HOUR)
    if seconds < MONTHS_FROM:
        return say.pgettext("length of time", "%d d") % (seconds // DAY)
    if seconds < YEARS_FROM:
        return say.pgettext("length of time", "%d mo") % (seconds // MONTH)
    return say.pgettext("length of time", "%d y") % (seconds // YEAR)


def ago(then: datetime, now: datetime, say: Translator = translation) -> str:
    """How long before *now*: ``just now``, ``2 d ago``; a moment still to come is ``in 4 min``."""
    seconds = (now - then).total_seconds()
    if abs(seconds) < 10:
        return say.gettext("just now")
    if seconds > 0:
        return say.gettext("%(span)s ago") % {"span": span(seconds, say)}
    return say.gettext("in %(span)s") % {"span": span(-seconds, say)}


def clock(seconds: float, say: Translator = translation) -> str:
    """A length to the second while seconds matter: ``47s``, ``1m 47s``, ``2h 05m``, ``3d 4h``."""
    whole = int(max(seconds, 0))
    if whole < MINUTE:
        return say.pgettext("clock", "%ds") % whole
    if whole < HOUR:
        return say.pgettext("clock", "%(minutes)dm %(seconds)02ds") % {
            "minutes": whole // MINUTE,
            "seconds": whole % MINUTE,
        }
    if whole < DAY:
        return say.pgettext("clock", "%(hours)dh %(minutes)02dm") % {
            "hours": whole // HOUR,
            "minutes": whole % HOUR // MINUTE,
        }
    return say.pgettext("clock", "%(days)dd %(hours)dh") % {"days": whole // DAY, "hours": whole % DAY // HOUR}


def exact(moment: datetime, zone: tzinfo, say: Translator = translation) -> str:
    """The moment with its zone, to the second: ``Tue 17 Nov 2026, 2:05:09 pm PST``."""
    return _exact(moment, zone, say, seconds=True)


def instant(moment: datetime, zone: tzinfo) -> str:
    """The moment with its zone, seconds only where it has any: ``Tue 17 Nov 2026, 2:05 pm PST``."""
    return _exact(moment, zone, translation, seconds=bool(moment.second or moment.microsecond))


def _exact(moment: datetime, zone: tzinfo, say: Translator, *, seconds: bool) -> str:
    local = moment.astimezone(zone)
    return say.pgettext("date and time", "%(weekday)s %(day)d %(month)s %(year)d, %(time)s %(zone)s") % {
        **_parts(local, say),
        "time": wall_time(local, say, seconds=seconds),
        "zone": zone_name(local),
    }


def time_of_day(moment: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
    """The local time of day: ``2:05 pm``."""
    return wall_time(moment.astimezone(zone), seconds=seconds)


def wall_time(local: datetime, say: Translator = translation, *, seconds: bool = False) -> str:
    """The hour and minute that a clock on the wall shows: ``2:05 pm``."""
    time = f"{local.hour % 12 or 12}:{local.minute:02}{f':{local.second:02}' if seconds else ''}"
    return (say.pgettext("time", "%s am") if local.hour < 12 else say.pgettext("time", "%s pm")) % time


def wall_moment(local: datetime) -> str:
    """What calendar and clock on the wall show, in whatever zone they hang: ``2 Nov 2025, 1:30 am``."""
    return pgettext("date and time", "%(day)d %(month)s %(year)d, %(time)s") % {
        **_parts(local.date()),
        "time": wall_time(local),
    }


def day(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """The local date, the year only when it is another one: ``12 May``, ``12 May 2025``."""
    return calendar_day(moment.astimezone(zone).date(), now.astimezone(zone).date())


def guessed_day(moment: datetime, zone: tzinfo, now: datetime, *, at_latest: bool) -> str:
    """The day of something whose time is a guess: ``about 12 May``, or ``12 May or earlier`` where no time was kept."""
    said = {"day": day(moment, zone, now)}
    if at_latest:
        return pgettext("a day that is not known", "%(day)s or earlier") % said
    return pgettext("a day that is a guess", "about %(day)s") % said


def calendar_day(on: date, today: date) -> str:
    """A date, the year only when it is another one than today's."""
    if on.year == today.year:
        return pgettext("date", "%(day)d %(month)s") % _parts(on)
    return pgettext("date", "%(day)d %(month)s %(year)d") % _parts(on)


def full_day(on: date) -> str:
    """A date with all its parts, to stand on paper: ``Tue 17 Nov 2026``."""
    return pgettext("date", "%(weekday)s %(day)d %(month)s %(year)d") % _parts(on)


def day_head(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """The head over one day of a timeline: ``Today, Tue 17 Nov``, ``Yesterday, …``, ``Tue 12 May 2025``."""
    on, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    head = pgettext("date", "%(weekday)s %(date)s") % {**_parts(on), "date": calendar_day(on, today)}
    if on == today:
        return gettext("Today, %(day)s") % {"day": head}
    return gettext("Yesterday, %(day)s") % {"day": head} if on == today - timedelta(days=1) else head


def zone_name(local: datetime) -> str:
    """The short name of the zone at that moment (``PST``), or its offset (``UTC+05``) where it has no name."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[:1] in "+-" else name


def _parts(on: date, say: Translator = translation) -> dict[str, object]:
    return {
        "weekday": say.gettext(_WEEKDAYS[on.weekday()]),
        "day": on.day,
        "month": say.gettext(_MONTHS[on.month - 1]),
        "year": on.year,
    }
