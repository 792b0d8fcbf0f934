"""State + intent → drafts, or a refusal. Pure: what it needs of clock, office and reason codes comes in ``Rules``."""

from collections.abc import Callable

from .. import intents as i
from ..errors import NoSuchLead, NotUnderstood
from ..events import RULES_VERSION, Draft
from ..fold import LeadState
from ..intents import Intent, Person, Rules
from ..speech import gettext
from . import corrections, erasing, facts, moves

_DECIDERS: dict[type[Intent], Callable[..., list[Draft]]] = {
    i.Create: moves.create,
    i.Move: moves.move,
    i.TimeOut: moves.time_out,
    i.LogContact: facts.log_contact,
    i.Assign: facts.assign,
    i.ChangeFlag: facts.change_flag,
    i.AddNote: facts.add_note,
    i.ChangeContact: facts.change_contact,
    i.DeclareBreach: facts.declare_breach,
    i.Erase: erasing.erase,
    i.VoidMove: corrections.void,
    i.CorrectReason: corrections.correct_reason,
}


def decide(state: LeadState, intent: Intent, person: Person | None, rules: Rules) -> list[Draft]:
    """What follows from an intent that ``authority`` has let through.

    In: the lead's state under the lock, who acts (None: Scribe) and the rules. For voids the state must carry its
    moves. Out: drafts in order; ``[]`` when there is nothing to do. Raises a ``Refused``.
    """
    understood(state)
    if not state.version and not isinstance(intent, i.Create):
        raise NoSuchLead(gettext("This lead has no story yet: it begins with its creation."))
    erasing.check_spared(state, intent)
    return _DECIDERS[type(intent)](state, intent, person, rules)


def understood(state: LeadState) -> None:
    """Raises when the lead carries a fact of a newer release, on top of which this one must not write."""
    if state.rules_version > RULES_VERSION:
        raise NotUnderstood(
            gettext("A newer version of Hindsight has written to this lead. Ask your admin to update this server.")
        )
