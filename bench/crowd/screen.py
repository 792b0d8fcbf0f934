"""What a person reads off a page of ours: cards with their versions, forms with their fields, where the next page is.

Pure, and by patterns instead of an HTML parser: reading must cost the driver as little as it can, it shares the
machine with the server that it drives.
"""

import html
import random
import re
from dataclasses import dataclass, field

_COLUMN = re.compile(r'<section class="column[^>]* data-state="(\w+)"[^>]* data-legal="([^"]*)"')
_CARD = re.compile(r'<li class="card[^>]* id="lead-(\d+)" data-version="(\d+)">\s*<a class="card-name"[^>]*>([^<]*)<')
_MORE = re.compile(r'id="more-(\w+)"[^>]* hx-get="([^"]*)"')
_LIVE = re.compile(r'id="live" hx-get="([^"]*)"')
_FIELD = re.compile(r"<(?:input|textarea|select)\b[^>]*>")
_ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
_OPTION = re.compile(r'<option value="([^"]+)"')
_STORY_MORE = re.compile(r'id="story-more">\s*<a [^>]*hx-get="([^"]*)"')
_HIT = re.compile(r'href="/leads/(\d+)/"')

#: Columns that people work in; the others stay folded.
WORKING = ("NEW", "CONTACTING", "QUALIFIED", "COMMITTED", "IN_CONTRACT")


@dataclass(slots=True)
class Card:
    """A lead as it is drawn: ``version`` goes into every move, so that an old card is found out."""

    lead: str
    version: str
    name: str


@dataclass(slots=True)
class Board:
    """The columns that are open, where each may be dropped, the next cards, and where news are asked for."""

    cards: dict[str, list[Card]] = field(default_factory=dict)
    legal: dict[str, list[str]] = field(default_factory=dict)
    more: dict[str, str] = field(default_factory=dict)
    live: str = ""

    def look(self, page: str) -> None:
        """Takes over what a page, or the answer to a move or to a poll, shows; the other columns stay as they were."""
        parts = _COLUMN.split(page)
        for state, legal, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
            self.cards[state] = [Card(*found) for found in _CARD.findall(body)]
            self.legal[state] = legal.split()
            self.more.pop(state, None)
            self.more |= {s: html.unescape(url) for s, url in _MORE.findall(body) if s == state}
        if found := _LIVE.search(page):
            self.live = html.unescape(found[1])

    def grow(self, state: str, page: str) -> None:
        """Takes over the next cards of one column."""
        self.cards[state] += [Card(*found) for found in _CARD.findall(page)]
        self.more.pop(state, None)
        self.more |= {s: html.unescape(url) for s, url in _MORE.findall(page) if s == state}

    @property
    def shown(self) -> str:
        """How many cards of each column are on the screen, as the script of the board says it."""
        return ",".join(f"{s}:{len(self.cards[s])}" for s in WORKING if s in self.cards)

    @property
    def cursor(self) -> dict[str, str]:
        """Up to where the log is drawn; the script sends it with every form."""
        return dict(pair.split("=", 1) for pair in self.live.partition("?")[2].split("&") if "=" in pair)

    def any_card(self) -> tuple[str, Card] | None:
        """Some card of some column that is worked in, with its column."""
        filled = [s for s in WORKING if self.cards.get(s)]
        if not filled:
            return None
        state = random.choice(filled)
        return state, random.choice(self.cards[state])


def form(page: str, action: str) -> dict[str, str] | None:
    """The form that goes to this address, filled in as somebody would: each choice made, each text written."""
    begins = re.search(rf'<form\b[^>]* action="{re.escape(action)}"[^>]*>', page)
    if begins is None:
        return None
    body = page[begins.end() : page.index("</form>", begins.end())]
    values: dict[str, str] = {}
    radios: dict[str, list[str]] = {}
    for tag in _FIELD.finditer(body):
        has = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag[0])}
        name = has.get("name", "")
        if not name or name in ("occurred_at", "also_dnc", "duplicate_of", "fold"):
            continue
        if has.get("type") in ("radio", "checkbox"):
            radios.setdefault(name, []).append(has.get("value", "on"))
        elif tag[0].startswith("<select"):
            options = _OPTION.findall(body[tag.end() : body.index("</select>", tag.end())])
            values[name] = random.choice(options)
        elif tag[0].startswith("<textarea"):
            values[name] = "They called in the evening and would rather wait until spring."
        else:
            values[name] = has.get("value") or _typed(name)
    for name, choices in radios.items():
        # Another lead's key would have to be typed with this one.
        values[name] = random.choice([c for c in choices if c != "duplicate_of"])
    return values


def _typed(name: str) -> str:
    words = {"document": "MLS 40992211", "override_reason": "They rang us and asked.", "email": "dana@example.com"}
    return words.get(name, "")


def later(page: str) -> str:
    """The address of the next rows of a timeline; empty where it has ended."""
    found = _STORY_MORE.search(page)
    return html.unescape(found[1]) if found else ""


def hits(page: str) -> list[str]:
    """The leads that a search found."""
    return _HIT.findall(page)
