"""The table of moves as people read it: numbered, with who may make each and what it needs."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext

from lifecycle import transitions
from lifecycle.events import DEMOTIONS, Kind
from lifecycle.models import OfficeSettings
from lifecycle.states import State
from lifecycle.transitions import Need, Transition, Who

from .kinds import name_of
from .numbers import attempts, days


@dataclass(frozen=True, slots=True)
class MoveRow:
    """One row of the table. ``by``: person, scribe or either; ``start`` None: there is no lead yet."""

    number: int
    start: State | None
    end: State
    name: str
    by: str
    who: str
    needs: str
    is_back: bool


def move_rows(office: OfficeSettings) -> list[MoveRow]:
    """Every move that the rules allow, in the order of their table, with this office's numbers."""
    return [
        MoveRow(
            number=number,
            start=move.from_status,
            end=move.to_status,
            name=name_of(move.kind),
            by=move.who.value,
            who=_who(move),
            needs=" ".join(_NEEDS[need](move, office) for need in move.needs) or gettext("Nothing more."),
            is_back=move.kind in DEMOTIONS,
        )
        for number, move in enumerate(transitions.TRANSITIONS, start=1)
    ]


def _who(move: Transition) -> str:
    return {Who.PERSON: gettext("A person"), Who.SCRIBE: gettext("Scribe"), Who.EITHER: gettext("A person or Scribe")}[
        move.who
    ]


def _note(move: Transition, office: OfficeSettings) -> str:
    if move.kind == Kind.MOTIVATION_CONFIRMED:
        return gettext("A note: what confirmed it.")
    return gettext("A note: what happened.")


def _threshold(move: Transition, office: OfficeSettings) -> str:
    if move.kind == Kind.TIMED_OUT_NO_RESPONSE:
        return gettext("%(days)s without an answer, and at least %(attempts)s on record.") % {
            "days": days(office.no_response_days),
            "attempts": attempts(office.no_response_attempts),
        }
    return gettext("%(days)s without progress.") % {"days": days(office.no_progress_days)}


_NEEDS: dict[Need, Callable[[Transition, OfficeSettings], str]] = {
    Need.INQUIRY: lambda move, office: gettext("A source, a name, and an e-mail or a phone number."),
    Need.CONTACT: lambda move, office: gettext("A person's call, e-mail, text or meeting; no answer counts too."),
    Need.REASON: lambda move, office: gettext("A reason."),
    Need.NOTE: _note,
    Need.DOCUMENT: lambda move, office: gettext("The signed document; without one the card warns."),
    Need.CLOSING_DATE: lambda move, office: gettext("The closing date."),
    Need.CONTACT_DATA: lambda move, office: gettext("The corrected contact data; the first-contact clock restarts."),
    Need.THRESHOLD: _threshold,
}
