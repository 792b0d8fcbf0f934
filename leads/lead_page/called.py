"""What the sentences call a lead. Pure."""

import re

#: Two plain words, such as Dana Ortiz or Ines O'Neill-Park: the first one is what people say.
_FIRST_AND_LAST = re.compile(r"([^\W\d_][\w'’-]*) ([^\W\d_][\w'’.-]*)")
_SPEAKABLE = 40
_NO_NAME = "this lead"
_START = re.compile(rf"(^\s*|\. ){_NO_NAME}\b")


def called(name: str) -> str:
    """``Dana`` for Dana Ortiz, the whole name where it is anything else, ``this lead`` where it is no name to say."""
    plain = name.strip()
    match = _FIRST_AND_LAST.fullmatch(plain)
    if match and len(match[1]) <= _SPEAKABLE:
        return match[1]
    return plain if plain and len(plain) <= _SPEAKABLE and plain.isprintable() else _NO_NAME


def opening(who: str) -> str:
    """The same at the start of a sentence; a name stays as it is written."""
    return "This lead" if who == _NO_NAME else who


def open_sentences(text: str) -> str:
    """A text whose sentences all begin as sentences do."""
    return _START.sub(lambda found: f"{found[1]}{opening(_NO_NAME)}", text)
