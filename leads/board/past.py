"""The board as it stood: the same columns, filters and pages, as of an instant and by one of the two clocks.

Who may see a lead is judged by its holder of today; everything that a card says is of the instant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from lifecycle.history import Clock
from lifecycle.history.everyone import Ask, count_and_newest, standing
from lifecycle.history.fill_in import fill_in
from lifecycle.states import State
from lifecycle.streams import one_moment

from ..access import visible_leads
from ..asked_time import link_form
from ..models import Lead, User
from ..search import matching
from .cards import Desk
from .column import Column, Place
from .columns import CARD_COLUMNS, behind, whole_pages
from .filters import BoardFilters, Viewer
from .guessed import Guess, guessed
from .picture import ColumnView, Picture
from .stale import stale_leads

#: What a filter asks the past for beside stage and time; each costs a look at more of the log.
_ASKED_BY = {Ask.AGENT: ("mine", "agent"), Ask.FLAGS: ("flag",), Ask.WAYS: ("provenance", "came")}


class PastFilters(BoardFilters):
    """The filters over leads of the past, which have no names: a search goes by today's contact data."""

    def by_text(self, leads: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        """The leads that a search for this text would find today."""
        return leads.filter(pk__in=Lead.objects.filter(matching(value)).values("pk"))


class PastPicture(Picture):
    """In: as for `Picture`, and the instant with its clock. Nothing on it can be moved."""

    more_names = ("as_of", "clock")

    def __init__(
        self,
        user: User,
        address: QueryDict,
        moment: datetime,
        clock: Clock,
        shown: Mapping[State, int] | None = None,
    ) -> None:
        self.moment, self.clock = moment, clock
        address = address.copy()
        address["as_of"] = link_form(moment, timezone.get_current_timezone())
        address.pop("clock", None)
        if clock is Clock.KNOWN:
            address["clock"] = clock.value
        super().__init__(user, address, shown)

    def _viewer(self) -> Viewer:
        return Viewer(self.user, self.moment)

    def _like(self, address: QueryDict) -> Picture:
        return PastPicture(self.user, address, self.moment, self.clock)

    @cached_property
    def desk(self) -> Desk:
        asked = {"t": self.address["as_of"], **({"clock": self.clock.value} if self.clock is Clock.KNOWN else {})}
        return replace(super().desk, at=f"at/?{urlencode(asked)}")

    @cached_property
    def leads(self) -> QuerySet[Lead]:
        """The leads that this viewer may see today and that stood then as the filters want it; ids and what counts."""
        chosen = self.filters.chosen
        asks = [ask for ask, names in _ASKED_BY.items() if any(chosen.get(name) for name in names)]
        # Whoever sees every lead is answered along one index; a lead without a first fact stood nowhere anyway.
        may_see = Lead.objects.all() if self.user.is_broker else visible_leads(self.user)
        stood = standing(self.moment, self.clock, may_see, *asks)
        return PastFilters(self.address, stood, viewer=self.viewer).qs

    def _read(self, shown: Mapping[State, int]) -> dict[State, Column]:
        columns = {state: Column(state) for state in shown}
        sizes = {state.value: whole_pages(n) for state, n in shown.items() if n}
        wanted = self.leads.filter(status__in=[s.value for s in columns])
        # Counted and filled in at one moment of the log, or a card could say what its column does not.
        with one_moment():
            ids = self._counted(wanted, columns, sizes)
            found = self._stood([pk for some in ids.values() for pk in some])
        for status, some in ids.items():
            column = columns[State(status)]
            column.leads = [found[pk] for pk in some]
            column.rest = max(column.total - len(column.leads), 0)
        return columns

    def read_page(self, state: State, after: Place | None, size: int, shown: int) -> Column:
        """As of `Picture`, of that day."""
        column = Column(state)
        here = self.leads.filter(status=state.value)
        page = behind(here, after).order_by("-stage_entered_at", "-id").values_list("pk", flat=True)
        with one_moment():
            self._counted(here, {state: column}, {})
            ids = list(page[: size + 1])
            found = self._stood(ids[:size])
        column.leads = [found[pk] for pk in ids[:size]]
        left = len(ids) - len(column.leads)
        column.rest = max(column.total - shown - len(column.leads), left) if left else 0
        return column

    def _counted(
        self, leads: QuerySet[Lead], columns: Mapping[State, Column], sizes: Mapping[str, int]
    ) -> dict[str, list[int]]:
        """Counts these leads into their columns; out: the ids of the newest of each status in `sizes`."""
        groups, ids = count_and_newest(leads, sizes, stale_leads(self.office, columns, self.moment))
        by_status = {state.value: column for state, column in columns.items()}
        for status, way, count, old in groups:
            column = by_status[status]
            column.total += count
            column.stale += old
            column.by_provenance[way] = column.by_provenance.get(way, 0) + count
        return ids

    def _stood(self, ids: list[int]) -> dict[int, Lead]:
        """These leads with every column that a card shows as of the instant. Three queries."""
        leads = {lead.pk: lead for lead in Lead.objects.filter(pk__in=ids).only(*CARD_COLUMNS)}
        fill_in(list(leads.values()), self.moment, self.clock)
        people = User.objects.in_bulk({lead.agent_id for lead in leads.values()} - {None})
        for lead in leads.values():
            lead.agent = people.get(lead.agent_id) if lead.agent_id else None
        return leads

    def _guessed(self, leads: Iterable[Lead]) -> dict[int, Guess]:
        # What was known then was believed to be all.
        return guessed(leads, self.moment if self.clock is Clock.HAPPENED else None)

    def _view(self, column: Column, before: int = 0) -> ColumnView:
        return replace(super()._view(column, before), legal="", ask="")
