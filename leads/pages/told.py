"""Messages that are shown on the next page: what was done, and the offer to take it back."""

import json
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest

from .answers import Undo


def tell(request: HttpRequest, sentence: str, *, kind: str = "good", undo: Undo | None = None) -> None:
    """Leaves a sentence for the next page; an offer to undo travels beside it, as tags of the message."""
    level = messages.SUCCESS if kind == "good" else messages.INFO
    messages.add_message(request, level, sentence, extra_tags=_written(undo) if undo else "")


def offer_in(message: Any) -> Undo | None:
    """The offer to undo that came with a message of the framework; None when there is none."""
    try:
        lead, target, uuid, name = json.loads(message.extra_tags or "")
        return Undo(int(lead), UUID(target), UUID(uuid), str(name))
    except (AttributeError, TypeError, ValueError):
        return None


def _written(undo: Undo) -> str:
    return json.dumps([undo.lead, str(undo.target), str(undo.uuid), undo.name])
