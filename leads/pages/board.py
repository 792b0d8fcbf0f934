"""The board: the page, its next cards of one column, what is new since it was drawn, and hints to look for that."""

from typing import cast

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from lifecycle.states import State

from ..access import set_aside_for, visible_leads
from ..board.changes import Cursor, News, cursor_now, news
from ..board.column import Place
from ..board.columns import PAGE, next_step
from ..board.departed import departed
from ..board.filters import query_without
from ..board.handed import handed
from ..board.hints import hints
from ..board.picture import Picture, is_first_day, read_shown, why_not_table
from ..models import User
from .answers import changes_answer, live_context
from .handed import seen_by
from .past import board_context, past_page, past_picture, past_words

_NOTHING_NEW = 204
_NO_PLACE = 204


@never_cache
@require_safe
def board_page(request: HttpRequest) -> HttpResponse:
    """The whole board, filtered by the query string; with ``as_of`` as it stood at that moment."""
    if "as_of" in request.GET:
        return past_page(request)
    cursor = cursor_now()
    picture = Picture(cast(User, request.user), request.GET)
    context = board_context(picture)
    context |= {
        **live_context(picture, cursor),
        "why_not": why_not_table(),
        "departed": departed(picture.user),
        "handed": handed(picture.user, picture.now, seen_by(request)),
        "set_aside": set_aside_for(picture.user),
        "first_day": context["is_empty"] and is_first_day(),
    }
    return render(request, "board/board.html", context)


@never_cache
@require_safe
def board_column(request: HttpRequest, state: str) -> HttpResponse:
    """The next cards of one column: appended to it by htmx, or a page of their own."""
    if state not in set(State):
        return _no_such_column(request)
    picture = past_picture(request) if "as_of" in request.GET else Picture(cast(User, request.user), request.GET)
    if picture is None:
        return past_page(request)
    after = Place.read(request.GET.get("after", ""))
    part = bool(request.htmx)  # type: ignore[attr-defined]
    shown = read_shown(request.GET.get("shown", "")).get(State(state), 0) if part else 0
    # Beyond the longest column every page is a step of its own.
    size = next_step(shown) or PAGE
    column = picture.read_page(State(state), after, size, shown)
    context = {
        "column": picture.page(column, shown),
        "is_first": after is None,
        "board_query": query_without(picture.address),
        "past": past_words(picture),
    }
    return render(request, "board/more.html" if part else "board/column_page.html", context)


@never_cache
@require_safe
def board_changes(request: HttpRequest) -> HttpResponse:
    """204 while nothing is new, otherwise the columns that changed and the cursor of the answer."""
    cursor, viewer = Cursor.read(request.GET), cast(User, request.user)
    heard = News(frozenset(State), "", cursor_now()) if cursor is None else news(cursor, viewer, visible_leads(viewer))
    if heard is None:
        return HttpResponse(status=_NOTHING_NEW)
    picture = Picture(viewer, request.GET, read_shown(request.GET.get("shown", "")))
    return changes_answer(request, picture, heard.states, heard.cursor, heard.sentence)


@never_cache
@require_GET
def board_hints(request: HttpRequest) -> HttpResponseBase:
    """Says "look now" for some minutes whenever this viewer's board may have changed; 204 where no place is free.

    A browser takes 204 for "do not ask again"; its board goes on asking for changes as if there were no hints.
    """
    stream = hints.connect(cast(User, request.user), settings.LIVE_HINTS)
    if stream is None:
        return HttpResponse(status=_NO_PLACE)
    # The answer lasts for minutes, and none of them needs the database. (Only a test stands in a transaction here.)
    if not connection.in_atomic_block:
        connection.close()
    # Packed, or kept back by a proxy until there is more of it, a hint would come too late.
    request.META.pop("HTTP_ACCEPT_ENCODING", None)
    return StreamingHttpResponse(
        stream, content_type="text/event-stream; charset=utf-8", headers={"X-Accel-Buffering": "no"}
    )


def _no_such_column(request: HttpRequest) -> HttpResponse:
    context = {
        "code": 404,
        "title": gettext("No such column"),
        "sentence": gettext("The board has no column of this name."),
        "next_step": gettext("Go back to the board and choose a column there."),
    }
    return render(request, "errors/404.html", context, status=404)
