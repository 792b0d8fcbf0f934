"""What matters asks once more who is there: a role, a password, a closed account, an e-mail that letters go to."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.decorators import reauthentication_required
from allauth.account.models import EmailAddress
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path

from crm.urls import urlpatterns as of_the_product
from leads.models import User
from leads.step_up import prove_identity
from tests.factories import ada, ana
from tests.second_steps import PASSWORD, code_of, earlier, in_person, with_password, with_phone, wrong_code

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

done: list[str] = []


@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """Something that matters, shown and done at one address."""
    if request.method == "POST":
        done.append(request.POST["who"])
    return HttpResponse("erased" if request.method == "POST" else "sure?")


@reauthentication_required(allow_get=True)
def looked_at_freely(request: HttpRequest) -> HttpResponse:
    """The same, but looking is free."""
    return HttpResponse("looked")


def halfway(request: HttpRequest) -> HttpResponse:
    """A view that finds out in its middle that it matters."""
    prove_identity(request)
    return HttpResponse("proven")


urlpatterns = [
    path("erase/", erase),
    path("free/", looked_at_freely),
    path("halfway/", halfway),
    *of_the_product,
    path("unused/", include("crm.account_urls")),
][:-1]
handler403 = "crm.errors.forbidden"
handler404 = "crm.errors.not_found"
handler429 = "crm.errors.too_many"


@pytest.fixture(autouse=True)
def nothing_done() -> None:
    done.clear()


@pytest.fixture
def long_ago() -> Client:
    """Ana, logged in since this morning."""
    return earlier(with_password(ana()))


def back_from(answer: Any) -> str:
    return parse_qs(urlsplit(answer["Location"]).query)["next"][0]


# --- the way there and back ---------------------------------------------------------------------------------


def test_ana_is_asked_and_comes_back_to_where_she_was(long_ago: Client) -> None:
    asked = long_ago.get("/erase/?who=dana")
    assert asked["Location"].startswith("/accounts/reauthenticate/") and back_from(asked) == "/erase/?who=dana"
    page = long_ago.get(asked["Location"]).content.decode()
    assert "Is it you?" in page and 'autocomplete="current-password"' in page and 'value="/erase/?who=dana"' in page
    answer = long_ago.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/erase/?who=dana"})
    assert answer["Location"] == "/erase/?who=dana"
    assert long_ago.get("/erase/?who=dana").content == b"sure?"


def test_what_was_sent_is_not_kept_and_not_sent_again_by_itself(long_ago: Client) -> None:
    asked = long_ago.post("/erase/", {"who": "dana"}, headers={"Referer": "http://testserver/erase/?who=dana"})
    assert back_from(asked) == "/erase/?who=dana"
    assert "dana" not in str(dict(long_ago.session))
    page = long_ago.get(asked["Location"]).content.decode()
    assert "Nothing was changed yet." in page
    long_ago.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": "/erase/"}, follow=True)
    assert done == []
    long_ago.post("/erase/", {"who": "dana"})
    assert done == ["dana"]


def test_by_htmx_the_whole_page_moves(long_ago: Client) -> None:
    at = {"HX-Request": "true", "HX-Current-URL": "http://testserver/leads/7/?tab=1"}
    answer = long_ago.post("/erase/", {"who": "dana"}, headers=at)
    assert answer["HX-Redirect"] == "/accounts/reauthenticate/?next=%2Fleads%2F7%2F%3Ftab%3D1"
    assert not answer.content and done == []


def test_looking_may_be_free(long_ago: Client) -> None:
    assert long_ago.get("/free/").content == b"looked"
    assert long_ago.post("/free/").status_code == 302


def test_a_question_in_the_middle_of_a_view_leads_the_same_way(long_ago: Client) -> None:
    assert back_from(long_ago.get("/halfway/")) == "/halfway/"
    assert in_person(ana()).get("/halfway/").content == b"proven"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere(long_ago: Client, elsewhere: str) -> None:
    answer = long_ago.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": elsewhere})
    assert answer["Location"] == "/"


def test_a_stranger_is_led_to_the_login(client: Client) -> None:
    assert client.get("/erase/")["Location"].startswith("/accounts/login/")


# --- what counts as a proof ---------------------------------------------------------------------------------


def test_a_login_of_just_now_is_a_proof_and_after_five_minutes_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    client, now = in_person(ana()), time.time()
    assert client.get("/erase/").content == b"sure?"
    monkeypatch.setattr(time, "time", lambda: now + 299)
    assert client.get("/erase/").content == b"sure?"
    monkeypatch.setattr(time, "time", lambda: now + 301)
    assert client.get("/erase/").status_code == 302


def test_a_wrong_password_proves_nothing(long_ago: Client) -> None:
    page = long_ago.post("/accounts/reauthenticate/", {"password": "guessed", "next": "/erase/"}).content.decode()
    assert "That is not your password." in page
    assert long_ago.get("/erase/").status_code == 302


def test_the_password_of_another_proves_nothing(long_ago: Client) -> None:
    other = ada()
    other.set_password("the password of ada")
    other.save()
    long_ago.post("/accounts/reauthenticate/", {"password": "the password of ada"})
    assert long_ago.get("/erase/").status_code == 302


def test_a_code_proves_as_well(long_ago: Client) -> None:
    with_phone(ana())
    page = long_ago.get("/accounts/reauthenticate/?next=/erase/").content.decode()
    assert 'href="/accounts/reauthenticate/code/?next=%2Ferase%2F"' in page and "With a code" in page
    long_ago.post("/accounts/reauthenticate/code/", {"code": wrong_code()})
    assert long_ago.get("/erase/").status_code == 302
    long_ago.post("/accounts/reauthenticate/code/", {"code": code_of()})
    assert long_ago.get("/erase/").content == b"sure?"


def test_a_half_finished_login_is_no_proof_for_whoever_was_logged_in(long_ago: Client) -> None:
    """The first half of another person's login in the same browser."""
    with_phone(with_password(ada()))
    long_ago.post("/accounts/login/", {"login": "ada", "password": PASSWORD})
    assert long_ago.get("/erase/").status_code == 302


@pytest.mark.parametrize("credential", ["", "{}", "[]", "x"])
def test_rubbish_in_place_of_a_passkey_asks_again(long_ago: Client, credential: str) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=ana(), type="webauthn", data={"name": "Phone", "credential": {}})
    answer = long_ago.post("/accounts/reauthenticate/passkey/?next=/erase/", {"credential": credential})
    assert answer["Location"] == "/accounts/reauthenticate/passkey/?next=%2Ferase%2F"
    assert long_ago.get("/erase/").status_code == 302


@override_settings(SECOND_FACTOR_FOR=frozenset({"agent"}))
def test_the_proof_is_in_reach_of_whoever_has_to_set_up_a_second_step(long_ago: Client) -> None:
    asked = long_ago.get("/accounts/second/phone/")
    page = long_ago.get(asked["Location"])
    assert page.status_code == 200 and 'class="site-nav"' not in page.content.decode()
    long_ago.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert long_ago.get("/accounts/second/phone/").status_code == 200


# --- in the admin -------------------------------------------------------------------------------------------

AS_SHE_IS = {
    "username": "ana",
    "display_name": "Ana Alvarez",
    "email": "ana@office.example",
    "role": "agent",
    "is_active": "on",
}


def change(client: Client, **changed: Any) -> Any:
    url = f"/admin/leads/user/{ana().pk}/change/"
    typed = {**AS_SHE_IS, **changed}
    return client.post(url, {name: value for name, value in typed.items() if value is not None})


@pytest.mark.parametrize(
    "changed",
    [{"role": "admin"}, {"is_active": None}, {"email": "thief@evil.example"}, {"username": "anna"}],
    ids=["role", "closed", "e-mail", "user name"],
)
def test_what_opens_or_shuts_a_door_asks_first(changed: dict[str, Any]) -> None:
    her = User.objects.filter(pk=ana().pk)
    before = her.values().get()
    assert change(earlier(ada()), **changed)["Location"].startswith("/accounts/reauthenticate/")
    assert her.values().get() == before
    assert change(in_person(ada()), **changed)["Location"] == "/admin/leads/user/"
    assert her.values().get() != before


def test_a_new_name_on_the_screen_asks_nothing() -> None:
    ana()
    assert change(earlier(ada()), display_name="Ana Reyes")["Location"] == "/admin/leads/user/"
    assert User.objects.get(username="ana").display_name == "Ana Reyes"


def test_a_password_and_a_new_account_ask_before_anything_is_typed() -> None:
    just_now = in_person(ada())
    desk = earlier(ada())
    for address in (f"/admin/leads/user/{ana().pk}/password/", "/admin/leads/user/add/"):
        for answer in (desk.get(address), desk.post(address, {"password1": "x", "username": "cleo"})):
            assert answer["Location"].startswith("/accounts/reauthenticate/")
        assert just_now.get(address).status_code == 200
    assert not User.objects.filter(username="cleo").exists()


def test_who_may_not_is_told_so_and_not_asked_for_a_proof() -> None:
    root = User.objects.create_superuser("root", "root@office.example", PASSWORD, display_name="Root")
    assert earlier(ada()).get(f"/admin/leads/user/{root.pk}/password/").status_code == 403
    assert earlier(ana()).get("/admin/leads/user/add/").status_code in (302, 403)


def test_letters_go_to_the_old_address_no_more() -> None:
    """django-allauth keeps the address that a letter went to; a thief of the old mailbox must not profit."""
    ana()
    stranger = Client()
    stranger.post("/accounts/password/reset/", {"email": "ana@office.example"})
    # As releases before this one left it.
    EmailAddress.objects.create(user=ana(), email="ana@office.example", verified=True, primary=True)
    change(in_person(ada()), email="ana@new.example")
    from django.core import mail

    mail.outbox.clear()
    stranger.post("/accounts/password/reset/", {"email": "ana@office.example"})
    assert mail.outbox == []
    stranger.post("/accounts/password/reset/", {"email": "ana@new.example"})
    assert [letter.to for letter in mail.outbox] == [["ana@new.example"]]


def test_the_admins_own_page_for_passwords_leads_to_ours() -> None:
    assert earlier(ada()).get("/admin/password_change/")["Location"] == "/accounts/password/change/"


# --- one's own ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "phone/",
        "phone/remove/",
        "passkey/",
        "codes/",
        "codes/new/",
        "codes/file/",
        "passkey/{key}/",
        "passkey/{key}/remove/",
    ],
)
def test_whatever_changes_or_shows_ones_own_second_step_asks_first(long_ago: Client, address: str) -> None:
    from allauth.mfa.models import Authenticator

    key = Authenticator.objects.create(user=ana(), type="webauthn", data={"name": "Phone", "credential": {}})
    if address != "phone/":
        with_phone(ana())
    before = list(Authenticator.objects.values())
    at = f"/accounts/second/{address.format(key=key.pk)}"
    for answer in (long_ago.get(at), long_ago.post(at)):
        assert answer.status_code == 405 or answer["Location"].startswith("/accounts/reauthenticate/")
    assert list(Authenticator.objects.values()) == before


def test_a_new_password_wants_the_one_of_now(long_ago: Client) -> None:
    fresh = "eleven pears in a green house"
    page = long_ago.post("/accounts/password/change/", {"oldpassword": "guess", "password1": fresh, "password2": fresh})
    assert page.status_code == 200 and User.objects.get(username="ana").check_password(PASSWORD)
