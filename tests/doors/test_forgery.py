"""A form that no page of ours made: refused at every address, whoever's session it comes with."""

import re
from typing import Any

import pytest

from tests.doors.addresses import addresses
from tests.doors.door import Door, body, everything, taken_back
from tests.doors.office import Office
from tests.doors.requests import HELD, form_of, path_of
from tests.doors.table import Row, read

pytestmark = pytest.mark.django_db

ROWS = {row.address: row for row in read()} | {row.address: row for row in read() if row.part == HELD}
FORMS: dict[str, list[Row]] = {}
for _row in read():
    if _row.method == "POST":
        FORMS.setdefault(_row.address, []).append(_row)


def refused(answer: Any) -> bool:
    """By the page of the house that says what to do."""
    return answer.status_code == 403 and b"This form is too old" in body(answer)


@pytest.mark.parametrize("who", ["nobody", "Ana", "Bruna", "Sue"])
def test_a_form_without_its_token_is_refused_everywhere(office: Office, who: str) -> None:
    door, before, wrong = Door(office.sessions[who], csrf=True), everything(), []
    for address in addresses():
        for row in FORMS[address]:
            answer = door.ask("POST", path_of(office, row), form_of(office, row, who))
            # Whom it is not for is told so before the file, and with it the token, is read.
            unread = address == "import/" and answer.status_code == {"nobody": 302, "Ana": 403}.get(who)
            if not (refused(answer) or unread):
                wrong.append(f"{row}: {answer.status_code}")
    assert wrong == [] and everything() == before


@pytest.mark.parametrize("where", ["field", "header"])
def test_a_token_of_somebody_else_is_no_token(office: Office, where: str) -> None:
    door = Door(office.sessions["Bruna"], csrf=True)
    other = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', body(door.ask("GET", "/me/")).decode())[0]
    headers = {"X_CSRFToken": other} if where == "header" else {}
    before = everything()
    answer = door.ask("POST", "/me/density/", {"density": "compact", "csrfmiddlewaretoken": other}, **headers)
    # The cookie that belongs to it stays with whoever asked for the page.
    assert refused(answer) and everything() == before


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://testserver.evil.example", "null", "http://testserver:81"]
)
def test_a_form_of_another_site_is_refused_even_with_a_token(office: Office, origin: str) -> None:
    door = Door(office.sessions["Bruna"], csrf=True)
    page: Any = door.ask("GET", "/me/")
    token = re.findall(r'csrfmiddlewaretoken" value="(\w+)"', body(page).decode())[0]
    door.cookies["hindsight_csrf"] = page.cookies["hindsight_csrf"].value
    form = {"density": "compact", "csrfmiddlewaretoken": token}
    with taken_back():
        assert refused(door.ask("POST", "/me/density/", form, Origin=origin))
        assert door.ask("POST", "/me/density/", form, Origin="http://testserver").status_code == 302
