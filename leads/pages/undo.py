"""Taking a move back from the message that told of it. Both rows stay in the log."""

from collections.abc import Iterable
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from lifecycle import service
from lifecycle.errors import BadInput, Refused
from lifecycle.models import LeadEvent
from lifecycle.reasons import MIS_DRAG
from lifecycle.states import State

from ..lead_page.corrections import what_stays
from ..models import Lead
from .answers import Undo
from .asked import Ask, read_uuid
from .menu import stays_sentence
from .outcome import act_on_lead, done_answer, refused_answer


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
    return act_on_lead(request, pk, _void, _undone, _refused)


def _void(ask: Ask) -> LeadEvent:
    target = read_uuid(ask.request.POST.get("target", ""))
    if target is None:
        raise BadInput(gettext("This form does not say which move it takes back. Load the page again."), field="target")
    result = service.void_move(
        lead_id=ask.lead.pk,
        target=target,
        reason=MIS_DRAG,
        actor=ask.user,
        source=ask.source,
        uuid=read_uuid(ask.request.POST.get("uuid", "")),
    )
    return result.events[0]


def _undone(ask: Ask, void: LeadEvent) -> HttpResponse:
    columns = {State(void.from_status), State(void.to_status), State(ask.lead.status)}
    return done_answer(ask, undone_sentence(ask.lead, void), columns, back=reverse("lead", args=[ask.lead.pk]))


def undone_sentence(lead: Lead, void: LeadEvent) -> str:
    """Where the lead is again, and what came with the move and is not undone with it."""
    assert void.target is not None
    back_in = {"name": lead.name, "stage": State(void.to_status).label}
    return " ".join([gettext("Undone: %(name)s is back in %(stage)s.") % back_in, *what_stays(lead, void.target)])


def _refused(ask: Ask, refused: Refused) -> HttpResponse:
    fresh = ask.fresh
    sentence = f"{stays_sentence(fresh)} {refused.sentence}"
    return refused_answer(ask, refused, sentence, title=gettext("Not undone"))
