"""A row of an export becomes the lead that it speaks of: what is known is kept, what is not is not invented."""

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.addresses import normalised_address
from leads.imports import cells
from leads.imports.columns import Cells
from leads.imports.flag_words import closed
from leads.imports.inquiries import inquiry
from leads.imports.mapping import ROLES, BadMapping, Mapping, read_mapping
from leads.imports.reading import Record
from leads.imports.row import Incoming, Plan
from leads.imports.survey import MOST, count, read_survey
from leads.models import Lead
from lifecycle.imported import Unfit

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
USERS = {"ana": "Ana Alvarez", "ben": "Ben Brooks"}
SAMPLES = Path(__file__).resolve().parent.parent / "docs" / "samples"


class Row(NamedTuple):
    """A row as the reading hands it over."""

    line: int
    cells: list[str]
    problem: str = ""


def plan(columns: dict[str, str], **mapping: object) -> Plan:
    """A plan for a file with just these columns. Everybody is new unless statuses are given."""
    made = read_mapping({"columns": columns, "no_status": "NEW", **mapping})
    return Plan(made, list(columns), "oldcrm", users=USERS, now=NOW)


def incoming(cells: dict[str, tuple[str, str]], **mapping: object) -> Incoming:
    """One row read; `cells` is label → (role, cell)."""
    made = plan({label: role for label, (role, _) in cells.items()}, **mapping)
    return made.read(Row(7, [cell for _, cell in cells.values()]))


def refusal(cells: dict[str, tuple[str, str]], **mapping: object) -> str:
    with pytest.raises(Unfit) as unfit:
        incoming(cells, **mapping)
    assert unfit.value.line == 7
    return unfit.value.sentence


# --- who it is ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "name"),
    [
        ({"Name": ("name", "Dana  Doe"), "Last": ("last_name", "Roe")}, "Dana Doe"),
        ({"F": ("first_name", "Dana"), "M": ("middle_name", "NULL"), "L": ("last_name", "Doe")}, "Dana NULL Doe"),
        ({"F": ("first_name", "Dana"), "L": ("last_name", " "), "C": ("company", "Acme")}, "Dana"),
        ({"Name": ("name", "-None-"), "C": ("company", "Acme"), "E": ("email", "d@example.com")}, "Acme"),
        ({"Name": ("name", "N/A"), "E": ("email", "d@example.com"), "P": ("phone", "510 555 0100")}, "d@example.com"),
        ({"Name": ("name", ""), "E": ("email", "NA"), "P": ("phone", "510 555 0100")}, "510 555 0100"),
        ({"Name": ("name", ""), "P": ("phone", "--"), "K": ("key", "A-17")}, "A-17"),
    ],
)
def test_a_lead_is_called_by_the_best_that_the_row_has(cells: dict[str, tuple[str, str]], name: str) -> None:
    assert incoming(cells).contact["name"] == name


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("Min-ji", "Na", "Min-ji Na"),
        ("", "Na", "Na"),
        ("", "None", "None"),
        ("Christopher", "Null", "Christopher Null"),
        ("NULL", "NULL", "A-17"),
        ("", "NULL", "A-17"),
        ("None", "None", "A-17"),
        ("n/a", "undefined", "A-17"),
    ],
)
def test_a_person_called_none_survives_and_a_filler_does_not(first: str, last: str, name: str) -> None:
    cells = {"First": ("first_name", first), "Last": ("last_name", last), "Id": ("key", "A-17")}
    assert incoming(cells).contact["name"] == name


def test_contact_facts_come_with_their_normalised_twins() -> None:
    one = incoming(
        {
            "Name": ("name", "Dana Doe"),
            "Email": ("email", " Dana@Example.com "),
            "Cell": ("phone", "(510) 555-0100"),
            "Wants": ("headline", "3 beds"),
            "Budget": ("headline", "$22,700.00"),
            "Street": ("street", "12 Elm St"),
            "Street 2": ("street", "Unit 4"),
            "City": ("city", "San Leandro"),
            "State": ("region", "CA"),
            "Zip": ("postcode", "94577"),
            "Country": ("country", "Select"),
        }
    )
    assert one.contact == {
        "name": "Dana Doe",
        "email": "Dana@Example.com",
        "email_normalised": "dana@example.com",
        "phone": "(510) 555-0100",
        "phone_e164": "+15105550100",
        "headline": "3 beds; $22,700.00",
        "address": "12 Elm St, Unit 4, San Leandro, CA 94577",
        "address_normalised": normalised_address("12 Elm St, Unit 4, San Leandro, CA 94577"),
    }
    assert str(Lead(**one.contact)) == "Dana Doe", "ready for a lead"


@pytest.mark.parametrize(
    ("whole", "address"),
    [
        ("12 Elm St, San Leandro, CA 94577", "12 Elm St, San Leandro, CA 94577, USA"),
        ("12 Elm St San Leandro CA 94577", "12 Elm St San Leandro CA 94577, USA"),
        ("12 San Leandro Blvd", "12 San Leandro Blvd, San Leandro, CA 94577, USA"),
        ("12 Elm St, san leandro", "12 Elm St, san leandro, CA 94577, USA"),
        ("", "San Leandro, CA 94577, USA"),
    ],
)
def test_what_a_whole_address_says_is_not_repeated(whole: str, address: str) -> None:
    one = incoming(
        {
            "Address": ("address", whole),
            "City": ("city", "San Leandro"),
            "State": ("region", "CA"),
            "Zip": ("postcode", "94577"),
            "Country": ("country", "USA"),
        }
    )
    assert one.contact["address"] == address


def test_second_phones_and_addresses_and_the_company_go_into_the_note() -> None:
    one = incoming(
        {
            "Name": ("name", "Dana Doe"),
            "Company": ("company", "Acme"),
            "Cell Phone": ("phone", ""),
            "Home Phone": ("phone", "510-555-0101"),
            "Work Phone": ("phone", "510-555-0102"),
            "Email": ("email", "dana@example.com"),
            "second email": ("email", "doe@example.com"),
            "Notes": ("note", "Two dogs.\r\nA garden."),
        }
    )
    assert one.contact["phone"] == "510-555-0101"
    assert one.row.note == (
        "Two dogs.\nA garden.\nCompany: Acme\nWork Phone: 510-555-0102\nsecond email: doe@example.com"
    )
    assert one.bad_emails == 0


def test_an_address_that_cannot_be_one_loses_no_lead() -> None:
    one = incoming({"Name": ("name", "Dana"), "Email": ("email", "dana@@example"), "Other": ("email", "d@example.com")})
    assert (one.contact["email"], one.row.note, one.bad_emails) == ("d@example.com", "Email: dana@@example", 1)


def test_of_several_addresses_in_one_cell_the_first_is_taken_and_the_cell_is_kept() -> None:
    one = incoming({"Email": ("email", "Dana <dana@example.com>; doe@example.com")})
    assert one.contact["email"] == "dana@example.com"
    assert one.row.note == "Email: Dana <dana@example.com>; doe@example.com"


def test_the_made_up_address_of_a_lead_with_a_phone_alone_is_none() -> None:
    one = incoming({"Email": ("email", "5105550100@kvleads.com"), "Phone": ("phone", "5105550100")})
    assert (one.contact["email"], one.contact["name"], one.row.note) == ("", "5105550100", "")


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"Phones": ("phone", "1" * 65)}, "Phones: This is too long: 65 characters, and 64 fit."),
        ({"Full": ("name", "x" * 201)}, "Full: This is too long: 201 characters, and 200 fit."),
        ({"St": ("street", "x" * 301)}, "St: This is too long: 301 characters, and 300 fit."),
        ({"Memo": ("note", "x" * 5001)}, "Memo: This is too long: 5001 characters, and 5000 fit."),
        ({"Id": ("key", "x" * 201)}, "Id: This is too long: 201 characters, and 200 fit."),
        ({"Who": ("owner", "x" * 151)}, "Who: This is too long: 151 characters, and 150 fit."),
    ],
)
def test_what_is_too_long_to_be_kept_is_refused(cells: dict[str, tuple[str, str]], sentence: str) -> None:
    assert refusal({**cells, "Name": ("email", "")}) == sentence


# --- what the old system knows ------------------------------------------------------------------------------


def test_a_row_says_where_the_lead_stands_and_since_when() -> None:
    one = incoming(
        {
            "Id": ("key", "A-17"),
            "Stage": ("status", " under  CONTRACT "),
            "Created": ("created", "01/10/2025 00:38"),
            "Changed": ("modified", "02/10/2025"),
            "Stage since": ("entered", "NULL"),
            "Signed": ("reached:COMMITTED", "01/10/2025 12:00"),
            "Source": ("lead_source", "Zillow Premier"),
        },
        statuses={"Under Contract": "IN_CONTRACT"},
        dates={"formats": ["dd/mm/yyyy hh:mm", "dd/mm/yyyy"], "zone": "Europe/Amsterdam"},
    )
    row = one.row
    assert (one.line, one.key, row.line) == (7, "A-17", 7)
    assert (row.status, row.status_words) == ("IN_CONTRACT", "under CONTRACT")
    assert row.created_at == datetime(2025, 9, 30, 22, 38, tzinfo=UTC)
    assert row.modified_at == datetime(2025, 10, 1, 22, tzinfo=UTC)
    assert row.entered_at is None
    assert row.reached == (("COMMITTED", datetime(2025, 10, 1, 10, tzinfo=UTC)),)
    assert (row.inquiry, row.source_words) == ("portal", "Zillow Premier")
    assert (row.guessed, one.guessed) == (False, True), "the day without a time is not the creation's"


def test_an_hour_that_occurs_twice_makes_the_creation_a_guess() -> None:
    one = incoming(
        {"Created": ("created", "30/10/2011 02:30")},
        dates={"formats": ["dd/mm/yyyy hh:mm"], "zone": "Europe/Amsterdam"},
    )
    assert one.row.created_at == datetime(2011, 10, 30, 0, 30, tzinfo=UTC)
    assert one.row.guessed and one.guessed


def test_a_date_that_cannot_be_read_refuses_the_row_by_column_and_cell() -> None:
    formats = {"formats": ["dd/mm/yyyy"], "zone": "Europe/Amsterdam"}
    assert refusal({"Created Time": ("created", "2025-10-01")}, dates=formats) == (
        "Created Time: “2025-10-01” is not a date of the form “dd/mm/yyyy”."
    )
    assert refusal({"Sold on": ("reached:CLOSED", "01/01/2030")}, dates=formats) == (
        "Sold on: “01/01/2030” is still to come."
    )


def test_a_status_that_nobody_explained_refuses_the_row() -> None:
    cells = {"Stage": ("status", "Dormant")}
    assert refusal(cells, statuses={"New": "NEW"}) == "Stage: nobody said which stage “Dormant” means."


@pytest.mark.parametrize("cell", ["", " ", "-None-", "Select", "NULL", "#N/A"])
def test_a_row_without_a_status_is_what_was_chosen_for_it_or_refused(cell: str) -> None:
    cells = {"Stage": ("status", cell)}
    assert incoming(cells, no_status="CONTACTING").row.status == "CONTACTING"
    assert refusal(cells, no_status="") == "The row has no status, and nobody said which stage that means."


def test_a_word_counts_in_the_case_in_which_it_stands_before_any_other() -> None:
    statuses = {"Lost": "ARCHIVED", "LOST": "TRASHED"}
    assert incoming({"S": ("status", "LOST")}, statuses=statuses).row.status == "TRASHED"
    assert incoming({"S": ("status", "Lost")}, statuses=statuses).row.status == "ARCHIVED"


@pytest.mark.parametrize(
    ("cell", "unknown", "agent"),
    [
        ("A. Alvarez", "deactivated", "Ana Alvarez"),
        ("a. alvarez", "deactivated", "Ana Alvarez"),
        ("Web desk", "deactivated", ""),
        ("BEN BROOKS", "pool", "Ben Brooks"),
        ("Otto  Oduya", "deactivated", "Otto Oduya"),
        ("Otto Oduya", "pool", ""),
        ("NULL", "deactivated", ""),
    ],
)
def test_an_owner_is_whom_the_mapping_says(cell: str, unknown: str, agent: str) -> None:
    owners = {"A. Alvarez": "ana", "Web desk": "pool"}
    assert incoming({"Owner": ("owner", cell)}, owners=owners, unknown_owners=unknown).row.agent == agent


def test_several_notes_say_which_column_they_are_from() -> None:
    one = incoming({"Agent Notes": ("note", "Two dogs."), "Tags": ("note", "None"), "Insight": ("note", "Cash")})
    assert one.row.note == "Agent Notes: Two dogs.\nInsight: Cash"


def test_of_columns_that_contradict_each_other_the_stricter_wins() -> None:
    one = incoming(
        {
            "Opt out": ("flag:unsubscribed", "No"),
            "Unsubscribed": ("flag:unsubscribed", "TRUE"),
            "Mailings": ("flag:unsubscribed", "0"),
            "DNC": ("flag:do_not_call", ""),
            "Text": ("flag:do_not_text", "opted-out"),
        }
    )
    assert one.row.flags == ("unsubscribed", "do_not_text")


def test_an_unknown_word_about_consent_refuses_the_row() -> None:
    assert refusal({"DNC": ("flag:dnc", "perhaps")}).startswith("DNC: “perhaps” is neither yes nor no. Known for yes")


@pytest.mark.parametrize(
    "word", ["Yes", "y", "1", "TRUE", "x", "DNC", "out", "Opted Out", "unsubscribed", "Do-Not-Call"]
)
def test_these_words_close_a_channel(word: str) -> None:
    assert closed(f" {word} ")


@pytest.mark.parametrize("word", ["No", "n", "0", "FALSE", "", "NA", "-None-", "opted_in", "Subscribed"])
def test_these_words_leave_it_open(word: str) -> None:
    assert not closed(word)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Zillow", "portal"),
        ("realtor.com", "portal"),
        ("Open-House 12 Elm", "open_house"),
        ("External Referral", "referral"),
        ("Website", "website"),
        ("Facebook Ads", "social"),
        ("Yard sign", "sign_call"),
        ("Phone", "phone"),
        ("Cold Call", "import"),
        ("Trade Show", "import"),
        ("", "import"),
    ],
)
def test_where_a_lead_came_from_is_one_of_ours_or_not_known(words: str, kind: str) -> None:
    assert inquiry(words) == kind


# --- the key ------------------------------------------------------------------------------------------------


def test_a_row_without_a_key_is_the_same_lead_whenever_it_comes() -> None:
    columns = {"Id": "key", "Name": "name"}
    first, again, other = (plan(columns).read(Row(n, [key, "Dana"])) for n, key in ((2, ""), (9, ""), (3, "NULL")))
    assert first.key == again.key
    assert first.key.startswith("row-") and len(first.key) == 20
    assert other.key.startswith("row-") and other.key != first.key


# --- rows and mappings that do not fit ----------------------------------------------------------------------


def test_a_row_that_could_not_be_read_says_why() -> None:
    with pytest.raises(Unfit) as unfit:
        plan({"Name": "name"}).read(Row(12, ["Dana", "Doe"], "This row has 2 cells, the header 1."))
    assert (unfit.value.line, unfit.value.sentence) == (12, "This row has 2 cells, the header 1.")


@pytest.mark.parametrize(
    ("mapping", "header", "sentence"),
    [
        (Mapping(columns={"Name": "name"}), ["Mail"], "The file has no column “Name”. Its columns are “Mail”."),
        (Mapping(columns={"D": "created"}, zone="UTC"), ["D"], "Say how the dates in “D” are written."),
        (
            Mapping(columns={"D": "created"}, date_formats=("iso",)),
            ["D"],
            "Say which time zone the dates in “D” are in.",
        ),
        (Mapping(owners={"Cara": "cara"}), ["D"], "Nobody here has the user name “cara”."),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping: Mapping, header: list[str], sentence: str) -> None:
    with pytest.raises(BadMapping) as bad:
        Plan(mapping, header, "oldcrm", users=USERS, now=NOW)
    assert bad.value.sentence == sentence


@given(st.data())
def test_whatever_stands_in_a_row_it_is_a_lead_or_refused_with_a_sentence(data: st.DataObject) -> None:
    columns = {f"{n} {role}": role for n, role in enumerate(ROLES)}
    odd = st.one_of(
        st.sampled_from(["", "NULL", "Yes", "2024-03-01", "New", "d@example.com", "(510) 555-0100", "x" * 6000]),
        st.text(st.characters(), max_size=30),
    )
    filled = data.draw(st.dictionaries(st.integers(0, len(columns) - 1), odd, max_size=4))
    cells = [filled.get(n, "") for n in range(len(columns))]
    made = plan(columns, statuses={"New": "NEW"}, dates={"formats": ["iso"], "zone": "Europe/Amsterdam"})
    try:
        one = made.read(Row(7, cells))
    except Unfit as unfit:
        assert unfit.line == 7 and unfit.sentence
    else:
        assert one.key and one.contact["name"] and one.row.status == "NEW"


# --- whole files --------------------------------------------------------------------------------------------


def file(path: Path) -> tuple[list[str], Iterator[Row]]:
    with path.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    return header, (Row(n, cells) for n, cells in enumerate(rows, 2))


def legacy(path: Path) -> tuple[Callable[[Cells], Incoming], Sequence[Row], Mapping, list[str]]:
    mapping = read_mapping(json.loads((SAMPLES / "legacy_mapping.json").read_text()))
    header, rows = file(path)
    return Plan(mapping, header, "legacy", users={}, now=NOW).read, list(rows), mapping, header


def test_the_sample_export_comes_in_with_its_mapping() -> None:
    read, rows, mapping, header = legacy(SAMPLES / "legacy_export.csv")
    leads = [read(row) for row in rows]
    assert len(leads) == 16
    assert {lead.row.status for lead in leads} == set(mapping.statuses.values())
    assert [lead.key for lead in leads if lead.guessed] == ["OLD-1006"]
    assert all(lead.row.created_at <= lead.row.modified_at <= NOW for lead in leads)  # type: ignore[operator]
    assert count(rows, header, mapping).statuses.keys() == mapping.statuses.keys()


def test_every_lead_of_the_legacy_export_stands_where_the_oracle_says(test_data: Path) -> None:
    read, rows, _, _ = legacy(test_data / "legacy" / "bpic12_dev_legacy_export.csv")
    at = "2012-01-01T00:00:00+01:00"
    with gzip.open(test_data / "history" / "bpic12_dev_asof.csv.gz", "rt", newline="") as text:
        oracle = {row["lead_key"]: (row[f"state@{at}"], row[f"owner@{at}"]) for row in csv.DictReader(text)}
    leads = [read(row) for row in rows]
    assert len(leads) == 7455
    assert {lead.key: (lead.row.status, lead.row.agent) for lead in leads} == {
        lead.key: oracle[lead.key] for lead in leads
    }


# --- the survey ---------------------------------------------------------------------------------------------


def test_a_survey_counts_the_words_that_somebody_has_to_explain() -> None:
    mapping = Mapping(columns={"S": "status", "O": "owner", "C": "created", "M": "modified"})
    rows = [
        Row(2, ["Won", "Ana", "03/04/2024", ""]),
        Row(3, [" Won ", "ana", "03/05/2024", "2024-01-02"]),
        Row(4, ["NULL", "", "13/04/2024", ""]),
        Row(5, ["Won"], "This row has 1 cell, the header 4."),
    ]
    made = count(rows, ["S", "O", "C", "M"], mapping)
    assert (made.rows, made.problems) == (4, 1)
    assert made.statuses == {"Won": 2, "": 1}
    assert made.owners == {"Ana": 1, "ana": 1, "": 1}
    assert made.dates == {"C": ["03/04/2024", "03/05/2024", "13/04/2024"], "M": ["2024-01-02"]}
    assert read_survey(json.loads(json.dumps(made.as_json()))) == made


def test_a_survey_keeps_the_one_date_that_tells_day_from_month() -> None:
    cells = [f"{day:02}/{month:02}/2024" for month in range(1, 13) for day in range(1, 13)]
    rows = [Row(n, [cell]) for n, cell in enumerate([*cells, "25/12/2024"])]
    assert "25/12/2024" in count(rows, ["C"], Mapping(columns={"C": "created"})).dates["C"]


def test_a_survey_of_the_wrong_column_stays_small_and_says_so() -> None:
    rows = [Row(n, [f"Note {n}" * 100]) for n in range(MOST["status"] + 10)]
    made = count(rows, ["S"], Mapping(columns={"S": "status"}))
    assert len(made.statuses) == MOST["status"]
    assert made.too_many == ["status"]
    assert made.rows == MOST["status"] + 10
    assert all(len(word) <= 200 for word in made.statuses)


def test_a_cell_with_line_breaks_is_one_line_where_one_is_wanted() -> None:
    assert cells.text(" 12 Elm St\r\n Unit\u00a04 ") == "12 Elm St Unit 4"
    assert cells.paragraphs("\r\nNone\r\n") == ""


@pytest.mark.parametrize(
    ("roles", "cells", "named"),
    [
        (["first_name", "last_name"], ["Jo", "Y" * 300], "B"),
        (["company", "note"], ["X" * 300, ""], "A"),
        (["street", "city"], ["Main St 1", "Z" * 300], "B"),
    ],
)
def test_a_fact_in_parts_that_is_too_long_names_the_column_to_look_at(
    roles: list[str], cells: list[str], named: str
) -> None:
    mapping = Mapping(columns=dict(zip("AB", roles, strict=True)), no_status="NEW")
    plan = Plan(mapping, ["A", "B"], "old", users={}, now=datetime(2026, 1, 1, tzinfo=UTC))
    with pytest.raises(Unfit, match=f"^{named}: This is too long"):
        plan.read(Record(2, cells))
