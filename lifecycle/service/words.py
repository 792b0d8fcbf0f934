"""The words that come with a fact, refused when they cannot be kept exactly as typed."""

from ..events import Words
from ..storable import check_storable


def words(note: str = "", document: str = "", source_words: str = "") -> Words:
    """Raises ``BadInput`` for text that no database keeps as it is; blank text counts as none."""
    for value, field in ((note, "note"), (document, "document"), (source_words, "source_words")):
        check_storable(value, field)
    return Words(
        note if note.strip() else "",
        document if document.strip() else "",
        source_words if source_words.strip() else "",
    )
