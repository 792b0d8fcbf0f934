"""Nothing of Ben's leads on any page of Ana's: by every address, by every link, by search, file, report and other day.

HINDSIGHT_LONG=1 follows some thousand links; otherwise so many pages are read as fit into a few seconds.
"""

import os
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import transaction

from leads.pages import answers
from tests.doors.asking import bent, every_address, hostile, links
from tests.doors.door import Door, body, leaves_a_trace, session_of, writing
from tests.doors.secrets import MARK, Secrets, lay_out, leaks

pytestmark = pytest.mark.django_db

LONG = bool(os.environ.get("HINDSIGHT_LONG"))
MOST_PAGES = 4_000 if LONG else 120


@pytest.fixture(scope="module")
def secrets(django_db_setup: None, django_db_blocker: Any) -> Iterator[Secrets]:
    """Built once, and gone with the last test of the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield lay_out()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def doors(secrets: Secrets) -> dict[str, Door]:
    return {name: Door(session_of(person)) for name, person in secrets.people.items()}


def read(door: Door, address: str, *, htmx: bool = False) -> tuple[int, str]:
    """Status, and all that was sent: headers and body."""
    with writing(traced=leaves_a_trace("GET", address)) as wrote:
        answer: Any = door.ask("GET", address, htmx=htmx)
        text = body(answer).decode("utf-8", "replace")
    assert wrote == [], f"{address} wrote to {wrote}"
    assert answer.status_code < 500, f"{address} broke"
    return answer.status_code, "\n".join([text, *(f"{k}: {v}" for k, v in answer.items())])


def told(door: Door, addresses: Iterable[str], secrets: Secrets, *, htmx: bool = False) -> list[str]:
    """What leaked, by address."""
    found = []
    for address in addresses:
        _, text = read(door, address, htmx=htmx)
        if out := leaks(text, address, secrets):
            found.append(f"{address}: {sorted(out)}")
    return found


def test_no_address_tells_ana_of_a_lead_of_bens(doors: dict[str, Door], secrets: Secrets) -> None:
    found = told(doors["Ana"], every_address(secrets), secrets)
    assert found == [], "\n".join(found)


@pytest.mark.parametrize("htmx", [False, True])
def test_no_filter_search_file_report_or_other_day_does(doors: dict[str, Door], secrets: Secrets, htmx: bool) -> None:
    answers._drawn.clear()
    asked = dict.fromkeys(hostile(secrets))
    if htmx and not LONG:  # Elsewhere the page is the same.
        asked = {address: None for address in asked if address.startswith(("/?", "/board/", "/leads/"))}
    found = told(doors["Ana"], asked, secrets, htmx=htmx)
    assert found == [], "\n".join(found)


def test_no_link_of_her_pages_does_and_none_that_she_bends(doors: dict[str, Door], secrets: Secrets) -> None:
    todo = ["/", "/reports/?all=1", f"/custody/{secrets.people['Ana'].pk}/", "/changes/", f"/leads/{secrets.own.pk}/"]
    seen, found, looked = set(todo), [], 0
    while todo and looked < MOST_PAGES:
        address, looked = todo.pop(0), looked + 1
        status, text = read(doors["Ana"], address)
        if out := leaks(text, address, secrets):
            found.append(f"{address}: {sorted(out)}")
        for way in links(text, address) if status == 200 else ():
            for onward in (way, bent(way, secrets)):
                if onward not in seen:
                    seen.add(onward)
                    todo.append(onward)
    assert found == [], "\n".join(found)


def test_every_secret_is_on_some_page_of_brunas(doors: dict[str, Door], secrets: Secrets) -> None:
    """Else the tests above would look for what is nowhere."""
    pages = [f"/leads/{lead.pk}/{more}" for lead in secrets.foreign for more in ("", "packet/", "custody/")]
    pages += [
        f"/leads/{secrets.own.pk}/",
        f"/import/{secrets.imported.pk}/",
        f"/import/{secrets.imported.pk}/errors.csv",
        f"/search/?q={MARK[:5]}",
        "/reports/collapses/",
    ]
    text = " ".join(read(doors["Bruna"], page)[1].lower() for page in pages)
    kinds = ("first", "last", "mail", "host", "headline", "street", "note", "document", "flag", "performance")
    for kind in (*kinds, "collapse", "again", "file", "system", "refused"):
        assert f"{MARK}{kind}" in text, kind
    assert all(lead.phone in text for lead in secrets.foreign)


def test_the_words_of_bens_leads_are_told_from_her_own_question() -> None:
    """The looking itself: what was asked may be said again, what stands beside it may not."""
    nobody: Any = type("S", (), {"phones": ["+1 415 555 1701"], "foreign": []})
    assert leaks(f"No lead for “{MARK}first1”.", f"/search/?q={MARK}first1", nobody) == set()
    assert leaks(f"{MARK}first1 {MARK.upper()}Last1", f"/search/?q={MARK}first1", nobody) == {f"{MARK}last1"}
    assert leaks("(415) 555-1701", "/search/", nobody) == {"+1 415 555 1701"}
