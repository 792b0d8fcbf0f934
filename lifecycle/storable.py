"""Which text the log can keep, exactly as typed. Pure."""

from .errors import BadInput

#: The longest note, reference or quotation, in characters.
TEXT_LIMIT = 5000


def check_storable(text: str, field: str, limit: int = TEXT_LIMIT) -> None:
    """Raises ``BadInput`` for what no database keeps as it is: NUL, half of a surrogate pair, too many characters."""
    if len(text) > limit:
        raise BadInput(f"This is too long: {len(text)} characters, and {limit} fit.", field=field)
    if "\x00" in text:
        raise BadInput("This contains a character that cannot be stored (NUL). Remove it.", field=field)
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        raise BadInput("This contains half a character that cannot be stored. Type it again.", field=field)
