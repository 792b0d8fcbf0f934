"""Some things want a fresh proof of who is there: the page that asks for it, and the way back."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext
from django_htmx.http import HttpResponseClientRedirect

from crm.middleware import page_of


class ProofOfIdentity:
    """Leads whoever is asked for a proof to the page that takes it, and from there back to where they were.

    django-allauth would keep a form in the session and send it again by itself. Here nothing is kept: a form may hold
    a new password, and what erases or hands out data is to be wanted by somebody who sees it. Back on the page they do
    it once more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The way to the proof; None leaves every other exception to others."""
        if not isinstance(exception, ReauthenticationRequired):
            return None
        ways = get_adapter().get_reauthentication_methods(request.user)
        where = ways[0]["url"] if ways else resolve_url("account_login")
        if request.method not in ("GET", "HEAD"):
            messages.info(request, gettext("Nothing was changed yet. Say that it is you, then do it again."))
        address = f"{where}?{urlencode({'next': page_of(request)})}"
        if request.headers.get("HX-Request") == "true":
            return HttpResponseClientRedirect(address)
        return HttpResponseRedirect(address)
