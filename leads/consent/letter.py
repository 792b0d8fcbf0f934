"""The answer to a client who asks "why was I unsubscribed?": what happened, in order, in plain words, on one page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import pgettext

from lifecycle.events import Kind, Source
from lifecycle.flags import Flag
from lifecycle.history import Clock
from lifecycle.history.consent import Closure, read_past
from lifecycle.history.ledger import Ledger
from lifecycle.imported import undated
from lifecycle.models import LeadEvent
from lifecycle.reasons import NOT_RECORDED
from lifecycle.timeline.entries import entry

from .. import moments
from ..lead_page import Desk
from ..models import Lead
from .asked import moment_words
from .sentences import Voice, late_words

_SET: dict[str, Callable[[], str]] = {
    Flag.UNSUBSCRIBED: lambda: pgettext("letter", "we stopped sending you marketing e-mail"),
    Flag.DNC: lambda: pgettext("letter", "we stopped all automated messages and calls to you"),
    Flag.DO_NOT_EMAIL: lambda: pgettext("letter", "we stopped sending you e-mail"),
    Flag.DO_NOT_TEXT: lambda: pgettext("letter", "we stopped sending you text messages"),
    Flag.DO_NOT_CALL: lambda: pgettext("letter", "we stopped calling you"),
}
_CLEARED: dict[str, Callable[[], str]] = {
    Flag.UNSUBSCRIBED: lambda: pgettext("letter", "marketing e-mail to you became possible again"),
    Flag.DNC: lambda: pgettext("letter", "automated messages and calls to you became possible again"),
    Flag.DO_NOT_EMAIL: lambda: pgettext("letter", "e-mail to you became possible again"),
    Flag.DO_NOT_TEXT: lambda: pgettext("letter", "text messages to you became possible again"),
    Flag.DO_NOT_CALL: lambda: pgettext("letter", "calls to you became possible again"),
}
_STANDS: dict[Flag, Callable[[], str]] = {
    Flag.UNSUBSCRIBED: lambda: pgettext("letter", "We send you no marketing e-mail, since %(day)s."),
    Flag.DNC: lambda: pgettext("letter", "We send you nothing automatically, on any channel, since %(day)s."),
    Flag.DO_NOT_EMAIL: lambda: pgettext("letter", "We send you no e-mail, since %(day)s."),
    Flag.DO_NOT_TEXT: lambda: pgettext("letter", "We send you no text messages, since %(day)s."),
    Flag.DO_NOT_CALL: lambda: pgettext("letter", "We do not call you, since %(day)s."),
}
#: The reasons that an office starts with, as they are said to the client; any other one is quoted.
_BECAUSE: dict[str, Callable[[], str]] = {
    "lead_request_phone": lambda: pgettext("letter", "because you asked us to by phone"),
    "lead_request_email": lambda: pgettext("letter", "because you asked us to by e-mail"),
    "lead_request_text": lambda: pgettext("letter", "because you asked us to by text message"),
    "lead_request_in_person": lambda: pgettext("letter", "because you asked us to in person"),
    "unsubscribe_link": lambda: pgettext("letter", "because the unsubscribe link in one of our e-mails was used"),
    "sms_stop": lambda: pgettext("letter", "because STOP was sent in answer to one of our text messages"),
    "hard_bounce": lambda: pgettext("letter", "because an e-mail to you could not be delivered"),
    "spam_complaint": lambda: pgettext("letter", "because one of our e-mails was reported as spam"),
    "legal": lambda: pgettext("letter", "because the law asked it of us"),
    "import": lambda: pgettext("letter", "because our earlier records said so"),
    "lead_reconsented": lambda: pgettext("letter", "because you agreed to it again"),
    "set_in_error": lambda: pgettext("letter", "because the entry before had been a mistake"),
    "address_corrected": lambda: pgettext("letter", "because your address was corrected"),
}
#: The marks that a quotation opens with, and those that close it.
_QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "»": "«"}
_IN_OFFICE = frozenset({Source.BOARD, Source.PAGE, Source.BULK, Source.ADMIN})


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: the sentence, how it was recorded, and the words that were noted with it."""

    sentence: str
    recorded: str
    words: str
    erased: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """A page for the client. ``now``: what holds today, a sentence each; ``happened``: how that came about."""

    title: str
    office: str
    printed: str
    zone: str
    now: list[str]
    happened: list[Happening]
    has_words: bool


def read_letter(lead: Lead, ledger: Ledger, desk: Desk, *, with_words: bool = True) -> Letter:
    """The letter, in the office's time. In: whether the words that were noted with a fact are told."""
    zone = desk.office.zone
    voice = Voice(zone, desk.reasons)
    past = read_past(ledger.stream, Clock.HAPPENED)
    happened = [_happening(fact, lead, voice, with_words) for fact in ledger.facts]
    local = desk.now.astimezone(zone)
    return Letter(
        title=_title(ledger),
        office=desk.office.name,
        printed=moments.wall_moment(local).rpartition(", ")[0],
        zone=moments.zone_name(local),
        now=_now([c for c in past.closures if c.until is None], desk),
        happened=happened,
        has_words=any(getattr(fact, "words", None) and fact.words.note for fact in ledger.facts),
    )


def _title(ledger: Ledger) -> str:
    """The client's own question, as far as it fits what happened."""
    if any(fact.flag == Flag.UNSUBSCRIBED for fact in ledger.facts):
        return pgettext("letter", "Why were you unsubscribed?")
    if ledger.facts:
        return pgettext("letter", "Why did we stop contacting you?")
    return pgettext("letter", "May we contact you?")


def _now(standing: list[Closure], desk: Desk) -> list[str]:
    said: dict[Flag, str] = {}
    for closure in standing:
        local = closure.since.astimezone(desk.office.zone)
        day = moments.wall_moment(local).rpartition(", ")[0]
        if undated(closure.set_by):
            day = pgettext("a day that is not known", "%(day)s or earlier") % {"day": day}
        elif getattr(closure.set_by, "backfilled", False):
            day = pgettext("a day that is a guess", "about %(day)s") % {"day": day}
        said.setdefault(closure.flag, _STANDS[closure.flag]() % {"day": day})
    return list(said.values())


def _happening(fact: LeadEvent, lead: Lead, voice: Voice, with_words: bool) -> Happening:
    told = entry(fact, [], voice.book, False)
    happened = (_SET if fact.kind == Kind.FLAG_SET else _CLEARED).get(fact.flag)
    what = happened() if happened else told.flag
    when = pgettext("letter", "On %(when)s") % {"when": moment_words(fact.occurred_at, voice.zone)}
    if fact.backfilled:
        words = (
            pgettext("letter", "On or before %(when)s") if undated(fact) else pgettext("letter", "On or about %(when)s")
        )
        when = words % {"when": moment_words(fact.occurred_at, voice.zone)}
    parts = {"when": when, "what": what, "why": _because(fact, told.reason)}
    if parts["why"]:
        sentence = pgettext("letter", "%(when)s %(what)s, %(why)s.") % parts
    else:
        sentence = pgettext("letter", "%(when)s %(what)s.") % parts
    words = _unquoted(told.note or told.source_words) if with_words else ""
    return Happening(sentence, _recorded(fact, lead, voice), words, told.erased and with_words)


def _unquoted(words: str) -> str:
    """Words that brought their own quotation marks without them: the page sets its own."""
    bare = words.strip()
    inside = bare[1:-1]
    is_quoted = len(bare) > 2 and _QUOTES.get(bare[0]) == bare[-1]
    # “Yes,” she said. “Go on.” begins and ends with marks, but they are two quotations.
    return inside if is_quoted and bare[0] not in inside and bare[-1] not in inside else words


def _because(fact: LeadEvent, label: str) -> str:
    if not fact.reason or fact.reason == NOT_RECORDED:
        return ""
    known = _BECAUSE.get(fact.reason)
    return known() if known else pgettext("letter", "for this reason: “%(reason)s”") % {"reason": label}


def _recorded(fact: LeadEvent, lead: Lead, voice: Voice) -> str:
    """By whom, by which door, and when, where that was later."""
    who = fact.actor_name if fact.actor_id is not None else pgettext("letter", "our system")
    door = {
        Source.FORM: pgettext("letter", "from a form on our website"),
        Source.API: pgettext("letter", "from a service that is connected to it"),
        Source.IMPORT: pgettext("letter", "from the records of an earlier system"),
        Source.SCHEDULE: pgettext("letter", "by a rule of our office"),
    }.get(Source(fact.source) if fact.source in set(Source) else Source.COMMAND, "")
    if fact.source in _IN_OFFICE and fact.actor_id is not None:
        door = pgettext("letter", "at our office")
    parts = {"who": who, "door": door, "when": moment_words(fact.recorded_at, voice.zone)}
    late = late_words(fact) or fact.source == Source.IMPORT
    if late and door:
        said = pgettext("letter", "Recorded by %(who)s, %(door)s, on %(when)s.")
    elif late:
        said = pgettext("letter", "Recorded by %(who)s on %(when)s.")
    else:
        said = (
            pgettext("letter", "Recorded by %(who)s, %(door)s.") if door else pgettext("letter", "Recorded by %(who)s.")
        )
    merged = pgettext("letter", "It stood in another record of yours, which is part of this one now.")
    return f"{said % parts} {merged}" if fact.lead_id != lead.pk else said % parts
