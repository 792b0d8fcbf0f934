"""The figures of the dashboard as its page shows them: tables whose numbers are links, and a chart over each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext, pgettext

from lifecycle.events import Kind
from lifecycle.reasons import Group
from lifecycle.reports.first_figures import Figures
from lifecycle.states import WORKING, Provenance, State

from .. import moments
from ..board.mix import grouped
from ..ways import WAYS
from .asked import Asked
from .chart import Axis, Bars, Chart, Lines, Meaning, Series, Value
from .glance import FellBack, Glance
from .glance_links import Links
from .glance_words import share

#: Every way has its meaning, and so its colour and pattern, as on the board.
_MEANINGS = {
    Provenance.FRESH: Meaning.FRESH,
    Provenance.FELL_BACK_COMMITTED: Meaning.BACK,
    Provenance.FELL_BACK_CONTRACT: Meaning.VOIDED,
    Provenance.RE_ENGAGED: Meaning.AGAIN,
    Provenance.IMPORTED: Meaning.PLAIN,
}
_KINDS = (Kind.DEAL_COLLAPSED.value, Kind.CONTRACT_VOIDED.value)


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and the way to what it counts; ``look`` where it is a warning."""

    words: str
    url: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    cells: list[Cell]
    url: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """A big number with its words; ``more`` compares it."""

    number: str
    words: str
    url: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of the page: ``heads`` over the columns, ``rows``, ``foot``: their sum."""

    chart: Chart | None
    heads: list[str]
    rows: list[Row]
    foot: Row | None = None


# --- the shape of the board -------------------------------------------------------------------------------------


def shape_panel(glance: Glance, links: Links) -> Panel:
    """Every stage; the working ones drawn, for the others would leave no room."""
    rows = []
    for state, stage in glance.stages.items():
        stale = Cell("–" if stage.stale_days is None else grouped(stage.stale))
        if stage.stale:
            stale = Cell(grouped(stage.stale), links.board(state, stale="true"), "warn")
        cells = [
            Cell(grouped(stage.leads), links.board(state)),
            Cell(_span(stage.median)),
            Cell(_span(stage.oldest)),
            stale,
            Cell("–" if stage.stale_days is None else share(stage.stale, stage.leads)),
        ]
        rows.append(Row(state.label, cells))
    heads = [
        pgettext("column of a table", "Leads"),
        gettext("Half have been here for less than"),
        gettext("Oldest"),
        pgettext("column of a table", "Stale"),
        gettext("Share"),
    ]
    return Panel(_shape_chart(glance, links), heads, rows)


def _shape_chart(glance: Glance, links: Links) -> Chart:
    stages = [glance.stages[state] for state in WORKING]
    top = max((stage.leads for stage in stages), default=0)
    moving = [Value(s.leads - s.stale, grouped(s.leads - s.stale), url=links.board(s.state)) for s in stages]
    stale = [
        Value(s.stale, grouped(s.stale) if s.stale else "", url=links.board(s.state, stale="true")) for s in stages
    ]
    return Bars(
        id="shape",
        caption=gettext("Leads in each stage that is worked"),
        names=[stage.state.label for stage in stages],
        series=[
            Series(gettext("within the office's days"), moving, Meaning.ACCENT),
            Series(pgettext("part of a stage", "stale"), stale, Meaning.WARN),
        ],
        axis=Axis.counts(pgettext("axis", "leads"), top),
        stacked=True,
        totals=[grouped(stage.leads) for stage in stages],
    )


def _span(length: timedelta | None) -> str:
    return "–" if length is None else moments.span(length.total_seconds())


# --- Qualified, and how its leads came there ---------------------------------------------------------------------


def qualified_panel(glance: Glance, asked: Asked, links: Links) -> Panel:
    """Now and at the end of each of the last weeks, newest first; the ways that occur, each a column."""
    end = asked.scope.end
    today = end.astimezone(asked.scope.zone).date()
    now = glance.stages[State.QUALIFIED].ways
    ways = [way for way in Provenance if now.get(way) or any(week.get(way) for week in glance.trend)]
    cells = [Cell(grouped(now.get(way, 0)), links.board(State.QUALIFIED, provenance=way.value)) for way in ways]
    total = Cell(grouped(sum(now.values())), links.board(State.QUALIFIED))
    label = (
        pgettext("a row of a table", "Now") if asked.scope.known_at is None else pgettext("a row of a table", "Then")
    )
    rows = [Row(label, [*cells, total])]
    names = [moments.calendar_day(week.first + timedelta(days=6), today) for week in glance.weeks]
    for name, week, counts in reversed(list(zip(names, glance.weeks, glance.trend, strict=True))):
        at = week.until - timedelta(microseconds=1)
        cells = [Cell(grouped(counts.get(way, 0)), links.board_at(at, way.value)) for way in ways]
        rows.append(Row(name, [*cells, Cell(grouped(sum(counts.values())), links.board_at(at))]))
    heads = [*(way.label for way in ways), pgettext("column of a table", "All")]
    points = [*glance.trend, now]
    return Panel(_qualified_chart(points, [*names, label], ways), heads, rows)


def _qualified_chart(points: Sequence[dict[str, int]], names: list[str], ways: list[Provenance]) -> Chart | None:
    if not ways:
        return None
    series = [
        Series(way.label, [Value(p.get(way, 0), grouped(p.get(way, 0))) for p in points], _MEANINGS[way])
        for way in ways
    ]
    return Lines(
        id="qualified",
        caption=gettext("How the leads in Qualified came there, at the end of each week"),
        names=names,
        series=series,
        axis=Axis.counts(pgettext("axis", "leads"), max(sum(p.values()) for p in points)),
        filled=True,
    )


def ways_of(glance: Glance, links: Links) -> list[Row]:
    """How those who stand in Qualified came there: number, share and icon of each way."""
    now = glance.stages[State.QUALIFIED].ways
    whole = sum(now.values())
    return [
        Row(
            way.label,
            [
                Cell(grouped(now[way]), links.board(State.QUALIFIED, provenance=way.value)),
                Cell(share(now[way], whole)),
            ],
            icon=WAYS[way].icon,
        )
        for way in Provenance
        if now.get(way)
    ]


# --- what fell back -----------------------------------------------------------------------------------------------


def fell_panel(glance: Glance, links: Links) -> Panel:
    """By group of reasons: this quarter so far before and from contract, together, and the same days of the last."""
    this, same, last, _ = glance.fell
    groups = [g for g in Group if any(fell.by[kind, g] for kind in _KINDS for fell in (this, same, last))]
    groups.sort(key=lambda g: -sum(this.by[kind, g] for kind in _KINDS))
    rows = [Row(g.label, _fell_cells(links, this, same, last, g)) for g in groups]
    heads = [
        gettext("Before contract"),
        gettext("From contract"),
        gettext("This quarter so far"),
        gettext("Same days last quarter"),
        gettext("All of last quarter"),
    ]
    foot = Row(pgettext("a row of a table", "Together"), _fell_cells(links, this, same, last)) if rows else None
    return Panel(_fell_chart(groups, this), heads, rows, foot)


def _fell_cells(links: Links, this: FellBack, same: FellBack, last: FellBack, group: Group | None = None) -> list[Cell]:
    def cell(fell: FellBack, kinds: Sequence[str]) -> Cell:
        count = sum(n for (kind, g), n in fell.by.items() if kind in kinds and group in (None, g))
        more = {"group": group.value} if group else {}
        more |= {"kind": kinds[0]} if len(kinds) == 1 else {}
        return Cell(grouped(count), links.report("report-collapses-facts", fell.days, **more) if count else "")

    return [*(cell(this, [kind]) for kind in _KINDS), *(cell(fell, _KINDS) for fell in (this, same, last))]


def _fell_chart(groups: list[Group], this: FellBack) -> Chart | None:
    groups = [g for g in groups if any(this.by[kind, g] for kind in _KINDS)]
    if not groups:
        return None

    def values(fell: FellBack, kind: str) -> list[Value]:
        return [Value(n, grouped(n) if n else "") for n in (fell.by[kind, g] for g in groups)]

    tops = [sum(this.by[kind, g] for kind in _KINDS) for g in groups]
    return Bars(
        id="fell",
        caption=gettext("What fell back this quarter so far, by group of reasons"),
        names=[g.label for g in groups],
        series=[
            Series(gettext("before contract"), values(this, _KINDS[0]), Meaning.BACK),
            Series(gettext("from contract"), values(this, _KINDS[1]), Meaning.VOIDED),
        ],
        axis=Axis.counts(pgettext("axis", "deals"), max(tops)),
        stacked=True,
        totals=[grouped(top) for top in tops],
    )


# --- first response and re-engagement -----------------------------------------------------------------------------


def answer_tiles(glance: Glance, links: Links) -> list[Tile]:
    """In time and the median, each against the four weeks before."""
    now, before = glance.answers
    days, _ = glance.answer_days
    met = links.report("report-first-response-facts", days, what="met")
    page = links.report("report-first-response", days)
    return [
        Tile(
            share(now.met, now.leads) or "–",
            gettext("of %(n)s first contacts in time") % {"n": grouped(now.leads)},
            met,
            _before(share(before.met, before.leads)),
        ),
        Tile(_clock(now) or "–", gettext("half of the answers came within"), page, _before(_clock(before))),
    ]


def _clock(figures: Figures) -> str:
    return "" if figures.median_seconds is None else moments.clock(figures.median_seconds)


def _before(words: str) -> str:
    if not words:
        return gettext("Nothing to compare in the four weeks before")
    return gettext("%(before)s in the four weeks before") % {"before": words}


def again_tiles(glance: Glance, links: Links) -> list[Tile]:
    """Leads that were re-engaged, and what became of them."""
    made = glance.again
    tiles = [Tile(grouped(made.leads), gettext("re-engaged in twelve months"), links.leads("leads"))]
    for count, words, of in (
        (made.again, gettext("qualified again"), "again"),
        (made.signed, pgettext("leads", "signed"), "signed"),
        (made.closed, pgettext("leads", "closed"), "closed"),
    ):
        more = share(count, made.leads)
        if of == "again" and made.median is not None:
            more = gettext("%(share)s, half of them within %(span)s") % {"share": more, "span": _span(made.median)}
        tiles.append(Tile(grouped(count), words, links.leads(of) if count else "", more))
    return tiles


def since_words(since: datetime, asked: Asked) -> str:
    """The first day of the twelve months, with its year."""
    return moments.calendar_day(since.astimezone(asked.scope.zone).date(), date.min)
