"""The packet, put together from its parts."""

from dataclasses import dataclass

from django.utils.translation import gettext

from lifecycle.states import NewerStage, State
from lifecycle.timeline.because import clause
from lifecycle.visits import read_visits

from .. import moments
from ..lead_page.called import called
from ..lead_page.custody import Chain, Stay, read_chain
from ..lead_page.custody_words import to_the_minute, zone_words
from ..lead_page.desk import Desk
from ..lead_page.outreach import back_in_new
from ..lead_page.path import Step, steps
from ..lead_page.why import why_here
from ..models import Lead
from .coming import Date, Next, dates, what_next
from .recent import Contact, Note, last_contacts, last_notes
from .warnings import Warn, Way, warnings, ways

#: Of a long path its beginning and its end are told, of a long custody its newest stays.
_PATH_START, _PATH_END, _STAYS = 2, 6, 4


@dataclass(frozen=True, slots=True)
class Path:
    """The stays in stages, oldest first; ``left_out`` of them between ``start`` and ``end``."""

    start: list[Step]
    left_out: int
    end: list[Step]


@dataclass(frozen=True, slots=True)
class Packet:
    """Everything on the page, in words. ``because``: why the lead came to whoever holds it, to end the sentence."""

    lead: Lead
    called: str
    why: str
    why_look: str
    ways: list[Way]
    warnings: list[Warn]
    path: Path
    notes: list[Note]
    contacts: list[Contact]
    touch: list[tuple[str, str, str]]
    chain: Chain
    stays: list[Stay]
    earlier: int
    because: str
    dates: list[Date]
    next: list[Next]
    made: str
    zone: str

    @property
    def state(self) -> State | NewerStage:
        return self.lead.state


def read_packet(lead: Lead, desk: Desk) -> Packet:
    """The story so far for whoever sits at the desk. In: the lead with its agent. A constant number of queries."""
    visits = read_visits(lead.pk)
    trail = steps(visits, desk, set())
    chain = read_chain(lead, desk)
    now = chain.stays[0] if chain.stays else None
    return Packet(
        lead=lead,
        called=called(lead.name),
        why=back_in_new(lead, desk) or why_here(visits, desk),
        why_look=trail[-1].look.removesuffix("is-now").strip() if trail else "",
        ways=ways(lead),
        warnings=warnings(lead, desk),
        path=_path(trail),
        notes=last_notes(lead, desk),
        contacts=last_contacts(lead, desk),
        touch=_touch(lead, desk),
        chain=chain,
        stays=chain.stays[:_STAYS],
        earlier=max(len(chain.stays) - _STAYS, 0),
        because=clause(now.stint.reason, now.why.words) if now and not now.came_in else "",
        dates=dates(lead, visits, desk),
        next=what_next(lead),
        made=to_the_minute(desk.now, desk.zone),
        zone=zone_words(desk),
    )


def _path(trail: list[Step]) -> Path:
    if len(trail) <= _PATH_START + _PATH_END + 1:
        return Path(trail, 0, [])
    return Path(trail[:_PATH_START], len(trail) - _PATH_START - _PATH_END, trail[-_PATH_END:])


def _touch(lead: Lead, desk: Desk) -> list[tuple[str, str, str]]:
    """Label, words and the exact moment of the last contact, the last answer and the attempts."""
    found = [
        (gettext("Last contact"), lead.last_contact_at, gettext("none yet")),
        (gettext("Last answer"), lead.last_reply_at, gettext("none yet")),
    ]
    told = [
        (name, moments.day(at, desk.zone, desk.now), moments.exact(at, desk.zone)) if at else (name, never, "")
        for name, at, never in found
    ]
    return [*told, (gettext("Attempts"), str(lead.attempts), "")]
