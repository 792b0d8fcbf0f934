"""Yes and no as other systems write it in a column about consent. Pure."""

from django.utils.translation import gettext

from .cells import text

_CLOSED = ("yes", "y", "true", "t", "1", "x", "on", "✓", "dnc", "out", "opted out", "opt out", "unsubscribed")
_CLOSED_TOO = ("do not call", "do not contact", "do not email", "do not e mail", "do not text", "optout")
_OPEN = (
    "no",
    "n",
    "false",
    "f",
    "0",
    "off",
    "in",
    "opted in",
    "opt in",
    "subscribed",
    "ok",
    "okay",
    "not dnc",
    "optin",
)
_MEANS = {**dict.fromkeys((*_CLOSED, *_CLOSED_TOO), True), **dict.fromkeys(_OPEN, False), "": False}


def closed(cell: str) -> bool:
    """Whether the cell closes the channel; an empty one does not.

    Raises ``ValueError`` with a sentence for a word that is not known: neither an opt-out nor a consent is invented.
    """
    word = " ".join(text(cell).casefold().replace("-", " ").replace("_", " ").split())
    try:
        return _MEANS[word]
    except KeyError:
        raise ValueError(
            gettext("“%(word)s” is neither yes nor no. Known for yes are %(yes)s; for no %(no)s.")
            % {"word": cell.strip()[:60], "yes": ", ".join(_CLOSED), "no": ", ".join(_OPEN)}
        ) from None
