"""What moved week by week: what the page shows, and its file."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.reports.calendar import Period
from lifecycle.reports.flow import Flow, read_flow
from lifecycle.reports.pipeline import EXITS, Direction
from lifecycle.reports.scope import Scope
from lifecycle.states import State

from .. import moments
from ..board.mix import grouped
from .asked import Asked
from .funnel import Number, quarter_name
from .windows import Days

COLUMNS = ("week", "stage", "entries", *(way.value for way in EXITS))
NUMBERS = frozenset(COLUMNS[2:])

WEEKS = 12


def rows(scope: Scope) -> Generator[tuple[str, ...]]:
    """Of every week of the window the eight stages in board order, also where nothing moved."""
    flow = read_flow(scope)
    entries, exits = flow.entries(), flow.exits()
    for week in flow.weeks:
        for stage in State:
            out = [str(exits[(week.name, stage.value, way)]) for way in EXITS]
            yield week.name, stage.value, str(entries[(week.name, stage.value)]), *out


def last_12_weeks(end: datetime, zone: tzinfo) -> Days:
    """The week in which the figures end and the eleven before it, Monday to Sunday."""
    today = end.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=WEEKS - 1), monday + timedelta(days=6)


def period_words(period: Period, today: date = date.min) -> str:
    """``2 Mar 2026`` for the week that begins then, without the year when it is today's; ``Mar 2026``, ``Q1 2026``."""
    if "W" in period.name:
        return moments.calendar_day(period.first, today)
    if "Q" in period.name:
        return quarter_name(period)
    return moments.calendar_day(period.first, date.min).partition(" ")[2]


def direction_words(way: Direction) -> str:
    """The head of a column, and what its facts are called."""
    return {
        Direction.FORWARD: pgettext("moves out of a stage", "On to a later stage"),
        Direction.BACK: pgettext("moves out of a stage", "Back to an earlier stage"),
        Direction.ASIDE: pgettext("moves out of a stage", "Set aside"),
        Direction.RETURNED: pgettext("moves out of a stage", "Back to work"),
    }.get(way, "")


# --- the page -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WeekRow:
    """``going_on``: the week is not over. ``numbers``: entries of each stage, then what fell back."""

    label: str
    going_on: bool
    numbers: list[Number]


@dataclass(frozen=True, slots=True)
class StageRow:
    """The moves into a stage and out of it, as `EXITS` names the ways; in the window, or in one week."""

    label: str
    url: str
    entries: Number
    exits: list[Number]
    going_on: bool = False


@dataclass(frozen=True, slots=True)
class Matrix:
    """From where (rows) to where (columns) how often; ``numbers`` by (from, to) as `Flow.transitions` names them."""

    heads: list[str]
    rows: list[tuple[str, list[Number]]]
    numbers: dict[tuple[str, str], Number]


@dataclass(frozen=True, slots=True)
class FlowPage:
    """``stage``: the one that is looked at week by week, with its ``weeks``; None: all of them side by side."""

    flow: Flow
    weeks: list[WeekRow]
    stages: list[StageRow]
    matrix: Matrix
    stage: State | None
    of_stage: list[StageRow]
    untold: int

    @property
    def empty(self) -> bool:
        return not self.flow.moves

    @property
    def unit(self) -> str:
        """What a row of the first table is."""
        name = self.flow.weeks[0].name if self.flow.weeks else "W"
        if "W" in name:
            return pgettext("head of a table", "Week from")
        return pgettext("head of a table", "Quarter") if "Q" in name else pgettext("head of a table", "Month")


def read_page(asked: Asked, base: str) -> FlowPage:
    """In: the address of the list of facts. The stage that is looked at is `asked.extra["stage"]`."""
    flow = read_flow(asked.scope)
    stage = read_stage(asked)
    return FlowPage(
        flow=flow,
        weeks=_weeks(flow, asked, base),
        stages=[_stage_row(flow, None, s, s.label, asked, base) for s in State],
        matrix=_matrix(flow, asked, base),
        stage=stage,
        of_stage=[_stage_row(flow, w, stage, period_words(w, _today(asked)), asked, base) for w in flow.weeks]
        if stage
        else [],
        untold=sum(m.count for m in flow.moves if m.direction is Direction.UNTOLD),
    )


def read_stage(asked: Asked) -> State | None:
    """The stage that is looked at; a word that is none is refused."""
    text = asked.extra["stage"]
    if text and text not in set(State):
        asked.refusals.append(gettext("“%(text)s” is no stage.") % {"text": text})
        return None
    return State(text) if text else None


def _today(asked: Asked) -> date:
    """The day on which the figures end, by the office's calendar."""
    return asked.scope.end.astimezone(asked.scope.zone).date()


def _weeks(flow: Flow, asked: Asked, base: str) -> list[WeekRow]:
    entries, back = flow.entries(), flow.fell_back()
    found = []
    for week in flow.weeks:
        numbers = [
            Number(entries[(week.name, s.value)], base + asked.query(week=week.name, into=s, stage="")) for s in State
        ]
        fell = sum(n for (name, _), n in back.items() if name == week.name)
        numbers.append(Number(fell, base + asked.query(week=week.name, fell=1, stage="")))
        found.append(WeekRow(period_words(week, _today(asked)), week.until > asked.scope.end, numbers))
    return found


def _stage_row(flow: Flow, week: Period | None, stage: State, label: str, asked: Asked, base: str) -> StageRow:
    """One stage in one week; week None: in the whole window."""
    name = week.name if week else ""
    entries = sum(n for (w, s), n in flow.entries().items() if s == stage and name in ("", w))
    exits = flow.exits()
    out = [
        Number(
            sum(n for (w, s, d), n in exits.items() if s == stage and d is way and name in ("", w)),
            base + asked.query(week=name, out_of=stage, way=way, stage=""),
        )
        for way in EXITS
    ]
    into = Number(entries, base + asked.query(week=name, into=stage, stage=""))
    going_on = week is not None and week.until > asked.scope.end
    return StageRow(label, asked.query(stage=stage), into, out, going_on)


def _matrix(flow: Flow, asked: Asked, base: str) -> Matrix:
    told = flow.transitions()
    starts = [s for s in ("", "?", *State) if any(a == s for a, _ in told)]
    ends = [s for s in State if any(b == s for _, b in told)]
    numbers = {
        (a, str(b)): Number(told[(a, b)], base + asked.query(out_of=a or "begun", into=b, stage=""))
        for a in starts
        for b in ends
    }
    return Matrix(
        heads=[s.label for s in ends],
        rows=[(start_words(a), [numbers[(a, str(b))] for b in ends]) for a in starts],
        numbers=numbers,
    )


def start_words(start: str) -> str:
    """Where a move came from; ``""``: the lead began, ``"?"``: nobody recorded it."""
    if start in set(State):
        return State(start).label
    return gettext("Not recorded") if start else gettext("Came in")


def says(asked: Asked) -> list[str]:
    """What exactly is counted."""
    told = [
        gettext("Every move of a lead in the period, in the week in which it happened; weeks begin on Monday."),
        gettext("A lead that comes into a stage again is counted again."),
        gettext("Moves that were undone never happened."),
        gettext("“Fell back” counts deals and contracts that fell through; undoing a step is none."),
        gettext("A move counts for whoever held the lead just before it; a new lead for whoever got it at once."),
        gettext("More than two years are counted by the month, and more than ten by the quarter."),
    ]
    if asked.kept["voided"]:
        told[2] = gettext("Moves that were undone are counted too.")
    return told


def untold_words(n: int) -> str:
    """A sentence about moves without a stage before; ``""`` where there are none."""
    words = ngettext(
        "Of %(n)s move another system did not say from which stage it came; it is missing among the moves out.",
        "Of %(n)s moves another system did not say from which stage they came; they are missing among the moves out.",
        n,
    )
    return words % {"n": grouped(n)} if n else ""
