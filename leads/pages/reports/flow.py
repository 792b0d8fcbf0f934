"""What moved week by week, and the facts behind its numbers."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.models import LeadEvent
from lifecycle.reports.pipeline import EXITS
from lifecycle.states import State
from lifecycle.streams import one_moment

from ...lead_page.desk import desk_for
from ...models import User, What
from ...reports.asked import read_asked
from ...reports.behind import facts_of
from ...reports.catalog import FLOW
from ...reports.facts import facts_page
from ...reports.files import csv_answer
from ...reports.flow import (
    COLUMNS,
    direction_words,
    last_12_weeks,
    read_page,
    read_stage,
    rows,
    says,
    untold_words,
)
from ...reports.flow_cells import CELL, read_cell
from ...reports.flow_charts import weekly, where_to
from ...reports.frame import frame
from ...traces import gives_files, shows_many

_EXTRAS = ("stage",)


@never_cache
@require_safe
@gives_files(What.REPORT)
def flow(request: HttpRequest) -> HttpResponse:
    """The moves of the window by week and by stage; ``format=csv``: the same as a file."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, last_12_weeks, _EXTRAS)
    stage = read_stage(asked)
    if asked.as_file and not asked.refusals:
        return csv_answer(FLOW.name, COLUMNS, rows(asked.scope))
    chips = [("stage", stage.label)] if stage else []
    context = frame(FLOW, asked, desk, says=says(asked), switches=("voided",), chips=chips)
    if not asked.refusals:
        with one_moment():
            page = read_page(asked, reverse("report-flow-facts"))
        context |= {
            "page": page,
            "stages": [s.label for s in State],
            "ways": [direction_words(way) for way in EXITS],
            "untold": untold_words(page.untold),
            "weekly_chart": weekly(page),
            "where_chart": where_to(page),
        }
    return render(request, "reports/flow.html", context, status=asked.status)


@never_cache
@require_safe
@shows_many(What.FIGURES)
def flow_facts(request: HttpRequest) -> HttpResponse:
    """The facts behind one number of it."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, last_12_weeks, CELL)
    cell = None if asked.refusals else read_cell(asked)
    facts = facts_of(cell.ids) if cell else LeadEvent.objects.none()
    words = cell.words if cell else gettext("Facts behind a number")
    back = reverse("report-flow") + asked.query(**dict.fromkeys(CELL, ""))
    return facts_page(request, FLOW, asked, desk, facts, words=words, back=back)
