"""Moves: from one state to another, exactly as the table of transitions says. Pure."""

from datetime import date, datetime, timedelta
from typing import Any

from .. import intents as i
from ..errors import BadInput, ClosedLead, IllegalMove, InputMissing, NotYours, ThresholdNotReached
from ..events import Draft, Inquiry, Kind
from ..explain import why_not
from ..fold import LeadState
from ..intents import Person, Rules
from ..reasons import DUPLICATE_OF, INITIAL_ROUTING
from ..speech import gettext, gettext_noop
from ..states import State
from ..transitions import Need, Transition, Who, between, for_person, legal_targets
from . import times
from .reasons_given import check_note, check_reason

_NOTE_ASKED = {
    Kind.MOTIVATION_CONFIRMED: gettext_noop("Write what confirmed their motivation."),
    Kind.DEAL_COLLAPSED: gettext_noop("Write in a sentence how the deal collapsed."),
    Kind.CONTRACT_VOIDED: gettext_noop("Write in a sentence how the contract was voided."),
}


def create(state: LeadState, intent: i.Create, person: Person | None, rules: Rules) -> list[Draft]:
    """The first fact of a lead; a second one when it is born with an agent."""
    if state.version:
        raise IllegalMove(gettext("This lead exists already."))
    if intent.inquiry not in set(Inquiry):
        raise InputMissing(gettext("Choose where this lead came from."), field="inquiry")
    if intent.gone:
        raise BadInput(gettext("%(name)s is deactivated and cannot take leads.") % {"name": intent.gone}, field="agent")
    when = times.occurred_at(state, intent, rules, tracked=True)
    data = {"inquiry": str(intent.inquiry), "sla_minutes": rules.sla_minutes}
    drafts = [Draft(kind=Kind.LEAD_CREATED, occurred_at=when, to_status=State.NEW, data=data, words=intent.words)]
    if intent.agent is not None:
        drafts.append(Draft(kind=Kind.AGENT_ASSIGNED, occurred_at=when, to_agent=intent.agent, reason=INITIAL_ROUTING))
    return drafts


def move(state: LeadState, intent: i.Move, person: Person | None, rules: Rules) -> list[Draft]:
    """One move. Dropping a card where it already is writes nothing."""
    if intent.to not in set(State):
        raise BadInput(gettext("There is no such stage."), field="to")
    if intent.to == state.status and not intent.kind:
        return []
    found = _transition(state, intent, person)
    _check_needs(found, intent, rules)
    check_reason(found.kind, intent.reason, intent.words, rules)
    if found.kind in _NOTE_ASKED:
        check_note(intent.words, _NOTE_ASKED[found.kind])
    return [
        Draft(
            kind=found.kind,
            occurred_at=times.occurred_at(state, intent, rules, tracked=True),
            from_status=state.status,
            to_status=found.to_status,
            reason=intent.reason,
            by_scribe=person is None,
            data=_data(found, intent, rules),
            words=intent.words,
        )
    ]


def _transition(state: LeadState, intent: i.Move, person: Person | None) -> Transition:
    if state.status == State.CLOSED:
        raise ClosedLead(why_not(state.status, intent.to), legal=[])
    every = between(state.status, intent.to)
    if not every:
        raise IllegalMove(
            why_not(state.status, intent.to), field="to", legal=[str(s) for s in legal_targets(state.status)]
        )
    mine = for_person(state.status, intent.to) if person else tuple(t for t in every if t.who != Who.PERSON)
    fitting = [t for t in mine if intent.kind in ("", t.kind)]
    if not fitting:
        if any(t.kind == intent.kind for t in every):
            raise NotYours(
                gettext("Scribe records this by the office's rules; it cannot be made by hand."), field="kind"
            )
        if not mine:
            raise NotYours(gettext("This is a person's decision; Scribe cannot make it."))
        raise IllegalMove(gettext("This kind of move does not join these two stages."), field="kind")
    return fitting[0]


def _check_needs(found: Transition, intent: i.Move, rules: Rules) -> None:
    if Need.CONTACT in found.needs:
        raise InputMissing(
            gettext("Log the call, e-mail or text first; that moves the lead by itself."), field="contact"
        )
    if Need.THRESHOLD in found.needs:
        raise ThresholdNotReached(
            gettext("A lead is archived for its silence only by Scribe's own round, when it is due.")
        )
    if Need.CONTACT_DATA in found.needs and not intent.contact_fields:
        raise InputMissing(
            gettext("Correct the name, the phone or the e-mail; nothing is different yet."), field="contact"
        )
    if Need.CLOSING_DATE in found.needs:
        _check_closing_date(intent.closing_date, rules)
    if found.kind == Kind.BOGUS_CONTACT_DETECTED and intent.reason == DUPLICATE_OF and not intent.duplicate_of:
        raise InputMissing(gettext("Say which lead this one repeats."), field="duplicate_of")


def _check_closing_date(closing: date | None, rules: Rules) -> None:
    if closing is None:
        raise InputMissing(gettext("Enter the closing date."), field="closing_date")
    # The office may lie a day ahead of UTC, so today there is at most tomorrow here.
    if closing > rules.now.date() + timedelta(days=1) or closing < times.EARLIEST.date():
        raise BadInput(gettext("The closing date must lie between 1900 and today."), field="closing_date")


def _data(found: Transition, intent: i.Move, rules: Rules) -> dict[str, Any]:
    match found.kind:
        case Kind.BUYER_AGREEMENT_SIGNED:
            return {"document": int(bool(intent.words.document))}
        case Kind.CLOSING_COMPLETED:
            assert intent.closing_date is not None
            return {"closing_date": intent.closing_date.isoformat(), "document": int(bool(intent.words.document))}
        case Kind.CONTACT_INFO_UPDATED:
            return {"fields": sorted(intent.contact_fields), "sla_minutes": rules.sla_minutes}
        case Kind.BOGUS_CONTACT_DETECTED if intent.duplicate_of:
            return {"duplicate_of": intent.duplicate_of}
    return {}


def time_out(state: LeadState, intent: i.TimeOut, person: Person | None, rules: Rules) -> list[Draft]:
    """Scribe archives a lead that has been silent, or without progress, for as long as the office allows."""
    found = [t for t in between(state.status, State.ARCHIVED) if t.kind == intent.kind and t.who == Who.SCRIBE]
    if not found:
        return []
    if not is_due(state, intent.kind, rules, intent.told_at):
        raise ThresholdNotReached(gettext("This lead has not been waiting long enough to be archived."))
    return [
        Draft(
            kind=found[0].kind,
            occurred_at=times.occurred_at(state, intent, rules, tracked=True),
            from_status=state.status,
            to_status=State.ARCHIVED,
            by_scribe=True,
        )
    ]


def is_due(state: LeadState, kind: str, rules: Rules, told_at: datetime | None = None) -> bool:
    """Whether a timeout is owed: enough days (``due_at``), and enough attempts."""
    due = due_at(state, kind, rules, told_at)
    if due is None or rules.now < due:
        return False
    return kind != Kind.TIMED_OUT_NO_RESPONSE or state.attempts >= rules.no_response_attempts


def due_at(state: LeadState, kind: str, rules: Rules, told_at: datetime | None = None) -> Any:
    """When a timeout falls due for a lead as it stands; None before its first fact.

    The days count from when the stage began or the lead last answered. Of a lead that another system told of they count
    from then (``told_at``) at the earliest: nobody here could have worked a lead that nobody here knew, and an office
    that brings its history must not find it archived a minute later.
    """
    if state.stage_entered_at is None:
        return None
    days = rules.no_response_days if kind == Kind.TIMED_OUT_NO_RESPONSE else rules.no_progress_days
    return max(t for t in (state.stage_entered_at, state.last_reply_at, told_at) if t is not None) + timedelta(
        days=days
    )
