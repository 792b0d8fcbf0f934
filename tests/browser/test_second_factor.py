"""A second step in a real browser: a passkey set up, used alone, used after the password, and the code from a phone."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.models import Authenticator
from django.test.utils import override_settings

from leads.models import User
from tests.browser.hands import breaches
from tests.factories import ana, bruna
from tests.second_steps import PASSWORD, code_of, with_password, with_phone

if TYPE_CHECKING:
    from playwright.sync_api import Page

Open = Callable[..., "Page"]

pytestmark = pytest.mark.django_db(transaction=True)

CALM = {"reduced_motion": "reduce"}
both_schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


def with_a_device(page: "Page", *, knows_its_owner: bool = True) -> None:
    """Gives this page a device that says at once that somebody was there; a plain security key knows not who."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal" if knows_its_owner else "usb",
        "hasResidentKey": knows_its_owner,
        "hasUserVerification": knows_its_owner,
        "isUserVerified": knows_its_owner,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": device})


def type_password(page: "Page", user: User) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("User name or e-mail").fill(user.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Log in", exact=True).click()


def log_out(page: "Page") -> None:
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button", name="Log out").click()
    page.get_by_label("User name or e-mail").wait_for()


def set_up_a_passkey(page: "Page", name: str, *, alone: bool = True) -> None:
    page.goto("/accounts/second/passkey/")
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Log in with it alone").set_checked(alone)
    page.get_by_role("button", name="Set it up").click()
    page.get_by_role("heading", name="Recovery codes").wait_for()


def test_ana_sets_up_a_passkey_and_logs_in_with_it_alone(open_page: Open) -> None:
    page = open_page(None, "/accounts/login/")
    with_a_device(page)
    type_password(page, with_password(ana()))
    page.locator("#board").wait_for()
    set_up_a_passkey(page, "Work phone")
    assert page.locator(".codes li").count() == 10
    log_out(page)
    page.get_by_role("button", name="Use a passkey instead").click()
    page.locator("#board").wait_for()
    page.goto("/accounts/second/")
    page.locator(".keys b", has_text="Work phone").wait_for()


def test_after_the_password_the_passkey_is_asked_for_and_is_enough(open_page: Open) -> None:
    page = open_page(None, "/accounts/login/")
    with_a_device(page, knows_its_owner=False)
    type_password(page, with_password(ana()))
    page.locator("#board").wait_for()
    set_up_a_passkey(page, "Key on the ring", alone=False)
    log_out(page)
    type_password(page, ana())
    page.get_by_role("heading", name="One more step").wait_for()
    page.get_by_role("button", name="Use a passkey").click()
    page.locator("#board").wait_for()


def test_whoever_gives_no_passkey_is_told_so_and_stays_out(open_page: Open) -> None:
    page = open_page(None, "/accounts/login/")
    with_a_device(page)
    page.get_by_role("button", name="Use a passkey instead").click()
    page.get_by_text("No passkey was given.").wait_for()
    assert page.get_by_role("button", name="Use a passkey instead").is_enabled()
    assert breaches(page) == []


def test_a_passkey_proves_who_is_there_before_what_matters(open_page: Open) -> None:
    page = open_page(None, "/accounts/login/")
    with_a_device(page)
    type_password(page, with_password(ana()))
    page.locator("#board").wait_for()
    set_up_a_passkey(page, "Work phone")
    with override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=0):
        page.goto("/accounts/second/codes/new/")
        page.get_by_role("heading", name="Is it you?").wait_for()
    page.get_by_role("link", name="With a passkey").click()
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("heading", name="New recovery codes").wait_for()


def test_a_device_that_knows_ana_already_says_so(open_page: Open) -> None:
    page = open_page(None, "/accounts/login/")
    with_a_device(page)
    type_password(page, with_password(ana()))
    page.locator("#board").wait_for()
    set_up_a_passkey(page, "Work phone")
    page.goto("/accounts/second/passkey/")
    page.get_by_role("button", name="Set it up").click()
    page.get_by_text("This device has a passkey for you already.").wait_for()
    assert Authenticator.objects.filter(type="webauthn").count() == 1


def test_bruna_must_and_sets_up_the_code_on_the_way_in(open_page: Open) -> None:
    with override_settings(SECOND_FACTOR_FOR=frozenset({"broker", "admin"})):
        page = open_page(None, "/accounts/login/", phone=True)
        type_password(page, with_password(bruna()))
        page.get_by_text("your password alone is not enough").wait_for()
        page.get_by_role("link", name="Set up the code").click()
        page.get_by_role("img", name="The square to scan").wait_for()
        page.get_by_text("No camera?").click()
        secret = page.locator(".code-text").inner_text()
        page.get_by_label("Code").fill(code_of(secret))
        page.get_by_role("button", name="Set it up").click()
        page.get_by_role("link", name="To the board").click()
        page.locator("#board").wait_for()
        log_out(page)
        type_password(page, bruna())
        page.get_by_label("Code").fill(code_of(secret, later=1))
        page.get_by_role("button", name="Log in", exact=True).click()
        page.locator("#board").wait_for()


def test_everything_but_the_passkey_works_without_a_script(open_page: Open) -> None:
    with override_settings(SECOND_FACTOR_FOR=frozenset({"broker"})):
        page = open_page(None, "/accounts/login/", java_script_enabled=False)
        assert page.get_by_role("button", name="Use a passkey instead").count() == 0
        type_password(page, with_password(bruna()))
        page.get_by_role("link", name="Set up a passkey").click()
        page.get_by_text("This browser cannot set up a passkey here").wait_for()
        page.get_by_role("link", name="Back").click()
        page.get_by_role("link", name="Set up the code").click()
        secret = re.sub(r"\s", "", page.locator(".code-text").text_content() or "")
        page.get_by_label("Code").fill(code_of(secret))
        page.get_by_role("button", name="Set it up").click()
        assert page.locator(".codes li").count() == 10
        page.goto("/me/sessions/")
        page.get_by_role("button", name="Log out everywhere else").click()
        assert page.get_by_text("You were logged in nowhere else.").count() == 1


@both_schemes
def test_the_pages_of_the_second_step_are_clean(open_page: Open, scheme: str) -> None:
    page = open_page(None, "/accounts/login/", color_scheme=scheme, phone=scheme == "dark", **CALM)
    with_a_device(page)
    type_password(page, with_password(ana()))
    page.locator("#board").wait_for()
    for address in ("second/", "second/phone/", "second/passkey/", "reauthenticate/"):
        page.goto(f"/accounts/{address}")
        assert breaches(page) == [], address
    with_phone(ana())
    Authenticator.objects.create(user=ana(), type="webauthn", data={"name": "Work phone", "credential": {}})
    key = Authenticator.objects.get(type="webauthn").pk
    for address in ("second/", "second/codes/", "second/codes/new/", "second/phone/remove/", f"second/passkey/{key}/"):
        page.goto(f"/accounts/{address}")
        assert breaches(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto("/me/sessions/")
    assert breaches(page) == []
    Authenticator.objects.filter(type="webauthn").delete()
    log_out(page)
    type_password(page, ana())
    page.get_by_label("Code").fill("1")
    page.get_by_role("button", name="Log in", exact=True).click()
    page.locator(".error-summary").wait_for()
    assert breaches(page) == []
