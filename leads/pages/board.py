"""The board: the page, its next cards of one column, and what is new since it was drawn."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.states import State

from ..access import visible_leads
from ..board.changes import Cursor, cursor_now, news
from ..board.columns import PAGE, Place, next_step, read_page
from ..board.departed import departed
from ..board.filters import LONGEST_SEARCH, active_filters, query_without
from ..board.picture import Picture, is_first_day, read_shown, why_not_table
from ..board.views import view_links, view_name, views_of
from ..models import User
from .answers import changes_answer, live_context

_NOTHING_NEW = 204


@never_cache
@require_safe
def board_page(request: HttpRequest) -> HttpResponse:
    """The whole board, filtered by the query string."""
    cursor = cursor_now()
    picture = Picture(cast(User, request.user), request.GET)
    columns = picture.columns(State)
    beside = [c for c in columns if c.folded]
    is_empty = all(c.count == 0 for c in columns)
    views, chosen = views_of(picture.user), picture.filters.chosen
    context = {
        **live_context(picture, cursor),
        "view_name": view_name(views, chosen),
        "views": view_links(views, chosen, picture.address),
        "columns": [c for c in columns if not c.folded],
        "folded": beside,
        "picker": columns,
        "filters": picture.filters,
        "active": active_filters(picture.filters, picture.address),
        "query_all": query_without(picture.address, *picture.filters.filters),
        "query_everyone": query_without(picture.address, "mine"),
        "query_mine": picture.query_with(mine="true"),
        "whose": "mine" if chosen.get("mine") else "all",
        "hidden": [(n, v) for n in ("open",) for v in picture.address.getlist(n)],
        "why_not": why_not_table(),
        "cut_to": LONGEST_SEARCH if picture.was_cut else 0,
        "departed": departed(picture.user),
        "board_query": picture.address.urlencode(),
        "no_match": is_empty and picture.is_filtered,
        "is_empty": is_empty and not picture.is_filtered,
        "first_day": is_empty and not picture.is_filtered and is_first_day(),
    }
    return render(request, "board/board.html", context)


@never_cache
@require_safe
def board_column(request: HttpRequest, state: str) -> HttpResponse:
    """The next cards of one column: appended to it by htmx, or a page of their own."""
    if state not in set(State):
        return _no_such_column(request)
    picture = Picture(cast(User, request.user), request.GET)
    after = Place.read(request.GET.get("after", ""))
    part = bool(request.htmx)  # type: ignore[attr-defined]
    shown = read_shown(request.GET.get("shown", "")).get(State(state), 0) if part else 0
    # Beyond the longest column every page is a step of its own.
    size = next_step(shown) or PAGE
    column = read_page(picture.leads, State(state), after, picture.office, size=size, shown=shown)
    context = {
        "column": picture.page(column, shown),
        "is_first": after is None,
        "board_query": query_without(picture.address),
    }
    return render(request, "board/more.html" if part else "board/column_page.html", context)


@never_cache
@require_safe
def board_changes(request: HttpRequest) -> HttpResponse:
    """204 while nothing is new, otherwise the columns that changed and the cursor of the answer."""
    cursor = Cursor.read(request.GET)
    picture = Picture(cast(User, request.user), request.GET, read_shown(request.GET.get("shown", "")))
    if cursor is None:
        return changes_answer(request, picture, list(State), cursor_now(), "")
    heard = news(cursor, picture.user, visible_leads(picture.user))
    if heard is None:
        return HttpResponse(status=_NOTHING_NEW)
    return changes_answer(request, picture, heard.states, heard.cursor, heard.sentence)


def _no_such_column(request: HttpRequest) -> HttpResponse:
    context = {
        "code": 404,
        "title": gettext("No such column"),
        "sentence": gettext("The board has no column of this name."),
        "next_step": gettext("Go back to the board and choose a column there."),
    }
    return render(request, "errors/404.html", context, status=404)
