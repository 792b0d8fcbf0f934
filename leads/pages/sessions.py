"""Where you are logged in: a list, and a button for each that should end."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ..models import User
from ..sessions import end_one, end_sessions, places_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_sessions(request: HttpRequest) -> HttpResponse:
    """The viewer's own logins; on POST `end` names one of them, or `others`."""
    user = cast(User, request.user)
    key = request.session.session_key
    if request.method != "POST":
        return render(request, "me/sessions.html", {"places": places_of(user, key)})
    asked = request.POST.get("end", "")
    if asked == "others":
        ended = end_sessions(user, except_key=key)
        messages.success(request, _others_said(ended))
    elif asked in {str(place.pk) for place in places_of(user, key) if not place.is_this}:
        end_one(user, int(asked))
        messages.success(request, gettext("That login has ended."))
    else:
        messages.info(request, gettext("That login had ended already."))
    return HttpResponseRedirect(reverse("own-sessions"))


def _others_said(ended: int) -> str:
    if not ended:
        return gettext("You were logged in nowhere else.")
    return ngettext("%(n)d other login has ended.", "%(n)d other logins have ended.", ended) % {"n": ended}
