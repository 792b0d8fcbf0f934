"""How close the cards of the viewer's board lie: kept with the person, so that it holds on every device."""

from typing import cast

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from ..models import User
from ..models.user import Density


@require_POST
def save_density(request: HttpRequest) -> HttpResponse:
    """Keeps the choice; in: ``density``, and without JavaScript the ``query`` of the board to return to."""
    wanted = request.POST.get("density", "")
    if wanted not in set(Density):
        return _no_such_density(request)
    User.objects.filter(pk=cast(User, request.user).pk).update(density=wanted)
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(status=204)
    query = QueryDict(request.POST.get("query", "")).urlencode()
    return redirect(f"{reverse('board')}?{query}" if query else reverse("board"))


def _no_such_density(request: HttpRequest) -> HttpResponse:
    context = {
        "code": 400,
        "title": gettext("That is not a choice"),
        "sentence": gettext("Cards lie roomy or compact; the form asked for something else. Nothing was changed."),
        "next_step": gettext("Go back to the board and use the button there."),
    }
    return render(request, "errors/400.html", context, status=400)
