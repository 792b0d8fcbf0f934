"""A language that nobody speaks: whatever went through the translator stands between ⟦ and ⟧, the rest was forgotten.

`with spoken() as catalog:` lets the rules and Django speak it, pages too for a person whose `language` is `CODE` (put
it into `settings.LANGUAGES` first). `forgotten(text)` is what of a text no translator has seen.
"""

import gettext
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation
from django.utils.translation import trans_real

from lifecycle.speech import speak_with
from tests.catalogued import Catalogued

CODE = "qps"
_CONTEXT_ENDS = "\x04"


class Catalog(gettext.NullTranslations):
    """Translates everything, and keeps in `asked` what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def gettext(self, message: str) -> str:
        return self._said(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        self.asked |= {singular, plural}
        return self._said(singular if number == 1 else plural)

    def pgettext(self, context: str, message: str) -> str:
        return self._said(message)

    def _said(self, message: str) -> str:
        # Django hands the context over inside the message.
        words = message.rpartition(_CONTEXT_ENDS)[2]
        self.asked.add(words)
        return f"⟦{words}⟧"

    def language(self) -> str:
        """What Django asks of a catalog."""
        return CODE

    def to_language(self) -> str:
        """What Django asks of a catalog."""
        return CODE


@contextmanager
def spoken(catalog: Catalog | None = None) -> Iterator[Catalog]:
    """Everything is said in this language inside, as it was before afterwards. In: another way to say it, if any."""
    catalog = catalog or Catalog()
    catalogs = trans_real._translations  # type: ignore[attr-defined]
    catalogs[CODE] = catalog
    speak_with(catalog)
    try:
        with translation.override(CODE):
            yield catalog
    finally:
        speak_with(Catalogued())
        del catalogs[CODE]


def forgotten(text: str) -> str:
    """The part of a text that lies outside ⟦…⟧, without outer spaces; the whole text where a bracket has no partner."""
    depth, outside = 0, ""
    for character in text:
        if character == "⟦":
            depth += 1
        elif character == "⟧":
            depth -= 1
            if depth < 0:
                return text
        elif not depth:
            outside += character
    return outside.strip() if not depth else text
