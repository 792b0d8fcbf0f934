"""How long leads stay in each stage, and the visits behind every number."""

from dataclasses import replace
from typing import cast

from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.models import LeadEvent
from lifecycle.reports.scope import Scope, Whose
from lifecycle.reports.stays import Stays, Way, by_stage, by_stage_and_agent, visits
from lifecycle.states import State
from lifecycle.streams import one_moment

from ...lead_page.desk import Desk, desk_for
from ...models import Lead, User, What
from ...reports import stays
from ...reports.asked import Asked, read_asked
from ...reports.catalog import TIME
from ...reports.facts import facts_page, leads_behind
from ...reports.files import csv_answer
from ...reports.frame import frame
from ...traces import gives_files, shows_many

#: Where a report about one stage begins when none is asked for: there leads fall back to, and get stuck.
FIRST = State.QUALIFIED


@never_cache
@require_safe
@gives_files(What.REPORT)
def time(request: HttpRequest) -> HttpResponse:
    """Every stage in one table, one stage in more detail."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, extras=("stage",))
    _check(asked, "stage", list(State))
    if asked.as_file and not asked.refusals:
        return csv_answer(TIME.name, (*stays.COLUMNS, *stays.WAYS), stays.rows_of_page(asked.scope))
    with one_moment():
        stage = State(asked.extra["stage"] or FIRST)
        found: list[Stays] = []
        by_agent: dict[int | None, Stays] = {}
        if not asked.refusals and desk.viewer.is_broker:
            found, by_agent = by_stage_and_agent(asked.scope, stage)
        elif not asked.refusals:
            found = by_stage(asked.scope)
        context = frame(
            TIME,
            asked,
            desk,
            says=stays.says(found, inferred=asked.scope.inferred) if found else [],
            switches=("inferred",),
        )
        context["stages"] = [(state.value, state.label) for state in State]
        if found:
            context |= _figures(found, by_agent, stage, asked)
    return render(request, "reports/time.html", context, status=asked.status)


def _figures(found: list[Stays], by_agent: dict[int | None, Stays], stage: State, asked: Asked) -> dict[str, object]:
    one = next((s for s in found if s.stage == stage), Stays(stage.value))
    return {
        "lines": stays.stage_lines(found, asked.query),
        "ways": [words() for words in stays.WAY_WORDS.values()],
        "chart": stays.stages_chart(found, asked.query),
        "stage": stage,
        "visited": one.visits,
        "curve": stays.curve_chart(one),
        "sentence": stays.sentence(one),
        "still_there": stays.still_there(one),
        "agents": stays.agent_lines(by_agent, stage, asked.query),
    }


@never_cache
@require_safe
@shows_many(What.FIGURES)
def time_facts(request: HttpRequest) -> HttpResponse:
    """The facts with which the visits of a number began; each with how long the stay lasted."""
    desk, asked = _asked_behind(request)
    scope, stage, into = _cell(asked), asked.extra["stage"], asked.extra["into"]
    facts = LeadEvent.objects.none()
    if not asked.refusals:
        made = visits(scope, stage, into=Way(into) if into else None)
        facts = LeadEvent.objects.filter(pk__in=RawSQL(made.sql, made.params))
    return facts_page(
        request,
        TIME,
        asked,
        desk,
        facts,
        words=_words(asked, stays.CELL_WORDS[into]()),
        back=_back(asked),
        notes=stays.stays_of_facts(scope),
        notes_head=gettext("Stayed"),
    )


@never_cache
@require_safe
@shows_many(What.FIGURES)
def time_leads(request: HttpRequest) -> HttpResponse:
    """The leads that are still inside."""
    desk, asked = _asked_behind(request)
    scope = _cell(asked)
    leads = Lead.objects.none()
    if not asked.refusals:
        made = visits(scope, asked.extra["stage"], into="", column="lead_id")
        leads = Lead.objects.filter(pk__in=RawSQL(made.sql, made.params))
    return leads_behind(
        request,
        TIME,
        asked,
        desk,
        leads,
        words=_words(asked, gettext("Still in “%(stage)s”")),
        back=_back(asked),
        notes=stays.stays_of_leads(scope),
        notes_head=gettext("Stayed"),
    )


def _asked_behind(request: HttpRequest) -> tuple[Desk, Asked]:
    """What a number is asked about: a stage always, a way out and a holder perhaps."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, extras=("stage", "into", "held"))
    _check(asked, "stage", list(State))
    _check(asked, "into", list(Way))
    _check(asked, "held", [value for value, _ in asked.agents])
    if not asked.refusals and not asked.extra["stage"]:
        asked.refusals.append(gettext("The address does not say which stage is meant."))
    return desk, asked


def _check(asked: Asked, name: str, possible: list[str]) -> None:
    text = asked.extra[name]
    if text and text not in possible:
        sentence = gettext("“%(text)s” is no possible value of “%(name)s”.")
        asked.refusals.append(sentence % {"text": text, "name": name})
        asked.extra[name] = asked.kept[name] = ""


def _cell(asked: Asked) -> Scope:
    """The scope of a number in the table of agents is that of one agent."""
    held = asked.extra["held"]
    if not held:
        return asked.scope
    return replace(asked.scope, whose=Whose.POOL if held == Whose.POOL else int(held))


def _words(asked: Asked, words: str) -> str:
    said = words % {"stage": State(asked.extra["stage"] or FIRST).label}
    name = dict(asked.agents).get(asked.extra["held"]) if asked.extra["held"] else None
    return f"{name}: {said}" if name else said


def _back(asked: Asked) -> str:
    return reverse("report-time") + asked.query(into="", held="")
