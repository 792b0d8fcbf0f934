"""Sends a request through the very application that the web server calls, as the web server would hand it over."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from crm.wsgi import application
from leads.models import User
from tests.input.spoiling import Bad

_UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
#: What a web server refuses by itself, so that no application ever meets it.
_NEVER_ARRIVES = str.maketrans(dict.fromkeys("\r\n\x00", " "))


@dataclass(frozen=True)
class Answer:
    """What came back; ``text`` is cut off, for a look at it."""

    status: int
    headers: dict[str, str]
    text: str


@contextmanager
def _connection_stays() -> Iterator[None]:
    """The connection is in the middle of the test's transaction, which Django would take for one left behind."""
    both = (request_started, request_finished)
    for signal in both:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in both:
            signal.connect(close_old_connections)


class Browser:
    """Somebody's browser: a session (or none) and the key that every form carries."""

    def __init__(self, user: User | None) -> None:
        client = Client()
        if user is not None:
            client.force_login(user)
        self.cookies = {name: morsel.value for name, morsel in client.cookies.items()}
        self.key = "k" * 32
        self.cookies[settings.CSRF_COOKIE_NAME] = self.key

    def ask(self, bad: Bad) -> Answer:
        """Sends it and reads the answer to its end."""
        said: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            said[:] = [int(status.split()[0]), headers]
            return lambda data: None

        with _connection_stays():
            pieces = application(self._environ(bad), start)
            try:
                body = b"".join(pieces)
            finally:
                if hasattr(pieces, "close"):
                    pieces.close()
        for name, value in said[1]:
            # What a web server would refuse to send is a fault of ours as well.
            assert not set("\r\n") & set(name + value), f"A header with a line break: {name}"
            value.encode("latin-1")
        return Answer(said[0], dict(said[1]), body[:200_000].decode(errors="replace"))

    def look(self, path: str, query: str = "") -> Answer:
        """The page at this address, with nothing bad about it."""
        return self.ask(Bad("", "GET", path, query.encode(), b"", ""))

    def _environ(self, bad: Bad) -> dict[str, Any]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        path = bad.path.encode("utf-8", "surrogatepass").decode("latin-1")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": bad.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "RAW_URI": quote(bad.path, errors="surrogatepass"),
            "QUERY_STRING": bad.query.decode("latin-1"),
            "CONTENT_TYPE": bad.content_type,
            "CONTENT_LENGTH": str(len(bad.body)),
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "testserver",
            "HTTP_COOKIE": cookies,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(bad.body),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        if bad.method in _UNSAFE:
            # Without the key everything would be refused for the lack of it, and nothing else be tried.
            environ["HTTP_X_CSRFTOKEN"] = self.key
        for name, value in bad.headers.items():
            key = name.upper().replace("-", "_")
            sent = value.encode("utf-8", "surrogatepass").decode("latin-1").translate(_NEVER_ARRIVES)
            if key == "COOKIE":
                sent = f"{cookies}; {sent}"
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = sent
        return environ
