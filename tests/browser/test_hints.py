"""A colleague's move arrives by a hint; without a place for hints it arrives because the board asks."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from leads.board import hints as module
from leads.board.hints import hints
from leads.pages import answers
from lifecycle.states import State
from tests.browser.hands import drag, in_column, posted, see, until
from tests.factories import LeadFactory, ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def places(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A server with two places; when the test ends nobody looks at its database any more."""
    settings.LIVE_HINTS = 2
    # A browser that has gone is noticed when the server writes to it.
    monkeypatch.setattr(module, "SIGN_EVERY", 0.2)
    yield settings
    hints.is_ending = lambda: True
    hints.wait()
    hints.is_ending = lambda: False


def test_a_colleagues_move_arrives_by_a_hint(places: Any, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    # The board would ask by itself only when everybody has gone home.
    monkeypatch.setattr(answers, "_ASK_EVERY", (3_600_000, 3_600_000))
    dana = LeadFactory.create(name="Dana Ortiz", status=State.COMMITTED, agent=ana())
    of_ana, of_bruna = open_page(ana()), open_page(bruna())
    until(of_ana, lambda: hints.taken == 2)

    with posted(of_bruna, dana):
        drag(of_bruna, dana, State.IN_CONTRACT)

    of_ana.locator(in_column(dana, State.IN_CONTRACT)).wait_for()
    see(of_ana, "#say").to_contain_text("Bruna Barros moved Dana Ortiz")
    # What is seen by nobody holds no place.
    of_ana.close()
    of_bruna.goto("/help/")
    until(of_bruna, lambda: hints.taken == 0)


def test_without_a_place_the_board_asks_as_ever(places: Any, open_page: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_ASK_EVERY", (300, 400))
    monkeypatch.setattr(hints, "connect", lambda viewer, places: None)
    dana = LeadFactory.create(name="Dana Ortiz", status=State.COMMITTED, agent=ana())
    refused: list[int] = []
    of_ana, of_bruna = open_page(ana(), "/help/"), open_page(bruna())
    of_ana.on("response", lambda answer: refused.append(answer.status) if "/board/hints/" in answer.url else None)
    of_ana.goto("/")
    until(of_ana, lambda: bool(refused))

    with posted(of_bruna, dana):
        drag(of_bruna, dana, State.IN_CONTRACT)

    of_ana.locator(in_column(dana, State.IN_CONTRACT)).wait_for()
    assert refused == [204]
