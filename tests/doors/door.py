"""One person at the doors of the office: asks, and is told every statement that wrote."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.test import Client, RequestFactory
from django.test.client import ClientHandler
from django.urls import Resolver404, resolve

from leads.models import User
from leads.traces import TRACED_GETS, TRACED_POSTS
from tests import proofs

#: Rows that a page may write although nobody asked it to.
#: django_session: a message that was shown is not shown again, a code or a passkey is being set up, tries are counted.
MAY_BE_WRITTEN = frozenset({"django_session"})
#: Written by those pages alone that hand out many leads at once, ``leads.traces.TRACED_GETS`` and ``TRACED_POSTS``.
TRACES = "leads_trace"

_WRITES = re.compile(r"\b(?:INSERT(?: OR \w+)? INTO|UPDATE(?: ONLY)?|DELETE FROM|TRUNCATE|MERGE INTO)\s+\"?(\w+)", re.I)
_LOCKS = re.compile(r"\b(?:FOR (?:NO KEY )?|DO )UPDATE\b")


@cache
def _house(csrf: bool) -> ClientHandler:
    """The product with all that stands around its pages, set up once."""
    house = ClientHandler(enforce_csrf_checks=csrf)
    house.load_middleware()
    return house


class Door(RequestFactory):
    """Asks as a browser would that has this person's session; what the answers set is forgotten.

    Leaner than Django's client: no template is recorded, and a fault is the page for 500 that people would see.
    """

    def __init__(self, session: str = "", *, csrf: bool = False) -> None:
        super().__init__()
        self.handler = _house(csrf)
        if session:
            self.cookies[settings.SESSION_COOKIE_NAME] = session

    def request(self, **request: Any) -> Any:
        """The answer."""
        return self.handler(self._base_environ(**request))  # type: ignore[attr-defined]

    def ask(self, method: str, path: str, data: Any = None, *, htmx: bool = False, **headers: Any) -> Any:
        """In: a form's fields for POST; headers by their names, ``_`` for ``-``."""
        known = {"HX-Request": "true", "HX-Current-URL": "http://testserver/"} if htmx else {}
        known |= {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            return self.post(path, data or {}, headers=known)
        return self.generic(method, path, headers=known)


def session_of(person: User, *, proven: bool = True) -> str:
    """A session of this person, who has just said who they are, or said it long ago."""
    client = Client()
    client.force_login(person)
    (proofs.now if proven else proofs.long_ago)(client, person)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def leaves_a_trace(method: str, path: str) -> bool:
    """Whether this is asked of a page that notes who was handed what."""
    pages = {"GET": TRACED_GETS, "POST": TRACED_POSTS}.get(method, frozenset())
    try:
        return resolve(path.partition("?")[0]).view_name in pages
    except Resolver404:
        return False


@contextmanager
def writing(*, traced: bool = False) -> Iterator[list[str]]:
    """The tables that are written to inside, but for those that always may be; ``traced``: and but for traces."""
    may_be = MAY_BE_WRITTEN | {TRACES} if traced else MAY_BE_WRITTEN
    tables: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITES.findall(_LOCKS.sub("", sql))
        tables.extend(table for table in found if table not in may_be)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables


@contextmanager
def taken_back() -> Iterator[None]:
    """Whatever is written inside never was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def everything() -> dict[str, list[Any]]:
    """All rows of all tables but those that always may be written to."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(connection.introspection.table_names(cursor)):
            if table not in MAY_BE_WRITTEN:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                found[table] = sorted(map(repr, cursor.fetchall()))
    return found


def body(answer: Any) -> bytes:
    """All that was sent, of a file that comes in pieces too."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
