"""Addresses that were tampered with: ids that cannot be, ways out of the house, other hosts, a parameter twice."""

import os
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest

from tests.doors.addresses import addresses
from tests.doors.door import Door, body, everything, taken_back
from tests.doors.office import Office

pytestmark = pytest.mark.django_db

#: Bruna besides with HINDSIGHT_LONG=1; what she is shown Ada is shown as well.
WHO = ("Ana", "Bruna", "Ada") if os.environ.get("HINDSIGHT_LONG") else ("Ana", "Ada")
NUMBERS = ("0", "00", "-1", str(2**31), str(2**63 - 1), str(2**63), str(2**64), "9" * 400, "1e3", "0x10", "1.0", "٣")
KEYS = ("0" * 32, "00000000-0000-0000-0000-000000000000", "g" * 32, "../../etc/passwd", "%00", "%F0%9F", "x" * 5000)
OUT = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "https:evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "//testserver//evil.example/",
    " https://evil.example",
    "\thttps://evil.example",
    "/%0d%0aLocation:https://evil.example",
)


def out_of_the_house(to: str) -> bool:
    """Whether a browser would leave for another site from this address."""
    said = to.strip().replace("\\", "/")
    return bool(said) and urlsplit(urljoin("http://testserver/", said)).netloc != "testserver"


def ask(office: Office, who: str, method: str, path: str, data: Any = None, **headers: Any) -> Any:
    with taken_back():
        answer = Door(office.sessions[who]).ask(method, path, data, **headers)
        body(answer)
    return answer


@pytest.mark.parametrize("who", WHO)
def test_an_id_that_cannot_be_is_an_address_that_is_not_there(office: Office, who: str) -> None:
    before, wrong = everything(), []
    for address in addresses():
        if "<int:" not in address:
            continue
        for number in NUMBERS:
            path = "/" + address.replace("<int:pk>", number).replace("<int:agent>", number)
            path = path.replace("<int:number>", number).replace("<uuid:uuid>", str(office.leaving.pk))
            path = path.replace("<uuid:event>", str(office.fact(office.held)))
            for method in ("GET", "POST"):
                answer = ask(office, who, method, path, {"note": "x", "uuid": "x"} if method == "POST" else None)
                # What is for brokers is that whatever the number; the admin goes on to an address with a slash.
                closed = who == "Ana" and (address.startswith(("people/", "integrity/")) or address.endswith("/proof/"))
                more = (302,) if address.startswith("admin/") else (403,) if closed else ()
                if answer.status_code not in (404, 405, *more):
                    wrong.append(f"{method} {path[:80]}: {answer.status_code}")
    assert wrong == [] and everything() == before


@pytest.mark.parametrize("who", WHO)
def test_a_key_that_cannot_be_is_one_too(office: Office, who: str) -> None:
    wrong = []
    for address in addresses():
        if "<uuid:" not in address and "<path:object_id>" not in address:
            continue
        for key in KEYS:
            path = "/" + address.replace("<int:pk>", str(office.held.pk)).replace("<uuid:event>", key)
            path = path.replace("<int:agent>", str(office.leaving.person_id))
            path = (
                path.replace("<uuid:uuid>", key).replace("<path:content_type_id>", key).replace("<path:object_id>", key)
            )
            for method in ("GET", "POST"):
                answer = ask(office, who, method, path)
                # The admin goes back to its list with a sentence, on to an address with a slash, or to its refusal.
                gone = (302, 301) if address.startswith("admin/") else ()
                if answer.status_code not in (400, 403, 404, 405, *gone) or out_of_the_house(
                    answer.get("Location", "")
                ):
                    wrong.append(
                        f"{method} {path[:80]} as {who}: {answer.status_code} {answer.get('Location', '')[:60]}"
                    )
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("to", OUT)
def test_no_way_leads_out_of_the_house(office: Office, to: str) -> None:
    """By `next`, by the page that htmx says it is on, by the page that a form says it comes from."""
    lead, found = office.held, []
    move = {"to": "COMMITTED", "version": lead.version, "submitted": "1", "document": "a.pdf", "next": to}
    asked = [
        ("Ana", "POST", f"/leads/{lead.pk}/move/", move, {}),
        ("Ana", "POST", f"/leads/{lead.pk}/move/", {**move, "next": ""}, {"HX_Request": "true", "HX_Current_URL": to}),
        ("nobody", "GET", "/search/", None, {"HX_Request": "true", "HX_Current_URL": to}),
        ("nobody", "POST", f"/leads/{lead.pk}/note/", {"note": "x"}, {"Referer": to}),
        ("nobody", "POST", "/language/", {"language": "es", "next": to}, {"Referer": to}),
        ("nobody", "GET", "/admin/", None, {"Referer": to}),
        ("Ana", "GET", f"/accounts/login/?next={to}", None, {}),
        ("Ana", "POST", f"/accounts/logout/?next={to}", {"next": to}, {}),
        ("Bruna", "POST", f"/import/{office.draft.pk}/mapping/", {"do": "use", "next": to}, {}),
        ("Ana", "POST", "/me/density/", {"density": "roomy", "query": to}, {}),
    ]
    for who, method, path, data, headers in asked:
        if "\t" in to and headers:
            continue
        answer = ask(office, who, method, path.replace("\t", "%09").replace("\\", "%5C"), data, **headers)
        for way in (answer.get("Location", ""), answer.get("HX-Redirect", "")):
            following = way.partition("next=")[2]
            if out_of_the_house(way) or following.startswith(("//", "%2F%2F", "/%5C", "http")) or "\n" in way:
                found.append(f"{method} {path} as {who}: {way}")
        assert answer.status_code < 500
    assert found == [], "\n".join(found)


def test_after_a_login_nobody_is_sent_out_of_the_house(office: Office) -> None:
    person = office.people["Ana"]
    with taken_back():
        person.set_password("a long enough secret")
        person.save()
        for to in OUT:
            form = {"login": "ana", "password": "a long enough secret", "next": to}
            answer: Any = Door().ask("POST", "/accounts/login/", form)
            assert answer.status_code == 302 and not out_of_the_house(answer["Location"]), to


@pytest.mark.parametrize(
    "host", ["evil.example", "testserver.evil.example", "testserver@evil.example", "", "a b", "[::1"]
)
def test_another_host_is_refused_unread(office: Office, host: str) -> None:
    door = Door(office.sessions["Ana"])
    for path in ("/", f"/leads/{office.held.pk}/at/?t=2026-11-01T10:00", "/accounts/login/"):
        answer: Any = door.ask("GET", path, Host=host)
        assert answer.status_code == 400 and b"evil" not in body(answer)


def test_a_forwarded_host_is_not_believed(office: Office) -> None:
    path = f"/leads/{office.held.pk}/at/?t=2026-11-25T10:00"
    page = body(
        Door(office.sessions["Ana"]).ask("GET", path, X_Forwarded_Host="evil.example", Forwarded="host=evil.example")
    )
    assert b"http://testserver/" in page and b"evil.example" not in page


def test_a_parameter_twice_is_no_way_to_somebody_elses_figures(office: Office) -> None:
    ana, ben = office.people["Ana"].pk, office.people["Ben"].pk
    for pair in (
        f"agent={ana}&agent={ben}",
        f"agent={ben}&agent={ana}",
        f"agent=&agent={ben}",
        f"agent%20={ben}&agent= {ben}",
    ):
        assert ask(office, "Ana", "GET", f"/reports/collapses/?{pair.replace(' ', '+')}").status_code == 404
    for pair in ("format=csv&format=", "format=&format=csv", "format=+csv"):
        assert ask(office, "Ana", "GET", f"/reports/collapses/?{pair}").status_code == 403


def test_a_form_with_two_leads_is_about_the_one_in_its_address(office: Office) -> None:
    ben, before = office.own["Ben"], everything()
    with taken_back():
        form = {"note": "x", "lead": [ben.pk], "lead_id": ben.pk, "pk": ben.pk}
        log = ben.events.count()
        answer: Any = Door(office.sessions["Ana"]).ask("POST", f"/leads/{office.held.pk}/note/?pk={ben.pk}", form)
        assert answer.status_code == 302 and ben.events.count() == log
    assert everything() == before
