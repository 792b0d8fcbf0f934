"""Which ways leads took, and the leads behind each."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.reports.paths import Match, Wanted
from lifecycle.reports.paths import leads_behind as ids_behind
from lifecycle.reports.pipeline import STATE
from lifecycle.streams import one_moment

from ...lead_page.desk import desk_for
from ...models import Lead, User, What
from ...reports.asked import Asked, read_asked
from ...reports.behind import leads_of
from ...reports.catalog import PATHS
from ...reports.facts import leads_behind
from ...reports.files import csv_answer
from ...reports.frame import frame
from ...reports.paths import (
    COLUMNS,
    EXTRAS,
    ends_choices,
    in_words,
    match_choices,
    read_page,
    read_shown,
    read_wanted,
    rows,
    says,
    stage_choices,
    wanted_words,
)
from ...reports.windows import last_12_months
from ...traces import gives_files, shows_many


@never_cache
@require_safe
@gives_files(What.REPORT)
def paths(request: HttpRequest) -> HttpResponse:
    """The paths of the leads that came in during the window; ``format=csv``: all of them, whole, as a file."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, last_12_months, EXTRAS)
    wanted, shown = read_wanted(asked), read_shown(asked)
    if asked.as_file and not asked.refusals:
        return csv_answer(PATHS.name, COLUMNS, rows(asked.scope, wanted))
    context = frame(PATHS, asked, desk, says=says(asked), switches=("voided", "inferred"), chips=_chips(wanted))
    context |= {"wanted": wanted, "match_choices": match_choices(), "stage_choices": stage_choices()}
    if not asked.refusals:
        with one_moment():
            context["page"] = read_page(asked, wanted, shown, reverse("report-paths-leads"))
        context |= {"path_words": in_words(wanted.word), "one_back": _one_back(asked, wanted)}
    return render(request, "reports/paths.html", context, status=asked.status)


@never_cache
@require_safe
@shows_many(What.FIGURES)
def paths_leads(request: HttpRequest) -> HttpResponse:
    """The leads that went such a way."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, last_12_months, EXTRAS)
    wanted = read_wanted(asked)
    leads = Lead.objects.none() if asked.refusals else leads_of(ids_behind(asked.scope, wanted))
    back = reverse("report-paths") + asked.query(ends="", **_whole_beginning(wanted))
    return leads_behind(request, PATHS, asked, desk, leads, words=_words(wanted), back=back)


def _chips(wanted: Wanted) -> list[tuple[str, str]]:
    chips = [("path", wanted_words(wanted))] if wanted.word else []
    if wanted.fell_back:
        chips.append(("fell", gettext("Fell back at least once")))
    if wanted.ends:
        stages = ", ".join(STATE[letter].label for letter in wanted.ends)
        words = {letters: words for words, letters in ends_choices()}
        chips.append(("ends", words.get(wanted.ends) or gettext("Now in %(stages)s") % {"stages": stages}))
    return chips


def _words(wanted: Wanted) -> str:
    return " · ".join(words for _, words in _chips(wanted)) or gettext("Leads that came in")


def _one_back(asked: Asked, wanted: Wanted) -> str:
    """The query with one stage less; ``""`` where there is none."""
    return asked.query(path=wanted.word[:-1], show="") if wanted.word else ""


def _whole_beginning(wanted: Wanted) -> dict[str, str]:
    """From the leads of one path back to all paths, where nothing narrower was asked for."""
    return {"path": "", "match": ""} if wanted.match is Match.EXACTLY else {}
