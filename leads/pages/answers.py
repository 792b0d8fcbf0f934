"""The answers of the board: `<hx-partial>`s only. Columns as they truly are, the poll element, a sentence, a dialog."""

import random
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from lifecycle.states import State

from ..access import visible_leads
from ..board.changes import Cursor, cursor_now, news
from ..board.picture import Picture, read_shown
from ..models import User

#: Boards that show the same share what was drawn: with many of them open, drawing is the cost.
_drawn: OrderedDict[tuple[Any, ...], str] = OrderedDict()
_drawn_lock = Lock()
#: As many characters as are kept at once, whatever it is that people look at.
_MOST_KEPT = 16_000_000
#: Ages on a kept column may be this old; what the log says is never old, the cursor is part of the key.
_KEEP_SECONDS = 5

#: Boards ask every four seconds, each a little earlier or later, so that a morning's log-ins do not ask in step.
_ASK_EVERY = (3400, 4600)


@dataclass(frozen=True, slots=True)
class Undo:
    """The offer to take a move back, on the message that tells of it: which lead and event, and the button's name."""

    lead: int
    target: UUID
    uuid: UUID
    name: str


def board_of(request: HttpRequest) -> QueryDict | None:
    """The query string of the board on the viewer's screen; None when the question came from another page.

    A board of the past is another page: what is answered to a move is how things stand today.
    """
    path, _, query = page_on_screen(request).partition("?")
    shown = read_query(query) if path == reverse("board") else None
    return None if shown is not None and "as_of" in shown else shown


def page_on_screen(request: HttpRequest) -> str:
    """Path and query of the page from which htmx asks; ``""`` for any other request and for an unreadable address."""
    if not request.htmx:  # type: ignore[attr-defined]
        return ""
    try:
        shown: str = request.htmx.current_url_abs_path or ""  # type: ignore[attr-defined]
    except ValueError:
        return ""
    # The column that a phone shows stands behind the "#": it is part of the same page.
    return shown.partition("#")[0]


def read_query(text: str) -> QueryDict:
    """A query string as a page of ours has it; empty for one that no page of ours could have."""
    try:
        return QueryDict(text, mutable=True)
    except TooManyFieldsSent:
        return QueryDict(mutable=True)


def live_context(picture: Picture, cursor: Cursor) -> dict[str, Any]:
    """What the poll element needs: where to ask, how often, and where to hear that it is time (`""`: nowhere)."""
    filters = picture.address.urlencode()
    query = f"{filters}&{cursor.query()}" if filters else cursor.query()
    return {
        "live_url": f"{reverse('board-changes')}?{query}",
        "live_every": random.randint(*_ASK_EVERY),
        "hints_url": reverse("board-hints") if settings.LIVE_HINTS else "",
    }


def drawn_columns(picture: Picture, states: Iterable[State], cursor: Cursor) -> str:
    """The partials of these columns: taken from an equal board of a moment ago, or drawn now in one go."""
    wanted = [s for s in State if s in set(states)]
    moment = (cursor.since, cursor.tail, int(time.time()) // _KEEP_SECONDS)
    keys = {s: (*picture.sameness, s, picture.shown.get(s, 0), *moment) for s in wanted}
    with _drawn_lock:
        kept = {s: _drawn[keys[s]] for s in wanted if keys[s] in _drawn}
    missing = [s for s in wanted if s not in kept]
    if missing:
        for column in picture.columns(missing):
            kept[column.state] = render_to_string("board/column_partial.html", {"column": column})
        _keep({keys[s]: kept[s] for s in missing})
    return "".join(kept[s] for s in wanted)


def _keep(fresh: dict[tuple[Any, ...], str]) -> None:
    """Keeps what was drawn; what belongs to an older moment will never be asked for again."""
    with _drawn_lock:
        window = max(key[-1] for key in fresh)
        for key in [key for key in _drawn if key[-1] != window]:
            del _drawn[key]
        _drawn.update(fresh)
        kept = sum(map(len, _drawn.values()))
        while kept > _MOST_KEPT:
            kept -= len(_drawn.popitem(last=False)[1])


def board_answer(
    request: HttpRequest,
    states: Iterable[State],
    *,
    status: int = 200,
    sentence: str = "",
    kind: str = "",
    close: bool = False,
    undo: Undo | None = None,
) -> HttpResponse:
    """The answer to a move that was made on the board.

    In: the columns that it touched (those of colleagues' moves since the page was drawn come along); the sentence for
    toast and live region, with its kind (`good`, `bad`); whether an open dialog closes; what the toast offers to undo.
    """
    picture = Picture(
        cast(User, request.user), board_of(request) or QueryDict(), read_shown(request.POST.get("shown", ""))
    )
    old = Cursor.read(request.POST)
    cursor, more = cursor_now(), frozenset(State)
    if old is not None:
        heard = news(old, picture.user, visible_leads(picture.user), at_once=True)
        more = heard.states if heard else frozenset()
        cursor = heard.cursor if heard else old
    context = {
        **live_context(picture, cursor),
        "columns": drawn_columns(picture, {*states, *more}, cursor),
        "sentence": sentence,
        "kind": kind,
        "close": close,
        "undo": undo,
    }
    return render(request, "board/answer.html", context, status=status)


def gone_answer(request: HttpRequest) -> HttpResponse:
    """404 for a lead that is not, or no longer, the viewer's: on the board a sentence and the columns as they are."""
    if board_of(request) is None:
        raise Http404("No such lead.")
    sentence = gettext("This lead is no longer with you.")
    return board_answer(request, list(State), status=404, sentence=sentence, kind="bad")


def changes_answer(
    request: HttpRequest, picture: Picture, states: Iterable[State], cursor: Cursor, sentence: str
) -> HttpResponse:
    """The answer to a poll that found news; an open dialog and the toasts stay as they are."""
    context = {**live_context(picture, cursor), "columns": drawn_columns(picture, states, cursor), "sentence": sentence}
    return render(request, "board/changes.html", context)


def dialog_answer(request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """One form in two dresses: a dialog for htmx (`<name>_dialog.html`), a page of its own otherwise."""
    template = f"{name}_dialog.html" if request.htmx else f"{name}_page.html"  # type: ignore[attr-defined]
    return render(request, template, context, status=status)
