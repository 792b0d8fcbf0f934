"""Which facts are behind a number of the flow: read from its address."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext

from lifecycle.history.statement import Statement
from lifecycle.reports.calendar import Period
from lifecycle.reports.edges import weeks_of
from lifecycle.reports.flow import Behind, facts_behind
from lifecycle.reports.pipeline import EXITS, Direction
from lifecycle.reports.scope import Scope
from lifecycle.states import State

from .asked import Asked
from .flow import direction_words, period_words, start_words

#: What an address says of a number besides the question.
CELL = ("week", "into", "out_of", "way", "fell")
#: The word of an address for a lead's beginning.
BEGUN = "begun"


@dataclass(frozen=True, slots=True)
class Cell:
    """Which number was pressed: its statement, and what it is in words."""

    ids: Statement
    words: str


def read_cell(asked: Asked) -> Cell | None:
    """The number that the address names; None, and a refusal, where there is no such number."""
    extra = asked.extra
    starts = {"": None, BEGUN: "", "?": "?", **{s.value: s.value for s in State}}
    ways = {"": None, **{way.value: way for way in EXITS}}
    fell = {"": None, "1": True, "0": False}
    week = _week(asked)
    readable = (
        extra["into"] in {"", *State}
        and extra["out_of"] in starts
        and extra["way"] in ways
        and extra["fell"] in fell
        and (week is not None or not extra["week"])
    )
    if not readable:
        asked.refusals.append(gettext("There is no such number in the flow. Go back and choose one."))
        return None
    into = State(extra["into"]) if extra["into"] else None
    which = Behind(into, starts[extra["out_of"]], ways[extra["way"]], fell[extra["fell"]])
    scope = asked.scope if week is None else _narrowed(asked.scope, week)
    return Cell(facts_behind(scope, which), _words(which, week))


def _week(asked: Asked) -> Period | None:
    name = asked.extra["week"]
    return next((week for week in weeks_of(asked.scope) if week.name == name), None) if name else None


def _narrowed(scope: Scope, period: Period) -> Scope:
    """The part of the window that lies in the period."""
    since, until = scope.since or period.since, scope.until or period.until
    return replace(scope, since=max(since, period.since), until=min(until, period.until))


def _words(which: Behind, week: Period | None) -> str:
    way = which.direction if which.direction is not Direction.BEGUN else None
    parts = [
        {None: "", True: gettext("Fell back"), False: gettext("Did not fall back")}[which.fell_back],
        gettext("From “%(stage)s”") % {"stage": start_words(which.start)} if which.start is not None else "",
        direction_words(way) if way else "",
        gettext("Into “%(stage)s”") % {"stage": which.end.label} if which.end else "",
        _when(week) if week else "",
    ]
    return " · ".join(part for part in parts if part) or gettext("All moves")


def _when(period: Period) -> str:
    if "W" in period.name:
        return gettext("Week from %(day)s") % {"day": period_words(period)}
    return period_words(period)
