"""Fixtures for every test: the guards around a flush, real input, a real browser."""

import io
import os
import shutil
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client, TransactionTestCase

from tests import proofs
from tests.catalogued import Catalogued

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

    from leads.models import User
    from lifecycle.proof.notes import PublicKey

# The synchronous browser driver runs an event loop in this thread, which Django takes for a mistake.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# How fast a machine is says nothing about the product.
hypothesis.settings.register_profile(
    "hindsight", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("hindsight")

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need a browser, so that the others can run beside one another without them."""
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


# --- database -----------------------------------------------------------------------------------------------


def _without_guards(teardown: Callable[[TransactionTestCase], None]) -> Callable[[TransactionTestCase], None]:
    """Let the flush after a test through: the guards refuse it, as they refuse everybody else."""

    @wraps(teardown)
    def unguarded(self: TransactionTestCase) -> None:
        from lifecycle import guards

        guards.remove(connection)
        # SQLite would ask, for every event that the flush removes, whether another one names it: hours for a big log.
        checked = connection.vendor != "sqlite" or not connection.disable_constraint_checking()
        try:
            teardown(self)
        finally:
            if not checked:
                connection.enable_constraint_checking()
            guards.install(connection)

    return unguarded


TransactionTestCase._fixture_teardown = _without_guards(  # type: ignore[attr-defined]
    TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Close the connection pool after the last test, before its threads complain of a lost server."""
    yield
    connection.close()
    if hasattr(connection, "close_pool"):
        connection.close_pool()


@pytest.fixture(scope="session", autouse=True)
def no_word_of_the_rules_is_unknown_to_the_translators() -> None:
    from lifecycle.speech import speak_with

    speak_with(Catalogued())


@pytest.fixture(autouse=True)
def nothing_is_remembered_of_another_log() -> None:
    """The ids of a log that was rolled back come again, and with them what boards drew of it a moment ago."""
    from leads.board import changes
    from leads.pages import answers

    answers._drawn.clear()
    changes._without_clock.clear()
    changes._last_end = None


# --- people -------------------------------------------------------------------------------------------------


def _as_if_just_proved(force_login: Callable[..., None]) -> Callable[..., None]:
    """Whom a test logs in has proved this very moment who they are: no page asks for the password again.

    A test of that question ends the proof by `tests.proofs.long_ago`.
    """

    @wraps(force_login)
    def logged_in(self: Client, user: "User", backend: str | None = None) -> None:
        force_login(self, user, backend)
        proofs.now(self, user)

    return logged_in


Client.force_login = _as_if_just_proved(Client.force_login)  # type: ignore[method-assign]


# --- real input ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder with real input that HINDSIGHT_TEST_DATA names."""
    name = os.environ.get("HINDSIGHT_TEST_DATA")
    if not name:
        pytest.skip("HINDSIGHT_TEST_DATA names no folder with real input.")
    folder = Path(name)
    if not folder.is_dir():
        pytest.fail(f"HINDSIGHT_TEST_DATA names {folder}, which is no folder.")
    return folder


# --- the proof ----------------------------------------------------------------------------------------------


@pytest.fixture
def key(tmp_path: Path, settings: Any) -> "PublicKey":
    """The office has a key that signs checkpoints; its public half is with the broker."""
    from lifecycle.proof.notes import PrivateKey

    file = tmp_path / "checkpoint.key"
    call_command("checkpoint", new_key=file, name="crm.example.com", stdout=io.StringIO())
    settings.CHECKPOINT_KEY_FILE = str(file)
    return PrivateKey.read(file.read_text()).public


# --- browser ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """The system's Chromium, one for the whole run."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if chromium is None:
        sentence = "There is no Chromium on this machine, so the browser tests cannot run."
        if os.environ.get("HINDSIGHT_REQUIRE_BROWSER") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium_process = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield chromium_process
        chromium_process.close()


def session_of(user: "User") -> str:
    """The value of a session cookie with which `user` is logged in."""
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# A refused move is one of these, and the browser puts a line of its own on the console for it.
REFUSALS = (403, 409, 422, 429)


def _is_problem(message: "ConsoleMessage") -> bool:
    """Whether a line on the console is ours to mend."""
    if message.type not in ("error", "warning"):
        return False
    return not any(f"the server responded with a status of {code}" in message.text for code in REFUSALS)


@pytest.fixture
def console() -> list[str]:
    """What the consoles of all pages of a test said that they should not; a test that expects a line clears it."""
    return []


@pytest.fixture
def open_page(browser: "Browser", live_server: Any, console: list[str]) -> Iterator[Callable[..., "Page"]]:
    """A function `open_page(user=None, path="/", phone=False, **options)`: a page in a session of its own.

    `options` go to the browser context (`color_scheme="dark"`, …). When the test ends every page must have
    kept silent: a word on the console is a breach of the content policy, a missing file or a script's fault.
    """
    contexts: list[Any] = []

    def open_page(user: "User | None" = None, path: str = "/", *, phone: bool = False, **options: Any) -> "Page":
        context = browser.new_context(base_url=live_server.url, **{**(PHONE if phone else DESK), **options})
        contexts.append(context)
        context.set_default_timeout(5000)
        if user is not None:
            cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session_of(user)}
            context.add_cookies([{**cookie, "url": live_server.url}])  # type: ignore[typeddict-item]
        page = context.new_page()
        page.on("console", lambda message: console.append(message.text) if _is_problem(message) else None)
        page.on("pageerror", lambda error: console.append(str(error)))
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert console == [], "The browser's console must stay empty."
