"""What people choose for themselves."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lifecycle.models import OfficeSettings

from ..forms.me import OwnSettingsForm, offered_zones
from ..models import User

_A_YEAR = 365 * 24 * 3600


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_settings(request: HttpRequest) -> HttpResponse:
    """The viewer's own settings; on POST they are saved, or shown again with what is wrong."""
    user = cast(User, request.user)
    form = OwnSettingsForm(user, OfficeSettings.load().time_zone, request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "zones": offered_zones()}
        return render(request, "me/settings.html", context, status=422 if form.is_bound else 200)
    form.save()
    # The next page speaks the new language, and so does its message.
    with translation.override(user.language or translation.get_language_from_request(request)):
        messages.success(request, gettext("Your settings are saved."))
    answer = HttpResponseRedirect(reverse("me"))
    _remember_language(answer, user.language)
    return answer


def _remember_language(answer: HttpResponse, language: str) -> None:
    """For pages that do not know yet who looks, such as the login and most errors."""
    if not language:
        answer.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
        return
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=_A_YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
