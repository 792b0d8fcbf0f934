"""Whether a reason and a note are good enough for a kind of fact. Pure."""

from ..errors import NoteMissing, ReasonMissing, ReasonNotValid
from ..events import Kind, Words
from ..intents import Rules
from ..reasons import NEED_REASON, OTHER, OTHER_NOTE_LENGTH
from ..speech import gettext, ngettext


def check_reason(kind: Kind, reason: str, words: Words, rules: Rules) -> None:
    """Raises unless the code is there when the kind needs one, is valid for it, not retired, and ``other`` is told."""
    if not reason:
        if kind in NEED_REASON:
            raise ReasonMissing(gettext("Choose a reason; it is what makes this useful later."), field="reason")
        return
    known = rules.book.get(reason)
    if known is None or kind.value not in known.kinds:
        raise ReasonNotValid(gettext("This reason does not belong here. Choose one from the list."), field="reason")
    if known.retired:
        sentence = gettext("“%(reason)s” is no longer in use. Choose another reason.")
        raise ReasonNotValid(sentence % {"reason": known.label}, field="reason")
    if reason == OTHER and len(words.note.strip()) < OTHER_NOTE_LENGTH:
        sentence = ngettext(
            "“Other” needs a note of at least %(n)d character that says what happened.",
            "“Other” needs a note of at least %(n)d characters that says what happened.",
            OTHER_NOTE_LENGTH,
        )
        raise NoteMissing(sentence % {"n": OTHER_NOTE_LENGTH}, field="note")


def check_note(words: Words, sentence: str) -> None:
    """Raises with this sentence, still to be translated, when the note is empty."""
    if not words.note.strip():
        raise NoteMissing(gettext(sentence), field="note")
