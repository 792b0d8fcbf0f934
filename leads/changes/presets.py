"""The windows that people ask for: days and months by the viewer's calendar, the meeting by the office's. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from django.utils.translation import pgettext

from ..asked_time import link_form

#: When the weekly meeting is held.
MEETING = time(9)
MONDAY = 0


@dataclass(frozen=True, slots=True)
class Preset:
    """``since`` and ``until`` as the query string carries them; ``until`` empty: now."""

    label: str
    since: str
    until: str = ""


def last_meeting(moment: datetime, office: tzinfo) -> datetime:
    """Monday 9:00 in the office, before this day. On a Monday that is a week ago: the page is for today's meeting."""
    today = moment.astimezone(office).date()
    back = (today.weekday() - MONDAY) % 7 or 7
    return datetime.combine(today - timedelta(days=back), MEETING, tzinfo=office)


def presets(now: datetime, zone: tzinfo, office: tzinfo) -> list[Preset]:
    """The usual windows up to this *now*, shortest first. A window of whole days is named by its dates."""
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    day = timedelta(days=1)
    return [
        Preset(pgettext("window of time", "Since yesterday"), str(today - day)),
        Preset(pgettext("window of time", "Since last Monday, 9:00"), link_form(last_meeting(now, office), zone)),
        Preset(pgettext("window of time", "Last week"), str(monday - 7 * day), str(monday - day)),
        Preset(pgettext("window of time", "This month"), str(month)),
        Preset(pgettext("window of time", "Last month"), str(before), str(month - day)),
        Preset(pgettext("window of time", "This quarter"), str(quarter)),
    ]
