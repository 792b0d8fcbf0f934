"""Facts that move no state: contacts, assignments, flags, notes, contact details, a breached clock. Pure."""

from datetime import datetime

from .. import intents as i
from ..errors import BadInput, InputMissing, NoteMissing
from ..events import Channel, Direction, Draft, Kind, Outcome
from ..flags import Flag
from ..fold import LeadState
from ..intents import Person, Rules
from ..speech import gettext
from ..states import State
from . import times
from .reasons_given import check_reason


def log_contact(state: LeadState, intent: i.LogContact, person: Person | None, rules: Rules) -> list[Draft]:
    """A contact; the first outreach of a person to a new lead also makes Scribe move it to CONTACTING."""
    _check_chosen(intent)
    outbound = intent.direction == Direction.OUTBOUND
    if state.dnc and outbound and person is not None and not intent.override:
        raise NoteMissing(
            gettext("This lead asked not to be contacted. Write why you did so all the same."), field="override_reason"
        )
    when = times.occurred_at(state, intent, rules, tracked=False)
    data: dict[str, object] = {
        "channel": str(intent.channel),
        "direction": str(intent.direction),
        "outcome": str(intent.outcome),
    }
    if intent.override:
        data["override"] = 1
    drafts = [Draft(kind=Kind.CONTACT_LOGGED, occurred_at=when, data=data, words=intent.words)]
    # A call from before a corrected lead came back says nothing about the clock that runs now.
    this_time = state.inquired_at is None or when >= state.inquired_at
    if state.status == State.NEW and outbound and person is not None and this_time:
        drafts.append(_first_contact(state, when))
    return drafts


def _check_chosen(intent: i.LogContact) -> None:
    if intent.channel not in set(Channel):
        raise InputMissing(gettext("Choose the channel of the contact."), field="channel")
    if intent.direction not in set(Direction):
        raise InputMissing(gettext("Choose the direction of the contact."), field="direction")
    if intent.outcome not in set(Outcome):
        raise InputMissing(gettext("Choose the outcome of the contact."), field="outcome")


def _first_contact(state: LeadState, when: datetime) -> Draft:
    # A call logged late may lie before a tracked fact; the move it causes cannot.
    moved = when if state.last_occurred_at is None else max(when, state.last_occurred_at)
    return Draft(
        kind=Kind.CONTACT_ATTEMPTED,
        occurred_at=moved,
        from_status=State.NEW,
        to_status=State.CONTACTING,
        by_scribe=True,
        caused_by_first=True,
    )


def assign(state: LeadState, intent: i.Assign, person: Person | None, rules: Rules) -> list[Draft]:
    """Who holds the lead from now on; None is the pool. To the present holder: nothing to do."""
    if intent.to_agent == state.agent:
        return []
    if intent.gone:
        raise BadInput(
            gettext("%(name)s is deactivated and cannot take leads.") % {"name": intent.gone}, field="to_agent"
        )
    check_reason(Kind.AGENT_ASSIGNED, intent.reason, intent.words, rules)
    return [
        Draft(
            kind=Kind.AGENT_ASSIGNED,
            occurred_at=times.occurred_at(state, intent, rules, tracked=True),
            to_agent=intent.to_agent,
            reason=intent.reason,
            words=intent.words,
        )
    ]


def change_flag(state: LeadState, intent: i.ChangeFlag, person: Person | None, rules: Rules) -> list[Draft]:
    """Sets or clears a flag; setting it to what it already is writes nothing."""
    if intent.flag not in set(Flag):
        raise BadInput(gettext("There is no such flag."), field="flag")
    if state.flag(intent.flag) == intent.on:
        return []
    kind = Kind.FLAG_SET if intent.on else Kind.FLAG_CLEARED
    check_reason(kind, intent.reason, intent.words, rules)
    return [
        Draft(
            kind=kind,
            occurred_at=times.occurred_at(state, intent, rules, tracked=True),
            flag=intent.flag,
            reason=intent.reason,
            words=intent.words,
        )
    ]


def add_note(state: LeadState, intent: i.AddNote, person: Person | None, rules: Rules) -> list[Draft]:
    """A note, a document reference, or both."""
    if not (intent.words.note.strip() or intent.words.document.strip()):
        raise NoteMissing(gettext("Write something first."), field="note")
    return [
        Draft(
            kind=Kind.NOTE_ADDED,
            occurred_at=times.occurred_at(state, intent, rules, tracked=False),
            data={"document": 1} if intent.words.document.strip() else {},
            words=intent.words,
        )
    ]


def change_contact(state: LeadState, intent: i.ChangeContact, person: Person | None, rules: Rules) -> list[Draft]:
    """Which contact facts changed, never their values; nothing to do when none did."""
    if not intent.fields:
        return []
    return [
        Draft(
            kind=Kind.CONTACT_DETAILS_CHANGED,
            occurred_at=times.occurred_at(state, intent, rules, tracked=False),
            data={"fields": sorted(intent.fields)},
        )
    ]


def declare_breach(state: LeadState, intent: i.DeclareBreach, person: Person | None, rules: Rules) -> list[Draft]:
    """The first contact came too late, or not yet. Once; a call logged afterwards never clears it."""
    due = state.first_contact_due_at
    if state.sla_breached or due is None or due >= rules.now:
        return []
    contacted = state.first_contact_at
    late = contacted > due if contacted is not None else state.status == State.NEW
    if not late:
        return []
    assert state.inquired_at is not None
    minutes = int((due - state.inquired_at).total_seconds() // 60)
    return [Draft(kind=Kind.SLA_BREACHED, occurred_at=due, by_scribe=True, data={"minutes": minutes})]
