"""The first-contact clock of a lead in words: running, met, or missed."""

from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from lifecycle.states import State

from .. import moments
from ..models import Lead
from .desk import Desk


@dataclass(frozen=True, slots=True)
class FirstContact:
    """``look``: good or bad. ``loud``: a banner while the lead is new or being contacted, later a line among facts.

    ``words`` stand alone; ``line`` says the same beside the label "First contact".
    """

    words: str
    line: str
    look: str
    more: str
    loud: bool


def first_contact(lead: Lead, desk: Desk) -> FirstContact | None:
    """What the clock says; None for a lead that has none (imported, or made before the office kept one)."""
    due, asked, met = lead.first_contact_due_at, lead.inquired_at, lead.first_contact_at
    if due is None or asked is None:
        return None
    more = gettext("Due by %(time)s") % {"time": moments.exact(due, desk.zone)}
    loud = lead.status in (State.NEW, State.CONTACTING)
    if met is not None and met <= due and not lead.sla_breached:
        took = {"length": moments.clock((met - asked).total_seconds())}
        words = gettext("First contact met at %(length)s") % took
        return FirstContact(words, pgettext("the first contact", "met at %(length)s") % took, "good", more, loud)
    if met is not None:
        words, line = _late((met - due).total_seconds())
        return FirstContact(words, line, "bad", more, loud)
    if lead.status != State.NEW:
        return None
    left = (due - desk.now).total_seconds()
    if left > 0:
        # The hour stays true on a page that lies open; what is left of it does not.
        by = {"time": moments.time_of_day(due, desk.zone), "length": moments.clock(left)}
        words = gettext("First contact due by %(time)s: %(length)s left") % by
        return FirstContact(words, words, "good", more, loud)
    words = gettext("First contact is %(length)s late") % {"length": moments.clock(-left)}
    return FirstContact(words, words, "bad", more, loud)


def _late(seconds: float) -> tuple[str, str]:
    """Words and line of a first contact that came too late, or in time and was written down too late."""
    if seconds <= 0:
        line = pgettext("the first contact", "was logged after the clock ran out")
        return gettext("First contact was logged after the clock ran out"), line
    late = {"length": moments.clock(seconds)}
    words = gettext("First contact came %(length)s late") % late
    return words, pgettext("the first contact", "came %(length)s late") % late
