"""What is new since a board was drawn: the live feed, a redraw and not a replay.

A fact is numbered before it is committed, so a fact with a lower number may appear after one with a higher. The
cursor therefore does not name the newest fact but the newest one that is some seconds old, and how many came after
it: a fact that appears late changes the count. Drawing a column twice does no harm.
"""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from lifecycle.events import Kind, Source
from lifecycle.models import LeadEvent
from lifecycle.states import State
from lifecycle.timeline.entries import stage

from ..access import scope
from ..models import Lead, User

#: Longer than any honest transaction lasts.
SETTLED = timedelta(seconds=5)
#: A board that was asleep for longer is drawn anew as a whole: nobody reads so much news, and ages have moved on.
ASLEEP = timedelta(minutes=10)
FEW_NEWS = 20
MOST_NEWS = 300
#: While a first-contact clock runs, its column is drawn anew this often.
CLOCK_STEP = timedelta(seconds=15)
#: While an import brings lead after lead, a board is drawn anew this often and not with every look.
FLOOD_STEP = timedelta(seconds=12)
#: An overdue clock keeps ticking on the board for so long; after that it counts in hours.
CLOCK_RUNS = timedelta(hours=1)


#: Where boards get hints, those that look within so many seconds of one another are answered with one picture.
TOGETHER = 0.25

#: The end of the log at which no clock ran, by what a viewer sees: most boards ask that every few seconds.
_without_clock: dict[str, tuple[object, ...]] = {}


@dataclass(frozen=True, slots=True)
class Cursor:
    """`since`: a settled fact; `tail`: how many came after it; `drawn` and `ticked`: seconds of the last redraw."""

    since: int
    tail: int
    drawn: int
    ticked: int

    @classmethod
    def read(cls, values: QueryDict) -> "Cursor | None":
        """The cursor that a page sends back; None when it is not one of ours."""
        try:
            numbers = [int(values.get(name, "")) for name in ("since", "tail", "drawn", "ticked")]
        except ValueError:
            return None
        return cls(*numbers) if all(0 <= n < 2**62 for n in numbers) else None

    def query(self) -> str:
        return f"since={self.since}&tail={self.tail}&drawn={self.drawn}&ticked={self.ticked}"


@dataclass(frozen=True, slots=True)
class End:
    """The newest facts of the log, newest first, and when they were read."""

    newest: list[tuple[int, datetime, str]]
    now: datetime
    read_at: float

    @classmethod
    def read(cls) -> "End":
        global _last_end
        now, read_at = timezone.now(), time.monotonic()
        _last_end = cls(_newest(), now, read_at)
        return _last_end

    @classmethod
    def for_board(cls, cursor: Cursor) -> "End":
        """The end as it is now; or as it was a moment ago, where that is news to this board and a hint brings the rest.

        Without news in it, it may be older than what the board shows: then its answer would put cards back.
        """
        last = _last_end
        if last is None or not settings.LIVE_HINTS or time.monotonic() - last.read_at > TOGETHER:
            return cls.read()
        after = sum(1 for pk, *_ in last.newest if pk > cursor.since)
        return last if cursor.tail < after < len(last.newest) else cls.read()


_last_end: End | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What to draw anew, the sentence for the live region, and the cursor of the answer."""

    states: frozenset[State]
    sentence: str
    cursor: Cursor


def cursor_now() -> Cursor:
    """The cursor of a board that is drawn now. Read it before the leads, so that nothing falls in between."""
    end = End.read()
    return _cursor(end.newest, end.now)


def news(cursor: Cursor, viewer: User, leads: QuerySet[Lead], *, at_once: bool = False) -> News | None:
    """What changed on this viewer's board since `cursor`; None when nothing did.

    In: the leads that the viewer may see today (not filtered: a lead may have just left the filter). ``at_once``: also
    what an import is still bringing, which otherwise waits for its turn.
    """
    end = End.read() if at_once else End.for_board(cursor)
    newest, fresh = end.newest, _cursor(end.newest, end.now)
    if fresh.drawn - cursor.drawn > ASLEEP.total_seconds():
        return News(frozenset(State), "", fresh)
    after = _after(cursor.since, newest)
    if after > MOST_NEWS and all(source == Source.IMPORT for *_, source in newest):
        waits = fresh.drawn - cursor.drawn < FLOOD_STEP.total_seconds()
        return None if waits and not at_once else _flood(cursor, fresh, viewer)
    if after > MOST_NEWS:
        return News(frozenset(State), _much(cursor, viewer), fresh)
    is_new = after != cursor.tail
    ticking = fresh.ticked - cursor.ticked >= CLOCK_STEP.total_seconds() and _clock_runs(viewer, leads, newest)
    if not is_new and not ticking:
        return None
    # What came after this end is told with the next one.
    rows = [row for row in _facts(cursor.since) if row.pk <= newest[0][0]] if is_new and newest else []
    states = _touched(rows, viewer) | (frozenset({State.NEW}) if ticking else frozenset())
    ticked = fresh.ticked if State.NEW in states else cursor.ticked
    # The ages on the columns that stay are as old as they were.
    kept = Cursor(fresh.since, fresh.tail, cursor.drawn, ticked)
    return News(states, _sentence(rows[: max(len(rows) - cursor.tail, 1)], viewer), kept)


def _newest() -> list[tuple[int, datetime, str]]:
    """The newest facts, newest first: few on a quiet day, for the price of one look at the end of the log."""
    log = LeadEvent.objects.order_by("-id").values_list("id", "recorded_at", "source")
    newest = list(log[:FEW_NEWS])
    # A settled one must be among them.
    if len(newest) == FEW_NEWS and newest[-1][1] > timezone.now() - SETTLED:
        newest = list(log[:MOST_NEWS])
    return newest


def _cursor(newest: list[tuple[int, datetime, str]], now: datetime) -> Cursor:
    settled = next((pk for pk, recorded_at, _ in newest if recorded_at <= now - SETTLED), None)
    if settled is None:
        # An empty log, or one that is being filled this very second: count from the oldest of those read.
        settled = newest[-1][0] - 1 if newest else 0
    seconds = int(now.timestamp())
    return Cursor(settled, sum(1 for pk, *_ in newest if pk > settled), seconds, seconds)


def _after(since: int, newest: list[tuple[int, datetime, str]]) -> int:
    """How many facts came after this one; beyond `MOST_NEWS` only that there are more."""
    after = sum(1 for pk, *_ in newest if pk > since)
    if newest and after == len(newest):
        after = LeadEvent.objects.filter(id__gt=since)[: MOST_NEWS + 1].count()
    return after


def _facts(since: int) -> QuerySet[LeadEvent]:
    facts = LeadEvent.objects.filter(id__gt=since).order_by("-id").select_related("lead")
    return facts.only(
        "id", "kind", "from_status", "to_status", "agent_id", "to_agent_id", "actor_id", "actor_name",
        "source", "batch", "lead__name", "lead__status", "lead__agent_id",
    )[:MOST_NEWS]  # fmt: skip


def _touched(rows: Iterable[LeadEvent], viewer: User) -> frozenset[State]:
    """The columns in which a card of this viewer may have come, gone or changed."""
    touched: set[str] = set()
    for row in rows:
        whose = reach_of(row.kind, row.agent_id, row.to_agent_id, row.lead.agent_id)
        if whose is None or viewer.is_broker or viewer.pk in whose:
            touched |= {row.from_status, row.to_status, row.lead.status}
    # A stage that only a newer release knows has no column here.
    return frozenset(state for state in State if state.value in touched)


def reach_of(kind: str, agent: int | None, to_agent: int | None, holder: int | None) -> frozenset[int] | None:
    """The agents on whose boards a fact may change something; None: on everybody's. Brokers see all of it anyway.

    In: of the fact, its kind and the holder before and after; of its lead, the holder today.
    """
    # What lies in the pool is seen by everybody, and so is that somebody took it from there.
    if holder is None or (kind == Kind.AGENT_ASSIGNED and agent is None):
        return None
    return frozenset(pk for pk in (agent, to_agent, holder) if pk is not None)


def _flood(cursor: Cursor, fresh: Cursor, viewer: User) -> News:
    """What an import is bringing, or has just brought, as far as this viewer sees any of it."""
    facts = LeadEvent.objects.filter(id__gt=cursor.since)
    if not viewer.is_broker:
        mine = Q(lead__agent=None) | Q(lead__agent=viewer) | Q(agent=viewer) | Q(to_agent=viewer)
        if not facts.filter(mine).exists():
            return News(frozenset(), "", fresh)
    # Said once: whose board was in the middle of it already has heard it.
    said = "" if cursor.tail >= MOST_NEWS else _of_a_flood(facts)
    return News(frozenset(State), said, fresh)


def _of_a_flood(facts: QuerySet[LeadEvent]) -> str:
    kind = facts.order_by("-id").values_list("kind", flat=True).first()
    if kind == Kind.IMPORT_WITHDRAWN:
        return gettext("An import is being taken back.")
    return gettext("Leads are coming in by an import.")


def _much(cursor: Cursor, viewer: User) -> str:
    """The sentence for more news than anybody reads: of a broker's board, that they are one bulk action, if so."""
    newest = LeadEvent.objects.order_by("-id").first() if viewer.is_broker else None
    if newest and newest.source == Source.BULK and newest.batch and newest.actor_id != viewer.pk:
        since = LeadEvent.objects.filter(id__gt=cursor.since).order_by("-id").values_list("batch", flat=True)
        found = list(since[: MOST_NEWS * 10])
        if found.count(newest.batch) > MOST_NEWS:
            return _of_a_bulk(newest, found.count(newest.batch))
    return gettext("The board was brought up to date.")


def _sees(viewer: User, holder: int | None) -> bool:
    return viewer.is_broker or holder in (None, viewer.pk)


def _sentence(rows: Sequence[LeadEvent], viewer: User) -> str:
    """The newest move or hand-over that a colleague made with a lead of this viewer."""
    for row in rows:
        if row.actor_id == viewer.pk or not _sees(viewer, row.lead.agent_id):
            continue
        if row.source == Source.IMPORT and row.batch:
            of_it = {r.lead_id for r in rows if r.batch == row.batch and _sees(viewer, r.lead.agent_id)}
            return _of_an_import(row, len(of_it))
        said = {"who": row.actor_name or "Scribe", "name": row.lead.name}
        if row.kind == Kind.LEAD_CREATED:
            return gettext("%(name)s came in.") % said
        if row.kind == Kind.MOVE_VOIDED:
            back = {**said, "stage": stage(row.to_status)}
            return gettext("%(who)s undid a move: %(name)s is back in %(stage)s.") % back
        if row.to_status:
            return gettext("%(who)s moved %(name)s to %(stage)s.") % {**said, "stage": stage(row.to_status)}
        if row.kind == Kind.AGENT_ASSIGNED and row.source == Source.BULK and row.batch:
            return _of_a_bulk(row, sum(r.batch == row.batch and _sees(viewer, r.lead.agent_id) for r in rows))
        if row.kind == Kind.AGENT_ASSIGNED:
            return gettext("%(who)s assigned %(name)s.") % said
        if row.kind == Kind.REASON_CORRECTED:
            return gettext("%(who)s corrected a reason of %(name)s.") % said
    return ""


def _of_a_bulk(row: LeadEvent, leads: int) -> str:
    """One sentence for a whole bulk action: as many leads as this viewer sees of it."""
    said = ngettext("%(who)s reassigned %(n)s lead.", "%(who)s reassigned %(n)s leads.", leads)
    return said % {"who": row.actor_name, "n": leads}


def _of_an_import(row: LeadEvent, leads: int) -> str:
    """One sentence for what an import brought, or for its being taken back."""
    if row.kind == Kind.IMPORT_WITHDRAWN:
        said = ngettext("An import was taken back: %(n)s lead.", "An import was taken back: %(n)s leads.", leads)
    else:
        said = ngettext("An import brought %(n)s lead.", "An import brought %(n)s leads.", leads)
    return said % {"n": leads}


def _clock_runs(viewer: User, leads: QuerySet[Lead], newest: Sequence[tuple[int, datetime, str]]) -> bool:
    """Whether a first-contact clock runs on this board. Asked again only when something came: a fact starts a clock."""
    # A fact that appears late is among the newest too: one more, or the oldest of them has to go.
    whose, end = scope(viewer), (len(newest), *newest[:1], *newest[-1:])
    if _without_clock.get(whose) == end:
        return False
    since = timezone.now() - CLOCK_RUNS
    running = Q(status=State.NEW.value, first_contact_at=None, first_contact_due_at__gte=since)
    runs = leads.filter(running).exists()
    if not runs:
        _without_clock[whose] = end
    return runs
