"""Names and street addresses as they are compared, so that two ways of writing the same one meet. Pure.

What these give for an address is kept beside the lead (``Lead.address_normalised``): who changes it here fills that
column anew by a migration.
"""

import re
import unicodedata

#: How a word is written in short: the ways to write it. “St” is a street and a saint, on both sides of a comparison.
_WAYS = {
    "st": "street str strt saint", "ave": "avenue av", "rd": "road", "dr": "drive", "blvd": "boulevard boul",
    "ln": "lane", "ct": "court", "pl": "place", "sq": "square", "ter": "terrace terr", "pkwy": "parkway pky",
    "hwy": "highway", "cir": "circle", "trl": "trail", "rte": "route rt", "fwy": "freeway", "expy": "expressway",
    "plz": "plaza", "hts": "heights", "mt": "mount", "ft": "fort", "pt": "point", "xing": "crossing",
    "bldg": "building", "fl": "floor flr", "n": "north", "s": "south", "e": "east", "w": "west",
    "ne": "northeast", "nw": "northwest", "se": "southeast", "sw": "southwest",
}  # fmt: skip
_SHORT = {way: short for short, ways in _WAYS.items() for way in ways.split()}
#: What stands before the number of a flat.
_FLAT = frozenset({"#", "apartment", "apt", "unit", "suite", "ste", "no", "number", "num"})
_COUNTRY = re.compile(r"(?<=.) (?:usa|us|united states(?: of america)?)$")
# 60611-1234 says no more than 60611 does; a house number such as 10000-1004 stands at the beginning.
_ZIP4 = re.compile(r"(?<=\s)(\d{5})-\d{4}\b")
_ZIP = re.compile(r"(?:^| )\d{5}$")
#: Behind the comma of a name these say who of two it is, not what comes first.
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "md", "phd", "esq"})
#: One thing that is often written apart: a box at the post office, a point of the compass.
_APART = re.compile(r"\b(p) (o)(?= box\b)|\b([ns]) ([ew])\b")
_MOST = 300
#: Most names and addresses are plain, and an import compares each.
_NO_LETTERS = re.compile(r"[^0-9A-Za-z]+")


def normalised_address(address: str) -> str:
    """An address as it is compared: ``1 Main Street, Apt. 4`` and ``1 MAIN ST #4`` are ``1 main st # 4``.

    Case, spaces and punctuation count for nothing, usual words are taken short, the last four digits of a ZIP code and
    the home country are left out. Nothing is looked up: an address without its town differs from the same with it.
    """
    text = _ZIP4.sub(r"\1", _plain(address))
    # U.S. and O'Hare are one word each; any other mark parts two.
    text = re.sub(r"['’`]|(?<!\d)\.|\.(?!\d)", "", text)
    words: list[str] = []
    for word in _parted(text).split():
        short = "#" if word in _FLAT else _SHORT.get(word, word)
        if short != "#" or words[-1:] != ["#"]:
            words.append(short)
    together = _APART.sub(lambda m: "".join(filter(None, m.groups())), " ".join(words))
    return _COUNTRY.sub("", _joined(together))[:_MOST]


def _parted(text: str) -> str:
    """The text with spaces for all that is neither letter nor figure, but for the sign of a number."""
    if text.isascii():
        return _NO_LETTERS.sub(lambda m: " # " if "#" in m[0] else " ", text)
    return "".join(c if _spells(c) else " # " if c == "#" else " " for c in text)


def tells_a_house(normalised: str) -> bool:
    """Whether a normalised address says more than a town: a number besides the ZIP code at its end."""
    return any(c.isdigit() for c in _ZIP.sub("", normalised))


def normalised_name(name: str) -> str:
    """A name as it is compared: ``O'Brien, Dana`` and ``dana o brien`` are ``danaobrien``."""
    last, comma, first = _plain(name).partition(",")
    if comma and "," not in first and _letters(first) not in _SUFFIXES:
        return _joined(_letters(first) + _letters(last))
    return _joined(_letters(_plain(name)))


def _plain(text: str) -> str:
    """Unicode NFC and case folded; folding may take a character apart once more."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def _joined(text: str) -> str:
    """NFC once more: where a sign was left out, marks that stood apart have come together, and their order is fixed."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _letters(text: str) -> str:
    if text.isascii():
        return _NO_LETTERS.sub("", text)
    return "".join(filter(_spells, text))


def _spells(sign: str) -> bool:
    # Marks belong to the letter before them, where Unicode has no single sign for the two.
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"
