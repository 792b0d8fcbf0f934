"""One fact with its words: names instead of ids, labels instead of codes, what was struck out and by what."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

from ..authority import words_shown
from ..events import Channel, Direction, Inquiry, Kind, Outcome, Source
from ..flags import Flag
from ..imported import from_unknown, undated
from ..models import EventNote, LeadEvent
from ..reasons import Reason
from ..speech import gettext, gettext_noop, pgettext
from ..states import State
from .because import clause, in_sentence, label, lowered

SCRIBE = "Scribe"
#: A fact that was written this much later than it happened is said to be logged late.
LATE_AFTER = timedelta(minutes=10)

_KNOWN = frozenset(k.value for k in Kind)
_DOORS = {
    Source.BOARD: gettext_noop("on the board"),
    Source.PAGE: gettext_noop("on the lead page"),
    Source.BULK: gettext_noop("as part of a bulk action"),
    Source.API: gettext_noop("through the API"),
    Source.ADMIN: gettext_noop("in the office admin"),
    Source.IMPORT: gettext_noop("imported"),
    Source.FORM: gettext_noop("through a web form"),
    Source.SCHEDULE: gettext_noop("by the office's rules"),
    Source.COMMAND: gettext_noop("by a command"),
}
_FIELDS: dict[str, Callable[[], str]] = {
    "name": lambda: pgettext("contact data, inside a sentence", "name"),
    "email": lambda: pgettext("contact data, inside a sentence", "e-mail"),
    "phone": lambda: pgettext("contact data, inside a sentence", "phone"),
    "headline": lambda: pgettext("contact data, inside a sentence", "what they want"),
    "address": lambda: pgettext("contact data, inside a sentence", "address"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A fact as its sentence needs it. Times stay instants; whoever renders puts them into a zone."""

    event: LeadEvent
    kind: str
    known: bool
    actor: str
    by_scribe: bool
    holder: str
    to_agent: str
    from_stage: str
    to_stage: str
    flag: str
    reason: str
    reasons_were: tuple[str, ...]
    because: str
    said: dict[str, str]
    note: str
    document: str
    source_words: str
    erased: bool
    door: str
    late: bool
    about: bool
    voided_by: LeadEvent | None
    corrected_by: LeadEvent | None
    superseded_by: LeadEvent | None
    target: LeadEvent | None
    target_kind: str
    cause: LeadEvent | None

    @property
    def imported(self) -> bool:
        """Whether another system told of it."""
        return self.event.source == Source.IMPORT

    @property
    def from_unknown(self) -> bool:
        """Whether it only says where the lead stood in an old system."""
        return from_unknown(self.event)

    @property
    def undated(self) -> bool:
        """Whether the old system kept no time for it: then or earlier."""
        return undated(self.event)

    @property
    def in_old_system(self) -> bool:
        """Whether an assignment or a flag says what an old system had, and not what somebody did."""
        return self.imported and self.by_scribe and self.about

    @property
    def taken_up_by(self) -> LeadEvent | None:
        """Of an import that was taken back, the fact by which a later one brought the lead again."""
        void = self.voided_by
        again = self.kind == Kind.IMPORT_WITHDRAWN and void is not None and void.source == Source.IMPORT
        return void if again else None

    @property
    def takes_up(self) -> bool:
        """Whether it is that fact itself: no mistake was undone, a later import brought the lead again."""
        return self.kind == Kind.MOVE_VOIDED and self.imported and self.target_kind == Kind.IMPORT_WITHDRAWN

    @property
    def in_words(self) -> str:
        """The reason in the middle of a sentence."""
        return in_sentence(self.reason)

    @property
    def by_holder(self) -> bool:
        """Whether whoever held the lead did this."""
        return self.event.actor_id is not None and self.event.actor_id == self.event.agent_id

    @property
    def to_self(self) -> bool:
        """Whether somebody took the lead for themselves."""
        return self.event.actor_id is not None and self.event.actor_id == self.event.to_agent_id


def entry(
    event: LeadEvent,
    corrections: list[LeadEvent],
    book: dict[str, Reason],
    viewer_is_broker: bool,
    superseded_by: LeadEvent | None = None,
    instead_of: LeadEvent | None = None,
) -> Entry:
    """A fact in words. In: the row with its words, people, target and cause loaded, and what corrects it.

    For a corrected reason ``superseded_by`` is the newer fact that took its place, and ``instead_of`` the older
    correction whose place it took; None where it took that of the first reason.
    """
    words: EventNote | None = getattr(event, "words", None)
    voided_by = next((c for c in corrections if c.kind == Kind.MOVE_VOIDED), None)
    corrected = [c for c in corrections if c.kind == Kind.REASON_CORRECTED]
    explained = event.target.kind if event.kind == Kind.REASON_CORRECTED and event.target else event.kind
    said = [label(e.reason, explained, book, viewer_is_broker) for e in (event, *corrected)]
    told = words_shown(_explained_by(event, corrected, instead_of), explained, viewer_is_broker)
    return Entry(
        event=event,
        kind=event.kind,
        known=event.kind in _KNOWN,
        actor=event.actor_name if event.actor_id is not None else SCRIBE,
        by_scribe=event.actor_id is None,
        holder=str(event.agent) if event.agent else "",
        to_agent=str(event.to_agent) if event.to_agent else "",
        from_stage=stage(event.from_status),
        to_stage=stage(event.to_status),
        flag=lowered(_label(Flag, event.flag)),
        reason=said[-1],
        reasons_were=_struck(said),
        because=clause(event.reason, said[0]) if event.kind == Kind.AGENT_ASSIGNED and not _struck(said) else "",
        said=_said(event.data) if event.kind in _KNOWN and isinstance(event.data, dict) else {},
        note=words.note if words and told else "",
        document=words.document if words else "",
        source_words=words.source_words if words else "",
        erased=words is None and bool(event.note_digest),
        door=gettext(_DOORS.get(Source(event.source), "")) if event.source in set(Source) else "",
        late=_is_late(event),
        about=event.backfilled,
        voided_by=voided_by,
        corrected_by=corrected[-1] if corrected else None,
        superseded_by=superseded_by,
        target=event.target,
        target_kind=event.target.kind if event.target else "",
        cause=event.caused_by,
    )


def _explained_by(event: LeadEvent, corrected: list[LeadEvent], instead_of: LeadEvent | None) -> list[str]:
    """The reasons that the note of a fact may speak of: its own, the one that stands now, the one that it corrects."""
    before = (instead_of or event.target) if event.kind == Kind.REASON_CORRECTED else None
    return [e.reason for e in (event, *corrected[-1:], before) if e is not None]


def _struck(said: list[str]) -> tuple[str, ...]:
    """The reasons before the one that stands, as this viewer reads them; two that read the same are one."""
    return tuple(words for words, newer in pairwise(said) if words != newer)


def stage(status: str) -> str:
    """The word on the screen for a state; a newer release's state reads as it is written."""
    return _label(State, status)


def _label(words: Any, value: str) -> str:
    if value in set(words):
        return str(words(value).label)
    return value.replace("_", " ").capitalize()


def _is_late(event: LeadEvent) -> bool:
    # What another system recorded was on time there; what Scribe writes follows a timetable.
    if event.source == Source.IMPORT or event.actor_id is None:
        return False
    return event.recorded_at - event.occurred_at > LATE_AFTER


def _said(data: dict[str, Any]) -> dict[str, str]:
    """What a kind's own data says, as words; whatever is not there is left out."""
    named = data.get("fields")
    fields = [_FIELDS[str(f)]() if str(f) in _FIELDS else str(f) for f in named] if isinstance(named, list) else []
    found = {
        "channel": str(data.get("channel", "")),
        "channel_label": lowered(_label(Channel, str(data.get("channel", "")))),
        "direction": "in" if data.get("direction") == Direction.INBOUND else "out",
        "outcome": str(data.get("outcome", "")),
        "outcome_label": lowered(_label(Outcome, str(data.get("outcome", "")))),
        "override": "yes" if data.get("override") else "",
        "inquiry": _label(Inquiry, str(data.get("inquiry", ""))),
        "fields": _listed(fields),
        "minutes": str(data.get("minutes", "")),
        "closing_date": str(data.get("closing_date", "")),
        "document": str(data.get("document", "")),
        "duplicate_of": str(data.get("duplicate_of", "")),
        "to": str(data.get("to", "")),
    }
    return {name: words for name, words in found.items() if words}


def _listed(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    listed = {"words": ", ".join(words[:-1]), "last": words[-1]}
    return pgettext("the end of a list", "%(words)s and %(last)s") % listed
