"""A card is drawn in Python: whatever it shows is text, and two hundred of them ask no more than two."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from leads import moments
from leads.board.cards import Desk, card
from leads.board.markup import Card
from leads.models import Lead, User
from leads.phrases import Phrases
from leads.sign import Sign
from lifecycle.flags import Flag
from lifecycle.models import OfficeSettings
from lifecycle.states import State
from tests.factories import LeadFactory, ana, bruna
from tests.pseudo import Catalog, spoken

EVIL = """<b onclick="x">&amp;'Dana'</b>"""
PLAIN = Card(
    pk=7,
    version=3,
    name="Dana Ortiz",
    move="Move Dana Ortiz…",
    headline="3-bed in Alameda",
    look="is-back",
    provenance=Sign("Fell back", "undo-2", "chip-back", "Fell back before contract"),
    clock=Sign("+12m 06s", "timer", "chip-bad", "First contact was due"),
    before_clock="First contact:",
    age="12 d here",
    age_more="Qualified since Tuesday",
    stale=True,
    contact="2 d ago",
    before_contact="Last contact:",
    contact_more="Last contact on Sunday",
    holder=Sign("AA", "", "", "With Ana Alvarez"),
    signs=[Sign("Do not call", "phone-off", "is-warning", "No calls")],
    at="",
)


class Reader(HTMLParser):
    """What a browser makes of a card: its elements with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"An attribute of {tag} stands there twice."
        self.elements.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def shape(html: str) -> list[tuple[str, list[str]]]:
    return [(tag, list(attrs)) for tag, attrs in Reader(html).elements]


def spoilt(name: str) -> list[Card]:
    """The plain card with markup in one of its fields; of a chip in each of its parts."""
    value: Any = getattr(PLAIN, name)
    if isinstance(value, str):
        return [changed(name, EVIL)]
    parts = [{"words": EVIL}, {"look": EVIL}, {"more": EVIL}]
    if isinstance(value, Sign):
        return [changed(name, replace(value, **part)) for part in parts]
    return [changed(name, [replace(value[0], **part)]) for part in parts] if isinstance(value, list) else []


def changed(name: str, value: Any) -> Card:
    return replace(PLAIN, **{name: value})


@pytest.mark.parametrize("name", [f.name for f in fields(Card) if f.name != "at"])
def test_markup_in_what_a_card_shows_is_text(name: str) -> None:
    for one in spoilt(name):
        assert shape(one.html) == shape(PLAIN.html)
        read = Reader(one.html)
        said = [*read.text, *(v or "" for _, attrs in read.elements for v in attrs.values())]
        assert any(EVIL in words for words in said), f"{name} is on no card."


def test_what_follows_the_address_of_a_past_lead_is_text() -> None:
    link = Reader(replace(PLAIN, at='at/?t=2026-03-01&clock="known"').html).elements[1][1]
    assert link["href"] == '/leads/7/at/?t=2026-03-01&clock="known"'


def test_nothing_moves_on_a_card_of_the_past() -> None:
    assert 'href="/leads/7/move/"' in PLAIN.html
    assert "/move/" not in replace(PLAIN, at="at/?t=2026-03-01").html


def test_a_bare_card_leaves_out_what_it_does_not_know() -> None:
    bare = replace(PLAIN, look="", headline="", provenance=None, clock=None, stale=False, contact="", signs=[])
    classes = [attrs.get("class") for _, attrs in Reader(bare.html).elements]
    assert classes[0] == "card"
    assert not {"card-want", "chip ", "card-signs", "is-stale"} & set(classes)
    assert "Last contact:" not in bare.html


# ---- what a page asks only once


def some_leads(how_many: int) -> list[Lead]:
    """Leads of every sort of card, never stored."""
    now, agent = timezone.now(), User(display_name="Ana Alvarez")
    days = [timedelta(days=n % 80, hours=n % 11, minutes=n % 7) for n in range(how_many)]
    return [
        Lead(
            pk=n + 1,
            name=f"Lead {n}",
            status=list(State)[n % len(State)].value,
            stage_entered_at=now - days[n],
            last_contact_at=now - days[n] / 3 if n % 3 else None,
            agent=agent if n % 2 else None,
            **{flag.value: n % 5 == 0 for flag in Flag},
        )
        for n in range(how_many)
    ]


class Counted(Catalog):
    """Counts how often it is asked."""

    times = 0

    def _said(self, message: str) -> str:
        self.times += 1
        return super()._said(message)


def asked_for(leads: list[Lead]) -> int:
    with spoken(Counted()) as catalog:
        assert isinstance(catalog, Counted)
        desk = Desk(timezone.now(), OfficeSettings(), {}, timezone.get_current_timezone())
        html = "".join(card(lead, desk).html for lead in leads)
    assert "⟦" in html
    return catalog.times


def test_two_hundred_cards_look_up_no_more_words_than_eighty() -> None:
    few, many = some_leads(80), some_leads(200)
    # Both say every weekday, month and unit of time; only the leads of Qualified may still ask of their own.
    assert asked_for(many) <= asked_for(few) + 20


@pytest.mark.django_db
def test_the_holders_name_is_todays_on_the_next_board(client: Client) -> None:
    LeadFactory.create(name="Dana", agent=ana())
    LeadFactory.create(name="Eva", agent=ana())
    client.force_login(bruna())
    assert client.get("/").content.decode().count(f'title="With {ana().display_name}"') == 2

    User.objects.filter(pk=ana().pk).update(display_name="Zoe Young")

    html = client.get("/").content.decode()
    assert html.count('title="With Zoe Young"') == 2
    assert html.count('<span aria-hidden="true">ZY</span>') == 2


@pytest.mark.parametrize(
    "said",
    [
        lambda say: moments.exact(timezone.now(), timezone.get_current_timezone(), say),
        lambda say: moments.ago(timezone.now() - timedelta(days=3), timezone.now(), say),
        lambda say: moments.span(3 * moments.HOUR, say),
        lambda say: moments.clock(125, say),
        lambda say: say.gettext("Pool"),
        lambda say: say.ngettext("%(n)d time here", "%(n)d times here", 3),
    ],
)
def test_remembered_phrases_are_the_translators(said: Callable[[object], str]) -> None:
    for language in ("en", "es", "en"):
        with translation.override(language):
            say = Phrases()
            assert said(say) == said(say) == said(translation)
