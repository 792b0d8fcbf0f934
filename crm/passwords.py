"""Which passwords are long and still everybody's: a well-known one twice, with a year behind it, or a walk of keys."""

import gzip
import re
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

#: What a password must have of its own; the setting of Django's MinimumLengthValidator asks for as many in all.
LEAST = 12
#: Digits and signs around a well-known password: so many a program that guesses tries out. Around one that is digits
#: itself, or around two, fewer.
_AROUND, _AROUND_DIGITS = 8, 4
#: Two of so many words, one behind the other, are tried out as well.
_FOREMOST = 1000
#: A longer password is looked at only so far: nothing of what is found here is that long.
_LOOKED_AT = 64
_LONGEST = 24
#: Shorter than this nothing is a word or a walk, but two letters that met.
_SHORTEST = 3

_WALKS = (
    *("abcdefghijklmnopqrstuvwxyz", "01234567890123456789"),
    *("qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "yxcvbnm", "azertyuiop", "!@#$%^&*()"),
    # Zigzag, and the columns of the keyboard downwards.
    *("1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "qawsedrftgyhujikolp"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp"),
)
#: Every stretch of a walk, there and back.
_STEPS = frozenset(
    way[start:end]
    for walk in _WALKS
    for way in (walk, walk[::-1])
    for start in range(len(way))
    for end in range(start + 1, len(way) + 1)
)
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
#: How people write a word so that it looks like none; a 1 is an i or an l.
_READ_AS = [str.maketrans("013457@$!8", f"o{one}eastasib") for one in "il"]


class NotEverybodys:
    """Refuses passwords that are well-known ones with something cheap added. What they are made of is free."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises a ``ValidationError`` for what a program guesses among the first."""
        if is_cheap(password):
            raise ValidationError(
                _(
                    "This is a well-known password with something added, a word repeated, or keys in a row. "
                    "Take several words that have nothing to do with each other."
                ),
                code="password_cheap",
            )

    def get_help_text(self) -> str:
        """Said beside the field."""
        return gettext("A well-known password is not made better by a year, by signs, or by repeating it.")


def is_cheap(password: str) -> bool:
    """Whether so long a password is guessed like a short one."""
    typed = password.casefold()[:_LOOKED_AT]
    once = _unit(typed)
    if len(once) < min(LEAST, len(typed)):
        return True
    return _is_all_walks(once) or _is_known_and_little_else(once)


def _unit(text: str) -> str:
    """What is repeated, once; a text that repeats nothing as it is. The last time may be cut off."""
    for length in range(1, len(text) // 2 + 1):
        if text == (text[:length] * (len(text) // length + 1))[: len(text)]:
            return text[:length]
    return text


def _is_all_walks(text: str) -> bool:
    """Whether there is nothing but walks of keys and runs of one character, and up to five others."""
    left = _without_walks(text)
    return len(left) <= 5 and len(text) - len(left) >= LEAST // 2


def _without_walks(text: str) -> str:
    """The text without its walks, the longest first at each place."""
    left, at = [], 0
    while at < len(text):
        length = _walk_from(text, at)
        if length < _SHORTEST:
            left.append(text[at])
            length = 1
        at += length
    return "".join(left)


def _walk_from(text: str, at: int) -> int:
    """How many characters from here on are one walk, or one character again and again."""
    length = 1
    while at + length < len(text) and text[at + length] == text[at]:
        length += 1
    while at + length < len(text) and text[at : at + length + 1] in _STEPS:
        length += 1
    return length


def _is_known_and_little_else(text: str) -> bool:
    """Whether one well-known password, or two of the foremost, are all that has letters here."""
    found = _known_in(text)
    foremost = [known for known, rank in found.items() if rank < _FOREMOST]
    for known in found:
        if _is_little(text.replace(known, "\n"), _AROUND_DIGITS if known.isdigit() else _AROUND):
            return True
    pairs = permutations(foremost, 2)
    return any(_is_little(text.replace(one, "\n").replace(two, "\n"), _AROUND_DIGITS) for one, two in pairs)


def _known_in(text: str) -> dict[str, int]:
    """The pieces of the text that are well-known passwords, however they are written, and where each stands among them:
    0 is the most common."""
    ranks, found = _ranks(), {}
    for start in range(len(text)):
        for end in range(start + _SHORTEST, min(start + _LONGEST, len(text)) + 1):
            piece = text[start:end]
            known = [ranks[way] for way in (piece, *(piece.translate(table) for table in _READ_AS)) if way in ranks]
            if known:
                found[piece] = min(known)
    return found


def _is_little(rest: str, most: int) -> bool:
    """Whether what is left holds no letter outside of walks, and few digits and signs; a year counts as one of them."""
    left = _YEAR.sub("#", "".join(_without_walks(piece) for piece in rest.split("\n")))
    return len(left) <= most and not any(c.isalpha() for c in left)


@cache
def _ranks() -> dict[str, int]:
    """Django's list of well-known passwords, the most common first."""
    path = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    words = gzip.decompress(path.read_bytes()).decode().split()
    return {word: rank for rank, word in enumerate(dict.fromkeys(words))}
