"""Reassigning many leads: whose and which, to whom and why, who would get what, and then it is done.

One address, three steps; each step carries what the one before it chose, and only the last one writes. What is
posted is answered with the address of the next page, so that the browser's Back never asks to send a form again.
"""

from typing import cast
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lifecycle.errors import BadInput, Refused
from lifecycle.models import Batch
from lifecycle.service import bulk
from lifecycle.states import WORKING, State

from .. import moments
from ..board.filters import agent_choices
from ..bulk.choice import ALL, Choice, read_choice, written_ids
from ..bulk.preview import line, preview, read_plan, written_plan
from ..bulk.results import reason_words, recent, summary
from ..forms.bulk import CARRIED, ReassignForm
from ..lead_page import Desk, desk_for
from ..models import Lead, User, What
from ..traces import count, shows_many
from .answers import read_query
from .reassign_batch import read_key, work_on
from .reassign_draft import keep, kept


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shows_many(What.BOOK, lambda request: bool(request.GET))
def reassign(request: HttpRequest) -> HttpResponse:
    """The step that is asked for; without a word of which leads, whose book it shall be, and what was done lately."""
    if request.method != "POST":
        return _draft(request) if "draft" in request.GET else _first(request)
    if request.POST.get("step") == "confirm":
        return _confirm(request, read_query(request.POST.get("query", "")))
    step = "preview" if request.POST.get("step") == "preview" else "choose"
    if name := keep(request):
        return _SeeOther(f"{reverse('reassign')}?{urlencode({'draft': name, 'step': step})}")
    return _step(request, request.POST, step)


class _SeeOther(HttpResponseRedirect):
    status_code = 303


def _first(request: HttpRequest) -> HttpResponse:
    return _choose(request, request.GET, request.GET) if request.GET else _start(request)


def _draft(request: HttpRequest) -> HttpResponse:
    """A step that was kept. A draft that is gone began in another session, or many drafts ago."""
    values = kept(request, request.GET["draft"])
    if values is None:
        return _refused_choice(request, desk_for(cast(User, request.user)), _damaged())
    return _step(request, values, request.GET.get("step", ""))


def _step(request: HttpRequest, values: QueryDict, step: str) -> HttpResponse:
    query = read_query(values.get("query", ""))
    return _preview(request, values, query) if step == "preview" else _choose(request, values, query, chosen=True)


def _damaged() -> BadInput:
    return BadInput(gettext("This form is damaged. Load it again."))


def _start(request: HttpRequest) -> HttpResponse:
    viewer = cast(User, request.user)
    desk = desk_for(viewer)
    context = {
        "people": agent_choices() if viewer.is_broker else [],
        "recent": [(batch, summary(batch), reason_words(batch, desk), _when(batch)) for batch in recent(viewer)],
    }
    return render(request, "reassign/start.html", context)


def _when(batch: Batch) -> str:
    began = timezone.localtime(batch.started_at)
    return f"{moments.wall_moment(began)} {moments.zone_name(began)}"


# ---- step 1: which leads, to whom, why


def _choose(request: HttpRequest, values: QueryDict, query: QueryDict, *, chosen: bool = False) -> HttpResponse:
    """``chosen``: the values come from a form of ours, not from a link that filters."""
    desk = desk_for(cast(User, request.user))
    try:
        choice = read_choice(desk.viewer, values, query)
    except Refused as refused:
        return _refused_choice(request, desk, refused)
    begin = {name: values[name] for name in CARRIED if values.get(name)} if chosen else {}
    if values.get("which") == ALL:
        begin["which"] = ALL
    takers = {"takers": values.getlist("takers")} if chosen else {}
    return _show_choice(request, choice, ReassignForm(desk, None, choice.leaving, **begin, **takers))


def _show_choice(request: HttpRequest, choice: Choice, form: ReassignForm, *, status: int = 200) -> HttpResponse:
    picked = choice.to_tick()
    groups = [
        {"state": state, "open": state in WORKING, "lines": lines}
        for state in State
        if (lines := [line(lead) for lead in picked if lead.status == state])
    ]
    context = {
        "choice": choice,
        "form": form,
        "groups": groups,
        "all_closed": bool(choice.total) and not choice.open,
        "shown": written_ids(lead.pk for lead in picked),
        "missing": 0 if choice.ids is None else len(choice.ids) - choice.total,
        "hidden": _sources(choice),
    }
    answer = render(request, "reassign/choose.html", context, status=status)
    count(answer, len(picked))
    return answer


def _sources(choice: Choice) -> list[tuple[str, str]]:
    """Where the leads come from, for the hidden fields of every step."""
    if choice.ids is not None:
        return [("leads", written_ids(choice.ids))]
    leaving = [("leaving", "1")] if choice.leaving else []
    return [("query", choice.address.urlencode()), *leaving]


def _refused_choice(request: HttpRequest, desk: Desk, refused: Refused) -> HttpResponse:
    nobody = Choice(desk.viewer, frozenset(), QueryDict())
    form = ReassignForm(desk, QueryDict())
    form.full_clean()
    form.errors.clear()
    form.add_error(None, refused.sentence)
    return _show_choice(request, nobody, form, status=refused.status)


# ---- step 2: who would get what


def _preview(request: HttpRequest, values: QueryDict, query: QueryDict) -> HttpResponse:
    desk = desk_for(cast(User, request.user))
    try:
        choice = read_choice(desk.viewer, values, query)
    except Refused as refused:
        return _refused_choice(request, desk, refused)
    form = ReassignForm(desk, values, choice.leaving)
    if not form.is_valid():
        return _show_choice(request, choice, form, status=422)
    try:
        leads = choice.leads()
        if not leads:
            raise BadInput(gettext("Choose at least one lead."), field="leads")
    except Refused as refused:
        form.add_refusal(refused)
        return _show_choice(request, choice, form, status=refused.status)
    return _show_preview(request, choice, form, leads)


def _show_preview(request: HttpRequest, choice: Choice, form: ReassignForm, leads: list[Lead]) -> HttpResponse:
    seen = preview(leads, form.takes())
    context = {
        "preview": seen,
        "form": form,
        "reason": dict(form.fields["reason"].choices).get(form.cleaned_data["reason"], ""),  # type: ignore[attr-defined]
        "missing": choice.missing(len(leads)),
        "left_out": len(choice.left_out),
        "uuid": uuid4(),
        "plan": written_plan(seen.plan),
        "hidden": [*_sources(choice), ("left_out", written_ids(choice.left_out)), *form.carried()],
    }
    answer = render(request, "reassign/preview.html", context)
    count(answer, len(leads))
    return answer


# ---- step 3: it is done


def _confirm(request: HttpRequest, query: QueryDict) -> HttpResponse:
    viewer = cast(User, request.user)
    try:
        batch = bulk.begin(
            uuid=read_key(request),
            actor=viewer,
            wishes=read_plan(request.POST.get("plan", "")),
            reason=request.POST.get("reason", ""),
            note=request.POST.get("note", "").replace("\r\n", "\n"),
        )
    except Refused as refused:
        return _not_begun(request, query, refused)
    work_on(batch, viewer)
    return HttpResponseRedirect(reverse("reassign-batch", args=[batch.uuid]))


def _not_begun(request: HttpRequest, query: QueryDict, refused: Refused) -> HttpResponse:
    """Back to the first step with everything that was chosen, and what stands in the way."""
    desk = desk_for(cast(User, request.user))
    try:
        choice = read_choice(desk.viewer, request.POST, query)
    except Refused as other:
        return _refused_choice(request, desk, other)
    form = ReassignForm(desk, request.POST, choice.leaving)
    form.full_clean()
    if refused.field not in form.errors:
        form.add_refusal(refused)
    return _show_choice(request, choice, form, status=refused.status)
