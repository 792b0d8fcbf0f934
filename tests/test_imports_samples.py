"""The file for newcomers in docs/samples, and the mapping that the documentation prints, do what is said of them."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from leads.imports.guess import guess_columns, guess_dates, guess_statuses
from leads.imports.mapping import read_mapping
from leads.imports.reading import probe
from leads.models import Lead, User
from tests.factories import LeadFactory, ana

DOCS = Path(__file__).resolve().parent.parent / "docs"
FILE, MAPPING = DOCS / "samples" / "leads_to_try.csv", DOCS / "samples" / "leads_to_try.json"


def given() -> dict[str, object]:
    mapping: dict[str, object] = json.loads(MAPPING.read_text(encoding="utf-8"))
    return mapping


@pytest.mark.django_db
def test_the_file_to_try_brings_in_thirteen_skips_dana_and_refuses_the_31st_of_june() -> None:
    LeadFactory(name="Dana Ortiz", email="ortiz.dana@example.com", agent=ana())
    out, errors = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("import_leads", FILE, mapping=MAPPING, source="Old CRM", verbosity=0, stdout=out, stderr=errors)
    assert ended.value.code == 1
    assert re.search(r"^leads: 13\n(?s:.*)^duplicates skipped: 1\nrefused: 1\n", out.getvalue(), re.M)
    assert "line 17: Date Added: “06/31/2025 3:00 PM” is not a date" in errors.getvalue()
    assert Lead.objects.get(external_key="2010").unsubscribed
    assert not User.objects.get(display_name="Leo Marchetti").is_active
    call_command("verify_log", stdout=StringIO())


def test_the_wizard_guesses_all_but_one_word_of_it() -> None:
    seen, mapping = probe(FILE), read_mapping(given())
    assert guess_columns(seen.header, seen.records) == mapping.columns
    words = guess_statuses(mapping.statuses)
    assert {word for word, state in words.items() if state != mapping.statuses[word]} == {"Sphere"}
    dates = {
        label: [record.cells[seen.header.index(label)] for record in seen.records]
        for label in ("Date Added", "Last Stage Change", "Under Contract Date")
    }
    assert tuple(guess_dates(dates)) == mapping.date_formats


def test_the_documentation_prints_the_mapping_as_it_is() -> None:
    [printed] = re.findall(r"```json\n(.*?)```", (DOCS / "imports.md").read_text(encoding="utf-8"), re.S)
    assert json.loads(printed) == given()
    assert read_mapping(given()).as_json() == given()
