"""Who may open what: every line of docs/permissions.md, asked for by everybody, with and without htmx."""

import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from tests.doors.addresses import addresses
from tests.doors.door import Door, everything, taken_back, writing
from tests.doors.judging import fits, knock, may_be_kept, word_for
from tests.doors.office import Office
from tests.doors.requests import path_of
from tests.doors.table import PEOPLE, Row, read, wants_proof

pytestmark = pytest.mark.django_db

ROWS = read()
OTHER_METHODS = ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
LONG = bool(os.environ.get("HINDSIGHT_LONG"))
#: Without HINDSIGHT_LONG=1 everybody asks for the page; by htmx and for its head alone one of each role does.
SOME = PEOPLE if LONG else ("nobody", "Ana", "Ben", "Bruna")
PARTS = list(dict.fromkeys(row.part for row in ROWS))
if settings.TEST_ENGINE == "postgresql" and not LONG:
    # Who may does not hang on the database; that the pages ask it the right way is seen by these.
    PARTS = ["A lead that Ana holds", "Many leads at once", "Reports", "People"]


@pytest.fixture(scope="module", autouse=True)
def as_it_was(office: Office) -> Iterator[None]:
    """After all these requests every row of every table is what it was."""
    before = everything()
    yield
    assert everything() == before


def of(part: str) -> list[Row]:
    return [row for row in ROWS if row.part == part]


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    known, told = addresses(), {row.address for row in ROWS}
    assert [a for a in known if a not in told] == [], "Say in docs/permissions.md who may open these."
    assert [str(row) for row in ROWS if row.address not in known] == [], "No such address any more."


def test_no_line_is_there_twice_and_every_cell_is_filled_in() -> None:
    twice = Counter((row.part, row.address, row.asked) for row in ROWS)
    assert [key for key, n in twice.items() if n > 1] == []
    assert [str(row) for row in ROWS if not all(row.answers.values())] == []


def test_every_address_is_asked_by_get_and_by_post() -> None:
    asked = {(row.address, row.method) for row in ROWS}
    assert [a for a in addresses() if not {(a, "GET"), (a, "POST")} <= asked] == []


@pytest.mark.parametrize("part", PARTS)
def test_everybody_is_answered_as_the_table_says(office: Office, part: str) -> None:
    wrong = []
    for row in of(part):
        for who in PEOPLE:
            for htmx in (False, True) if who in SOME else (False,):
                answer = knock(office, row, who, htmx=htmx)
                if not fits(row.answers[who], answer):
                    how = " with htmx" if htmx else ""
                    wrong.append(f"{row} as {who}{how}: {word_for(answer)} ({answer}), not {row.answers[who]}")
                elif may_be_kept(row, answer):
                    wrong.append(f"{row} as {who} may be kept by others: {answer.kept_by!r}")
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("part", PARTS)
def test_the_head_of_a_page_is_answered_as_the_page_and_says_nothing(office: Office, part: str) -> None:
    wrong = []
    otherwise = {row.address for row in of(part) if row.asked == "HEAD"}
    for row in of(part):
        for who in SOME if row.method == "GET" and row.address not in otherwise else ():
            answer = knock(office, row, who, method="HEAD")
            said = row.answers[who]
            # A HEAD to what only takes forms is refused as its GET is.
            if not fits(said, answer) or answer.size:
                wrong.append(f"{row} HEAD as {who}: {word_for(answer)}, {answer.size} bytes, not {said}")
    assert wrong == [], "\n".join(wrong)


def test_what_matters_is_given_and_done_only_after_a_fresh_proof(office: Office) -> None:
    """Asked by somebody who may and who logged in long ago; all else is answered them as the table says."""
    asked, wrong = set(), []
    for row in ROWS:
        who = "Ada" if row.address.startswith("admin/") else "Ben" if row.address.startswith("accounts/") else "Bruna"
        answer = knock(office, row, who, proven=False)
        if word_for(answer) in ("to account_reauthenticate", "to mfa_reauthenticate"):
            asked.add((row.address, row.asked))
        elif not fits(row.answers[who], answer):
            wrong.append(f"{row} as {who}: {word_for(answer)} ({answer}), not {row.answers[who]}")
        if answer.wrote and (row.address, row.asked) in wants_proof():
            wrong.append(f"{row} as {who} wrote to {answer.wrote}")
    assert wrong == [], "\n".join(wrong)
    assert sorted(asked) == sorted(wants_proof())


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_every_other_method_is_refused_to_everybody(office: Office, method: str) -> None:
    wrong = []
    for row in {row.address: row for row in ROWS}.values():
        for who in PEOPLE:
            answer = knock(office, row, who, htmx=who == "Ana", method=method)
            if answer.status != 405 or answer.wrote:
                wrong.append(f"{row} {method} as {who}: {word_for(answer)}")
    assert wrong == [], "\n".join(wrong)


def test_a_page_that_claims_another_method_is_asked_by_its_own(office: Office) -> None:
    """Neither a header nor a field turns a GET into a change or a POST into a look."""
    row = next(r for r in ROWS if r.address == "leads/<int:pk>/note/" and r.asked == "GET")
    door = Door(office.sessions["Ana"])
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        override: dict[str, Any] = {name: "POST"}
        with taken_back(), writing() as wrote:
            answer = door.ask("GET", path_of(office, row) + "?_method=POST&note=x", **override)
        assert answer.status_code == 302 and wrote == [], name
    with taken_back():
        answer = door.ask("POST", "/changes/", {"_method": "GET"}, X_HTTP_Method_Override="GET")
    assert answer.status_code == 405
