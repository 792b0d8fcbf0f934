"""The two corrections. Nothing is edited: both rows stay, the newer one says what is wrong with the older. Pure."""

from .. import intents as i
from ..authority import authorise_void
from ..errors import NothingToVoid, ReasonNotValid
from ..events import CORRECTABLE, Draft, Kind
from ..fold import LeadState
from ..intents import Person, Rules
from ..reasons import DUPLICATE_OF
from ..speech import gettext
from . import times
from .reasons_given import check_note, check_reason


def void(state: LeadState, intent: i.VoidMove, person: Person | None, rules: Rules) -> list[Draft]:
    """Takes back the newest effective move of a lead; the state must carry its moves."""
    assert person is not None
    if all(m.event_id != intent.target for m in state.moves):
        raise NothingToVoid(
            gettext("Only a move that still stands can be undone. Correct anything else by a new fact.")
        )
    newest = state.moves[-1]
    if newest.event_id != intent.target:
        raise NothingToVoid(gettext("Another move came after it. Undo that one first."), newer=newest.event_id)
    if not newest.before["status"]:
        raise NothingToVoid(gettext("This is how the lead began; there is nothing to go back to."))
    authorise_void(person, newest, intent.author, rules)
    check_reason(Kind.MOVE_VOIDED, intent.reason, intent.words, rules)
    return [
        Draft(
            kind=Kind.MOVE_VOIDED,
            occurred_at=times.occurred_at(state, intent, rules, tracked=True),
            from_status=state.status,
            to_status=newest.before["status"],
            reason=intent.reason,
            target=intent.target,
            words=intent.words,
        )
    ]


def correct_reason(state: LeadState, intent: i.CorrectReason, person: Person | None, rules: Rules) -> list[Draft]:
    """A new reason beside the old one, valid for the corrected kind; with a note."""
    if intent.kind not in CORRECTABLE:
        raise ReasonNotValid(gettext("The reason of this fact cannot be corrected."), field="reason")
    if intent.reason == intent.was:
        return []
    if intent.reason == DUPLICATE_OF:
        raise ReasonNotValid(
            gettext("A duplicate names the other lead: undo the move and trash it again."), field="reason"
        )
    check_reason(Kind(intent.kind), intent.reason, intent.words, rules)
    check_note(intent.words, gettext("Write in a sentence why the reason is corrected."))
    return [
        Draft(
            kind=Kind.REASON_CORRECTED,
            occurred_at=times.occurred_at(state, intent, rules, tracked=False),
            reason=intent.reason,
            target=intent.target,
            words=intent.words,
        )
    ]
