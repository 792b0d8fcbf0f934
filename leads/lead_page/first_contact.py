"""The first-contact clock of a lead in words: running, met, or missed."""

from dataclasses import dataclass

from lifecycle.states import State

from .. import moments
from ..models import Lead
from .desk import Desk


@dataclass(frozen=True, slots=True)
class FirstContact:
    """``look``: good or bad. ``loud``: a banner while the lead is new or being contacted, later a line among facts."""

    words: str
    look: str
    more: str
    loud: bool


def first_contact(lead: Lead, desk: Desk) -> FirstContact | None:
    """What the clock says; None for a lead that has none (imported, or made before the office kept one)."""
    due, asked, met = lead.first_contact_due_at, lead.inquired_at, lead.first_contact_at
    if due is None or asked is None:
        return None
    more = f"Due by {moments.exact(due, desk.zone)}"
    loud = lead.status in (State.NEW, State.CONTACTING)
    if met is not None and met <= due and not lead.sla_breached:
        words = f"First contact met at {moments.clock((met - asked).total_seconds())}"
        return FirstContact(words, "good", more, loud)
    if met is not None:
        late = moments.clock((met - due).total_seconds())
        words = f"First contact came {late} late" if met > due else "First contact was logged after the clock ran out"
        return FirstContact(words, "bad", more, loud)
    if lead.status != State.NEW:
        return None
    left = (due - desk.now).total_seconds()
    if left > 0:
        # The hour stays true on a page that lies open; what is left of it does not.
        by = moments.time_of_day(due, desk.zone)
        return FirstContact(f"First contact due by {by}: {moments.clock(left)} left", "good", more, loud)
    return FirstContact(f"First contact is {moments.clock(-left)} late", "bad", more, loud)
