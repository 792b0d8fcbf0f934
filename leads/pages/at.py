"""How a lead stood at an instant: a page with an address that lasts, and by htmx an answer inside the lead's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.history import read_clock

from ..access import get_visible_lead_or_404
from ..asked_time import read_time
from ..lead_page import desk_for
from ..lead_page.at import state_at
from ..lead_page.called import called
from .at_form import asked_again, fresh_ask

_NOT_A_MOMENT = 422


@never_cache
@require_safe
def lead_at(request: HttpRequest, pk: int) -> HttpResponse:
    """The state at ``t`` by ``clock``; without ``t`` the question alone, 422 with the question for one that fails."""
    lead = get_visible_lead_or_404(request.user, pk)  # type: ignore[arg-type]
    desk = desk_for(request.user)  # type: ignore[arg-type]
    asked = read_time(request.GET, "t", desk.zone, desk.now)
    clock = read_clock(request.GET.get("clock"))
    path = reverse("lead-at", args=[pk])
    at = state_at(lead, asked.moment, clock, desk) if asked.moment else None
    context: dict[str, Any] = {
        "lead": lead,
        "called": called(lead.name),
        "ask": asked_again(asked, clock, desk, path) if asked.is_asked else fresh_ask(desk),
        "at": at,
        "permalink": request.build_absolute_uri(at.link) if at else "",
    }
    part = bool(request.htmx)  # type: ignore[attr-defined]
    status = _NOT_A_MOMENT if asked.is_asked and asked.moment is None else 200
    return render(request, "leads/at/answer.html" if part else "leads/at/page.html", context, status=status)
