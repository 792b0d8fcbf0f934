"""Bruna looks whether the record is whole, and hands a lawyer the pack of one lead; by eye, by keyboard, on a phone."""

import io
import zipfile
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from django.core.management import call_command
from django.test import Client

from leads.models import Lead
from lifecycle.proof.notes import PublicKey
from lifecycle.states import State
from tests import proofs
from tests.browser.hands import breaches, fits, repeated_ids, see
from tests.factories import LeadFactory, ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sealed(key: PublicKey) -> Lead:
    """Dana's story, looked through twice, and sealed; something is wrong with a column since."""
    lead = LeadFactory.create(name="Dana Ortiz", status=State.COMMITTED, agent=ana())
    call_command("checkpoint", verbosity=0, stdout=io.StringIO())
    call_command("verify_log", verbosity=0, stdout=io.StringIO())
    return lead


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_clean_when_all_is_well_and_when_it_is_not(open_page: Open, sealed: Lead, scheme: str) -> None:
    page = open_page(bruna(), "/integrity/", color_scheme=scheme, phone=scheme == "dark", reduced_motion="reduce")
    see(page, ".proof-answer").to_contain_text("Yes")
    fits(page, 390 if scheme == "dark" else 1440)
    assert breaches(page) == [] and repeated_ids(page) == []
    Lead.objects.filter(pk=sealed.pk).update(attempts=77)
    with pytest.raises(SystemExit):
        call_command("verify_log", verbosity=0, stdout=io.StringIO())
    page.reload()
    see(page, ".proof-answer").to_contain_text("Something is not as it should be.")
    see(page, ".proof-findings").to_contain_text("the cached column attempts is not what the log says")
    assert breaches(page) == [] and repeated_ids(page) == []


def test_bruna_finds_the_page_by_keyboard_and_keeps_the_checkpoint(open_page: Open, sealed: Lead) -> None:
    page = open_page(bruna(), "/")
    page.get_by_role("button", name="Look back").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Is the record whole?").focus()
    page.keyboard.press("Enter")
    see(page, "h1").to_have_text("Is the record whole?")
    with page.expect_download() as download:
        page.get_by_role("link", name="Keep a copy").click()
    assert download.value.suggested_filename == "checkpoint-000001.txt"
    assert download.value.path().read_text().startswith("crm.example.com\n")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_bruna_says_who_she_is_once_more_and_gets_the_pack(open_page: Open, sealed: Lead, scheme: str) -> None:
    broker = bruna()
    broker.set_password("a long enough password")
    broker.save()
    page = open_page(broker, f"/leads/{sealed.pk}/", color_scheme=scheme, reduced_motion="reduce")
    hers = Client()
    hers.cookies["hindsight_session"] = next(
        c["value"] for c in page.context.cookies() if c["name"] == "hindsight_session"
    )
    proofs.long_ago(hers, broker)
    page.get_by_role("link", name="Auditor's pack").click()
    see(page, "h1").to_contain_text("Auditor's pack: Dana Ortiz")
    assert breaches(page) == [] and repeated_ids(page) == []
    page.get_by_role("button", name="Download the pack").click()
    page.get_by_label("Password").fill("a long enough password")
    assert breaches(page) == []
    page.keyboard.press("Enter")
    see(page, "h1").to_contain_text("Auditor's pack: Dana Ortiz")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the pack").click()
    with zipfile.ZipFile(download.value.path()) as pack:
        assert "verify.py" in pack.namelist()


def test_ana_is_offered_neither(open_page: Open, sealed: Lead) -> None:
    page = open_page(ana(), f"/leads/{sealed.pk}/")
    see(page, "text=Auditor's pack").to_have_count(0)
    page.get_by_role("button", name="Look back").click()
    see(page, "text=Is the record whole?").to_have_count(0)
