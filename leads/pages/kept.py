"""Words that could not be saved: shown in place, so that nobody has to type them again."""

from collections.abc import Mapping
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from ..models import Lead
from .answers import dialog_answer

_KEPT = (
    ("note", "Your note"),
    ("document", "Your document"),
    ("override_reason", "Your reason for contacting them"),
    ("name", "Name"),
    ("email", "E-mail"),
    ("phone", "Phone"),
    ("headline", "What they want"),
    ("address", "Address"),
)


def words_in(posted: Mapping[str, str], lead: Lead | None = None) -> list[tuple[str, str, str]]:
    """What was typed, as (field, label, text); facts that stand on the lead already are no words to lose."""
    found = []
    for name, label in _KEPT:
        text = posted.get(name, "")
        before = posted.get(f"initial-{name}", getattr(lead, name, "") if lead else "")
        if text.strip() and text != before:
            found.append((name, label, text))
    return found


def gone_sentence(posted: Mapping[str, str]) -> str:
    """For a lead that was handed on while its page was open; the same for one that was never there."""
    what = "note" if posted.get("note", "").strip() else "change"
    return f"This lead is with somebody else now; your {what} was not saved."


def kept_answer(request: HttpRequest, sentence: str, *, status: int, lead: Lead | None = None) -> HttpResponse:
    """The sentence and the words. With a lead that may still be written to, a button saves them there as a note."""
    words = words_in(request.POST, lead)
    can_save = lead is not None and any(name in ("note", "document") for name, _, _ in words)
    context = {"sentence": sentence, "words": words, "lead": lead, "can_save": can_save, "uuid": uuid4()}
    return dialog_answer(request, "moves/kept", context, status=status)
