"""The frame of an action on one lead: find the lead, act, and answer where the person stands.

On the board that is its columns, on the page of the lead its parts, everywhere else a message on the next page.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar, cast

from django.http import Http404, HttpRequest, HttpResponse

from lifecycle.errors import Refused
from lifecycle.states import State, known

from ..access import get_visible_lead_or_404
from ..models import User
from .answers import Undo, board_answer, gone_answer
from .asked import Ask, go
from .menu import menu_answer
from .panels import parts_answer
from .told import tell

Done = TypeVar("Done")


def act_on_lead(
    request: HttpRequest,
    pk: int,
    act: Callable[[Ask], Done],
    done: Callable[[Ask, Done], HttpResponse],
    refused: Callable[[Ask, Refused], HttpResponse],
) -> HttpResponse:
    """Does it to the lead `pk` and answers with what came of it, or with the refusal; 404 for a colleague's lead."""
    try:
        lead = get_visible_lead_or_404(cast(User, request.user), pk)
    except Http404:
        return gone_answer(request)
    ask = Ask(request, lead, None)
    try:
        result = act(ask)
    except Refused as refusal:
        return refused(ask, refusal)
    return done(ask, result)


def done_answer(
    ask: Ask, sentence: str, columns: Iterable[State], *, kind: str = "good", undo: Undo | None = None, back: str = ""
) -> HttpResponse:
    """It is done, or there was nothing to do.

    In: the sentence, the columns that a board draws anew, what the message offers to undo, and where to go on to
    from a page that shows neither board nor lead (by default back to where the question came from).
    """
    if ask.on_board:
        return board_answer(ask.request, columns, sentence=sentence, kind=kind, close=True, undo=undo)
    if ask.on_lead_page:
        return parts_answer(ask.request, ask.lead, sentence=sentence, kind=kind, undo=undo, close=True)
    tell(ask.request, sentence, kind=kind, undo=undo)
    return go(ask.request, back or ask.back)


def with_parts(ask: Ask, answer: HttpResponse) -> HttpResponse:
    """An answer in the dialog, with the page of the lead behind it as it is now, where that is what is open."""
    if ask.on_lead_page:
        answer.content += parts_answer(ask.request, ask.lead, sentence="").content
    return answer


def refused_answer(ask: Ask, refused: Refused, sentence: str, *, title: str) -> HttpResponse:
    """Nothing was written: the sentence with the board or the page as they are, elsewhere over the sheet."""
    if ask.on_board:
        fresh = ask.fresh
        columns = known(ask.lead.state, fresh.state)
        return board_answer(ask.request, columns, status=refused.status, sentence=sentence, kind="bad", close=True)
    if ask.on_lead_page:
        return parts_answer(ask.request, ask.lead, status=refused.status, sentence=sentence, kind="bad", close=True)
    return menu_answer(ask, refused, refused_title=title)
