"""The page about one agent, for a talk of two."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@never_cache
@require_safe
def coaching(request: HttpRequest, agent: int) -> HttpResponse:
    """Nothing is here yet."""
    raise Http404("No such page.")
