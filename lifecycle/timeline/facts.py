"""Which facts of a lead are shown: one page by keyset on the version, filtered, newest or oldest first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from ..events import Kind
from ..models import LeadEvent
from ..reasons import Reason
from ..speech import pgettext
from .entries import Entry, entry

PAGE_SIZE = 50

SYSTEM = "system"
#: What a person filters by: its word, its kinds. A kind that is in none of these, a newer release's too, is a
#: system fact.
GROUPS: dict[str, tuple[Callable[[], str], frozenset[str]]] = {
    "moves": (
        lambda: pgettext("kind of fact", "Moves"),
        frozenset(
            k.value
            for k in (
                Kind.LEAD_CREATED,
                Kind.CONTACT_ATTEMPTED,
                Kind.BOGUS_CONTACT_DETECTED,
                Kind.MOTIVATION_CONFIRMED,
                Kind.TIMED_OUT_NO_RESPONSE,
                Kind.BUYER_AGREEMENT_SIGNED,
                Kind.TIMED_OUT_NO_PROGRESS,
                Kind.ARCHIVED_MANUALLY,
                Kind.CONTRACT_EXECUTED,
                Kind.DEAL_COLLAPSED,
                Kind.CLOSING_COMPLETED,
                Kind.CONTRACT_VOIDED,
                Kind.LEAD_RE_ENGAGED,
                Kind.CONTACT_INFO_UPDATED,
                Kind.MOVE_VOIDED,
                Kind.REASON_CORRECTED,
                Kind.HISTORY_IMPORTED,
                Kind.IMPORT_WITHDRAWN,
            )
        ),
    ),
    "contacts": (lambda: pgettext("kind of fact", "Contacts"), frozenset({Kind.CONTACT_LOGGED.value})),
    "assignments": (lambda: pgettext("kind of fact", "Assignments"), frozenset({Kind.AGENT_ASSIGNED.value})),
    "flags": (lambda: pgettext("kind of fact", "Flags"), frozenset({Kind.FLAG_SET.value, Kind.FLAG_CLEARED.value})),
    "notes": (lambda: pgettext("kind of fact", "Notes"), frozenset({Kind.NOTE_ADDED.value})),
    SYSTEM: (lambda: pgettext("kind of fact", "System"), frozenset()),
}
_NOT_SYSTEM = frozenset().union(*(kinds for _, kinds in GROUPS.values()))

#: In place of a person's id: what Scribe did.
BY_SCRIBE = "scribe"


@dataclass(frozen=True, slots=True)
class Filters:
    """``groups`` empty: all of them. ``actor``: a person's id or ``scribe``. ``since`` ≤ occurred_at < ``until``."""

    groups: frozenset[str] = frozenset()
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None
    system: bool = True
    oldest_first: bool = False

    def __bool__(self) -> bool:
        return bool(self.groups or self.actor or self.since or self.until or not self.system)


@dataclass(frozen=True, slots=True)
class Page:
    """Facts in the order shown. ``before``: the fact just ahead of them. ``cursor``: go on after this version."""

    entries: list[Entry]
    before: LeadEvent | None
    cursor: int | None


def read(
    lead_id: int,
    filters: Filters,
    book: dict[str, Reason],
    *,
    viewer_is_broker: bool,
    cursor: int | None = None,
    size: int = PAGE_SIZE,
) -> Page:
    """One page of a lead's story.

    In: the filters, the office's reason codes, the version of the last fact already shown (None: from the start).
    Two queries.
    """
    rows = list(_rows(lead_id, filters, cursor)[: size + 2])
    # The fact that was shown last comes along, so that its day is not announced again.
    before = rows.pop(0) if cursor is not None and rows and rows[0].version == cursor else None
    shown, more = rows[:size], len(rows) > size
    entries = entries_of(shown, book, viewer_is_broker=viewer_is_broker)
    return Page(entries, before, shown[-1].version if more else None)


def entries_of(
    rows: Sequence[LeadEvent], book: dict[str, Reason], *, viewer_is_broker: bool, known_at: datetime | None = None
) -> list[Entry]:
    """These facts in words, with what voids or corrects them. In: rows with words, people, target and cause.

    ``known_at``: only with what had voided or corrected them by then.
    """
    about = {row.pk for row in rows} | {row.target_id for row in rows if row.kind == Kind.REASON_CORRECTED}
    corrections: dict[int, list[LeadEvent]] = {}
    written = Q(recorded_at__lte=known_at) if known_at else Q()
    for later in LeadEvent.objects.filter(written, target_id__in=about).order_by("version"):
        corrections.setdefault(later.target_id or 0, []).append(later)
    return [
        entry(row, corrections.get(row.pk, []), book, viewer_is_broker, *_neighbours(row, corrections)) for row in rows
    ]


def _neighbours(row: LeadEvent, corrections: dict[int, list[LeadEvent]]) -> tuple[LeadEvent | None, LeadEvent | None]:
    """What took the place of a corrected reason (the next correction of the same fact, or the void of it), and the
    correction whose place it took itself."""
    if row.kind != Kind.REASON_CORRECTED:
        return None, None
    same = corrections.get(row.target_id or 0, [])
    later = next((c for c in same if c.version > row.version), None)
    return later, next((c for c in reversed(same) if c.version < row.version), None)


def _rows(lead_id: int, filters: Filters, cursor: int | None) -> QuerySet[LeadEvent]:
    rows = LeadEvent.objects.filter(_wanted(filters), lead_id=lead_id).select_related(
        "words", "target", "caused_by", "agent", "to_agent"
    )
    if filters.oldest_first:
        rows = rows.order_by("version")
        return rows if cursor is None else rows.filter(version__gte=cursor)
    rows = rows.order_by("-version")
    return rows if cursor is None else rows.filter(version__lte=cursor)


def _wanted(filters: Filters) -> Q:
    wanted = Q()
    if filters.groups:
        chosen = [kind for group in filters.groups if group in GROUPS for kind in GROUPS[group][1]]
        wanted &= Q(kind__in=chosen) | (~Q(kind__in=_NOT_SYSTEM) if SYSTEM in filters.groups else Q(pk__in=[]))
    if not filters.system and SYSTEM not in filters.groups:
        wanted &= Q(kind__in=_NOT_SYSTEM)
    if filters.actor == BY_SCRIBE:
        wanted &= Q(actor=None)
    elif filters.actor:
        wanted &= Q(actor_id=filters.actor)
    if filters.since is not None:
        wanted &= Q(occurred_at__gte=filters.since)
    if filters.until is not None:
        wanted &= Q(occurred_at__lt=filters.until)
    return wanted


def actors(lead_id: int) -> list[tuple[str, str]]:
    """Everybody who did something to this lead, as (value of the filter, name) pairs; Scribe first."""
    found = (
        LeadEvent.objects.filter(lead_id=lead_id)
        .order_by("actor__display_name")
        .values_list("actor_id", "actor__display_name")
        .distinct()
    )
    people = [(str(pk), name) for pk, name in found if pk is not None]
    return [(BY_SCRIBE, "Scribe"), *people] if any(pk is None for pk, _ in found) else people
