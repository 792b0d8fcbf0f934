"""The second half of the way of a file: owners, dates, the check, duplicates, the preview, the run, and back."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leads.imports import phases
from leads.imports.errors_file import guard, is_ours, unguard
from leads.imports.mapping import Mapping, read_mapping
from leads.imports.twins import Elsewhere, choose
from leads.models import Import, ImportedRow, Lead, Outcome, Phase, User
from leads.pages.imports import duplicates, owners
from leads.pages.imports.owners import field_of
from leads.pages.imports.progress import Watched, progress_of
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.models import LeadEvent
from tests.factories import LeadFactory, ada, ana, ben, bruna, otto
from tests.import_drafts import draft
from tests.import_hands import (
    COLUMNS,
    ROWS,
    as_user,
    at_step,
    checked,
    export,
    filled_in,
    mapped,
    send,
    url,
    words,
    work,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def broker() -> Any:
    return as_user(bruna())


def chosen(answer: Any, word: str) -> str:
    """Who is chosen for a name of the file."""
    return filled_in(answer)[field_of(word)][0]


def kept(made: Import) -> Mapping:
    made.refresh_from_db()
    return read_mapping(made.mapping)


# ---- owners


def owned(*names: str) -> str:
    return export(*(f"{n},Lead {n},,,Open,{name},01/10/2011 00:38," for n, name in enumerate(names)))


def test_owners_are_guessed_by_name_user_name_and_address(broker: Any) -> None:
    ana(), ben(), otto()
    made = at_step("owners", owned("Ana Alvarez", "Ana Alvarez", "BEN", "otto@office.example", "Old Hand", ""))
    page = broker.get(url(made, "owners"))
    said = words(page)
    assert [chosen(page, w) for w in ("Ana Alvarez", "BEN", "otto@office.example", "Old Hand")] == [
        "ana",
        "ben",
        "otto",
        "",
    ]
    assert said.count("Guessed by the name") == 3
    assert "Otto Oduya (deactivated)" in said and "1 lead has no owner in the file: it goes to the pool." in said
    assert "can be handed off later: the board offers it" in said
    assert said.index("Ana Alvarez 2") < said.index("BEN 1")


def test_what_is_chosen_for_owners_is_kept_and_is_no_guess_any_more(broker: Any) -> None:
    ana()
    made = at_step("owners", owned("Ana Alvarez", "Old Hand", "Gone"))
    answer = send(broker, made, "owners", **{field_of("Old Hand"): "bruna", field_of("Gone"): "pool", "others": "pool"})
    assert answer.url == url(made, "dates")
    assert kept(made).owners == {"Ana Alvarez": "ana", "Old Hand": "bruna", "Gone": "pool"}
    assert kept(made).unknown_owners == "pool"
    page = broker.get(url(made, "owners"))
    assert "Guessed" not in words(page) and chosen(page, "Gone") == "pool"


def test_owners_that_nobody_is_and_a_rule_that_there_is_not_are_refused(broker: Any) -> None:
    made = at_step("owners", owned("Old Hand"))
    answer = send(broker, made, "owners", **{field_of("Old Hand"): "nobody", "others": "burn"})
    assert answer.status_code == 422
    assert "“Old Hand”: nobody here has this account any more." in words(answer)
    assert "Choose what happens to the leads of people who are not in this office." in words(answer)
    assert kept(made).owners == {}


def test_a_form_about_other_owners_keeps_nothing(broker: Any) -> None:
    made = at_step("owners", owned("Old Hand"))
    answer = send(broker, made, "owners", basis="another")
    assert answer.status_code == 409 and "changed in another window" in words(answer)


def test_a_file_without_owners_goes_to_the_pool(broker: Any) -> None:
    columns = {label: role for label, role in COLUMNS.items() if role != "owner"}
    made = at_step("owners", mapping=Mapping(columns=columns))
    assert "all of them go to the pool" in words(broker.get(url(made, "owners")))
    assert send(broker, made, "owners").url == url(made, "dates")


def test_of_many_owners_those_with_the_most_leads_are_listed(broker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owners, "LISTED", 12)
    ana()
    made = at_step("owners", owned(*(f"Agent {n}" for n in range(15)), *["Ana Alvarez"] * 2, "bruna"))
    page = broker.get(url(made, "owners"))
    assert "5 more names, with 5 leads in all, are not listed here" in words(page)
    send(broker, made, "owners")
    assert kept(made).owners == {"Ana Alvarez": "ana", "bruna": "bruna"}


# ---- dates


def dated(*dates: str) -> str:
    return export(*(f"{n},Lead {n},,,Open,,{date}," for n, date in enumerate(dates)))


def unread(**said: Any) -> Mapping:
    """A mapping whose dates nobody has told yet."""
    return mapped(**{"date_formats": (), "zone": "", **said})


def test_dates_say_what_they_mean_by_the_clock_of_the_file_and_of_the_world(broker: Any) -> None:
    made = at_step("dates")
    said = words(broker.get(url(made, "dates")))
    assert "01/10/2011 00:38 → Sat 1 Oct 2011, 00:38 Amsterdam time (30 Sep, 22:38 UTC)" in said
    assert "Sat 1 Oct 2011 Mon 3 Oct 2011 3 nothing" in said
    assert "13/10/2011 10:37, cannot be read month first" in said


def test_day_or_month_first_is_said_loudly_where_nothing_settles_it(broker: Any) -> None:
    made = at_step("dates", dated("03/04/2021 10:00", "05/05/2021 10:00"), mapping=unread())
    page = broker.get(url(made, "dates"))
    said = words(page)
    assert "Day first or month first?" in said and "Nothing in this file settles it." in said
    assert "Sat 3 Apr 2021 – day first" in said and "Thu 4 Mar 2021 – month first" in said
    assert said.index("month first, as in the United States as it is read now") > 0
    assert filled_in(page)["format"] == ["mm/dd/yyyy hh:mm"] and filled_in(page)["zone"] == ["America/Los_Angeles"]
    both = {"format": ["mm/dd/yyyy hh:mm", "dd/mm/yyyy hh:mm"], "step": "look"}
    assert "Both ways are ticked" in words(send(broker, made, "dates", **both))
    made.refresh_from_db()
    assert kept(made).date_formats == ()


def test_an_office_elsewhere_reads_the_day_first(broker: Any) -> None:
    made = at_step("dates", dated("03/04/2021 10:00"), mapping=unread(zone="Europe/Madrid"))
    assert filled_in(broker.get(url(made, "dates")))["format"] == ["dd/mm/yyyy hh:mm"]


def test_dates_that_cannot_be_read_or_are_still_to_come_are_counted_and_shown(broker: Any) -> None:
    ahead = (timezone.now() + timedelta(days=400)).strftime("%d/%m/%Y 10:00")
    text = dated("13/04/2021 10:00", "someday", "31/02/2021 10:00", "someday", ahead, "NULL", "")
    said = words(broker.get(url(at_step("dates", text), "dates")))
    assert "3 cannot be read: someday , 31/02/2021 10:00" in said
    assert f"1 is still to come: {ahead}" in said
    assert "Tue 13 Apr 2021 Tue 13 Apr 2021 1" in said


def test_dates_are_refused_without_a_way_or_with_a_zone_that_there_is_not(broker: Any) -> None:
    made = at_step("dates")
    assert "Tick at least one way" in words(send(broker, made, "dates", format=[]))
    for zone in ("Mars/Olympus", "", "localtime", "x" * 500, "Europe/Amsterdam\x00"):
        answer = send(broker, made, "dates", zone=zone)
        assert answer.status_code == 422 and "Not a time zone" in words(answer)
    assert send(broker, made, "dates", format=["dd/mm/yyyy hh:mm", "stardate"]).status_code == 422
    assert kept(made).zone == "Europe/Amsterdam" and made.phase == Phase.DRAFT


def test_dates_that_are_told_begin_the_check(broker: Any) -> None:
    made = at_step("dates", mapping=unread())
    answer = send(broker, made, "dates", zone="Europe/Amsterdam")
    assert answer.url == url(made, "duplicates")
    assert kept(made).date_formats == ("dd/mm/yyyy hh:mm",) and made.phase == Phase.CHECKING


def test_the_way_that_reads_most_is_tried_first(broker: Any) -> None:
    made = at_step("dates", dated("13/04/2021 10:00", "14/04/2021 10:00", "2021-05-01"), mapping=unread())
    send(broker, made, "dates", format=["yyyy-mm-dd", "dd/mm/yyyy hh:mm"])
    assert kept(made).date_formats == ("dd/mm/yyyy hh:mm", "yyyy-mm-dd")


def test_a_file_without_dates_says_when_its_leads_come_in(broker: Any) -> None:
    columns = {label: role for label, role in COLUMNS.items() if role not in ("created", "modified")}
    made = at_step("dates", mapping=Mapping(columns=columns, statuses=mapped().statuses))
    assert "every lead comes in on the day of the import, marked “about”" in words(broker.get(url(made, "dates")))
    assert send(broker, made, "dates").url == url(made, "duplicates")
    phases.work_on(made.pk)
    assert "the file has no date" in words(as_preview(broker, made))


def as_preview(client: Any, made: Import) -> Any:
    """The preview, with whatever is chosen for duplicates kept as it stands."""
    assert send(client, made, "duplicates").url == url(made, "preview")
    return client.get(url(made, "preview"))


# ---- the check


def test_looking_begins_nothing_and_a_button_begins_the_check(broker: Any) -> None:
    made = at_step("duplicates")
    page = broker.get(url(made, "duplicates"))
    assert "The rows have not been checked yet." in words(page)
    made.refresh_from_db()
    assert made.phase == Phase.DRAFT
    assert broker.post(url(made, "duplicates"), {"step": "check"}).url == url(made, "duplicates")
    made.refresh_from_db()
    assert made.phase == Phase.CHECKING
    said = words(broker.get(url(made, "duplicates")))
    assert "Every row is being checked 0 of 3 rows" in said and "You can leave this page" in said
    assert "No worker" not in said


def test_after_half_a_minute_without_a_worker_the_page_says_what_to_do(broker: Any) -> None:
    made = at_step("duplicates")
    broker.post(url(made, "duplicates"), {"step": "check"})
    Import.objects.update(beat_at=timezone.now() - timedelta(seconds=29))
    assert "No worker" not in words(broker.get(url(made, "duplicates")))
    Import.objects.update(beat_at=timezone.now() - timedelta(seconds=31))
    said = words(broker.get(url(made, "duplicates")))
    assert "No worker has picked this up so far." in said and "python manage.py db_worker" in said


def test_the_page_asks_how_far_it_is_until_it_is_to_be_loaded_anew(broker: Any) -> None:
    made = at_step("preview")
    broker.post(url(made, "duplicates"), {"step": "check"})
    live = re.search(r'hx-get="([^"]*)"', broker.get(url(made, "duplicates")).content.decode())
    assert live is not None
    Import.objects.update(rows_done=2)
    asked = broker.get(live[1], headers={"HX-Request": "true"})
    html = asked.content.decode()
    assert html.count("<hx-partial") == 3 and "2 of 3 rows" in words(asked) and "<html" not in html
    # Said once, it is not read out again.
    again = re.search(r'hx-get="([^"]*)"', html)
    assert again is not None
    assert broker.get(again[1], headers={"HX-Request": "true"}).content.decode().count("<hx-partial") == 2
    phases.work_on(made.pk)
    Import.objects.update(phase=Phase.CHECKED)
    assert broker.get(again[1], headers={"HX-Request": "true"})["HX-Redirect"] == url(made, "preview")


def test_speed_and_what_is_left_are_those_since_the_page_was_opened() -> None:
    made = at_step("preview")
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    made.phase, made.rows_done, made.rows, made.beat_at = Phase.CHECKING, 50_000, 100_000, now
    opened = Watched(30_000, now - timedelta(seconds=10))
    seen = progress_of(made, opened, now, "/there/")
    assert (seen.words, seen.speed) == ("50\u202f000 of 100\u202f000 rows", "2\u202f000 rows a second")
    assert (seen.left, seen.news) == ("about 30 seconds left", seen.words)
    # Two rows in a blink are no speed, and nobody reads the same tenth twice.
    soon = progress_of(made, Watched(49_998, now - timedelta(seconds=1), 50), now, "/there/")
    assert (soon.speed, soon.left, soon.news) == ("", "", "")


def test_an_address_that_no_page_of_ours_has_is_refused(broker: Any) -> None:
    made = at_step("preview")
    broker.post(url(made, "duplicates"), {"step": "check"})
    for watched in ("x", "1-2", "1-99999999999999-0", "9" * 40, "1-1-1&watched=2-2-2"):
        answer = broker.get(f"{url(made, 'duplicates')}?watched={watched}")
        assert answer.status_code == 400 and "This address is damaged." in words(answer)


def test_a_check_that_stopped_says_why_and_begins_anew(broker: Any) -> None:
    made = at_step("duplicates", mapping=mapped(owners={"Old Hand": "nobody"}))
    broker.post(url(made, "duplicates"), {"step": "check"})
    phases.work_on(made.pk)
    page = broker.get(url(made, "duplicates"))
    assert "The check stopped" in words(page) and "Nobody here has the user name “nobody”." in words(page)
    Import.objects.update(mapping=mapped().as_json())
    broker.post(url(made, "duplicates"), {"step": "check"})
    assert phases.work_on(made.pk).phase == Phase.CHECKED


# ---- duplicates


def twice() -> str:
    return export(
        *ROWS,
        "4,Dana O.,DANA@example.com,,Open,,02/10/2011 09:00,",
        "5,D. O.,,(510) 555-0101,Open,,02/10/2011 09:00,",
    )


def here() -> Lead:
    return LeadFactory.create(name="Dana Ortiz", email="dana@example.com", phone="510 555 0101", agent=ana())


def test_rows_that_are_here_stand_beside_their_leads(broker: Any) -> None:
    lead = here()
    made = checked(text=twice())
    page = broker.get(url(made, "duplicates"))
    said = words(page)
    assert "3 rows are here already, or twice in the file Same e-mail and phone 1 Same e-mail 1 Same phone 1" in said
    assert "+1 510 555 0101 Dana Ortiz dana@example.com 510 555 0101 Same e-mail and phone as Dana Ortiz" in said
    html = page.content.decode()
    assert html.count(f'href="/leads/{lead.pk}/"') == 3
    # Written otherwise, it is the same number all the same.
    assert 'is-same" dir="auto">510 555 0101' in html


def test_a_file_whose_rows_are_new_goes_on_at_once(broker: Any) -> None:
    made = checked()
    assert "None of these rows is here already." in words(broker.get(url(made, "duplicates")))
    assert send(broker, made, "duplicates").url == url(made, "preview")
    made.refresh_from_db()
    # Nothing was chosen otherwise than it was checked.
    assert made.phase == Phase.CHECKED


def test_a_choice_for_all_and_one_for_a_single_row_hold(broker: Any) -> None:
    lead = here()
    made = checked(text=twice())
    assert send(broker, made, "duplicates", everywhere="update", row__5="both").url == url(made, "preview")
    made.refresh_from_db()
    assert (made.mapping["duplicates"], made.decisions, made.phase) == ("update", {"5": "both"}, Phase.CHECKING)
    phases.work_on(made.pk)
    said = words(broker.get(url(made, "preview")))
    assert "3 new leads 2 contact facts updated" in said
    # Also beside the row that becomes a lead of its own stands the one that it resembles.
    page = broker.get(url(made, "duplicates"))
    again = words(page)
    assert page.content.decode().count(f'href="/leads/{lead.pk}/"') == 3
    assert "Line 5 Dana O. DANA@example.com" in again and "For 1 row you chose otherwise." in again
    send(broker, made, "duplicates", everywhere="skip", row__5="")
    made.refresh_from_db()
    assert made.decisions == {}


def test_a_lead_with_the_same_key_can_be_no_second_lead(broker: Any) -> None:
    LeadFactory.create(name="Joe T.", email="j@example.com", phone="", external_source="Old CRM", external_key="2")
    made = checked()
    page = broker.get(url(made, "duplicates"))
    assert "Same key of the old system, so it is the same lead 1" in words(page)
    row = page.content.decode().partition('id="row-3"')[2].partition("</select>")[0]
    assert "update" in row and "both" not in row
    answer = send(broker, made, "duplicates", row__3="both")
    assert answer.status_code == 422 and "Line 3: choose one of what the list offers." in words(answer)


def test_a_choice_that_there_is_not_is_refused(broker: Any) -> None:
    here()
    made = checked()
    wrong: tuple[dict[str, Any], ...] = ({"everywhere": "burn"}, {"everywhere": ""}, {"row__2": "burn"})
    for changed in wrong:
        assert send(broker, made, "duplicates", **changed).status_code == 422
    made.refresh_from_db()
    assert made.decisions == {} and made.mapping["duplicates"] == "skip"


def test_a_row_that_came_before_in_the_same_file_has_no_lead_to_update(broker: Any) -> None:
    made = checked(text=twice())
    page = broker.get(url(made, "duplicates"))
    assert "Same e-mail as line 2 of this file." in words(page)
    row = page.content.decode().partition('id="row-5"')[2].partition("</select>")[0]
    assert "both" in row and "update" not in row
    assert send(broker, made, "duplicates", row__5="update").status_code == 422


def test_many_rows_are_looked_at_a_page_at_a_time(broker: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "PER_PAGE", 2)
    here()
    made = checked(text=twice())
    assert "1 to 2 of 3" in words(broker.get(url(made, "duplicates")))
    answer = send(broker, made, "duplicates", row__2="both", step="after")
    assert answer.url == f"{url(made, 'duplicates')}?page=2"
    assert "3 to 3 of 3" in words(broker.get(answer.url))
    made.refresh_from_db()
    # Kept at once; the rows are checked anew when all pages are done.
    assert made.decisions == {"2": "both"} and made.phase == Phase.CHECKED
    assert "Something was changed since the rows were checked" in words(broker.get(url(made, "preview")))
    for page in ("3", "0", "-1", "x", "9" * 30, "1&page=2"):
        answer = broker.get(f"{url(made, 'duplicates')}?page={page}")
        assert answer.status_code == 400 and "There is no such page of this list." in words(answer)


def test_a_page_of_duplicates_asks_as_much_for_fifty_rows_as_for_two(broker: Any) -> None:
    def asked(rows: int) -> int:
        made = checked(text=export(*(f"k{n},X,x{n}@example.com,,Open,,01/10/2011 00:38," for n in range(rows))))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert broker.get(url(made, "duplicates")).status_code == 200
        return len(queries)

    for n in range(50):
        LeadFactory.create(email=f"x{n}@example.com", phone="")
    assert asked(2) == asked(50)


def test_rows_that_were_checked_anew_meanwhile_keep_no_choice(broker: Any) -> None:
    here()
    made = checked(text=twice())
    form = filled_in(broker.get(url(made, "duplicates")))
    Import.objects.update(mapping=mapped(no_status="NEW").as_json())
    answer = broker.post(url(made, "duplicates"), {**form, "everywhere": "both"})
    made.refresh_from_db()
    assert answer.status_code == 302 or "not been checked" in words(answer)
    assert made.mapping["duplicates"] == "skip"


def test_a_choice_that_comes_when_the_import_has_just_started_changes_nothing() -> None:
    here()
    made = checked(text=twice())
    phases.start(made)
    with pytest.raises(Elsewhere):
        choose(made, "both", {2: "both"}, "duplicates", "basis")
    made.refresh_from_db()
    assert made.mapping["duplicates"] == "skip" and made.decisions == {}


# ---- the preview


def test_the_preview_says_in_words_what_each_row_becomes(broker: Any) -> None:
    ana()
    made = checked("preview", export(*ROWS, "9,Bad Day,,,Won,,someday,"))
    said = words(broker.get(url(made, "preview")))
    assert "4 rows in the file 3 new leads 1 refused" in said
    assert "2 Dana Ortiz Closed Ana Alvarez created 1 Oct 2011 · with Ana Alvarez · in Closed since about" in said
    assert "3 Joe Tran New the pool created 2 Oct 2011" in said
    assert "with Old Hand (deactivated) · in Contacting since about 4 Oct 2011" in said
    assert "Line 5 Created Time: “someday” is not a date" in said
    assert "Bring in 3 leads" in said
    assert not Lead.objects.exists() and not User.objects.filter(display_name="Old Hand").exists()


def test_a_file_of_which_nothing_would_come_in_has_no_button(broker: Any) -> None:
    made = checked("preview", export("9,Bad Day,,,Won,,someday,"))
    said = words(broker.get(url(made, "preview")))
    assert "Nothing of this file would come in" in said and "Bring in" not in said


def test_what_was_seen_is_what_comes_in_or_nothing(broker: Any) -> None:
    made = checked("preview")
    form = filled_in(broker.get(url(made, "preview")))
    answer = broker.post(url(made, "preview"), {**form, "figures": "others"})
    assert answer.status_code == 409 and "changed in another window" in words(answer)
    assert broker.post(url(made, "preview"), form).url == url(made)
    made.refresh_from_db()
    assert made.phase == Phase.WAITING
    # Sent twice, it started once.
    assert broker.post(url(made, "preview"), form).url == url(made)
    assert phases.work_on(made.pk).counts["created"] == 3


def test_two_people_at_one_import_do_not_undo_one_another(broker: Any) -> None:
    here()
    made = checked("preview")
    admin = as_user(ada())
    late = filled_in(broker.get(url(made, "duplicates")))
    admin.post(url(made, "preview"), filled_in(admin.get(url(made, "preview"))))
    answer = broker.post(url(made, "duplicates"), {**late, "everywhere": "both"})
    assert answer.url == url(made)
    made.refresh_from_db()
    assert made.mapping["duplicates"] == "skip" and made.phase == Phase.WAITING
    assert "Waiting for a worker to begin" in words(broker.get(answer.url))


def test_an_agent_sees_none_of_these_pages() -> None:
    made = checked("preview")
    agent, admin = as_user(ana()), as_user(ada())
    for page in ("owners/", "dates/", "duplicates/", "preview/", "", "undo/", "errors.csv"):
        address = url(made) + page
        assert agent.get(address).status_code == 403
        assert agent.post(address, {"step": "on", "sure": "yes"}).status_code in (403, 405)
        assert Client().get(address).status_code == 302
        assert admin.get(address.replace(str(made.pk), str(uuid4()))).status_code == 404


# ---- on its way, and what came of it


@pytest.mark.django_db(transaction=True)
def test_a_worker_brings_the_whole_file_in_and_takes_it_back() -> None:
    ana()
    broker = as_user(bruna())
    text = export(*ROWS, "9,Bad Day,,,Won,,someday,").replace("Open", "New")
    sent = SimpleUploadedFile("old.csv", text.encode())
    at = broker.post("/import/", {"file": sent, "source": "Old CRM"}).url
    made = Import.objects.get()
    told: dict[str, dict[str, Any]] = {
        "columns": {"column-6": "created"},
        "dates": {"format": ["dd/mm/yyyy hh:mm"], "zone": "Europe/Amsterdam"},
    }
    for step in ("file", "columns", "stages", "owners", "dates"):
        assert at == url(made, step)
        answer = send(broker, made, step, **told.get(step, {}))
        assert answer.status_code == 302, words(answer)
        at = answer.url
    work()
    as_preview(broker, made)
    assert send(broker, made, "preview").url == url(made)
    work()
    said = words(broker.get(url(made)))

    assert "3 leads came in" in said and "What came of 4 rows 3 new leads 1 refused" in said
    assert "Line 5 Created Time: “someday” is not a date" in said
    joe = Lead.objects.get(external_key="2")
    assert "Joe Tran New pool" in words(broker.get(f"{url(made)}?rows=created"))
    service.add_note(lead_id=joe.pk, actor=ana(), source=Source.PAGE, note="Called, he still looks.")

    page = words(broker.get(url(made, "undo")))
    assert "2 leads would be taken back" in page and "1 lead stays" in page and "Joe Tran" in page
    unsure = broker.post(url(made, "undo"))
    assert unsure.status_code == 422 and "Tick that these leads shall be taken back" in words(unsure)
    assert broker.post(url(made, "undo"), {"sure": "yes"}).url == url(made)
    assert "The import is being taken back 0 of 3 leads" in words(broker.get(url(made)))
    work()
    said = words(broker.get(url(made)))
    assert "2 leads were taken back" in said and "These stayed" in said and "Taken back by Bruna Barros" in said
    assert broker.get(url(made, "undo")).url == url(made)
    assert sorted(Lead.objects.values_list("status", flat=True)) == ["NEW", "TRASHED", "TRASHED"]
    assert LeadEvent.objects.filter(kind=Kind.IMPORT_WITHDRAWN).count() == 2


def brought_in(*rows: str, **more: Any) -> Import:
    made = checked("preview", export(*rows), **more)
    phases.start(made)
    done = phases.work_on(made.pk)
    assert done.phase == Phase.DONE
    return done


def test_an_import_that_stopped_says_why_and_is_carried_on(broker: Any) -> None:
    made = checked("preview")
    phases.start(made)
    assert broker.post(url(made), {"step": "stop"}).url == url(made)
    said = words(broker.get(url(made)))
    assert "The import stopped" in said and "Stopped by Bruna Barros." in said and "Carry on" in said
    assert broker.post(url(made), {"step": "on"}).url == url(made)
    assert phases.work_on(made.pk).counts["created"] == 3


def test_an_import_whose_worker_died_can_be_carried_on(broker: Any) -> None:
    made = checked("preview")
    phases.start(made)
    Import.objects.update(phase=Phase.RUNNING, rows_done=1, beat_at=timezone.now() - timedelta(minutes=3))
    said = words(broker.get(url(made)))
    assert "There has been no sign of life for two minutes." in said and "Carry on" in said
    broker.post(url(made), {"step": "on"})
    page = broker.get(url(made))
    assert "no sign of life" not in words(page)
    live = re.search(r'hx-get="([^"]*)"', page.content.decode())
    assert live is not None
    Import.objects.update(rows_done=2, counts={"created": 2})
    assert "2 of 3 rows 2 new leads 0 refused" in words(broker.get(live[1], headers={"HX-Request": "true"}))


def test_a_damaged_push_is_refused_and_an_unfinished_import_leads_to_its_step(broker: Any) -> None:
    made = at_step("dates")
    assert broker.get(url(made)).url == url(made, "dates")
    done = brought_in()
    answer = broker.post(url(done), {"step": "burn"})
    assert answer.status_code == 422 and "This form is damaged." in words(answer)


def test_an_import_by_a_command_is_carried_on_by_it(broker: Any) -> None:
    made = draft(source="Old CRM", phase=Phase.FAILED, problem="The disk is full.", started_at=timezone.now())
    Import.objects.filter(pk=made.pk).update(file="", actor=None, actor_name="", survey={"digest": "x"})
    ImportedRow.objects.create(of=made, line=7, outcome=Outcome.REFUSED, sentence="No name.", cells=["1", ""])
    said = words(broker.get(url(made)))
    assert "Give the same command again" in said and "By a command" in said
    assert mended_file(broker, made) == [["Column 1", "Column 2", "What to do"], ["1", "", "Line 7: No name."]]
    Import.objects.filter(pk=made.pk).update(survey={})
    said = words(broker.get(url(made)))
    assert "Its file is not kept any more." in said and "Carry on" not in said


def test_rows_of_a_kind_are_listed_fifty_at_a_time(broker: Any) -> None:
    made = brought_in(*(f"{n},Lead {n},,,Open,,01/10/2011 00:38," for n in range(60)))
    first = broker.get(f"{url(made)}?rows=created")
    assert "60 new leads" in words(first) and "Lead 49" in words(first) and "Lead 50" not in words(first)
    onward = re.search(r'href="([^"]*after=\d+)"', first.content.decode())
    assert onward is not None
    second = words(broker.get(onward[1].replace("&amp;", "&")))
    assert "Lead 50" in second and "Lead 59" in second and "From the first one on" in second
    assert "There are none." in words(broker.get(f"{url(made)}?rows=kept"))


def test_a_list_that_there_is_not_is_refused(broker: Any) -> None:
    made = brought_in()
    for query in ("rows=", "rows=burnt", "rows=kept&rows=known", "rows=kept&after=x", "rows=kept&after=1&after=2"):
        assert broker.get(f"{url(made)}?{query}").status_code == 400


# ---- rows to mend


@given(st.text(alphabet="'=+-@\t\r\n ab1\uff1d", max_size=6))
def test_what_a_spreadsheet_must_not_compute_comes_back_as_it_was(cell: str) -> None:
    assert unguard(guard(cell)) == cell
    assert not guard(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


BAD = (
    '11,"=HYPERLINK(""http://evil.example"")",a@example.com,+1 510 555 0111,Won,,someday,',
    "12,'-Dash,b@example.com,-,Won,,31/02/2011 10:00,",
    '13,"Kai\r\nIto",k@example.com,+1 510 555 0113,Won,,never,',
    "14,Too,many@example.com,,Won,,01/10/2011 00:38,,extra,=cells",
)


def mended_file(client: Any, made: Import) -> list[list[str]]:
    answer: Any = client.get(f"{url(made)}errors.csv")
    raw = b"".join(answer.streaming_content)
    assert raw.startswith(b"\xef\xbb\xbf") and answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_refused_rows_are_a_file_that_a_spreadsheet_opens_safely(broker: Any) -> None:
    rows = mended_file(broker, brought_in(*ROWS, *BAD))
    assert rows[0] == [*COLUMNS, "What to do"] and is_ours(rows[0])
    assert len(rows) == 5
    assert rows[1][:4] == ["11", '\'=HYPERLINK("http://evil.example")', "a@example.com", "'+1 510 555 0111"]
    assert rows[1][-1].startswith("Line 5: Created Time: “someday” is not a date")
    assert rows[2][1] == "''-Dash" and rows[2][3] == "'-"
    assert rows[3][1] == "Kai\r\nIto"
    # What stood beyond the last column stays beyond ours.
    assert rows[4][8].startswith("Line 9:") and rows[4][9:] == ["extra", "'=cells"]
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def upload_again(client: Any, made: Import, rows: list[list[str]], encoding: str = "utf-8-sig") -> Import:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    sent = SimpleUploadedFile("mended.csv", out.getvalue().encode(encoding))
    answer = client.post("/import/", {"file": sent, "again": str(made.pk)})
    assert answer.status_code == 302, words(answer)
    return Import.objects.exclude(pk=made.pk).order_by("-made_at")[0]


def test_rows_that_come_back_are_what_they_were_and_the_column_is_ignored(broker: Any) -> None:
    made = brought_in(*ROWS, *BAD)
    again = upload_again(broker, made, mended_file(broker, made))
    assert (again.source, again.survey["header"]) == ("Old CRM", list(COLUMNS))
    assert read_mapping(again.mapping).statuses == mapped().statuses
    assert "the column “What to do” is left out" in words(broker.get(url(again, "file")))
    with again.file.open() as file:
        lines = list(csv.reader(io.StringIO(file.read().decode("utf-8-sig"), newline="")))
    assert lines[1:4] == [
        ["11", '=HYPERLINK("http://evil.example")', "a@example.com", "+1 510 555 0111", "Won", "", "someday", ""],
        ["12", "'-Dash", "b@example.com", "-", "Won", "", "31/02/2011 10:00", ""],
        ["13", "Kai\r\nIto", "k@example.com", "+1 510 555 0113", "Won", "", "never", ""],
    ]
    # Nothing was mended, so nothing comes in: not even the row whose cells were too many.
    phases.begin_check(again)
    assert phases.work_on(again.pk).counts["refused"] == 4


def test_mended_rows_come_in(broker: Any) -> None:
    made = brought_in(*ROWS, *BAD)
    rows = mended_file(broker, made)
    for row in rows[1:]:
        row[6] = "05/10/2011 10:00"
    again = upload_again(broker, made, [row[:9] for row in rows])
    phases.begin_check(again)
    phases.work_on(again.pk)
    phases.start(again)
    assert phases.work_on(again.pk).counts["created"] == 4
    assert Lead.objects.get(external_key="11").name == '=HYPERLINK("http://evil.example")'
    assert Lead.objects.get(external_key="11").phone_e164 == "+15105550111"
    assert Lead.objects.count() == 7


def test_an_import_that_is_not_there_brings_no_mapping(broker: Any) -> None:
    for key in (str(uuid4()), "x", "9" * 60):
        sent = SimpleUploadedFile("mended.csv", export().encode())
        answer = broker.post("/import/", {"file": sent, "again": key})
        assert answer.status_code == 422 and "That import is not there any more." in words(answer)


def test_a_column_of_somebody_elses_that_says_the_same_is_theirs() -> None:
    assert is_ours(["Name", "What to do"])
    assert not is_ours(["What to do"]) and not is_ours(["What to do", "Name"]) and not is_ours([])


# ---- taking back


def test_nothing_is_taken_back_of_an_import_that_brought_nothing(broker: Any) -> None:
    made = brought_in("9,Bad Day,,,Won,,someday,")
    assert broker.get(url(made, "undo")).url == url(made)
    assert "Was it a mistake?" not in words(broker.get(url(made)))
    assert broker.post(url(made, "undo"), {"sure": "yes"}).url == url(made)


def test_what_would_stay_is_asked_in_a_few_statements_however_many_leads(broker: Any) -> None:
    made = brought_in(*(f"{n},Lead {n},,,Open,,01/10/2011 00:38," for n in range(60)))
    for lead in Lead.objects.order_by("pk")[:15]:
        service.add_note(lead_id=lead.pk, actor=bruna(), source=Source.PAGE, note="Called.")
    with CaptureQueriesContext(connection) as queries:
        said = words(broker.get(url(made, "undo")))
    assert "45 leads would be taken back" in said and "15 leads stay" in said and "and 5 more." in said
    assert len(queries) < 12


def test_an_updated_lead_that_was_here_before_is_not_taken_back(broker: Any) -> None:
    lead = here()
    made = brought_in(
        "1,Dana Ortiz-Lee,dana@example.com,,Won,,01/10/2011 00:38,", ROWS[1], mapping=mapped(duplicates="update")
    )
    assert made.counts["updated"] == 1
    assert "1 lead would be taken back" in words(broker.get(url(made, "undo")))
    broker.post(url(made, "undo"), {"sure": "yes"})
    phases.work_on(made.pk)
    lead.refresh_from_db()
    assert lead.status == "NEW" and lead.name == "Dana Ortiz-Lee"


def test_what_was_taken_back_is_taken_up_again_by_the_same_file(broker: Any) -> None:
    made = brought_in()
    phases.begin_undo(made, actor=bruna())
    phases.work_on(made.pk)
    again = checked("preview")
    said = words(broker.get(url(again, "preview")))
    assert "0 new leads 3 taken up again 0 refused" in said and "Bring in 3 leads" in said
    assert "It was taken back with an earlier import, and is taken up again." in said
    assert broker.post(url(again, "preview"), filled_in(broker.get(url(again, "preview")))).url == url(again)
    phases.work_on(again.pk)
    assert "3 leads came in" in words(broker.get(url(again)))
    assert Lead.objects.filter(status="TRASHED").count() == 0 and Lead.objects.count() == 3
