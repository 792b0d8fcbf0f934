"""The page of a lead with its forms, whole or in parts: what GET shows, and what every quick action answers with."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext

from lifecycle.events import Outcome
from lifecycle.states import State

from ..forms.actions import ActionForm, AssignForm, ClearFlagForm, ContactForm, EditForm, NoteForm, SetFlagForm
from ..lead_page import Desk, LeadPage, desk_for, read_page
from ..models import Lead

FORMS: dict[str, type[ActionForm]] = {
    form.name: form for form in (ContactForm, NoteForm, AssignForm, SetFlagForm, ClearFlagForm, EditForm)
}


#: What a call comes to, nearly always, and the picture on its button.
_OUTCOMES = {
    Outcome.SPOKE: "phone-call",
    Outcome.NO_ANSWER: "phone-missed",
    Outcome.VOICEMAIL: "voicemail",
    Outcome.WRONG_NUMBER: "phone-off",
}


@dataclass(frozen=True, slots=True)
class QuickCall:
    """A call logged by one press of its outcome; with a ``hindrance`` there are no such buttons, and it says why.

    ``closed``: the ways to this person that are not offered as a link, by the name of their icon.
    """

    hindrance: str
    number: str
    closed: frozenset[str]

    @property
    def outcomes(self) -> list[tuple[str, str, str]]:
        return [(o.value, o.label, icon) for o, icon in _OUTCOMES.items()]

    def new_uuid(self) -> UUID:
        """Another one for every form that is drawn: two presses on one form are one call."""
        return uuid4()


def quick_call(lead: Lead) -> QuickCall:
    """How this lead may be called, and what is said where it must not be."""
    hindrance = ""
    if lead.dnc:
        hindrance = gettext("This lead asked not to be contacted. Logging a contact needs a reason.")
    elif lead.do_not_call:
        hindrance = gettext("“Do not call” is set. If there was a call all the same, log it with the form.")
    no_mail = lead.dnc or lead.do_not_email
    closed = frozenset([*(["phone"] if hindrance else []), *(["mail"] if no_mail else [])])
    return QuickCall(hindrance, "" if hindrance else lead.phone_e164, closed)


@dataclass(frozen=True, slots=True)
class Panel:
    """One quick action as the template draws it."""

    form: ActionForm
    open: bool

    @property
    def name(self) -> str:
        return self.form.name

    @property
    def template(self) -> str:
        return f"leads/actions/{self.form.name}.html"


def panels(lead: Lead, desk: Desk, bound: ActionForm | None = None, opened: str = "") -> dict[str, Panel]:
    """The quick actions, fresh; ``bound`` takes the place of its own kind and stays open."""
    made = {}
    for name, form in FORMS.items():
        is_bound = bound is not None and bound.name == name
        made[name] = Panel(bound if bound is not None and is_bound else form(lead, desk), is_bound or name == opened)
    return made


def lead_context(
    request: HttpRequest, lead: Lead, desk: Desk, bound: ActionForm | None = None
) -> tuple[LeadPage, dict[str, Any]]:
    """What the templates of the page need, and the page itself."""
    query = _query(request)
    page = read_page(lead, desk, query)
    context = {
        "page": page,
        "lead": lead,
        "called": page.called,
        "state": State(lead.status),
        "quick": quick_call(lead),
        "panels": panels(lead, desk, bound, query.get("open", "")),
    }
    return page, context


def _query(request: HttpRequest) -> QueryDict:
    """The query string of the page on the screen: an action's answer keeps the timeline filtered as it was."""
    shown: str = request.htmx.current_url_abs_path or "" if request.htmx else ""  # type: ignore[attr-defined]
    if request.method != "POST" or not shown:
        return request.GET
    query = QueryDict(shown.partition("?")[2].partition("#")[0], mutable=True)
    for gone in ("cursor", "open"):
        query.pop(gone, None)
    return query


def whole_page(
    request: HttpRequest, lead: Lead, bound: ActionForm | None = None, *, desk: Desk | None = None, status: int = 200
) -> HttpResponse:
    """The page, with a form that was refused still open and filled in."""
    _, context = lead_context(request, lead, desk or desk_for(request.user), bound)  # type: ignore[arg-type]
    return render(request, "leads/lead.html", context, status=status)
