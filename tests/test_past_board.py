"""The board of another day: it equals the board that was drawn that day, is judged by today's rights, and is framed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.asked_time import link_form
from leads.board.columns import read_page
from leads.board.past import PastPicture
from leads.board.picture import ColumnView, Picture
from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.history import Clock
from lifecycle.models import OfficeSettings
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest
from tests.past_stories import MONDAY, Office
from tests.soundness import nothing_written
from tests.test_board import as_user, board, column, text_of

pytestmark = pytest.mark.django_db

HAPPENED, KNOWN = Clock.HAPPENED, Clock.KNOWN
FILTERS = [
    "open=CLOSED&open=ARCHIVED&open=TRASHED",
    "mine=true&open=ARCHIVED",
    "agent=pool",
    "provenance=fell_back",
    "came=month",
    "flag=any",
    "stale=true",
    "q=Lead+1",
    "flag=quiet&provenance=fresh&open=TRASHED",
]


@contextmanager
def it_is(moment: datetime) -> Iterator[None]:
    """The clock on the wall shows this moment."""
    with patch.object(timezone, "now", lambda: moment):
        yield


def drawn(picture: Picture) -> list[ColumnView]:
    """The columns less what only today's board has: where cards may go, and addresses without a moment."""
    return [plain(view) for view in picture.columns(State)]


def plain(view: ColumnView) -> ColumnView:
    cards = [replace(card, version=0, at="", move="") for card in view.cards]
    mix = [replace(part, query="") for part in view.mix]
    links = {"fold_query": "", "stale_query": "", "more_query": bool(view.more_query)}
    return replace(view, cards=cards, mix=mix, legal="", ask="", **links)  # type: ignore[arg-type]


def html_of(views: list[ColumnView]) -> str:
    return "".join(render_to_string("board/column.html", {"column": view}) for view in views)


def boards_on_the_way(office: Office, viewer: User) -> list[tuple[datetime, str, list[ColumnView]]]:
    """Life goes on, and every now and then somebody looks at the board: when, with which filters, what it showed."""
    seen = []
    for n in range(9):
        office.live(14)
        moment = office.now + timedelta(seconds=office.chance.choice([0, 1, 7200]))
        office.now = moment + timedelta(seconds=1)
        query = FILTERS[n % len(FILTERS)]
        with it_is(moment):
            seen.append((moment, query, drawn(Picture(viewer, QueryDict(query)))))
    office.live(14)
    return seen


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_board_as_we_knew_it_is_the_board_that_was_drawn(seed: int) -> None:
    """With moves undone, reasons corrected and calls logged late, whatever the filters."""
    for moment, query, live in boards_on_the_way(Office(seed), bruna()):
        past = drawn(PastPicture(bruna(), QueryDict(query), moment, KNOWN))
        assert past == live, (moment, query)
        assert html_of(past) == html_of(live)


@pytest.mark.parametrize("seed", [4, 5])
def test_where_nothing_was_mended_later_the_board_as_it_was_is_the_same(seed: int) -> None:
    for moment, query, live in boards_on_the_way(Office(seed, plain=True), bruna()):
        assert drawn(PastPicture(bruna(), QueryDict(query), moment, HAPPENED)) == live, (moment, query)
