"""What whoever takes over must know before the first call: closed channels, lateness, what is missing."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.events import Kind
from lifecycle.flags import Flag
from lifecycle.imported import undated
from lifecycle.models import LeadEvent
from lifecycle.timeline.because import in_sentence, label

from .. import moments
from ..lead_page.desk import Desk
from ..lead_page.first_contact import first_contact
from ..models import Lead


@dataclass(frozen=True, slots=True)
class Warn:
    """One thing that wants attention: its icon, its words, what stands behind it."""

    icon: str
    words: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """A way to reach the lead. ``closed``: what forbids it, in words; a closed way is no link."""

    label: str
    words: str
    icon: str
    link: str
    closed: list[str]


def warnings(lead: Lead, desk: Desk) -> list[Warn]:
    """Everything that is open. One query when a channel is closed, none otherwise."""
    found = [*_flags(lead, desk), _first_contact(lead, desk), _document(lead), _stale(lead, desk), _left(lead)]
    return [warning for warning in found if warning is not None]


def ways(lead: Lead) -> list[Way]:
    """Phone, e-mail and address, with the channels that the lead has closed plainly marked."""
    closed = {flag: flag.label for flag in Flag if getattr(lead, flag.value)}
    no_call = _marks(closed, Flag.DNC, Flag.DO_NOT_CALL)
    no_mail = _marks(closed, Flag.DNC, Flag.DO_NOT_EMAIL)
    call = f"tel:{lead.phone_e164}" if lead.phone_e164 and not no_call else ""
    mail = f"mailto:{quote(lead.email, safe='@')}" if lead.email and not no_mail else ""
    found = [
        Way(
            pgettext("fact of a lead", "Phone"),
            lead.phone,
            "phone",
            call,
            [*no_call, *_marks(closed, Flag.DO_NOT_TEXT)],
        ),
        Way(
            pgettext("fact of a lead", "E-mail"),
            lead.email,
            "mail",
            mail,
            [*no_mail, *_marks(closed, Flag.UNSUBSCRIBED)],
        ),
        Way(pgettext("fact of a lead", "Address"), lead.address, "house", "", []),
    ]
    return [way for way in found if way.words]


def _marks(closed: dict[Flag, str], *flags: Flag) -> list[str]:
    return [closed[flag] for flag in flags if flag in closed]


def _flags(lead: Lead, desk: Desk) -> list[Warn]:
    closed = [flag for flag in Flag if getattr(lead, flag.value)]
    if not closed:
        return []
    facts = LeadEvent.objects.filter(lead=lead, kind=Kind.FLAG_SET.value, flag__in=[f.value for f in closed])
    newest = {fact.flag: fact for fact in facts.order_by("version")}
    return [_flag(flag, newest.get(flag.value), desk) for flag in closed]


def _flag(flag: Flag, fact: LeadEvent | None, desk: Desk) -> Warn:
    if fact is None:
        return Warn("ban", flag.label, flag.meaning)
    since = moments.day(fact.occurred_at, desk.zone, desk.now)
    if fact.backfilled:
        since = moments.guessed_day(fact.occurred_at, desk.zone, desk.now, at_latest=undated(fact))
    said = {"flag": flag.label, "day": since}
    reason = label(fact.reason, fact.kind, desk.reasons, desk.viewer.is_broker)
    if not reason:
        return Warn("ban", gettext("%(flag)s since %(day)s") % said, flag.meaning)
    words = gettext("%(flag)s since %(day)s: %(reason)s") % {**said, "reason": in_sentence(reason)}
    return Warn("ban", words, flag.meaning)


def _first_contact(lead: Lead, desk: Desk) -> Warn | None:
    clock = first_contact(lead, desk)
    return Warn("timer", clock.words, clock.more) if clock is not None and (clock.look == "bad" or clock.loud) else None


def _document(lead: Lead) -> Warn | None:
    if not lead.document_missing:
        return None
    return Warn("file-x", gettext("The buyer's agreement is signed, but no document is on file."))


def _stale(lead: Lead, desk: Desk) -> Warn | None:
    days = desk.office.stale_days(lead.status)
    if days is None or lead.stage_entered_at is None:
        return None
    here = desk.now - lead.stage_entered_at
    if here < timedelta(days=days):
        return None
    stale = ngettext(
        "%(here)s in this stage: stale after %(n)d day", "%(here)s in this stage: stale after %(n)d days", days
    )
    return Warn("hourglass", stale % {"here": moments.span(here.total_seconds()), "n": days})


def _left(lead: Lead) -> Warn | None:
    if lead.agent is None or lead.agent.is_active:
        return None
    return Warn("user-round", gettext("%(name)s, who holds it, has left the office") % {"name": lead.agent})
