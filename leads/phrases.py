"""A translator that looks each phrase up once: a board says the same few hundreds of times."""

from django.utils import translation


class Phrases:
    """A `lifecycle.speech.Translator` for one page, that is for one language; not to be kept any longer."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._meant: dict[tuple[str, str], str] = {}

    def gettext(self, message: str) -> str:
        """The message in the language of the page."""
        said = self._known.get(message)
        if said is None:
            said = self._known[message] = translation.gettext(message)
        return said

    def pgettext(self, context: str, message: str) -> str:
        """The message as it is meant in this context."""
        said = self._meant.get((context, message))
        if said is None:
            said = self._meant[context, message] = translation.pgettext(context, message)
        return said

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The form that fits the number; there are as many as numbers, so it is asked for each time."""
        return translation.ngettext(singular, plural, number)
