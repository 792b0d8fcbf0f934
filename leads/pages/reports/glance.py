"""The reports' front door: the office at a glance, its files, and the leads behind its own numbers."""

from dataclasses import replace
from typing import Any, cast

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.reports.yields import REACHED, leads_re_engaged
from lifecycle.streams import one_moment

from ...lead_page.desk import Desk, desk_for
from ...models import Lead, User, What
from ...reports import glance_panels as panels
from ...reports.asked import Asked, read_asked
from ...reports.catalog import OVERVIEW
from ...reports.facts import leads_behind
from ...reports.files import csv_answer
from ...reports.frame import frame
from ...reports.glance import Glance, overdue, read_glance, year_window
from ...reports.glance_files import FILES
from ...reports.glance_links import Links
from ...reports.glance_words import days_in_words, sentences
from ...reports.windows import everything, zone_line
from ...traces import gives_files, shows_many


@never_cache
@require_safe
@gives_files(What.REPORT)
def glance(request: HttpRequest) -> HttpResponse:
    """What to look at first, the shape of the board, and how it came to that."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, default=everything, extras=("table",))
    _refuse(asked, "table", FILES)
    context = frame(OVERVIEW, asked, desk, says=_says(desk), window=False)
    if not asked.refusals:
        with one_moment():
            figures = read_glance(asked.scope, desk)
        if asked.as_file:
            name = asked.extra["table"] or "shape"
            return csv_answer(f"glance-{name}", *FILES[name](figures, asked))
        context |= _figures(figures, asked, desk)
    return render(request, "reports/glance.html", context, status=asked.status)


@never_cache
@require_safe
@shows_many(What.FIGURES)
def glance_leads(request: HttpRequest) -> HttpResponse:
    """The leads behind a number of the page: late first contacts, or what became of the re-engaged."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, default=everything, extras=("of",))
    of = asked.extra["of"] or "overdue"
    _refuse(asked, "of", _TITLES)
    leads = Lead.objects.none() if asked.refusals else _leads(asked, of)
    back = Links(asked, desk).report(OVERVIEW.url_name)
    words = _TITLES.get(of, _TITLES["overdue"])()
    return leads_behind(request, OVERVIEW, asked, desk, leads, words=words, back=back)


_TITLES: dict[str, Any] = {
    "overdue": lambda: pgettext("heading", "Leads in New whose first contact is late"),
    "leads": lambda: pgettext("heading", "Leads re-engaged in twelve months"),
    "again": lambda: pgettext("heading", "Re-engaged and qualified again"),
    "signed": lambda: pgettext("heading", "Re-engaged and signed since"),
    "closed": lambda: pgettext("heading", "Re-engaged and closed since"),
}


def _leads(asked: Asked, of: str) -> QuerySet[Lead]:
    if of not in REACHED:
        return Lead.objects.filter(pk__in=[lead.pk for lead in overdue(asked.scope)])
    made = leads_re_engaged(replace(asked.scope, since=year_window(asked.scope), until=None), of)
    return Lead.objects.filter(pk__in=RawSQL(made.sql, tuple(made.params)))


def _refuse(asked: Asked, name: str, possible: Any) -> None:
    text = asked.extra[name]
    if text and text not in possible:
        said = {"text": text, "name": name}
        asked.refusals.append(gettext("“%(text)s” is no possible value of “%(name)s”.") % said)


def _figures(figures: Glance, asked: Asked, desk: Desk) -> dict[str, Any]:
    links = Links(asked, desk)
    end = asked.scope.end.astimezone(asked.scope.zone).date()
    is_broker = desk.viewer.is_broker
    return {
        "empty": not any(stage.leads for stage in figures.stages.values()) and not figures.again.leads,
        "first": sentences(figures, asked, desk, links),
        "shape": panels.shape_panel(figures, links),
        "qualified": panels.qualified_panel(figures, asked, links),
        "ways": panels.ways_of(figures, links),
        "fell": panels.fell_panel(figures, links),
        "fell_quick": figures.fell[0].quick,
        "fell_more": links.report("report-collapses", figures.fell[0].days),
        "answers": panels.answer_tiles(figures, links),
        "answer_days": days_in_words(figures.answer_days[0], end),
        "answers_more": links.report("report-first-response", figures.answer_days[0]),
        "again": panels.again_tiles(figures, links),
        "again_since": panels.since_words(figures.again_since, asked),
        "trend_csv": asked.query(format="csv", table="trend") if is_broker else "",
    }


def _says(desk: Desk) -> list[str]:
    minutes = desk.office.quick_return_minutes
    return [
        zone_line(desk.office.zone),
        gettext("Each lead counts in the stage where it stands; stale is what has been there for the office's days."),
        gettext("A week's end is the last moment of its Sunday. Moves undone later never happened."),
        gettext(
            "First contacts are those owed to leads that came in in the last four weeks; the whole story is in the"
            " report about first response."
        ),
        gettext(
            "What fell back counts whoever held the deal then; deals that were back within %(minutes)s minutes are"
            " among the counts, and not in the sentence about the last seven days."
        )
        % {"minutes": minutes},
        gettext(
            "A re-engaged lead counts once, from the first time that it came back from the archive in these twelve"
            " months."
        ),
    ]
