"""Requests that cannot be read get a sentence and leave nothing, as they come from a web server."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

from crm.content_type import UNREADABLE, as_readable, readable_asgi
from leads.models import Lead
from tests.factories import LeadFactory, ada, ana, bruna
from tests.input.asking import Answer, Browser
from tests.input.spoiling import Bad

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


def asked(address: str, *, kind: str = "", query: bytes = b"") -> Answer:
    """What Bruna's browser is answered."""
    return Browser(bruna()).ask(Bad("bruna", "GET", address, query, b"", kind))


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain; charset=hex",
        "text/plain; charset=idna",
        "text/plain; charset=latin-1",
        f"{FORM}; charset=utf-16",
        "text/plain; charset=nothing",
        "text/plain; a*=nothing''x%20y",
        "multipart/form-data; boundary=x; charset=utf-8",
    ],
)
def test_an_encoding_that_is_not_ours_is_refused_in_words(kind: str) -> None:
    answer = asked("/search/", kind=kind, query=b"q=dana")
    assert answer.status == 400 and "cannot be read" in answer.text
    assert "Content-Security-Policy" in answer.headers


def test_a_browser_that_says_utf8_is_read_and_the_fields_of_its_address_are_counted_in_time() -> None:
    kind = f"{FORM};charset=UTF-8"
    assert asked("/search/", kind=kind, query=b"q=dana").status == 200
    answer = asked("/search/", kind=kind, query=b"&" * 4000)
    assert answer.status == 400 and "cannot read" in answer.text


@pytest.mark.parametrize("length", ["-1", "abc", "٣", "9" * 30])
def test_a_length_that_is_no_number_is_refused_in_words(length: str) -> None:
    bad = Bad("bruna", "GET", "/", b"", b"", "", {"Content-Length": length})
    assert Browser(bruna()).ask(bad).status == 400


def test_what_is_read_stays_as_it_came() -> None:
    for kind in ("", FORM, "multipart/form-data; boundary=----x", "application/json"):
        assert as_readable(kind) == kind
    assert as_readable(f"{FORM}; charset=utf8") == FORM


def test_the_other_door_reads_in_the_same_way() -> None:
    seen: list[Any] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["headers"])

    headers = [(b"content-type", b"text/plain; charset=hex"), (b"host", b"x")]
    going = readable_asgi(application)({"type": "http", "headers": headers}, None, None)
    with pytest.raises(StopIteration):
        going.send(None)  # type: ignore[attr-defined]
    assert seen == [[(b"content-type", UNREADABLE.encode()), (b"host", b"x")]]


@pytest.mark.parametrize("words", [b"caf\xe9", b"\xed\xa0\x80", b"\xff\xfe"])
def test_a_field_of_an_upload_that_is_not_utf8_is_refused_and_not_kept(words: bytes) -> None:
    lead = LeadFactory.create(agent=ana())
    client = Client()
    client.force_login(ana())
    body = b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\n' + words + b"\r\n--x--\r\n"
    answer = client.post(f"/leads/{lead.pk}/note/", body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
    assert Lead.objects.get(pk=lead.pk).version == lead.version
    good = body.replace(words, "café".encode())
    client.post(f"/leads/{lead.pk}/note/", good, content_type="multipart/form-data; boundary=x")
    assert Lead.objects.get(pk=lead.pk).version == lead.version + 1


def test_a_method_that_a_page_does_not_take_is_refused_in_words() -> None:
    answer = Browser(bruna()).ask(Bad("bruna", "POST", "/", b"", b"a=b", FORM))
    assert answer.status == 405 and "GET" in answer.headers["Allow"]
    assert "This address is not for that" in answer.text


def test_a_filter_of_the_admin_with_a_thousand_values_is_refused_in_words() -> None:
    query = b"&".join(b"kind__exact=%d" % n for n in range(1000))
    answer = Browser(ada()).ask(Bad("ada", "GET", "/admin/lifecycle/leadevent/", query, b"", ""))
    assert answer.status == 400 and "cannot be read" in answer.text
    few = b"&".join(b"kind__exact=%d" % n for n in range(50))
    assert Browser(ada()).ask(Bad("ada", "GET", "/admin/lifecycle/leadevent/", few, b"", "")).status == 200


def test_a_key_that_is_none_begins_no_list_of_addresses() -> None:
    person = bruna()
    for key in ("set-password", "abc-def"):
        for accept in ("text/html", "application/json"):
            bad = Bad("", "GET", f"/accounts/password/reset/key/{person.pk}-{key}/", b"", b"", "", {"Accept": accept})
            Browser(None).ask(bad)
    assert EmailAddress.objects.count() == 0


def test_a_key_that_is_one_still_sets_a_new_password(mailoutbox: list[Any]) -> None:
    person = bruna()
    client = Client()
    client.post("/accounts/password/reset/", {"email": person.email})
    (address,) = re.findall(r"http://testserver(\S+)", mailoutbox[0].body)
    form = client.get(address, follow=True)
    words = "a new pass phrase"
    client.post(form.request["PATH_INFO"], {"password1": words, "password2": words})
    person.refresh_from_db()
    assert person.check_password(words)
    assert "set-password" not in (client.get(address).headers.get("Location") or "")
