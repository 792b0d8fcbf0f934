"""The people of the office, each with the way to the page about them."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ...custody.people import read_office
from ...lead_page.desk import desk_for
from ...models import User
from ...reports.asked import read_asked
from ...reports.catalog import AGENTS
from ...reports.frame import frame


@never_cache
@require_safe
def agents(request: HttpRequest) -> HttpResponse:
    """Everybody who holds leads or ever did, with what they hold now; an agent is led to the own page."""
    viewer = cast(User, request.user)
    if not viewer.is_broker:
        return redirect("report-agent", viewer.pk)
    desk = desk_for(viewer)
    asked = read_asked(request.GET, desk)
    says = [gettext("Leads held at this moment, closed and archived ones among them.")]
    context = frame(AGENTS, asked, desk, says=says, form=False, window=False)
    if not asked.refusals:
        context["office"] = read_office()
    return render(request, "reports/agents.html", context, status=asked.status)
