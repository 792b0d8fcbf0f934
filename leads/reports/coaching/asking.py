"""Whose page it is, which window it shows beside which one before, and where each of its numbers leads."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext, pgettext

from lifecycle.history.truth import Reading
from lifecycle.reports.calendar import midnight
from lifecycle.reports.scope import Credit, Scope

from ...lead_page.desk import Desk
from ...models import User
from ..asked import Asked, read_asked
from ..catalog import Report
from ..collapses_cell import quarter_label
from ..windows import is_quarter, this_quarter, window_before

Days = tuple[date | None, date | None]
#: What the page counts is fixed, so that a talk is about one rule: these parts of an address say nothing here.
_FIXED = ("agent", "by", "voided", "inferred")


@dataclass(frozen=True)
class Asking:
    """One question about one person. ``desk`` is the office's: its days are those of the figures."""

    person: User
    asked: Asked
    desk: Desk

    @property
    def scope(self) -> Scope:
        """The window, of this person."""
        return self.asked.scope

    @property
    def by_broker(self) -> bool:
        return self.desk.viewer.is_broker

    @property
    def own(self) -> bool:
        return self.person.pk == self.desk.viewer.pk

    @cached_property
    def before(self) -> Days | None:
        """The window before: the quarter before a quarter, else as many days; None where there is none."""
        first, last = self.asked.days
        return window_before(first, last) if first and last else None

    @cached_property
    def scope_before(self) -> Scope | None:
        if self.before is None or self.before[0] is None or self.before[1] is None:
            return None
        zone = self.scope.zone
        until = midnight(self.before[1] + timedelta(days=1), zone)
        return replace(self.scope, since=midnight(self.before[0], zone), until=until)

    @property
    def tabs_query(self) -> str:
        """What of the question holds for every other report, this person included."""
        return self._of_person(self.asked.kept).elsewhere

    def link(self, url_name: str, days: Days | None = None, **cell: object) -> str:
        """The address of the facts behind a number of another report. In: the window, if it is not the page's own."""
        first, last = days or self.asked.days
        said = {"from": first or "", "through": last or "", "all": "" if first or last else 1}
        # Where the page cannot be about anybody else, an address need not say about whom.
        return reverse(url_name) + self._of_person({}).query(**said, known_at=self.asked.kept["known_at"], **cell)

    def everybody(self, report: Report) -> str:
        """The address of another report about everybody, in this window."""
        first, last = self.asked.days
        said = {"from": first or "", "through": last or "", "all": "" if first or last else 1, "agent": ""}
        return report.url + self._of_person({}).query(**said, known_at=self.asked.kept["known_at"])

    def own_link(self, **cell: object) -> str:
        """The address of the facts behind a number that only this page has."""
        return reverse("report-agent-facts", args=[self.person.pk]) + self.asked.query(**cell)

    def _of_person(self, kept: Mapping[str, str]) -> Asked:
        return replace(self.asked, kept={**kept, "agent": str(self.person.pk)})

    # --- the words of both windows -----------------------------------------------------------------------

    @property
    def heads(self) -> list[str]:
        """Over the columns of this window and of the one before, if there is one: quarters by their names."""
        found = [_named(self.asked.days) or gettext("This period")]
        last, today = self.asked.days[1], self.scope.end.astimezone(self.scope.zone).date()
        if last and last > today and self.before:
            found = [pgettext("a window that is not over yet", "%(window)s, so far") % {"window": found[0]}]
        return found + ([_named(self.before) or gettext("Period before")] if self.before else [])


def read_asking(query: QueryDict, person: User, desk: Desk, extras: tuple[str, ...] = ()) -> Asking:
    """What an address asks about this person; this quarter where it names no window. Raises as `read_asked`."""
    asked = read_asked(query, desk, this_quarter, extras, agent=person.pk)
    scope = replace(asked.scope, credit=Credit.HOLDER, reading=Reading.CORRECTED, inferred=False)
    asked = replace(asked, scope=scope, kept={**asked.kept, **dict.fromkeys(_FIXED, "")}, agents=[])
    return Asking(person, asked, replace(desk, zone=scope.zone, now=scope.end))


def _named(days: Days | None) -> str:
    """``Q4 2026`` for the days of a calendar quarter, else ``""``."""
    first, last = days or (None, None)
    if first is None or last is None or not is_quarter(first, last):
        return ""
    return quarter_label(f"{first.year}Q{(first.month + 2) // 3}")
