"""The quick actions of a lead's page. Each parses its form, calls one action of the service, and shows what came of it.

Without JavaScript a success goes back to the page and a refusal shows the page with the form still filled in; htmx
gets the same in parts.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from lifecycle import service
from lifecycle.errors import Refused, StaleVersion
from lifecycle.events import Source
from lifecycle.flags import Flag
from lifecycle.service import Result
from lifecycle.states import State

from ..access import get_visible_lead_or_404
from ..forms.actions import ActionForm, AssignForm, ClearFlagForm, ContactForm, EditForm, NoteForm, SetFlagForm
from ..lead_page import desk_for
from ..lead_page.called import called, opening
from ..models import Lead
from .answers import Undo
from .kept import gone_sentence, kept_answer
from .panels import lead_context, parts_answer, whole_page
from .told import tell
from .undo import undo_for

Act = Callable[[Any, dict[str, Any]], Result]

#: Which other forms a success draws anew, because what they offer depends on it.
_ALSO = {
    "contact": ("assign",),
    "note": ("assign",),
    "assign": ("contact", "note", "setflag", "clearflag", "edit"),
    "setflag": ("clearflag", "contact", "assign"),
    "clearflag": ("setflag", "contact", "assign"),
    "edit": ("assign",),
}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lead_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Logs a call, an e-mail, a text or a meeting."""

    def act(form: ContactForm, common: dict[str, Any]) -> Result:
        typed = form.cleaned_data
        said = {n: typed.get(n, "") for n in ("channel", "direction", "outcome", "note", "override_reason")}
        return service.log_contact(**common, **said, occurred_at=typed.get("occurred_at"))

    return _answer(request, pk, ContactForm, act)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lead_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Hands the lead to an agent, takes it, or puts it back into the pool."""

    def act(form: AssignForm, common: dict[str, Any]) -> Result:
        typed = form.cleaned_data
        return service.assign_lead(
            **common,
            to_agent=form.chosen(),
            reason=typed["reason"],
            note=typed["note"],
            expected_version=typed["version"],
        )

    return _answer(request, pk, AssignForm, act)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lead_flags(request: HttpRequest, pk: int) -> HttpResponse:
    """Sets a flag, or clears one (``on=0``)."""
    clears = request.POST.get("on") == "0" or request.GET.get("on") == "0"

    def act(form: ActionForm, common: dict[str, Any]) -> Result:
        typed = form.cleaned_data
        change = service.clear_flag if clears else service.set_flag
        return change(**common, flag=typed["flag"], reason=typed["reason"], note=typed["note"])

    return _answer(request, pk, ClearFlagForm if clears else SetFlagForm, act)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lead_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Adds a note, a reference to a document, or both."""

    def act(form: NoteForm, common: dict[str, Any]) -> Result:
        return service.add_note(**common, note=form.cleaned_data["note"], document=form.cleaned_data["document"])

    return _answer(request, pk, NoteForm, act)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lead_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Changes the contact facts."""

    def act(form: EditForm, common: dict[str, Any]) -> Result:
        lead = Lead.objects.get(pk=pk)
        if not lead.events.filter(uuid=common["uuid"]).exists():  # Sent twice, it is what it was.
            form.check_unchanged(lead)
        # What was compared is what is written over: a fact in between is refused, and may be looked at again.
        return service.change_contact(**common, fields=form.typed(), expected_version=lead.version)

    return _answer(request, pk, EditForm, act)


# ---- the way of every action


def _answer(request: HttpRequest, pk: int, form_class: type[ActionForm], act: Act) -> HttpResponse:
    try:
        lead = get_visible_lead_or_404(request.user, pk)  # type: ignore[arg-type]
    except Http404:
        if request.method == "POST":
            return kept_answer(request, gone_sentence(request.POST), status=404)
        raise
    back = reverse("lead", args=[pk])
    if request.method != "POST":
        return HttpResponseRedirect(f"{back}?open={form_class.name}#action-{form_class.name}")
    desk = desk_for(request.user)  # type: ignore[arg-type]
    form = form_class(lead, desk, request.POST)
    if not form.is_valid():
        return _refused(request, form, 422)
    try:
        result = act(form, _common(request, lead, form))
    except Refused as refusal:
        return _judged(request, form, refusal)
    return _done(request, form, _sentence(form, result, lead), undo_for(lead, result.events))


def _common(request: HttpRequest, lead: Lead, form: ActionForm) -> dict[str, Any]:
    return {
        "lead_id": lead.pk,
        "actor": request.user,
        "source": Source.PAGE.value,
        "uuid": form.cleaned_data.get("uuid"),
    }


def _judged(request: HttpRequest, form: ActionForm, refusal: Refused) -> HttpResponse:
    """A refusal of the rules, at its field. After a stale one the form has the new version: press again."""
    if isinstance(refusal, StaleVersion):
        try:
            form.lead = get_visible_lead_or_404(request.user, form.lead.pk)  # type: ignore[arg-type]
        except Http404:
            return kept_answer(request, gone_sentence(request.POST), status=404)
        form.catch_up()
        form.add_refusal(refusal)
    else:
        form.add_refusal(refusal)
    return _refused(request, form, refusal.status)


def _refused(request: HttpRequest, form: ActionForm, status: int) -> HttpResponse:
    lead = form.lead
    if not request.htmx:  # type: ignore[attr-defined]
        return whole_page(request, lead, form, desk=form.desk, status=status)
    _, context = lead_context(request, lead, form.desk, form)
    context |= {
        "redraw": [context["panels"][form.name]],
        "is_stale": status == 409,
        "sentence": "",
        "bar": form.name == "contact",
    }
    return render(request, "leads/acted.html", context, status=status)


def _done(request: HttpRequest, form: ActionForm, sentence: str, undo: Undo | None) -> HttpResponse:
    try:
        lead = get_visible_lead_or_404(request.user, form.lead.pk)  # type: ignore[arg-type]
    except Http404:
        left = gettext("The lead has left your board.")
        return _gone(request, f"{sentence} {left}")
    if not request.htmx:  # type: ignore[attr-defined]
        tell(request, sentence, undo=undo)
        return HttpResponseRedirect(f"{reverse('lead', args=[lead.pk])}#timeline")
    return parts_answer(request, lead, sentence=sentence, undo=undo, redraw=(form.name, *_ALSO[form.name]))


def _gone(request: HttpRequest, sentence: str) -> HttpResponse:
    """It is done, and the lead is out of this person's sight: to the board, with the sentence."""
    messages.success(request, sentence)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponseClientRedirect(reverse("board"))
    return HttpResponseRedirect(reverse("board"))


# ---- what is said afterwards


def _sentence(form: ActionForm, result: Result, lead: Lead) -> str:
    who = opening(called(lead.name))
    if not result.events:
        nothing = gettext("Nothing was recorded.")
        return f"{_nothing_to_do(form, who)} {nothing}"
    match form.name:
        case "contact" if len(result.events) > 1:
            said = gettext("Contact logged. %(who)s moved to %(stage)s.")
            return said % {"who": who, "stage": State.CONTACTING.label}
        case "contact":
            return gettext("Contact logged.")
        case "note":
            return gettext("Note added.")
        case "edit":
            return gettext("Contact data changed.")
        case "setflag":
            return gettext("“%(flag)s” is set.") % {"flag": _flag(form)}
        case "clearflag":
            return gettext("“%(flag)s” is cleared.") % {"flag": _flag(form)}
    to = form.chosen() if isinstance(form, AssignForm) else None
    if to is None:
        return gettext("%(who)s is back in the pool.") % {"who": who}
    return gettext("%(who)s is with %(agent)s now.") % {"who": who, "agent": to.display_name}


def _nothing_to_do(form: ActionForm, who: str) -> str:
    match form.name:
        case "setflag":
            return gettext("“%(flag)s” is already set.") % {"flag": _flag(form)}
        case "clearflag":
            return gettext("“%(flag)s” is not set.") % {"flag": _flag(form)}
        case "assign":
            return gettext("%(who)s is there already.") % {"who": who}
    return gettext("Nothing is different.")


def _flag(form: ActionForm) -> str:
    return Flag(form.cleaned_data["flag"]).label
