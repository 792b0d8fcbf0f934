"""What the page about the first response says: groups of lengths, shares, what is counted."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo

from django.utils.translation import gettext, gettext_noop, ngettext, pgettext

from lifecycle.events import Inquiry
from lifecycle.reports.first_clocks import Clock, Outcome
from lifecycle.reports.first_figures import LATER, PARTS

from .. import moments
from ..board.mix import grouped
from .chart import percent

#: Below this a percentage says more than is known.
FEW = 5

_TOOK: tuple[Callable[[], str], ...] = (
    lambda: pgettext("time to the first contact", "under 1 min"),
    lambda: pgettext("time to the first contact", "1–5 min"),
    lambda: pgettext("time to the first contact", "5–15 min"),
    lambda: pgettext("time to the first contact", "15–60 min"),
    lambda: pgettext("time to the first contact", "1–4 h"),
    lambda: pgettext("time to the first contact", "4–24 h"),
    lambda: pgettext("time to the first contact", "later"),
    lambda: pgettext("time to the first contact", "no contact"),
)
#: The groups of `Figures.spread` as the address names them.
TOOK = (*(str(n) for n in range(LATER)), "later", "never")

_WEEKDAYS = (
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)


def weekday(day: int) -> str:
    """``Monday`` for 0."""
    return gettext(_WEEKDAYS[day])


def hours(part: int) -> str:
    """The hours of a part of the day: ``8–12 h``."""
    each = 24 // PARTS
    return pgettext("hours of the day", "%(first)d–%(last)d h") % {"first": part * each, "last": (part + 1) * each}


def took(group: int) -> str:
    """The words of a group of lengths."""
    return _TOOK[group]()


def source(code: str) -> str:
    """Where a lead came from, in words."""
    known = code in set(Inquiry)
    return Inquiry(code).label if known else pgettext("where a lead came from", "Not recorded")


def share(part: int, whole: int) -> str:
    """``83%``; ``3 of 4`` where there are few; a dash for none."""
    if not whole:
        return "–"
    return percent(part / whole) if whole >= FEW else of_all(part, whole)


def of_all(part: int, whole: int) -> str:
    """``3 of 4``."""
    return gettext("%(part)s of %(whole)s") % {"part": grouped(part), "whole": grouped(whole)}


def length(seconds: float | None) -> str:
    """``1m 47s``; a dash where nobody was answered."""
    return "–" if seconds is None else moments.clock(seconds)


def line(clock: Clock, holder: str) -> str:
    """Whose clock it was and what came of it: ``Ana Alvarez: 1m 47s, in time``."""
    return pgettext("a holder and the first contact", "%(who)s: %(what)s") % {"who": holder, "what": came_of(clock)}


def came_of(clock: Clock) -> str:
    """What came of one clock: ``1m 47s, in time``."""
    if clock.seconds is None:
        never = clock.outcome is Outcome.BREACHED
        return pgettext("time to the first contact", "no contact") if never else clock.outcome.label
    said = {"length": moments.clock(clock.seconds)}
    if clock.outcome is Outcome.MET:
        words = gettext("%(length)s, in time; logged late") if clock.logged_late else gettext("%(length)s, in time")
    elif clock.logged_late:
        words = gettext("%(length)s, logged after it was declared late")
    else:
        words = gettext("%(length)s, too late")
    return words % said


def last_3_months(end: datetime, zone: tzinfo) -> tuple[date, date]:
    """Three months of days, the one in which the figures end included."""
    today = end.astimezone(zone).date()
    before = today.replace(day=1)
    for _ in range(3):
        before = (before - timedelta(days=1)).replace(day=1)
    after = (before + timedelta(days=31)).replace(day=1)
    last = (after - timedelta(days=1)).day
    return before.replace(day=min(today.day, last)) + timedelta(days=1), today


def says(without: int) -> list[str]:
    """What exactly is counted. In: how many leads came in without a clock; 0 where that is nobody's business."""
    told = [
        gettext(
            "A clock starts when an inquiry comes in, and anew when corrected contact data bring a lead back to New."
            " It runs for whoever holds the lead then: its agent, or the pool. The period is that of the inquiry."
        ),
        gettext(
            "The first contact is the first call, e-mail, text or meeting of a person with the lead from then on, by"
            " the time at which it happened. What Scribe sends by itself does not count, and no call from the lead."
        ),
        gettext(
            "In time: before the minutes were over. Too late: after that, or not at all. A lead whose time still runs"
            " is in neither."
        ),
        gettext(
            "A lead that is handed on untouched before it was due counts as passed on, not as an answer that was owed;"
            " handed on later, it was late. The new holder has the same minutes again from that moment. To take a"
            " lead from the pool is such a hand-over."
        ),
        gettext("A lead that was archived or trashed before it was due, without a contact, was owed no answer."),
        gettext(
            "Logged late: the contact came in time and was written down when the time was over. If Scribe had declared"
            " the lead late before that, it stays late."
        ),
        gettext(
            "Median and “nine in ten within” are of the leads that were contacted, however late. Of fewer than 5 leads"
            " no percentage is shown. Undone moves never happened."
        ),
    ]
    if without:
        left_out = ngettext(
            "%(n)s lead of this period came in without a clock, from another system, and is left out.",
            "%(n)s leads of this period came in without a clock, from another system, and are left out.",
            without,
        )
        told.append(left_out % {"n": grouped(without)})
    return told
