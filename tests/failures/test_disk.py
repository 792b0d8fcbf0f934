"""A disk that is full and a file that somebody else holds: short versions that need neither root nor patience."""

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.test import Client

from crm.busy import is_busy, is_full
from leads.models import Lead
from lifecycle.models import LeadEvent
from tests.factories import LeadFactory, ana
from tests.soundness import assert_sound, everything

ENGINE = settings.TEST_ENGINE


# --- a full disk


def client() -> Client:
    made = Client(raise_request_exception=False)
    made.force_login(ana())
    return made


def note(browser: Client, lead: Lead, words: str) -> Any:
    from uuid import uuid4

    return browser.post(f"/leads/{lead.pk}/note/", {"note": words, "uuid": str(uuid4())})


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(ENGINE != "sqlite", reason="PostgreSQL has no such limit")
def test_a_full_disk_is_a_sentence_for_people_and_leaves_nothing_half() -> None:
    lead, browser = LeadFactory.create(agent=ana()), client()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0]}")
    try:
        # What pages there are still have some room in them.
        for _ in range(200):
            before = everything()
            answer = note(browser, lead, "Rang twice. " * 300)
            if answer.status_code != 302:
                break
        assert answer.status_code == 507 and int(answer["Retry-After"]) > 0
        assert "no room left" in answer.content.decode() and "was not saved" in answer.content.decode()
        assert everything() == before
        assert browser.get(f"/leads/{lead.pk}/").status_code == browser.get("/").status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert note(browser, lead, "There is room again.").status_code == 302
    assert_sound(lead)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(ENGINE != "postgresql", reason="SQLite has no triggers that raise another's error")
def test_a_server_whose_disk_is_full_is_a_sentence_for_people_and_leaves_nothing_half() -> None:
    lead, browser = LeadFactory.create(agent=ana()), client()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        cursor.execute("CREATE TRIGGER zz_full AFTER INSERT ON lifecycle_eventnote EXECUTE FUNCTION full_disk()")
    before = everything()
    try:
        answer = note(browser, lead, "Rang twice.")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER zz_full ON lifecycle_eventnote")
            cursor.execute("DROP FUNCTION full_disk()")
    assert answer.status_code == 507 and "no room left" in answer.content.decode()
    assert everything() == before
    assert note(browser, lead, "There is room again.").status_code == 302
    assert_sound(lead)


def test_a_full_disk_is_told_from_a_busy_database_and_from_a_fault(tmp_path: Path) -> None:
    full = OperationalError("full")
    full.__cause__ = psycopg.errors.DiskFull()
    assert is_full(full) and is_full(OSError(28, "No space left on device"))
    small = sqlite3.connect(tmp_path / "x", isolation_level=None)
    small.execute("PRAGMA max_page_count = 2")
    small.execute("CREATE TABLE x (y)")
    with pytest.raises(sqlite3.OperationalError) as refused:
        small.execute("CREATE TABLE z (y)")
    small.close()
    assert is_full(refused.value)
    assert not is_full(OSError(2, "No such file")) and not is_full(DatabaseError("no such table"))
    assert not is_busy(OSError(28, "No space left on device"))


# --- a file that somebody else holds


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(ENGINE != "sqlite", reason="PostgreSQL has no file that one process could hold")
def test_a_file_that_another_process_holds_is_a_503_for_who_writes_and_no_matter_for_who_reads() -> None:
    lead, browser = LeadFactory.create(agent=ana()), client()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 20")
    other = sqlite3.connect(str(connection.settings_dict["NAME"]), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        answer = note(browser, lead, "Rang twice.")
        assert answer.status_code == 503 and int(answer["Retry-After"]) > 0
        assert browser.get("/").status_code == browser.get(f"/leads/{lead.pk}/").status_code == 200
    finally:
        other.execute("ROLLBACK")
        other.close()
        # The next one opens the file anew, with the product's own patience.
        connection.close()
    assert note(browser, lead, "Rang twice.").status_code == 302
    assert LeadEvent.objects.filter(lead=lead, kind="note_added").count() == 1
    with transaction.atomic():
        assert_sound(lead)
