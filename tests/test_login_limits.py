"""Guessing at the login: few tries, counted once for all processes, told by one page, and nothing learnt from it."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail, signing
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from crm import settings as product
from crm.shared_cache import PREFIX, SharedCache
from leads.models import User
from tests.factories import ana, ben, otto
from tests.second_steps import PASSWORD, earlier, in_person, with_password, with_phone, wrong_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def counting() -> Any:
    """The limits as they are in production."""
    with override_settings(ACCOUNT_RATE_LIMITS=product.ACCOUNT_RATE_LIMITS):
        yield


def guess(client: Client, login: str, password: str = "guessed", **extra: Any) -> str:
    return client.post("/accounts/login/", {"login": login, "password": password}, **extra).content.decode()


TOO_MANY = "Too many tries. Wait five minutes, then try again."


@pytest.mark.usefixtures("counting")
def test_after_five_wrong_passwords_the_right_one_does_not_help_from_anywhere() -> None:
    with_password(ana())
    for n in range(5):
        assert TOO_MANY not in guess(Client(), "ana", REMOTE_ADDR=f"203.0.113.{n}")
    assert TOO_MANY in guess(Client(), "ana", PASSWORD, REMOTE_ADDR="198.51.100.1")
    assert Client().post("/accounts/login/", {"login": "ben", "password": "x"}).status_code == 200


@pytest.mark.usefixtures("counting")
def test_right_passwords_are_not_counted() -> None:
    with_password(ana())
    for _ in range(8):
        assert Client().post("/accounts/login/", {"login": "ana", "password": PASSWORD}).status_code == 302


@pytest.mark.usefixtures("counting")
def test_one_address_that_tries_many_names_is_stopped() -> None:
    said = [guess(Client(), f"name{n}", REMOTE_ADDR="203.0.113.7") for n in range(11)]
    assert TOO_MANY not in said[9] and TOO_MANY in said[10]
    assert TOO_MANY not in guess(Client(), "name99", REMOTE_ADDR="203.0.113.8")


@pytest.mark.usefixtures("counting")
def test_a_flood_of_logins_gets_the_page_of_the_house() -> None:
    client = Client()
    answers = [client.post("/accounts/login/", {"login": "", "password": ""}) for _ in range(31)]
    assert {a.status_code for a in answers[:30]} == {200} and answers[30].status_code == 429
    assert "Error 429" in answers[30].content.decode() and "Too many tries" in answers[30].content.decode()


@pytest.mark.usefixtures("counting")
def test_codes_are_guessed_five_times_and_no_more() -> None:
    user, code = with_phone(with_password(ana())), wrong_code()
    client = Client()
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    said = [client.post("/accounts/login/second/", {"code": code}, REMOTE_ADDR=f"10.0.0.{n}") for n in range(6)]
    assert TOO_MANY in said[5].content.decode() and TOO_MANY not in said[4].content.decode()
    again = Client()
    again.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert TOO_MANY in again.post("/accounts/login/second/", {"code": code}).content.decode()


@pytest.mark.usefixtures("counting")
def test_the_proof_of_identity_counts_tries_too() -> None:
    client = earlier(with_password(ana()))
    said = [client.post("/accounts/reauthenticate/", {"password": "guessed"}) for _ in range(6)]
    assert TOO_MANY in said[5].content.decode()
    said += [client.post("/accounts/reauthenticate/", {"password": "guessed"}) for _ in range(5)]
    assert said[10].status_code == 429


@pytest.mark.usefixtures("counting")
def test_letters_for_one_address_and_from_one_visitor_are_limited() -> None:
    ana()
    codes = [Client().post("/accounts/password/reset/", {"email": "ana@office.example"}).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429] and len(mail.outbox) == 5


@pytest.mark.usefixtures("counting")
def test_passkeys_without_a_name_are_limited_by_address() -> None:
    client = Client()
    codes = [client.post("/accounts/login/passkey/", {"credential": "{}"}).status_code for _ in range(11)]
    assert codes == [302] * 10 + [429]


@pytest.mark.usefixtures("counting")
def test_questions_for_a_passkey_are_limited_too_for_each_begins_a_session() -> None:
    asked = {"accept": "application/json"}
    codes = [Client().get("/accounts/login/passkey/", headers=asked).status_code for _ in range(61)]
    assert codes == [200] * 60 + [429]


# --- behind proxies -----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("counting")
@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_a_proxy_each_visitor_is_counted_and_none_passes_for_another() -> None:
    for n in range(10):
        guess(Client(), f"name{n}", headers={"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.7"})
    assert TOO_MANY in guess(Client(), "more", headers={"X-Forwarded-For": "203.0.113.9, 203.0.113.7"})
    assert TOO_MANY not in guess(Client(), "more", headers={"X-Forwarded-For": "203.0.113.7, 203.0.113.9"})


@pytest.mark.usefixtures("counting")
def test_without_a_proxy_nobody_believes_the_header() -> None:
    said = [guess(Client(), f"name{n}", headers={"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(11)]
    assert TOO_MANY in said[10]


@pytest.mark.usefixtures("counting")
@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=2)
def test_who_came_past_one_of_two_proxies_is_counted_and_does_not_break_the_page() -> None:
    said = [guess(Client(), f"name{n}", headers={"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(11)]
    assert "error-summary" in said[0] and TOO_MANY in said[10]


# --- nothing learnt -----------------------------------------------------------------------------------------


def plain(html: str) -> str:
    """A page without what differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", html)


@pytest.mark.parametrize(("known", "unknown"), [("ana", "ghost"), ("ana@office.example", "ghost@office.example")])
def test_the_login_says_the_same_of_names_that_exist_and_of_others(known: str, unknown: str) -> None:
    with_password(ana())
    pages = [plain(guess(Client(), name)).replace(name, "…") for name in (known, unknown)]
    assert pages[0] == pages[1]


def test_the_login_says_the_same_of_an_account_that_is_closed_until_the_password_is_right() -> None:
    with_password(otto())
    assert plain(guess(Client(), "otto")).replace("otto", "…") == plain(guess(Client(), "ghost")).replace("ghost", "…")


def test_a_forgotten_password_is_answered_the_same_for_everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    ana(), otto()

    def ask(address: str) -> tuple[int, str, str]:
        client = Client()
        answer = client.post("/accounts/password/reset/", {"email": address})
        return answer.status_code, answer["Location"], plain(client.get(answer["Location"]).content.decode())

    addresses = ("ana@office.example", "ghost@office.example", "otto@office.example")
    assert len({ask(address) for address in addresses}) == 1
    assert [letter.to for letter in mail.outbox] == [["ana@office.example"]]

    def no_server(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", no_server)
    assert len({ask(address) for address in addresses}) == 1


@pytest.mark.usefixtures("counting")
def test_names_that_do_not_exist_are_counted_like_others() -> None:
    for _ in range(5):
        guess(Client(), "ghost")
    assert TOO_MANY in guess(Client(), "ghost")


# --- what counts for all processes --------------------------------------------------------------------------


def test_the_count_is_kept_where_every_process_sees_it() -> None:
    assert settings.CACHES["default"]["BACKEND"] == "crm.shared_cache.SharedCache"
    here, there = SharedCache("", {}), SharedCache("", {})
    assert here.add("tries", [1.5], 60) and not there.add("tries", [], 60)
    assert there.get("tries") == [1.5]
    there.set("tries", [2.5, 1.5], 60)
    assert here.get("tries") == [2.5, 1.5]
    assert there.delete("tries") and not here.delete("tries") and here.get("tries", "none") == "none"
    assert not here.touch("tries") and here.get_many(["tries"]) == {}


def test_what_is_over_is_gone_and_makes_room() -> None:
    cache = SharedCache("", {})
    cache.set("code", 1, -1)
    assert cache.get("code") is None and not cache.touch("code", 60)
    assert cache.add("code", 2, 60) and cache.get("code") == 2
    cache.set("for-ever", 3, None)
    assert cache.get("for-ever") == 3


def test_what_is_over_does_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crm.shared_cache.SWEPT_EVERY", 1)
    client, cache = in_person(ana()), SharedCache("", {})
    for n in range(5):
        cache.set(f"name{n}", 1, -1)
    cache.set("last", 1, 60)
    assert Session.objects.filter(pk__startswith=PREFIX).count() == 1
    assert client.get("/me/").status_code == 200


def test_a_row_that_somebody_wrote_past_us_is_no_entry() -> None:
    cache = SharedCache("", {})
    cache.set("a", [1], 60)
    cache.set("b", [2], 60)
    rows = {row.pk: row for row in Session.objects.filter(pk__startswith=PREFIX)}
    first, second = rows.values()
    Session.objects.filter(pk=first.pk).update(session_data=second.session_data)
    assert [cache.get("a"), cache.get("b")].count(None) == 1
    Session.objects.update(session_data=signing.dumps({"value": [9]}))
    assert cache.get("a") is cache.get("b") is None


def test_clearing_the_cache_logs_nobody_out() -> None:
    client = in_person(ana())
    caches["default"].set("tries", 1, 60)
    caches["default"].clear()
    assert caches["default"].get("tries") is None
    assert client.get("/me/").status_code == 200


def test_no_cookie_opens_what_the_cache_keeps() -> None:
    caches["default"].set("tries", 1, 60)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = Session.objects.get(pk__startswith=PREFIX).pk
    assert client.get("/me/").status_code == 302
    assert User.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_a_code_at_once_one_is_told_yes() -> None:
    def use(n: int) -> bool:
        try:
            return caches["default"].add("totp:1:123456", n, 60)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as crowd:
        assert sorted(crowd.map(use, range(18))) == [False] * 17 + [True]


# --- passwords and cookies ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("x7$Kq!p", False),
        ("elevenchars", False),
        ("password1234", False),
        ("anaalvarez123", False),
        ("482915736045", True),
        ("only small letters here", True),
        ("ñandú canta de noche", True),
        ("Password2026!", False),
        ("passwordpassword", False),
        (" ".join(f"{n} geese" for n in range(30)), True),
    ],
)
def test_a_password_is_long_and_not_everybodys_and_otherwise_free(password: str, taken: bool) -> None:
    client = in_person(ana())
    typed = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    client.post("/accounts/password/change/", typed)
    assert User.objects.get(username="ana").check_password(password) is taken


def test_fields_for_passwords_let_managers_fill_them_in() -> None:
    client = in_person(ben())
    html = client.get("/accounts/password/change/").content.decode() + Client().get("/accounts/login/").content.decode()
    fields = re.findall(r'<input type="password"[^>]*>', html)
    assert len(fields) == 4 and all(
        "autocomplete=" in f and "maxlength" not in f and "onpaste" not in f for f in fields
    )


def test_what_a_field_wants_is_said_once_by_its_label() -> None:
    stranger, anas, bens = Client(), earlier(with_phone(with_password(ana()))), in_person(ben())
    without = ben()
    without.set_unusable_password()
    without.save()
    bens.force_login(without)
    stranger.post("/accounts/password/reset/", {"email": "ana@office.example"})
    link = re.findall(r"http://testserver(/\S+)", str(mail.outbox[0].body))[0]
    pages = [
        *(stranger.get(at, follow=True) for at in ("/accounts/login/", "/accounts/password/reset/", link)),
        *(anas.get(f"/accounts/{at}/") for at in ("reauthenticate", "reauthenticate/code", "password/change")),
        bens.get("/accounts/password/set/"),
    ]
    for page in pages:
        address = page.request["PATH_INFO"]
        assert page.status_code == 200 and 'class="form-row' in page.text, address
        entries = page.text[page.text.index("<main") :]
        assert "<label" in entries and "placeholder" not in entries, address


def test_a_blank_around_a_password_is_part_of_it() -> None:
    client = in_person(ana())
    typed = {"oldpassword": PASSWORD, "password1": " blank at both ends ", "password2": " blank at both ends "}
    client.post("/accounts/password/change/", typed)
    assert User.objects.get(username="ana").check_password(" blank at both ends ")
