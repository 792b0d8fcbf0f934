"""The ways through time over a past board: a day or a week back and forth, usual moments, the last weeks at a glance.

Steps are the same time on the viewer's clock. Monday mornings, months and quarters are the office's.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from lifecycle.history import Clock

from .. import moments
from ..asked_time import AskedTime, days_before, field_value, link_form

#: The slider spans so many days, and where the board is far back as many as this lie before it.
_SPAN, _AHEAD = 56, 28


@dataclass(frozen=True, slots=True)
class Step:
    """A link to another moment; ``query`` is empty where it would lead into the future. ``key`` takes it, too."""

    label: str
    query: str
    more: str = ""
    on: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Day:
    """One place of the slider."""

    query: str
    words: str


@dataclass(frozen=True, slots=True)
class Scrubber:
    """``typed``: what the field holds. ``place``: where on the slider the board stands."""

    typed: str
    clock: Clock
    week_back: Step
    day_back: Step
    day_on: Step
    week_on: Step
    presets: list[Step]
    clocks: list[Step]
    kept: list[tuple[str, str]] = field(default_factory=list)
    days: list[Day] = field(default_factory=list)
    place: int = 0


@dataclass(frozen=True, slots=True)
class Standpoint:
    """From where one scrubs: the page's now, both zones, and the query string of the board."""

    now: datetime
    zone: tzinfo
    office: tzinfo
    address: QueryDict

    def query(self, moment: datetime, clock: Clock) -> str:
        """The query string of the same board at another moment."""
        kept = [(k, v) for k, vs in self.address.lists() for v in vs if k not in ("as_of", "clock") and v]
        known = [("clock", clock.value)] if clock is Clock.KNOWN else []
        return f"?{urlencode([*kept, ('as_of', link_form(moment, self.zone)), *known])}"


def scrubber(at: Standpoint, moment: datetime | None, clock: Clock, asked: AskedTime) -> Scrubber:
    """The ways from a moment; of a question that was refused (None) they begin at now, and the field keeps the text."""
    here = moment or at.now
    days = _days(at, moment, clock) if moment else []

    def step(label: str, days: int, key: str) -> Step:
        to = days_before(here, -days, at.zone).astimezone(UTC)
        return Step(label, at.query(to, clock) if to <= at.now else "", moments.instant(to, at.zone), key=key)

    return Scrubber(
        typed=field_value(moment, at.zone) if moment else asked.text,
        clock=clock,
        week_back=step(gettext("A week earlier"), -7, "PageUp"),
        day_back=step(gettext("A day earlier"), -1, "ArrowLeft"),
        day_on=step(gettext("A day later"), 1, "ArrowRight"),
        week_on=step(gettext("A week later"), 7, "PageDown"),
        presets=_presets(at, moment, clock),
        clocks=[Step(c.label, at.query(here, c), c.meaning, c is clock) for c in Clock],
        kept=[(k, v) for k, vs in at.address.lists() for v in vs if k not in ("as_of", "clock") and v],
        days=[day for _, day in days],
        place=next((n for n, (then, _) in enumerate(days) if then == moment), 0),
    )


def last_monday(now: datetime, office: tzinfo) -> datetime:
    """Nine in the morning of the Monday before today, by the office's clock: the last weekly meeting."""
    today = now.astimezone(office)
    back = today.weekday() or 7
    nine = (today.replace(tzinfo=None) - timedelta(days=back)).replace(hour=9, minute=0, second=0, microsecond=0)
    return nine.replace(tzinfo=office).astimezone(UTC)


def _presets(at: Standpoint, moment: datetime | None, clock: Clock) -> list[Step]:
    today = at.now.astimezone(at.office)
    midnight = today.replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    quarter = midnight.replace(month=(today.month - 1) // 3 * 3 + 1)
    # To the minute: a link that is pressed twice should not be two moments.
    this_time = days_before(at.now, 1, at.zone).replace(second=0, microsecond=0)
    named = (
        (pgettext("moment", "Last Monday, 9:00 am"), last_monday(at.now, at.office)),
        (pgettext("moment", "Yesterday at this time"), this_time),
        (pgettext("moment", "Start of the month"), midnight),
        (pgettext("moment", "Start of the quarter"), quarter),
    )
    steps = []
    for label, then in named:
        then = then.astimezone(UTC)
        steps.append(Step(label, at.query(then, clock), moments.instant(then, at.zone), then == moment))
    return steps


def _days(at: Standpoint, moment: datetime, clock: Clock) -> list[tuple[datetime, Day]]:
    """The places of the slider, oldest first: the same time of day, day after day, never beyond now."""
    ahead = 0
    while ahead < _AHEAD and days_before(moment, -ahead - 1, at.zone).astimezone(UTC) <= at.now:
        ahead += 1
    made = []
    for back in range(_SPAN - ahead, -ahead - 1, -1):
        then = days_before(moment, back, at.zone).astimezone(UTC) if back else moment
        made.append((then, Day(at.query(then, clock), moments.day_head(then, at.zone, at.now))))
    return made
