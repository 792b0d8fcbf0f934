"""Pages that have arrived before they are asked, and pages whose connection a test may break."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: Questions that look at the page as it is in this instant, and wait for nothing.
_AT_ONCE = ("count", "is_visible", "is_hidden", "all", "all_inner_texts", "all_text_contents")


@pytest.fixture(scope="session", autouse=True)
def questions_wait_for_the_page() -> None:
    """A click that leads to another page returns when its first byte came; whoever asks then sees half of it."""
    from playwright.sync_api import Locator

    def patient(name: str) -> Callable[..., Any]:
        ask: Callable[..., Any] = getattr(Locator, name)

        @wraps(ask)
        def when_it_is_there(self: "Locator", *args: Any, **options: Any) -> Any:
            self.page.wait_for_load_state("domcontentloaded")
            return ask(self, *args, **options)

        return when_it_is_there

    for name in _AT_ONCE:
        setattr(Locator, name, patient(name))


#: Words of the browser and of htmx about an answer that failed, and about nothing else.
_EXPECTED = ("the server responded with a status of", "Failed to fetch", "net::ERR_")


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, live_server: Any) -> Any:
    """The server, started only once the test database is there.

    Started earlier it would find a database in memory, and its threads would share the connection of the test.
    """
    return live_server


@pytest.fixture
def open_rough_page(open_page: Callable[..., "Page"], console: list[str]) -> Iterator[Callable[..., "Page"]]:
    """`open_page` for tests that let requests fail."""
    yield open_page
    console[:] = [line for line in console if not any(words in line for words in _EXPECTED)]
