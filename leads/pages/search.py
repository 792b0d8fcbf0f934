"""Search over the leads that the viewer may see today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..board.filters import LONGEST_SEARCH
from ..search import find_leads


@never_cache
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """The leads that match ``q``, best first."""
    asked = request.GET.get("q", "")
    text = asked[:LONGEST_SEARCH]
    cut_to = LONGEST_SEARCH if len(asked) > LONGEST_SEARCH else 0
    found = find_leads(request.user, text)  # type: ignore[arg-type]
    return render(request, "leads/search.html", {"text": text.strip(), "found": found, "cut_to": cut_to})
