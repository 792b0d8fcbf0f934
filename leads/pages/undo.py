"""Taking a move back from the message that told of it. Both rows stay in the log."""

from collections.abc import Iterable
from typing import cast
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lifecycle import service
from lifecycle.errors import BadInput, Refused
from lifecycle.events import Kind
from lifecycle.flags import Flag
from lifecycle.models import LeadEvent
from lifecycle.states import State

from ..access import get_visible_lead_or_404
from ..models import Lead, User
from .answers import Undo, board_answer, gone_answer
from .asked import Ask, go, read_uuid
from .menu import menu_answer, stays_sentence

#: The reason that an undo from the board records.
_REASON = "mis_drag"


def undo_for(lead: Lead, events: Iterable[LeadEvent]) -> Undo | None:
    """The offer to take back the move among these new facts of a lead; None when none of them moved it."""
    move = next((e for e in events if e.to_status), None)
    if move is None:
        return None
    named = {"name": lead.name, "stage": State(move.to_status).label}
    return Undo(lead.pk, move.uuid, uuid4(), gettext("Undo: %(name)s moved to %(stage)s") % named)


@never_cache
@require_POST
def lead_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Voids the move whose uuid is `target`; refused as the service refuses, with the columns as they are."""
    try:
        lead = get_visible_lead_or_404(cast(User, request.user), pk)
    except Http404:
        return gone_answer(request)
    ask = Ask(request, lead, None)
    try:
        void = _void(ask)
    except Refused as refused:
        return _refused(ask, refused)
    return _undone(ask, void)


def _void(ask: Ask) -> LeadEvent:
    target = read_uuid(ask.request.POST.get("target", ""))
    if target is None:
        raise BadInput(gettext("This form does not say which move it takes back. Load the page again."), field="target")
    result = service.void_move(
        lead_id=ask.lead.pk,
        target=target,
        reason=_REASON,
        actor=ask.user,
        source=ask.source,
        uuid=read_uuid(ask.request.POST.get("uuid", "")),
    )
    return result.events[0]


def _undone(ask: Ask, void: LeadEvent) -> HttpResponse:
    back_in = State(void.to_status)
    sentence = gettext("Undone: %(name)s is back in %(stage)s.") % {"name": ask.lead.name, "stage": back_in.label}
    sentence = " ".join([sentence, *_what_stays(ask.lead, void)])
    if ask.on_board:
        columns = {State(void.from_status), back_in, State(ask.lead.status)}
        return board_answer(ask.request, columns, sentence=sentence, kind="good")
    messages.success(ask.request, sentence)
    return go(ask.request, reverse("lead", args=[ask.lead.pk]))


def _what_stays(lead: Lead, void: LeadEvent) -> list[str]:
    """What came with the move and is not undone with it: the call that caused it, the flag that it set."""
    move = void.target
    assert move is not None
    said = []
    if move.caused_by_id is not None:
        said.append(gettext("The logged call stays in the history."))
    flagged = lead.events.filter(kind=Kind.FLAG_SET.value, flag=Flag.DNC.value, version__gt=move.version)
    if lead.dnc and flagged.exists():
        said.append(gettext("“Do not contact” stays set."))
    return said


def _refused(ask: Ask, refused: Refused) -> HttpResponse:
    if not ask.on_board:
        return menu_answer(ask, refused, refused_title=gettext("Not undone"))
    fresh = Lead.objects.get(pk=ask.lead.pk)
    return board_answer(
        ask.request,
        {State(ask.lead.status), State(fresh.status)},
        status=refused.status,
        sentence=f"{stays_sentence(fresh)} {refused.sentence}",
        kind="bad",
    )
