"""What a file probably means: columns of the vendors, words for stages, owners, ways to write dates."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from leads.imports.dates import FORMATS, moment_reader
from leads.imports.guess import DateGuess, guess_columns, guess_date_formats, guess_dates, guess_owners, guess_statuses
from leads.imports.guess.labels import LABELS
from leads.imports.guess.stages import WORDS
from leads.imports.guess.words import spelled
from leads.imports.mapping import ROLES, check_columns, read_mapping
from leads.imports.reading import probe, records
from leads.imports.row import Plan
from leads.imports.survey import survey
from lifecycle.states import State


class Row(NamedTuple):
    line: int
    cells: list[str]
    problem: str = ""


def columns(header: Sequence[str], *rows: Sequence[str]) -> dict[str, str]:
    return guess_columns(header, [Row(n, list(cells)) for n, cells in enumerate(rows, 2)])


#: For each vendor every column that means something, role by role; the others mean nothing to us.
VENDORS: dict[str, dict[str, str]] = {
    "zoho_leads": {
        "key": "LEADID", "last_name": "Last Name", "company": "Company", "owner": "Lead Owner", "email": "Email",
        "phone": "Mobile", "lead_source": "Lead Source", "status": "Lead Status", "created": "Created Time",
    },
    "zoho_deals": {
        "key": "LEADID", "name": "Potential Name", "owner": "Potential Owner", "created": "Created Time",
        "status": "Stage", "lead_source": "Lead Source",
    },
    "maven_pipeline": {
        "key": "opportunity_id", "owner": "sales_agent", "headline": "product", "company": "account",
        "status": "deal_stage", "reached:CONTACTING": "engage_date",
    },
    "dubai_developer": {
        "key": "Lead_ID", "created": "Lead_Date", "lead_source": "Marketing_Channel", "owner": "Agent_ID",
        "status": "Lead_Status", "reached:QUALIFIED": "Qualification_Date", "reached:COMMITTED": "Booking_Date",
        "note": "Lost_Reason",
    },
    "x_education": {
        "key": "Prospect ID", "lead_source": "Lead Source", "flag:do_not_email": "Do Not Email",
        "flag:do_not_call": "Do Not Call", "city": "City",
    },
    "olist_mql": {"key": "mql_id", "created": "first_contact_date", "lead_source": "origin"},
    "olist_deals": {"key": "mql_id", "reached:CLOSED": "won_date"},
    "pipedrive_deals": {
        "key": "Deal - ID", "headline": "Deal - Title", "owner": "Deal - Owner", "company": "Deal - Organization",
        "name": "Deal - Contact person", "status": "Deal - Status", "note": "Deal - Stage|Deal - Lost reason",
        "created": "Deal - Deal created", "modified": "Deal - Update time", "entered": "Deal - Last stage change",
        "reached:CLOSED": "Deal - Won time", "reached:ARCHIVED": "Deal - Lost time",
        "phone": "Person - Phone - Work|Person - Phone - Mobile", "email": "Person - Email - Work",
    },
    "hubspot_contacts": {
        "key": "Record ID", "first_name": "First Name", "last_name": "Last Name", "email": "Email",
        "phone": "Phone Number", "status": "Lead Status", "created": "Create Date", "company": "Associated Company",
        "country": "Country/Region", "owner": "Contact owner",
    },
    "salesforce_lead": {
        "key": "Id", "name": "Name", "first_name": "FirstName", "last_name": "LastName", "company": "Company",
        "street": "Street", "city": "City", "region": "State", "postcode": "PostalCode", "country": "Country",
        "phone": "Phone|MobilePhone", "email": "Email", "note": "Description", "lead_source": "LeadSource",
        "status": "Status", "owner": "OwnerId", "flag:unsubscribed": "HasOptedOutOfEmail", "created": "CreatedDate",
        "modified": "LastModifiedDate", "reached:QUALIFIED": "ConvertedDate",
    },
    "kvcore_boldtrail_import": {
        "first_name": "First Name", "last_name": "Last Name", "email": "Email|second email",
        "phone": "Cell Phone 1|Cell Phone 2|Home Phone", "street": "Primary Address", "city": "Primary City",
        "region": "Primary State", "postcode": "Primary Zip", "note": "Agent Notes", "lead_source": "Source",
    },
    "kvcore_api_style": {
        "key": "lead_id", "first_name": "first_name", "last_name": "last_name", "email": "email",
        "phone": "phone_cell|phone_home", "lead_source": "source_name", "status": "status",
    },
    "lofty_import": {
        "first_name": "First Name", "last_name": "Last Name", "email": "Email", "phone": "Phone",
        "flag:do_not_call": "Phone DNC Status", "street": "Mailing Street Address", "city": "Mailing City",
        "region": "Mailing State", "postcode": "Mailing Zip Code", "note": "Insight", "lead_source": "Source",
    },
    "cinc_import": {
        "first_name": "First Name", "last_name": "Last Name", "email": "Email",
        "phone": "Cell Phone|Home Phone|Work Phone", "street": "Street Address", "city": "City", "region": "State",
        "postcode": "Zip/Postal Code",
    },
    "kw_command": {
        "first_name": "First Name", "middle_name": "Middle Name", "last_name": "Last Name", "note": "About|Notes",
        "phone": "Cell Phone|Home Phone|Work Phone|Other Phone", "email": "Personal Email|Work Email|Other Email",
        "street": "Address line one|Address line two", "city": "City", "region": "State", "postcode": "Zip code",
        "country": "Country", "lead_source": "Source",
    },
    "moxiworks": {
        "first_name": "First Name", "middle_name": "Middle Name", "last_name": "Last Name", "company": "Company",
        "street": "Home Street", "city": "Home City", "region": "Home State", "postcode": "Home Postal Code",
        "country": "Home Country/Region", "phone": "Home Phone|Mobile Phone|Mobile Phone 2",
        "email": "E-mail Address|E-mail 2 Address", "note": "Notes",
    },
    "rechat_outlook_style": {
        "first_name": "First Name", "last_name": "Last Name", "street": "Home Street", "city": "Home City",
        "region": "Home State", "postcode": "Home Postal Code", "phone": "Home Phone|Home Phone 1|Home Phone 2",
        "email": "E-mail Address|E-mail 1|E-mail 2", "note": "Notes|Notes 1|Notes 2",
    },
    "propertybase_go": {
        "name": "Name", "email": "Email", "phone": "Primary Phone|Mobile Phone", "street": "Address", "city": "City",
        "region": "State", "postcode": "Zip", "note": "Notes",
    },
    "realscout": {
        "first_name": "first_name", "last_name": "last_name", "email": "email|secondary_email",
        "street": "street_address", "region": "state_abbrev", "postcode": "postal_code", "city": "city",
        "note": "note", "lead_source": "source",
    },
    "boomtown": {
        "key": "ID", "first_name": "First Name", "last_name": "Last Name", "email": "Email", "phone": "Phone",
        "lead_source": "Lead Source", "status": "Status",
    },
    "follow_up_boss_api_style": {
        "key": "id", "first_name": "firstName", "last_name": "lastName", "email": "email", "phone": "phone",
        "status": "stage", "lead_source": "source", "note": "notes",
    },
    "follow_up_boss_export": {
        "key": "ID", "created": "Date Added", "first_name": "First Name", "last_name": "Last Name",
        "status": "Stage", "lead_source": "Lead Source", "owner": "Assigned To", "email": "Email 1",
        "phone": "Phone 1", "street": "Address 1 - Street", "note": "Notes",
    },
    "buying_buddy": {
        "email": "email", "name": "name", "first_name": "fname", "last_name": "lname", "phone": "phone",
        "headline": "request_subject", "note": "request_details|notes", "status": "buyer_status",
    },
    "dealmachine": {
        "key": "lead_id", "street": "property_address_line_1|property_address_line_2",
        "city": "property_address_city", "region": "property_address_state", "postcode": "property_address_zipcode",
    },
}  # fmt: skip


@pytest.fixture
def vendors(test_data: Path) -> dict[str, Any]:
    """The header rows of the vendors as somebody collected them."""
    found: dict[str, Any] = json.loads((test_data / "headers" / "vendor_headers.json").read_text())
    return found


def labelled(header: Sequence[str]) -> list[str]:
    """The labels as the reading makes them: an empty one by its place, a repeated one with its number."""
    labels: list[str] = []
    for n, name in enumerate(header, 1):
        label = name or f"Column {n}"
        times = sum(one == label or one.startswith(f"{label} (") for one in labels)
        labels.append(f"{label} ({times + 1})" if times else label)
    return labels


# --- columns ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_column_of_a_vendor_means_what_it_should_and_nothing_else(vendor: str, vendors: dict[str, Any]) -> None:
    expected = {label: role for role, labels in VENDORS[vendor].items() for label in labels.split("|")}
    guessed = columns(labelled(vendors[vendor]["columns"]))
    assert guessed == expected
    assert read_mapping({"columns": guessed}).columns == expected, "a mapping that can be kept"


def test_every_vendor_with_a_header_is_looked_at(vendors: dict[str, Any]) -> None:
    seen = {name for name, one in vendors.items() if isinstance(one, dict) and one.get("columns")}
    assert seen - VENDORS.keys() == {"hubspot_stage_history", "salesforce_history"}, "histories are not leads"


def test_labels_of_salesforce_for_its_importer(vendors: dict[str, Any]) -> None:
    guessed = columns(vendors["salesforce_lead"]["import_labels"])
    assert guessed["Email Opt Out"] == "flag:unsubscribed"
    assert guessed["Record Owner"] == "owner"


def test_no_label_is_known_for_two_meanings_and_all_are_spelled_as_they_are_looked_up() -> None:
    labels = [label for those in LABELS.values() for label in those]
    assert len(labels) == len(set(labels))
    assert all(spelled(label) == label for label in labels)
    assert LABELS.keys() <= set(ROLES)


def test_a_meaning_that_one_column_has_goes_to_the_best_label() -> None:
    header = ["Status", "Id", "Lead Status", "Lead ID", "Owner", "Deal Stage"]
    guessed = columns(header)
    check_columns(guessed)
    assert guessed == {
        "Status": "note", "Lead Status": "status", "Lead ID": "key", "Owner": "owner", "Deal Stage": "note",
    }  # fmt: skip
    assert list(guessed) == [label for label in header if label in guessed], "in the order of the file"


def test_a_whole_address_is_one_until_the_city_stands_beside_it() -> None:
    assert columns(["Address"]) == {"Address": "address"}
    assert columns(["Address", "City"]) == {"Address": "street", "City": "city"}


def test_cells_speak_against_a_label() -> None:
    header = ["Lead ID", "Email", "Phone", "Created", "Zip", "DNC"]
    said = ["7", "yes", "evenings", "by Otto", "on file", "see note"]
    assert columns(header, said, said, said) == {}
    fine = ["7", "d@example.com", "510 555 0100", "3/4/2024", "94577", "No"]
    assert columns(header, fine, ["8", *fine[1:]]).keys() == set(header)


def test_an_email_and_a_phone_are_known_without_a_telling_label() -> None:
    rows = [
        [f"dana{n}@example.com", f"3/1{n}/2024", f"2024-03-12 0{n}", f"51055501{n}0", f"(510) 555-010{n}"]
        for n in range(1, 6)
    ]
    header = ["Reach", "Day", "Hour", "Number", "Line"]
    assert columns(header, *rows) == {"Reach": "email", "Line": "phone"}
    assert columns(["Email", *header[1:]], *rows) == {"Email": "email", "Line": "phone"}
    assert columns(["Spouse Email", *header[1:]], *rows) == {"Line": "phone"}


def test_a_closing_date_counts_only_when_deals_that_are_over_have_one() -> None:
    header = ["Stage", "Close Date"]
    assert columns(header, ["Won", "2024-03-01"], ["Lost", "2024-03-02"], ["Contacted", ""])["Close Date"] == "entered"
    assert "Close Date" not in columns(header, ["Won", "2024-03-01"], ["Contacted", "2026-03-02"])
    assert "Close Date" not in columns(header, ["Won", "2024-03-01"], ["Lost", "2024-03-02"])
    assert "Close Date" not in columns(header, ["Won", "2024-03-01"], ["Lost", ""], ["Contacted", ""])
    assert "Close Date" not in columns(header, ["Won", "2024-03-01"], ["Somehow", ""], ["Odd", "2024-03-02"])


def test_a_row_that_could_not_be_read_says_nothing() -> None:
    broken = Row(2, ["x"], "This row has 1 cell, the header 2.")
    assert guess_columns(["Email", "Notes"], [broken]) == {"Email": "email", "Notes": "note"}


# --- stages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("New", "NEW"),
        ("Open - Not Contacted", "NEW"),
        ("Attempted to Contact", "CONTACTING"),
        ("Working - Contacted", "CONTACTING"),
        ("Pre Qualified", "QUALIFIED"),
        ("Pre-Qualified", "QUALIFIED"),
        ("Nurture", "QUALIFIED"),
        ("contractsent", "QUALIFIED"),
        ("Closed - Converted", "QUALIFIED"),
        ("Agreement Signed", "COMMITTED"),
        ("Booking", "COMMITTED"),
        ("UNDER CONTRACT", "IN_CONTRACT"),
        ("Pending", "IN_CONTRACT"),
        ("Closed", "CLOSED"),
        ("closedwon", "CLOSED"),
        ("Closed Lost", "ARCHIVED"),
        ("Closed - Not Converted", "ARCHIVED"),
        ("Lost Lead", "ARCHIVED"),
        ("Junk Lead", "TRASHED"),
        ("3. Qualified", "QUALIFIED"),
        ("2) Contacted (buyer)", "CONTACTING"),
        ("Perdido", "ARCHIVED"),
        ("Open", ""),
        ("Prospect", ""),
        ("deleted", ""),
        ("Not qualified at all", ""),
        ("", ""),
    ],
)
def test_a_word_for_a_stage_is_understood_or_left_to_a_person(word: str, state: str) -> None:
    assert guess_statuses([word]) == {word: state}


def test_our_own_states_are_understood() -> None:
    ours = {state.value: state.value for state in State}
    assert guess_statuses(ours) == ours
    assert guess_statuses(state.label for state in State) == {state.label: state.value for state in State}


def test_no_word_means_two_stages() -> None:
    words = [word for those in WORDS.values() for word in those]
    assert len(words) == len(set(words))
    assert all(spelled(word) == word for word in words)


def test_of_the_vendors_words_only_these_are_left_to_a_person(vendors: dict[str, Any]) -> None:
    words = {word for one in vendors.values() if isinstance(one, dict) for word in one.get("status_values", ())}
    assert {word for word, state in guess_statuses(words).items() if not state} == {"Prospect", "open", "deleted"}


# --- owners -------------------------------------------------------------------------------------------------


def test_an_owner_is_found_by_name_turned_name_user_name_or_address() -> None:
    users = {"ana": "Ana Álvarez", "ben": "Ben Brooks", "b.brooks": "Bea Brooks"}
    words = ["ana alvarez", "Brooks, Ben", "BEN", "b.brooks@office.example", "Otto Oduya", "", "Unassigned"]
    assert guess_owners(words, users) == {
        "ana alvarez": "ana",
        "Brooks, Ben": "ben",
        "BEN": "ben",
        "b.brooks@office.example": "b.brooks",
        "Unassigned": "pool",
    }


def test_a_name_that_two_people_bear_is_left_to_a_person() -> None:
    assert guess_owners(["ben brooks"], {"ben": "Ben Brooks", "ben2": "BEN BROOKS"}) == {}


# --- dates --------------------------------------------------------------------------------------------------


def test_a_day_above_twelve_anywhere_in_the_file_decides() -> None:
    samples = {"Created": ["03/04/2024 10:00"], "Modified": ["25/12/2024 10:00"]}
    assert guess_date_formats(samples) == DateGuess(("dd/mm/yyyy hh:mm",))
    assert guess_date_formats({"Created": ["03/04/2024", "12/25/2024"]}, month_first=False) == DateGuess(
        ("mm/dd/yyyy",)
    )


def test_where_nothing_decides_both_orders_are_named() -> None:
    samples = {"Created": ["03/04/2024", "01/02/2023"]}
    assert guess_date_formats(samples) == DateGuess(("mm/dd/yyyy",), ("dd/mm/yyyy",))
    assert guess_date_formats(samples, month_first=False) == DateGuess(("dd/mm/yyyy",), ("mm/dd/yyyy",))
    assert guess_date_formats(samples).ambiguous
    assert guess_dates(samples) == ("mm/dd/yyyy",)


@pytest.mark.parametrize(
    ("samples", "formats"),
    [
        (["15 Apr, 2021 00:03:00"], ("dd mon, yyyy hh:mm:ss",)),
        (["2024-03-12 09:14", "3/15/2024 2:30 PM"], ("iso", "mm/dd/yyyy h:mm am")),
        (["2024-03-12T09:14:00.000+0000", "2024-03-12"], ("iso",)),
        (["15.03.2024"], ("dd.mm.yyyy",)),
        (["1710234840999"], ("unix milliseconds",)),
        (["45363.5", "45363"], ("excel number",)),
        (["", "NULL", "-", "0000-00-00 00:00:00"], ()),
    ],
)
def test_the_ways_are_found_that_read_every_example(samples: list[str], formats: tuple[str, ...]) -> None:
    assert guess_date_formats({"Created": samples}) == DateGuess(formats)


def test_what_no_way_reads_is_named() -> None:
    assert guess_date_formats({"C": ["soon", "2024-03-12"]}) == DateGuess(("iso",), unread=("soon",))


def test_a_guess_for_whatever_our_ways_write_is_a_way_that_reads_it() -> None:
    """Whichever of two ways that read the same is named, the cells of the file are read to the same instant."""
    now = datetime(2026, 11, 26, tzinfo=UTC)
    for text in ("2024-03-25 09:14:01", "2024/03/25 9:14 PM", "25-03-2024 09:14", "3/25/24", "25/3/24", "25 Mar 2024"):
        guess = guess_date_formats({"C": [text]})
        assert set(guess.formats) <= set(FORMATS) and not guess.unread and not guess.other
        moment, _ = moment_reader(guess.formats, UTC, now=now)(text)
        assert moment is not None and (moment.year, moment.month, moment.day) == (2024, 3, 25), text


# --- whole files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "rows", "no_date"),
    [
        ("bpic12_dev_legacy_export.csv", 7455, 0),
        ("zoho_Leads.csv", 3900, 0),
        ("zoho_Potentials.csv", 3632, 0),
        ("maven_sales_pipeline.csv", 8800, 500),
    ],
)
def test_an_export_of_a_vendor_comes_in_by_guesses_alone(test_data: Path, name: str, rows: int, no_date: int) -> None:
    """All that a person adds is the zone, and a word for what only a person can tell."""
    path = test_data / "legacy" / name
    seen = probe(path)
    guessed = guess_columns(seen.header, seen.records)
    found = survey(path, seen.shape, seen.header, read_mapping({"columns": guessed}))
    formats = guess_date_formats(found.dates)
    assert (found.rows, found.problems, formats.other, formats.unread) == (rows, 0, (), ())
    statuses = {word: state or "NEW" for word, state in guess_statuses(found.statuses).items()}
    made = read_mapping(
        {"columns": guessed, "statuses": statuses, "dates": {"formats": [*formats.formats], "zone": "Europe/Amsterdam"}}
    )
    plan = Plan(made, seen.header, "vendor", users={}, now=datetime(2026, 11, 26, tzinfo=UTC))
    leads = [plan.read(record) for record in records(path, seen.shape)]
    dateless = [one for one in leads if not (one.row.created_at or one.row.reached or one.row.entered_at)]
    assert (len(leads), len(dateless)) == (rows, no_date)
    assert all(one.contact["name"] for one in leads)


def test_the_days_on_which_stages_were_reached_are_told_by_their_labels() -> None:
    header = [
        "Name",
        "Stage",
        "Date Contacted",
        "Date Committed",
        "Date Under Contract",
        "Date Archived",
        "Date Closed",
    ]
    rows = [
        ["Dana", "Closed", "2026-01-03", "2026-03-03", "2026-04-03", "", "2026-05-03"],
        ["Lee", "Qualified", "2026-01-04", "", "", "", ""],
    ]
    assert guess_columns(header, [Row(n, row) for n, row in enumerate(rows, 2)]) == {
        "Name": "name",
        "Stage": "status",
        "Date Contacted": "reached:CONTACTING",
        "Date Committed": "reached:COMMITTED",
        "Date Under Contract": "reached:IN_CONTRACT",
        "Date Archived": "reached:ARCHIVED",
        "Date Closed": "entered",
    }


def test_a_slip_of_the_pen_takes_no_column_its_date() -> None:
    cells = ["2026-01-03", "2026-13-45", "2026-02-03", "soon"]
    guess = guess_columns(["Name", "Created"], [Row(n, ["Dana", cell]) for n, cell in enumerate(cells, 2)])
    assert guess["Created"] == "created"
    guess = guess_columns(["Name", "Created"], [Row(n, ["Dana", cell]) for n, cell in enumerate(["yes", "no"], 2)])
    assert "Created" not in guess
