"""Rows that no release writes: the board draws the other leads, the lead's page says what is wrong."""

import io
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from leads import set_aside
from leads.models import Lead
from lifecycle import service
from lifecycle.damage import damage, damaged_leads, leads_of_damaged_facts
from lifecycle.models import OfficeSettings
from lifecycle.states import State
from tests.factories import LeadFactory, ana, ben, bruna
from tests.failures.poisoned import FACT, LEAD, Poison, for_engine, poisoned
from tests.soundness import assert_sound

pytestmark = pytest.mark.django_db(transaction=True)

POISONS = for_engine(settings.TEST_ENGINE)
FEED = "/board/changes?since=0&tail=0&drawn=1&ticked=1"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    set_aside.forget()
    yield
    set_aside.forget()


@pytest.fixture
def lead() -> Lead:
    """Dana, whose record is going to be spoilt. Joe is beside her in the same column."""
    # Where it is later than in UTC, the end of time is beyond it.
    OfficeSettings.objects.update(time_zone="Asia/Kolkata")
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana(), name="Dana Ortiz")
    LeadFactory.create(status=State.QUALIFIED, agent=ana(), name="Joe Tran")
    service.add_note(lead_id=lead.pk, note="Rang twice.", actor=ana(), source="page")
    return lead


@pytest.fixture
def browser() -> Client:
    made = Client(raise_request_exception=False)
    made.force_login(bruna())
    return made


def test_one_poisoned_row_spoils_no_page_but_its_own(lead: Lead, browser: Client) -> None:
    wrong = {}
    for poison in POISONS:
        set_aside.forget()
        with poisoned(lead, poison):
            wrong[poison.name] = [*_spoilt(browser), *_unsaid(browser, lead, poison)]
            if poison.table == LEAD:
                # A round that one lead breaks off would never reach the others: it raises here.
                set_aside.forget()
                call_command("run_due", stdout=io.StringIO())
    assert {name: said for name, said in wrong.items() if said} == {}
    set_aside.forget()
    assert damage(lead.pk) == [] and damaged_leads() == leads_of_damaged_facts() == frozenset()
    assert_sound(lead)


def _spoilt(browser: Client) -> list[str]:
    """The pages on which Joe is not to be seen, as he should be."""
    answers = {path: browser.get(path) for path in ("/", FEED, "/search/?q=Joe", "/board/column/QUALIFIED/")}
    spoilt = [path for path, a in answers.items() if a.status_code != 200 or "Joe Tran" not in a.content.decode()]
    return spoilt + ["/reports/"] * (browser.get("/reports/").status_code >= 500)


def _unsaid(browser: Client, lead: Lead, poison: Poison) -> list[str]:
    """What is kept from whoever asks for Dana: her page is drawn, or says which column is damaged."""
    own, found = browser.get(f"/leads/{lead.pk}/"), {d.column for d in damage(lead.pk)}
    text = own.content.decode()
    drawn = own.status_code == 200 or (own.status_code == 422 and "damaged" in text and poison.column in text)
    named = poison.column in found or poison.name in MEANT
    return [f"her page: {own.status_code}"] * (not drawn) + [f"not found among {found}"] * (not named)


#: Poisons that a lead may carry by an honest way: nothing is damaged, `verify_log` finds that it does not fit.
MEANT = {"data of the wrong sort", "a lead with a way that is none"}

CAME_NEVER = Poison("", LEAD, "stage_entered_at", "'9999-12-31 23:59:59'")


def test_the_board_names_who_is_left_out_and_takes_them_in_again(lead: Lead, browser: Client) -> None:
    with poisoned(lead, CAME_NEVER):
        board = browser.get("/").content.decode()
        assert "cannot be shown" in board and f'href="/leads/{lead.pk}/"' in board and "Dana Ortiz" not in board
        page = browser.get(f"/leads/{lead.pk}/")
        assert page.status_code == 422 and "stage_entered_at" in page.content.decode()
        others = Client(raise_request_exception=False)
        others.force_login(ben())
        assert others.get(f"/leads/{lead.pk}/").status_code == 404
        assert "cannot be shown" not in others.get("/").content.decode()
    set_aside.forget()
    assert "Dana Ortiz" in browser.get("/").content.decode()


def test_a_fault_of_ours_is_never_blamed_on_a_lead(
    lead: Lead, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("leads.pages.lead.whole_page", broken)
    assert browser.get(f"/leads/{lead.pk}/").status_code == 500
    with poisoned(lead, Poison("", FACT, "data", "'[1]'")):
        assert browser.get(f"/leads/{lead.pk}/").status_code == 422


def test_verify_log_names_the_lead_whatever_was_put_into_its_rows(lead: Lead) -> None:
    silent = {}
    for poison in POISONS:
        out = io.StringIO()
        with poisoned(lead, poison):
            try:
                call_command("verify_log", stdout=out, stderr=out, verbosity=0)
                code = 0
            except SystemExit as stop:
                code = int(str(stop.code))
        if code != 1 or f"L-{lead.pk}" not in out.getvalue():
            silent[poison.name] = (code, out.getvalue()[-300:])
    assert silent == {}
