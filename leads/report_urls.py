"""Every address of the reports, one line a page."""

from django.urls import path

from .pages.reports.agents import agents
from .pages.reports.coaching import coaching, coaching_facts
from .pages.reports.collapses import collapses, collapses_facts
from .pages.reports.first_response import first_response_facts, first_response_report
from .pages.reports.flow import flow, flow_facts
from .pages.reports.funnel import funnel, funnel_leads
from .pages.reports.glance import glance, glance_leads
from .pages.reports.paths import paths, paths_leads
from .pages.reports.time import time, time_facts, time_leads

urlpatterns = [
    path("", glance, name="reports"),
    path("leads/", glance_leads, name="report-glance-leads"),
    path("collapses/", collapses, name="report-collapses"),
    path("collapses/facts/", collapses_facts, name="report-collapses-facts"),
    path("funnel/", funnel, name="report-funnel"),
    path("funnel/leads/", funnel_leads, name="report-funnel-leads"),
    path("flow/", flow, name="report-flow"),
    path("flow/facts/", flow_facts, name="report-flow-facts"),
    path("paths/", paths, name="report-paths"),
    path("paths/leads/", paths_leads, name="report-paths-leads"),
    path("time/", time, name="report-time"),
    path("time/facts/", time_facts, name="report-time-facts"),
    path("time/leads/", time_leads, name="report-time-leads"),
    path("agents/", agents, name="report-agents"),
    path("agents/<int:agent>/", coaching, name="report-agent"),
    path("agents/<int:agent>/facts/", coaching_facts, name="report-agent-facts"),
    path("first-response/", first_response_report, name="report-first-response"),
    path("first-response/facts/", first_response_facts, name="report-first-response-facts"),
]
