"""docs/security.md names tests that exist, has a row for every requirement of ASVS 5.0 level 1, and says true numbers.

No test here needs a database, so that a renamed test is noticed at once.
"""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from allauth.account import app_settings as account
from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.test import Client
from django.test.utils import override_settings

from crm import settings as product
from leads.models import Lead, User
from lifecycle.storable import TEXT_LIMIT

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
REPORTING = (ROOT / "SECURITY.md").read_text(encoding="utf-8")

#: The requirements of level 1, by their sections.
LEVEL_1 = """
1.2: 1 2 3 4 5   1.3: 1 2   1.5: 1
2.1: 1   2.2: 1 2   2.3: 1
3.2: 1 2   3.3: 1   3.4: 1 2   3.5: 1 2 3
4.1: 1   4.4: 1
5.2: 1 2   5.3: 1 2
6.1: 1   6.2: 1 2 3 4 5 6 7 8   6.3: 1 2   6.4: 1 2
7.2: 1 2 3 4   7.4: 1 2
8.1: 1   8.2: 1 2   8.3: 1
9.1: 1 2 3   9.2: 1
10.4: 1 2 3 4 5
11.3: 1 2   11.4: 1
12.1: 1   12.2: 1 2
13.4: 1
14.2: 1   14.3: 1
15.1: 1   15.2: 1   15.3: 1
"""
NUMBERS = [f"V{part}.{n}" for part, ns in re.findall(r"([\d.]+): ((?:\d+\s+)+)", LEVEL_1) for n in ns.split()]
MET, PARTLY, NOT_APPLICABLE = "**met**", "partly", "not applicable"

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
ROW = re.compile(r"^\| (V[\d.]+) \| (.+?) \| (.+?) \| (.+) \|$", re.M)


def rows() -> list[tuple[str, str, str, str]]:
    """Of each line of the table: number, what is asked, state, evidence."""
    return ROW.findall(PAGE)


@cache
def functions(file: str) -> frozenset[str]:
    """The tests of a file by name; none where there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    return frozenset(n.name for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef))


# --- the page and the tests ---------------------------------------------------------------------------------


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(PAGE + REPORTING)
    assert len(named) > 100
    assert sorted({f"{file}::{name}" for file, name in named if name not in functions(file)}) == []


def test_whatever_looks_like_a_test_is_named_whole() -> None:
    """A file alone, or a function alone, would be looked for by nobody."""
    assert re.findall(r"`([^`\n]*test_[^`\n]*)`", NAMED.sub("", PAGE)) == ["tests/test_security_docs.py"]


def test_every_requirement_of_level_1_has_one_row_in_its_order() -> None:
    assert len(NUMBERS) == len(set(NUMBERS)) == 70
    assert [number for number, *_ in rows()] == NUMBERS
    assert len(re.findall(r"^\| V\d", PAGE, re.M)) == 70


def test_what_is_met_names_a_test_and_what_is_not_says_why() -> None:
    for number, asked, state, evidence in rows():
        assert state in (MET, PARTLY, NOT_APPLICABLE), number
        assert asked.strip() and evidence.strip(), number
        if state == MET:
            assert NAMED.search(evidence) and "Missing" not in evidence, number
        if state == PARTLY:
            assert "Missing: " in evidence or "up to the proxy" in evidence, number


def test_the_counts_in_the_text_are_those_of_the_table() -> None:
    sentence = r"has (\d+) requirements at level 1\. Of them (\d+) are met, (\d+) partly, (\d+) do not apply"
    said = re.search(sentence, " ".join(PAGE.split()))
    assert said is not None
    count = Counter(state for _, _, state, _ in rows())
    assert [int(n) for n in said.groups()] == [70, count[MET], count[PARTLY], count[NOT_APPLICABLE]]


def test_every_link_to_a_file_of_ours_leads_somewhere() -> None:
    for folder, text in ((ROOT / "docs", PAGE), (ROOT, REPORTING)):
        for target in re.findall(r"\]\((?!https:)([^)#]+)", text):
            assert (folder / target).resolve().is_file(), target


# --- what the page says of numbers --------------------------------------------------------------------------


def test_both_pages_promise_the_same_days() -> None:
    days = re.findall(r"\| (\d+) days \|", PAGE)
    mended = REPORTING.partition("- Mended")[2].partition("\n- ")[0]
    assert days == ["7", "30", "90"] == re.findall(r"within (\d+)\s+days", mended)
    assert len(REPORTING.splitlines()) < 40


def test_guesses_are_counted_as_the_page_says() -> None:
    with override_settings(ACCOUNT_RATE_LIMITS=getattr(product, "ACCOUNT_RATE_LIMITS", {})):
        limits = account.RATE_LIMITS
    said = {
        "login_failed": ("10/m/ip,5/300s/key", "5 in five minutes, 10 a minute"),
        "login": ("30/m/ip", "30 a minute"),
        "passkey_question": ("60/m/ip", "60 a minute"),
        "reset_password": ("20/m/ip,5/m/key", "5 a minute, 20 a minute"),
        "reset_password_from_key": ("20/m/ip", "20 a minute"),
        "reauthenticate": ("10/m/user", "10 a minute, 5 wrong ones in five minutes"),
        "change_password": ("5/m/user", "5 a minute"),
    }
    assert {name: limits.get(name) for name in said} == {name: limit for name, (limit, _) in said.items()}
    table = PAGE.partition("## How guessing is counted")[2].partition("\n## ")[0]
    assert all(f"| {words} |" in table for _, words in said.values())


def test_fields_take_what_the_page_says() -> None:
    facts = ("name", "email", "phone", "headline", "address")
    columns: dict[str, Any] = {name: Lead._meta.get_field(name) for name in facts}
    longest = {name: column.max_length for name, column in columns.items()}
    table = PAGE.partition("## What a field takes")[2].partition("\n## ")[0]
    for words in (
        f"| name | 1 to {longest['name']} characters, not blank |",
        f"| e-mail | an address, at most {longest['email']} |",
        f"| phone | at most {longest['phone']}, ",
        f"| what they want · address | at most {longest['headline']} · {longest['address']} |",
        f"| note, document, quotation | at most {TEXT_LIMIT} each |",
    ):
        assert words in table


# --- what no other test shows -------------------------------------------------------------------------------


def headers(address: str, **said: str) -> dict[str, str]:
    """Of the answer to somebody who is not logged in."""
    answer: Any = Client().get(address, headers=said)
    answer.close()
    return dict(answer.headers)


def test_the_name_of_a_session_is_not_guessed() -> None:
    """32 characters of 36, drawn by Django from the system's own source; the rest stays in the database as JSON."""
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
    assert len(set(VALID_KEY_CHARS)) ** 32 > 2**165 > 2**128


def test_a_link_to_a_new_password_is_signed_and_serves_once_and_for_three_days(monkeypatch: pytest.MonkeyPatch) -> None:
    links, ana = PasswordResetTokenGenerator(), User(pk=7, username="ana", email="ana@office.example")
    ana.set_password("the one that she forgot")
    link = links.make_token(ana)
    assert (
        links.check_token(ana, link) and links.algorithm == "sha256" and settings.PASSWORD_RESET_TIMEOUT == 3 * 86_400
    )
    made_at, digest = link.split("-")
    later = f"{made_at[:-1]}{'0' if made_at[-1] != '0' else '1'}-{digest}"
    for forged in (later, f"{made_at}-{'0' * len(digest)}", f"{made_at}-", "", "none", f"none-{digest}"):
        assert not links.check_token(ana, forged)
    assert not links.check_token(User(pk=8, password=ana.password, email=ana.email), link)
    with override_settings(SECRET_KEY="the key of another office"):
        assert not PasswordResetTokenGenerator().check_token(ana, link)
    now = links._now()
    for days, counts in ((2.9, True), (3.1, False)):
        with monkeypatch.context() as then:
            then.setattr(links, "_now", lambda days=days: now + type(now - now)(days=days))
            assert links.check_token(ana, link) is counts
    ana.set_password("the new one")
    assert not links.check_token(ana, link)


@pytest.mark.django_db
def test_other_sites_read_the_files_of_the_program_and_no_page() -> None:
    found = [path for floor in ("crm", "leads", "lifecycle") for path in (ROOT / floor).rglob("*.py")]
    assert len(found) > 300
    assert [path.name for path in found if "access-control-" in path.read_text().lower()] == []
    assert [app for app in (*settings.INSTALLED_APPS, *settings.MIDDLEWARE) if "cors" in app.lower()] == []
    file, page = (headers(at, Origin="https://evil.example") for at in ("/static/css/base.css", "/nowhere/"))
    assert "Access-Control-Allow-Credentials" not in file and "Set-Cookie" not in file
    assert "Access-Control-Allow-Origin" not in page


@pytest.mark.django_db
def test_every_text_names_its_encoding() -> None:
    assert settings.DEFAULT_CHARSET == "utf-8"
    kinds = [
        (path.name, node.value.value)
        for floor in ("crm", "leads")
        for path in (ROOT / floor).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.keyword) and node.arg == "content_type" and isinstance(node.value, ast.Constant)
    ]
    texts = [(name, kind) for name, kind in kinds if isinstance(kind, str) and kind.startswith("text/")]
    assert len(texts) > 5 and [name for name, kind in texts if "charset=utf-8" not in kind] == []
    for file, kind in (("css/base.css", "text/css"), ("js/site.js", "text/javascript")):
        assert headers(f"/static/{file}")["Content-Type"].replace('"', "") == f"{kind}; charset=utf-8"


def test_what_is_served_as_a_file_lies_in_one_folder_of_ours() -> None:
    assert settings.STATICFILES_DIRS == [ROOT / "static"] and not settings.MEDIA_ROOT
    assert [path for path in (ROOT / "static").rglob("*") if path.name.startswith(".") or path.is_symlink()] == []
    for address in ("/.git/config", "/static/../.git/config", "/static/%2e%2e/.git/config", "/static/.env", "/.env"):
        assert Client().get(address).status_code in (301, 404)
    stores: Any = settings.STORAGES
    uploads = stores["imports"]["OPTIONS"]
    assert uploads["base_url"] is None and not Path(uploads["location"]).is_relative_to(ROOT / "static")


def test_no_migration_makes_an_account() -> None:
    found = [path for floor in ("leads", "lifecycle") for path in (ROOT / floor / "migrations").glob("0*.py")]
    assert len(found) > 10
    for path in found:
        makes = r"create_(super)?user|set_password|make_password|get_model\(\s*[\"']leads[\"'],\s*[\"']User"
        assert not re.search(makes, path.read_text()), path.name


def test_every_library_is_pinned_by_its_hash() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        entries = re.split(r"^(?=[a-z0-9])", re.sub(r"^\s*#.*\n", "", text, flags=re.M), flags=re.M)[1:]
        assert len(entries) > 15 and not re.search(r"--(extra-)?index-url|--find-links|git\+|https?:", text)
        for entry in entries:
            assert re.match(r"[\w.\[\],-]+==[\w.+!]+ ", entry) and "--hash=sha256:" in entry, entry.splitlines()[0]


def test_what_does_not_apply_is_not_here() -> None:
    """No OAuth in either direction, no WebSockets, no second way to ask for data."""
    named = " ".join((*settings.INSTALLED_APPS, *settings.MIDDLEWARE)).lower()
    for absent in ("socialaccount", "idp", "oauth", "oidc", "saml", "channels", "daphne", "graphene", "rest_framework"):
        assert absent not in named
