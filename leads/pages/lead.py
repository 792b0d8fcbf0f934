"""The page of one lead. Its quick actions, the form for a new lead and the search have files of their own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..access import get_visible_lead_or_404
from ..lead_page import desk_for
from .actions import lead_assign, lead_contact, lead_edit, lead_flags, lead_note
from .new import lead_new
from .panels import lead_context, whole_page
from .search import search

__all__ = [
    "lead_assign",
    "lead_contact",
    "lead_edit",
    "lead_flags",
    "lead_new",
    "lead_note",
    "lead_page",
    "search",
]


@never_cache
@require_safe
def lead_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page; for htmx, the next rows of the timeline alone."""
    lead = get_visible_lead_or_404(request.user, pk)  # type: ignore[arg-type]
    if request.htmx and "cursor" in request.GET:  # type: ignore[attr-defined]
        _, context = lead_context(request, lead, desk_for(request.user))  # type: ignore[arg-type]
        return render(request, "leads/more_rows.html", context)
    return whole_page(request, lead)
