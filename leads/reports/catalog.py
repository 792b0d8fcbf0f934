"""The pages of reports, in the order of their tabs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import pgettext


@dataclass(frozen=True, slots=True)
class Report:
    """``name`` is that of its files, ``url_name`` that of its page, ``icon`` one of the sprite."""

    name: str
    url_name: str
    icon: str
    says: Callable[[], str]

    @property
    def title(self) -> str:
        return self.says()

    @property
    def url(self) -> str:
        """Its address; ``""`` where this release has no such page."""
        try:
            return reverse(self.url_name)
        except NoReverseMatch:
            return ""


OVERVIEW = Report("overview", "reports", "chart-column", lambda: pgettext("report", "At a glance"))
COLLAPSES = Report("collapses", "report-collapses", "undo-2", lambda: pgettext("report", "What fell back"))
TIME = Report("time", "report-time", "hourglass", lambda: pgettext("report", "Time in each stage"))
FUNNEL = Report("funnel", "report-funnel", "filter", lambda: pgettext("report", "How far leads get"))
FLOW = Report("flow", "report-flow", "arrow-right-left", lambda: pgettext("report", "Flow"))
PATHS = Report("paths", "report-paths", "workflow", lambda: pgettext("report", "Paths"))
FIRST_RESPONSE = Report(
    "first-response", "report-first-response", "timer", lambda: pgettext("report", "First response")
)
AGENTS = Report("agents", "report-agents", "users-round", lambda: pgettext("report", "Agent by agent"))

CATALOG = (OVERVIEW, COLLAPSES, TIME, FUNNEL, FLOW, PATHS, FIRST_RESPONSE, AGENTS)
