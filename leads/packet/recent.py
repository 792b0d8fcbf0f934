"""What was written and said last: the newest notes, the newest contacts. Cut so that the page stays one page."""

from dataclasses import dataclass

from django.utils.text import Truncator

from lifecycle import timeline
from lifecycle.events import Kind, Source
from lifecycle.history.custody import SCRIBE
from lifecycle.imported import undated
from lifecycle.models import EventNote
from lifecycle.timeline import Entry, Filters

from .. import moments
from ..lead_page.custody_words import fact_url
from ..lead_page.desk import Desk
from ..models import Lead

NOTES, CONTACTS = 4, 5
#: So much of a note is told; the rest is one press away, in the story.
LONGEST = 260

#: Words that are no part of the story: why a reason was corrected or a move undone, and, told elsewhere, why the
#: lead changed hands.
_NOT_TOLD = (Kind.REASON_CORRECTED.value, Kind.MOVE_VOIDED.value, Kind.AGENT_ASSIGNED.value)


@dataclass(frozen=True, slots=True)
class Note:
    """Words that somebody wrote. ``what``: with which fact; ``""`` for a plain note. ``cut``: there is more of it."""

    text: str
    cut: bool
    what: str
    who: str
    of_old_system: bool
    day: str
    exact: str
    url: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A call, an e-mail, a text or a meeting; ``entry`` is what its sentence needs."""

    entry: Entry
    day: str
    exact: str


def last_notes(lead: Lead, desk: Desk) -> list[Note]:
    """The newest notes, newest first; those of moves that were undone are left out. One query."""
    written = (
        EventNote.objects.filter(event__lead=lead)
        .exclude(note="")
        .exclude(event__kind__in=_NOT_TOLD)
        .exclude(event__corrections__kind=Kind.MOVE_VOIDED.value)
        .select_related("event")
        .order_by("-event__version")[:NOTES]
    )
    return [_note(words, desk) for words in written]


def _note(words: EventNote, desk: Desk) -> Note:
    event = words.event
    # On paper a list of short lines would take the place of three notes.
    line = " ".join(words.note.split())
    return Note(
        text=Truncator(line).chars(LONGEST),
        cut=len(line) > LONGEST,
        what="" if event.kind == Kind.NOTE_ADDED or event.kind not in set(Kind) else Kind(event.kind).label,
        who=event.actor_name if event.actor_id is not None else SCRIBE,
        of_old_system=event.source == Source.IMPORT and event.actor_id is None,
        day=moments.guessed_day(event.occurred_at, desk.zone, desk.now, at_latest=undated(event))
        if event.backfilled
        else moments.day(event.occurred_at, desk.zone, desk.now),
        exact=moments.exact(event.occurred_at, desk.zone),
        url=fact_url(event.lead_id, event.version),
    )


def last_contacts(lead: Lead, desk: Desk) -> list[Contact]:
    """The newest contacts, newest first. Two queries."""
    contacts = Filters(groups=frozenset({"contacts"}))
    page = timeline.read(lead.pk, contacts, desk.reasons, viewer_is_broker=desk.viewer.is_broker, size=CONTACTS)
    return [
        Contact(
            entry=entry,
            day=moments.day(entry.event.occurred_at, desk.zone, desk.now),
            exact=moments.exact(entry.event.occurred_at, desk.zone),
        )
        for entry in page.entries
    ]
