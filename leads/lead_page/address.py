"""The query string of a lead's page: which facts of the timeline are asked for, and the links that change that."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext

from lifecycle.timeline import GROUPS, SYSTEM, Filters

_DATES = (date(1900, 1, 1), date(2200, 1, 1))


@dataclass(frozen=True, slots=True)
class Address:
    """The filters as they were asked for, and as text for the form that shows them again."""

    show: tuple[str, ...]
    who: str
    since: str
    until: str
    system: bool
    oldest_first: bool
    cursor: int | None
    notice: str
    for_print: bool
    filters: Filters

    def query(self, **changes: object) -> str:
        """The query string with these parts changed: ``show``, ``who``, ``since``, ``until``, ``system``, ``order``."""
        parts = {
            "show": self.show,
            "who": self.who,
            "from": self.since,
            "to": self.until,
            "system": "" if self.system else "0",
            "order": "oldest" if self.oldest_first else "",
            "cursor": "",
            **changes,
        }
        pairs = [(k, v) for k, value in parts.items() for v in (value if isinstance(value, tuple) else (value,)) if v]
        return f"?{urlencode(pairs)}" if pairs else "?"

    def toggled(self, group: str) -> str:
        """The query string with one kind of fact more, or less."""
        show = tuple(g for g in GROUPS if (g in self.show) != (g == group))
        return self.query(show=() if len(show) == len(GROUPS) else show)


def read_address(query: QueryDict, zone: tzinfo) -> Address:
    """What a query string asks for. A value that means nothing is left out, and the page says so."""
    show = tuple(g for g in GROUPS if g in query.getlist("show"))
    who = query.get("who", "")
    who = who if who == "scribe" or (who.isascii() and who.isdigit() and len(who) < 19) else ""
    unread: list[str] = []
    since = _midnight(query.get("from", ""), zone, unread)
    until = _midnight(query.get("to", ""), zone, unread, days=1)
    system = query.get("system") != "0"
    oldest = query.get("order") == "oldest"
    cursor = query.get("cursor", "")
    return Address(
        show=show,
        who=who,
        since=query.get("from", "") if since else "",
        until=query.get("to", "") if until else "",
        system=system,
        oldest_first=oldest,
        cursor=int(cursor) if cursor.isascii() and cursor.isdigit() and len(cursor) < 10 else None,
        notice=_not_a_date(unread[0]) if unread else "",
        for_print=query.get("print") == "1",
        filters=Filters(frozenset(show), who, since, until, system or SYSTEM in show, oldest),
    )


def _not_a_date(text: str) -> str:
    sentence = gettext("“%(text)s” is not a date, so it was left out. Type dates like 2026-11-20.")
    return sentence % {"text": text[:40]}


def _midnight(text: str, zone: tzinfo, unread: list[str], days: int = 0) -> datetime | None:
    """The beginning of a typed local day, or of the day after it."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
        if not _DATES[0] <= day <= _DATES[1]:
            raise ValueError
    except ValueError:
        unread.append(text)
        return None
    return datetime.combine(day + timedelta(days=days), time.min, tzinfo=zone)
