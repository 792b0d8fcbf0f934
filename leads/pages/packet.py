"""The story so far of a lead, on one page: for the agent who takes it over."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.states import State

from ..access import get_visible_lead_or_404
from ..lead_page import desk_for
from ..models import User
from ..packet import read_packet


@never_cache
@require_safe
def lead_packet(request: HttpRequest, pk: int) -> HttpResponse:
    """The packet, to read on a phone or to print on one sheet."""
    lead = get_visible_lead_or_404(cast(User, request.user), pk)
    packet = read_packet(lead, desk_for(cast(User, request.user)))
    context = {"packet": packet, "lead": lead, "called": packet.called, "state": State(lead.status)}
    return render(request, "packet/packet.html", context)
