"""The columns of the board: how many leads stand in each, and the newest of them, a page at a time.

The number of queries does not depend on the number of leads or columns: one for all counts (`counting`), and for the
cards one on PostgreSQL (a slice per column, joined in the database) and one per column on SQLite, which cannot join
slices. They run along the index (status, newest in stage first), so a page costs the same at a thousand leads and a
million.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from lifecycle.models import OfficeSettings
from lifecycle.states import State

from ..models import Lead
from .column import Column, Place
from .counting import Whole, count

PAGE = 25
#: As many cards as a column may be asked to show at once; the rest has a page of its own.
MOST = 1000
#: "Show more" doubles what a column shows, up to this many at a time.
_STEP = 200

CARD_COLUMNS = (
    "id", "uuid", "name", "headline", "external_key", "status", "version", "agent__id", "agent__display_name",
    "unsubscribed", "dnc", "do_not_email", "do_not_text", "do_not_call", "inquired_at", "first_contact_due_at",
    "first_contact_at", "sla_breached", "stage_entered_at", "provenance", "provenance_reason", "provenance_at",
    "times_qualified", "last_contact_at", "document_missing",
)  # fmt: skip


def read_columns(
    leads: QuerySet[Lead],
    shown: Mapping[State, int],
    office: OfficeSettings,
    now: datetime,
    whole: Whole | None = None,
) -> dict[State, Column]:
    """Counts and newest leads of some columns.

    In: the leads that the viewer may see and has not filtered away; for each wanted column how many cards to draw
    (0: only the counts); the office's settings and the moment, for what counts as stale; whose leads these are, where
    they are all leads of some people.
    """
    columns = {state: Column(state) for state in shown}
    count(leads, whole, columns, office, now)
    wanted = {state: whole_pages(n) for state, n in shown.items() if n and columns[state].total}
    for lead in _newest(leads, wanted):
        columns[State(lead.status)].leads.append(lead)
    for state in wanted:
        columns[state].rest = max(columns[state].total - len(columns[state].leads), 0)
    return columns


def read_page(
    leads: QuerySet[Lead],
    state: State,
    after: Place | None,
    office: OfficeSettings,
    now: datetime,
    *,
    size: int = PAGE,
    shown: int = 0,
    whole: Whole | None = None,
) -> Column:
    """The next page of one column, behind `after`: `size` cards, where `shown` stand before them."""
    column = Column(state)
    count(leads, whole, {state: column}, office, now)
    found = list(_slice(behind(leads.filter(status=state.value), after), size + 1))
    column.leads = found[:size]
    # The leads before the place are not counted again: that some are left is certain, how many only as the page says.
    left = len(found) - len(column.leads)
    column.rest = max(column.total - shown - len(column.leads), left) if left else 0
    return column


def behind(leads: QuerySet[Lead], after: Place | None) -> QuerySet[Lead]:
    """The leads of one column that stand behind a place; all of them for None."""
    if after is None:
        return leads
    # The first condition lets the index jump to the place, the second splits the leads of the same instant.
    return leads.filter(stage_entered_at__lte=after.stage_entered_at).filter(
        Q(stage_entered_at__lt=after.stage_entered_at) | Q(pk__lt=after.lead_id)
    )


def next_step(shown: int) -> int:
    """How many cards "Show more" adds to so many; 0 where the column is as long as it gets."""
    return max(min(max(shown, PAGE), _STEP, MOST - shown), 0)


def whole_pages(shown: int) -> int:
    """As many cards as are shown, in whole pages: a card that leaves must not cut the last page."""
    return min(max(-(-shown // PAGE), 1) * PAGE, MOST)


def _newest(leads: QuerySet[Lead], wanted: Mapping[State, int]) -> Iterable[Lead]:
    slices = [_slice(leads.filter(status=state.value), n) for state, n in wanted.items()]
    if len(slices) > 1 and connection.features.supports_slicing_ordering_in_compound:
        together = list(slices[0].union(*slices[1:], all=True))
        # A union keeps no order of its own.
        return sorted(together, key=lambda lead: (lead.stage_entered_at, lead.pk), reverse=True)
    return [lead for part in slices for lead in part]


def _slice(leads: QuerySet[Lead], size: int) -> QuerySet[Lead]:
    return leads.select_related("agent").only(*CARD_COLUMNS).order_by("-stage_entered_at", "-id")[:size]
