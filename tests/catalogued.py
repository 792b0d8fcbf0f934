"""Django's translations for the rules, strictly: a message that the catalogs do not know was never translated.

The check of the sources (`tests/test_languages.py`) sees what stands between the brackets of a call; what is put
together, looked up in a table or handed on is seen only here, when a test leads somebody to it.
"""

from functools import cache

import polib
from django.conf import settings
from django.utils import translation


@cache
def known() -> frozenset[tuple[str | None, str]]:
    """Context, or None, and English words of every message that translators are given."""
    catalog = settings.BASE_DIR / "locale" / "es" / "LC_MESSAGES" / "django.po"
    return frozenset((entry.msgctxt, entry.msgid) for entry in polib.pofile(str(catalog)))


class Catalogued:
    def gettext(self, message: str) -> str:
        _look_up(None, message)
        return translation.gettext(message)

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        _look_up(None, singular)
        return translation.ngettext(singular, plural, number)

    def pgettext(self, context: str, message: str) -> str:
        _look_up(context, message)
        return translation.pgettext(context, message)


def _look_up(context: str | None, message: str) -> None:
    assert (context, message) in known(), f"No catalog has the message {message!r} (context: {context})."
