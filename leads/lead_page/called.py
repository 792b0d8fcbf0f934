"""What the sentences call a lead. Pure."""

import re

#: Two plain words, such as Dana Ortiz or Ines O'Neill-Park: the first one is what people say.
_FIRST_AND_LAST = re.compile(r"([^\W\d_][\w'’-]*) ([^\W\d_][\w'’.-]*)")
_SPEAKABLE = 40


def called(name: str) -> str:
    """``Dana`` for Dana Ortiz, the whole name where it is anything else, ``this lead`` where it is no name to say."""
    plain = name.strip()
    match = _FIRST_AND_LAST.fullmatch(plain)
    if match and len(match[1]) <= _SPEAKABLE:
        return match[1]
    return plain if plain and len(plain) <= _SPEAKABLE and plain.isprintable() else "this lead"
