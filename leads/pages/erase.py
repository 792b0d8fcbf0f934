"""Erasing a person's data: first what would go and what stays, and only a confirmed form does it."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lifecycle.errors import Refused, StaleVersion
from lifecycle.events import Source
from lifecycle.service.erasing import neutral_name

from ..access import get_visible_lead_or_404
from ..erasure import erase
from ..erasure.outlook import outlook
from ..forms.erase import EraseForm
from ..lead_page import desk_for
from ..models import Lead, User
from .told import tell


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lead_erase(request: HttpRequest, pk: int) -> HttpResponse:
    """For brokers and admins, who have proved lately that it is them."""
    viewer = cast(User, request.user)
    lead = get_visible_lead_or_404(viewer, pk)
    if not viewer.is_broker:
        raise PermissionDenied
    answer: HttpResponse = _proved(request, lead)
    return answer


@reauthentication_required
def _proved(request: HttpRequest, lead: Lead) -> HttpResponse:
    if request.method != "POST":
        return _show(request, lead, EraseForm(lead, desk_for(cast(User, request.user))))
    form = EraseForm(lead, desk_for(cast(User, request.user)), request.POST)
    if not form.is_valid():
        return _show(request, lead, form, status=422)
    try:
        done = erase(lead_id=lead.pk, actor=request.user, source=Source.PAGE.value, **form.common())
    except Refused as refused:
        return _refused(request, lead, form, refused)
    if done.events:
        tell(request, gettext("The personal data of this lead are erased. The facts stay."))
    else:
        tell(request, gettext("There was nothing left to erase."), kind="info")
    return HttpResponseRedirect(reverse("lead", args=[lead.pk]))


def _refused(request: HttpRequest, lead: Lead, form: EraseForm, refused: Refused) -> HttpResponse:
    form.add_refusal(refused)
    if isinstance(refused, StaleVersion):
        # What would go is counted anew, so the same button means what the page says now.
        lead.refresh_from_db()
        form.catch_up()
    return _show(request, lead, form, status=refused.status)


def _show(request: HttpRequest, lead: Lead, form: EraseForm, *, status: int = 200) -> HttpResponse:
    context = {"lead": lead, "form": form, "neutral": neutral_name(lead.pk), "outlook": None, "hindrance": ""}
    try:
        context["outlook"] = outlook(lead, cast(User, request.user))
    except Refused as refused:
        context["hindrance"] = refused.sentence
    return render(request, "leads/erase.html", context, status=status)
