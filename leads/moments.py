"""How long and how long ago, in words a person reads at a glance. Pure: no clock, no settings, no database.

Every function is handed its instants, so a page has one *now* and a test needs no patch. Zones are the caller's:
the viewer's on pages, the office's in reports.
"""

from datetime import date, datetime, timedelta, tzinfo

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
#: Days are counted up to here, months from here on: "74 d" still says something, "213 d" does not.
MONTHS_FROM = 90 * DAY
MONTH = 30.44 * DAY
YEARS_FROM = 24 * MONTH
YEAR = 365.25 * DAY


def span(seconds: float) -> str:
    """A length in one unit: ``40 s``, ``14 min``, ``5 h``, ``12 d``, ``5 mo``, ``3 y``. Never rounded up."""
    seconds = max(seconds, 0)
    if seconds < MINUTE:
        return f"{int(seconds)} s"
    if seconds < HOUR:
        return f"{int(seconds // MINUTE)} min"
    if seconds < DAY:
        return f"{int(seconds // HOUR)} h"
    if seconds < MONTHS_FROM:
        return f"{int(seconds // DAY)} d"
    if seconds < YEARS_FROM:
        return f"{int(seconds // MONTH)} mo"
    return f"{int(seconds // YEAR)} y"


def ago(then: datetime, now: datetime) -> str:
    """How long before *now*: ``just now``, ``2 d ago``; a moment still to come is ``in 4 min``."""
    seconds = (now - then).total_seconds()
    if abs(seconds) < 10:
        return "just now"
    return f"{span(seconds)} ago" if seconds > 0 else f"in {span(-seconds)}"


def clock(seconds: float) -> str:
    """A length to the second while seconds matter: ``47s``, ``1m 47s``, ``2h 05m``, ``3d 4h``."""
    whole = int(max(seconds, 0))
    if whole < MINUTE:
        return f"{whole}s"
    if whole < HOUR:
        return f"{whole // MINUTE}m {whole % MINUTE:02}s"
    if whole < DAY:
        return f"{whole // HOUR}h {whole % HOUR // MINUTE:02}m"
    return f"{whole // DAY}d {whole % DAY // HOUR}h"


def exact(moment: datetime, zone: tzinfo) -> str:
    """The moment with its zone, to the second: ``Tue 17 Nov 2026, 2:05:09 pm PST``."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b %Y}, {time_of_day(moment, zone, seconds=True)} {zone_name(local)}"


def time_of_day(moment: datetime, zone: tzinfo, *, seconds: bool = False) -> str:
    """The local time of day: ``2:05 pm``."""
    local = moment.astimezone(zone)
    hour = local.hour % 12 or 12
    tail = f":{local:%S}" if seconds else ""
    return f"{hour}:{local:%M}{tail} {'am' if local.hour < 12 else 'pm'}"


def day(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """The local date, the year only when it is another one: ``12 May``, ``12 May 2025``."""
    return calendar_day(moment.astimezone(zone).date(), now.astimezone(zone).date())


def calendar_day(on: date, today: date) -> str:
    """A date, the year only when it is another one than today's."""
    short = f"{on.day} {on:%b}"
    return short if on.year == today.year else f"{short} {on.year}"


def day_head(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """The head over one day of a timeline: ``Today, Tue 17 Nov``, ``Yesterday, …``, ``Tue 12 May 2025``."""
    on, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    head = f"{on:%a} {calendar_day(on, today)}"
    if on == today:
        return f"Today, {head}"
    return f"Yesterday, {head}" if on == today - timedelta(days=1) else head


def zone_name(local: datetime) -> str:
    """The short name of the zone at that moment (``PST``), or its offset (``UTC+05``) where it has no name."""
    name = local.tzname() or "UTC"
    return f"UTC{name}" if name[:1] in "+-" else name
