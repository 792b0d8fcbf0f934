"""The way of a file in a browser: from a wrong encoding to leads on the board and back, with a worker beside it."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from leads.imports import phases
from leads.models import Import, Lead, Phase
from lifecycle import service
from lifecycle.events import Source
from tests.browser.hands import breaches, fits, repeated_ids, see
from tests.factories import LeadFactory, ada, ana, bruna, otto
from tests.import_hands import ROWS, at_step, checked, export, mapped, url, work

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

# `manage.py db_worker` with the database and the files of the test.
WORKER = """
import sys
import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.DATABASES["default"]["TEST"] = {}
settings.STORAGES["imports"]["OPTIONS"]["location"] = sys.argv[2]
django.setup()

from django.core.management import call_command

call_command("db_worker", interval=0.1, startup_delay=False, verbosity=0)
"""
STAGES = ("Open", "Working", "Nurturing", "Won", "Lost", "Agreement Signed")
OWNERS = ("Ana Alvarez", "otto@office.example", "Old Hand", "")


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A worker in a process of its own, as long as the test lasts."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    name, folder = str(connection.settings_dict["NAME"]), str(storages["imports"].location)  # type: ignore[attr-defined]
    root = Path(__file__).resolve().parent.parent.parent
    with subprocess.Popen([sys.executable, "-c", WORKER, name, folder], cwd=root) as process:
        yield
        process.terminate()
        process.wait(20)


def real_export(rows: int = 80) -> bytes:
    """What an old system writes: semicolons, Windows' letters, local times, owners of every kind, a few broken rows."""
    lines = ["Lead ID;Full Name;E-mail;Phone;Lead Status;Lead Owner;Created Time;Modified Time"]
    for n in range(rows):
        created = "31/02/2019 10:00" if n in (50, 51) else f"{n % 28 + 1:02}/03/2019 {n % 24:02}:38"
        lines.append(
            f"Z{n};José Müller {n};jose{n}@example.com;+1 510 555 {n:04};{STAGES[n % 6]};{OWNERS[n % 4]};"
            f"{created};{n % 28 + 1:02}/04/2019 09:00"
        )
    return ("\r\n".join(lines) + "\r\n").encode("cp1252")


def go_on(page: "Page", step: str) -> None:
    """Presses the button of a step, and waits for the next one."""
    page.click(".import-foot .button-primary")
    page.wait_for_url(f"**/{step}/**")


def test_bruna_brings_an_export_in_mends_what_was_refused_and_takes_it_back(
    open_page: Open, worker: None, tmp_path: Path
) -> None:
    ana(), otto()
    LeadFactory.create(name="José M.", email="jose7@example.com", phone="", agent=ana())
    page = open_page(bruna(), "/import/", accept_downloads=True)
    (tmp_path / "old-crm.csv").write_bytes(real_export())
    page.set_input_files("#import-file", tmp_path / "old-crm.csv")
    page.fill("#import-source", "Old CRM")
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/file/")

    # The wrong letters first: nobody is called that.
    with page.expect_response(lambda r: "encoding=cp1251" in r.url):
        page.select_option("#import-encoding", "cp1251")
    see(page, "main").to_contain_text("Josй Mьller")
    with page.expect_response(lambda r: "encoding=cp1252" in r.url):
        page.select_option("#import-encoding", "cp1252")
    see(page, "main").to_contain_text("José Müller")
    page.get_by_role("button", name="It reads right").click()
    page.wait_for_url("**/columns/")
    go_on(page, "stages")
    for word in ("Open", "Nurturing"):
        row = page.locator("tr", has=page.get_by_role("rowheader", name=word, exact=True))
        row.locator("select").select_option("NEW")
    go_on(page, "owners")
    assert (
        page.get_by_label("otto@office.example").evaluate("s => s.selectedOptions[0].text")
        == "Otto Oduya (deactivated)"
    )
    go_on(page, "dates")
    see(page, "main").to_contain_text("01/03/2019 00:38 → Fri 1 Mar 2019, 00:38 Los Angeles time (08:38 UTC)")
    see(page, ".bring-bad").to_contain_text("2 cannot be read: 31/02/2019 10:00")
    page.fill("#zone", "Europe/Amsterdam")
    page.get_by_role("button", name="Show how they read now").click()
    see(page, "main").to_contain_text("00:38 Amsterdam time (28 Feb, 23:38 UTC)")
    go_on(page, "duplicates")

    # The page finds out by itself that the worker has checked the file.
    see(page, "h2").to_contain_text(["1 row is here already"], timeout=15000)
    see(page, "main").to_contain_text("Same e-mail as José M. (New, with Ana Alvarez).")
    page.select_option("#row-9", "update")
    go_on(page, "preview")
    button = page.get_by_role("button", name="Bring in 77 leads")
    button.wait_for(timeout=15000)
    see(page, "main").to_contain_text("created 1 Mar 2019 · with Ana Alvarez")
    button.click()
    see(page, "h1").to_have_text("77 leads came in", timeout=15000)
    see(page, "main").to_contain_text("1 contact facts updated")

    with page.expect_download() as download:
        page.get_by_role("link", name="Rows to mend (CSV)").click()
    mended = tmp_path / "mended.csv"
    text = download.value.path().read_bytes().decode("utf-8-sig")
    assert text.count("31/02/2019") == 4 and "'+1 510 555 0050" in text
    mended.write_bytes(text.replace("31/02/2019 10:00,", "28/02/2019 10:00,").encode("utf-8-sig"))
    result = page.url
    page.set_input_files("#mended", mended)
    page.get_by_role("button", name="Upload", exact=True).click()
    page.wait_for_url("**/file/")
    see(page, "main").to_contain_text("+1 510 555 0050")
    see(page, "main").not_to_contain_text("Line 52")

    page.goto(result)
    lead = Lead.objects.get(external_key="Z3")
    service.add_note(lead_id=lead.pk, actor=ana(), source=Source.PAGE, note="Called, still looking.")
    page.get_by_role("link", name="See what taking it back would do").click()
    page.wait_for_url("**/undo/")
    see(page, "h1").to_have_text("76 leads would be taken back")
    see(page, ".bring-leads").to_have_text(re.compile("José Müller 3"))
    page.get_by_label("Yes, take these 76 leads back").check()
    page.get_by_role("button", name="Take the import back").click()
    see(page, "h1").to_have_text("76 leads were taken back", timeout=15000)
    see(page, ".bring-leads").to_have_text(re.compile("José Müller 3"))
    assert Lead.objects.filter(status="TRASHED").count() == 76


def test_two_people_at_one_import(open_page: Open) -> None:
    LeadFactory.create(name="Dana Ortiz", email="dana@example.com", phone="")
    made = checked("preview")
    hers = open_page(bruna(), url(made, "duplicates"))
    his = open_page(ada(), url(made, "preview"))
    his.get_by_role("button", name="Bring in 2 leads").click()
    see(his, "#bring-progress h2").to_have_text("Waiting for a worker to begin")
    hers.get_by_label("Keep both").check()
    hers.click(".import-foot .button-primary")
    see(hers, "#bring-progress h2").to_have_text("Waiting for a worker to begin")
    work()
    for page in (his, hers):
        see(page, "h1").to_have_text("2 leads came in", timeout=10000)


def places() -> dict[str, str]:
    """Every page of this half, each with all that it can say."""
    ana(), otto()
    LeadFactory.create(name="Dana Ortiz", email="dana@example.com", phone="", agent=ana())
    bad = "9,Bad Day,,,Won,,someday,"
    owners, dates = at_step("owners"), at_step("dates", export("1,A,,,Open,,03/04/2021 10:00,", bad))
    waiting = checked("preview", source="B")
    phases.start(waiting)
    asleep = at_step("duplicates", source="C")
    phases.begin_check(asleep)
    Import.objects.filter(pk__in=[waiting.pk, asleep.pk]).update(beat_at=timezone.now() - timedelta(minutes=1))
    stopped = checked("preview", source="D")
    phases.stop(phases.start(stopped), bruna())
    done = checked("preview", export(*ROWS, bad), source="E", mapping=mapped(duplicates="both"))
    phases.work_on(phases.start(done).pk)
    lead = Lead.objects.get(external_source="E", external_key="2")
    service.add_note(lead_id=lead.pk, actor=ana(), source=Source.PAGE, note="Called.")
    undone = checked("preview", export(*ROWS), source="F", mapping=mapped(duplicates="both"))
    phases.work_on(phases.start(undone).pk)
    other = Lead.objects.get(external_source="F", external_key="2")
    service.add_note(lead_id=other.pk, actor=ana(), source=Source.PAGE, note="Called.")
    undone.refresh_from_db()
    phases.work_on(phases.begin_undo(undone, actor=ada()).pk)
    checked_now = checked("preview", export(*ROWS, bad))
    assert Import.objects.get(pk=undone.pk).phase == Phase.UNDONE
    return {
        "owners": url(owners, "owners"),
        "dates": url(dates, "dates"),
        "asleep": url(asleep, "duplicates"),
        "duplicates": url(checked_now, "duplicates"),
        "preview": url(checked_now, "preview"),
        "waiting": url(waiting),
        "stopped": url(stopped),
        "done": url(done),
        "refused": f"{url(done)}?rows=refused",
        "undo": url(done, "undo"),
        "undone": url(undone),
    }


#: Those that have colours which no other page has.
IN_BOTH = ("dates", "duplicates", "waiting", "done")


def test_the_pages_are_clean_in_light_and_dark(open_page: Open) -> None:
    addresses = places()
    page = open_page(bruna(), "/me/", reduced_motion="reduce")
    for name, address in addresses.items():
        page.goto(address)
        assert repeated_ids(page) == [], name
        for scheme in ("light", "dark") if name in IN_BOTH else ("light",):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert breaches(page) == [], (name, scheme)


#: What a finger meets that is lower or narrower than it needs, outside of running text.
TOO_SMALL = """() => [...document.querySelectorAll('main :is(button, select, .button, .choice, input)')]
  .filter(e => e.matches('.choice') || !e.closest('.choice'))
  .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect().height])
  .filter(([, height]) => height && height < 43.5)"""


def test_the_pages_fit_a_phone(open_page: Open) -> None:
    addresses = places()
    page = open_page(bruna(), "/me/", phone=True)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for name, address in addresses.items():
            page.goto(address)
            fits(page, width)
            assert page.evaluate(TOO_SMALL) == [], (name, width)


def test_without_javascript_the_way_is_the_same(open_page: Open) -> None:
    LeadFactory.create(name="Dana Ortiz", email="dana@example.com", phone="")
    made = at_step("dates")
    page = open_page(bruna(), url(made, "dates"), java_script_enabled=False)
    go_on(page, "duplicates")
    see(page, "#bring-progress h2").to_have_text("Every row is being checked")
    work()
    page.get_by_role("link", name="How far is it now?").click()
    see(page, "h1").to_have_text("Who is here already?")
    page.get_by_label("Keep both").check()
    go_on(page, "preview")
    work()
    page.get_by_role("link", name="How far is it now?").click()
    page.get_by_role("button", name="Bring in 3 leads").click()
    see(page, "#bring-progress h2").to_have_text("Waiting for a worker to begin")
    work()
    page.get_by_role("link", name="How far is it now?").click()
    see(page, "h1").to_have_text("3 leads came in")
    page.get_by_role("link", name=re.compile("new leads")).click()
    see(page, "tbody tr").to_have_count(3)
