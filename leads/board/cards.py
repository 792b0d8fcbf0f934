"""What a card shows, as words. Times are put into words here and not in the template: that halves the cost of a page.

Nothing here depends on who looks, except the zone of exact times: cards of equal boards can be kept and reused.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from lifecycle.flags import Flag
from lifecycle.models import OfficeSettings
from lifecycle.reasons import Reason
from lifecycle.states import Provenance, State

from ..models import Lead
from ..moments import ago, clock, exact, span

_FLAG_ICONS = {
    Flag.DNC: "ban",
    Flag.UNSUBSCRIBED: "bell-off",
    Flag.DO_NOT_EMAIL: "mail-x",
    Flag.DO_NOT_TEXT: "message-square-off",
    Flag.DO_NOT_CALL: "phone-off",
}
_FLAGS = [(flag.value, flag.label, flag.meaning, _FLAG_ICONS[flag]) for flag in Flag]
_BACK = {Provenance.FELL_BACK_COMMITTED.value, Provenance.FELL_BACK_CONTRACT.value}
#: Stages in which the way here still says something; a closed or archived lead has another story.
_TELLS_PROVENANCE = {State.CONTACTING.value, State.QUALIFIED.value, State.COMMITTED.value, State.IN_CONTRACT.value}


@dataclass(frozen=True, slots=True)
class Sign:
    """A chip: what it says, its icon, how it looks (a class), and what a longer look tells."""

    words: str
    icon: str
    look: str = ""
    more: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A lead as the template draws it."""

    pk: int
    version: int
    name: str
    headline: str
    look: str
    provenance: Sign | None
    clock: Sign | None
    age: str
    age_more: str
    stale: bool
    contact: str
    contact_more: str
    initials: str
    agent: str
    signs: list[Sign]


@dataclass(frozen=True, slots=True)
class Desk:
    """What every card of a page needs besides its lead: the clock, the office's numbers, its reasons, the zone."""

    now: datetime
    office: OfficeSettings
    reasons: dict[str, Reason]
    zone: tzinfo


def card(lead: Lead, desk: Desk) -> Card:
    """One card. In: a lead with its agent loaded."""
    provenance, first_contact = _provenance(lead, desk), _clock(lead, desk)
    entered = lead.stage_entered_at or desk.now
    days = desk.office.stale_days(lead.status)
    stale = days is not None and desk.now - entered >= timedelta(days=days)
    agent = lead.agent
    return Card(
        pk=lead.pk,
        version=lead.version,
        name=lead.name,
        headline=lead.headline,
        look=_look(provenance, first_contact),
        provenance=provenance,
        clock=first_contact,
        age=f"{span((desk.now - entered).total_seconds())} here" + (", stale" if stale else ""),
        age_more=f"{State(lead.status).label} since {exact(entered, desk.zone)}",
        stale=stale,
        contact=ago(lead.last_contact_at, desk.now) if lead.last_contact_at else "no contact yet",
        contact_more=f"Last contact {exact(lead.last_contact_at, desk.zone)}" if lead.last_contact_at else "",
        initials=agent.initials if agent else "",
        agent=agent.display_name if agent else "",
        signs=_signs(lead),
    )


def _provenance(lead: Lead, desk: Desk) -> Sign | None:
    if lead.status not in _TELLS_PROVENANCE or not lead.provenance_at:
        return None
    back = lead.provenance in _BACK
    if not back and lead.provenance != Provenance.RE_ENGAGED:
        return None
    known = desk.reasons.get(lead.provenance_reason)
    reason = known.label if known else lead.provenance_reason.replace("_", " ")
    words = f"{'Fell back' if back else 'Re-engaged'} {ago(lead.provenance_at, desk.now)}"
    label = Provenance(lead.provenance).label
    return Sign(
        f"{words}: {_lowered(reason)}" if reason else words,
        "undo-2" if back else "rotate-ccw",
        "chip-back" if back else "chip-again",
        f"{label}, {exact(lead.provenance_at, desk.zone)}",
    )


def _lowered(label: str) -> str:
    """A label inside a sentence; an abbreviation such as HOA keeps its capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _clock(lead: Lead, desk: Desk) -> Sign | None:
    """The first-contact clock: running, met, or missed. Told until the lead is qualified."""
    due, asked, met = lead.first_contact_due_at, lead.inquired_at, lead.first_contact_at
    # Of a lead that came back, the first contact is an old story.
    told = lead.status == State.NEW or (lead.status == State.CONTACTING and not lead.provenance)
    if due is None or asked is None or not told:
        return None
    more = f"First contact is due by {exact(due, desk.zone)}"
    if met is not None and met <= due and not lead.sla_breached:
        return Sign(f"Met at {clock((met - asked).total_seconds())}", "circle-check", "chip-good", more)
    if met is not None:
        return Sign(f"+{_late(met, due)} late", "timer", "chip-bad", f"{more}; it came late")
    if lead.status != State.NEW:
        return None
    if desk.now < due:
        return Sign(f"{clock((due - desk.now).total_seconds())} left", "timer", "chip-good", more)
    return Sign(f"+{_late(desk.now, due)}", "timer", "chip-bad", f"{more}; nobody has reached out yet")


def _late(then: datetime, due: datetime) -> str:
    seconds = max((then - due).total_seconds(), 0)
    # Both parts always: "+0m 09s" is read as a clock, "+9s" as a score.
    return f"{int(seconds // 60)}m {int(seconds % 60):02}s" if seconds < 3600 else clock(seconds)


def _look(provenance: Sign | None, first_contact: Sign | None) -> str:
    if first_contact is not None and first_contact.look == "chip-bad":
        return "is-late"
    if provenance is None:
        return ""
    return "is-back" if provenance.look == "chip-back" else "is-again"


def _signs(lead: Lead) -> list[Sign]:
    signs = [Sign(label, icon, "", meaning) for flag, label, meaning, icon in _FLAGS if getattr(lead, flag)]
    if lead.document_missing:
        signs.append(
            Sign("No document", "file-x", "is-warning", "The buyer's agreement is signed, but no document is on file.")
        )
    return signs
