"""The front door of the reports."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Leads to the people of the office."""
    return redirect("report-agents")
