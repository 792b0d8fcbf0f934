"""The query string of an agent's page: which stays are asked for, and the links that change that."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from lifecycle.history.holders import Period

_DATES = (date(1900, 1, 1), date(2200, 1, 1))
#: Python reads week dates too; nobody else does.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
NOW, BEFORE = "now", "before"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, and as text for the form that shows it again. ``after``: go on after this fact's id."""

    which: str
    since: str
    until: str
    after: int | None
    for_print: bool
    period: Period
    refusals: list[str]

    @property
    def chips(self) -> list[tuple[str, str, bool]]:
        """Words, link and whether it is on, of every way to narrow the list."""
        ways = {
            "": pgettext("which leads", "All"),
            NOW: pgettext("which leads", "Holds now"),
            BEFORE: pgettext("which leads", "Held before"),
        }
        return [(words, self.query(show=value), value == self.which) for value, words in ways.items()]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.which or self.period)

    def query(self, **changes: object) -> str:
        """The query string with these parts changed: ``show``, ``from``, ``to``, ``after``, ``print``, ``format``."""
        parts = {"show": self.which, "from": self.since, "to": self.until, **changes}
        pairs = [(name, value) for name, value in parts.items() if value]
        return f"?{urlencode(pairs)}" if pairs else "?"


def read_asked(query: QueryDict, zone: tzinfo) -> Asked:
    """What a query string asks for. A value that means nothing is refused with a sentence, and nothing is guessed."""
    refusals: list[str] = []
    since = _midnight(query.get("from", ""), zone, refusals)
    until = _midnight(query.get("to", ""), zone, refusals, days=1)
    if since is not None and until is not None and since >= until:
        refusals.append(gettext("“To” lies before “From”: no stay can fit. Swap the two dates."))
    which, after = query.get("show", ""), query.get("after", "")
    return Asked(
        which=which if which in (NOW, BEFORE) else "",
        since=query.get("from", "").strip() if since else "",
        until=query.get("to", "").strip() if until else "",
        after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None,
        for_print=query.get("print") == "1",
        period=Period(since, until),
        refusals=refusals,
    )


def _midnight(text: str, zone: tzinfo, refusals: list[str], days: int = 0) -> datetime | None:
    """The beginning of a typed local day, or of the day after it."""
    typed = text.strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
        if not _DAY.fullmatch(typed) or not _DATES[0] <= day <= _DATES[1]:
            raise ValueError
    except ValueError:
        refusals.append(
            gettext("“%(text)s” is not a date. Type dates like 2026-11-20 (year-month-day).") % {"text": typed[:40]}
        )
        return None
    return datetime.combine(day + timedelta(days=days), time.min, tzinfo=zone)
