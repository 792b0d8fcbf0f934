"""How the server holds the database: kept open where opening costs, never more connections than there are."""

import os
import runpy
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.db.backends.signals import connection_created

ROOT = Path(__file__).resolve().parent.parent
#: What a PostgreSQL has where nobody changed it, less what it keeps for its own people.
MAX_CONNECTIONS = 100 - 3


def ready() -> None:
    """One whole request, as the server hands it to the product."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "GET", "PATH_INFO": "/ready/", "SERVER_NAME": "localhost", "SERVER_PORT": "80",
        "wsgi.url_scheme": "http", "wsgi.input": BytesIO(), "HTTP_HOST": "localhost",
    }  # fmt: skip
    answer = WSGIHandler()(environ, lambda status, headers, fault=None, /: bytes)
    assert b'"ready": true' in b"".join(answer)
    answer.close()


def ask_twice(opened: list[bool]) -> None:
    """Two requests on one thread of the server; what is opened for them is written down."""

    def note(connection: Any, **_: Any) -> None:
        opened.append(True)

    connection_created.connect(note)
    try:
        ready()
        ready()
    finally:
        connection_created.disconnect(note)
        connection.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has a pool")
def test_a_thread_keeps_the_file_open_between_two_requests() -> None:
    opened: list[bool] = []
    with ThreadPoolExecutor(1) as thread:
        thread.submit(ask_twice, opened).result()
    assert opened == [True]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="only PostgreSQL counts connections")
def test_every_thread_of_a_server_gets_a_connection_and_all_of_them_fit() -> None:
    from crm import environment

    server = runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_POOL_MAX", raising=False)
        patch.delenv("DATABASE_POOL_MIN", raising=False)
        patch.setenv("DATABASE_URL", "postgresql://ana@localhost/office")
        pool = environment.database(ROOT, "unused.sqlite3")["OPTIONS"]["pool"]
    assert server["threads"] <= pool["max_size"]
    assert server["workers"] * pool["max_size"] < MAX_CONNECTIONS
    assert not settings.DATABASES["default"].get("CONN_MAX_AGE")


def test_nothing_is_open_when_the_server_divides_into_processes() -> None:
    """A connection that two processes share answers the questions of one to the other."""
    asks = (
        "import sys, threading, crm.wsgi\n"
        "from django.db import connection\n"
        "assert connection.connection is None\n"
        "assert not getattr(connection, '_connection_pools', None)\n"
        "assert threading.active_count() == 1\n"
        "assert 'leads.pages.move' in sys.modules\n"
    )
    database = "postgresql://ana@localhost:1/office" if connection.vendor == "postgresql" else "sqlite:///none.sqlite3"
    fixed = {"HINDSIGHT_ENV_FILE": "", "HINDSIGHT_DEMO": "1", "DATABASE_URL": database}
    subprocess.run([sys.executable, "-c", asks], cwd=ROOT, env={**os.environ, **fixed}, check=True)
    assert runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))["preload_app"]
