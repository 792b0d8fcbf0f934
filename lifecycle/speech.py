"""The language of whoever reads: how the rules put their sentences into it without knowing Django.

Words of the rules are written in English and go through these functions, which a translator's tools find by their
names. Until `speak_with` hands over a translator (the app does when it starts), everything stays English.
A sentence is put into words when it is made, in the language that is active then; what the log stores is never words
of ours.
"""

from typing import Protocol


class Translator(Protocol):
    """What `django.utils.translation` and the standard `gettext` module both offer."""

    def gettext(self, message: str) -> str: ...

    def ngettext(self, singular: str, plural: str, number: int) -> str: ...

    def pgettext(self, context: str, message: str) -> str: ...


class _English:
    def gettext(self, message: str) -> str:
        return message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return singular if number == 1 else plural

    def pgettext(self, context: str, message: str) -> str:
        return message


_translator: Translator = _English()


def speak_with(translator: Translator) -> None:
    """From now on sentences come from this translator."""
    global _translator
    _translator = translator


def gettext(message: str) -> str:
    """The message in the language that is active now; an empty one stays empty."""
    return _translator.gettext(message) if message else ""


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form that fits the number."""
    return _translator.ngettext(singular, plural, number)


def pgettext(context: str, message: str) -> str:
    """The message as it is meant in this context: one English word may need two in another language."""
    return _translator.pgettext(context, message)


def gettext_noop(message: str) -> str:
    """Marks words in a table for the translators; whoever shows them calls `gettext`."""
    return message
