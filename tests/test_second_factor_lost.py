"""Somebody lost the phone: an admin takes the second step off, and it is written down; for the last admin a command."""

from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client

from leads.models import User
from tests.factories import ada, ana, ben, bruna
from tests.second_steps import PASSWORD, earlier, in_person, with_password, with_phone

pytestmark = pytest.mark.django_db


def address_of(user: User) -> str:
    return f"/admin/leads/user/{user.pk}/second-step/"


def test_ada_takes_the_second_step_of_ana_off_and_it_is_written_down() -> None:
    with_phone(ana())
    still_in, desk = earlier(ana()), in_person(ada())
    person = desk.get(f"/admin/leads/user/{ana().pk}/change/").content.decode()
    assert "a code from the phone" in person and f'href="{address_of(ana())}"' in person
    page = desk.get(address_of(ana())).content.decode()
    assert "Ana Alvarez has set up: a code from the phone." in page
    desk.post(address_of(ana()))
    assert not Authenticator.objects.filter(user=ana()).exists()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (ada(), str(ana().pk))
    assert entry.get_change_message() == (
        "Took the second step of Ana Alvarez off (a code from the phone) and ended every login of theirs."
    )
    assert still_in.get("/me/").status_code == 302
    assert [letter.to for letter in mail.outbox] == [["ana@office.example"]]


def test_looking_takes_nothing_off_and_nothing_to_take_off_writes_nothing() -> None:
    with_phone(ana())
    desk = in_person(ada())
    desk.get(address_of(ana()))
    assert Authenticator.objects.filter(user=ana()).count() == 2
    desk.post(address_of(ben()))
    assert not LogEntry.objects.exists() and not mail.outbox


def test_without_a_fresh_proof_nothing_is_taken_off() -> None:
    with_phone(ana())
    desk = earlier(with_password(ada()))
    for answer in (desk.get(address_of(ana())), desk.post(address_of(ana()))):
        assert answer["Location"].startswith("/accounts/reauthenticate/?next=")
    assert Authenticator.objects.filter(user=ana()).count() == 2 and not LogEntry.objects.exists()


def test_nobody_but_admins_and_no_admin_from_a_superuser() -> None:
    root = User.objects.create_superuser("root", "root@office.example", PASSWORD, display_name="Root")
    for user in (ana(), root):
        with_phone(user)
    for who in (ana(), bruna()):
        assert in_person(who).post(address_of(ana())).status_code in (302, 403)
    assert in_person(ada()).post(address_of(root)).status_code == 403
    assert in_person(ada()).post(address_of(ana()).replace(str(ana().pk), "999999")).status_code == 404
    assert Authenticator.objects.count() == 4


def test_ones_own_is_on_ones_own_page() -> None:
    with_phone(ada())
    assert earlier(ada()).post(address_of(ada()))["Location"] == "/accounts/second/"
    assert Authenticator.objects.filter(user=ada()).count() == 2


def test_the_last_admin_is_let_in_by_a_command() -> None:
    with_phone(ada())
    still_in, out = earlier(ada()), StringIO()
    call_command("remove_second_factor", "ada", stdout=out)
    assert "Taken off Ada Adeyemi: a code from the phone." in out.getvalue()
    assert not Authenticator.objects.exists() and still_in.get("/me/").status_code == 302


@pytest.mark.parametrize(("name", "said", "code"), [("nobody", "Nobody logs in", 2), ("ben", "has no second step", 1)])
def test_the_command_says_what_it_did_not_find(name: str, said: str, code: int) -> None:
    ben()
    with pytest.raises(CommandError, match=said) as refused:
        call_command("remove_second_factor", name)
    assert refused.value.returncode == code


def test_a_stranger_is_sent_to_the_login(client: Client) -> None:
    assert client.get(address_of(ana()))["Location"].startswith("/accounts/login/")
