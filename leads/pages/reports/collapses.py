"""Why and how often deals fell back: the figures, and the facts behind each of them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.reports.collapses import quarters_of
from lifecycle.reports.fallen import Fallen, entered, fallen
from lifecycle.streams import one_moment

from ... import moments
from ...lead_page.desk import Desk, desk_for
from ...models import User, What
from ...reports import collapses_figures as figures
from ...reports import collapses_words as words
from ...reports.asked import Asked, read_asked
from ...reports.catalog import COLLAPSES
from ...reports.collapses import COLUMNS, printed
from ...reports.collapses_cell import NAMES, Cell, earlier, in_words, read_cell
from ...reports.collapses_charts import by_person, by_quarter
from ...reports.collapses_groups import group_table
from ...reports.facts import facts_page, facts_with
from ...reports.files import csv_answer
from ...reports.frame import frame
from ...traces import gives_files, shows_many


def last_four_quarters(end: datetime, zone: tzinfo) -> tuple[date, date]:
    """From the first day of the third quarter before this one, up to today."""
    today = end.astimezone(zone).date()
    months = today.year * 12 + (today.month - 1) // 3 * 3 - 9
    return date(months // 12, months % 12 + 1, 1), today


@never_cache
@require_safe
@gives_files(What.REPORT)
def collapses(request: HttpRequest) -> HttpResponse:
    """By person, quarter and reason, before and from contract; for an agent the own figures."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, last_four_quarters)
    with one_moment():
        if asked.as_file and not asked.refusals:
            return csv_answer("collapses", COLUMNS, printed(asked.scope))
        content: dict[str, Any] = {} if asked.refusals else _content(asked, desk)
    unknown = content.get("unknown", 0)
    says = words.says(asked, desk.office.quick_return_minutes, unknown)
    around = frame(COLLAPSES, asked, desk, says=says, switches=("voided", "inferred"), credit=True)
    return render(request, "reports/collapses.html", {**around, **content}, status=asked.status)


def _content(asked: Asked, desk: Desk) -> dict[str, Any]:
    found = figures.read_figures(asked, desk)
    people = figures.people(found) if desk.viewer.is_broker else None
    groups = group_table(found)
    return {
        "unknown": sum(fell.stay is None for fell in found.found),
        "is_empty": found.is_empty,
        "tiles": words.tiles(found),
        "people": people,
        "people_chart": by_person(people) if people else None,
        "groups": groups,
        "group_charts": by_quarter(groups),
        "quarters": figures.quarters(found),
        "total": figures.total(found),
        "reasons": figures.reasons(found),
        "has_before": found.before is not None,
    }


@never_cache
@require_safe
@shows_many(What.FIGURES)
def collapses_facts(request: HttpRequest) -> HttpResponse:
    """The facts behind one number of the page, by the names of `collapses_cell`."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, last_four_quarters, extras=NAMES)
    cell = read_cell(asked, desk)
    with one_moment():
        found = [] if asked.refusals else _facts(asked, cell, desk)
        notes = {fact.id: _note(fact) for fact in found if isinstance(fact, Fallen)}
        return facts_page(
            request,
            COLLAPSES,
            asked,
            desk,
            facts_with(fact.id for fact in found),
            words=in_words(cell, figures.names_on_page(asked), desk.reasons, desk.office.quick_return_minutes),
            back=reverse("report-collapses") + asked.query(**dict.fromkeys(NAMES, "")),
            notes=None if cell.entries else lambda shown: {fact.pk: notes.get(fact.pk, "") for fact in shown},
            notes_head="" if cell.entries else pgettext("head of a column", "In the stage before"),
        )


def _facts(asked: Asked, cell: Cell, desk: Desk) -> Sequence[Any]:
    """The very rows that the page has counted."""
    scope = (earlier(asked) or asked.scope) if cell.earlier else asked.scope
    periods = quarters_of(scope)
    if not periods:
        return []
    if cell.entries:
        return cell.entered(entered(scope), periods)
    return cell.falls(fallen(scope, desk.office.quick_return_minutes), periods, desk.reasons)


def _note(fell: Fallen) -> str:
    """How long it had been there; ``""`` where nobody knows."""
    return "" if fell.stay is None else moments.span(max(fell.stay, timedelta()).total_seconds())
