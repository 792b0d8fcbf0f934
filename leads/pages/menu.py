"""The sheet of one lead: log a call with one tap, or choose where the lead goes."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext

from lifecycle.errors import Refused
from lifecycle.events import DEMOTIONS
from lifecycle.explain import why_not
from lifecycle.states import State
from lifecycle.transitions import for_person, legal_targets, must_ask

from ..forms.move import MoveForm
from ..models import Lead
from ..moments import span
from ..quick_call import quick_call
from .answers import dialog_answer
from .asked import Ask


def menu_answer(ask: Ask, refused: Refused | None = None, *, refused_title: str = "") -> HttpResponse:
    """The sheet, as a dialog or a page; with a refusal on top of it, and what did not happen as its title."""
    status = ask.lead.status
    targets = [
        {"state": s, "back": for_person(status, s)[0].kind in DEMOTIONS, "form": _bare_form(ask, s)}
        for s in legal_targets(status)
    ]
    context = {
        **frame(ask),
        "call": quick_call(ask.lead),
        "targets": targets,
        "others": [(s, why_not(status, s)) for s in State if s != status and s not in legal_targets(status)],
        "refused": refused,
        "refused_title": refused_title or gettext("Not moved"),
    }
    return dialog_answer(ask.request, "moves/menu", context, status=refused.status if refused else 200)


def frame(ask: Ask) -> dict[str, Any]:
    """What the head of every dialog about a move says: who, where, since when."""
    entered = ask.lead.stage_entered_at or timezone.now()
    return {
        "lead": ask.lead,
        "state": ask.lead.state,
        "here_for": span((timezone.now() - entered).total_seconds()),
        "back": ask.back,
        "on_board": ask.on_board,
    }


def stays_sentence(lead: Lead) -> str:
    """Where a lead is after a refusal."""
    return gettext("%(name)s stays in %(stage)s.") % {"name": lead.name, "stage": lead.state.label}


def _bare_form(ask: Ask, to: State) -> MoveForm | None:
    """A move that asks nothing is one button; the button still brings version and uuid."""
    if must_ask(ask.lead.status, to):
        return None
    return MoveForm(None, ask.lead, for_person(ask.lead.status, to)[0], viewer=ask.user, back=ask.back)
