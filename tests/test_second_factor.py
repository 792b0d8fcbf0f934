"""A second step at the login: who needs one reaches nothing without, codes count once, secrets lie sealed."""

import json
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.test.utils import override_settings
from django.urls import NoReverseMatch, reverse

from crm import environment
from crm.second_factor import SecondFactors, is_required
from leads.models import Role, User
from tests.factories import LeadFactory, UserFactory, ada, ana, ben, bruna, otto
from tests.second_steps import PASSWORD, SECRET, code_of, earlier, in_person, with_password, with_phone

pytestmark = pytest.mark.django_db

SET_UP = "/accounts/second/"
for_brokers_and_admins = override_settings(SECOND_FACTOR_FOR=frozenset({"broker", "admin"}))


def at_the_second_step(user: User) -> Client:
    """A browser that has just given this person's password, and is asked for more."""
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert answer["Location"] == "/accounts/login/second/"
    return client


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


# --- whose password is not enough ---------------------------------------------------------------------------

PLACES = [
    "/",
    "/board/changes?since=0",
    "/board/column/NEW/",
    "/board/hints/",
    "/search/?q=dana",
    "/reports/",
    "/me/",
    "/me/sessions/",
    "/consent/",
    "/import/",
    "/accounts/password/change/",
    "/accounts/second/codes/file/",
    "/admin/",
    "/admin/leads/user/",
    "/admin/jsi18n/",
]


@for_brokers_and_admins
@pytest.mark.parametrize("who", [bruna, ada])
@pytest.mark.parametrize("place", PLACES)
def test_who_needs_a_second_step_and_has_none_reaches_nothing_else(who: Any, place: str) -> None:
    client = in_person(who())
    for answer in (client.get(place), client.post(place), client.head(place)):
        assert (answer.status_code, answer["Location"]) == (302, SET_UP)
    assert client.put(place).status_code == 405
    by_htmx = client.get(place, headers={"HX-Request": "true"})
    assert by_htmx["HX-Redirect"] == SET_UP and not by_htmx.content


@for_brokers_and_admins
def test_a_lead_and_its_download_are_out_of_reach_too_and_nothing_is_written() -> None:
    lead = LeadFactory.create(agent=ana())
    client = in_person(bruna())
    for place in ("", "packet/", "consent/ledger.csv", "note/", "move/"):
        assert client.get(f"/leads/{lead.pk}/{place}")["Location"] == SET_UP
    client.post(f"/leads/{lead.pk}/note/", {"note": "Slipped through"})
    lead.refresh_from_db()
    assert lead.events.count() == 2


@for_brokers_and_admins
def test_every_address_that_wants_a_login_is_closed_to_the_broker_without_one() -> None:
    """All of them, however many there will be: what answers otherwise stands in the short list."""
    from django.urls import URLPattern, URLResolver, get_resolver

    from crm.second_factor import REACHED_WITHOUT, SecondFactorRequired

    def every(patterns: Any, space: str = "") -> Any:
        for entry in patterns:
            if isinstance(entry, URLResolver):
                yield from every(entry.url_patterns, entry.namespace or space)
            elif isinstance(entry, URLPattern):
                yield entry.callback, f"{space}:{entry.name}" if space else entry.name

    class Asked:
        method, headers = "GET", {}  # type: ignore[var-annotated]

        def __init__(self, user: User, name: str) -> None:
            self.user, self.resolver_match = user, type("Match", (), {"view_name": name})

    open_to_her = set()
    for view, name in every(get_resolver().url_patterns):
        asked: Any = Asked(bruna(), name)
        answer = SecondFactorRequired(lambda request: None).process_view(asked, view, (), {})  # type: ignore[arg-type, return-value]
        if answer is None and getattr(view, "login_required", True):
            open_to_her.add(name)
    assert open_to_her == REACHED_WITHOUT - {"account_logout"}


@for_brokers_and_admins
def test_the_way_out_is_logging_out(client: Client) -> None:
    client = in_person(bruna())
    page = client.get(SET_UP).content.decode()
    assert "your password alone is not enough" in page and 'class="site-nav"' not in page
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/")["Location"].startswith("/accounts/login/")


@for_brokers_and_admins
def test_agents_work_on_with_their_password_alone() -> None:
    assert is_in(in_person(ana()))


@pytest.mark.django_db(transaction=True)
@for_brokers_and_admins
def test_bruna_sets_up_the_code_and_goes_on() -> None:
    client = in_person(bruna())
    page = client.get("/accounts/second/phone/").content.decode()
    secret = re.findall(r'class="code-text" dir="ltr">([A-Z2-7]+)<', page)[0]
    answer = client.post("/accounts/second/phone/", {"code": code_of(secret)})
    assert answer["Location"] == "/accounts/second/codes/"
    shown = client.get(answer["Location"]).content.decode()
    assert len(re.findall(r"<li>\d{8}</li>", shown)) == 10
    assert is_in(client)
    assert [letter.subject for letter in mail.outbox] == ["Hindsight: a code from the phone was set up"]


@for_brokers_and_admins
def test_a_wrong_first_code_sets_nothing_up() -> None:
    client = in_person(bruna())
    client.get("/accounts/second/phone/")
    answer = client.post("/accounts/second/phone/", {"code": "12345"})
    assert "That code does not fit" in answer.content.decode()
    assert not Authenticator.objects.exists() and not is_in(client)


@for_brokers_and_admins
def test_it_holds_from_the_moment_when_somebody_becomes_a_broker() -> None:
    client = in_person(ana())
    assert is_in(client)
    User.objects.filter(pk=ana().pk).update(role=Role.BROKER.value)
    assert client.get("/me/")["Location"] == SET_UP


@for_brokers_and_admins
def test_recovery_codes_alone_are_no_second_step() -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    client = in_person(bruna())
    RecoveryCodes.activate(bruna())
    assert client.get("/me/")["Location"] == SET_UP


@pytest.mark.parametrize(
    ("named", "needed"),
    [
        (set(), set()),
        ({"admin"}, {"ada", "root"}),
        ({"broker"}, {"bruna", "root"}),
        ({"agent"}, {"ana", "root"}),
        ({"agent", "broker", "admin"}, {"ana", "bruna", "ada", "root"}),
    ],
)
def test_superusers_are_asked_as_soon_as_anybody_is(named: set[str], needed: set[str]) -> None:
    root = UserFactory.create(username="root", is_superuser=True)
    with override_settings(SECOND_FACTOR_FOR=frozenset(named)):
        assert {u.username for u in (ana(), bruna(), ada(), root) if is_required(u)} == needed


def test_the_setting_knows_the_roles_of_an_office() -> None:
    assert set(environment.ROLES) == {role.value for role in Role}


# --- the code at the login ----------------------------------------------------------------------------------


def test_after_the_password_nobody_is_in_yet() -> None:
    client = at_the_second_step(with_phone(with_password(ana())))
    assert not is_in(client)
    page = client.get("/accounts/login/second/").content.decode()
    assert "One more step" in page and 'autocomplete="one-time-code"' in page and 'inputmode="numeric"' in page


def test_ana_logs_in_with_password_and_code() -> None:
    client = at_the_second_step(with_phone(with_password(ana())))
    assert client.post("/accounts/login/second/", {"code": code_of()})["Location"] == "/"
    assert is_in(client)


@pytest.mark.parametrize("later", [-1, 1])
def test_a_phone_that_is_half_a_minute_off_still_counts(later: int) -> None:
    client = at_the_second_step(with_phone(with_password(ana())))
    client.post("/accounts/login/second/", {"code": code_of(later=later)})
    assert is_in(client)


@pytest.mark.parametrize(
    "code", ["", "12345", "abcdef", "１２３４５６", "é" * 6, "1" * 3000, "null", "{}", "\u202e123456"]
)
def test_a_code_that_is_none_is_refused_with_a_sentence(code: str) -> None:
    client = at_the_second_step(with_phone(with_password(ana())))
    answer = client.post("/accounts/login/second/", {"code": code})
    assert answer.status_code == 200 and "error-summary" in answer.content.decode() and not is_in(client)


def test_a_code_two_half_minutes_off_is_refused() -> None:
    client = at_the_second_step(with_phone(with_password(ana())))
    for later in (-3, 3):
        assert "does not fit" in client.post("/accounts/login/second/", {"code": code_of(later=later)}).content.decode()
    assert not is_in(client)


def test_a_code_that_was_used_lets_nobody_in_again() -> None:
    from django.core.cache import cache

    user, code = with_phone(with_password(ana())), code_of()
    assert at_the_second_step(user).post("/accounts/login/second/", {"code": code}).status_code == 302
    # What django-allauth remembers is over after half a minute, and the code still fits.
    cache.delete(f"allauth.mfa.totp.used?user={user.pk}&code={code}")
    again = at_the_second_step(user)
    assert "does not fit" in again.post("/accounts/login/second/", {"code": code}).content.decode()
    assert not is_in(again)


def test_one_persons_used_code_is_nothing_to_another() -> None:
    code = code_of()
    for user in (with_phone(with_password(ana())), with_phone(with_password(ben()))):
        client = at_the_second_step(user)
        client.post("/accounts/login/second/", {"code": code})
        assert is_in(client)


def test_a_recovery_code_lets_in_once() -> None:
    user = with_phone(with_password(ana()))
    code = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()[3]
    client = at_the_second_step(user)
    client.post("/accounts/login/second/", {"code": code})
    assert is_in(client)
    again = at_the_second_step(user)
    again.post("/accounts/login/second/", {"code": code})
    assert not is_in(again)


def test_otto_who_left_does_not_get_in_with_password_and_code() -> None:
    user = with_phone(with_password(otto()))
    client = Client()
    answer = client.post("/accounts/login/", {"login": user.username, "password": PASSWORD})
    assert answer["Location"] == "/accounts/inactive/"
    assert client.get("/accounts/login/second/").status_code == 302 and not is_in(client)


def test_whoever_is_deactivated_between_password_and_code_stays_out() -> None:
    client = at_the_second_step(with_phone(with_password(ana())))
    User.objects.filter(pk=ana().pk).update(is_active=False)
    client.post("/accounts/login/second/", {"code": code_of()})
    assert not is_in(client)


# --- setting up, removing -----------------------------------------------------------------------------------


def test_the_square_is_part_of_the_page_and_no_script_is() -> None:
    client = in_person(ana())
    page = client.get("/accounts/second/phone/").content.decode()
    assert "data:" not in page.split("<main")[1]
    assert re.search(r'<svg class="qr" viewBox="0 0 \d+ \d+" role="img" aria-label="[^"]+"><path d="M', page)


def test_the_square_says_hindsight_and_who() -> None:
    from allauth.core import context
    from django.test import RequestFactory

    with context.request_context(RequestFactory().get("/")):
        url = SecondFactors().build_totp_url(ana(), SECRET)
    assert url == f"otpauth://totp/ana%40office.example?secret={SECRET}&issuer=Hindsight"


PAGES = [
    "/accounts/login/",
    "/accounts/second/",
    "/accounts/second/phone/",
    "/accounts/second/passkey/",
    "/accounts/second/codes/",
    "/accounts/second/codes/new/",
    "/accounts/reauthenticate/",
    "/accounts/reauthenticate/code/",
    "/me/sessions/",
]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_holds_a_script_or_a_style_of_its_own(address: str) -> None:
    user = with_phone(ana()) if "codes" in address or "/code/" in address else ana()
    with_password(user)
    client = Client() if "login" in address else earlier(user)
    if "login" not in address:
        way = "/accounts/reauthenticate/"
        client.post(way, {"password": PASSWORD})
    answer = client.get(address)
    assert answer.status_code == 200, answer
    html = answer.content.decode()
    assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", html)
    assert not re.findall(r"<style|\sstyle=|\son\w+=", html)
    assert "hx-on" not in html and "default-src 'self'" in answer["Content-Security-Policy"]


def test_ana_takes_her_own_second_step_off_and_is_told_by_letter() -> None:
    client = in_person(ana())
    with_phone(ana())
    client.post("/accounts/second/phone/remove/")
    assert not Authenticator.objects.exists()
    assert mail.outbox[-1].subject == "Hindsight: the code from the phone was removed"
    assert mail.outbox[-1].to == ["ana@office.example"]


@for_brokers_and_admins
def test_bruna_who_takes_her_last_one_off_sets_up_another() -> None:
    client = in_person(bruna())
    with_phone(bruna())
    assert "you set up another right after" in client.get("/accounts/second/phone/remove/").content.decode()
    client.post("/accounts/second/phone/remove/")
    assert client.get("/")["Location"] == SET_UP


def test_a_letter_that_cannot_be_sent_stops_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError("ana@office.example")

    client = in_person(ana())
    with_phone(ana())
    monkeypatch.setattr("django.core.mail.EmailMessage.send", refused)
    assert client.post("/accounts/second/phone/remove/").status_code == 302
    assert "could not be sent: ConnectionRefusedError" in caplog.text and "ana@" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_with_the_first_second_step_the_logins_by_password_alone_end() -> None:
    here, elsewhere = in_person(ana()), Client()
    elsewhere.post("/accounts/login/", {"login": "ana", "password": PASSWORD})
    assert is_in(elsewhere)
    page = here.get("/accounts/second/phone/").content.decode()
    here.post("/accounts/second/phone/", {"code": code_of(re.findall(r">([A-Z2-7]{32})<", page)[0])})
    assert is_in(here) and not is_in(elsewhere)


# --- secrets ------------------------------------------------------------------------------------------------


def test_a_copy_of_the_database_tells_no_secret() -> None:
    with_phone(ana())
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    codes = Authenticator.objects.get(type="recovery_codes").wrap().generate_codes()
    assert SECRET not in stored and not any(code in stored for code in codes)


def test_under_another_key_no_code_fits_not_even_that_of_an_empty_secret() -> None:
    user = with_phone(with_password(ana()))
    with override_settings(SECRET_KEY="another key altogether, long enough to be one"):
        client = at_the_second_step(user)
        for code in (code_of(), code_of("")):
            client.post("/accounts/login/second/", {"code": code})
        assert not is_in(client)
    with override_settings(
        SECRET_KEY="a new key", SECRET_KEY_FALLBACKS=[__import__("django").conf.settings.SECRET_KEY]
    ):
        client = at_the_second_step(user)
        client.post("/accounts/login/second/", {"code": code_of()})
        assert is_in(client)


# --- passkeys, as far as they go without a browser (tests/browser/test_second_factor.py has one) ------------

HALF = {"id": "YQ", "rawId": "YQ", "type": "public-key"}
HALF_SAID = {"clientDataJSON": "YQ"}
RUBBISH = [
    "",
    "null",
    "5",
    "[]",
    "{}",
    '"x"',
    "{",
    '{"id": 1}',
    '{"id": "a", "rawId": "a", "type": "public-key", "response": {}}',
    json.dumps({**HALF, "response": {**HALF_SAID, "authenticatorData": "YQ", "signature": "YQ", "userHandle": "YQ"}}),
    json.dumps({**HALF, "response": {**HALF_SAID, "attestationObject": "YQ"}}),
    '{"response": []}',
    '{"response": {"userHandle": 7}}',
    '{"x": "\\u0000"}',
    "[" * 15_000,
    '{"a":' * 4_000,
    "x" * 100_000,
]


@pytest.mark.parametrize("sent", RUBBISH, ids=range(len(RUBBISH)))
def test_rubbish_in_place_of_a_passkey_is_refused(sent: str) -> None:
    stranger = Client()
    assert stranger.get("/accounts/login/passkey/", headers={"accept": "application/json"}).status_code == 200
    assert stranger.post("/accounts/login/passkey/", {"credential": sent})["Location"] == "/accounts/login/"
    half = at_the_second_step(with_phone(with_password(ana())))
    half.get("/accounts/login/second/")
    assert half.post("/accounts/login/second/", {"credential": sent}).status_code == 200
    assert not is_in(stranger) and not is_in(half)
    own = in_person(ben())
    own.get("/accounts/second/passkey/")
    assert own.post("/accounts/second/passkey/", {"credential": sent, "name": "x"}).status_code == 200
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_nobody_renames_or_removes_the_passkey_of_another() -> None:
    key = Authenticator.objects.create(user=ben(), type="webauthn", data={"name": "Ben’s", "credential": {}})
    client = in_person(ana())
    for address in (f"/accounts/second/passkey/{key.pk}/", f"/accounts/second/passkey/{key.pk}/remove/"):
        assert client.get(address).status_code == client.post(address, {"name": "Mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "Ben’s"


def test_the_admin_shows_no_secret_even_to_superusers() -> None:
    for name in ("mfa_authenticator", "usersessions_usersession", "account_emailaddress"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}_changelist")
