"""Why deals fell back, quarter by quarter: groups of reasons beside one another, before contract and from contract."""

from dataclasses import dataclass

from lifecycle.reasons import Group
from lifecycle.reports.collapses import Tally, tallies

from .collapses_cell import Cell, group_of, quarter_label
from .collapses_figures import KINDS, Figures, Number


@dataclass(frozen=True, slots=True)
class QuarterLine:
    """One quarter: a number for each group of the table, and all of them together."""

    quarter: str
    numbers: list[Number]
    total: Number


@dataclass(frozen=True, slots=True)
class GroupTable:
    """``groups``: those that occur, in their order. ``kinds``: by kind a line for each quarter of the window."""

    groups: list[Group]
    kinds: dict[str, list[QuarterLine]]


def group_table(figures: Figures) -> GroupTable:
    """All quarters of the window, also those in which nothing fell back."""
    made = tallies(
        figures.found,
        {},
        figures.periods,
        lambda place: (place.kind, place.quarter, group_of(place.reason, figures.book)),
    )
    groups = [group for group in Group if any(g is group for _, _, g in made)]

    def line(kind: str, quarter: str) -> QuarterLine:
        cell = Cell(kind=kind, quarter=quarter)
        tally = [made.get((kind, quarter, group), Tally()) for group in groups]
        return QuarterLine(
            quarter_label(quarter),
            [
                figures.number(t.count, Cell(kind=kind, quarter=quarter, group=group.value))
                for group, t in zip(groups, tally, strict=True)
            ],
            figures.number(sum((t.count for t in tally), start=0), cell),
        )

    return GroupTable(groups, {kind: [line(kind, p.name) for p in figures.periods] for kind in KINDS})
