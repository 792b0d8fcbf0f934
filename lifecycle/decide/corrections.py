"""The two corrections. Nothing is edited: both rows stay, the newer one says what is wrong with the older. Pure."""

from .. import intents as i
from ..authority import authorise_void
from ..errors import NothingToCorrect, NothingToVoid, ReasonNotValid, StaleVersion
from ..events import CONSENT, CORRECTABLE, Draft, Kind
from ..fold import LeadState
from ..fold import Move as Standing
from ..intents import Person, Rules
from ..reasons import DUPLICATE_OF
from ..speech import gettext, gettext_noop
from . import times
from .reasons_given import check_note, check_reason


def void(state: LeadState, intent: i.VoidMove, person: Person | None, rules: Rules) -> list[Draft]:
    """Takes back the newest effective move of a lead; the state must carry its moves."""
    assert person is not None
    before = check_void(state, intent, person, rules).before
    check_reason(Kind.MOVE_VOIDED, intent.reason, intent.words, rules)
    return [
        Draft(
            kind=Kind.MOVE_VOIDED,
            occurred_at=times.occurred_at(state, intent, rules, tracked=True),
            from_status=state.status,
            to_status=before["status"],
            reason=intent.reason,
            target=intent.target,
            words=intent.words,
        )
    ]


def check_void(state: LeadState, intent: i.VoidMove, person: Person, rules: Rules) -> Standing:
    """Whether this person may take this fact back now, whatever the reason. Out: the move with what was before it.

    Raises a ``Refused``; ``details`` name the move that stands in the way (``newer``) or the void that there is
    already (``undone``: the move that it undid), so that the service can say who and when.
    """
    if all(m.event_id != intent.target for m in state.moves):
        raise _no_move(intent)
    newest = state.moves[-1]
    if newest.event_id != intent.target:
        raise NothingToVoid(gettext("Another move came after it. Undo that one first."), newer=newest.event_id)
    if not newest.before["status"]:
        raise NothingToVoid(gettext("This is how the lead began; there is nothing to go back to."))
    authorise_void(person, newest, intent.author, rules)
    return newest


def _no_move(intent: i.VoidMove) -> NothingToVoid:
    """Why a fact that is no standing move cannot be undone, and what to do instead."""
    if intent.kind in CONSENT:
        return NothingToVoid(
            gettext(
                "What somebody agreed to or asked for is never undone. Set or clear the flag anew, with the reason."
            )
        )
    if intent.kind == Kind.MOVE_VOIDED:
        return NothingToVoid(gettext("An undone move cannot be brought back. Make the move again."))
    if intent.is_move:
        return NothingToVoid(gettext("This move is undone already."), undone=intent.target)
    return NothingToVoid(gettext("Only a move that still stands can be undone. Correct anything else by a new fact."))


def correct_reason(state: LeadState, intent: i.CorrectReason, person: Person | None, rules: Rules) -> list[Draft]:
    """A new reason beside the old one, valid for the corrected kind; with a note. The state must carry its moves."""
    check_correction(state, intent)
    if intent.reason == intent.was:
        return []
    if intent.saw not in (None, intent.was):
        raise StaleVersion(
            gettext("The reason was corrected meanwhile. Yours was not saved."), corrected=intent.target, field="reason"
        )
    if intent.reason == DUPLICATE_OF != intent.first:
        raise ReasonNotValid(
            gettext("A duplicate names the other lead: undo the move and trash it again."), field="reason"
        )
    check_reason(Kind(intent.kind), intent.reason, intent.words, rules)
    check_note(intent.words, gettext_noop("Write in a sentence why the reason is corrected."))
    return [
        Draft(
            kind=Kind.REASON_CORRECTED,
            occurred_at=times.occurred_at(state, intent, rules, tracked=False),
            reason=intent.reason,
            target=intent.target,
            words=intent.words,
        )
    ]


def check_correction(state: LeadState, intent: i.CorrectReason) -> None:
    """Whether the reason of this fact can be corrected at all. Raises a ``Refused``."""
    if intent.kind not in CORRECTABLE:
        raise ReasonNotValid(gettext("The reason of this fact cannot be corrected."), field="reason")
    is_move = intent.kind != Kind.AGENT_ASSIGNED
    if is_move and all(m.event_id != intent.target for m in state.moves):
        raise NothingToCorrect(
            gettext("This move is undone and counts for nothing, so its reason needs no correction."),
            undone=intent.target,
        )
