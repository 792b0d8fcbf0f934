"""Hindsight speaks Spanish as it speaks English: every word is translated, and whoever chose a language gets it."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.test import Client
from django.utils import translation

from leads.models import User
from lifecycle.explain import why_not
from lifecycle.states import State
from tests import factories

ROOT = Path(__file__).resolve().parent.parent
CATALOGS = sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po"))
_BLANK = re.compile(r"%\(\w+\)[sd]|%[sd]")


def entries() -> Iterator[tuple[str, polib.POEntry]]:
    for path in CATALOGS:
        for entry in polib.pofile(str(path)):
            yield str(path.relative_to(ROOT)), entry


def texts(entry: polib.POEntry) -> list[str]:
    return [entry.msgstr, *entry.msgstr_plural.values()] if entry.msgstr else list(entry.msgstr_plural.values())


def test_every_word_has_its_translation() -> None:
    assert CATALOGS
    missing = [(path, e.msgid) for path, e in entries() if not e.obsolete and not (texts(e) and all(texts(e)))]
    assert missing == []


def test_no_translation_is_only_a_guess() -> None:
    assert [(path, e.msgid) for path, e in entries() if e.fuzzy] == []


def test_a_translation_fills_the_same_blanks() -> None:
    """A blank that is misspelt would be a fault on the page."""
    wrong = []
    for path, entry in entries():
        wanted = set(_BLANK.findall(f"{entry.msgid} {entry.msgid_plural}"))
        for text in texts(entry):
            found = set(_BLANK.findall(text))
            # "One lead" may leave the number out.
            if found - wanted or (wanted - found and not entry.msgid_plural):
                wrong.append((path, entry.msgid, text))
    assert wrong == []


def test_a_translation_keeps_the_markup() -> None:
    def tags(text: str) -> list[str]:
        return sorted(re.findall(r"</?\w+[^>]*>", text))

    assert [(path, e.msgid, text) for path, e in entries() for text in texts(e) if tags(text) != tags(e.msgid)] == []


def test_the_compiled_catalogs_say_what_their_sources_say() -> None:
    for path in CATALOGS:
        source = {(e.msgctxt, e.msgid): texts(e) for e in polib.pofile(str(path))}
        compiled = {(e.msgctxt, e.msgid): texts(e) for e in polib.mofile(str(path.with_suffix(".mo")))}
        assert compiled == source, f"{path.name}: run `make messages`."


def test_no_word_of_the_code_is_missing_from_the_catalogs(tmp_path: Path) -> None:
    """Collected anew from a copy of the code, the catalogs hold the same words."""
    if shutil.which("xgettext") is None:
        pytest.skip("GNU gettext is not on this machine.")
    for folder in ("crm", "leads", "lifecycle", "templates", "static", "locale"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    before = {path.name: {(e.msgctxt, e.msgid) for e in polib.pofile(str(path))} for path in CATALOGS}
    script = "import sys; sys.path[:0] = [{!r}, {!r}]; import django; django.setup(); import collect; " + (
        "collect.collect(__import__('pathlib').Path({!r}))"
    )
    subprocess.run(
        [sys.executable, "-c", script.format(str(ROOT / "locale"), str(ROOT), str(tmp_path))],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_ENGINE": "sqlite", "PATH": "/usr/bin:/bin"},
        check=True,
        timeout=120,
    )
    for path in sorted((tmp_path / "locale").glob("*/LC_MESSAGES/*.po")):
        fresh = {(e.msgctxt, e.msgid) for e in polib.pofile(str(path)) if not e.obsolete}
        assert fresh == before[path.name], "run `make messages`, then translate what is new."


def test_the_rules_refuse_in_the_language_of_the_reader() -> None:
    refusals = set()
    for language in ("en", "es"):
        with translation.override(language):
            refusals.add(why_not(State.COMMITTED, State.CLOSED))
    assert len(refusals) == 2


@pytest.mark.django_db
def test_ana_chose_spanish_and_keeps_it_wherever_she_logs_in(client: Client) -> None:
    ana = factories.ana()
    ana.language = "es"
    ana.save(update_fields=["language"])
    client.force_login(ana)
    page = client.get("/", headers={"accept-language": "en-US"}).content.decode()
    assert '<html lang="es"' in page
    assert "Tablero" in page


@pytest.mark.django_db
def test_a_browser_that_asks_for_spanish_gets_it_before_anybody_logs_in(client: Client) -> None:
    page = client.get("/accounts/login/", headers={"accept-language": "es-MX,es;q=0.9"}).content.decode()
    assert '<html lang="es"' in page


@pytest.mark.django_db
def test_a_language_that_nobody_speaks_falls_back_to_english(client: Client) -> None:
    page = client.get("/accounts/login/", headers={"accept-language": "tlh"}).content.decode()
    assert '<html lang="en"' in page
    assert client.get("/words/tlh/0.js").status_code == 404


def test_the_words_of_the_scripts_stay_with_the_browser(client: Client) -> None:
    from crm.script_words import script_words_url

    assert script_words_url("en") == ""
    answer = client.get(script_words_url("es"))
    assert answer["Content-Type"].startswith("text/javascript")
    assert "immutable" in answer["Cache-Control"]
    assert "immutable" not in client.get("/words/es/old.js").get("Cache-Control", "")


# --- pages that do not know who looks -----------------------------------------------------------------------


def spanish_ana() -> User:
    ana = factories.ana()
    ana.language = "es"
    ana.save(update_fields=["language"])
    return ana


@pytest.mark.django_db
def test_what_fails_before_the_language_is_chosen_does_not_speak_the_last_visitors(client: Client) -> None:
    client.force_login(spanish_ana())
    client.get("/")
    stranger = Client().get("/", headers={"host": "evil.example"})
    assert stranger.status_code == 400
    assert '<html lang="en"' in stranger.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), [("get", "/board/column/NOPE/"), ("post", "/me/density/")])
def test_an_error_page_names_the_language_that_it_speaks(client: Client, method: str, path: str) -> None:
    client.force_login(spanish_ana())
    answer = getattr(client, method)(path)
    assert answer.status_code in (400, 404) and '<html lang="es"' in answer.content.decode()


@pytest.mark.django_db
def test_who_chose_spanish_reads_it_where_nobody_is_known_yet(client: Client) -> None:
    client.force_login(factories.ana())
    form = {"language": "es", "time_zone": "", "density": "roomy"}
    client.post("/me/", form)
    assert '<html lang="es"' in client.get("/no/such/page/").content.decode()
    client.post("/me/", {**form, "language": ""})
    assert '<html lang="en"' in client.get("/no/such/page/").content.decode()


def test_what_anybody_may_fetch_says_in_which_language_it_is(client: Client) -> None:
    from crm.script_words import script_words_url

    for path in (script_words_url("es"), "/manifest.webmanifest?language=es"):
        assert client.get(path)["Content-Language"] == "es", path
