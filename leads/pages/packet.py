"""The story so far of a lead, on one page: for the agent who takes it over. And of all leads of a bulk action."""

from dataclasses import replace
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..access import get_visible_lead_or_404
from ..bulk.results import get_batch_or_404, moved_words
from ..lead_page import desk_for
from ..models import User, What
from ..packet import read_packet
from ..packet.of_batch import AT_ONCE, leads_given, taker_or_404
from ..traces import count, shows_many


@never_cache
@require_safe
@shows_many(What.PACKET)
def lead_packet(request: HttpRequest, pk: int) -> HttpResponse:
    """The packet, to read on a phone or to print on one sheet."""
    lead = get_visible_lead_or_404(cast(User, request.user), pk)
    packet = read_packet(lead, desk_for(cast(User, request.user)))
    return render(request, "packet/packet.html", {"packet": packet, "lead": lead})


@never_cache
@require_safe
@shows_many(What.PACKETS)
def batch_packets(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The packets of the leads that a bulk action gave to somebody (``agent``), a sheet each, so many at a time."""
    viewer = cast(User, request.user)
    batch = get_batch_or_404(viewer, uuid)
    taker = taker_or_404(request.GET.get("agent", ""))
    leads = leads_given(batch, taker, viewer)
    page = Paginator(leads, AT_ONCE).get_page(request.GET.get("page"))
    desk = desk_for(viewer)
    # The sheets are for whoever got the leads: what is for brokers alone is not put into an agent's hands, neither
    # into those of the agent who got them nor into those of one who gave them to a broker.
    desk = replace(desk, viewer=taker) if taker and viewer.is_broker else desk
    more = page.next_page_number() if page.has_next() else 0
    context = {
        "batch": batch,
        "back": moved_words(batch),
        "taker": taker.display_name if taker else "",
        "packets": [read_packet(lead, desk) for lead in page],
        "left": page.paginator.count - page.end_index(),
        "next": f"?{urlencode({'agent': taker.pk if taker else '', 'page': more})}" if more else "",
    }
    answer = render(request, "packet/batch.html", context)
    count(answer, len(page))
    return answer
