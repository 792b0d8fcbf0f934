"""A page whose connection a test may break: what the browser itself says about that is no fault of ours."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

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
