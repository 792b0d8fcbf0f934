"""Dates that matter, and what may be done next: both follow from the rules and the office's own numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle import transitions
from lifecycle.decide.moves import due_at
from lifecycle.events import DEMOTIONS, Kind
from lifecycle.history.told import last_told
from lifecycle.intents import Rules
from lifecycle.states import State
from lifecycle.transitions import Need, for_person
from lifecycle.visits import Visit

from .. import moments
from ..lead_page.custody_words import to_the_minute
from ..lead_page.desk import Desk
from ..models import Lead


@dataclass(frozen=True, slots=True)
class Date:
    """A day that matters: what it is, which day, the moment to the second."""

    words: str
    day: str
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """A stage that the lead may go to, and what to do for it, to end a sentence."""

    stage: str
    todo: str
    back: bool


#: What a person does to make the move, by what the table of the moves asks for.
_TODO: dict[tuple[Need, ...], Callable[[], str]] = {
    (): lambda: pgettext("to move a lead", "nothing else is needed."),
    (Need.CONTACT,): lambda: pgettext("to move a lead", "log a call, e-mail, text or meeting."),
    (Need.REASON,): lambda: pgettext("to move a lead", "give a reason."),
    (Need.NOTE,): lambda: pgettext("to move a lead", "note what confirmed that they want to buy."),
    (Need.REASON, Need.NOTE): lambda: pgettext("to move a lead", "give a reason and note what happened."),
    (Need.DOCUMENT,): lambda: pgettext("to move a lead", "attach the signed agreement."),
    (Need.CLOSING_DATE,): lambda: pgettext("to move a lead", "enter the closing date."),
    (Need.CONTACT_DATA,): lambda: pgettext("to move a lead", "correct the contact data."),
}


def dates(lead: Lead, visits: list[Visit], desk: Desk) -> list[Date]:
    """When it came in, since when it stands here, and what is coming."""
    found = [
        _began(gettext("Came in"), visits[:1], desk),
        _began(gettext("In this stage since"), visits[-1:], desk),
        _closing(visits, desk) if lead.status == State.CLOSED else None,
        _first_contact(lead, desk),
        _stale_from(lead, desk),
        _timeout(lead, visits, desk),
    ]
    return [each for each in found if each is not None]


def what_next(lead: Lead) -> list[Next]:
    """The moves that a person may make from here, with what to do for each."""
    return [
        Next(move.to_status.label, _TODO[move.needs](), move.kind in DEMOTIONS)
        for move in transitions.TRANSITIONS
        if move.from_status == lead.status and move in for_person(lead.status, move.to_status)
    ]


def _date(words: str, moment: datetime | None, desk: Desk) -> Date | None:
    if moment is None:
        return None
    return Date(words, moments.day(moment, desk.zone, desk.now), moments.exact(moment, desk.zone))


def _began(words: str, visit: list[Visit], desk: Desk) -> Date | None:
    """The day on which a stay began; in words that say when it is a guess."""
    for stay in visit:
        exact = moments.exact(stay.since, desk.zone)
        if stay.about:
            return Date(words, moments.guessed_day(stay.since, desk.zone, desk.now, at_latest=stay.undated), exact)
        return Date(words, moments.day(stay.since, desk.zone, desk.now), exact)
    return None


def _closing(visits: list[Visit], desk: Desk) -> Date | None:
    text = visits[-1].closing_date if visits else ""
    try:
        day = moments.calendar_day(date.fromisoformat(text), desk.now.astimezone(desk.zone).date())
    except ValueError:
        day = text
    return Date(gettext("Closing date"), day) if day else None


def _first_contact(lead: Lead, desk: Desk) -> Date | None:
    due = lead.first_contact_due_at
    if lead.status != State.NEW or due is None or lead.first_contact_at is not None:
        return None
    return Date(gettext("First contact due"), to_the_minute(due, desk.zone), moments.exact(due, desk.zone))


def _stale_from(lead: Lead, desk: Desk) -> Date | None:
    days = desk.office.stale_days(lead.status)
    if days is None or lead.stage_entered_at is None:
        return None
    stale = lead.stage_entered_at + timedelta(days=days)
    return _date(gettext("Counts as stale from"), stale, desk) if stale > desk.now else None


def _timeout(lead: Lead, visits: list[Visit], desk: Desk) -> Date | None:
    """When Scribe archives it by the office's rules, unless something happens. One query for an imported lead."""
    told = last_told([lead.pk]).get(lead.pk) if any(v.imported for v in visits) else None
    office = desk.office
    rules = Rules(
        now=desk.now,
        no_response_days=office.no_response_days,
        no_response_attempts=office.no_response_attempts,
        no_progress_days=office.no_progress_days,
    )
    if lead.status == State.CONTACTING:
        due = due_at(lead.cached_state, Kind.TIMED_OUT_NO_RESPONSE, rules, told)
        missing = office.no_response_attempts - lead.attempts
        words = gettext("Will be archived unless they answer")
        if missing > 0:
            after = ngettext(
                "Will be archived after %(n)d more attempt without an answer, at the earliest",
                "Will be archived after %(n)d more attempts without an answer, at the earliest",
                missing,
            )
            words = after % {"n": missing}
        return _date(words, due, desk)
    if lead.status == State.QUALIFIED:
        due = due_at(lead.cached_state, Kind.TIMED_OUT_NO_PROGRESS, rules, told)
        return _date(gettext("Will be archived unless it moves on or they answer"), due, desk)
    return None
