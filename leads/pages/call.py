"""A call logged with one tap: what came of it is all that is asked."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lifecycle import service
from lifecycle.errors import BadInput, Refused
from lifecycle.events import Channel, Outcome
from lifecycle.service import Result
from lifecycle.states import State

from ..quick_call import OUTCOMES, quick_call
from .asked import Ask, read_uuid
from .outcome import act_on_lead, done_answer, refused_answer
from .undo import undo_for


@never_cache
@require_POST
def lead_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Logs an outbound call with its `outcome`; the first one to a new lead makes Scribe move it to Contacting.

    No version is asked: the call happened, whatever a colleague did meanwhile. The uuid makes two taps one call.
    """
    return act_on_lead(request, pk, _log, _logged, _refused)


def _log(ask: Ask) -> Result:
    outcome = ask.request.POST.get("outcome", "")
    if outcome not in set(OUTCOMES):
        raise BadInput(gettext("Choose what came of the call."), field="outcome")
    if why := quick_call(ask.lead).hindrance:
        raise Refused(why)
    return service.log_contact(
        lead_id=ask.lead.pk,
        channel=Channel.CALL.value,
        outcome=outcome,
        actor=ask.user,
        source=ask.source,
        uuid=read_uuid(ask.request.POST.get("uuid", "")),
    )


def _logged(ask: Ask, result: Result) -> HttpResponse:
    undo = undo_for(ask.lead, result.events)
    sentence = _said(Outcome(result.events[0].data["outcome"]))
    if undo is not None:
        moved = gettext("%(name)s moved to %(stage)s.")
        sentence += " " + moved % {"name": ask.lead.name, "stage": State.CONTACTING.label}
    return done_answer(ask, sentence, {State(ask.lead.status), State(result.state.status)}, undo=undo)


def _said(outcome: Outcome) -> str:
    match outcome:
        case Outcome.SPOKE:
            return gettext("Call logged: you spoke.")
        case Outcome.NO_ANSWER:
            return gettext("Call logged: no answer.")
        case Outcome.VOICEMAIL:
            return gettext("Call logged: left a voicemail.")
    return gettext("Call logged: wrong number.")


def _refused(ask: Ask, refused: Refused) -> HttpResponse:
    return refused_answer(ask, refused, refused.sentence, title=gettext("Not logged"))
