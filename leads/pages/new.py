"""A new lead, typed in by a person: checked for duplicates, then let in through the one door."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Source

from ..access import visible_leads
from ..board.filters import LONGEST_SEARCH
from ..duplicates import Duplicates, find_duplicates
from ..forms.lead import NewLeadForm
from ..lead_page import desk_for


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lead_new(request: HttpRequest) -> HttpResponse:
    """The form; on POST a lead, or the form again with what stands in the way.

    A search that found nobody brings along what was searched for: ``name``, ``email`` or ``phone``.
    """
    desk = desk_for(request.user)  # type: ignore[arg-type]
    if request.method != "POST":
        asked = {name: request.GET.get(name, "")[:LONGEST_SEARCH] for name in ("name", "email", "phone")}
        return _show(request, NewLeadForm(desk.viewer, desk.colleagues, known=asked))
    form = NewLeadForm(desk.viewer, desk.colleagues, request.POST)
    if not form.is_valid():
        return _show(request, form, status=422)
    typed = form.cleaned_data
    found = find_duplicates(desk.viewer, typed["email"], typed["phone"], made_by=typed.get("uuid"))
    if found and request.POST.get("anyway") != found.seal:
        return _show(request, form, found, status=409)
    return _create(request, form)


def _create(request: HttpRequest, form: NewLeadForm) -> HttpResponse:
    typed = form.cleaned_data
    lead = form.lead()
    try:
        service.create_lead(
            lead=lead,
            inquiry=typed["inquiry"],
            agent=form.chosen_agent(),
            note=typed["note"],
            occurred_at=typed.get("occurred_at"),
            uuid=typed.get("uuid"),
            actor=request.user,
            source=Source.PAGE.value,
        )
    except Refused as refusal:
        form.add_refusal(refusal)
        return _show(request, form, status=refusal.status)
    messages.success(request, gettext("%(name)s is in.") % {"name": lead.name})
    # Sent twice, the second answer may come after the lead was handed on.
    seen = visible_leads(request.user).filter(pk=lead.pk).exists()  # type: ignore[arg-type]
    return HttpResponseRedirect(reverse("lead", args=[lead.pk]) if seen else reverse("board"))


def _show(
    request: HttpRequest, form: NewLeadForm, duplicates: Duplicates | None = None, *, status: int = 200
) -> HttpResponse:
    return render(request, "leads/new.html", {"form": form, "duplicates": duplicates}, status=status)
