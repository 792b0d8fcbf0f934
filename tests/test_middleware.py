"""Around every page: login, time zone, unreadable input, a database that is busy or away."""

import sqlite3
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import psycopg_pool
import pytest
from django.db import DatabaseError, Error, InterfaceError, OperationalError, ProgrammingError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.test import Client
from django.urls import include, path
from django.utils import timezone, translation

from crm import ready as ready_module
from crm.busy import is_busy
from crm.logs import WithoutRows
from leads.models import User
from lifecycle.models import OfficeSettings


def clock(request: HttpRequest) -> HttpResponse:
    """A page of the product, as far as this file is concerned: it says in which zone it was made."""
    return HttpResponse(timezone.get_current_timezone_name())


def locked(request: HttpRequest) -> HttpResponse:
    """A page that waited for its lock in vain."""
    raise OperationalError("canceling statement due to lock timeout") from psycopg.errors.LockNotAvailable()


def broken(request: HttpRequest) -> HttpResponse:
    """A page with a fault of ours."""
    raise ProgrammingError("no such table") from psycopg.errors.UndefinedTable()


urlpatterns = [
    path("accounts/", include("crm.account_urls")),
    path("ready/", ready_module.ready),
    path("clock/", clock),
    path("locked/", locked),
    path("broken/", broken),
]
handler400 = "crm.errors.bad_request"
handler403 = "crm.errors.forbidden"
handler404 = "crm.errors.not_found"
handler500 = "crm.errors.server_error"

pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def ana(db: None) -> User:
    """An agent who never chose a time zone."""
    return User.objects.create_user("ana", "ana@example.com", "correct horse", display_name="Ana Reyes")


@pytest.fixture
def as_ana(ana: User) -> Client:
    """Ana's browser, logged in; a fault of ours is a page, as it is for her."""
    client = Client(raise_request_exception=False)
    client.force_login(ana)
    return client


# --- login


def test_a_page_without_a_session_leads_to_the_login_and_back(client: Client) -> None:
    answer = client.get("/clock/?mine=1")
    assert answer.status_code == 302
    assert answer["Location"] == "/accounts/login/?next=/clock/%3Fmine%3D1"


def test_htmx_without_a_session_moves_the_whole_page_to_the_login(client: Client) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/?agent=3&flag=dnc"}
    answer = client.post("/clock/", headers=headers)
    assert "Location" not in answer.headers
    assert answer["HX-Redirect"] == "/accounts/login/?next=/%3Fagent%3D3%26flag%3Ddnc"
    assert answer.content == b""


@pytest.mark.parametrize("elsewhere", ["https://evil.example/x", "//evil.example", "javascript:alert(1)", ""])
def test_a_foreign_page_is_never_the_way_back(client: Client, elsewhere: str) -> None:
    answer = client.get("/clock/", headers={"HX-Request": "true", "HX-Current-URL": elsewhere})
    assert answer["HX-Redirect"] == "/accounts/login/?next=/"


def test_a_form_without_a_session_leads_back_to_the_page_it_stood_on(client: Client) -> None:
    answer = client.post("/clock/", headers={"Referer": "http://testserver/leads/7/"})
    assert answer["Location"] == "/accounts/login/?next=/leads/7/"


def test_every_answer_carries_the_content_policy(client: Client) -> None:
    for address in ("/clock/", "/nowhere/"):
        policy = client.get(address)["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy


# --- time zone


def test_times_are_shown_in_the_office_zone_until_somebody_chooses_their_own(as_ana: Client, ana: User) -> None:
    OfficeSettings.objects.update_or_create(pk=1, defaults={"time_zone": "America/New_York"})
    assert as_ana.get("/clock/").content == b"America/New_York"
    User.objects.filter(pk=ana.pk).update(time_zone="Asia/Kolkata")
    assert as_ana.get("/clock/").content == b"Asia/Kolkata"
    assert timezone.get_current_timezone() == ZoneInfo("UTC")


def test_a_zone_that_does_not_exist_still_opens_the_page(as_ana: Client, ana: User) -> None:
    User.objects.filter(pk=ana.pk).update(time_zone="Moon/Tranquility")
    assert as_ana.get("/clock/").content == b"UTC"


# --- unreadable input


def test_nul_bytes_are_refused_before_anything_reads_them(client: Client) -> None:
    assert client.get("/clock/%00/").status_code == 400
    assert client.get("/clock/?q=a%00b").status_code == 400
    client.cookies["hindsight_session"] = "aaaaaaaa\x00"
    assert client.get("/clock/").status_code == 400


def test_whoever_sends_nul_bytes_is_answered_in_their_language_and_not_in_their_forerunners(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.middleware.page", lambda problem: HttpResponse(translation.get_language(), status=400))
    for mine, before in (("es", "en"), ("en", "es")):
        with translation.override(before):
            assert client.get("/clock/%00/", headers={"accept-language": mine}).content == mine.encode()


# --- a database that is busy or away


def as_django_gives_it(cause: Exception, kind: type[Error] = OperationalError) -> Error:
    """`cause` in the wrapper that Django puts around what a database library raises."""
    error = kind(str(cause))
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "cause",
    [
        psycopg.errors.LockNotAvailable(),
        psycopg.errors.QueryCanceled(),
        psycopg.errors.DeadlockDetected(),
        psycopg.errors.AdminShutdown(),
        psycopg.errors.TooManyConnections(),
        psycopg.OperationalError("connection refused"),
        psycopg_pool.PoolTimeout(),
    ],
)
def test_trying_again_helps_when_the_server_was_busy_or_away(cause: Exception) -> None:
    assert is_busy(as_django_gives_it(cause))


@pytest.mark.parametrize(
    "error",
    [
        as_django_gives_it(psycopg.errors.UniqueViolation(), DatabaseError),
        as_django_gives_it(psycopg.errors.DiskFull("x"), InterfaceError).__cause__,
        as_django_gives_it(psycopg.errors.UndefinedTable(), ProgrammingError),
        as_django_gives_it(sqlite3.OperationalError("no such table")),
        ValueError("database is locked"),
    ],
)
def test_trying_again_does_not_help_when_the_database_refused(error: Exception) -> None:
    assert not is_busy(error)


def test_a_locked_sqlite_file_is_busy(tmp_path: Path) -> None:
    first, second = (sqlite3.connect(tmp_path / "x", timeout=0, isolation_level=None) for _ in range(2))
    first.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as refused:
        second.execute("BEGIN IMMEDIATE")
    first.close()
    second.close()
    assert is_busy(as_django_gives_it(refused.value))


def test_a_lock_timeout_is_a_503_that_says_when_to_come_back(as_ana: Client) -> None:
    answer = as_ana.get("/locked/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert b"was not saved" in answer.content


def test_a_fault_of_ours_is_a_500_in_plain_words(as_ana: Client) -> None:
    answer = as_ana.get("/broken/")
    assert answer.status_code == 500
    assert b"Something broke on our side" in answer.content
    assert b"no such table" not in answer.content


def test_a_session_that_cannot_be_read_is_a_503(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(request: HttpRequest) -> None:
        raise as_django_gives_it(psycopg_pool.PoolTimeout())

    monkeypatch.setattr("django.contrib.auth.middleware.get_user", away)
    answer = client.get("/clock/")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers


def test_a_page_that_is_not_there_needs_no_database(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert b"Nothing here" in answer.content


@pytest.mark.parametrize("code", [400, 403, 404, 405, 429, 500, 503, 507])
def test_an_error_page_names_its_language_and_says_what_to_do(code: int) -> None:
    """It renders from plain words alone: no request, no context processor."""
    words = {"code": code, "title": "Title", "sentence": "What happened.", "next_step": "What to do."}
    template = loader.get_template(f"errors/{code}.html")
    with translation.override("es"):
        assert '<html lang="es">' in template.render(words)
    page = template.render(words)
    assert '<html lang="en">' in page
    assert all(said in page for said in (f"Error {code}", "Title", "What happened.", "What to do.", 'href="/"'))


def test_the_log_of_a_fault_does_not_quote_the_row() -> None:
    words = "duplicate key value\nDETAIL:  Key (email)=(dana@example.com) already exists."
    try:
        raise ValueError(words)
    except ValueError:
        written = WithoutRows().formatException(sys.exc_info())
    assert "duplicate key value" in written
    assert "dana" not in written


# --- readiness


@pytest.mark.django_db
def test_ready_when_database_migrations_and_guards_are_in_place(client: Client) -> None:
    answer = client.get("/ready/")
    assert answer.json() == {"ready": True, "database": "ok", "migrations": "ok", "guards": "ok"}
    assert answer.status_code == 200


@pytest.mark.django_db
def test_not_ready_while_a_guard_is_missing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifecycle.guards.missing", lambda connection: ["a guard"])
    answer = client.get("/ready/")
    assert answer.status_code == 503
    assert answer.json()["guards"] == "missing"


def test_not_ready_while_the_database_is_away(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(connection: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(ready_module, "MigrationExecutor", away)
    answer = client.get("/ready/")
    assert answer.status_code == 503
    assert answer.json()["database"] == "no answer"


# --- accounts


@pytest.mark.parametrize("name", ["ana", "ana@example.com", "ANA@example.com"])
def test_people_log_in_by_name_or_by_e_mail(client: Client, ana: User, name: str) -> None:
    answer = client.post("/accounts/login/", {"login": name, "password": "correct horse"})
    assert answer.status_code == 302
    assert answer["Location"] == "/"


@pytest.mark.parametrize("address", ["signup/", "email/", "confirm-email/", "login/code/", "3rdparty/"])
def test_nobody_signs_up_or_finds_another_door(client: Client, address: str) -> None:
    assert client.get(f"/accounts/{address}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("words", [b"%ED%A0%80", b"%ff%fe", b"caf%e9"])
def test_words_that_are_not_utf8_get_a_sentence_and_are_not_kept(words: bytes) -> None:
    from leads.models import Lead
    from tests.factories import LeadFactory, ana

    lead = LeadFactory.create(agent=ana())
    before = lead.version
    client = Client()
    client.force_login(ana())
    answer = client.post(f"/leads/{lead.pk}/note/", b"note=" + words, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert "cannot be kept exactly" in answer.content.decode()
    assert Lead.objects.get(pk=lead.pk).version == before
