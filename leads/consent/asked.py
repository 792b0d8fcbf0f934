"""The question in a query string: what somebody wanted to send, how, and at which instant or on which day."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext

from lifecycle.history.consent import How, Reach
from lifecycle.models.office import zone_names

from .. import moments
from ..asked_time import link_form, read_time
from ..local_time import EARLIEST_YEAR


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked. ``moment``: an instant; or ``since`` and ``until``: a local day, up to now when it is today.

    ``refusal``: the sentence that says why the time cannot be answered for. ``choices``: of an hour that occurs twice
    the two query strings to ask again with, each with its words. ``clocks_changed``: it is refused because the clocks
    were changed in that hour, nobody's mistake. ``zone`` is the one in which the answer is told.
    """

    reach: Reach
    how: How
    zone: tzinfo
    on: str = ""
    time: str = ""
    moment: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    refusal: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    clocks_changed: bool = False

    @property
    def is_asked(self) -> bool:
        return bool(self.on or self.time)

    @property
    def is_wrong(self) -> bool:
        """Whether there is something to mend in what was typed."""
        return bool(self.refusal) and not self.clocks_changed

    @property
    def is_answered(self) -> bool:
        return self.moment is not None or self.since is not None

    @property
    def when(self) -> str:
        """The instant or the day in words, with the zone."""
        if self.moment is not None:
            return moment_words(self.moment, self.zone)
        if self.since is None:
            return ""
        local = self.since.astimezone(self.zone)
        day = moments.calendar_day(local.date(), date(1, 1, 1))
        said = gettext("%(day)s, the whole day (%(zone)s)")
        return said % {"day": day, "zone": moments.zone_name(local)}

    def query(self) -> str:
        """The query string that asks the same again, whoever opens it and wherever."""
        parts = {"channel": self.reach.value, "how": self.how.value}
        if self.moment is not None:
            return urlencode({"on": link_form(self.moment, self.zone), **parts})
        return urlencode({"on": self.on, "zone": str(self.zone), **parts})


def moment_words(moment: datetime, zone: tzinfo) -> str:
    """``3 Apr 2026, 2:05 pm PDT``: a moment as a dispute wants it, to the minute, with its year and zone."""
    local = moment.astimezone(zone)
    return f"{moments.wall_moment(local)} {moments.zone_name(local)}"


def read_question(query: QueryDict, zone: tzinfo, now: datetime) -> Question:
    """What a query string asks; a channel or a way that there is none of reads as the first of the form.

    In: the query string, the viewer's zone (the link may name another), the page's *now*.
    """
    reach = next((r for r in Reach if r == query.get("channel")), Reach.MARKETING)
    how = next((h for h in How if h == query.get("how")), How.AUTOMATED)
    zone = _zone(query.get("zone", ""), zone)
    on, at = query.get("on", "").strip()[:64], query.get("time", "").strip()[:16]
    if len(on) > 10 or at:
        return _instant(query, Question(reach, how, zone, on, at), now)
    return _day(Question(reach, how, zone, on), now) if on else Question(reach, how, zone)


def _zone(name: str, zone: tzinfo) -> tzinfo:
    return ZoneInfo(name) if name in zone_names() else zone


def _instant(query: QueryDict, asked: Question, now: datetime) -> Question:
    text = f"{asked.on}T{asked.time}" if asked.time and len(asked.on) <= 10 else asked.on
    put = query.copy()
    put["on"] = text
    found = read_time(put, "on", asked.zone, now)
    parts = {"channel": asked.reach.value, "how": asked.how.value}
    choices = [(urlencode({"on": again, **parts}), words) for again, words in found.choices]
    moment = found.moment
    on, at = asked.on, asked.time
    if moment is not None:
        local = moment.astimezone(asked.zone)
        on, at = f"{local:%Y-%m-%d}", f"{local:%H:%M}"
    changed = bool(found.refusal) and _clocks_changed(text, asked.zone)
    if changed:
        on, at = text[:10], text[11:16]
    return Question(asked.reach, asked.how, asked.zone, on, at, moment, None, None, found.refusal, choices, changed)


def _clocks_changed(text: str, zone: tzinfo) -> bool:
    """Whether a local time lies in an hour that occurs twice or not at all."""
    try:
        typed = datetime.fromisoformat(text)
        folds = {typed.replace(tzinfo=zone, fold=fold).utcoffset() for fold in (0, 1)}
    except (ValueError, OverflowError):
        return False
    return typed.tzinfo is None and len(folds) == 2


def _day(asked: Question, now: datetime) -> Question:
    """A whole local day: from one midnight to the next, or up to now."""
    today = now.astimezone(asked.zone).date()
    refusal, day = "", None
    try:
        day = date.fromisoformat(asked.on)
    except ValueError:
        refusal = gettext("“%(text)s” is not a date. Type it like %(example)s (year-month-day).")
    if day and day.year < EARLIEST_YEAR:
        refusal = gettext("“%(text)s” is too long ago: check the year. Type it like %(example)s (year-month-day).")
    elif day and day > today:
        refusal = gettext("“%(text)s” is still to come. Choose a day up to today, such as %(example)s.")
    if refusal or day is None:
        example = (today - timedelta(days=1)).isoformat()
        said = refusal % {"text": asked.on, "example": example}
        return Question(asked.reach, asked.how, asked.zone, asked.on, refusal=said)
    since = datetime.combine(day, time.min, tzinfo=asked.zone)
    until = datetime.combine(day + timedelta(days=1), time.min, tzinfo=asked.zone)
    return Question(asked.reach, asked.how, asked.zone, asked.on, since=since, until=min(until, max(now, since)))
