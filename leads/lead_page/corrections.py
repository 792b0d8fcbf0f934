"""What the two corrections are about: a move and what it goes back to, a fact and the reasons that it has had."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext, pgettext

from lifecycle.authority import VOID_WINDOW
from lifecycle.events import Kind
from lifecycle.flags import Flag
from lifecycle.models import LeadEvent
from lifecycle.reasons import DUPLICATE_OF, Reason
from lifecycle.timeline.because import label
from lifecycle.timeline.entries import SCRIBE, stage
from lifecycle.visits import read_visits

from .. import moments
from ..models import Lead
from .desk import Desk
from .outreach import it_stays
from .why import why_here


@dataclass(frozen=True, slots=True)
class Mistake:
    """A move that is to be undone. ``goes_back`` says where to, since when and why; ``stays`` what is not undone."""

    fact: LeadEvent
    desk: Desk
    from_stage: str
    to_stage: str
    who: str
    when: str
    goes_back: str
    stays: list[str]
    window: str
    offered: list[Reason]

    template = "corrections/void.html"


@dataclass(frozen=True, slots=True)
class Given:
    """A reason that stood once, or stands."""

    words: str
    who: str
    when: str


@dataclass(frozen=True, slots=True)
class Correction:
    """A fact whose reason is to be corrected: ``given`` are its reasons, oldest first; the last one stands."""

    fact: LeadEvent
    desk: Desk
    came_from: str
    went_to: str
    given: list[Given]
    standing: str
    offered: list[Reason]

    template = "corrections/correct.html"

    @property
    def now(self) -> Given:
        return self.given[-1]

    @property
    def before(self) -> list[Given]:
        return self.given[:-1]


def read_mistake(lead: Lead, fact: LeadEvent, desk: Desk) -> Mistake:
    """What there is to say of a move before it is undone. At most two queries."""
    visits = read_visits(lead.pk)
    return Mistake(
        fact=fact,
        desk=desk,
        from_stage=stage(fact.from_status),
        to_stage=stage(fact.to_status),
        who=_who(fact),
        when=moments.exact(fact.occurred_at, desk.zone),
        goes_back=why_here(visits[:-1], desk),
        stays=what_stays(lead, fact),
        window=_window(fact, desk),
        offered=desk.reasons_for(Kind.MOVE_VOIDED),
    )


def what_stays(lead: Lead, move: LeadEvent) -> list[str]:
    """What came with a move and is not undone with it: the contact that caused it, the flag that it set."""
    said = []
    if move.caused_by is not None:
        said.append(it_stays(move.caused_by, timezone.get_current_timezone(), timezone.now()))
    flagged = lead.events.filter(kind=Kind.FLAG_SET.value, flag=Flag.DNC.value, version__gt=move.version)
    if lead.dnc and flagged.exists():
        said.append(gettext("“Do not contact” stays set."))
    return said


def _window(fact: LeadEvent, desk: Desk) -> str:
    """How long its author still may; a broker may any time."""
    if desk.viewer.is_broker:
        return ""
    ends = fact.recorded_at + VOID_WINDOW
    left = max(ends - desk.now, timedelta(0))
    return gettext("You may undo this yourself until %(time)s (%(left)s from now); after that your broker can.") % {
        "time": moments.time_of_day(ends, desk.zone),
        "left": moments.span(left.total_seconds()),
    }


def read_correction(fact: LeadEvent, desk: Desk) -> Correction:
    """The reasons of a fact, and those that may be put beside them. One query."""
    later = list(fact.corrections.filter(kind=Kind.REASON_CORRECTED.value).order_by("version"))
    standing = later[-1].reason if later else fact.reason
    return Correction(
        fact=fact,
        desk=desk,
        came_from=_end(fact, stage(fact.from_status), str(fact.agent or "")),
        went_to=_end(fact, stage(fact.to_status), str(fact.to_agent or "")),
        given=[_given(event, fact.kind, desk) for event in (fact, *later)],
        standing=standing,
        offered=[r for r in desk.reasons_for(fact.kind) if r.code != standing and _fits(r, fact)],
    )


def _fits(reason: Reason, fact: LeadEvent) -> bool:
    """A duplicate names the other lead, so only a fact that does so already can be one."""
    return reason.code != DUPLICATE_OF or fact.reason == DUPLICATE_OF


def _end(fact: LeadEvent, stage_name: str, person: str) -> str:
    if fact.kind != Kind.AGENT_ASSIGNED:
        return stage_name
    return person or pgettext("who holds a lead", "the pool")


def _given(event: LeadEvent, kind: str, desk: Desk) -> Given:
    words = label(event.reason, kind, desk.reasons, desk.viewer.is_broker)
    return Given(words, _who(event), _day(event.recorded_at, desk))


def _who(event: LeadEvent) -> str:
    return event.actor_name if event.actor_id is not None else SCRIBE


def _day(moment: datetime, desk: Desk) -> str:
    return moments.day(moment, desk.zone, desk.now)
