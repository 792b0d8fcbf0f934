"""Bruna opens one page and knows whether the record is whole, and what to do if it is not."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from leads.models import Lead
from lifecycle import guards
from lifecycle.models import Checkpoint, Verification
from lifecycle.proof.notes import PublicKey
from lifecycle.states import State
from tests.factories import LeadFactory, ada, ana, bruna

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sealed(key: PublicKey) -> Lead:
    """A small office, sealed and looked through a minute ago."""
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    call_command("checkpoint", verbosity=0, stdout=io.StringIO())
    look()
    return lead


def look() -> None:
    try:
        call_command("verify_log", verbosity=0, stdout=io.StringIO())
    except SystemExit:
        return


def page(client: Client) -> str:
    client.force_login(bruna())
    answer = client.get("/integrity/")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_a_whole_record_is_said_to_be_whole(sealed: Lead, client: Client) -> None:
    text = page(client)
    assert "nothing that is missing and nothing that was changed was found" in text
    assert "All there, in order" in text and "Every column is what the log says" in text and "compared with 1" in text
    assert "crm.example.com+" in text and "Overdue" not in text


def test_a_missing_guard_is_seen_at_once_without_any_look(sealed: Lead, client: Client) -> None:
    guards.remove(connection)
    text = page(client)
    guards.install(connection)
    assert "Something is not as it should be." in text and "migrate --skip-checks" in text


def test_a_drifted_column_is_named_with_what_mends_it(sealed: Lead, client: Client) -> None:
    Lead.objects.filter(pk=sealed.pk).update(attempts=77)
    look()
    text = page(client)
    assert "Something is not as it should be." in text
    assert "1 column of a lead is not what the log says" in text and "rebuild_cache" in text
    assert f"{sealed.key}, version {sealed.version}: the cached column attempts" in text


def test_what_was_not_done_for_two_days_is_overdue(sealed: Lead, client: Client) -> None:
    long_ago = timezone.now() - timedelta(days=3)
    Verification.objects.update(ran_at=long_ago)
    assert page(client).count("Overdue") == 1
    Checkpoint.objects.update(made_at=long_ago)
    text = page(client)
    assert text.count("Overdue") == 2 and "not all of it was looked at lately" in text


def test_an_office_that_never_looked_is_told_how_to_begin(client: Client) -> None:
    text = page(client)
    assert "Nobody has looked yet" in text and "There is none yet" in text


def test_the_checkpoint_is_kept_by_a_click(sealed: Lead, client: Client) -> None:
    client.force_login(ada())
    answer = client.get("/integrity/checkpoints/1/")
    assert answer.text == Checkpoint.objects.get().note
    assert answer["Content-Disposition"] == 'attachment; filename="checkpoint-000001.txt"'
    for number in (2, 2**31, 10**30):
        assert client.get(f"/integrity/checkpoints/{number}/").status_code == 404
