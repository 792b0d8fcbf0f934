"""The report about the first response, and the facts behind its numbers."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.reports.first_response import first_response
from lifecycle.reports.scope import Whose

from ...lead_page.custody_words import pool
from ...lead_page.desk import desk_for
from ...models import User, What
from ...reports import first_cell, first_words
from ...reports.asked import read_asked
from ...reports.catalog import FIRST_RESPONSE
from ...reports.facts import facts_page
from ...reports.files import csv_answer
from ...reports.first_page import FirstPage
from ...reports.first_response import COLUMNS, rows
from ...reports.frame import frame
from ...reports.people import names_of
from ...traces import gives_files, shows_many


@never_cache
@require_safe
@gives_files(What.REPORT)
def first_response_report(request: HttpRequest) -> HttpResponse:
    """Who answers in time: the last three months unless another window is asked for."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, first_words.last_3_months)
    if asked.refusals:
        context = frame(FIRST_RESPONSE, asked, desk)
    elif asked.as_file:
        return csv_answer(FIRST_RESPONSE.name, COLUMNS, rows(asked.scope))
    else:
        found = first_response(asked.scope)
        everybody = asked.scope.whose is Whose.EVERYBODY
        context = frame(FIRST_RESPONSE, asked, desk, says=first_words.says(found.without if everybody else 0))
        context |= _figures(FirstPage(found.clocks, asked), everybody)
    return render(request, "reports/first_response.html", context, status=asked.status)


def _figures(page: FirstPage, everybody: bool) -> dict[str, Any]:
    return {
        "page": page,
        "spread": page.spread(),
        "spread_chart": page.spread_chart(),
        "by_agent": page.by_agent() if everybody else None,
        "agents_chart": page.agents_chart() if everybody else None,
        "by_source": page.by_source(),
        "crossed": page.crossed() if everybody else None,
        "when": page.when(),
    }


@never_cache
@require_safe
@shows_many(What.FIGURES)
def first_response_facts(request: HttpRequest) -> HttpResponse:
    """What started the clocks behind one number: inquiries, corrected contact data, hand-overs."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, first_words.last_3_months, first_cell.EXTRAS)
    first_cell.refuse(asked)
    clocks = [] if asked.refusals else first_cell.chosen(first_response(asked.scope).clocks, asked)
    names = names_of(c.holder for c in clocks)
    lines = {c.fact: first_words.line(c, pool() if c.holder is None else names[c.holder]) for c in clocks}
    back = asked.query(**dict.fromkeys(first_cell.EXTRAS, ""))
    return facts_page(
        request,
        FIRST_RESPONSE,
        asked,
        desk,
        first_cell.facts_of(clocks),
        words=pgettext("report", "First response") if asked.refusals else first_cell.in_words(asked),
        back=f"{reverse(FIRST_RESPONSE.url_name)}{back}",
        notes=lambda facts: {fact.pk: lines[fact.pk] for fact in facts},
        notes_head=pgettext("column of a report", "First contact"),
    )
