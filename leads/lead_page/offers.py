"""What whoever looks at a lead's story may take back or give another reason. The service judges it again.

Only the newest standing move can be undone, by its author for a quarter of an hour or by a broker; a reason can be
corrected while its fact stands.
"""

from dataclasses import dataclass

from lifecycle.authority import VOID_WINDOW, may_correct, may_void
from lifecycle.events import CORRECTABLE, Kind
from lifecycle.intents import Person, Rules
from lifecycle.reasons import INITIAL_ROUTING
from lifecycle.timeline import Entry
from lifecycle.visits import Visit

from .. import moments
from .desk import Desk

#: The second fact of a lead is its first holder's, where it came in with one.
AT_BIRTH = 2


@dataclass(frozen=True, slots=True)
class Offers:
    """``voidable``: the id of the move that may be undone. ``until``: the time of day up to which, for its author.

    Without a viewer nothing is offered: a story on paper, a sample.
    """

    viewer: Person | None = None
    voidable: int | None = None
    until: str = ""

    def may_void(self, entry: Entry) -> bool:
        return self.voidable is not None and entry.event.pk == self.voidable

    def may_correct(self, entry: Entry) -> bool:
        standing = (entry.corrected_by or entry.event).reason
        stands = entry.kind in CORRECTABLE and entry.voided_by is None and not _went_by_itself(entry, standing)
        return stands and self.viewer is not None and may_correct(self.viewer, entry.kind, standing)


def _went_by_itself(entry: Entry, standing: str) -> bool:
    """Whether a lead was routed as it came in, or by Scribe: nobody gave that reason, so nobody gave a wrong one."""
    routed = entry.kind == Kind.AGENT_ASSIGNED and standing == INITIAL_ROUTING
    return routed and (entry.event.actor_id is None or entry.event.version <= AT_BIRTH)


NOTHING = Offers()


def offers(visits: list[Visit], desk: Desk) -> Offers:
    """In: the stays that stand; the newest one is the move that might be a mistake, unless it is how the lead began."""
    viewer = desk.viewer.as_person
    if len(visits) < 2 or not may_void(viewer, visits[-1], visits[-1].author_id, Rules(now=desk.now)):
        return Offers(viewer)
    return Offers(viewer, visits[-1].event_id, window_ends(visits[-1], desk))


def window_ends(newest: Visit, desk: Desk) -> str:
    """Until when the author may undo the move alone, as a time of day; nothing for a broker, who may any time."""
    if desk.viewer.is_broker:
        return ""
    return moments.time_of_day(newest.recorded_at + VOID_WINDOW, desk.zone)
