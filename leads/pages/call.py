"""A call logged with one tap: what came of it is all that is asked."""

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lifecycle import service
from lifecycle.errors import BadInput, Refused
from lifecycle.events import Channel, Outcome
from lifecycle.service import Result
from lifecycle.states import State

from ..access import get_visible_lead_or_404
from ..models import Lead, User
from ..quick_call import OUTCOMES, quick_call
from .answers import board_answer, gone_answer
from .asked import Ask, go, read_uuid
from .menu import menu_answer
from .undo import undo_for


@never_cache
@require_POST
def lead_call(request: HttpRequest, pk: int) -> HttpResponse:
    """Logs an outbound call with its `outcome`; the first one to a new lead makes Scribe move it to Contacting.

    No version is asked: the call happened, whatever a colleague did meanwhile. The uuid makes two taps one call.
    """
    try:
        lead = get_visible_lead_or_404(cast(User, request.user), pk)
    except Http404:
        return gone_answer(request)
    ask = Ask(request, lead, None)
    try:
        result = _log(ask)
    except Refused as refused:
        return _refused(ask, refused)
    return _logged(ask, result)


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
    if ask.on_board:
        columns = {State(ask.lead.status), State(result.state.status)}
        return board_answer(ask.request, columns, sentence=sentence, kind="good", close=True, undo=undo)
    messages.success(ask.request, sentence)
    return go(ask.request, ask.back)


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
    """Nothing was logged: the sentence, on the board with the column as it is, elsewhere over the sheet."""
    if not ask.on_board:
        return menu_answer(ask, refused, refused_title=gettext("Not logged"))
    fresh = Lead.objects.get(pk=ask.lead.pk)
    return board_answer(
        ask.request,
        {State(ask.lead.status), State(fresh.status)},
        status=refused.status,
        sentence=refused.sentence,
        kind="bad",
        close=True,
    )
