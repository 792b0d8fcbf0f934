"""The short way of a file in a browser: straight to the preview, by way of what a person has to say."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from leads.imports import phases
from leads.models import Import, Lead
from tests.browser.hands import breaches, fits, plain, repeated_ids, see
from tests.factories import ana, bruna

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = "Lead ID,Name,E-mail,Lead Status,Lead Owner,Created Time,Shoe size\r\n"


@pytest.fixture
def clear_csv(tmp_path: Path) -> Path:
    file = tmp_path / "clear.csv"
    rows = (f"{n},Dana Ortiz {n},d{n}@example.com,Won,{ana().display_name},2025-10-13 10:00,9\r\n" for n in range(30))
    file.write_text(HEADER + "".join(rows))
    return file


def upload(page: "Page", file: Path) -> None:
    page.set_input_files("#import-file", file)
    page.fill("#import-source", "Old CRM")
    page.click("text=Upload and look at it")
    page.wait_for_url("**/file/")


def work() -> None:
    """What a worker would do, while the page watches."""
    phases.work_on(Import.objects.latest("made_at").pk)


def test_a_file_with_nothing_to_decide_is_four_clicks_from_the_board(open_page: Open, clear_csv: Path) -> None:
    page = open_page(bruna(), "/import/")
    upload(page, clear_csv)
    page.click("text=Skip to the preview")
    page.wait_for_url("**/duplicates/")
    work()
    # Nobody of the file is here already: the page that watches goes on by itself.
    page.wait_for_url("**/preview/")
    see(page, ".bring-understood").to_contain_text("You skipped ahead")
    see(page, ".bring-understood dd >> nth=0").to_contain_text("Left out: Shoe size")
    see(page, ".bring-understood dd >> nth=2").to_contain_text(ana().display_name)
    assert repeated_ids(page) == []
    assert breaches(page) == []
    page.emulate_media(color_scheme="dark")
    assert breaches(page) == []
    page.click("text=Bring in 30 leads")
    page.wait_for_url(lambda url: "preview" not in url)
    work()
    see(page, "h1").to_have_text("30 leads came in")
    assert Lead.objects.filter(agent=ana()).count() == 30


def test_a_word_that_tells_nothing_is_asked_and_a_phone_shows_it_whole(
    open_page: Open, tmp_path: Path, clear_csv: Path
) -> None:
    file = tmp_path / "unclear.csv"
    file.write_text(clear_csv.read_text() + "99,Zoe Weiss,,Zzyzx,,2025-10-13 10:00,9\r\n")
    page = open_page(bruna(), "/import/", viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True)
    upload(page, file)
    fits(page)
    page.click("text=Skip to the preview")
    page.wait_for_url("**/stages/")
    see(page, ".import-needed").to_contain_text("Zzyzx")
    page.select_option("#stage-1", "QUALIFIED")
    page.click(".import-foot .button-primary")
    page.wait_for_url("**/duplicates/")
    work()
    page.wait_for_url("**/preview/")
    assert plain(page.locator(".bring-understood dd >> nth=1").inner_text()).count("Zzyzx") == 1
    fits(page)
    # On the way back one word is mended, and the preview comes by itself.
    page.click(".bring-understood dt a >> nth=1")
    page.wait_for_url("**/stages/")
    page.select_option("#stage-1", "ARCHIVED")
    page.click(".import-foot .button-primary")
    page.wait_for_url("**/duplicates/")
    work()
    page.wait_for_url("**/preview/")
    see(page, ".bring-understood dd >> nth=1").to_contain_text("Archived")
