"""Hindsight can be installed: the manifest says what it is called, where it begins and what it looks like."""

import struct
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from crm import manifest
from tests.factories import ana

TOKENS = Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css"


def size_of(address: str) -> tuple[int, int]:
    """Width and height that stand in the head of a PNG."""
    found = finders.find(address.removeprefix("/static/"))
    assert found, f"{address} is not there."
    head = Path(found).read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_a_browser_reads_the_manifest_without_a_login_or_a_database(client: Client) -> None:
    answer = client.get("/manifest.webmanifest")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["id"], told["start_url"], told["scope"], told["display"]) == ("/", "/", "/", "standalone")
    assert told["name"] == told["short_name"] == "Hindsight"


def test_every_icon_is_as_large_as_the_manifest_says(client: Client) -> None:
    icons = client.get("/manifest.webmanifest").json()["icons"]
    assert {(icon["sizes"], icon["purpose"]) for icon in icons} >= {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in icons:
        assert "{}x{}".format(*size_of(icon["src"])) == icon["sizes"]
    assert size_of("/static/icons/apple-touch-icon.png") == (180, 180)


def test_the_manifest_speaks_the_language_of_the_page_that_names_it(client: Client) -> None:
    english = client.get("/manifest.webmanifest?language=en", headers={"accept-language": "es"}).json()
    spanish = client.get("/manifest.webmanifest?language=es").json()
    assert (english["lang"], spanish["lang"]) == ("en", "es")
    assert english["shortcuts"][0] == {"name": "New lead", "url": "/leads/new/"}
    assert english["shortcuts"][1] == {"name": "My board", "url": "/?mine=true"}
    assert client.get("/manifest.webmanifest?language=tlh").json()["lang"] == "en"


@pytest.mark.django_db
def test_the_shortcuts_lead_somewhere_and_every_page_names_the_manifest(client: Client) -> None:
    assert 'rel="manifest" href="/manifest.webmanifest?language=en"' in client.get("/accounts/login/").content.decode()
    client.force_login(ana())
    for shortcut in client.get("/manifest.webmanifest").json()["shortcuts"]:
        page = client.get(shortcut["url"])
        assert page.status_code == 200
        assert 'rel="manifest" href="/manifest.webmanifest?language=en"' in page.content.decode()


def test_the_colours_of_the_installed_window_are_those_of_the_pages() -> None:
    tokens = TOKENS.read_text()
    assert f"--card: light-dark({manifest.THEME}," in tokens
    assert f"--ground: light-dark({manifest.BACKGROUND}," in tokens
