"""The facts on either side of an instant, in the words of the timeline and by the clock that was asked for."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from lifecycle.history import Clock
from lifecycle.history.one_lead import read_around
from lifecycle.models import LeadEvent
from lifecycle.timeline import Entry, Page, entries_of
from lifecycle.timeline.entries import LATE_AFTER

from .. import moments
from ..models import Lead
from .desk import Desk
from .rows import Row, link_to, rows


@dataclass(frozen=True, slots=True)
class Beside:
    """The fact before or after the instant, how far away it is, and the way to its row in the timeline.

    ``when``: the time that is printed beside. ``undone_later``, ``corrected_later``: of what was not known at the
    instant, who did it and when; their urls lead to it.
    """

    row: Row
    away: str
    when: str
    url: str
    undone_later: str = ""
    undone_url: str = ""
    corrected_later: str = ""
    corrected_url: str = ""


def around(lead: Lead, moment: datetime, clock: Clock, desk: Desk) -> tuple[Beside | None, Beside | None]:
    """The last fact at or before the instant and the first after it. As we knew it: without what was mended later."""
    facts = read_around(lead.pk, moment, clock)
    found = [fact for fact in facts if fact is not None]
    today = entries_of(found, desk.reasons, viewer_is_broker=desk.viewer.is_broker)
    entries = _as_known(found, today, moment, desk) if clock is Clock.KNOWN else today
    shown = {row.entry.event.pk: row for row in rows(Page(entries, None, None), desk)}
    latest = {row.entry.event.pk: row for row in rows(Page(today, None, None), desk)} if entries is not today else shown
    before, after = (
        _beside(fact, shown[fact.pk], latest[fact.pk], lead, moment, clock) if fact else None for fact in facts
    )
    return before, after


def _as_known(found: list[LeadEvent], today: list[Entry], moment: datetime, desk: Desk) -> list[Entry]:
    then = entries_of(found, desk.reasons, viewer_is_broker=desk.viewer.is_broker, known_at=moment)
    # Who may read a note is judged by today, as everything about access is.
    return [replace(entry, note=newer.note) for entry, newer in zip(then, today, strict=True)]


def _beside(fact: LeadEvent, row: Row, latest: Row, lead: Lead, moment: datetime, clock: Clock) -> Beside:
    home = reverse("lead", args=[lead.pk])
    entry, newest = row.entry, latest.entry
    # The rows that it speaks of are not on this page: every way leads into the timeline.
    linked = replace(
        row,
        voided_url=home + link_to(entry.voided_by, set()),
        target_url=home + link_to(entry.target, set()) if entry.target else "",
        correction_url=home + link_to(entry.corrected_by, set()),
    )
    undone = newest.voided_by != entry.voided_by
    corrected = newest.corrected_by != entry.corrected_by
    written = clock is Clock.KNOWN and fact.recorded_at - fact.occurred_at > LATE_AFTER
    return Beside(
        linked,
        _away(fact.recorded_at if clock is Clock.KNOWN else fact.occurred_at, moment, written=written),
        gettext("happened %(time)s") % {"time": row.exact} if written else row.exact,
        home + link_to(fact, set()),
        undone_later=latest.voided if undone else "",
        undone_url=home + link_to(newest.voided_by, set()),
        corrected_later=latest.correction if corrected else "",
        corrected_url=home + link_to(newest.corrected_by, set()),
    )


def _away(then: datetime, moment: datetime, *, written: bool) -> str:
    """How far from the instant the fact lies; ``written``: it happened long before it was written down."""
    seconds = (moment - then).total_seconds()
    span = {"span": moments.span(abs(seconds))}
    if seconds == 0:
        return gettext("at this very moment")
    if seconds > 0:
        words = gettext("Written down %(span)s before") if written else pgettext("before a moment", "%(span)s before")
    else:
        words = gettext("Written down %(span)s later") if written else pgettext("after a moment", "%(span)s later")
    return words % span
