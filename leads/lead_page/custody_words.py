"""How a stay reads: its length in days, its two ends, the reason as this viewer may read it."""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.authority import words_shown
from lifecycle.events import Kind
from lifecycle.timeline.because import label

from .. import moments
from .desk import Desk


@dataclass(frozen=True, slots=True)
class Moment:
    """One end of a stay: the day, the moment to the minute and to the second with its zone, and for machines."""

    day: str
    minute: str
    exact: str
    iso: str


@dataclass(frozen=True, slots=True)
class Why:
    """The reason in words; ``was`` is what was given first, where it was corrected."""

    words: str = ""
    was: str = ""


def pool() -> str:
    """What stands in place of a holder's name."""
    return pgettext("holder of a lead", "Pool")


def untold() -> str:
    """What stands there where another system did not say who held the lead."""
    return pgettext("holder of a lead", "Not recorded")


def held_for(length: timedelta) -> str:
    """How long: whole days from the first one on, hours and minutes before. Counted in instants, never rounded up."""
    if length < timedelta(days=1):
        return moments.span(length.total_seconds())
    return ngettext("%(n)d day", "%(n)d days", length.days) % {"n": length.days}


def to_the_minute(moment: datetime, zone: tzinfo) -> str:
    """The moment with its zone: ``Tue 17 Nov 2026, 2:05 pm PST``. What was seconds later is no other day's news."""
    return moments.instant(moment.replace(second=0, microsecond=0), zone)


def on_paper(desk: Desk) -> dict[str, str]:
    """What a printed sheet says about itself: whose it is and when it was printed."""
    return {"office": desk.office.name, "when": to_the_minute(desk.now, desk.zone)}


def end_of(moment: datetime, desk: Desk, *, about: bool = False, at_latest: bool = False) -> Moment:
    """One end of a stay in the viewer's zone; ``about``: the time is a guess, ``at_latest``: it was then or earlier."""
    minute = to_the_minute(moment, desk.zone)
    if at_latest:
        minute = pgettext("a time that is not known", "%(time)s or earlier") % {"time": minute}
    elif about:
        minute = pgettext("a time that is a guess", "about %(time)s") % {"time": minute}
    guess = about or at_latest
    return Moment(
        day=moments.guessed_day(moment, desk.zone, desk.now, at_latest=at_latest)
        if guess
        else moments.day(moment, desk.zone, desk.now),
        minute=minute,
        exact=moments.exact(moment, desk.zone),
        iso=moment.isoformat(),
    )


def why(reason: str, was: str, desk: Desk) -> Why:
    """Why a lead changed hands, as this viewer may read it."""
    words = _label(reason, desk)
    first = _label(was, desk)
    return Why(words, first if first != words else "")


def may_read_note(reason: str, was: str, desk: Desk) -> bool:
    """Whether the words of a hand-over are for this viewer."""
    return words_shown((reason, was), Kind.AGENT_ASSIGNED.value, desk.viewer.is_broker)


def fact_url(lead_id: int, version: int) -> str:
    """The way to a fact in the story of its lead, wherever in it that stands."""
    return f"{reverse('lead', args=[lead_id])}?cursor={version + 1}#v{version}"


def zone_words(desk: Desk) -> str:
    """In which zone the times of the page are, by both its names."""
    local = desk.now.astimezone(desk.zone)
    named = {"short": moments.zone_name(local), "zone": str(desk.zone)}
    return gettext("Times are in %(zone)s (%(short)s).") % named


def _label(code: str, desk: Desk) -> str:
    return label(code, Kind.AGENT_ASSIGNED.value, desk.reasons, desk.viewer.is_broker)
