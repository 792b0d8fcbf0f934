"""Two ways of writing the same name or address meet; two different ones do not."""

import csv
import re
import unicodedata
from collections import defaultdict
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import example, given
from hypothesis import strategies as st

from leads.addresses import normalised_address, normalised_name, tells_a_house
from leads.models import Lead
from lifecycle import service
from lifecycle.events import Source
from tests.factories import LeadFactory, bruna


@pytest.mark.parametrize(
    "ways",
    [
        ("12 North Main Street, Apt. 4", "12 N. MAIN ST #4", "12  n main st.  unit 4", "12 N Main St Apartment # 4"),
        ("1328 West McDermott Suite 200, Allen, TX 75013", "1328 W McDermott, Ste. #200\nAllen TX 75013-0001"),
        ("P.O. Box 98, St. Joseph, MI 49085", "PO Box 98 Saint Joseph MI 49085-0098", "p o box 98, st joseph MI 49085"),
        ("254 U.S. Highway 202, Pluckemin, NJ", "254 US Hwy 202 Pluckemin NJ"),
        ("601 Sligh Blvd N E, Grand Rapids", "601 Sligh Boulevard NE Grand Rapids", "601 SLIGH BLVD N.E. GRAND RAPIDS"),
        ("1 O'Hare Pl", "1 OHare Place", "1 O’Hare pl."),
        ("5 Elm Rd, Chicago, IL 60611, USA", "5 Elm Road, Chicago IL 60611", "5 Elm Rd Chicago IL 60611 United States"),
        ("Caf\u00e9 Road 1", "CAFE\u0301 RD 1"),
        ("Straße 5", "STRASSE 5"),
    ],
)  # fmt: skip
def test_ways_to_write_one_address_are_one(ways: tuple[str, ...]) -> None:
    assert len({normalised_address(way) for way in ways}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 Main St", "14 Main St"),
        ("12 Main St #4", "12 Main St #5"),
        ("12 Main St", "12 Main St #4"),
        ("1 23rd St", "12 3rd St"),
        ("12 N Main St", "12 S Main St"),
        ("12 Main St", "12 Main Ave"),
        ("10000-1004 Main St", "10000-2004 Main St"),
        ("1.5 Mile Rd", "15 Mile Rd"),
        ("Cafe Road 1", "Café Road 1"),
        ("नीतू मार्ग 1", "नीता मार्ग 1"),
    ],
)
def test_different_addresses_stay_different(one: str, other: str) -> None:
    assert normalised_address(one) != normalised_address(other)


@pytest.mark.parametrize("nothing", ["", "  ", "-", "...", ",;", "\u200b", "US"])
def test_what_says_nothing_is_no_address(nothing: str) -> None:
    assert normalised_address(nothing) in ("", "us")


def test_a_town_is_no_house() -> None:
    towns = ("", "Chicago", "Chicago, IL", "San Leandro, CA 94577", "CA 94577-1234", "94577")
    houses = ("12 Main St", "Main St 12", "PO Box 98, Elgin, IL 60123", "Apt 4, Elgin", "12345 Main St")
    assert not any(tells_a_house(normalised_address(town)) for town in towns)
    assert all(tells_a_house(normalised_address(house)) for house in houses)


@pytest.mark.parametrize(
    "ways",
    [
        ("Dana Whitfield", "DANA  WHITFIELD", "Whitfield, Dana", "dana-whitfield", "Dana Whitfield."),
        ("Dana O'Brien", "dana obrien", "O’Brien, Dana", "Dana O Brien"),
        ("Sam Whitfield, Jr.", "Sam Whitfield Jr"),
        ("Zo\u00eb Nu\u00f1ez", "ZOE\u0308 NUN\u0303EZ"),
        ("नीतू सिंह", " नीतू  सिंह "),
    ],
)
def test_ways_to_write_one_name_are_one(ways: tuple[str, ...]) -> None:
    assert len({normalised_name(way) for way in ways}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Dana", "Dan"), ("José", "Jose"), ("नीतू", "नीता"), ("Sam Whitfield", "Sam Whitfield Jr")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert normalised_name(one) != normalised_name(other)


@example("\u0339:\u0334")
@given(st.text(max_size=400))
def test_what_is_normalised_stays_as_it_is_and_fits_its_column(text: str) -> None:
    address = normalised_address(text)
    assert len(address) <= 300 and address == address.strip()
    assert normalised_address(unicodedata.normalize("NFD", text)) == address
    assert normalised_name(normalised_name(text)) == normalised_name(text)


def test_real_addresses_that_meet_differ_in_nothing_but_their_way_of_writing(test_data: Path) -> None:
    with (test_data / "strings" / "us_addresses.csv").open(encoding="utf-8", newline="") as file:
        addresses = {row["address"] for row in csv.DictReader(file)}
    meeting = defaultdict(set)
    for address in addresses:
        meeting[normalised_address(address)].add(address)
    assert "" not in meeting
    for ways in meeting.values():
        assert len({re.sub(r"-\d{4}$|\D", "", way) for way in ways}) == 1, ways


# --- the column -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_column_follows_the_address() -> None:
    lead = LeadFactory.create(address="12 N. Main St")
    assert lead.address_normalised == "12 n main st"
    service.change_contact(lead_id=lead.pk, fields={"address": "9 Elm Road"}, actor=bruna(), source=Source.PAGE)
    assert Lead.objects.get().address_normalised == "9 elm rd"
    lead.address = ""
    lead.save()
    assert Lead.objects.get().address_normalised == ""


@pytest.mark.django_db
def test_leads_that_were_here_before_the_column_get_it_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    migration = import_module("leads.migrations.0007_addresses_found")
    monkeypatch.setattr(migration, "_AT_ONCE", 2)
    leads = [LeadFactory.create(address=address) for address in ("1 Elm Road", "", "-", "2 Elm Road", "3 Elm Road")]
    Lead.objects.update(address_normalised="")
    Lead.objects.filter(pk=leads[3].pk).update(address_normalised="done before")
    editor = connection.schema_editor(atomic=False)
    migration.fill(apps, editor)
    found = list(Lead.objects.order_by("pk").values_list("address_normalised", flat=True))
    assert found == ["1 elm rd", "", "", "done before", "3 elm rd"]
