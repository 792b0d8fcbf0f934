"""Moving one lead: the list of places it may go, the form that a move asks for, and the move itself.

The same address serves a page, a dialog on the board and a drop. A drop that needs an answer gets the form back and
nothing is written; what the rules refuse comes back as a sentence with the columns as they truly are.
"""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lifecycle import service
from lifecycle.errors import IllegalMove, Refused, StaleVersion
from lifecycle.events import Source
from lifecycle.flags import Flag
from lifecycle.models import LeadEvent
from lifecycle.states import NewerStage, State
from lifecycle.transitions import Need, Transition, for_person, must_ask

from ..access import get_visible_lead_or_404, visible_leads
from ..forms.move import MoveForm, target_of
from ..models import User
from .answers import board_answer, dialog_answer, gone_answer
from .asked import Ask, read_uuid, read_version
from .kept import gone_sentence, kept_answer, words_in
from .menu import frame, menu_answer, stays_sentence
from .outcome import done_answer
from .undo import undo_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lead_move(request: HttpRequest, pk: int) -> HttpResponse:
    """GET lists the targets, or shows the form of one (`?to=`); POST moves, or asks for what is missing."""
    try:
        lead = get_visible_lead_or_404(cast(User, request.user), pk)
    except Http404:
        if request.method == "POST" and words_in(request.POST):
            return kept_answer(request, gone_sentence(request.POST), status=404)
        if request.method == "POST":
            return gone_answer(request)
        raise
    values = request.POST if request.method == "POST" else request.GET
    ask = Ask(request, lead, target_of(values.get("to")))
    if request.method == "POST":
        return _post(ask)
    if "to" not in request.GET:
        return menu_answer(ask)
    try:
        return _form_answer(ask, MoveForm(None, lead, ask.transition(), viewer=ask.user, back=ask.back))
    except Refused as refused:
        return menu_answer(ask, refused)


def _post(ask: Ask) -> HttpResponse:
    posted = ask.request.POST
    try:
        version = read_version(posted.get("version", ""))
        uuid = read_uuid(posted.get("uuid", ""))
        if ask.to is not None and ask.to == ask.lead.status:
            return _already_there(ask, ask.to, uuid)
        _check_version(ask, version)
        move = ask.transition()
        if must_ask(ask.lead.status, move.to_status) and not posted.get("submitted"):
            return _form_answer(ask, MoveForm(None, ask.lead, move, viewer=ask.user, back=ask.back))
        return _submit(ask, move, version)
    except StaleVersion as refused:
        return _stale(ask, refused)
    except Refused as refused:
        return _refusal(ask, refused)


def _check_version(ask: Ask, version: int) -> None:
    """Raises ``StaleVersion`` before anything else is judged: an old card would be told the wrong rule.

    Only for the sentence; the service asks again under its lock.
    """
    service.check_version(lead=ask.lead, actor=ask.user, source=Source.BOARD.value, expected_version=version)


def _submit(ask: Ask, move: Transition, version: int) -> HttpResponse:
    form = MoveForm(ask.request.POST, ask.lead, move, viewer=ask.user, back=ask.back)
    if not form.is_valid():
        return _form_answer(ask, form, status=422)
    try:
        facts = _record(ask, move, form.cleaned_data, version)
    except Refused as refused:
        if refused.status != 422:
            raise
        form.add_refusal(refused)
        return _form_answer(ask, form, status=422)
    return _moved(ask, move.to_status, facts)


def _record(ask: Ask, move: Transition, typed: dict[str, Any], version: int) -> list[LeadEvent]:
    """Writes what the form says: a logged contact, or a move and perhaps the flag that came with its reason.

    Out: the new facts, the move among them.
    """
    common: dict[str, Any] = {
        "lead_id": ask.lead.pk,
        "actor": ask.user,
        "source": ask.source,
        "uuid": typed.get("uuid"),
        "occurred_at": typed.get("occurred_at"),
        "expected_version": version,
        "note": typed.get("note", ""),
    }
    if Need.CONTACT in move.needs:
        said = {name: typed.get(name, "") for name in ("channel", "outcome", "override_reason")}
        return service.log_contact(**common, **said).events
    with transaction.atomic():
        contact = {n: typed[n] for n in ("name", "email", "phone")} if Need.CONTACT_DATA in move.needs else None
        moved = service.move_lead(
            **common,
            to=move.to_status.value,
            kind=move.kind.value,
            reason=typed.get("reason", ""),
            document=typed.get("document", ""),
            closing_date=typed.get("closing_date"),
            duplicate_of=typed.get("duplicate_of"),
            contact=contact,
        )
        if typed.get("also_dnc"):
            _set_do_not_contact(ask, typed["also_dnc"], typed.get("uuid"))
    return moved.events


def _set_do_not_contact(ask: Ask, reason: str, uuid: UUID | None) -> None:
    service.set_flag(
        lead_id=ask.lead.pk,
        flag=Flag.DNC.value,
        reason=reason,
        actor=ask.user,
        source=ask.source,
        uuid=uuid5(uuid, Flag.DNC.value) if uuid else None,
    )


# ---- answers


def _moved(ask: Ask, to: State, facts: Iterable[LeadEvent]) -> HttpResponse:
    sentence = gettext("%(name)s moved to %(stage)s.") % {"name": ask.lead.name, "stage": to.label}
    return done_answer(ask, sentence, _columns(ask, to), undo=undo_for(ask.lead, facts))


def _already_there(ask: Ask, to: State, uuid: UUID | None) -> HttpResponse:
    """The lead is where this request wants it: by this very form, sent twice, or because a colleague was faster."""
    if uuid is not None and ask.lead.events.filter(uuid=uuid, actor=ask.user).exists():
        return _moved(ask, to, ask.lead.events.filter(Q(uuid=uuid) | Q(caused_by__uuid=uuid)))
    if _has_words(ask):
        return _keep_words(ask, _who_was_faster(ask), status=409)
    said = gettext("%(name)s is already in %(stage)s. Nothing was changed.")
    sentence = said % {"name": ask.lead.name, "stage": to.label}
    return done_answer(ask, sentence, _columns(ask), kind="")


def _has_words(ask: Ask) -> bool:
    return bool(ask.request.POST.get("submitted") and words_in(ask.request.POST, ask.lead))


def _keep_words(ask: Ask, sentence: str, *, status: int) -> HttpResponse:
    """The dialog stays open with the sentence and the words; where the lead is in sight, they may become a note."""
    seen = visible_leads(ask.user).filter(pk=ask.lead.pk).first()
    if seen is None:
        return kept_answer(ask.request, gone_sentence(ask.request.POST), status=404)
    return kept_answer(ask.request, sentence, status=status, lead=seen)


def _who_was_faster(ask: Ask) -> str:
    try:
        _check_version(ask, read_version(ask.request.POST.get("version", "")))
    except Refused as refused:
        return refused.sentence
    said = gettext("%(name)s is in %(stage)s already. Your words were not saved.")
    return said % {"name": ask.lead.name, "stage": ask.lead.state.label}


def _refusal(ask: Ask, refused: Refused) -> HttpResponse:
    """What cannot be mended in a form: the sentence, and on the board the columns as they are."""
    if _has_words(ask):
        return _keep_words(ask, refused.sentence, status=refused.status)
    if ask.on_board:
        fresh = ask.fresh
        states = _columns(ask, fresh.state)
        sentence = (
            f"{stays_sentence(fresh)} {refused.sentence}" if isinstance(refused, IllegalMove) else refused.sentence
        )
        return board_answer(ask.request, states, status=refused.status, sentence=sentence, kind="bad", close=True)
    return menu_answer(ask, refused)


def _stale(ask: Ask, refused: StaleVersion) -> HttpResponse:
    """Somebody was faster. Where the move still makes sense, what was typed stays and may be sent once more."""
    try:
        fresh = get_visible_lead_or_404(ask.user, ask.lead.pk)
    except Http404:
        return _refusal(ask, refused)
    moves = for_person(fresh.status, ask.to) if ask.to else ()
    if not ask.request.POST.get("submitted") or not moves or refused.details.get("to_status"):
        return _refusal(ask, refused)
    again = ask.request.POST.copy()
    again["version"] = str(fresh.version)
    form = MoveForm(again, fresh, moves[0], viewer=ask.user, back=ask.back)
    form.is_valid()
    form.add_error(None, refused.sentence + " " + gettext("Look at it once more, then save again."))
    return _form_answer(Ask(ask.request, fresh, ask.to), form, status=409)


def _form_answer(ask: Ask, form: MoveForm, *, status: int = 200) -> HttpResponse:
    return dialog_answer(ask.request, "moves/form", {**frame(ask), "form": form, "move": form.move}, status=status)


def _columns(ask: Ask, *more: State | NewerStage | None) -> list[State]:
    """The columns whose truth an answer carries: where the page took the card from, where to, and where it is."""
    named = (target_of(ask.request.POST.get("from")), ask.to, ask.lead.state, *more)
    return [s for s in State if s in named]
