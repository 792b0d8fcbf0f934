"""The two corrections: "This was a mistake" undoes the newest move, "Correct the reason" puts a better one beside it.

Each address is a page, and a dialog over the page of the lead. Who may not, or comes too late, is told so in a
sentence instead of a form; the same rules judge again when the form comes back.
"""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lifecycle import service
from lifecycle.errors import BadInput, Refused, StaleVersion
from lifecycle.events import Source
from lifecycle.models import LeadEvent
from lifecycle.states import State
from lifecycle.timeline.because import label

from ..access import get_visible_lead_or_404
from ..forms.corrections import CorrectForm, CorrectionForm, VoidForm
from ..lead_page import desk_for
from ..lead_page.corrections import Correction, Mistake, read_correction, read_mistake
from .answers import dialog_answer
from .asked import Ask
from .kept import gone_sentence, kept_answer, words_in
from .outcome import done_answer, with_parts
from .undo import undone_sentence


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lead_void(request: HttpRequest, pk: int, event: UUID) -> HttpResponse:
    """Asks why a move was a mistake, and takes it back."""
    try:
        ask, fact = _find(request, pk, event)
    except Http404:
        return _gone(request)
    try:
        if request.method == "POST":
            return _void(ask, fact)
        service.check_void(lead_id=pk, target=event, actor=ask.user)
    except Refused as refused:
        return _impossible(ask, fact, refused, gettext("Not undone"))
    mistake = read_mistake(ask.lead, fact, desk_for(ask.user))
    return _form(ask, mistake, VoidForm(mistake.offered))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lead_correct(request: HttpRequest, pk: int, event: UUID) -> HttpResponse:
    """Asks for a better reason of a fact, and puts it beside the one that stands."""
    try:
        ask, fact = _find(request, pk, event)
    except Http404:
        return _gone(request)
    try:
        if request.method == "POST":
            return _correct(ask, fact)
        service.check_correction(lead_id=pk, target=event, actor=ask.user)
    except Refused as refused:
        return _impossible(ask, fact, refused, gettext("Not corrected"))
    correction = read_correction(fact, desk_for(ask.user))
    return _form(ask, correction, CorrectForm(correction.offered, saw=correction.standing))


def _find(request: HttpRequest, pk: int, event: UUID) -> tuple[Ask, LeadEvent]:
    lead = get_visible_lead_or_404(request.user, pk)  # type: ignore[arg-type]
    fact = lead.events.select_related("caused_by", "agent", "to_agent").filter(uuid=event).first()
    if fact is None:
        raise Http404("No such fact.")
    return Ask(request, lead, None), fact


def _gone(request: HttpRequest) -> HttpResponse:
    """A lead that was handed on, or was never there: what was typed is shown once more."""
    if request.method == "POST" and words_in(request.POST):
        return kept_answer(request, gone_sentence(request.POST), status=404)
    raise Http404("No such lead.")


# ---- doing it


def _void(ask: Ask, fact: LeadEvent) -> HttpResponse:
    mistake = read_mistake(ask.lead, fact, desk_for(ask.user))
    form = VoidForm(mistake.offered, ask.request.POST)
    typed = _typed(form)
    try:
        result = service.void_move(lead_id=ask.lead.pk, target=fact.uuid, **typed, **_common(ask, form))
    except Refused as refused:
        return _refused(ask, mistake, form, refused)
    void = result.events[0]
    columns = {State(void.from_status), State(void.to_status)}
    return done_answer(ask, undone_sentence(ask.lead, void), columns, back=_row(fact))


def _correct(ask: Ask, fact: LeadEvent) -> HttpResponse:
    correction = read_correction(fact, desk_for(ask.user))
    form = CorrectForm(correction.offered, ask.request.POST)
    typed = _typed(form)
    saw = form.cleaned_data.get("saw") if "saw" in form.data else None
    try:
        result = service.correct_reason(lead_id=ask.lead.pk, target=fact.uuid, saw=saw, **typed, **_common(ask, form))
    except StaleVersion as refused:
        return _look_again(ask, correction, refused)
    except Refused as refused:
        return _refused(ask, correction, form, refused)
    words = label(typed["reason"], fact.kind, correction.desk.reasons, ask.user.is_broker)
    said = (
        gettext("The reason is “%(reason)s” now.")
        if result.events
        else gettext("“%(reason)s” stands already. Nothing was recorded.")
    )
    kind = "good" if result.events else ""
    return done_answer(ask, said % {"reason": words}, {State(ask.lead.status)}, kind=kind, back=_row(fact))


def _typed(form: CorrectionForm) -> dict[str, Any]:
    """What the form says. Raises for a key that is none: nobody typed it, so no field can say so."""
    if not form.is_valid() and "uuid" in form.errors:
        raise BadInput(gettext("This form is damaged. Load it again."))
    return {name: form.cleaned_data.get(name, "") for name in ("reason", "note")}


def _common(ask: Ask, form: CorrectionForm) -> dict[str, Any]:
    return {"actor": ask.user, "source": Source.PAGE.value, "uuid": form.cleaned_data.get("uuid")}


def _row(fact: LeadEvent) -> str:
    return f"{reverse('lead', args=[fact.lead_id])}#v{fact.version}"


# ---- what is shown


def _form(ask: Ask, about: Mistake | Correction, form: CorrectionForm, *, status: int = 200) -> HttpResponse:
    context = {"lead": ask.lead, "about": about, "form": form, "back": _row(about.fact)}
    return dialog_answer(ask.request, "corrections/form", context, status=status)


def _refused(ask: Ask, about: Mistake | Correction, form: CorrectionForm, refused: Refused) -> HttpResponse:
    """What can be mended in the form is shown there; anything else ends the matter."""
    if refused.status != 422:
        raise refused
    form.add_refusal(refused)
    return _form(ask, about, form, status=422)


def _look_again(ask: Ask, correction: Correction, refused: StaleVersion) -> HttpResponse:
    """A colleague corrected the same reason: what stands now, with what was typed, to be looked at once more."""
    again = ask.request.POST.copy()
    again["saw"] = correction.standing
    form = CorrectForm(correction.offered, again)
    form.is_valid()
    form.add_error(None, refused.sentence + " " + gettext("Look at it once more, then save again."))
    return with_parts(ask, _form(ask, correction, form, status=409))


def _impossible(ask: Ask, fact: LeadEvent, refused: Refused, title: str) -> HttpResponse:
    """Nothing was written, and no form would help: the sentence, the words that were typed, the page as it is."""
    if ask.request.method == "POST" and words_in(ask.request.POST):
        answer = kept_answer(ask.request, refused.sentence, status=refused.status, lead=ask.lead)
    else:
        context = {"lead": ask.lead, "title": title, "refused": refused, "back": _row(fact)}
        answer = dialog_answer(ask.request, "corrections/refused", context, status=refused.status)
    return with_parts(ask, answer)
