"""Labels and words in one spelling, so that two systems' ways to write them meet. Pure."""

import re
import unicodedata

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_BETWEEN = re.compile(r"[^\w]+|_+")
#: A label that a file has twice is shown with its number.
_AGAIN = re.compile(r"\s*\([2-9][0-9]*\)\s*$")
#: What tables call themselves in front of their columns.
_TABLE = re.compile(r"^\s*(?:deal|person|lead|contact|organi[sz]ation|opportunity)\s+-\s+", re.IGNORECASE)


def spelled(label: str) -> str:
    """Lower case, no accents, single spaces: ``HasOptedOutOfEmail`` → ``has opted out of email``."""
    plain = unicodedata.normalize("NFKD", _HUMP.sub(" ", label))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(_BETWEEN.sub(" ", plain).casefold().split())


def spellings(label: str) -> tuple[str, ...]:
    """What a label may be known as, best first: as it stands, and without the name of its table."""
    bare = _AGAIN.sub("", label)
    whole, short = spelled(bare), spelled(_TABLE.sub("", bare))
    return (whole,) if whole == short else (whole, short)


def again(label: str) -> bool:
    """Whether the file has had a column of this name before."""
    return _AGAIN.search(label) is not None


def without_numbers(spelling: str) -> str:
    """``home phone 2`` → ``home phone``."""
    return " ".join(word for word in spelling.split() if not word.isdigit())
