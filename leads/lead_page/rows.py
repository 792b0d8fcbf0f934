"""The timeline's rows: each fact with its icon, its times in the viewer's zone, its day, and its links."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, pgettext

from lifecycle.events import DEMOTIONS, Kind, Source
from lifecycle.history import Clock
from lifecycle.models import LeadEvent
from lifecycle.states import Provenance
from lifecycle.timeline import Entry, Page
from lifecycle.timeline.entries import SCRIBE, stage

from .. import moments
from ..access import visible_leads
from ..ways import WAYS
from .at_url import at_url
from .desk import Desk
from .offers import NOTHING, Offers

_ICONS = {
    Kind.LEAD_CREATED: "inbox",
    Kind.CONTACT_ATTEMPTED: "arrow-right",
    Kind.BOGUS_CONTACT_DETECTED: "trash-2",
    Kind.MOTIVATION_CONFIRMED: "arrow-right",
    Kind.TIMED_OUT_NO_RESPONSE: "hourglass",
    Kind.BUYER_AGREEMENT_SIGNED: "handshake",
    Kind.TIMED_OUT_NO_PROGRESS: "hourglass",
    Kind.ARCHIVED_MANUALLY: "archive",
    Kind.CONTRACT_EXECUTED: "file-text",
    Kind.DEAL_COLLAPSED: WAYS[Provenance.FELL_BACK_COMMITTED].icon,
    Kind.CLOSING_COMPLETED: "house",
    Kind.CONTRACT_VOIDED: WAYS[Provenance.FELL_BACK_CONTRACT].icon,
    Kind.LEAD_RE_ENGAGED: WAYS[Provenance.RE_ENGAGED].icon,
    Kind.CONTACT_INFO_UPDATED: "rotate-ccw",
    Kind.AGENT_ASSIGNED: "user-round",
    Kind.PERSONAL_DATA_ERASED: "trash-2",
    Kind.FLAG_SET: "flag",
    Kind.FLAG_CLEARED: "flag",
    Kind.NOTE_ADDED: "sticky-note",
    Kind.SLA_BREACHED: "timer",
    Kind.CONTACT_DETAILS_CHANGED: "pencil",
    Kind.MOVE_VOIDED: "history",
    Kind.REASON_CORRECTED: "pencil",
    Kind.HISTORY_IMPORTED: "upload",
    Kind.IMPORT_WITHDRAWN: "undo-2",
    Kind.LEGAL_HOLD_SET: "lock",
    Kind.LEGAL_HOLD_CLEARED: "lock",
}
#: Where people work all day; any other door is worth a word.
_USUAL_DOORS = {Source.BOARD, Source.PAGE}
_CHANNEL_ICONS = {"call": "phone", "email": "mail", "text": "message-square", "in_person": "users"}
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AGAIN = {Kind.LEAD_RE_ENGAGED, Kind.CONTACT_INFO_UPDATED}


@dataclass(frozen=True, slots=True)
class Other:
    """Another lead that a fact speaks of, when the viewer may see it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """A fact as the template draws it. ``day_head`` is there on the first fact of a day.

    ``since``: the day of a fact whose time is a guess, inside a sentence. ``taken_up``: of an import that was taken
    back, who brought the lead again, and when; ``voided_url`` leads to that then.
    """

    entry: Entry
    template: str
    icon: str
    look: str
    anchor: str
    day_head: str
    time: str
    since: str
    ago: str
    exact: str
    iso: str
    recorded: str
    voided: str
    voided_url: str
    taken_up: str
    target_url: str
    target_stage: str
    correction: str
    correction_url: str
    superseded: str
    superseded_url: str
    is_undone: bool
    void_url: str
    void_until: str
    correct_url: str
    reason: str
    door: str
    batch_url: str
    closing_date: str
    at_url: str


def rows(page: Page, desk: Desk, offered: Offers = NOTHING) -> list[Row]:
    """The facts of a page as rows, with what may be corrected. At most one query: when a fact names another lead."""
    others = _others(page, desk)
    day = _filed(page.before, desk) if page.before else None
    shown = {e.event.version for e in page.entries}
    made: list[Row] = []
    for entry in page.entries:
        filed = _filed(entry.event, desk)
        made.append(_row(entry, desk, filed, filed != day, others, shown, offered))
        day = filed
    return made


def _row(
    entry: Entry,
    desk: Desk,
    filed: date,
    new_day: bool,
    others: dict[str, Other],
    shown: set[int],
    offered: Offers,
) -> Row:
    event, target = entry.event, entry.target
    happened = event.occurred_at.astimezone(desk.zone)
    clock = moments.time_of_day(event.occurred_at, desk.zone)
    if happened.date() != filed:
        day = moments.day(event.occurred_at, desk.zone, desk.now)
        clock = pgettext("day and time", "%(day)s, %(time)s") % {"day": day, "time": clock}
    return Row(
        entry=entry,
        template=f"events/{entry.kind}.html" if entry.known else "events/_unknown.html",
        icon=_icon(entry),
        look=_look(entry),
        anchor=f"v{event.version}",
        day_head=moments.day_head(_filed_at(event), desk.zone, desk.now) if new_day else "",
        time=_time(clock, entry, happened),
        since=moments.guessed_day(event.occurred_at, desk.zone, desk.now, at_latest=entry.undated),
        ago=moments.ago(event.occurred_at, desk.now),
        exact=_exact(entry, desk),
        iso=event.occurred_at.isoformat(),
        recorded=moments.exact(event.recorded_at, desk.zone),
        voided="" if entry.taken_up_by else _by(entry.voided_by, desk),
        voided_url=link_to(entry.voided_by, shown),
        taken_up=_by(entry.taken_up_by, desk),
        target_url=link_to(target, shown),
        target_stage=stage(target.to_status) if target else "",
        correction=_by(entry.corrected_by, desk),
        correction_url=link_to(entry.corrected_by, shown),
        superseded=_by(entry.superseded_by, desk),
        superseded_url=link_to(entry.superseded_by, shown),
        is_undone=entry.superseded_by is not None and entry.superseded_by.kind == Kind.MOVE_VOIDED,
        void_url=_address("lead-void", event) if offered.may_void(entry) else "",
        void_until=offered.until if offered.may_void(entry) else "",
        correct_url=_address("lead-correct", event) if offered.may_correct(entry) else "",
        reason=_reason(entry, others.get(entry.said.get("duplicate_of", ""))),
        door="" if event.source in _USUAL_DOORS else entry.door,
        batch_url=_batch_url(event, desk),
        closing_date=_date(entry.said.get("closing_date", ""), happened.date()),
        at_url=at_url(event.lead_id, event.occurred_at, Clock.HAPPENED, desk.zone),
    )


def _time(clock: str, entry: Entry, happened: datetime) -> str:
    """The time of day, in words that say when it is a guess."""
    if entry.undated:
        return pgettext("a time that is not known", "%(time)s or earlier") % {"time": clock}
    if entry.imported and entry.about and not any((happened.hour, happened.minute, happened.second)):
        # The old system kept a day; its midnight would read as if somebody had worked at night.
        return pgettext("a time that is a guess", "that day")
    return pgettext("a time that is a guess", "about %(time)s") % {"time": clock} if entry.about else clock


def _exact(entry: Entry, desk: Desk) -> str:
    """The moment to the second; of a guess what it is."""
    said = {"when": moments.exact(entry.event.occurred_at, desk.zone)}
    if entry.undated:
        return gettext("%(when)s or earlier: the old system kept no time") % said
    return gettext("About %(when)s: worked out afterwards") % said if entry.about else said["when"]


def _reason(entry: Entry, duplicate: Other | None) -> str:
    """The reason inside a sentence: a corrected one with what stood there before, a duplicate with the other lead."""
    words = entry.in_words
    if entry.reasons_were:
        struck = format_html_join(" ", "<del>{}</del>", ((was,) for was in entry.reasons_were))
        words = format_html("{} <ins>{}</ins>", struck, entry.reason)
    if duplicate is None:
        return words
    return format_html('{} (<a href="{}">{}</a>)', words, duplicate.url, duplicate.name)


def _filed_at(event: LeadEvent) -> datetime:
    """Under which day a fact stands: when it was written, so that days never go backward down the page.

    An import is written in one moment; its facts stand where they happened.
    """
    return event.occurred_at if event.source == Source.IMPORT else event.recorded_at


def _filed(event: LeadEvent, desk: Desk) -> date:
    return _filed_at(event).astimezone(desk.zone).date()


def _icon(entry: Entry) -> str:
    if entry.kind == Kind.CONTACT_LOGGED:
        return _CHANNEL_ICONS.get(entry.said.get("channel", ""), "phone")
    if entry.takes_up:
        return _ICONS[Kind.HISTORY_IMPORTED]
    return _ICONS.get(Kind(entry.kind), "info") if entry.known else "circle-question-mark"


def _look(entry: Entry) -> str:
    if entry.kind in {k.value for k in DEMOTIONS}:
        return "is-back"
    if entry.kind in {k.value for k in _AGAIN}:
        return "is-again"
    if entry.kind == Kind.SLA_BREACHED:
        return "is-bad"
    return "is-move" if entry.event.to_status and entry.kind != Kind.MOVE_VOIDED else ""


def _by(event: LeadEvent | None, desk: Desk) -> str:
    """Who corrected it and when: ``Bruna, 12 May``."""
    if event is None:
        return ""
    who = event.actor_name if event.actor_id is not None else SCRIBE
    day = moments.day(event.occurred_at, desk.zone, desk.now)
    return pgettext("who did it, and when", "%(who)s, %(day)s") % {"who": who, "day": day}


def link_to(event: LeadEvent | None, shown: set[int]) -> str:
    """The way to the row of another fact: on this page, or on the page of the timeline that begins with it."""
    if event is None:
        return ""
    return f"#v{event.version}" if event.version in shown else f"?cursor={event.version + 1}#v{event.version}"


def _batch_url(event: LeadEvent, desk: Desk) -> str:
    """The way to the bulk action that a fact belongs to, for those who may look at it."""
    mine = desk.viewer.is_broker or event.actor_id == desk.viewer.pk
    return reverse("reassign-batch", args=[event.batch]) if event.source == Source.BULK and event.batch and mine else ""


def _address(name: str, event: LeadEvent) -> str:
    return reverse(name, args=[event.lead_id, event.uuid])


def _date(text: str, today: date) -> str:
    try:
        return moments.calendar_day(date.fromisoformat(text), today) if text else ""
    except ValueError:
        return text


def _others(page: Page, desk: Desk) -> dict[str, Other]:
    wanted = {e.said["duplicate_of"] for e in page.entries if _UUID.fullmatch(e.said.get("duplicate_of", ""))}
    if not wanted:
        return {}
    found = visible_leads(desk.viewer).filter(uuid__in=wanted).values_list("uuid", "pk", "name")
    return {str(uuid): Other(name, reverse("lead", args=[pk])) for uuid, pk, name in found}
