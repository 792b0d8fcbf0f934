"""What the sentences call a lead. Pure."""

import re

from django.utils.html import escape
from django.utils.translation import gettext

#: Two plain words, such as Dana Ortiz or Ines O'Neill-Park: the first one is what people say.
_FIRST_AND_LAST = re.compile(r"([^\W\d_][\w'’-]*) ([^\W\d_][\w'’.-]*)")
_SPEAKABLE = 40
_BEGIN = r"(^\s*|[.!?]\s+)"


def called(name: str) -> str:
    """``Dana`` for Dana Ortiz, the whole name where it is anything else, ``this lead`` where it is no name to say."""
    plain = name.strip()
    match = _FIRST_AND_LAST.fullmatch(plain)
    if match and len(match[1]) <= _SPEAKABLE:
        return match[1]
    return plain if plain and len(plain) <= _SPEAKABLE and plain.isprintable() else gettext("this lead")


def opening(who: str) -> str:
    """The same at the start of a sentence; a name stays as it is written."""
    return gettext("This lead") if who == gettext("this lead") else who


def open_sentences(html: str) -> str:
    """A text, escaped already, whose sentences all begin as sentences do, wherever a language puts the lead."""
    nameless, begun = escape(gettext("this lead")), escape(gettext("This lead"))
    if nameless not in html:
        return html
    return re.sub(rf"{_BEGIN}{re.escape(nameless)}\b", lambda found: f"{found[1]}{begun}", html)
