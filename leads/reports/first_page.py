"""The page about the first response: tiles, tables and charts of the clocks, each number a link to its facts."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from lifecycle.reports.first_clocks import Clock, Outcome
from lifecycle.reports.first_figures import PARTS, Figures, figures, group_of, grouped, part_of, weekday_of

from ..board.filters import POOL
from ..board.mix import grouped as in_groups
from ..lead_page.custody_words import pool
from . import first_words
from .asked import Asked
from .chart import Axis, Bars, Mark, Meaning, Series, Value, percent
from .people import names_of


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as text, with the way to the facts behind it where there are any."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """``heads``: of the name, then of each column. ``rows``: a name and its cells; ``foot``: the same of all."""

    caption: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Cell]]]
    foot: tuple[str, Sequence[Cell]] | None = None


class FirstPage:
    """Everything the template shows of some clocks. One query, for the names."""

    def __init__(self, clocks: Sequence[Clock], asked: Asked) -> None:
        self.clocks, self.asked = clocks, asked
        self.all = figures(clocks)
        self.names = names_of(c.holder for c in clocks)

    # --- tiles -------------------------------------------------------------------------------------------

    @property
    def met(self) -> Cell:
        return Cell(first_words.share(self.all.met, self.all.leads), self._facts(self.all.met, what="met"))

    @property
    def median(self) -> str:
        return first_words.length(self.all.median_seconds)

    @property
    def p90(self) -> str:
        return first_words.length(self.all.p90_seconds)

    def _count(self, n: int, **cell: Any) -> Cell:
        return Cell(in_groups(n), self._facts(n, **cell))

    @property
    def leads(self) -> Cell:
        return self._count(self.all.leads, what="owed")

    @property
    def breached(self) -> Cell:
        return self._count(self.all.breached, what="breached")

    @property
    def never(self) -> Cell:
        return self._count(self.all.leads - self.all.answered, what="owed", took="never")

    @property
    def logged_late(self) -> Cell:
        return self._count(self.all.logged_late, what="logged_late")

    @property
    def running(self) -> Cell:
        return self._count(self.all.running, what="running")

    @property
    def passed_on(self) -> Cell:
        return self._count(self.all.passed_on, what="passed_on")

    @property
    def set_aside(self) -> Cell:
        return self._count(self.all.set_aside, what="set_aside")

    # --- tables ------------------------------------------------------------------------------------------

    def spread(self) -> Table:
        """How long it took: leads of each group, and how many of them were in time."""
        met = Counter(group_of(c) for c in self.clocks if c.outcome is Outcome.MET)
        rows = []
        for group, n in enumerate(self.all.spread):
            cell = {"took": first_words.TOOK[group]}
            cells = [
                self._count(n, what="owed", **cell),
                self._count(met[group], what="met", **cell),
                self._count(n - met[group], what="breached", **cell),
            ]
            rows.append((first_words.took(group), cells))
        heads = [pgettext("column of a report", "First contact after"), *self._heads()[:3]]
        foot = (pgettext("row of a table", "All"), self._cells(self.all)[:3])
        return Table(gettext("Leads by the time to their first contact"), heads, rows, foot)

    def by_agent(self) -> Table:
        """A row for each holder, by name, the pool last."""
        found = self._by(lambda c: c.holder)
        rows = [
            (self._name(holder), self._cells(found[holder], agent=_in_address(holder)))
            for holder in sorted(found, key=self._in_order)
        ]
        return Table(
            gettext("First response by who held the lead"), [gettext("Held by"), *self._heads()], rows, self._foot()
        )

    def by_source(self) -> Table:
        """A row for each source of inquiry, the most frequent first."""
        found = self._by(lambda c: c.source)
        rows = [
            (first_words.source(code), self._cells(found[code], source=code or "none")) for code in _frequent(found)
        ]
        heads = [pgettext("column of a report", "Source"), *self._heads()]
        return Table(gettext("First response by where the lead came from"), heads, rows, self._foot())

    def crossed(self) -> Table:
        """Holders by sources: how many of how many were in time."""
        sources = _frequent(self._by(lambda c: c.source))
        found = self._by(lambda c: (c.holder, c.source))
        rows = []
        for holder in sorted({c.holder for c in self.clocks}, key=self._in_order):
            agent = _in_address(holder)
            cells = [self._met_of(found.get((holder, code)), agent=agent, source=code or "none") for code in sources]
            rows.append((self._name(holder), cells))
        heads = [gettext("Held by"), *(first_words.source(code) for code in sources)]
        return Table(gettext("In time of all, by who held the lead and where it came from"), heads, rows)

    def when(self) -> Table:
        """Days of the week by parts of the day, of the office: how many of how many were missed."""
        zone = self.asked.scope.zone
        found = self._by(lambda c: (weekday_of(c, zone), part_of(c, zone)))
        rows = [
            (first_words.weekday(day), [self._late_of(found.get((day, part)), day, part) for part in range(PARTS)])
            for day in range(7)
        ]
        heads = [pgettext("column of a report", "Day"), *(first_words.hours(part) for part in range(PARTS))]
        return Table(gettext("Too late of all, by the hour at which the clock started"), heads, rows)

    def _late_of(self, found: Figures | None, day: int, part: int) -> Cell:
        if found is None or not found.leads:
            return Cell("")
        return Cell(first_words.of_all(found.breached, found.leads), self._facts(1, what="owed", day=day, part=part))

    def _by(self, key: Callable[[Clock], Any]) -> dict[Any, Figures]:
        return grouped(self.clocks, key)

    def _met_of(self, found: Figures | None, **cell: Any) -> Cell:
        if found is None or not found.leads:
            return Cell("")
        return Cell(first_words.of_all(found.met, found.leads), self._facts(found.leads, what="owed", **cell))

    def _heads(self) -> list[str]:
        return [
            pgettext("column of a report", "Leads"),
            pgettext("column of a report", "In time"),
            pgettext("column of a report", "Too late"),
            pgettext("column of a report", "Share in time"),
            pgettext("column of a report", "Median"),
            pgettext("column of a report", "Nine in ten within"),
            pgettext("column of a report", "Logged late"),
            pgettext("column of a report", "Passed on in time"),
            pgettext("column of a report", "Still has time"),
        ]

    def _cells(self, f: Figures, **cell: Any) -> list[Cell]:
        return [
            self._count(f.leads, what="owed", **cell),
            self._count(f.met, what="met", **cell),
            self._count(f.breached, what="breached", **cell),
            Cell(first_words.share(f.met, f.leads)),
            Cell(first_words.length(f.median_seconds)),
            Cell(first_words.length(f.p90_seconds)),
            self._count(f.logged_late, what="logged_late", **cell),
            self._count(f.passed_on, what="passed_on", **cell),
            self._count(f.running, what="running", **cell),
        ]

    def _foot(self) -> tuple[str, list[Cell]]:
        return pgettext("row of a table", "All"), self._cells(self.all)

    def _facts(self, n: int, **cell: Any) -> str:
        """The way to the facts behind a number; ``""`` behind none."""
        return f"{reverse('report-first-response-facts')}{self.asked.query(**cell)}" if n else ""

    def _name(self, holder: int | None) -> str:
        return pool() if holder is None else self.names[holder]

    def _in_order(self, holder: int | None) -> tuple[bool, str, int]:
        return holder is None, self.names.get(holder or 0, "").casefold(), holder or 0

    # --- charts ------------------------------------------------------------------------------------------

    def spread_chart(self) -> Bars:
        """The groups of lengths, in time and too late on one another."""
        rows = self.spread().rows

        def part(column: int) -> list[Value]:
            return [
                Value(_number(cells[column]), more=f"{name}: {cells[column].text}", url=cells[column].url)
                for name, cells in rows
            ]

        return Bars(
            id="first-spread",
            caption=gettext("How long leads waited for their first contact"),
            names=[name for name, _ in rows],
            series=[
                Series(Outcome.MET.label, part(1), Meaning.GOOD),
                Series(Outcome.BREACHED.label, part(2), Meaning.BAD),
            ],
            axis=Axis.counts(pgettext("axis of a chart", "leads"), max(self.all.spread)),
            upright=True,
            stacked=True,
            totals=[cells[0].text for _, cells in rows],
        )

    def agents_chart(self) -> Bars:
        """The share in time of everybody with enough leads, best first; the office's as a line across."""
        found = {h: f for h, f in self._by(lambda c: c.holder).items() if f.leads >= first_words.FEW}
        order = sorted(found, key=lambda h: (-found[h].met / found[h].leads, self._in_order(h)))
        values = [
            Value(
                found[h].met / found[h].leads,
                label=percent(found[h].met / found[h].leads),
                more=first_words.of_all(found[h].met, found[h].leads),
                url=self._facts(1, what="owed", agent=_in_address(h)),
            )
            for h in order
        ]
        office = self.all.met / self.all.leads if self.all.leads >= first_words.FEW else None
        words = gettext("office: %(share)s") % {"share": percent(office)} if office is not None else ""
        return Bars(
            id="first-agents",
            caption=gettext("Share of leads contacted in time, by who held them (5 leads or more)"),
            names=[self._name(h) for h in order],
            series=[Series(gettext("Share in time"), values, Meaning.ACCENT)],
            axis=Axis.shares(pgettext("axis of a chart", "share in time")),
            mark=Mark(office, words) if office is not None else None,
        )


def _in_address(holder: int | None) -> str:
    return POOL if holder is None else str(holder)


def _frequent(found: dict[str, Figures]) -> list[str]:
    return sorted(found, key=lambda code: (-found[code].leads, code))


def _number(cell: Cell) -> float:
    return float("".join(c for c in cell.text if c.isdigit()))
