"""A file on its way in, in a real browser: dropped, read wrongly and mended, its columns and its stages told."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from leads.imports.mapping import Mapping, read_mapping
from leads.models import Import, SavedMapping
from tests.browser.hands import breaches, fits, plain, repeated_ids, see, sticking_out
from tests.factories import bruna
from tests.import_drafts import draft

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

TEXT = (
    "Lead ID,Name,E-mail,Lead Status,Lead Owner,Created Time\r\n"
    "1,José Müller,jose@example.com,Contacted,Ana Alvarez,01/10/2025 00:38\r\n"
    "2,Dana Ortiz,dana@example.com,Won,Ben Brooks,02/10/2025 10:00\r\n"
    "3,Zoë Weiß,,Zzyzx,,03/10/2025 10:00\r\n"
    "4,Ann Lee,,,,04/10/2025 10:00\r\n"
)
FORWARD = ".import-foot .button-primary"


@pytest.fixture
def leads_csv(tmp_path: Path) -> Path:
    file = tmp_path / "leads.csv"
    file.write_bytes(TEXT.encode())
    return file


def at_stages() -> Import:
    """An import whose stages are the next question."""
    header = TEXT.split("\r\n")[0].split(",")
    roles = ("key", "name", "email", "status", "owner", "created")
    mapping = Mapping(columns=dict(zip(header, roles, strict=True)), encoding="utf-8", delimiter=",")
    statuses = {"Contacted": 1, "Won": 1, "Zzyzx": 1, "": 1}
    survey = {"rows": 4, "statuses": statuses, "owners": {"Ana Alvarez": 1, "": 3}, "problems": 1}
    return draft(TEXT, mapping=mapping, survey=survey, done=("file", "columns"), source="Old CRM")


def test_a_wrong_encoding_is_seen_at_once_and_mended_and_the_rest_follows(open_page: Open, leads_csv: Path) -> None:
    page = open_page(bruna(), "/import/")
    page.set_input_files("#import-file", leads_csv)
    see(page, ".import-drop-name").to_have_text("leads.csv (1 kB)")
    page.click("text=Upload and look at it")
    page.wait_for_url("**/file/")
    see(page, ".import-cells tbody").to_contain_text("José Müller")
    page.select_option("#import-encoding", "cp1252")
    see(page, ".import-cells tbody").to_contain_text("JosÃ© MÃ¼ller")
    see(page, "#file-reading").to_contain_text("look most like UTF-8")
    see(page, "#say").to_have_text("Read again: 6 columns.")
    assert repeated_ids(page) == []
    # Of two choices in quick succession the last one is shown.
    page.select_option("#import-encoding", "mac-roman")
    page.select_option("#import-encoding", "cp1252")
    page.select_option("#import-delimiter", "semicolon")
    see(page, "#file-reading").to_contain_text("Everything stands in one column")
    # The choice that reads wrong is kept by mistake, and mended on the way back.
    # Whoever is quicker than the rows gets what was chosen, not what is still shown.
    page.select_option("#import-delimiter", "comma")
    # By the keyboard: the rows come in above the button, and a mouse would have to follow it.
    page.locator(FORWARD).press("Enter")
    page.wait_for_url("**/columns/")
    see(page, ".import-table").to_contain_text("JosÃ© MÃ¼ller")
    page.click(".import-foot >> text=Back")
    page.wait_for_url("**/file/")
    page.click("text=Read it as UTF-8")
    page.wait_for_url("**/file/?*")
    see(page, "#import-encoding").to_have_value("utf-8")
    page.click(FORWARD)
    page.wait_for_url("**/columns/")
    see(page, ".import-table").to_contain_text("José Müller")
    page.select_option("#column-2", "")
    see(page, ".import-tally").to_have_text("with a meaning: 5 · left out: 1")
    see(page, "#column-2-mark").to_be_hidden()
    page.click(FORWARD)
    page.wait_for_url("**/stages/")
    see(page, "#stage-0").to_have_value("CONTACTING")
    page.select_option("#stage-2", "QUALIFIED")
    see(page, ".import-tally").to_have_text("still without a stage: 1")
    page.click(FORWARD)
    see(page, ".import-refused").to_contain_text("1 word has no stage yet: empty cells.")
    # What was chosen stands there still; a reload asks whether to send again, so go to the page anew.
    see(page, "#stage-2").to_have_value("QUALIFIED")
    page.select_option("#stage-3", "refuse")
    page.click(FORWARD)
    page.wait_for_url("**/owners/")
    mapping = read_mapping(Import.objects.get().mapping)
    assert mapping.statuses["Zzyzx"] == "QUALIFIED" and mapping.encoding == "utf-8"


def test_a_file_is_dropped_and_one_that_is_too_big_stays_here(open_page: Open, settings: Any) -> None:
    settings.IMPORT_MOST_MEGABYTES = 1
    page = open_page(bruna(), "/import/")
    drop = """([type, size]) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(size).fill(65)], 'dropped.csv', {type: 'text/csv'}));
      const zone = document.querySelector('.import-drop');
      zone.dispatchEvent(new DragEvent(type, {dataTransfer: data, bubbles: true, cancelable: true}));
    }"""
    page.evaluate(drop, ["dragenter", 10])
    see(page, ".import-drop.is-over").to_have_count(1)
    page.evaluate(drop, ["drop", 2_000_000])
    see(page, ".import-drop-name").to_have_text("dropped.csv (2.0 MB)")
    see(page, "[data-too-big]").to_contain_text("up to 1 MB are taken")
    page.click("text=Upload and look at it")
    see(page, "#import-file").to_be_focused()
    assert page.url.endswith("/import/")
    page.evaluate(drop, ["drop", 900])
    see(page, "[data-too-big]").to_be_hidden()
    see(page, ".import-drop.is-over").to_have_count(0)
    # What no list is comes back with a sentence.
    page.click("text=Upload and look at it")
    see(page, ".import-refused").to_contain_text("no rows")
    assert not Import.objects.exists()


def test_the_whole_half_goes_by_keyboard(open_page: Open) -> None:
    made = at_stages()
    page = open_page(bruna(), f"/import/{made.pk}/columns/")
    page.focus("#column-0")
    for _ in range(6):
        page.keyboard.press("Tab")
    see(page, FORWARD).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/stages/")
    page.focus("#stage-0")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Trash")
    page.keyboard.press("Tab")
    page.keyboard.type("None")
    see(page, ".import-tally").to_have_text("still without a stage: 0")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/owners/")
    assert read_mapping(Import.objects.get().mapping).statuses["Zzyzx"] == "TRASHED"


def test_without_script_every_step_works(open_page: Open, leads_csv: Path) -> None:
    page = open_page(bruna(), "/import/", java_script_enabled=False)
    page.set_input_files("#import-file", leads_csv)
    page.click("text=Upload and look at it")
    page.wait_for_url("**/file/")
    page.select_option("#import-encoding", "mac-roman")
    page.click("text=Show it so")
    page.wait_for_url("**/file/?*")
    assert "Jos√© M√ºller" in plain(page.locator(".import-cells").text_content())
    page.click("li:not(.is-on) >> text=UTF-8")
    page.wait_for_url("**/file/?*utf-8*")
    page.click(FORWARD)
    page.wait_for_url("**/columns/")
    page.click(FORWARD)
    page.wait_for_url("**/stages/")
    page.select_option("#stage-2", "NEW")
    page.select_option("#stage-3", "NEW")
    page.click(FORWARD)
    page.wait_for_url("**/owners/")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_every_step_and_nothing_sticks_out_on_a_phone(open_page: Open, scheme: Any) -> None:
    made = at_stages()
    draft(file_name="a-file-with-a-very-long-name-that-somebody-gave-it-in-another-system-2025.csv")
    SavedMapping.objects.create(name="Old CRM", mapping=made.mapping, saved_at=made.made_at)
    options = {"color_scheme": scheme, "reduced_motion": "reduce"}
    page = open_page(bruna(), "/import/", **options)
    for path in ("", f"{made.pk}/file/?encoding=cp1252&delimiter=comma", f"{made.pk}/columns/", f"{made.pk}/stages/"):
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"/import/{path}")
        for details in page.locator("main details").all():
            details.evaluate("d => d.open = true")
        assert breaches(page) == [] and repeated_ids(page) == []
        for width in (390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            fits(page, width)
            assert sticking_out(page, ".panel", "select, .button, .chip, label") == []
    # Refused, too.
    page.click(FORWARD)
    see(page, ".import-refused").to_be_visible()
    assert breaches(page) == []
