"""The right to be forgotten: what the fact of an erasure says, and what a lead without a person still takes. Pure."""

import re

from .. import intents as i
from ..errors import BadInput, DataErased, LegalHold
from ..events import Draft, Kind
from ..fold import LeadState
from ..intents import Intent, Person, Rules
from ..speech import gettext
from . import times
from .reasons_given import check_reason

#: The office's number of a request, such as DSR-2026-14: it goes into the log, so it has no room for a name or a phone.
_REFERENCE = re.compile(r"[A-Z][A-Z0-9./-]{0,23}")
_MOST_DIGITS = 8


def erase(state: LeadState, intent: i.Erase, person: Person | None, rules: Rules) -> list[Draft]:
    """That the person's data were erased: which contact facts, how many words, why. ``[]`` when nothing is there.

    The fact moves nothing: the lead stays in its stage, so that every report counts as it did.
    """
    if intent.held:
        raise LegalHold(gettext("A legal hold is set on this lead: nothing of it may be erased until it is lifted."))
    check_reference(intent.reference)
    check_reason(Kind.PERSONAL_DATA_ERASED, intent.reason, intent.words, rules)
    if not intent.fields and not any(count for _, count in intent.found):
        return []
    data: dict[str, object] = {"fields": sorted(intent.fields), **dict(intent.found)}
    if intent.reference:
        data["reference"] = intent.reference
    when = times.occurred_at(state, intent, rules, tracked=False)
    return [Draft(kind=Kind.PERSONAL_DATA_ERASED, occurred_at=when, reason=intent.reason, data=data)]


def check_reference(reference: str) -> None:
    """Raises ``BadInput`` for what could hold a name, an address or a phone number."""
    digits = sum(c.isdigit() for c in reference)
    if reference and (not _REFERENCE.fullmatch(reference) or not 1 <= digits <= _MOST_DIGITS):
        sentence = gettext(
            "Write the number of the request in capitals and figures, for example DSR-2026-14. It stays in the log for "
            "ever, so it must not tell who it is."
        )
        raise BadInput(sentence, field="reference")


def check_spared(state: LeadState, intent: Intent) -> None:
    """Raises ``DataErased`` for what would tell of the person again. Moves, flags and assignments stay possible:
    they are the office's own story."""
    if state.erased_at is None:
        return
    match intent:
        case i.LogContact() | i.ChangeContact(fields=(_, *_)) | i.Move(contact_fields=(_, *_)):
            raise DataErased(_gone())
        case i.AddNote():
            raise DataErased(_gone())


def _gone() -> str:
    return gettext(
        "The personal data of this lead were erased, and nothing about the person is written here again. If they come "
        "back, that is a new lead."
    )
