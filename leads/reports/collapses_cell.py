"""One number of the report of collapses, as an address names it: which facts it is made of, and what it is in words."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.events import Kind
from lifecycle.reasons import Group, Reason
from lifecycle.reports.calendar import Period, midnight
from lifecycle.reports.collapses import quarter_name
from lifecycle.reports.credit import Parts, Person
from lifecycle.reports.fallen import STAGES, Entered, Fallen
from lifecycle.reports.scope import Scope

from ..board.filters import POOL
from ..lead_page.desk import Desk
from .asked import Asked

COLLAPSED, VOIDED = Kind.DEAL_COLLAPSED.value, Kind.CONTRACT_VOIDED.value
#: The parts of an address that say which number. ``entries``: what was signed instead of what fell back; ``earlier``:
#: in the window before.
NAMES = ("kind", "reason", "group", "who", "quarter", "entries", "quick", "recovered", "earlier")
_FORMS = {"reason": re.compile(r"[-\w]+", re.ASCII), "quarter": re.compile(r"\d{4}Q[1-4]", re.ASCII)}
_SWITCHES = ("entries", "quick", "recovered", "earlier")


@dataclass(frozen=True, slots=True)
class Cell:
    """What a number counts. ``who`` as in the address, ``""``: whoever; the same for the other texts."""

    kind: str = ""
    reason: str = ""
    group: str = ""
    who: str = ""
    quarter: str = ""
    entries: bool = False
    quick: bool = False
    recovered: bool = False
    earlier: bool = False

    def falls(self, found: Iterable[Fallen], periods: list[Period], book: Mapping[str, Reason]) -> list[Fallen]:
        """Those of these collapses that it counts."""
        return [f for f in found if self._fits(f, book) and self._belongs(f.kind, f.at, f.credit, periods)]

    def entered(self, found: Iterable[Entered], periods: list[Period]) -> list[Entered]:
        """Those of these entries that it counts."""
        return [e for e in found if self._belongs(e.kind, e.at, e.credit, periods)]

    def _fits(self, fell: Fallen, book: Mapping[str, Reason]) -> bool:
        return (
            self.reason in ("", fell.reason)
            and self.group in ("", group_of(fell.reason, book).value)
            and (fell.quick or not self.quick)
            and (fell.recovered or not self.recovered)
        )

    def _belongs(self, kind: str, at: datetime, credit: Parts, periods: list[Period]) -> bool:
        return (
            self.kind in ("", kind)
            and self.quarter in ("", quarter_name(periods, at) if self.quarter else "")
            and (not self.who or any(address_of(person) == self.who for person, _ in credit))
        )


def read_cell(asked: Asked, desk: Desk) -> Cell:
    """Which number the address names; what means nothing is added to the refusals."""
    possible: dict[str, Collection[str]] = {
        "kind": STAGES,
        "group": [group.value for group in Group],
        "who": dict(asked.agents) if desk.viewer.is_broker else [str(desk.viewer.pk)],
        **dict.fromkeys(_SWITCHES, ("1",)),
    }
    for name in NAMES:
        text = asked.extra[name]
        if text and not (_FORMS[name].fullmatch(text) if name in _FORMS else text in possible[name]):
            said = {"text": text, "name": name}
            asked.refusals.append(gettext("“%(text)s” is no possible value of “%(name)s”.") % said)
    if asked.refusals:
        return Cell()
    return Cell(**{n: bool(asked.extra[n]) if n in _SWITCHES else asked.extra[n] for n in NAMES})  # type: ignore[arg-type]


def earlier(asked: Asked) -> Scope | None:
    """The same question about the window before, of as many days; None where the window is open."""
    first, last = asked.days
    if first is None or last is None:
        return None
    zone = asked.scope.zone
    try:
        before = first - (last - first) - timedelta(days=1)
        return replace(asked.scope, since=midnight(before, zone), until=midnight(first, zone))
    except OverflowError:
        return None


def group_of(reason: str, book: Mapping[str, Reason]) -> Group:
    """The group of a code; of one that the office does not know, ``other``."""
    return book[reason].group if reason in book else Group.OTHER


def label_of(reason: str, book: Mapping[str, Reason]) -> str:
    """A reason as the office calls it today."""
    return book[reason].label if reason in book else reason.replace("_", " ").capitalize()


def address_of(person: Person) -> str:
    """Who, in an address."""
    return POOL if person is None else str(person)


def quarter_label(name: str) -> str:
    """``2026Q1`` as people write it: ``Q1 2026``."""
    return pgettext("quarter of a year", "Q%(quarter)s %(year)s") % {"quarter": name[5:], "year": name[:4]}


def in_words(cell: Cell, names: Mapping[str, str], book: Mapping[str, Reason], minutes: int) -> str:
    """What the number counts, to stand over its facts. In: people by their place in the address."""
    parts = [_what(cell)]
    if cell.group and not cell.reason:
        parts.append(Group(cell.group).label)
    if cell.reason:
        parts.append(label_of(cell.reason, book))
    if cell.quick:
        within = ngettext("back within %(n)d minute", "back within %(n)d minutes", minutes)
        parts.append(within % {"n": minutes})
    if cell.recovered:
        parts.append(gettext("recovered later"))
    if cell.who and cell.who in names:
        parts.append(names[cell.who])
    if cell.quarter:
        parts.append(quarter_label(cell.quarter))
    if cell.earlier:
        parts.append(gettext("in the period before"))
    return " · ".join(parts)


def _what(cell: Cell) -> str:
    if cell.entries:
        return {
            COLLAPSED: pgettext("heading", "Agreements signed"),
            VOIDED: pgettext("heading", "Contracts executed"),
        }.get(cell.kind, pgettext("heading", "Agreements signed and contracts executed"))
    return {
        COLLAPSED: pgettext("heading", "Fell back before contract"),
        VOIDED: pgettext("heading", "Fell back from contract"),
    }.get(cell.kind, pgettext("heading", "Deals that fell back"))
