"""Which text the log can keep, exactly as typed. Pure."""

from .errors import BadInput
from .speech import gettext, ngettext

#: The longest note, reference or quotation, in characters.
TEXT_LIMIT = 5000


def check_storable(text: str, field: str, limit: int = TEXT_LIMIT) -> None:
    """Raises ``BadInput`` for what no database keeps as it is: NUL, half of a surrogate pair, too many characters."""
    if len(text) > limit:
        sentence = ngettext(
            "This is too long: %(length)d character, and %(limit)d fit.",
            "This is too long: %(length)d characters, and %(limit)d fit.",
            len(text),
        )
        raise BadInput(sentence % {"length": len(text), "limit": limit}, field=field)
    if "\x00" in text:
        raise BadInput(gettext("This contains a character that cannot be stored (NUL). Remove it."), field=field)
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        raise BadInput(gettext("This contains half a character that cannot be stored. Type it again."), field=field)
