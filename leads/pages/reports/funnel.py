"""How far leads get: the funnel by quarter, and the leads behind its numbers."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.reports.pipeline import PIPELINE
from lifecycle.streams import one_moment

from ...lead_page.desk import desk_for
from ...models import Lead, User, What
from ...reports.asked import read_asked
from ...reports.behind import leads_of
from ...reports.catalog import FUNNEL
from ...reports.facts import leads_behind
from ...reports.files import csv_answer
from ...reports.frame import frame
from ...reports.funnel import COLUMNS, EXTRAS, beyond_words, last_8_quarters, read_cell, read_page, rows, says
from ...reports.funnel_charts import by_quarter, steps
from ...traces import gives_files, shows_many


@never_cache
@require_safe
@gives_files(What.REPORT)
def funnel(request: HttpRequest) -> HttpResponse:
    """The funnel of the leads that came in during the window; ``format=csv``: the same as a file."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, last_8_quarters)
    if asked.as_file and not asked.refusals:
        return csv_answer(FUNNEL.name, COLUMNS, rows(asked.scope))
    context = frame(FUNNEL, asked, desk, says=says(asked), switches=("voided",))
    if not asked.refusals:
        with one_moment():
            page = read_page(asked, reverse("report-funnel-leads"))
        context |= {
            "page": page,
            "stages": [stage.label for stage in PIPELINE],
            "beyond": beyond_words(page.beyond),
            "funnel_chart": steps(page),
            "cohorts_chart": by_quarter(page),
        }
    return render(request, "reports/funnel.html", context, status=asked.status)


@never_cache
@require_safe
@shows_many(What.FIGURES)
def funnel_leads(request: HttpRequest) -> HttpResponse:
    """The leads behind one number of it."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, last_8_quarters, EXTRAS)
    cell = None if asked.refusals else read_cell(asked)
    leads = leads_of(cell.ids) if cell else Lead.objects.none()
    words = cell.words if cell else gettext("Leads behind a number")
    back = reverse("report-funnel") + asked.query(**dict.fromkeys(EXTRAS, ""))
    return leads_behind(request, FUNNEL, asked, desk, leads, words=words, back=back)
