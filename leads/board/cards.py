"""What a card shows, as words: `markup.Card` draws them.

Nothing here depends on who looks, except the language and the zone of exact times: cards of equal boards can be kept
and reused.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from django.utils.translation import gettext, pgettext

from lifecycle.flags import Flag
from lifecycle.models import OfficeSettings
from lifecycle.reasons import Reason
from lifecycle.states import Provenance, State

from ..models import Lead
from ..moments import ago, clock, exact, span
from ..phrases import Phrases
from ..sign import Sign
from ..times_here import in_short
from ..ways import WAYS, sign_of, times_here, way_of
from .guessed import Guess
from .markup import Card

_FLAG_ICONS = {
    Flag.DNC: "ban",
    Flag.UNSUBSCRIBED: "bell-off",
    Flag.DO_NOT_EMAIL: "mail-x",
    Flag.DO_NOT_TEXT: "message-square-off",
    Flag.DO_NOT_CALL: "phone-off",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What card after card says, in one language: looked up once a page and not once a card."""

    here: str
    here_stale: str
    here_again: str
    here_again_stale: str
    stage_since: str
    guess: dict[Guess, str]
    guess_since: dict[Guess, str]
    imported: Sign
    no_contact: str
    no_contact_more: str
    last_contact: str
    before_clock: str
    before_contact: str
    move: str
    with_agent: str
    pool: Sign
    no_document: Sign
    flags: dict[str, Sign]
    stages: dict[str, str]

    @classmethod
    def now(cls) -> "Words":
        """The words in the language that is active now."""
        return cls(
            here=gettext("%(span)s here"),
            here_stale=gettext("%(span)s here, stale"),
            here_again=pgettext("on a card", "%(span)s, %(again)s"),
            here_again_stale=pgettext("on a card", "%(span)s, %(again)s, stale"),
            stage_since=gettext("%(stage)s since %(moment)s"),
            guess={
                Guess.ABOUT: pgettext("length of time", "about %(span)s"),
                Guess.AT_LEAST: pgettext("length of time", "at least %(span)s"),
                Guess.UP_TO: pgettext("length of time", "up to %(span)s"),
            },
            guess_since={
                Guess.ABOUT: gettext("%(stage)s since about %(moment)s, as an old system had it"),
                Guess.AT_LEAST: gettext("%(stage)s since %(moment)s or earlier: an old system kept no time of it"),
                Guess.UP_TO: gettext(
                    "%(stage)s since %(moment)s; when it left is not recorded, so it may have stood elsewhere by then"
                ),
            },
            imported=Sign(
                Provenance.IMPORTED.label,
                WAYS[Provenance.IMPORTED].icon,
                f"chip-{WAYS[Provenance.IMPORTED].look}",
                gettext("It stood here in an old system; how it came here is not known."),
            ),
            no_contact=gettext("no contact yet"),
            no_contact_more=gettext("No contact with this lead is on record."),
            last_contact=gettext("Last contact %(moment)s"),
            before_clock=pgettext("before a time", "First contact:"),
            before_contact=pgettext("before a time", "Last contact:"),
            move=gettext("Move %(name)s…"),
            with_agent=gettext("With %(agent)s"),
            pool=Sign(pgettext("on a card", "Pool"), "", "is-pool", gettext("Nobody yet: in the pool")),
            no_document=Sign(
                gettext("No document"),
                "file-x",
                "is-warning",
                gettext("The buyer's agreement is signed, but no document is on file."),
            ),
            flags={flag.value: Sign(flag.label, _FLAG_ICONS[flag], "", flag.meaning) for flag in Flag},
            stages={state.value: state.label for state in State},
        )


@dataclass(frozen=True, slots=True)
class Desk:
    """What every card of a page needs besides its lead: the clock, the office's numbers, its reasons, the zone."""

    now: datetime
    office: OfficeSettings
    reasons: dict[str, Reason]
    zone: tzinfo
    #: On a past board what a card links to, behind the address of its lead; there no card moves.
    at: str = ""
    words: Words = field(default_factory=Words.now)
    say: Phrases = field(default_factory=Phrases)
    #: What the cards of each person say of their holder.
    holders: dict[str, Sign] = field(default_factory=dict)


def card(lead: Lead, desk: Desk, guess: Guess | None = None) -> Card:
    """One card. In: a lead with its agent loaded; what sort of guess its time of entry is, if it is one."""
    words = desk.words
    first_contact = _clock(lead, desk)
    entered = lead.stage_entered_at or desk.now
    days = desk.office.stale_days(lead.status)
    stale = days is not None and desk.now - entered >= timedelta(days=days)
    contact, contact_more = _contact(lead, desk)
    return Card(
        pk=lead.pk,
        version=lead.version,
        name=lead.name,
        move=words.move % {"name": lead.name},
        headline=lead.headline,
        look=_look(lead, first_contact),
        provenance=words.imported
        if guess and lead.status == State.QUALIFIED and lead.provenance == Provenance.IMPORTED
        else sign_of(lead, desk.now, desk.zone, desk.reasons, desk.say),
        clock=first_contact,
        before_clock=words.before_clock,
        age=_age(lead, _length(desk.now - entered, guess, desk), stale, words),
        age_more=(words.guess_since[guess] if guess else words.stage_since)
        % {"stage": words.stages[lead.status], "moment": exact(entered, desk.zone, desk.say)},
        stale=stale,
        contact="" if first_contact and not lead.last_contact_at else contact,
        before_contact=words.before_contact,
        contact_more=contact_more,
        holder=_holder(lead, desk),
        signs=_signs(lead, words),
        at=desk.at,
    )


def _length(here: timedelta, guess: Guess | None, desk: Desk) -> str:
    length = span(here.total_seconds(), desk.say)
    return desk.words.guess[guess] % {"span": length} if guess else length


def _age(lead: Lead, length: str, stale: bool, words: Words) -> str:
    """*12 d here*, or *12 d, 2nd time here*."""
    again = in_short(times_here(lead))
    if again:
        return (words.here_again_stale if stale else words.here_again) % {"span": length, "again": again}
    return (words.here_stale if stale else words.here) % {"span": length}


def _contact(lead: Lead, desk: Desk) -> tuple[str, str]:
    if lead.last_contact_at is None:
        return desk.words.no_contact, desk.words.no_contact_more
    more = desk.words.last_contact % {"moment": exact(lead.last_contact_at, desk.zone, desk.say)}
    return ago(lead.last_contact_at, desk.now, desk.say), more


def _holder(lead: Lead, desk: Desk) -> Sign:
    agent = lead.agent
    if agent is None:
        return desk.words.pool
    known = desk.holders.get(agent.display_name)
    if known is None:
        more = desk.words.with_agent % {"agent": agent.display_name}
        known = desk.holders[agent.display_name] = Sign(agent.initials, "", "", more)
    return known


def _clock(lead: Lead, desk: Desk) -> Sign | None:
    """The first-contact clock: running, met, or missed. Told until the lead is qualified."""
    due, asked, met = lead.first_contact_due_at, lead.inquired_at, lead.first_contact_at
    # Of a lead that came back, the first contact is an old story.
    told = lead.status == State.NEW or (lead.status == State.CONTACTING and not lead.provenance)
    if due is None or asked is None or not told:
        return None
    say = desk.say
    by = {"moment": exact(due, desk.zone, say)}
    if met is not None and met <= due and not lead.sla_breached:
        words = say.gettext("Met at %(time)s") % {"time": clock((met - asked).total_seconds(), say)}
        more = say.gettext("First contact was due by %(moment)s; it came in time") % by
        return Sign(words, "circle-check", "chip-good", more)
    if met is not None:
        more = say.gettext("First contact was due by %(moment)s; it came late") % by
        return Sign(say.gettext("+%(time)s late") % {"time": _late(met, due, say)}, "timer", "chip-bad", more)
    if lead.status != State.NEW:
        return None
    if desk.now < due:
        words = say.gettext("%(time)s left") % {"time": clock((due - desk.now).total_seconds(), say)}
        return Sign(words, "timer", "chip-good", say.gettext("First contact is due by %(moment)s") % by)
    more = say.gettext("First contact is due by %(moment)s; nobody has reached out yet") % by
    return Sign(say.pgettext("late by", "+%(time)s") % {"time": _late(desk.now, due, say)}, "timer", "chip-bad", more)


def _late(then: datetime, due: datetime, say: Phrases) -> str:
    seconds = int(max((then - due).total_seconds(), 0))
    if seconds >= 3600:
        return clock(seconds, say)
    # Both parts always: "+0m 09s" is read as a clock, "+9s" as a score.
    return say.pgettext("clock", "%(minutes)dm %(seconds)02ds") % {"minutes": seconds // 60, "seconds": seconds % 60}


def _look(lead: Lead, first_contact: Sign | None) -> str:
    if first_contact is not None and first_contact.look == "chip-bad":
        return "is-late"
    way = way_of(lead)
    return way.edge if way else ""


def _signs(lead: Lead, words: Words) -> list[Sign]:
    signs = [sign for flag, sign in words.flags.items() if getattr(lead, flag)]
    return [*signs, words.no_document] if lead.document_missing else signs
