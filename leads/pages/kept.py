"""Words that could not be saved: shown in place, so that nobody has to type them again."""

from collections.abc import Mapping
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop

from ..models import Lead
from .answers import dialog_answer

_KEPT = (
    ("note", gettext_noop("Your note")),
    ("document", gettext_noop("Your document")),
    ("override_reason", gettext_noop("Your reason for contacting them")),
    ("name", gettext_noop("Name")),
    ("email", gettext_noop("E-mail")),
    ("phone", gettext_noop("Phone")),
    ("headline", gettext_noop("What they want")),
    ("address", gettext_noop("Address")),
)


def words_in(posted: Mapping[str, str], lead: Lead | None = None) -> list[tuple[str, str, str]]:
    """What was typed, as (field, label, text); facts that stand on the lead already are no words to lose."""
    found = []
    for name, label in _KEPT:
        text = posted.get(name, "")
        before = posted.get(f"initial-{name}", getattr(lead, name, "") if lead else "")
        if text.strip() and text != before:
            found.append((name, gettext(label), text))
    return found


def gone_sentence(posted: Mapping[str, str]) -> str:
    """For a lead that was handed on while its page was open; the same for one that was never there."""
    if posted.get("note", "").strip():
        return gettext("This lead is with somebody else now; your note was not saved.")
    return gettext("This lead is with somebody else now; your change was not saved.")


def kept_answer(request: HttpRequest, sentence: str, *, status: int, lead: Lead | None = None) -> HttpResponse:
    """The sentence and the words. With a lead that may still be written to, a button saves them there as a note."""
    words = words_in(request.POST, lead)
    can_save = lead is not None and any(name in ("note", "document") for name, _, _ in words)
    context = {"sentence": sentence, "words": words, "lead": lead, "can_save": can_save, "uuid": uuid4()}
    return dialog_answer(request, "moves/kept", context, status=status)
