"""Where people are logged in: they see it, they end it, and a closed account or a new password ends it for them."""

import re
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client

from leads.models import User
from leads.sessions import browser_of, end_one, end_sessions
from tests import proofs
from tests.factories import ada, ana, ben
from tests.second_steps import PASSWORD, code_of, earlier, in_person, with_password, with_phone

pytestmark = pytest.mark.django_db

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 (KHTML, like Gecko) Safari/604"


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def log_in(user: User, **extra: Any) -> Client:
    """A browser logged in by password; the password of before stays, so that others stay logged in."""
    client = Client(**extra)
    assert client.post("/accounts/login/", {"login": user.username, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def desk() -> Client:
    """Ana's browser in the office."""
    with_password(ana())
    return log_in(ana(), HTTP_USER_AGENT=WINDOWS, REMOTE_ADDR="203.0.113.7")


@pytest.fixture
def phone(desk: Client) -> Client:
    """Ana's phone, logged in after the desk."""
    return log_in(ana(), HTTP_USER_AGENT=IPHONE, REMOTE_ADDR="198.51.100.9")


def shown(client: Client) -> str:
    return client.get("/me/sessions/").content.decode()


def ends(client: Client) -> list[str]:
    return re.findall(r'name="end" value="(\d+)"', shown(client))


def test_ana_sees_browser_address_and_which_one_is_here(desk: Client, phone: Client) -> None:
    page = shown(desk)
    assert "Chrome on Windows" in page and "203.0.113.7" in page
    assert "Safari on iPhone" in page and "198.51.100.9" in page
    assert page.index("here</span>") < page.index("Safari on iPhone")
    assert len(ends(desk)) == 1


def test_ana_ends_one_and_stays_in_herself(desk: Client, phone: Client) -> None:
    third = log_in(ana())
    here = ends(desk)
    assert len(here) == 2
    desk.post("/me/sessions/", {"end": here[1]})
    assert is_in(desk) and not is_in(phone) and is_in(third)
    assert len(ends(desk)) == 1


def test_ana_logs_out_everywhere_else(desk: Client, phone: Client) -> None:
    unnoted = earlier(ana())
    page = desk.post("/me/sessions/", {"end": "others"}, follow=True).content.decode()
    assert "2 other logins have ended." in page
    assert is_in(desk) and not is_in(phone) and not is_in(unnoted)
    assert (
        "You were logged in nowhere else."
        in desk.post("/me/sessions/", {"end": "others"}, follow=True).content.decode()
    )


def test_nobody_ends_the_login_of_another(desk: Client, phone: Client) -> None:
    named = ends(desk)[0]
    stranger = in_person(ben())
    assert "ended already" in stranger.post("/me/sessions/", {"end": named}, follow=True).content.decode()
    stranger.post("/me/sessions/", {"end": "others"})
    assert not end_one(ben(), int(named)) and not end_one(ben(), 0)
    assert is_in(desk) and is_in(phone) and is_in(stranger)


@pytest.mark.parametrize("said", ["", "x", "-1", "99999999999999999999", "1 OR 1=1", "１"])
def test_what_names_no_login_ends_none(desk: Client, phone: Client, said: str) -> None:
    assert desk.post("/me/sessions/", {"end": said}).status_code == 302
    assert is_in(desk) and is_in(phone)


def test_looking_writes_nothing(desk: Client, phone: Client) -> None:
    from allauth.usersessions.models import UserSession

    Session.objects.filter(session_key=phone.session.session_key).delete()
    before = list(UserSession.objects.order_by("pk").values()), list(Session.objects.order_by("pk").values())
    assert "Safari on iPhone" not in shown(desk)
    assert (list(UserSession.objects.order_by("pk").values()), list(Session.objects.order_by("pk").values())) == before


def test_a_login_that_ended_by_logging_out_is_listed_no_more(desk: Client, phone: Client) -> None:
    phone.post("/accounts/logout/")
    assert "Safari on iPhone" not in shown(desk)


def test_the_next_click_of_a_deactivated_person_is_refused(desk: Client) -> None:
    User.objects.filter(pk=ana().pk).update(is_active=False)
    for place in ("/", "/me/", "/board/changes?since=0"):
        assert desk.get(place)["Location"].startswith("/accounts/login/")
    by_htmx = desk.get("/board/changes?since=0", headers={"HX-Request": "true"})
    assert by_htmx["HX-Redirect"].startswith("/accounts/login/")


def test_who_is_let_in_again_does_not_find_the_old_logins_open(desk: Client, phone: Client) -> None:
    admin, url = in_person(ada()), f"/admin/leads/user/{ana().pk}/change/"
    as_it_is = {"username": "ana", "display_name": "Ana Alvarez", "email": "ana@office.example", "role": "agent"}
    assert admin.post(url, as_it_is).status_code == 302
    assert not User.objects.get(pk=ana().pk).is_active
    admin.post(url, {**as_it_is, "is_active": "on"})
    assert User.objects.get(pk=ana().pk).is_active
    assert not is_in(desk) and not is_in(phone) and is_in(admin)


def test_a_changed_password_ends_the_others_and_not_this_one(desk: Client, phone: Client) -> None:
    fresh = "eleven pears in a green house"
    typed = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert desk.post("/accounts/password/change/", typed).status_code == 302
    page = shown(desk)
    assert "here</span>" in page and "Safari on iPhone" not in page
    assert is_in(desk) and not is_in(phone)


def test_a_password_set_by_the_admin_ends_all(desk: Client, phone: Client) -> None:
    typed = {"usable_password": "true", "password1": "eleven pears in a house", "password2": "eleven pears in a house"}
    assert in_person(ada()).post(f"/admin/leads/user/{ana().pk}/password/", typed).status_code == 302
    assert not is_in(desk) and not is_in(phone)


def test_a_letter_tells_whose_password_an_admin_set_and_does_not_hold_it() -> None:
    fresh = "eleven pears in a green house"
    desk, address = in_person(ada()), f"/admin/leads/user/{ana().pk}/password/"
    desk.post(address, {"usable_password": "true", "password1": fresh, "password2": "another one than that"})
    desk.post(address, {"usable_password": "true", "password1": "short", "password2": "short"})
    assert mail.outbox == []
    desk.post(address, {"usable_password": "true", "password1": fresh, "password2": fresh})
    (letter,) = mail.outbox
    assert letter.to == ["ana@office.example"] and letter.subject == "Hindsight: an admin changed your password"
    assert "An admin of your office set a new password" in letter.body and "pears" not in f"{letter.message()}"


@pytest.mark.parametrize(
    ("hers", "admins", "subject"),
    [
        ("es", "en", "Hindsight: un administrador cambió su contraseña"),
        ("en", "es", "Hindsight: an admin changed your password"),
        ("", "es", "Hindsight: an admin changed your password"),
    ],
)
def test_the_letter_is_in_the_language_of_whoever_gets_it(hers: str, admins: str, subject: str) -> None:
    fresh = "eleven pears in a green house"
    ana(), ada()
    User.objects.filter(pk=ana().pk).update(language=hers)
    User.objects.filter(pk=ada().pk).update(language=admins)
    typed = {"usable_password": "true", "password1": fresh, "password2": fresh}
    assert in_person(ada()).post(f"/admin/leads/user/{ana().pk}/password/", typed).status_code == 302
    assert [letter.subject for letter in mail.outbox] == [subject]


def test_nobody_gets_a_letter_who_was_not_changed(desk: Client) -> None:
    typed = {"usable_password": "true", "password1": "eleven pears in a house", "password2": "eleven pears in a house"}
    assert desk.post(f"/admin/leads/user/{ben().pk}/password/", typed).status_code in (302, 403)
    assert earlier(ada()).post(f"/admin/leads/user/{ben().pk}/password/", typed).status_code == 302
    assert mail.outbox == []


def test_a_password_that_an_admin_takes_off_is_told_as_well() -> None:
    in_person(ada()).post(
        f"/admin/leads/user/{with_password(ana()).pk}/password/", {"usable_password": "false", "unset-password": "1"}
    )
    assert not User.objects.get(pk=ana().pk).has_usable_password()
    assert ["took the password off your login" in letter.body for letter in mail.outbox] == [True]


def test_ending_takes_nothing_of_what_the_cache_keeps_beside_the_sessions(desk: Client) -> None:
    from django.core.cache import cache

    cache.set("tries", [1.5], 60)
    assert end_sessions(ana()) == 1
    assert not is_in(desk) and cache.get("tries") == [1.5]


def test_a_login_gets_a_session_of_a_new_name() -> None:
    client = Client()
    client.get("/accounts/login/")
    client.post("/language/", {"language": "en"})
    session = client.session
    session["before"] = 1
    session.save()
    client.cookies["hindsight_session"] = str(session.session_key)
    with_password(ana())
    client.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert is_in(client) and client.session.session_key != session.session_key
    assert not Session.objects.filter(session_key=session.session_key).exists()


@pytest.mark.parametrize("by", ["password", "code"])
def test_a_proof_in_between_gives_the_session_a_new_name_and_the_list_follows(
    desk: Client, phone: Client, by: str
) -> None:
    with_phone(ana())
    proofs.long_ago(desk, ana())
    before, noted = str(desk.session.session_key), UserSession.objects.get(session_key=desk.session.session_key)
    where, said = ("", {"password": PASSWORD}) if by == "password" else ("code/", {"code": code_of()})
    assert desk.post(f"/accounts/reauthenticate/{where}", {**said, "next": "/me/"})["Location"] == "/me/"
    after = desk.session.session_key
    assert after != before and not Session.objects.filter(session_key=before).exists()
    stolen = Client()
    stolen.cookies["hindsight_session"] = before
    assert is_in(desk) and not is_in(stolen) and is_in(phone)
    follows = UserSession.objects.get(session_key=after)
    assert (follows.pk, follows.created_at) == (noted.pk, noted.created_at)
    page = shown(desk)
    assert page.index("Chrome on Windows") < page.index("here</span>") < page.index("Safari on iPhone")
    assert UserSession.objects.filter(user=ana()).count() == 2


def test_a_wrong_proof_leaves_the_name_as_it_is(desk: Client) -> None:
    proofs.long_ago(desk, ana())
    before = desk.session.session_key
    desk.post("/accounts/reauthenticate/", {"password": "guessed"})
    assert desk.session.session_key == before


def test_a_sentence_that_was_never_shown_ends_with_the_logout_and_lies_in_no_cookie() -> None:
    client = Client()
    client.force_login(ana())
    saved = client.post("/me/", {"language": "en", "time_zone": "Asia/Kolkata", "density": "roomy"})
    assert saved.status_code == 302
    assert set(client.cookies) <= {"hindsight_session", "hindsight_csrf", "hindsight_language"}
    client.post("/accounts/logout/")
    client.force_login(ana())
    assert "Your settings are saved." not in client.get("/help/").text


@pytest.mark.parametrize(
    ("says", "words"),
    [
        (WINDOWS, "Chrome on Windows"),
        (IPHONE, "Safari on iPhone"),
        (f"{WINDOWS} Edg/140.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", "Firefox on Linux"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) Version/18.0 Safari/605.1", "Safari on Mac"),
        ("curl/8.5.0", "A browser that does not say what it is"),
        ("<script>", "A browser that does not say what it is"),
        ("", "A browser that does not say what it is"),
    ],
)
def test_a_browser_is_named_as_people_name_it(says: str, words: str) -> None:
    assert browser_of(says) == words
