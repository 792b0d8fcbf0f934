"""The consent ledger of one lead, put together: what is open now, every fact behind it, and what a reader must know."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext

from lifecycle.events import Kind
from lifecycle.flags import Flag
from lifecycle.history import Clock
from lifecycle.history.consent import Answer, How, Reach, Stream, Verdict, answer, read_past
from lifecycle.history.ledger import Ledger
from lifecycle.models import LeadEvent
from lifecycle.timeline.entries import entry

from .. import moments
from ..access import visible_leads
from ..lead_page import Desk
from ..models import Lead
from .replies import LOOKS
from .sentences import Voice, import_words, late_words, open_words

ICONS = {
    Reach.MARKETING: ("bell-off", "mail"),
    Reach.EMAIL: ("mail-x", "mail"),
    Reach.TEXT: ("message-square-off", "message-square"),
    Reach.CALL: ("phone-off", "phone"),
}


@dataclass(frozen=True, slots=True)
class Channel:
    """Whether a channel is open now, with the fact that decides it."""

    label: str
    icon: str
    words: str
    look: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One fact of the ledger in words. ``now_called``: today's name of whoever did it, where it has changed."""

    event: LeadEvent
    flag: str
    meaning: str
    is_set: bool
    happened: str
    exact: str
    recorded: str
    late: str
    who: str
    now_called: str
    door: str
    imported: str
    reason: str
    note: str
    source_words: str
    erased: bool
    merged: str


@dataclass(frozen=True, slots=True)
class Other:
    """Another lead that this one was merged with; ``url`` is empty for one that the viewer may not see."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class LeadConsent:
    """The page: channels, facts (newest first), since when the contact data are these, and the lead it became."""

    channels: list[Channel]
    rows: list[LedgerRow]
    contact: list[str]
    merged_into: Other | None
    merged_on: str
    absorbed: bool


def read_consent(lead: Lead, ledger: Ledger, desk: Desk) -> LeadConsent:
    """The ledger of a lead in words. One query, and only when merged leads have to be named."""
    others = _others(ledger, desk)
    into = ledger.merged_into
    return LeadConsent(
        channels=channels_now(ledger, desk),
        rows=[ledger_row(fact, lead, desk, others) for fact in reversed(ledger.facts)],
        contact=contact_since(lead, ledger, desk),
        merged_into=others.get(into.other, Other(gettext("another lead"), "")) if into else None,
        merged_on=moments.day(into.fact.occurred_at, desk.zone, desk.now) if into else "",
        absorbed=any(other.undone is None for other in ledger.stream.absorbed),
    )


def channels_now(ledger: Ledger, desk: Desk) -> list[Channel]:
    """The four channels as they stand now; for all but marketing what a person may do."""
    past, voice = read_past(ledger.stream, Clock.HAPPENED), Voice(desk.zone, desk.reasons)
    # Another server's clock may be a little ahead of ours: what is recorded counts.
    now = max(desk.now, ledger.newest or desk.now)
    found = []
    for reach in Reach:
        made = answer(past, reach, How.BY_HAND, now)
        closed, opened = ICONS[reach]
        is_open = made.verdict in (Verdict.ALLOWED, Verdict.NOT_MARKETING, Verdict.NOT_YET)
        words, look = open_words(made.verdict), LOOKS[made.verdict] or "good"
        found.append(Channel(reach.label, opened if is_open else closed, words, look, _now(made, voice)))
    return found


def _now(made: Answer, voice: Voice) -> str:
    if made.against:
        return gettext("%(fact)s.") % {"fact": voice.set_clause(made.against[0])}
    if made.lifted is not None:
        return gettext("%(fact)s.") % {"fact": voice.cleared_clause(made.lifted)}
    return gettext("Nothing was ever recorded against it.")


def ledger_row(fact: LeadEvent, lead: Lead, desk: Desk, others: dict[str, Other]) -> LedgerRow:
    """One fact in words; in: the lead whose ledger it stands in, and the merged leads by uuid."""
    said, voice = entry(fact, [], desk.reasons, desk.viewer.is_broker), Voice(desk.zone, desk.reasons)
    called = fact.actor.display_name if fact.actor else ""
    merged = ""
    if fact.lead_id != lead.pk:
        other = others.get(str(fact.lead.uuid))
        merged = other.name if other else gettext("another lead")
    return LedgerRow(
        event=fact,
        flag=Flag(fact.flag).label if fact.flag in set(Flag) else fact.flag,
        meaning=Flag(fact.flag).meaning if fact.flag in set(Flag) else "",
        is_set=fact.kind == Kind.FLAG_SET,
        happened=voice.when(fact),
        exact=moments.exact(fact.occurred_at, desk.zone),
        recorded=moments.exact(fact.recorded_at, desk.zone),
        late=late_words(fact),
        who=voice.who(fact),
        now_called=called if called and called != fact.actor_name else "",
        door=said.door,
        imported=import_words(fact, desk.zone, desk.now),
        reason=said.reason,
        note=said.note,
        source_words=said.source_words,
        erased=said.erased,
        merged=merged,
    )


def contact_since(lead: Lead, ledger: Ledger, desk: Desk, only: str = "") -> list[str]:
    """Since when name, e-mail and phone (or ``only`` one of them) are what they are, where they have changed.

    The log knows that they changed, never what they were.
    """
    words = {
        "email": (lead.email, gettext("The e-mail has been this one since %(day)s, when %(who)s changed it.")),
        "phone": (lead.phone, gettext("The phone has been this one since %(day)s, when %(who)s changed it.")),
        "name": (lead.name, gettext("The name has been this one since %(day)s, when %(who)s changed it.")),
    }
    voice, said = Voice(desk.zone, desk.reasons), []
    for name, (value, sentence) in words.items():
        change = ledger.changes.get(name)
        if change and value and only in ("", name):
            day = moments.day(change.occurred_at, desk.zone, desk.now)
            said.append(sentence % {"day": day, "who": voice.who(change)})
    return said


def _others(ledger: Ledger, desk: Desk) -> dict[str, Other]:
    """The leads that this one was merged with, by uuid, as far as the viewer may see them today."""
    wanted = {str(row.lead.uuid) for row in _absorbed_rows(ledger.stream.absorbed)}
    if ledger.merged_into:
        wanted.add(ledger.merged_into.other)
    wanted = {uuid for uuid in wanted if _is_uuid(uuid)}
    if not wanted:
        return {}
    found = visible_leads(desk.viewer).filter(uuid__in=wanted).values_list("uuid", "pk", "name")
    return {str(uuid): Other(name, reverse("lead-consent", args=[pk])) for uuid, pk, name in found}


def _absorbed_rows(streams: Iterable[Stream]) -> Iterable[LeadEvent]:
    for stream in streams:
        yield from (row for row in stream.rows[:1] if isinstance(row, LeadEvent))
        yield from _absorbed_rows(stream.absorbed)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
