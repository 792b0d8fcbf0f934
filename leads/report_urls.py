"""Every address of the reports, one line a page."""

from django.urls import path

from .pages.reports.agents import agents
from .pages.reports.coaching import coaching
from .pages.reports.glance import glance, glance_leads

urlpatterns = [
    path("", glance, name="reports"),
    path("leads/", glance_leads, name="report-glance-leads"),
    path("agents/", agents, name="report-agents"),
    path("agents/<int:agent>/", coaching, name="report-agent"),
]
