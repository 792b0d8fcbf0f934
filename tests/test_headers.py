"""Every kind of answer carries every header that keeps a browser from harm; nothing tells what runs here."""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from crm import errors
from crm.headers import PERMISSIONS
from crm.urls import urlpatterns as of_the_product
from leads.board.hints import hints
from leads.pages.imports import upload
from tests.factories import LeadFactory, ada, ana, bruna
from tests.input.asking import Browser
from tests.input.spoiling import Bad
from tests.test_settings import PRODUCTION, ROOT


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("a fault of ours")


def locked(request: HttpRequest) -> HttpResponse:
    raise OperationalError("database is locked")


urlpatterns = [
    path("planted/500/", broken),
    path("planted/503/", locked),
    path("planted/429/", errors.too_many),
    *of_the_product,
]
handler400 = "crm.errors.bad_request"
handler403 = "crm.errors.forbidden"
handler404 = "crm.errors.not_found"
handler500 = "crm.errors.server_error"

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

CONSTANT = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000; includeSubDomains"
POLICY = {
    *("default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'"),
    *("connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-src 'none'", "frame-ancestors 'none'"),
    *("object-src 'none'", "upgrade-insecure-requests"),
}


@pytest.fixture(autouse=True)
def as_in_production(settings: Any) -> None:
    """What HTTPS=yes switches on."""
    settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS = True, 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": {**policy, "upgrade-insecure-requests": [True]}}


def browser(user: Any = None, **options: Any) -> Any:
    client: Any = Client(raise_request_exception=False, **options)
    if user is not None:
        client.force_login(user)
    return client


def by_bruna(address: str, **options: Any) -> Any:
    return browser(bruna()).get(address, secure=True, **options)


def connected(settings: Any) -> Any:
    settings.LIVE_HINTS = 1
    return by_bruna("/board/hints/")


def too_big(monkeypatch: pytest.MonkeyPatch) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    monkeypatch.setattr(upload, "most_bytes", lambda: 5)
    return browser(bruna()).post("/import/", {"file": SimpleUploadedFile("a.csv", b"Name,Mail\n")}, secure=True)


def of_a_file(**headers: str) -> Any:
    return browser().get("/static/css/base.css", secure=True, headers=headers)


NEVER = "Fri, 01 Jan 2100 00:00:00 GMT"
#: Kind of answer → its status, and how to get one.
KINDS: dict[str, tuple[int, Callable[..., Any]]] = {
    "a page": (200, lambda: by_bruna("/")),
    "the login": (200, lambda: browser().get("/accounts/login/", secure=True)),
    "a part of a page": (200, lambda: by_bruna("/board/column/NEW/", headers={"HX-Request": "true"})),
    "the admin": (200, lambda: browser(ada()).get("/admin/leads/lead/", secure=True)),
    "a download": (200, lambda: by_bruna(f"/leads/{LeadFactory.create().pk}/consent/ledger.csv")),
    "a download in pieces": (200, lambda: by_bruna("/import/sample.csv")),
    "a stream of hints": (200, connected),
    "a file": (200, of_a_file),
    "a file of the admin": (200, lambda: browser().get("/static/admin/css/base.css", secure=True)),
    "words for scripts": (200, lambda: browser().get("/words/es/0.js", secure=True)),
    "the manifest": (200, lambda: browser().get("/manifest.webmanifest", secure=True)),
    "readiness": (200, lambda: browser().get("/ready/", secure=True)),
    "nothing new": (204, lambda: by_bruna("/board/hints/")),
    "without https": (301, lambda: browser().get("/")),
    "without the stroke": (301, lambda: by_bruna("/search")),
    "not logged in": (302, lambda: browser().get("/", secure=True)),
    "not logged in, for htmx": (200, lambda: browser().get("/", secure=True, headers={"HX-Request": "true"})),
    "a file that is known": (304, lambda: of_a_file(**{"If-Modified-Since": NEVER})),
    "a NUL": (400, lambda: by_bruna("/search/?q=%00")),
    "a host that is not ours": (400, lambda: browser().get("/", secure=True, headers={"Host": "evil.example"})),
    "a host that is none": (400, lambda: browser().get("/", headers={"Host": "a b"})),
    "too many fields": (400, lambda: by_bruna("/search/?" + "&" * 3000)),
    "not for agents": (403, lambda: browser(ana()).get("/import/", secure=True)),
    "a form without its key": (403, lambda: browser(bruna(), enforce_csrf_checks=True).post("/me/", secure=True)),
    "nothing here": (404, lambda: by_bruna("/nowhere/")),
    "no such file": (404, lambda: by_bruna("/static/nothing.css")),
    "not with POST": (405, lambda: browser(bruna()).post("/", secure=True)),
    "a file, not with POST": (405, lambda: browser().post("/static/css/base.css", secure=True)),
    "an upload that is too big": (413, too_big),
    "a form with a mistake": (422, lambda: browser(bruna()).post("/leads/new/", {"name": ""}, secure=True)),
    "too often": (429, lambda: by_bruna("/planted/429/")),
    "a fault of ours": (500, lambda: by_bruna("/planted/500/")),
    "a busy database": (503, lambda: by_bruna("/planted/503/")),
}


def assert_all(headers: Any, *, secure: bool = True) -> None:
    assert {name: headers.get(name) for name in CONSTANT} == CONSTANT
    assert set(headers["Content-Security-Policy"].split("; ")) == POLICY
    assert headers.get("Strict-Transport-Security") == (HSTS if secure else None)
    assert "X-Powered-By" not in headers and not any(c.isdigit() for c in headers.get("Server", ""))


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_carries_every_header(kind: str, request: pytest.FixtureRequest) -> None:
    status, ask = KINDS[kind]
    wanted = ask.__code__.co_varnames[: ask.__code__.co_argcount]
    answer = ask(*(request.getfixturevalue(name) for name in wanted))
    assert answer.status_code == status
    # Over http no browser believes that it is https only, and none is to be told.
    assert_all(answer.headers, secure=answer.wsgi_request.is_secure())
    answer.close()


@pytest.fixture(autouse=True)
def nobody_stays_connected() -> Iterator[None]:
    yield
    for place in list(hints._places):
        place.end()
    hints._places.clear()


def test_what_is_refused_before_django_reads_it_carries_them_too(settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = False
    bad = Bad("", "GET", "/", b"", b"", "text/plain; charset=hex")
    answer = Browser(bruna()).ask(bad)
    assert answer.status == 400
    assert {name: answer.headers.get(name) for name in CONSTANT} == CONSTANT
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


# --- the web server


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where a gunicorn listens that runs as in production, on a database without tables."""
    folder = tmp_path_factory.mktemp("gunicorn")
    own = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    env = {**own, **PRODUCTION, "DATABASE_URL": f"sqlite:///{folder}/office.sqlite3", "STATIC_ROOT": str(folder)}
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "crm.wsgi"]
    server = subprocess.Popen(
        [*command, "--bind", "127.0.0.1:0", "--workers", "1"], cwd=ROOT, env=env, stderr=subprocess.PIPE, text=True
    )
    assert server.stderr is not None
    for line in server.stderr:
        if "Listening at" in line:
            break
    yield int(line.rpartition(":")[2].split()[0])
    server.terminate()
    server.communicate(timeout=60)


def raw(port: int, sent: bytes) -> tuple[int, dict[str, str], str]:
    """What comes back for these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=120) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode("latin-1")
    head, _, body = answer.partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    return int(first.split()[1]), dict(line.split(": ", 1) for line in lines), body


HELLO = b"GET / HTTP/1.1\r\nHost: crm.example.com\r\n"
REFUSED = {
    "no request at all": (b"<script>alert(1)</script>\r\n\r\n", 400),
    "a header without an end": (HELLO + b"Bad Header <script>\r\n\r\n", 400),
    "two lengths": (HELLO + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
    "too long an address": (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
    "a header of a megabyte": (HELLO + b"X: " + b"a" * 1_000_000 + b"\r\n\r\n", 431),
    "a version that is none": (b"GET / HTTP/9.9\r\n\r\n", 400),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_the_web_server_refuses_carries_them_and_quotes_nothing(port: int, what: str) -> None:
    sent, status = REFUSED[what]
    answer, headers, body = raw(port, sent)
    assert answer == status
    assert_all(headers)
    assert body.endswith("Nothing was changed.\n") and "<" not in body
    assert int(headers["Content-Length"]) == len(body)


def test_the_web_server_does_not_say_which_one_it_is(port: int) -> None:
    status, headers, _ = raw(port, HELLO + b"Connection: close\r\n\r\n")
    assert (status, headers["Location"]) == (301, "https://crm.example.com/")
    assert_all(headers, secure=False)
    status, headers, _ = raw(port, HELLO.replace(b"/ ", b"/ready/ ") + b"Connection: close\r\n\r\n")
    assert status == 503
    assert_all(headers, secure=False)
