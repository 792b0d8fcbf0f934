"""No file for a spreadsheet computes anything: what begins like a formula is text in it."""

import csv
import io
import json
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from leads.imports.errors_file import guard, unguard
from leads.spreadsheet import FORMULA, as_csv, as_text, as_text_or_number
from tests.input import tainted
from tests.input.payloads import Payload
from tests.input.trying import browsers, find_targets

BEGINNINGS = tuple(FORMULA.replace("\\", ""))
FORMULAS = ["=HYPERLINK(1)", "+1+1", "-1+1", "@SUM(1)", " =1+1", "＝1+1", "=cmd|' /C x'!A0"]
PAYLOADS = [Payload(n, text, "text") for n, text in enumerate(FORMULAS, start=10)]


def computes(cell: str) -> bool:
    return cell.lstrip(" \u00a0\ufeff").startswith(BEGINNINGS)


@pytest.mark.django_db
def test_no_file_of_any_page_computes_anything() -> None:
    """Whatever page offers a file, in an office where every name is a formula."""
    scene = tainted.set_up(PAYLOADS)
    hands = browsers(scene)
    files, made_text = set(), 0
    for target in find_targets(scene, hands, 170, ("bruna",), ("/admin", "/help", "/accounts")):
        is_file = target.path.endswith(".csv") or "csv" in dict(target.fields).values()
        if target.method != "GET" or not is_file:
            continue
        query = "&".join(f"{name}={value}" for name, value in target.fields)
        answer = hands["bruna"].look(target.path, query)
        if "text/csv" not in answer.headers.get("Content-Type", ""):
            continue
        files.add(target.path)
        assert "attachment" in answer.headers["Content-Disposition"]
        cells = [cell for row in csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))) for cell in row]
        assert [cell for cell in cells if computes(cell)] == [], target.path
        made_text += sum(1 for cell in cells if cell.startswith("'") and computes(cell[1:]))
    assert len(files) >= 8 and made_text > 20


@pytest.mark.django_db
def test_no_command_prints_what_a_spreadsheet_would_compute_and_json_is_exact() -> None:
    tainted.set_up(PAYLOADS)

    def printed(form: str) -> str:
        out = io.StringIO()
        call_command("custody", format=form, stdout=out)
        return out.getvalue()

    rows = list(csv.reader(io.StringIO(printed("csv"))))
    assert [cell for row in rows for cell in row if computes(cell)] == []
    people = {row[rows[0].index("agent")] for row in rows}
    assert "'+1+1" in people
    assert "+1+1" in {row["agent"] for row in json.loads(printed("json"))}


def test_the_head_of_a_file_is_text_as_well() -> None:
    assert as_csv(["=1+1", "n"], [("a", "3")]) == "'=1+1,n\r\na,3\r\n"


@pytest.mark.parametrize("number", ["-1", "+1", "-0.5", "12"])
def test_a_number_stays_a_number_for_programs(number: str) -> None:
    assert as_text_or_number(number) == number
    assert as_text_or_number(f"{number}+1").startswith("'") is (number[0] in "+-")


@given(st.text(alphabet="=+-@\t\r\n' ＝a1\u00a0", max_size=8))
def test_what_was_made_text_is_again_what_it_was(cell: str) -> None:
    assert not computes(guard(cell)) and not computes(as_text(cell))
    assert unguard(guard(cell)) == cell


def test_what_begins_no_formula_is_left_alone() -> None:
    said: Any = ["Dana", "a=b", "1-2", "", "é", "(=1)", "“=”"]
    assert [as_text(cell) for cell in said] == said == [guard(cell) for cell in said]
