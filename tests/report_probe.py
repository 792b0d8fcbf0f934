"""A report that asks for everything that the frame offers, to try the frame with: every move, none of it counted."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from crm.urls import urlpatterns as of_the_product
from leads.lead_page.desk import desk_for
from leads.models import Lead, User
from leads.reports.asked import read_asked
from leads.reports.catalog import FLOW
from leads.reports.facts import facts_page, leads_behind
from leads.reports.files import csv_answer
from leads.reports.frame import frame
from leads.reports.windows import this_quarter
from lifecycle.events import Kind
from lifecycle.models import LeadEvent

SAYS = ["Every move counts once."]


def probe(request: HttpRequest) -> HttpResponse:
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, this_quarter, extras=("reason",))
    if asked.as_file and not asked.refusals:
        return csv_answer("probe", ("name", "n"), [("=1+1", "3")])
    chips = [("reason", asked.extra["reason"])] if asked.extra["reason"] else []
    around = frame(
        FLOW, asked, desk, says=SAYS, switches=("voided", "inferred"), credit=True, chips=chips, title="Probe"
    )
    return render(request, "reports/base.html", around, status=asked.status)


def probe_facts(request: HttpRequest) -> HttpResponse:
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk, extras=("kind",))
    wanted: dict[str, Any] = {"kind": asked.extra["kind"]} if asked.extra["kind"] else {}
    facts = LeadEvent.objects.exclude(kind=Kind.MOVE_VOIDED).filter(**wanted)
    return facts_page(
        request,
        FLOW,
        asked,
        desk,
        facts,
        words="Facts of the probe",
        back=reverse("probe"),
        notes=lambda found: {fact.pk: f"version {fact.version}" for fact in found},
        notes_head="Which one",
    )


def probe_leads(request: HttpRequest) -> HttpResponse:
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk)
    return leads_behind(
        request, FLOW, asked, desk, Lead.objects.all(), words="Leads of the probe", back=reverse("probe")
    )


urlpatterns = [
    path("probe/", probe, name="probe"),
    path("probe/facts/", probe_facts, name="probe-facts"),
    path("probe/leads/", probe_leads, name="probe-leads"),
    *of_the_product,
]
handler400 = "crm.errors.bad_request"
handler403 = "crm.errors.forbidden"
handler404 = "crm.errors.not_found"
handler500 = "crm.errors.server_error"
