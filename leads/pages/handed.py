"""The leads that colleagues handed to the viewer, with their packets; looked at once, the board says no more of it."""

from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import moments
from ..board.handed import handed_to
from ..models import User

_SEEN = "handed_seen"


def seen_by(request: HttpRequest) -> int:
    """The newest assignment that the viewer said to have looked at, in this session; 0 for none."""
    seen: int = request.session.get(_SEEN, 0)
    return seen


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handed_page(request: HttpRequest) -> HttpResponse:
    """What was handed over, newest first; on POST the line over the board goes, up to what the page showed."""
    viewer, now = cast(User, request.user), timezone.now()
    waiting = handed_to(viewer, now)
    if request.method == "POST":
        newest = waiting.order_by("-pk").filter(pk__lte=_read(request.POST.get("newest", ""))).first()
        request.session[_SEEN] = max(newest.pk if newest else 0, seen_by(request))
        return redirect("board")
    facts = list(waiting.select_related("lead").order_by("-occurred_at", "-pk"))
    context: dict[str, Any] = {
        "facts": [(fact, fact.lead.state, *_day(fact.occurred_at, now)) for fact in facts],
        "newest": max((fact.pk for fact in facts), default=0),
    }
    return render(request, "board/handed_page.html", context)


def _read(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _day(moment: datetime, now: datetime) -> tuple[str, str]:
    zone = timezone.get_current_timezone()
    return moments.day(moment, zone, now), moments.exact(moment, zone)
