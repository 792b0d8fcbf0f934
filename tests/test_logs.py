"""What is written down about a fault names no person, no word of theirs and no key; an error page tells nothing."""

import io
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import DataError, IntegrityError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from crm.logs import WithoutRows, one_line, said_by
from crm.urls import urlpatterns as of_the_product
from leads.models import User
from tests.factories import LeadFactory, ana

#: Nothing of this may ever be written down.
NAME, MAIL, PHONE, WORDS = "Dana Whitfield", "dana.w@example.com", "+1 510 555 0142", "She lost her job\nlast week"
SECRETS = ("Dana", "Whitfield", "dana.w", "510 555", "lost her job", "last week", "correct horse", "c0ffee-key")


def quoting(request: HttpRequest) -> HttpResponse:
    """A fault whose words are somebody's."""
    raise ValueError(f"cannot place '{NAME}' <{MAIL}> at {PHONE}: \"{WORDS}\"")


def chained(request: HttpRequest) -> HttpResponse:
    try:
        raise KeyError(NAME)
    except KeyError as error:
        raise RuntimeError(f"no such person: {NAME!r}") from error


def by_the_database(request: HttpRequest) -> HttpResponse:
    """A statement that the database quotes when it refuses it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT %s::integer, %s", [f"{NAME}\n{WORDS}", MAIL])
        raise DataError(f"invalid input syntax for type integer: \"{NAME}\"\nLINE 1: SELECT '{NAME}\n{WORDS}'")


def twin(request: HttpRequest) -> HttpResponse:
    raise IntegrityError(f"duplicate key\nDETAIL:  Key (email)=({MAIL})\n{WORDS} already exists.\nCONTEXT: {NAME}")


urlpatterns = [
    path("planted/quoting/", quoting),
    path("planted/chained/", chained),
    path("planted/database/", by_the_database),
    path("planted/twin/", twin),
    path("accounts/password/reset/key/planted-c0ffee-key/", quoting),
    *of_the_product,
]
handler400 = "crm.errors.bad_request"
handler500 = "crm.errors.server_error"

pytestmark = pytest.mark.urls(__name__)


FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that the product's logs say at every level, as its own handler would write it."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(WithoutRows(FORMAT))
    root, before = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield out
    root.setLevel(before)
    root.removeHandler(handler)


def asking(address: str, **typed: Any) -> Callable[[Client], Any]:
    return lambda client: client.post(address, typed) if typed else client.get(address)


EVENTS = {
    "a fault that quotes somebody": asking("/planted/quoting/"),
    "a fault that came from another": asking("/planted/chained/"),
    "a refusal of the database": asking("/planted/database/"),
    "a twin in the database": asking("/planted/twin/"),
    "a search": asking("/search/?q=Dana+Whitfield"),
    "a search that cannot be read": asking("/search/?q=Dana+Whitfield%00"),
    "a new lead with a mistake": asking("/leads/new/", name=NAME, email="dana.w", phone=PHONE, note=WORDS),
    "a new lead": asking("/leads/new/", name=NAME, email=MAIL, phone=PHONE, note=WORDS, inquiry="website"),
    "a login that fails": asking("/accounts/login/", login="Dana", password="correct horse"),
    "a fault beside a key": asking("/accounts/password/reset/key/planted-c0ffee-key/"),
    "a key that is none": asking("/accounts/password/reset/key/1-c0ffee-key/"),
    "a method that is not taken, beside a key": lambda c: c.put("/accounts/password/reset/key/1-c0ffee-key/"),
    "a page that is not there": asking("/nowhere/?who=Dana"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", EVENTS)
def test_no_log_at_any_level_and_no_error_page_names_anybody(what: str, written: io.StringIO) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(ana())
    LeadFactory.create(agent=ana(), name=NAME, email=MAIL, phone=PHONE)
    answer = EVENTS[what](client)
    said = written.getvalue()
    assert [secret for secret in SECRETS if secret in said] == [], said
    assert settings.SECRET_KEY not in said + answer.content.decode()
    if answer.status_code >= 400:
        page = answer.content.decode()
        assert "Traceback" not in page and str(settings.BASE_DIR) not in page
        assert what.startswith("a new lead") or [secret for secret in SECRETS if secret in page] == []
    if answer.status_code == 500:
        assert "Traceback" in said and "test_logs.py" in said, "Where it broke has to be written down."


def test_the_positive_control_an_ordinary_log_would_name_her(written: io.StringIO) -> None:
    plain = logging.Formatter()
    try:
        quoting(HttpRequest())
    except ValueError:
        logging.getLogger("planted").exception("a fault")
        assert "Dana Whitfield" in plain.formatException(sys.exc_info())
    assert "ValueError" in written.getvalue() and "Dana" not in written.getvalue()


def test_a_line_break_that_somebody_typed_begins_no_line() -> None:
    record = logging.LogRecord("x", logging.WARNING, "f", 1, "Not Found: %s", ("/a\n2026 ERROR x: a lie\x1b[2J",), None)
    line = WithoutRows("%(levelname)s %(message)s").format(record)
    assert line == "WARNING Not Found: /a\\n2026 ERROR x: a lie\\x1b[2J"


def test_what_no_person_could_have_typed_stays() -> None:
    error = KeyError("agent_id")
    assert said_by(error) == "'agent_id'"
    assert said_by(ValueError('relation "leads_lead" does not exist')) == 'relation "leads_lead" does not exist'
    assert said_by(ValueError("no such table: leads_lead")) == "no such table: leads_lead"
    assert said_by(ValueError("expected 12, got 'Dana'")) == "expected 12, got “…”"
    assert one_line("a\tb") == "a\tb"


def test_an_exception_without_one_is_nothing() -> None:
    assert WithoutRows().formatException((None, None, None)) == ""
    try:
        raise ValueError("x")
    except ValueError:
        assert WithoutRows().formatException(sys.exc_info()).endswith("\nValueError: x")


@pytest.mark.django_db
def test_a_password_is_written_down_nowhere() -> None:
    person = User.objects.create_user("zoe", "zoe@office.example", "correct horse", display_name="Zoe")
    assert "correct horse" not in person.password
