"""The figures of the page of collapses: every number as words with the address of the facts behind it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from django.utils.translation import gettext, pgettext

from lifecycle.reasons import OTHER, Group, Reason
from lifecycle.reports.calendar import Period
from lifecycle.reports.collapses import Entries, Tally, entries_of, quarters_of, rate_of, tallies
from lifecycle.reports.credit import Part, Person, fine, in_words, settled
from lifecycle.reports.fallen import Fallen, fallen
from lifecycle.reports.fallen import reasons as reasons_of
from lifecycle.reports.scope import Credit

from .. import moments
from ..board.mix import grouped
from ..lead_page.desk import Desk
from .asked import Asked
from .collapses_cell import COLLAPSED, VOIDED, Cell, address_of, earlier, group_of, label_of, quarter_label

KINDS = (COLLAPSED, VOIDED)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in words; ``query``: the address of its facts, ``""`` where there are none. ``size``: for a drawing."""

    text: str
    query: str = ""
    size: float = 0


@dataclass(frozen=True, slots=True)
class Counts:
    """What is said of one kind in one row."""

    entries: Number
    count: Number
    rate: Number
    quick: Number
    stay: Number
    recovered: Number


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table by person or quarter: its name, and what is said of each kind, before contract first."""

    name: str
    kinds: list[Counts]


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """A group of reasons or, below it, a reason. ``numbers``: by kind the count and the count of the window before."""

    name: str
    numbers: list[Number]
    is_group: bool = False


@dataclass(frozen=True)
class Figures:
    """What was counted, once for the whole page."""

    asked: Asked
    book: Mapping[str, Reason]
    minutes: int
    periods: list[Period]
    found: list[Fallen]
    entries: Entries
    #: By kind and reason how many fell back in the window before; None: there is no such window.
    before: Mapping[tuple[str, str], Part] | None

    @property
    def is_empty(self) -> bool:
        return not (self.found or self.entries or self.before)

    def number(self, part: Part, cell: Cell) -> Number:
        """A count with the address of its facts."""
        return Number(count_words(part), self.query(cell) if part else "", float(part))

    def query(self, cell: Cell) -> str:
        said = {name: getattr(cell, name) for name in Cell.__slots__}
        return self.asked.query(**{n: ("1" if v else "") if isinstance(v, bool) else v for n, v in said.items()})

    def by_kind(self) -> dict[str, Tally]:
        made = tallies(self.found, self.entries, self.periods, lambda place: place.kind)
        return {kind: made.get(kind, Tally()) for kind in KINDS}

    def counts(self, tally: Tally, cell: Cell) -> Counts:
        count = self.number(tally.count, cell)
        return Counts(
            entries=self.number(tally.entries, replace(cell, entries=True)),
            count=count,
            rate=Number(rate_words(tally.count, tally.entries), count.query),
            quick=self.number(tally.quick, replace(cell, quick=True)),
            stay=Number(stay_words(tally), count.query),
            recovered=self.number(tally.recovered, replace(cell, recovered=True)),
        )


def read_figures(asked: Asked, desk: Desk) -> Figures:
    """Everything that the page counts; as many statements whatever is in the log."""
    scope, minutes = asked.scope, desk.office.quick_return_minutes
    periods = quarters_of(scope)
    before = earlier(asked)
    # Before anything was ever signed there is nothing to compare with.
    before = before if before and quarters_of(before) else None
    return Figures(
        asked=asked,
        book=desk.reasons,
        minutes=minutes,
        periods=periods,
        found=fallen(scope, minutes) if periods else [],
        entries=entries_of(scope, periods),
        before=reasons_of(before, minutes) if before else None,
    )


def people(figures: Figures) -> list[Line]:
    """A row for each person with any figure, by name; the pool, or Scribe, last."""
    made = tallies(figures.found, figures.entries, figures.periods, lambda place: (place.person, place.kind))
    persons = {person for person, _ in made}
    names = names_on_page(figures.asked)

    def order(person: Person) -> tuple[bool, str, int]:
        return person is None, names[address_of(person)].casefold(), person or 0

    return [
        Line(
            names[address_of(person)],
            [
                figures.counts(made.get((person, kind), Tally()), Cell(kind=kind, who=address_of(person)))
                for kind in KINDS
            ],
        )
        for person in sorted(persons, key=order)
    ]


def quarters(figures: Figures) -> list[Line]:
    """A row for each quarter of the window, those without a deal too."""
    made = tallies(figures.found, figures.entries, figures.periods, lambda place: (place.quarter, place.kind))
    return [
        Line(
            quarter_label(period.name),
            [
                figures.counts(made.get((period.name, kind), Tally()), Cell(kind=kind, quarter=period.name))
                for kind in KINDS
            ],
        )
        for period in figures.periods
    ]


def total(figures: Figures) -> Line:
    """The row under both."""
    return Line(
        pgettext("row of a table", "Together"),
        [figures.counts(tally, Cell(kind=kind)) for kind, tally in figures.by_kind().items()],
    )


def reasons(figures: Figures) -> list[ReasonLine]:
    """Groups in their order, each with its reasons by label; only what occurs, in this window or in the one before."""
    made = tallies(figures.found, {}, figures.periods, lambda place: (place.kind, place.reason))
    now = {place: tally.count for place, tally in made.items()}
    codes = {code for _, code in (*now, *(figures.before or ()))}
    lines = []
    for group in Group:
        inside = sorted(
            (c for c in codes if group_of(c, figures.book) is group),
            key=lambda c: (c == OTHER, label_of(c, figures.book)),
        )
        if inside:
            lines.append(ReasonLine(group.label, _numbers(figures, now, inside, Cell(group=group.value)), True))
            for code in inside:
                numbers = _numbers(figures, now, [code], Cell(reason=code))
                lines.append(ReasonLine(label_of(code, figures.book), numbers))
    return lines


_ByReason = Mapping[tuple[str, str], Part]


def _numbers(figures: Figures, now: _ByReason, codes: list[str], cell: Cell) -> list[Number]:
    found = []
    for kind in KINDS:
        of_kind = replace(cell, kind=kind)
        found.append(figures.number(sum_of(now, kind, codes), of_kind))
        if figures.before is not None:
            found.append(figures.number(sum_of(figures.before, kind, codes), replace(of_kind, earlier=True)))
    return found


def sum_of(made: _ByReason, kind: str, codes: Collection[str] | None = None) -> Part:
    """How many of a kind, of these reasons or of all."""
    return settled(sum(fine(n) for (k, code), n in made.items() if k == kind and (codes is None or code in codes)))


def names_on_page(asked: Asked) -> dict[str, str]:
    """What people are called, by their place in an address; a fact that nobody recorded is Scribe's."""
    names = dict(asked.agents)
    if asked.scope.credit is Credit.ACTOR:
        names[address_of(None)] = pgettext("the system, in a list of people", "Scribe")
    return names


# --- words --------------------------------------------------------------------------------------------------


def count_words(part: Part) -> str:
    """A count as people read it."""
    return grouped(int(part)) if part == int(part) else in_words(part)


def rate_words(count: Part, entries: Part) -> str:
    """``22%``; below five entries, where a percentage says nothing, ``1 of 3``; ``""`` where nothing was entered."""
    rate = rate_of(count, entries)
    if rate is not None:
        return percent(rate)
    if not entries:
        return ""
    said = {"count": count_words(count), "entries": count_words(entries)}
    if count > entries:
        return pgettext("more fell back than were signed in that time", "%(count)s to %(entries)s") % said
    return gettext("%(count)s of %(entries)s") % said


def percent(share: Fraction) -> str:
    """Rounded half up to whole percents."""
    return gettext("%(n)d%%") % {"n": int(share * 100 + Fraction(1, 2))}


def stay_words(tally: Tally) -> str:
    """The median time in the stage before; ``""`` where none is known."""
    median = tally.median_stay
    return "" if median is None else moments.span(median.total_seconds())
