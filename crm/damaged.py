"""A page that cannot be drawn because somebody else than Hindsight has written a row: which lead it is, and what.

Never another's fault: without a damaged row in the lead that was asked for, and without a lead that nobody can read,
the fault is ours and stays one.
"""

import logging
from collections.abc import Callable
from typing import cast

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext, ngettext

from crm.busy import is_busy, is_full
from leads import set_aside
from leads.access import key_of, may_see
from leads.models import User
from lifecycle.damage import Damage, damage

logger = logging.getLogger(__name__)

_ANSWERS = (Http404, PermissionDenied, SuspiciousOperation)
#: Findings that are named on the page; `verify_log` names all of them.
_NAMED = 10
_UNREADABLE = 422


class DamagedRows:
    """Answers with what is wrong with a lead where its page cannot be drawn, and draws other pages without it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer `request`."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """The page of a damaged lead, or the page that was asked for without such leads; None for every other fault."""
        if is_busy(exception) or is_full(exception):
            return None
        try:
            return self._answer(request, exception)
        except Error:
            # Where nothing can be asked any more, the fault stays what it was.
            logger.exception("whether a damaged lead is the cause cannot be told")
            return None

    def _answer(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is None or not request.user.is_authenticated:
            return None
        pk = match.kwargs.get("pk")
        if isinstance(pk, int) and match.url_name and match.url_name.startswith("lead"):
            return _of_lead(request, pk, exception)
        if isinstance(exception, _ANSWERS):
            return None
        if set_aside.look():
            logger.error("leads that cannot be read are left out: %s", sorted(set_aside.set_aside()))
            try:
                answer: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
            except Exception as again:
                exception = again
            else:
                return answer
        return _of_office(request, exception)


def _of_lead(request: HttpRequest, pk: int, exception: Exception) -> HttpResponse | None:
    if (isinstance(exception, _ANSWERS) and pk not in set_aside.set_aside()) or not may_see(
        cast(User, request.user), pk
    ):
        return None
    if not (found := damage(pk)):
        return None
    set_aside.look()
    logger.error("lead %d cannot be shown: %d findings", pk, len(found), exc_info=exception)
    return _page(request, pk, found)


def _of_office(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """A page about the whole log: which leads keep it from being drawn; the names are for those who may see them."""
    if not (found := set_aside.all_damaged()):
        return None
    logger.error("a page cannot be drawn because of damaged leads: %s", found[:_NAMED], exc_info=exception)
    mine = [(pk, key_of(pk)) for pk in found[:_NAMED] if may_see(cast(User, request.user), pk)]
    context = {"title": gettext("This page cannot be drawn now"), "leads": mine}
    return render(request, "errors/damaged.html", context, status=_UNREADABLE)


def _page(request: HttpRequest, pk: int, found: list[Damage]) -> HttpResponse:
    more = len(found) - _NAMED
    context = {
        "key": key_of(pk),
        "title": gettext("The record of this lead is damaged"),
        "findings": [_sentence(one) for one in found[:_NAMED]],
        "more": ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more} if more > 0 else "",
    }
    return render(request, "errors/damaged.html", context, status=_UNREADABLE)


def _sentence(one: Damage) -> str:
    said = {"n": one.version, "column": one.column, "what": one.what}
    if one.version:
        return gettext("Fact %(n)d, %(column)s: %(what)s.") % said
    return gettext("The lead itself, %(column)s: %(what)s.") % said
