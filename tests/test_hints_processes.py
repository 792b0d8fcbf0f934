"""Hints and polling across server processes: the production command with two of them, on the engine of the test run."""

import gzip
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import connection

from leads.models import User
from lifecycle.states import State
from tests.conftest import session_of
from tests.factories import LeadFactory, ana, ben, bruna

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent
HINTS = "/board/hints/"
KEY = "k" * 32


def address_of_the_test_database() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["TEST_DATABASE_URL"])._replace(path=f"/{name}").geturl()


@dataclass
class Server:
    port: int
    process: subprocess.Popen[bytes]
    kept: list[http.client.HTTPConnection] = field(default_factory=list)

    def ask(self, user: User, path: str, **form: str) -> http.client.HTTPResponse:
        """One request on a connection of its own, which whatever process is free takes; a form is posted."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        self.kept.append(line)
        names = settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME
        headers = {"Cookie": f"{names[0]}={session_of(user)}; {names[1]}={KEY}", "X-CSRFToken": KEY}
        headers |= {"HX-Request": "true", "HX-Current-URL": f"http://127.0.0.1:{self.port}/", "Accept-Encoding": "gzip"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request("POST" if form else "GET", path, urlencode(form) or None, headers)
        return line.getresponse()

    def text(self, user: User, path: str, **form: str) -> tuple[int, str]:
        answer = self.ask(user, path, **form)
        body = answer.read()
        return answer.status, (gzip.decompress(body) if answer.headers.get("Content-Encoding") else body).decode()

    def listen(self, user: User) -> http.client.HTTPResponse:
        """A connection with a place. A process without one answers 204; then the next try meets the other one."""
        for _ in range(200):
            answer = self.ask(user, HINTS)
            if answer.status == 200:
                return answer
        raise AssertionError("Neither process has a place.")


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """Two processes with one place for hints each."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--config", "deploy/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    own = {
        "DATABASE_URL": address_of_the_test_database(),
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "HINDSIGHT_ENV_FILE": "",
        "DJANGO_SETTINGS_MODULE": "crm.settings",
        "DEBUG": "yes",
        "LOG_LEVEL": "ERROR",
        "LIVE_HINTS": "1",
    }
    process = subprocess.Popen(
        [*command, "--log-level", "warning", "crm.wsgi"], cwd=ROOT, env={**os.environ, **own}, start_new_session=True
    )
    served = Server(port, process)
    try:
        wait_for(served)
        yield served
    finally:
        for line in served.kept:
            line.close()
        if process.poll() is None:
            process.terminate()
            process.wait(30)


def wait_for(server: Server) -> None:
    for _ in range(300):
        try:
            line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
            line.request("GET", "/ready/")
            answer = line.getresponse()
            answer.read()
            line.close()
            if answer.status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError("The server did not start.")


def next_word(answer: Any) -> bytes:
    """The next thing said on a connection; "" once it has ended."""
    said: bytes = answer.readline()
    while said and not said.startswith(b"data:"):
        said = answer.readline()
    return said.strip()


def poll_url(text: str) -> str:
    found = re.search(r'id="live" hx-get="([^"]+)"', text)
    assert found
    return found[1].replace("&amp;", "&")


def test_a_move_through_one_process_is_told_in_both_and_shows_where_it_is_asked_for(server: Server) -> None:
    lead = LeadFactory.create(name="Dana Ortiz", status=State.COMMITTED, agent=ana())
    of_ana, of_bruna = server.listen(ana()), server.listen(bruna())  # one place a process: both processes
    assert [next_word(of_ana), next_word(of_bruna)] == [b"data: look"] * 2
    # Every place is taken now: Ben's browser is told not to ask again, and his board goes on asking for changes.
    assert server.ask(ben(), HINTS).status == 204
    status, page = server.text(ben(), "/")
    assert status == 200 and server.text(ben(), poll_url(page))[0] == 204
    pages = [server.text(user, "/")[1] for user in (ana(), bruna())]

    form = {"to": "IN_CONTRACT", "from": "COMMITTED", "version": str(lead.version), "submitted": "1"}
    assert server.text(ana(), f"/leads/{lead.pk}/move/", **form)[0] == 200

    assert [next_word(of_ana), next_word(of_bruna)] == [b"data: look"] * 2
    for user, page in zip((ana(), bruna()), pages, strict=True):
        for _ in range(4):  # by whatever process
            status, answer = server.text(user, poll_url(page))
            assert status == 200 and f'id="lead-{lead.pk}"' in answer
            assert {"COMMITTED", "IN_CONTRACT"} <= set(re.findall(r'hx-target="#column-(\w+)"', answer))

    # A server that is told to end does not wait for those who are connected.
    server.process.send_signal(signal.SIGTERM)
    assert [next_word(of_ana), next_word(of_bruna)] == [b"", b""]
    assert server.process.wait(20) == 0
