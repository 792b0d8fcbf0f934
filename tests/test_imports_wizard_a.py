"""The first half of the way of a file: upload, how it is read, its columns, its stages; what is removed in the end."""

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import Workbook

from leads.imports import mapping as roles
from leads.imports.drafts import drafts, is_editable
from leads.imports.mapping import Mapping, read_mapping
from leads.imports.removing import remove_old
from leads.imports.sources import suggest_source
from leads.imports.spellings import spellings
from leads.models import Import, ImportedRow, Outcome, Phase, SavedMapping, User
from leads.pages.imports import columns, stages, start, upload
from leads.pages.imports.role_words import role_groups, role_words
from leads.pages.imports.steps import NAMED, STEPS
from lifecycle.models import LeadEvent
from lifecycle.states import State
from tests.factories import ada, ana, bruna, otto
from tests.import_drafts import draft

pytestmark = pytest.mark.django_db

HEADER = "Lead ID,Name,E-mail,Lead Status,Lead Owner,Created Time"
ROWS = (
    "1,José Müller,jose@example.com,Open,Ana Alvarez,01/10/2025 00:38",
    "2,Dana Ortiz,dana@example.com,Won,Ben Brooks,02/10/2025 10:00",
    "3,Ann Lee,,Open,,03/10/2025 10:00",
    "4,Zoë Weiß,,,,04/10/2025 10:00",
)
TEXT = "\r\n".join([HEADER, *ROWS]) + "\r\n"


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def broker() -> Client:
    return as_user(bruna())


@pytest.fixture(autouse=True)
def nothing_lies_about() -> Iterator[None]:
    """Each test begins and ends with an empty storage."""
    empty_the_storage()
    yield
    empty_the_storage()


def empty_the_storage() -> None:
    for folder in stored():
        for name in storages["imports"].listdir(folder)[1]:
            storages["imports"].delete(f"{folder}/{name}")
        storages["imports"].delete(folder)


def stored() -> list[str]:
    """The folders of the private storage."""
    return storages["imports"].listdir("")[0] if storages["imports"].exists("") else []


def send(client: Client, content: bytes | str = TEXT, name: str = "leads.csv", **fields: str) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post("/import/", {**fields, "file": SimpleUploadedFile(name, data)})


def words(response: Any) -> str:
    """What a person reads, in one line."""
    text = re.sub(r"<(script|style|title).*?</\1>|<[^>]+>", " ", response.content.decode())
    return re.sub(r"[ \n]+", " ", text)


def url(made: Import, step: str) -> str:
    return f"/import/{made.pk}/{step}/"


def post(client: Client, made: Import, step: str, **fields: str) -> Any:
    """Sends the form of a step, as its page stands now."""
    made.refresh_from_db()
    basis = NAMED[step].basis(read_mapping(made.mapping), made.survey)
    return client.post(url(made, step), {"basis": basis, **fields})


def shape(client: Client, made: Import, **fields: str) -> Any:
    return post(client, made, "file", **{"encoding": "utf-8", "delimiter": "comma", "source": "Old CRM", **fields})


COLUMNS = {f"column-{n}": role for n, role in enumerate(("key", "name", "email", "status", "owner", "created"))}
STAGES = {"stage-0": "CONTACTING", "stage-1": "CLOSED", "stage-2": "NEW"}


def at_stages(client: Client, text: str = TEXT) -> Import:
    """An import whose file and columns are told."""
    send(client, text)
    made = Import.objects.get()
    assert shape(client, made).status_code == 302
    assert post(client, made, "columns", **COLUMNS).status_code == 302
    made.refresh_from_db()
    return made


def done(made: Import) -> list[str]:
    """The steps whose answers fit."""
    made.refresh_from_db()
    mapping = read_mapping(made.mapping)
    answered = made.survey.get("steps", {})
    return [step.name for step in STEPS if answered.get(step.name) == step.basis(mapping, made.survey)]


# ---- who


@pytest.mark.parametrize("path", ["", "file/", "columns/", "stages/", "mapping/", "discard/"])
def test_agents_are_shown_the_page_for_403(path: str) -> None:
    made = draft()
    address = f"/import/{made.pk}/{path}" if path else "/import/"
    client = as_user(ana())
    method = client.post if path in ("mapping/", "discard/") else client.get
    answer = method(address)
    assert answer.status_code == 403 and "Not yours to see" in words(answer)


def test_an_agent_cannot_upload_and_nobody_without_a_login() -> None:
    assert send(as_user(ana())).status_code == 403
    assert send(Client()).status_code == 302
    assert not Import.objects.exists() and stored() == []


def test_brokers_and_admins_share_one_list(broker: Client) -> None:
    send(broker)
    page = words(as_user(ada()).get("/import/"))
    assert "leads.csv" in page and "Bruna Barros" in page and "being prepared" in page


@pytest.mark.parametrize("path", ["file/", "columns/", "stages/"])
def test_an_import_that_is_not_there_is_a_404(broker: Client, path: str) -> None:
    assert broker.get(f"/import/00000000-0000-0000-0000-000000000000/{path}").status_code == 404


def test_brokers_find_it_in_their_menu_and_agents_do_not(broker: Client) -> None:
    assert 'href="/import/"' in broker.get("/me/").content.decode()
    assert 'href="/import/"' not in as_user(ana()).get("/me/").content.decode()


def test_on_the_first_day_the_board_points_to_it(broker: Client) -> None:
    assert 'class="button" href="/import/"' in broker.get("/").content.decode()
    assert "import_history" in as_user(ana()).get("/").content.decode()


# ---- upload


def test_the_start_says_what_can_come_where_it_lies_and_when_it_goes(broker: Client) -> None:
    page = words(broker.get("/import/"))
    assert "CSV, TSV or Excel" in page and "up to 100 MB" in page
    assert "removed 30 days after" in page and "Nothing has been imported yet" in page


def test_a_file_becomes_a_draft_and_the_next_page_is_its_first_step(broker: Client) -> None:
    answer = send(broker, source="  Old   CRM ")
    made = Import.objects.get()
    assert answer.headers["Location"] == url(made, "file")
    assert (made.source, made.file_name, made.actor, made.phase) == ("Old CRM", "leads.csv", bruna(), Phase.DRAFT)
    assert Path(made.file.path).read_bytes() == TEXT.encode()
    assert stored() == [str(made.pk)] and not LeadEvent.objects.exists()


def test_the_system_is_suggested_by_its_columns(broker: Client) -> None:
    send(broker)
    page = broker.get(url(Import.objects.get(), "file"))
    assert 'value="Zoho CRM"' in page.content.decode() and "guessed" in words(page)


@pytest.mark.parametrize(
    "header, source",
    [
        ("Deal - ID,Deal - Title,Deal - Stage", "Pipedrive"),
        ("Record ID,First Name,Contact owner", "HubSpot"),
        ("Id,FirstName,LeadSource,OwnerId", "Salesforce"),
        ("Potential Name,Potential Owner,Stage", "Zoho CRM"),
        ("First Name,Phone,Phone DNC Status", "Lofty"),
        ("name,email", ""),
    ],
)
def test_a_header_tells_its_vendor(header: str, source: str) -> None:
    assert suggest_source(header.split(",")) == source


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, ""),
        ("Name,E-mail\n", "no rows below"),
    ],
)
def test_what_is_no_list_is_refused_and_nothing_is_left(broker: Client, content: bytes | str, said: str) -> None:
    answer = send(broker, content)
    assert answer.status_code == 422 and "Not uploaded" in words(answer)
    assert said in words(answer).lower() or said in words(answer)
    assert not Import.objects.exists() and stored() == []


def test_nothing_chosen_is_said(broker: Client) -> None:
    answer = broker.post("/import/", {"source": "Old CRM"})
    assert answer.status_code == 422 and "Choose a file first." in words(answer)
    assert 'value="Old CRM"' in answer.content.decode()


def test_letters_that_are_damaged_can_be_read_in_another_encoding(broker: Client) -> None:
    text = TEXT.replace("José", "José Ángel Íñigo Núñez Pérez Åström").encode() + b"5,Ren\xe9e,,Open,,\n"
    refused = send(broker, text)
    assert refused.status_code == 422 and "choose another encoding" in words(refused) and stored() == []
    assert "<details open>" in refused.content.decode()
    assert send(broker, text, encoding="mac-roman").status_code == 302
    assert send(broker, text, encoding="xyz").status_code == 422


def test_two_files_at_once_are_refused(broker: Client) -> None:
    files = [SimpleUploadedFile(f"{n}.csv", TEXT.encode()) for n in range(2)]
    answer = broker.post("/import/", {"file": files})
    assert answer.status_code == 422 and "One file at a time" in words(answer)
    assert stored() == []


def test_a_file_that_is_too_big_is_not_read_to_its_end(broker: Client, settings: Any, monkeypatch: Any) -> None:
    settings.IMPORT_MOST_MEGABYTES = 1
    limits: list[upload.Limit] = []

    class Seen(upload.Limit):
        def __init__(self, request: Any) -> None:
            super().__init__(request)
            limits.append(self)

    monkeypatch.setattr(start, "Limit", Seen)
    answer = send(broker, b"Name,E-mail\n" + b"Dana,dana@example.com\n" * 60_000)
    assert limits[0].received <= 64 * 1024
    assert answer.status_code == 413 and "too big: up to 1 MB" in words(answer)
    assert not Import.objects.exists() and stored() == []
    # One of just the size is taken.
    assert send(broker, b"Name,E-mail\n" + b"Dana,dana@example.com\n" * 40_000).status_code == 302


def test_a_form_without_its_key_is_refused(broker: Client) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bruna())
    assert send(client).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', client.get("/import/").content.decode())
    assert token
    data = {"csrfmiddlewaretoken": token[1], "file": SimpleUploadedFile("leads.csv", TEXT.encode())}
    assert client.post("/import/", data).status_code == 302
    assert Import.objects.count() == 1


@pytest.mark.parametrize(
    "fields", [{"source": "x" * 61}, {"source": "a\x00b"}, {"mapping": "99"}, {"mapping": "9" * 40}]
)
def test_what_cannot_be_kept_is_a_sentence(broker: Client, fields: dict[str, str]) -> None:
    answer = send(broker, **fields)
    assert answer.status_code == 422 and "Not uploaded" in words(answer) and stored() == []


@pytest.mark.parametrize("page", ["xyz", "0", "2", "9" * 30])
def test_a_page_of_the_list_that_there_is_not_is_a_404(broker: Client, page: str) -> None:
    assert broker.get(f"/import/?page={page}").status_code == 404


def test_the_name_of_a_file_keeps_nothing_that_cannot_be_seen(broker: Client) -> None:
    send(broker, name="le\u202eads\u0007<b>.csv")
    made = Import.objects.get()
    assert made.file_name == "leads<b>.csv" and "leads&lt;b&gt;.csv" in broker.get("/import/").content.decode()


def test_the_list_says_what_came_of_each_and_turns_pages(broker: Client) -> None:
    for n in range(21):
        counts = {"created": 1240, "refused": 1} if n == 20 else {"created": 1}
        made_at = timezone.now() - timedelta(hours=30 - n)
        draft(file_name=f"f{n}.csv", phase=Phase.DONE, counts=counts, made_at=made_at)
    page = broker.get("/import/")
    assert "1\u202f240 new leads · 1 row refused" in words(page) and "f20.csv" in words(page)
    assert 'href="?page=2"' in page.content.decode() and "f0.csv" not in words(page)
    assert "f0.csv" in words(broker.get("/import/?page=2"))


def test_a_draft_can_be_thrown_away_and_a_started_import_cannot(broker: Client) -> None:
    made, running = draft(), draft(phase=Phase.RUNNING, file_name="running.csv")
    answer = broker.post(url(made, "discard"), follow=True)
    assert "was thrown away" in words(answer) and stored() == [str(running.pk)]
    assert broker.post(url(running, "discard")).headers["Location"] == f"/import/{running.pk}/"
    assert list(Import.objects.all()) == [running]


# ---- how it is read


def test_the_first_rows_are_shown_and_the_shape_that_was_found(broker: Client) -> None:
    send(broker)
    page = broker.get(url(Import.objects.get(), "file"))
    html = page.content.decode()
    assert "José Müller" in html and '<option value="utf-8" selected>' in html
    assert '<option value="comma" selected>' in html


def test_a_wrong_encoding_is_seen_and_mended(broker: Client) -> None:
    send(broker, TEXT.encode("utf-8"))
    made = Import.objects.get()
    page = broker.get(url(made, "file"), {"encoding": "cp1252", "delimiter": "comma"})
    assert "JosÃ© MÃ¼ller" in words(page) and "look most like UTF-8" in words(page)
    # Both spellings stand side by side, and each is a way to choose it.
    assert "José Müller, Zoë Weiß" in words(page) and f"{url(made, 'file')}?encoding=utf-8" in page.content.decode()
    # Looking kept nothing; confirming the wrong one keeps it, and the right one mends it.
    assert read_mapping(Import.objects.get().mapping).encoding == "utf-8"
    shape(broker, made, encoding="cp1252")
    assert "JosÃ©" in words(broker.get(url(made, "columns")))
    shape(broker, made, encoding="utf-8")
    assert "José" in words(broker.get(url(made, "columns")))


def test_a_wrong_delimiter_is_seen_and_mended(broker: Client) -> None:
    send(broker)
    made = Import.objects.get()
    page = broker.get(url(made, "file"), {"encoding": "utf-8", "delimiter": "semicolon"})
    assert "Everything stands in one column" in words(page)
    assert "6 columns" in words(broker.get(url(made, "file"), {"encoding": "utf-8", "delimiter": "comma"}))


def test_an_encoding_in_which_it_cannot_be_read_says_so(broker: Client) -> None:
    send(broker, TEXT.encode("cp1252"))
    made = Import.objects.get()
    page = broker.get(url(made, "file"), {"encoding": "utf-8", "delimiter": "comma"})
    assert page.status_code == 422 and "Not read" in words(page) and "It reads right" not in words(page)
    assert shape(broker, made, encoding="utf-8").status_code == 422
    assert shape(broker, made, encoding="cp1252").status_code == 302


@pytest.mark.parametrize(
    "asked", [{"encoding": "xyz"}, {"encoding": "utf-8", "delimiter": "quux"}, {"encoding": ["utf-8", "x" * 9000]}]
)
def test_a_shape_that_there_is_not_is_a_400(broker: Client, asked: dict[str, Any]) -> None:
    page = broker.get(url(draft(), "file"), asked)
    assert page.status_code == 400 and "Choose one from the list" in words(page)


def test_htmx_gets_the_rows_again_and_nothing_else(broker: Client) -> None:
    made = draft(TEXT)
    page = broker.get(url(made, "file"), {"encoding": "cp1252"}, headers={"HX-Request": "true"}).content.decode()
    assert page.count("<hx-partial") == 3 and "<html" not in page
    assert 'name="encoding" value="cp1252"' in page


def test_the_system_must_have_a_name(broker: Client) -> None:
    send(broker)
    answer = shape(broker, Import.objects.get(), source="  ")
    assert answer.status_code == 422 and "Name the system" in words(answer)


def test_spellings_tell_the_encodings_apart(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes("Name\nJosé\nDana\n".encode())
    assert spellings(file, ["utf-8", "cp1252"]) == [("utf-8", "José"), ("cp1252", "JosÃ©")]
    file.write_bytes(b"Name\nDana\n")
    assert spellings(file, ["utf-8", "cp1252"]) == []


def test_a_workbook_is_asked_neither_encoding_nor_delimiter(broker: Client) -> None:
    book = Workbook()
    for row in [HEADER.split(","), *(line.split(",") for line in ROWS)]:
        book.active.append(row)
    out = BytesIO()
    book.save(out)
    assert send(broker, out.getvalue(), name="leads.xlsx").status_code == 302
    made = Import.objects.get()
    page = broker.get(url(made, "file"))
    assert "José Müller" in words(page) and 'id="import-encoding"' not in page.content.decode()
    assert post(broker, made, "file", source="Old CRM").status_code == 302
    assert post(broker, made, "columns", **COLUMNS).status_code == 302
    made.refresh_from_db()
    assert made.survey["statuses"] == {"Open": 2, "Won": 1, "": 1}


# ---- columns


def test_every_meaning_has_words_and_stands_in_one_group() -> None:
    grouped = [role for _, meanings in role_groups() for role, _ in meanings]
    assert sorted(grouped) == sorted(roles.ROLES)
    assert all(role_words(role) for role in roles.ROLES)


def test_guesses_are_filled_in_and_marked_until_they_are_confirmed(broker: Client) -> None:
    send(broker)
    made = Import.objects.get()
    shape(broker, made)
    page = broker.get(url(made, "columns"))
    assert words(page).count("guessed") == 6 and "with a meaning: 6 · left out: 0" in words(page)
    post(broker, made, "columns", **{**COLUMNS, "column-2": ""})
    made.refresh_from_db()
    assert read_mapping(made.mapping).labels(roles.STATUS) == ["Lead Status"] and made.rows == 4
    page = broker.get(url(made, "columns"))
    assert "guessed" not in words(page) and "with a meaning: 5 · left out: 1" in words(page)


def test_nothing_to_know_a_lead_by_is_refused(broker: Client) -> None:
    send(broker)
    made = Import.objects.get()
    shape(broker, made)
    answer = post(broker, made, "columns", **{"column-3": "status"})
    assert answer.status_code == 422 and "nothing to know a lead by" in words(answer)
    # What was chosen stands there still.
    assert '<option value="status" selected>' in answer.content.decode()
    assert done(made) == ["file"]


def test_two_columns_cannot_both_be_the_name(broker: Client) -> None:
    send(broker)
    made = Import.objects.get()
    shape(broker, made)
    answer = post(broker, made, "columns", **{**COLUMNS, "column-2": "name"})
    assert answer.status_code == 422
    assert "“Name” and “E-mail” cannot both be “Full name”" in words(answer)


@pytest.mark.parametrize("role", ["xyz", "reached:NEW", "\x00", "x" * 9000])
def test_a_meaning_that_there_is_not_is_refused(broker: Client, role: str) -> None:
    send(broker)
    made = Import.objects.get()
    shape(broker, made)
    assert post(broker, made, "columns", **{**COLUMNS, "column-2": role}).status_code == 422


def test_a_column_of_a_thousand_words_is_no_stage(broker: Client) -> None:
    text = HEADER + "\n" + "".join(f"{n},Dana,,word {n},,\n" for n in range(600))
    send(broker, text)
    made = Import.objects.get()
    shape(broker, made)
    answer = post(broker, made, "columns", **COLUMNS)
    assert answer.status_code == 422 and "cannot be the stage" in words(answer)


def test_a_file_that_takes_too_long_to_count_is_refused(broker: Client, monkeypatch: Any) -> None:
    send(broker)
    made = Import.objects.get()
    shape(broker, made)
    monkeypatch.setattr(columns, "PATIENCE", -1)
    answer = post(broker, made, "columns", **COLUMNS)
    assert answer.status_code == 422 and "Save it as CSV" in words(answer) and done(made) == ["file"]


def test_a_file_of_very_many_columns_can_be_told(broker: Client) -> None:
    header = ["Name", *(f"Extra {n}" for n in range(1_200))]
    send(broker, ",".join(header) + "\n" + ",".join(["Dana", *["x"] * 1_200]) + "\n")
    made = Import.objects.get()
    shape(broker, made)
    assert "1\u202f141 more columns are not shown" in words(broker.get(url(made, "file")))
    fields = {f"column-{n}": "" for n in range(1_201)} | {"column-0": "name"}
    assert post(broker, made, "columns", **fields).status_code == 302


def test_missing_essentials_are_said(broker: Client) -> None:
    send(broker, "Name,E-mail\nDana Ortiz,dana@example.com\n")
    made = Import.objects.get()
    shape(broker, made)
    page = words(broker.get(url(made, "columns")))
    assert "which stage all leads get" in page and "number there" in page and "day of the import" in page


# ---- stages


def test_each_word_has_its_count_and_a_guess(broker: Client) -> None:
    made = at_stages(broker)
    page = broker.get(url(made, "stages"))
    rows = re.findall(r'<tr>\s*<th scope="row">.*?</tr>', page.content.decode(), re.S)
    told = [re.sub(r"\s+", " ", re.sub(r"<select.*?</select>|<[^>]+>", " ", row, flags=re.S)).strip() for row in rows]
    assert [one.split(" guessed")[0] for one in told] == ["Open 2 rows", "Won 1 row", "empty cell 1 row"]
    options = re.findall(r'<option value="([A-Z_]+)"', rows[0])
    assert options == [state.value for state in State]
    assert State.CLOSED.meaning in page.content.decode()
    assert '<option value="CLOSED" selected' in rows[1] and "guessed" in told[1]
    # Nobody guesses what an empty cell means.
    assert "selected" not in rows[2]


def test_a_word_without_a_stage_blocks(broker: Client) -> None:
    made = at_stages(broker)
    answer = post(broker, made, "stages", **{**STAGES, "stage-1": "", "stage-2": "NOWHERE"})
    assert answer.status_code == 422 and "2 words have no stage yet: “Won”, empty cells." in words(answer)
    assert done(made) == ["file", "columns"]
    assert post(broker, made, "stages", **STAGES).headers["Location"] == url(made, "owners")
    mapping = read_mapping(Import.objects.get().mapping)
    assert mapping.statuses == {"Open": "CONTACTING", "Won": "CLOSED"} and mapping.no_status == "NEW"
    assert done(made) == ["file", "columns", "stages"]


def test_rows_without_a_status_can_be_left_out(broker: Client) -> None:
    made = at_stages(broker)
    assert post(broker, made, "stages", **{**STAGES, "stage-2": "refuse"}).status_code == 302
    assert read_mapping(Import.objects.get().mapping).no_status == ""
    assert re.search(r'<option value="refuse" selected', broker.get(url(made, "stages")).content.decode())
    # Of a word nobody can say that.
    assert post(broker, made, "stages", **{**STAGES, "stage-0": "refuse"}).status_code == 422


def test_without_a_column_for_it_one_stage_holds_for_all(broker: Client) -> None:
    send(broker, "Name,E-mail\nDana Ortiz,dana@example.com\nAnn Lee,ann@example.com\n")
    made = Import.objects.get()
    shape(broker, made)
    post(broker, made, "columns", **{"column-0": "name", "column-1": "email"})
    page = words(broker.get(url(made, "stages")))
    assert (
        "Which stage shall all leads get?" in page and "every row 2 rows" in page and "leave these rows out" not in page
    )
    assert post(broker, made, "stages").status_code == 422
    assert post(broker, made, "stages", **{"stage-0": "QUALIFIED"}).status_code == 302
    assert read_mapping(Import.objects.get().mapping).no_status == "QUALIFIED"


# ---- back and forth


def test_a_step_is_not_shown_before_its_turn(broker: Client) -> None:
    send(broker)
    made = Import.objects.get()
    answer = broker.get(url(made, "stages"), follow=True)
    assert answer.redirect_chain[-1][0] == url(made, "file") and "First look at “File”" in words(answer)


def test_done_steps_get_a_check_and_can_be_gone_back_to(broker: Client) -> None:
    made = at_stages(broker)
    html = broker.get(url(made, "stages")).content.decode()
    way = html[html.index('<ol class="import-steps">') : html.index("</ol>")]
    assert way.count('class="is-done"') == 2 and f'href="{url(made, "columns")}"' in way
    assert 'aria-current="step"' in way and f'href="{url(made, "dates")}"' not in way
    assert broker.get(url(made, "file")).status_code == 200


def test_a_changed_status_column_asks_for_the_stages_again_and_for_nothing_else(broker: Client) -> None:
    made = at_stages(broker)
    post(broker, made, "stages", **STAGES)
    # Another meaning that has nothing to do with it leaves them be.
    post(broker, made, "columns", **{**COLUMNS, "column-2": ""})
    assert done(made) == ["file", "columns", "stages"]
    post(broker, made, "columns", **{**COLUMNS, "column-2": "status", "column-3": ""})
    assert done(made) == ["file", "columns"]


def test_another_shape_asks_for_the_columns_again(broker: Client) -> None:
    made = at_stages(broker)
    post(broker, made, "stages", **STAGES)
    shape(broker, made, encoding="cp1252")
    assert done(made) == ["file"]
    # The columns that are still there keep their meaning.
    assert "with a meaning: 6" in words(broker.get(url(made, "columns")))
    # The same shape again changes nothing.
    post(broker, made, "columns", **COLUMNS)
    before = done(made)
    shape(broker, made, encoding="cp1252")
    assert done(made) == before


def test_a_checked_import_is_a_draft_again_once_something_changes(broker: Client) -> None:
    made = at_stages(broker)
    post(broker, made, "stages", **STAGES)
    Import.objects.update(phase=Phase.CHECKED)
    post(broker, made, "stages", **STAGES)
    made.refresh_from_db()
    assert made.phase == Phase.CHECKED
    post(broker, made, "stages", **{**STAGES, "stage-0": "QUALIFIED"})
    made.refresh_from_db()
    assert made.phase == Phase.DRAFT
    # The system is part of every lead's key.
    Import.objects.update(phase=Phase.CHECKED)
    shape(broker, made)
    assert Import.objects.get().phase == Phase.CHECKED
    shape(broker, made, source="Other CRM")
    assert Import.objects.get().phase == Phase.DRAFT


def test_of_two_tabs_the_newer_save_counts_and_one_that_no_longer_fits_says_so(broker: Client) -> None:
    made = at_stages(broker)
    old = broker.get(url(made, "stages")).content.decode()
    basis = re.search(r'name="basis" value="(\w+)"', old)
    assert basis
    post(broker, made, "stages", **STAGES)
    # Nothing that this page asks about has changed: the later answer holds.
    again = broker.post(url(made, "stages"), {"basis": basis[1], **STAGES, "stage-0": "QUALIFIED"})
    assert again.status_code == 302 and read_mapping(Import.objects.get().mapping).statuses["Open"] == "QUALIFIED"
    # In another tab the column was changed: the words are others now.
    post(broker, made, "columns", **{**COLUMNS, "column-3": "", "column-4": "status"})
    stale = broker.post(url(made, "stages"), {"basis": basis[1], **STAGES})
    assert stale.status_code == 409 and "changed in another window" in words(stale)
    assert "Ana Alvarez" in words(stale)
    assert read_mapping(Import.objects.get().mapping).statuses["Open"] == "QUALIFIED"


@pytest.mark.parametrize("step", ["file", "columns", "stages"])
@pytest.mark.parametrize("phase", [Phase.WAITING, Phase.RUNNING, Phase.DONE, Phase.UNDONE])
def test_a_started_import_is_not_changed_any_more(broker: Client, step: str, phase: Phase) -> None:
    made = draft(TEXT, phase=phase, started_at=timezone.now())
    before = made.mapping
    for answer in (broker.get(url(made, step)), broker.post(url(made, step), {"encoding": "cp1252", "source": "x"})):
        assert answer.status_code == 302 and answer.headers["Location"] == f"/import/{made.pk}/"
    made.refresh_from_db()
    assert made.mapping == before


def test_an_import_that_starts_while_a_page_is_open_keeps_its_mapping(broker: Client, monkeypatch: Any) -> None:
    made = at_stages(broker)

    def started_meanwhile(wizard: Any) -> Any:
        Import.objects.update(phase=Phase.WAITING)
        return words_of(wizard)

    words_of = stages._words
    monkeypatch.setattr(stages, "_words", started_meanwhile)
    basis = NAMED["stages"].basis(read_mapping(made.mapping), made.survey)
    page = broker.post(url(made, "stages"), {"basis": basis, **STAGES})
    assert page.headers["Location"] == f"/import/{made.pk}/"
    assert read_mapping(Import.objects.get().mapping).statuses == {}


# ---- mappings under a name


def test_a_mapping_is_kept_offered_and_filled_in(broker: Client) -> None:
    made = at_stages(broker)
    post(broker, made, "stages", **STAGES)
    answer = broker.post(
        url(made, "mapping"), {"do": "save", "name": "Old CRM", "next": url(made, "columns")}, follow=True
    )
    assert "kept as “Old CRM”" in words(answer) and answer.redirect_chain[-1][0] == url(made, "columns")
    assert done(made) == ["file", "columns", "stages"]
    saved = SavedMapping.objects.get()
    assert saved.header == HEADER.split(",") and saved.actor == bruna()
    # The next file of the system: chosen at the start …
    made.delete()
    send(broker, TEXT, mapping=str(saved.pk))
    second = Import.objects.get()
    assert read_mapping(second.mapping).statuses == {"Open": "CONTACTING", "Won": "CLOSED"}
    assert done(second) == []
    shape(broker, second)
    page = words(broker.get(url(second, "columns")))
    assert "guessed" not in page and "saved mapping fits" not in page
    # … or offered where its columns are all there.
    second.delete()
    send(broker, TEXT)
    third = Import.objects.get()
    shape(broker, third)
    assert "A saved mapping fits these columns" in words(broker.get(url(third, "columns")))
    answer = broker.post(url(third, "mapping"), {"do": "use", "mapping": str(saved.pk)}, follow=True)
    assert "“Old CRM” is filled in" in words(answer) and "guessed" not in words(answer)
    assert done(third) == ["file"]


def test_a_saved_mapping_is_not_offered_for_other_columns(broker: Client) -> None:
    SavedMapping.objects.create(name="Other", mapping={"columns": {"Nachname": "last_name"}}, saved_at=timezone.now())
    send(broker)
    made = Import.objects.get()
    shape(broker, made)
    assert "saved mapping fits" not in words(broker.get(url(made, "columns")))


def test_filling_in_a_mapping_asks_for_the_columns_again(broker: Client) -> None:
    made = at_stages(broker)
    saved = SavedMapping.objects.create(
        name="Old CRM", mapping=Mapping(columns={"Name": "name"}).as_json(), saved_at=timezone.now()
    )
    broker.post(url(made, "mapping"), {"do": "use", "mapping": str(saved.pk)})
    assert done(made) == ["file"]


def test_a_name_that_is_taken_is_replaced_only_when_asked(broker: Client) -> None:
    made = at_stages(broker)
    SavedMapping.objects.create(name="Old CRM", mapping={}, saved_at=timezone.now())
    answer = broker.post(url(made, "mapping"), {"name": "Old CRM"}, follow=True)
    assert "There is a mapping “Old CRM” already" in words(answer)
    assert SavedMapping.objects.get().mapping == {}
    broker.post(url(made, "mapping"), {"name": "Old CRM", "replace": "1"})
    assert read_mapping(SavedMapping.objects.get().mapping).labels(roles.NAME) == ["Name"]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 81},
        {"name": "a\x00"},
        {"do": "use", "mapping": "9" * 30},
        {"do": "use"},
        {"name": "ok", "next": "//evil.example/"},
    ],
)
def test_a_mapping_that_cannot_be_kept_or_found_leads_back_with_a_sentence(
    broker: Client, fields: dict[str, str]
) -> None:
    made = at_stages(broker)
    answer = broker.post(url(made, "mapping"), fields)
    assert answer.status_code == 302 and answer.headers["Location"] == url(made, "columns")


def test_a_mapping_of_an_older_release_counts_as_none(broker: Client) -> None:
    saved = SavedMapping.objects.create(name="Old", mapping={"columns": {"Name": "title"}}, saved_at=timezone.now())
    assert send(broker, mapping=str(saved.pk)).status_code == 302
    assert read_mapping(Import.objects.get().mapping).columns == {}


# ---- the end of files


def test_after_thirty_days_drafts_and_files_are_gone_and_what_was_done_stays() -> None:
    now = timezone.now()
    old, new = now - timedelta(days=31), now - timedelta(days=29)
    forgotten, fresh = draft(made_at=old), draft(made_at=new, file_name="fresh.csv")
    over = draft(made_at=old, phase=Phase.DONE, started_at=old, finished_at=old, counts={"created": 3, "refused": 1})
    recent = draft(made_at=old, phase=Phase.DONE, started_at=new, finished_at=new)
    running = draft(made_at=old, phase=Phase.RUNNING, started_at=old)
    refused = ImportedRow.objects.create(
        of=over, line=7, outcome=Outcome.REFUSED, sentence="No stage.", cells=["Dana", "x"]
    )
    assert remove_old(now) == (1, 1)
    assert set(Import.objects.all()) == {fresh, over, recent, running}
    assert sorted(stored()) == sorted(str(one.pk) for one in (fresh, recent, running))
    over.refresh_from_db()
    refused.refresh_from_db()
    assert not over.file and over.counts["created"] == 3 and over.file_name == "leads.csv"
    assert refused.cells is None and refused.sentence == ""
    assert remove_old(now) == (0, 0)
    assert forgotten not in Import.objects.all()


def test_the_round_of_every_minute_removes_them(capsys: Any) -> None:
    draft(made_at=timezone.now() - timedelta(days=31))
    call_command("run_due")
    assert "nobody finished removed: 1" in capsys.readouterr().out and stored() == []


@pytest.mark.parametrize("phase", list(Phase))
def test_what_may_be_changed_has_written_nothing(phase: Phase) -> None:
    begun = timezone.now() if phase not in (Phase.DRAFT, Phase.CHECKING, Phase.CHECKED) else None
    made = draft(phase=phase, started_at=begun)
    assert is_editable(made) == (begun is None) == drafts().filter(pk=made.pk).exists()


def test_a_file_that_is_gone_says_so(broker: Client) -> None:
    made = draft(TEXT)
    made.file.delete(save=False)
    Import.objects.filter(pk=made.pk).update(file=f"{made.pk}/upload")
    answer = broker.get(url(made, "file"))
    assert answer.status_code == 409 and "is not there any more" in words(answer)


def test_otto_who_left_and_came_back_as_nobody_sees_nothing() -> None:
    assert as_user(otto()).get("/import/").status_code == 302


def test_real_exports_pass_through_the_first_half(broker: Client, test_data: Path) -> None:
    data = (test_data / "legacy" / "bpic12_dev_legacy_export.csv").read_bytes()
    send(broker, data, source="bpic12")
    made = Import.objects.get()
    shape(broker, made, source="bpic12")
    page = broker.get(url(made, "columns")).content.decode()
    chosen = dict(re.findall(r'<select id="(column-\d)".*?<option value="([\w:]+)" selected', page))
    assert post(broker, made, "columns", **chosen).headers["Location"] == url(made, "stages")
    made.refresh_from_db()
    assert made.rows == 7455 and sum(made.survey["statuses"].values()) == 7455
    page = words(broker.get(url(made, "stages")))
    assert "Agreement Signed" in page and "still without a stage: 0" in page
