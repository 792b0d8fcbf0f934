"""Every address of the reports, one line a page."""

from django.urls import path

from .pages.reports.agents import agents
from .pages.reports.coaching import coaching
from .pages.reports.first_response import first_response_facts, first_response_report
from .pages.reports.overview import overview

urlpatterns = [
    path("", overview, name="reports"),
    path("agents/", agents, name="report-agents"),
    path("agents/<int:agent>/", coaching, name="report-agent"),
    path("first-response/", first_response_report, name="report-first-response"),
    path("first-response/facts/", first_response_facts, name="report-first-response-facts"),
]
