"""The page of a lead with its forms, whole or in parts: what GET shows, and what every quick action answers with."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from ..access import visible_leads
from ..forms.actions import ActionForm, AssignForm, ClearFlagForm, ContactForm, EditForm, NoteForm, SetFlagForm
from ..lead_page import Desk, LeadPage, desk_for, read_page
from ..models import Lead
from ..quick_call import quick_call
from .answers import Undo, page_on_screen, read_query
from .at_form import fresh_ask

FORMS: dict[str, type[ActionForm]] = {
    form.name: form for form in (ContactForm, NoteForm, AssignForm, SetFlagForm, ClearFlagForm, EditForm)
}
#: What tells of a person is not offered once the person's data were erased; the service refuses it as well.
_OF_A_PERSON = frozenset({ContactForm.name, NoteForm.name, EditForm.name})


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
        if lead.erased_at is not None and name in _OF_A_PERSON and not is_bound:
            continue
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
        "state": lead.state,
        "quick": quick_call(lead),
        "ask": fresh_ask(desk),
        "panels": panels(lead, desk, bound, query.get("open", "")),
    }
    return page, context


def _query(request: HttpRequest) -> QueryDict:
    """The query string of the page on the screen: an action's answer keeps the timeline filtered as it was."""
    shown = page_on_screen(request)
    if request.method != "POST" or not shown:
        return request.GET
    query = read_query(shown.partition("?")[2])
    for gone in ("cursor", "open"):
        query.pop(gone, None)
    return query


def whole_page(
    request: HttpRequest, lead: Lead, bound: ActionForm | None = None, *, desk: Desk | None = None, status: int = 200
) -> HttpResponse:
    """The page, with a form that was refused still open and filled in."""
    _, context = lead_context(request, lead, desk or desk_for(request.user), bound)  # type: ignore[arg-type]
    return render(request, "leads/lead.html", context, status=status)


def parts_answer(
    request: HttpRequest,
    lead: Lead,
    *,
    sentence: str,
    kind: str = "good",
    undo: Undo | None = None,
    redraw: Iterable[str] = ("assign",),
    close: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page in parts, as the lead is now, for a page that is open: what every done action answers htmx with.

    In: the sentence for toast and live region with its kind, what the toast offers to undo, which forms are drawn anew
    (the one that assigns knows the lead's version), whether an open dialog closes.
    """
    fresh = visible_leads(request.user).select_related("agent").filter(pk=lead.pk).first()  # type: ignore[arg-type]
    if fresh is None:
        return HttpResponseClientRedirect(reverse("board"))
    _, context = lead_context(request, fresh, desk_for(request.user))  # type: ignore[arg-type]
    context |= {
        "redraw": [context["panels"][name] for name in redraw if name in context["panels"]],
        "is_stale": True,
        "bar": True,
        "sentence": sentence,
        "kind": kind,
        "undo": undo,
        "close": close,
    }
    return render(request, "leads/acted.html", context, status=status)
