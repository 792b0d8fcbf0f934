"""The words of Hindsight, in the alphabet of the reader."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from .access_terms import TERMS_OF_ACCESS
from .contents import pages
from .import_terms import TERMS_OF_IMPORTS
from .report_terms import TERMS_OF_REPORTS
from .terms import TERMS

_EVERY = TERMS | TERMS_OF_REPORTS | TERMS_OF_IMPORTS | TERMS_OF_ACCESS


@dataclass(frozen=True, slots=True)
class Term:
    """``anchor`` is the same in every language; ``see`` leads to where more is said."""

    anchor: str
    word: str
    meaning: str
    see_title: str
    see_url: str


def glossary(numbers: Mapping[str, str]) -> list[Term]:
    """Every term in alphabetical order of the language that is active. In: the office's numbers for the sentences."""
    titles = {page.name: page.title for page in pages()}
    terms = [_term(anchor, numbers, titles) for anchor in _EVERY]
    return sorted(terms, key=lambda term: _letters(term.word))


def _term(anchor: str, numbers: Mapping[str, str], titles: Mapping[str, str]) -> Term:
    word, meaning, see = _EVERY[anchor]
    name, _, part = see.partition("#")
    url = reverse("help-page", args=[name]) + (f"#{part}" if part else "") if name else ""
    return Term(anchor, str(word), gettext(meaning) % numbers, titles.get(name, ""), url)


def _letters(word: str) -> str:
    """How a word is filed: accents and capitals make no difference."""
    return "".join(c for c in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(c))
