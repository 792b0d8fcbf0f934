"""Your settings: people choose language, time zone and the cards of their board, and nothing about anybody else."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from leads.models import Role, User
from lifecycle.models import OfficeSettings
from tests.factories import ana, ben

pytestmark = pytest.mark.django_db

AS_IT_IS = {"language": "", "time_zone": "", "density": "roomy"}


@pytest.fixture
def as_ana(client: Client) -> Client:
    client.force_login(ana())
    return client


def chosen(user: User) -> dict[str, Any]:
    return dict(User.objects.values("language", "time_zone", "density").get(pk=user.pk))


@pytest.fixture
def said_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message says which language it was said in, whatever the catalogs hold."""
    monkeypatch.setattr("leads.pages.me.gettext", lambda words: f"{translation.get_language()}: {words}")


@pytest.mark.usefixtures("said_in")
def test_ana_chooses_spanish_and_the_next_page_and_its_message_are_spanish(as_ana: Client) -> None:
    answer = as_ana.post("/me/", {**AS_IT_IS, "language": "es"}, follow=True, headers={"accept-language": "en"})
    page = answer.content.decode()
    assert '<html lang="es"' in page
    assert "es: Your settings are saved." in page
    assert chosen(ana())["language"] == "es"


@pytest.mark.usefixtures("said_in")
def test_ana_goes_back_to_what_her_browser_asks_and_is_told_so_in_that_language(as_ana: Client) -> None:
    User.objects.filter(pk=ana().pk).update(language="es")
    page = as_ana.post("/me/", AS_IT_IS, follow=True, headers={"accept-language": "en"}).content.decode()
    assert '<html lang="en"' in page
    assert "en: Your settings are saved." in page


def test_each_language_is_offered_in_its_own_words(as_ana: Client) -> None:
    User.objects.filter(pk=ana().pk).update(language="es")
    page = as_ana.get("/me/").content.decode()
    assert 'lang="en"' in page and "English" in page
    assert 'lang="es"' in page and "Español" in page


@pytest.mark.parametrize("typed", ["America/Los_Angeles", "america/los angeles", " America/Los_Angeles "])
def test_a_time_zone_may_be_typed_as_people_type(as_ana: Client, typed: str) -> None:
    answer = as_ana.post("/me/", {**AS_IT_IS, "time_zone": typed, "density": "compact"})
    assert answer.status_code == 302
    assert chosen(ana()) == {"language": "", "time_zone": "America/Los_Angeles", "density": "compact"}


def test_without_a_time_zone_of_her_own_ana_is_told_which_one_the_office_has(as_ana: Client) -> None:
    OfficeSettings.objects.update_or_create(pk=OfficeSettings.ONLY, defaults={"time_zone": "Asia/Kolkata"})
    assert "Empty: the office&#x27;s, Asia/Kolkata." in as_ana.get("/me/").content.decode()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("time_zone", "Moon/Tranquility", "Not a time zone. Use a name such as America/Los_Angeles."),
        ("time_zone", "x" * 5000, "Not a time zone. Use a name such as America/Los_Angeles."),
        ("time_zone", "localtime", "Not a time zone. Use a name such as America/Los_Angeles."),
        ("time_zone", "../etc/passwd", "Not a time zone. Use a name such as America/Los_Angeles."),
        ("language", "tlh", "Hindsight does not speak this language. Choose one from the list."),
        ("density", "dense", "Choose Roomy or Compact."),
        ("density", "", "Choose Roomy or Compact."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_changes_nothing(
    as_ana: Client, field: str, value: str, sentence: str
) -> None:
    answer = as_ana.post("/me/", {"language": "es", "time_zone": "Asia/Kolkata", "density": "compact", field: value})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert chosen(ana()) == AS_IT_IS


def test_ana_cannot_make_herself_admin_or_rename_anybody(as_ana: Client) -> None:
    before = User.objects.values().get(pk=ana().pk)
    other = User.objects.values().get(pk=ben().pk)
    claims = {
        "role": Role.ADMIN.value,
        "is_superuser": "on",
        "is_staff": "on",
        "display_name": "Boss",
        "email": "x@y.z",
    }
    answer = as_ana.post("/me/", {**AS_IT_IS, **claims, "id": ben().pk, "user": ben().pk, "density": "compact"})
    assert answer.status_code == 302
    assert User.objects.values().get(pk=ana().pk) == {**before, "density": "compact"}
    assert User.objects.values().get(pk=ben().pk) == other


def test_what_an_admin_changes_meanwhile_is_not_put_back(as_ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page read Ana's row before; it must write its own columns only."""
    from leads.forms.me import OwnSettingsForm

    clean = OwnSettingsForm.full_clean

    def promoted_meanwhile(self: OwnSettingsForm) -> None:
        clean(self)
        User.objects.filter(pk=ana().pk).update(role=Role.BROKER.value)

    monkeypatch.setattr(OwnSettingsForm, "full_clean", promoted_meanwhile)
    as_ana.post("/me/", {**AS_IT_IS, "density": "compact"})
    assert User.objects.get(pk=ana().pk).role == Role.BROKER


def test_strangers_log_in_first_and_other_methods_are_refused(client: Client) -> None:
    assert client.get("/me/")["Location"] == "/accounts/login/?next=/me/"
    client.force_login(ana())
    assert client.delete("/me/").status_code == 405


def test_the_menu_leads_to_the_settings(as_ana: Client) -> None:
    assert 'href="/me/"' in as_ana.get("/").content.decode()


# --- before the login


def test_the_login_page_changes_its_language_and_stays_where_it_was(client: Client) -> None:
    address = "/accounts/login/?next=/leads/7/"
    page = client.get(address).content.decode()
    assert '<button name="language" value="es" lang="es">Español</button>' in page
    assert '<button name="language" value="en" lang="en" aria-current="true">English</button>' in page
    answer = client.post("/language/", {"language": "es", "next": address})
    assert answer["Location"] == address
    assert '<html lang="es"' in client.get(address, headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize("page", ["login/", "password/reset/", "password/reset/done/", "inactive/"])
def test_every_page_before_the_login_offers_the_languages(client: Client, page: str) -> None:
    assert 'name="language" value="es"' in client.get(f"/accounts/{page}").content.decode()


def test_the_choice_of_a_language_leads_to_no_foreign_page(client: Client) -> None:
    answer = client.post("/language/", {"language": "es", "next": "https://evil.example/"})
    assert "evil" not in answer["Location"]
