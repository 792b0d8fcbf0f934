"""Which leads are chosen: cards picked on the board, whatever its filters show, or an agent's whole book."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, QuerySet
from django.http import QueryDict

from lifecycle.service.bulk import MOST, too_many
from lifecycle.states import WORKING, State

from ..access import visible_leads
from ..board.filters import LONGEST_SEARCH, ActiveFilter, BoardFilters, Viewer, active_filters
from ..models import Lead, User

OPEN, ALL = "open", "all"
#: As many leads as a form can tick one by one.
PICKABLE = 500
_OPEN_STATES = [s.value for s in WORKING]
_COLUMNS = ("name", "status", "version", "stage_entered_at", "agent__display_name", "agent__is_active")


@dataclass(frozen=True)
class Choice:
    """``ids``: the cards that were picked; None: what ``address`` filters. ``left_out``: those that were unticked.

    ``leaving``: whose book it is, when all of it is handed on because this person leaves the office.
    """

    viewer: User
    ids: frozenset[int] | None
    address: QueryDict
    which: str = OPEN
    left_out: frozenset[int] = frozenset()
    leaving: int | None = None

    @cached_property
    def filters(self) -> BoardFilters:
        return BoardFilters(self.address, own_leads(self.viewer), viewer=Viewer(self.viewer))

    @cached_property
    def chips(self) -> list[ActiveFilter]:
        """The filters that hold, by name."""
        return [] if self.ids is not None else active_filters(self.filters, self.address)

    @cached_property
    def by_state(self) -> dict[State, int]:
        """How many leads there are to choose from, by stage, closed ones too. One query."""
        counted = self._all.order_by().values("status").annotate(n=Count("id"))
        found = {row["status"]: row["n"] for row in counted}
        return {state: found[state.value] for state in State if state.value in found}

    @property
    def total(self) -> int:
        return sum(self.by_state.values())

    @property
    def open(self) -> int:
        return sum(n for state, n in self.by_state.items() if state in WORKING)

    @property
    def asks_which(self) -> bool:
        """Whether there are both open leads and others, and nobody picked them one by one."""
        return self.ids is None and 0 < self.open < self.total

    @property
    def _all(self) -> QuerySet[Lead]:
        if self.ids is not None:
            return own_leads(self.viewer).filter(pk__in=self.ids)
        return self.filters.qs

    @property
    def _wanted(self) -> QuerySet[Lead]:
        open_only = self.ids is None and self.which == OPEN
        return self._all.filter(status__in=_OPEN_STATES) if open_only else self._all

    def leads(self) -> list[Lead]:
        """The chosen leads as they are now, with their agents; those that were unticked are left out. One query.

        Raises ``BadInput`` for more than can be looked over in one go.
        """
        found = list(_drawn(self._wanted)[: MOST + len(self.left_out) + 1])
        kept = [lead for lead in found if lead.pk not in self.left_out]
        if len(kept) > MOST:
            raise too_many()
        return kept

    def to_tick(self) -> list[Lead]:
        """The leads to tick one by one: all of them, or the open ones where all would be too many. One query."""
        if self.total <= PICKABLE:
            return list(_drawn(self._all))
        return list(_drawn(self._all.filter(status__in=_OPEN_STATES))) if 0 < self.open <= PICKABLE else []

    def missing(self, found: int) -> int:
        """How many of the picked cards are not this person's to reassign, or not there."""
        return 0 if self.ids is None else len(self.ids - self.left_out) - found


def own_leads(viewer: User) -> QuerySet[Lead]:
    """The leads that this person may reassign: a broker all of them, an agent those that they hold."""
    leads = visible_leads(viewer)
    return leads if viewer.is_broker else leads.filter(agent=viewer)


def _drawn(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    return leads.select_related("agent").only(*_COLUMNS).order_by("pk")


def read_choice(viewer: User, values: QueryDict, query: QueryDict) -> Choice:
    """What a page of ours asks for. In: its fields, and the query string that holds the filters.

    Raises ``BadInput`` for more picked leads than can be looked over; what is no id of a lead is no choice.
    """
    picked = values.get("leads") or ""
    ids = read_ids(picked) if picked.strip() else None
    if ids is not None and len(ids) > MOST:
        raise too_many()
    left_out = read_ids(values.get("left_out") or "")
    if "shown" in values:
        left_out = read_ids(values.get("shown") or "") - read_ids(",".join(values.getlist("lead")))
    which = ALL if values.get("which") == ALL else OPEN
    address = _filters_of(query)
    whose = read_ids(address.get("agent", "")) if ids is None and values.get("leaving") else frozenset()
    return Choice(viewer, ids, address, which, left_out, next(iter(whose), None))


def read_ids(text: str) -> frozenset[int]:
    """The ids in a list such as ``12,57``; what is no id is left out."""
    parts = (part.strip() for part in text.split(","))
    return frozenset(int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 19)


def written_ids(ids: Iterable[int]) -> str:
    return ",".join(str(n) for n in sorted(ids))


def _filters_of(query: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name in BoardFilters.base_filters:
        value = query.get(name)
        if value:
            kept[name] = value[:LONGEST_SEARCH]
    return kept
