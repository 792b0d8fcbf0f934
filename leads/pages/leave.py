"""Letting somebody go: what they hold and who takes it on one page, and what was done on the next."""

from typing import Any, cast
from uuid import UUID, uuid4

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from lifecycle.errors import Refused
from lifecycle.service import bulk

from .. import moments, offboarding
from ..access import get_person_or_404
from ..bulk.results import moved_words
from ..forms.leave import LeaveForm
from ..lead_page import desk_for
from ..models import Departure, User
from ..offboarding.holdings import read_holdings
from .reassign_batch import PATIENCE, read_key


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def let_go(request: HttpRequest, agent: int) -> HttpResponse:
    """What this person holds, and the form that does all of it; for brokers and admins."""
    viewer = _broker(request)
    answer: HttpResponse = _proved(request, viewer, get_person_or_404(viewer, agent))
    return answer


@reauthentication_required
def _proved(request: HttpRequest, viewer: User, person: User) -> HttpResponse:
    hindrance = offboarding.hindrance(viewer, person)
    if hindrance:
        return _show(request, person, None, hindrance=hindrance, status=403)
    if not person.is_active:
        return _gone(request, person)
    holds = read_holdings(person).open > 0
    if request.method != "POST":
        return _show(request, person, LeaveForm(desk_for(viewer), person, holds=holds))
    form = LeaveForm(desk_for(viewer), person, request.POST, holds=holds or "to" in request.POST)
    if not form.is_valid():
        return _show(request, person, form, status=422)
    try:
        made = offboarding.begin(
            uuid=read_key(request),
            person=person,
            actor=viewer,
            takers=form.takes(),
            note=form.cleaned_data.get("note", ""),
        )
    except Refused as refused:
        form.add_refusal(refused)
        return _show(request, person, form, status=refused.status)
    return _work_on(request, made, viewer)


def _work_on(request: HttpRequest, made: Departure, viewer: User) -> HttpResponse:
    try:
        offboarding.carry_on(made, viewer, patience=PATIENCE)
    except Refused as refused:
        return _departure(request, made, refused)
    return HttpResponseRedirect(_address(made))


def _gone(request: HttpRequest, person: User) -> HttpResponse:
    """Whoever has left already: how that went, or that it was done by hand."""
    last = Departure.objects.filter(person=person).order_by("-began_at").first()
    if last is not None:
        return HttpResponseRedirect(_address(last))
    said = gettext("%(name)s has left the office already.") % {"name": person.display_name}
    return _show(request, person, None, hindrance=said)


def _show(
    request: HttpRequest, person: User, form: LeaveForm | None, *, hindrance: str = "", status: int = 200
) -> HttpResponse:
    begun = Departure.objects.filter(person=person, done_at=None).select_related("batch").order_by("-began_at").first()
    context = {
        "person": person,
        "form": form,
        "holdings": read_holdings(person) if form is not None else None,
        "hindrance": hindrance,
        "begun": begun,
        "uuid": uuid4(),
    }
    return render(request, "people/leave.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def departure(request: HttpRequest, agent: int, uuid: UUID) -> HttpResponse:
    """How far it is, and what was done; on POST it goes on."""
    viewer = _broker(request)
    person = get_person_or_404(viewer, agent)
    made = Departure.objects.select_related("person", "batch").filter(pk=uuid, person=person).first()
    if made is None:
        raise Http404("No such departure.")
    if request.method != "POST":
        return _departure(request, made)
    answer: HttpResponse = _goes_on(request, made, viewer)
    return answer


@reauthentication_required
def _goes_on(request: HttpRequest, made: Departure, viewer: User) -> HttpResponse:
    try:
        made = offboarding.carry_on(made, viewer, patience=PATIENCE)
    except Refused as refused:
        return _departure(request, made, refused)
    if not request.htmx:  # type: ignore[attr-defined]
        return HttpResponseRedirect(_address(made))
    if made.done_at is not None:
        return HttpResponseClientRedirect(_address(made))
    return render(request, "people/progress_partial.html", _progress(made))


def _departure(request: HttpRequest, made: Departure, refused: Refused | None = None) -> HttpResponse:
    desk = desk_for(cast(User, request.user))
    at = made.done_at or made.began_at
    context = {
        **_progress(made),
        "holdings": read_holdings(made.person),
        "takers": _takers(made),
        "note": bulk.said_with(made.batch) if made.batch else "",
        "exact": moments.exact(at, desk.zone),
        "ago": moments.ago(at, desk.now),
        "iso": at.isoformat(),
        "refusal": refused.sentence if refused else "",
    }
    return render(request, "people/departure.html", context, status=refused.status if refused else 200)


def _progress(made: Departure) -> dict[str, Any]:
    size, done = (made.batch.size, made.batch.done) if made.batch else (1, 0)
    return {
        "departure": made,
        "person": made.person,
        "size": size,
        "done": done,
        "title": _title(made),
        "moved": moved_words(made.batch) if made.batch else "",
    }


def _title(made: Departure) -> str:
    name = {"name": made.person.display_name}
    if made.done_at is not None:
        return gettext("%(name)s has left the office") % name
    return gettext("%(name)s is leaving the office") % name


def _takers(made: Departure) -> list[str]:
    people = User.objects.in_bulk([pk for pk in made.takers if pk is not None])
    return [people[pk].display_name for pk in made.takers if pk in people]


def _address(made: Departure) -> str:
    return reverse("departure", args=[made.person_id, made.pk])


def _broker(request: HttpRequest) -> User:
    viewer = cast(User, request.user)
    if not viewer.is_broker:
        raise PermissionDenied
    return viewer
