"""Who held what: the chain of one lead, the people of the office, everything that one of them ever held."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..access import get_person_or_404, get_visible_lead_or_404
from ..custody.agent import ON_PAPER, read_all, read_book
from ..custody.asked import Asked, read_asked
from ..custody.download import as_csv
from ..custody.people import read_office
from ..lead_page import Desk, desk_for
from ..lead_page.custody import read_chain
from ..lead_page.custody_words import on_paper, zone_words
from ..models import User, What
from ..traces import count, gives_files


@never_cache
@require_safe
def lead_custody(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who ever held this lead."""
    lead = get_visible_lead_or_404(cast(User, request.user), pk)
    desk = desk_for(cast(User, request.user))
    context = {"lead": lead, "state": lead.state, "chain": read_chain(lead, desk), **_foot(desk)}
    return render(request, "custody/lead.html", context)


@never_cache
@require_safe
def custody(request: HttpRequest) -> HttpResponse:
    """The people of the office with what they hold; an agent's own page for an agent."""
    viewer = cast(User, request.user)
    if not viewer.is_broker:
        return HttpResponseRedirect(reverse("agent-custody", args=[viewer.pk]))
    return render(request, "custody/people.html", {"office": read_office()})


@never_cache
@require_safe
@gives_files(What.CUSTODY, shown=What.HELD)
def agent_custody(request: HttpRequest, agent: int) -> HttpResponse:
    """Every lead that this person ever held: as a page, to print, or for a broker as a file."""
    viewer = cast(User, request.user)
    person = get_person_or_404(viewer, agent)
    desk = desk_for(viewer)
    asked = read_asked(request.GET, desk.zone)
    if request.GET.get("format") == "csv":
        return _file(person, asked, desk)
    context = {"person": person, "own": person.pk == viewer.pk, "asked": asked, **_foot(desk)}
    if asked.refusals:
        return render(request, "custody/agent.html", context, status=400)
    book = read_book(person, asked, desk)
    more = asked.query(after=book.cursor) if book.cursor and not asked.for_print else ""
    links = {
        "more_query": more,
        "first_query": asked.query(),
        "print_query": asked.query(print=1),
        "csv_query": asked.query(format="csv") if viewer.is_broker else "",
        "cut_to": ON_PAPER if asked.for_print and book.cursor else 0,
    }
    answer = render(request, "custody/agent.html", {**context, "book": book, **links})
    count(answer, len(book.rows))
    return answer


def _foot(desk: Desk) -> dict[str, Any]:
    return {"zone": zone_words(desk), "paper": on_paper(desk)}


def _file(person: User, asked: Asked, desk: Desk) -> HttpResponse:
    if not desk.viewer.is_broker:
        raise PermissionDenied("Files are for brokers.")
    if asked.refusals:
        return HttpResponse("\n".join(asked.refusals), status=400, content_type="text/plain; charset=utf-8")
    rows = list(read_all(person, asked, desk))
    answer = HttpResponse(as_csv(rows), content_type="text/csv; charset=utf-8")
    count(answer, len(rows))
    answer["Content-Disposition"] = f'attachment; filename="custody-{person.pk}-{desk.now:%Y-%m-%d}.csv"'
    return answer
