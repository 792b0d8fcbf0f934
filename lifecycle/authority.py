"""Who may do what: role × holder × kind → may, or a refusal. Judged by today's holder and role. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from . import intents as i
from .errors import NotYours, TooLate
from .events import Kind
from .flags import HARD_FLAGS
from .fold import LeadState
from .intents import Intent, Person
from .reasons import PERFORMANCE, RECONSENTED
from .speech import gettext, ngettext
from .transitions import TRANSITIONS, Who

#: How long the author of a move may void it alone.
VOID_WINDOW = timedelta(minutes=15)


class MadeMove(Protocol):
    """What is judged of a move that is to be voided: when it was written."""

    @property
    def recorded_at(self) -> datetime: ...


_SCRIBE_MOVES = frozenset((t.to_status, t.kind) for t in TRANSITIONS if t.who != Who.PERSON)


def authorise(person: Person | None, state: LeadState, intent: Intent) -> None:
    """Raises ``NotYours`` or ``TooLate`` unless this person (None: Scribe) may do this to a lead in this state."""
    if person is None:
        _authorise_scribe(intent)
        return
    if not person.active:
        raise NotYours(gettext("This account is deactivated. Ask your admin."))
    if isinstance(intent, i.DeclareBreach | i.TimeOut):
        raise NotYours(gettext("Only Scribe records this; it follows from the office's rules."))
    if isinstance(intent, i.Create):
        if not person.is_broker and intent.agent not in (None, person.id):
            raise NotYours(gettext("A new lead is yours or the pool's; a broker gives it to others."), field="agent")
        return
    if not person.is_broker and state.agent not in (None, person.id):
        raise NotYours(gettext("This lead is with a colleague. Ask your broker."))
    _authorise_act(person, state, intent)


def _authorise_act(person: Person, state: LeadState, intent: Intent) -> None:
    match intent:
        case i.Erase() if not person.is_broker:
            raise NotYours(gettext("Only a broker or an admin erases personal data. Ask your broker."))
        case i.Assign():
            _authorise_assign(person, state, intent)
        case i.ChangeFlag(flag=flag, on=False) if flag in HARD_FLAGS and not person.is_broker:
            if intent.reason != RECONSENTED or not intent.words.note.strip():
                sentence = gettext(
                    "Only a broker clears this, or you with “Lead agreed again” and the lead's own words as the note."
                )
                raise NotYours(sentence, field="reason")
        case i.CorrectReason(reason=reason) if reason == PERFORMANCE and not person.is_broker:
            raise NotYours(gettext("Only a broker gives this reason."), field="reason")
        case i.CorrectReason(was=was, kind=kind) if not may_correct(person, kind, was):
            raise NotYours(gettext("Only a broker corrects the reason of this assignment."), field="reason")


def _authorise_assign(person: Person, state: LeadState, intent: i.Assign) -> None:
    if person.is_broker:
        return
    if intent.reason == PERFORMANCE:
        raise NotYours(gettext("Only a broker gives this reason."), field="reason")
    if state.agent is None and intent.to_agent not in (None, person.id):
        raise NotYours(
            gettext("From the pool you can take a lead yourself; a broker assigns it to others."), field="to_agent"
        )


def may_correct(person: Person, kind: str, standing: str) -> bool:
    """Whether this person may correct a reason that stands: one that only brokers read is theirs."""
    return person.is_broker or not (kind == Kind.AGENT_ASSIGNED and standing == PERFORMANCE)


def may_void(person: Person, move: MadeMove, author: int | None, rules: i.Rules) -> bool:
    """Whether the void of this move is offered to this person now; the void itself is judged again."""
    try:
        authorise_void(person, move, author, rules)
    except (NotYours, TooLate):
        return False
    return True


def authorise_void(person: Person, move: MadeMove, author: int | None, rules: i.Rules) -> None:
    """Raises ``TooLate`` unless a broker, or the move's own author within the window, asks for the void.

    ``author`` is who made the move; for a move of Scribe's, who made Scribe act.
    """
    if person.is_broker:
        return
    if author != person.id:
        raise NotYours(gettext("Only its author or a broker can undo this move."))
    if rules.now - move.recorded_at > VOID_WINDOW:
        minutes = int(VOID_WINDOW.total_seconds() // 60)
        sentence = ngettext(
            "You can undo your own move for %(n)d minute. Ask your broker to undo it.",
            "You can undo your own move for %(n)d minutes. Ask your broker to undo it.",
            minutes,
        )
        raise TooLate(sentence % {"n": minutes})


def _authorise_scribe(intent: Intent) -> None:
    """Scribe writes what follows from rules; it decides nothing."""
    match intent:
        case i.Move(to=to, kind=kind):
            if not any(t == to and kind in ("", k) for t, k in _SCRIBE_MOVES):
                raise NotYours(gettext("This is a person's decision; Scribe cannot make it."))
        case i.VoidMove() | i.CorrectReason() | i.AddNote() | i.Assign() | i.Erase():
            raise NotYours(gettext("This is a person's decision; Scribe cannot make it."))
        case i.ChangeFlag(on=False):
            raise NotYours(gettext("Only a person clears a flag."))


def authorise_import(person: Person | None) -> None:
    """Raises ``NotYours`` unless this person (None: a command) may bring leads in from a file, or take them back."""
    if person is not None and not person.active:
        raise NotYours(gettext("This account is deactivated. Ask your admin."))
    if person is not None and not person.is_broker:
        raise NotYours(gettext("Bringing leads in from a file is for brokers. Ask yours."))


def reason_shown(reason: str, kind: str, viewer_is_broker: bool) -> str:
    """The reason code as this viewer may read it: ``performance`` is for brokers, others get ``""``."""
    return "" if kind == Kind.AGENT_ASSIGNED and reason == PERFORMANCE and not viewer_is_broker else reason


def words_shown(reasons: Iterable[str], kind: str, viewer_is_broker: bool) -> bool:
    """Whether this viewer may read a note: what explains a hidden reason is hidden with it. In: its reason codes."""
    return all(reason_shown(reason, kind, viewer_is_broker) == reason for reason in reasons)
