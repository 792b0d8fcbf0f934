"""The page about one agent, for a talk of two, and the facts behind the numbers that only it has."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.reports.fallen import fallen
from lifecycle.streams import one_moment

from ...access import get_person_or_404
from ...lead_page.desk import desk_for
from ...models import User, What
from ...reports.catalog import AGENTS, CATALOG
from ...reports.coaching import hands, sheet
from ...reports.coaching.asking import Asking, read_asking
from ...reports.coaching.page import beside, read_page, says
from ...reports.facts import facts_page, facts_with
from ...reports.files import csv_answer
from ...reports.frame import frame
from ...traces import gives_files, shows_many

#: The parts of an address that say which number.
_CELL = ("what", "reason")


@never_cache
@require_safe
@gives_files(What.REPORT)
def coaching(request: HttpRequest, agent: int) -> HttpResponse:
    """One person's deals, work and hand-overs: this quarter unless another window is asked for."""
    viewer = cast(User, request.user)
    person = get_person_or_404(viewer, agent)
    desk = desk_for(viewer)
    asking = read_asking(request.GET, person, desk)
    asked = asking.asked
    with one_moment():
        if asked.as_file and not asked.refusals:
            fell = fallen(asking.scope, asking.desk.office.quick_return_minutes)
            return csv_answer(f"deals-{person.pk}", sheet.COLUMNS, sheet.rows_of(fell, asking))
        content: dict[str, Any] = {} if asked.refusals else read_page(asking)
        content["beside"] = beside(person) if viewer.is_broker else None
    around = frame(AGENTS, asked, desk, says=says(asking), choose_agent=False, title=person.display_name)
    around["frame"]["tabs"] = _tabs(asking)
    context = {**around, **content, "person": person, "asking": asking}
    return render(request, "reports/coaching.html", context, status=asked.status)


@never_cache
@require_safe
@shows_many(What.FIGURES)
def coaching_facts(request: HttpRequest, agent: int) -> HttpResponse:
    """The facts behind one number of the page: closings, leads won back, hand-overs to and from."""
    viewer = cast(User, request.user)
    person = get_person_or_404(viewer, agent)
    desk = desk_for(viewer)
    asking = read_asking(request.GET, person, desk, _CELL)
    asked = asking.asked
    what, reason = (asked.extra[name] for name in _CELL)
    if what not in hands.WHAT:
        asked.refusals.append(gettext("The address does not say which number of the page it is about."))
    with one_moment():
        ids = [] if asked.refusals else hands.facts_behind(what, reason, asking)
        return facts_page(
            request,
            AGENTS,
            asked,
            desk,
            facts_with(ids),
            words=person.display_name if asked.refusals else hands.in_words(what, reason, asking),
            back=reverse("report-agent", args=[person.pk]) + asked.query(**dict.fromkeys(_CELL, "")),
        )


def _tabs(asking: Asking) -> list[tuple[Any, str, bool]]:
    """The tabs lead on with this person, where a report can be about one."""
    query = asking.tabs_query
    return [(r, f"{r.url}{asking.asked.elsewhere if r is AGENTS else query}", r is AGENTS) for r in CATALOG if r.url]
