"""What is counted of two windows: deals signed and fallen back, first contacts; for a broker also the team's."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial

from django.utils.translation import gettext, pgettext

from lifecycle.reports.collapses import FEW, entries_of, quarters_of
from lifecycle.reports.credit import Part
from lifecycle.reports.fallen import Fallen, fallen
from lifecycle.reports.first_figures import Figures, figures
from lifecycle.reports.first_response import first_response
from lifecycle.reports.scope import Scope, Whose

from ...board.mix import grouped
from .. import first_words
from ..catalog import FIRST_RESPONSE
from ..collapses_cell import COLLAPSED, VOIDED
from ..collapses_figures import rate_words
from .asking import Asking


@dataclass(frozen=True, slots=True)
class Side:
    """What is counted of a person, or of the team: collapses, entries by the kind that they are measured against.

    ``first`` None: not counted, because the clocks of a whole office take longer than all the rest.
    """

    fell: list[Fallen]
    entries: dict[str, int]
    first: Figures | None

    def count(self, kind: str) -> int:
        """How many of one kind fell back."""
        return sum(one.kind == kind for one in self.fell)


@dataclass(frozen=True, slots=True)
class Counted:
    """``before`` None: there is no window before. ``team``: everybody else of this window, None for an agent's eyes."""

    now: Side
    before: Side | None
    team: Side | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in words, a smaller line below it, and the way to its facts."""

    text: str
    more: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table of figures; ``team`` None where the team is nobody's business."""

    name: str
    cells: list[Cell | None]
    team: Cell | None


def read_counted(asking: Asking) -> Counted:
    """Both windows and the team. Eight statements at most, whatever is in the log."""
    minutes = asking.desk.office.quick_return_minutes
    now, team = _sides(asking.scope, minutes, with_team=asking.by_broker)
    before = _sides(asking.scope_before, minutes)[0] if asking.scope_before else None
    return Counted(now, before, team)


def _sides(scope: Scope, minutes: int, *, with_team: bool = False) -> tuple[Side, Side | None]:
    """The person's side, and that of everybody else who held leads: the pool is nobody."""
    person = scope.whose
    asked = replace(scope, whose=Whose.EVERYBODY) if with_team else scope
    periods = quarters_of(asked)
    fell = fallen(asked, minutes) if periods else []
    entries = entries_of(asked, periods)
    mine = Side(
        [f for f in fell if f.credit[0][0] == person],
        _by_kind((p.kind, n) for p, n in entries.items() if p.person == person),
        figures(first_response(scope).clocks),
    )
    if not with_team:
        return mine, None
    nobody = (None, person)
    team = Side(
        [f for f in fell if f.credit[0][0] not in nobody],
        _by_kind((p.kind, n) for p, n in entries.items() if p.person not in nobody),
        None,
    )
    return mine, team


def _by_kind(entries: Iterable[tuple[str, Part]]) -> dict[str, int]:
    found = dict.fromkeys((COLLAPSED, VOIDED), 0)
    for kind, count in entries:
        found[kind] += int(count)
    return found


# --- as a table ---------------------------------------------------------------------------------------------

#: From what a number counts to the address of its facts.
_Link = Callable[..., str]


def lines(counted: Counted, asking: Asking) -> list[Line]:
    """The rows of the table: this window, the one before, the team's."""
    columns = [_column(counted.now, asking.link)]
    if counted.before is not None:
        columns.append(_column(counted.before, partial(asking.link, days=asking.before)))
    team = _column(counted.team, _no_link) if counted.team else None
    if team is not None:
        compare = Cell(pgettext("way to the report with everybody", "see report"), url=asking.everybody(FIRST_RESPONSE))
        team = [(name, cell or compare) for name, cell in team]
    return [
        Line(name, [column[n][1] for column in columns], team[n][1] if team else None)
        for n, (name, _) in enumerate(columns[0])
    ]


def _no_link(*_: object, **__: object) -> str:
    """Of everybody but one there is no list of facts."""
    return ""


def _column(side: Side, link: _Link) -> list[tuple[str, Cell | None]]:
    """The cells of one side from top to bottom, each with the name of its row."""
    fell = partial(link, "report-collapses-facts")
    first = partial(link, "report-first-response-facts")
    return [
        (pgettext("row of a table", "Agreements signed"), _signed(side, COLLAPSED, fell)),
        (pgettext("row of a table", "Fell back before contract"), _fell(side, COLLAPSED, fell)),
        (pgettext("row of a table", "Contracts executed"), _signed(side, VOIDED, fell)),
        (pgettext("row of a table", "Fell back from contract"), _fell(side, VOIDED, fell)),
        (pgettext("row of a table", "First contacts in time"), _in_time(side.first, first)),
        (pgettext("row of a table", "Median to the first contact"), _median(side.first, first)),
    ]


def _signed(side: Side, kind: str, link: _Link) -> Cell:
    count = side.entries[kind]
    return Cell(grouped(count), url=link(kind=kind, entries=1) if count else "")


def _fell(side: Side, kind: str, link: _Link) -> Cell:
    """``2``, below it the rate: ``22% of 9``."""
    count = side.count(kind)
    return Cell(grouped(count), _rate(count, side.entries[kind]), link(kind=kind)) if count else Cell(grouped(0))


def _rate(count: int, entries: int) -> str:
    """``22% of 9``; ``1 of 3`` where there are few, ``""`` where nothing was entered."""
    rate = rate_words(count, entries)
    if entries < FEW:
        return rate
    return pgettext("a share of so many", "%(rate)s of %(entries)s") % {"rate": rate, "entries": grouped(entries)}


def _in_time(first: Figures | None, link: _Link) -> Cell | None:
    if first is None:
        return None
    if not first.leads:
        return Cell(_NONE)
    of = gettext("of %(n)s") % {"n": grouped(first.leads)} if first.leads >= first_words.FEW else ""
    return Cell(first_words.share(first.met, first.leads), of, link(what="owed"))


def _median(first: Figures | None, link: _Link) -> Cell | None:
    if first is None:
        return None
    return Cell(first_words.length(first.median_seconds), url=link(what="owed") if first.answered else "")


_NONE = "–"
