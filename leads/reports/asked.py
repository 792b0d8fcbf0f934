"""The query string of a report: which window, as known when, whose figures, counted how. All reports share its names.

Days are the office's, both inside. What means nothing is refused with a sentence, and nothing is guessed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.utils.translation import gettext

from lifecycle.history.truth import Reading
from lifecycle.reports.calendar import midnight
from lifecycle.reports.scope import Credit, Scope, Whose

from ..asked_time import AskedTime, link_form, read_time
from ..board.filters import POOL, agent_choices
from ..lead_page.desk import Desk
from .windows import Days, Default, last_12_months

LONGEST = 64
#: The parts of the question that every report understands, in the order of a link.
NAMES = ("from", "through", "all", "known_at", "agent", "by", "voided", "inferred", "format")
_EVERYWHERE = ("from", "through", "all", "known_at", "agent")
_SWITCHES = ("all", "voided", "inferred")
_UNREADABLE, _FINE = 422, 200
_DATES = (date(1900, 1, 1), date(2200, 12, 31))
#: Python reads week dates too; nobody else does.
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked. ``refusals``: sentences, empty when the report can be drawn.

    ``days``: the window's first and last day, either None where it is open. ``typed``: the texts as they came, for the
    form. ``kept``: those that were understood, for links. ``agents``: whom a broker can choose, as (value, name).
    """

    scope: Scope
    days: tuple[date | None, date | None]
    known: AskedTime
    typed: dict[str, str]
    kept: dict[str, str]
    extra: dict[str, str]
    agents: list[tuple[str, str]]
    as_file: bool
    refusals: list[str]

    @property
    def status(self) -> int:
        """Of the answer: 422 where something was refused."""
        return _UNREADABLE if self.refusals else _FINE

    def query(self, **changes: object) -> str:
        """The query string with these parts changed; an empty value leaves a part out. All other filters stay."""
        pairs = [(name, value) for name, value in {**self.kept, **changes}.items() if value not in ("", None)]
        return f"?{urlencode(pairs)}" if pairs else "?"

    def for_window(self, days: Days) -> str:
        """The same question about another window; None: about everything."""
        if days is None:
            return self.query(**{"from": "", "through": "", "all": 1})
        return self.query(**{"from": days[0], "through": days[1], "all": ""})

    @property
    def elsewhere(self) -> str:
        """What of the question holds for every other report: window, past, agent. ``""`` where that is nothing."""
        query = self.query(**{name: "" for name in self.kept if name not in _EVERYWHERE})
        return "" if query == "?" else query

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Of an hour that occurs twice the two links that say which one is meant, each with its words."""
        return [(self.query(known_at=text), words) for text, words in self.known.choices]


def read_asked(
    query: QueryDict,
    desk: Desk,
    default: Default = last_12_months,
    extras: Sequence[str] = (),
    agent: int | None = None,
) -> Asked:
    """What a query string asks for; one query for a broker, none for an agent.

    In: the window where none is asked for, the names of a report's own parameters, and the person whose page it is
    where the address says so. An agent has own figures alone: asking for anybody else's is a 404, for a file a 403.
    """
    _only_own(query, desk, agent)
    refusals: list[str] = []
    typed = {name: _text(query, name, refusals) for name in (*NAMES, *extras)}
    office = desk.office.zone
    known = read_time(query, "known_at", office, desk.now) if typed["known_at"] else AskedTime()
    refusals += [known.refusal] if known.refusal else []
    agents = _agents() if desk.viewer.is_broker else []
    kept = _understood(typed, known, dict(agents), office, refusals)
    end = known.moment or desk.now
    days = _window(kept, default(end, office), refusals)
    return Asked(
        scope=_scope(kept, known, days, desk, agent),
        days=days,
        known=known,
        typed=typed,
        kept=kept | {name: typed[name] for name in extras},
        extra={name: typed[name] for name in extras},
        agents=agents,
        as_file=typed["format"] == "csv",
        refusals=refusals,
    )


def _only_own(query: QueryDict, desk: Desk, agent: int | None) -> None:
    if desk.viewer.is_broker:
        return
    own = str(desk.viewer.pk)
    if agent not in (None, desk.viewer.pk) or any(asked.strip() not in ("", own) for asked in query.getlist("agent")):
        raise Http404("No such figures.")
    if any(form.strip() == "csv" for form in query.getlist("format")):
        raise PermissionDenied("Files are for brokers.")


def _text(query: QueryDict, name: str, refusals: list[str]) -> str:
    """The text of a parameter; ``""`` where it is absent or was refused."""
    texts = query.getlist(name)
    text = texts[-1].strip() if texts else ""
    if len(texts) > 1:
        refusals.append(gettext("“%(name)s” stands more than once in the address. Say it once.") % {"name": name})
        return ""
    if len(text) > LONGEST or not text.isprintable():
        refusals.append(gettext("What the address says after “%(name)s” cannot be read.") % {"name": name})
        return ""
    return text


def _understood(
    typed: dict[str, str], known: AskedTime, agents: dict[str, str], office: tzinfo, refusals: list[str]
) -> dict[str, str]:
    """The parts that mean something, as links carry them."""
    kept = {name: _day(typed[name], refusals) for name in ("from", "through")}
    for name in _SWITCHES:
        kept[name] = _one_of(name, typed[name], ("1",), refusals)
    kept["known_at"] = link_form(known.moment, office) if known.moment else ""
    # An agent may name the own number; the figures are the own ones anyhow.
    kept["agent"] = _one_of("agent", typed["agent"], agents, refusals) if agents else ""
    kept["by"] = _one_of("by", typed["by"], [credit.value for credit in Credit], refusals)
    _one_of("format", typed["format"], ("csv",), refusals)
    return kept


def _one_of(name: str, text: str, possible: Sequence[str] | dict[str, str], refusals: list[str]) -> str:
    if not text or text in possible:
        return text
    if name == "agent":
        refusals.append(gettext("Nobody in this office has the number “%(text)s”.") % {"text": text[:20]})
    else:
        refusals.append(gettext("“%(text)s” is no possible value of “%(name)s”.") % {"text": text, "name": name})
    return ""


def _day(text: str, refusals: list[str]) -> str:
    if not text:
        return ""
    try:
        if not _DAY.fullmatch(text) or not _DATES[0] <= date.fromisoformat(text) <= _DATES[1]:
            raise ValueError
    except ValueError:
        sentence = gettext(
            "“%(text)s” is not a date between 1900 and 2200. Type dates like 2026-11-20 (year-month-day)."
        )
        refusals.append(sentence % {"text": text})
        return ""
    return text


def _window(kept: dict[str, str], default: Days, refusals: list[str]) -> tuple[date | None, date | None]:
    """The first and the last day; where only one is asked for, the other end is open."""
    first, last = (date.fromisoformat(kept[name]) if kept[name] else None for name in ("from", "through"))
    if kept["all"]:
        if first or last:
            refusals.append(
                gettext("The address asks for everything and for some days at once. Choose one of the two.")
            )
        return None, None
    if first and last and first > last:
        refusals.append(gettext("The period ends before it begins. Choose a first day that lies before the last one."))
    if first or last or refusals or default is None:
        return first, last
    return default


def _scope(
    kept: dict[str, str], known: AskedTime, days: tuple[date | None, date | None], desk: Desk, agent: int | None
) -> Scope:
    first, last = days
    zone = desk.office.zone
    return Scope(
        zone=zone,
        now=desk.now,
        since=midnight(first, zone) if first else None,
        until=_after(last, zone) if last else None,
        known_at=known.moment,
        whose=_whose(kept["agent"], desk, agent),
        reading=Reading.RECORDED if kept["voided"] else Reading.CORRECTED,
        credit=Credit(kept["by"] or Credit.HOLDER),
        inferred=bool(kept["inferred"]),
    )


def _after(last: date, zone: tzinfo) -> datetime:
    """The first instant after a day."""
    return midnight(last + timedelta(days=1), zone)


def _whose(text: str, desk: Desk, agent: int | None) -> int | Whose:
    if agent is not None:
        return agent
    if not desk.viewer.is_broker:
        return desk.viewer.pk
    if text == POOL:
        return Whose.POOL
    return int(text) if text else Whose.EVERYBODY


def _agents() -> list[tuple[str, str]]:
    """Whose figures a broker can ask for; whoever left is still among them."""
    return [("", gettext("Everybody")), (POOL, gettext("Pool, nobody yet")), *agent_choices()]
