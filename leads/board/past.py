"""The board as it stood: the same columns, filters and pages, as of an instant and by one of the two clocks.

Who may see a lead is judged by its holder of today; everything that a card says is of the instant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from lifecycle.flags import HARD_FLAGS, Flag
from lifecycle.history import Clock, everyone
from lifecycle.history.fill_in import fill_in
from lifecycle.models import OfficeSettings
from lifecycle.states import WORKING, State

from ..access import visible_leads
from ..asked_time import link_form
from ..models import Lead, User
from ..search import matching
from .cards import Desk
from .columns import CARD_COLUMNS, Column, Place, whole_pages
from .filters import ANY_FLAG, FELL_BACK, FELL_BACK_VALUES, POOL, QUIET, Viewer, month_begins
from .picture import ColumnView, Picture


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

    @cached_property
    def desk(self) -> Desk:
        asked = {"t": self.address["as_of"], **({"clock": self.clock.value} if self.clock is Clock.KNOWN else {})}
        return replace(super().desk, at=f"at/?{urlencode(asked)}")

    @cached_property
    def past(self) -> everyone.Past:
        """The leads that this viewer may see today and that stood then as the filters want it."""
        chosen = self.filters.chosen
        holders = {self.user.pk} if chosen.get("mine") else set()
        if agent := chosen.get("agent"):
            holders.add(everyone.POOL if agent == POOL else int(agent))
        leads = None if self.user.is_broker and not chosen.get("q") else visible_leads(self.user)
        if leads is not None and chosen.get("q"):
            leads = leads.filter(matching(chosen["q"]))
        if len(holders) > 1:
            leads = Lead.objects.none()
        return everyone.Past(self.moment, self.clock, leads, self._wanted(chosen, next(iter(holders), None)))

    def _wanted(self, chosen: Mapping[str, Any], holder: int | None) -> everyone.Wanted:
        way, flag = chosen.get("provenance", ""), chosen.get("flag", "")
        ways = FELL_BACK_VALUES if way == FELL_BACK else [way] if way else []
        flags = {ANY_FLAG: list(Flag), QUIET: list(HARD_FLAGS)}.get(flag, [flag] if flag else [])
        return everyone.Wanted(
            agent=holder,
            flags=frozenset(str(f) for f in flags),
            ways=frozenset(ways),
            ways_since=month_begins(self.moment, self.office.zone) if chosen.get("came") else None,
            entered_by=stale_by(self.office, WORKING, self.moment) if chosen.get("stale") else None,
        )

    def _read(self, shown: Mapping[State, int]) -> dict[State, Column]:
        sizes = {state.value: whole_pages(n) for state, n in shown.items() if n}
        groups, ids = everyone.board(self.past, sizes, stale_by(self.office, shown, self.moment))
        columns = {state: Column(state) for state in shown}
        _counted(columns, groups)
        found = self._stood([pk for some in ids.values() for pk in some])
        for status, some in ids.items():
            column = columns[State(status)]
            column.leads = [found[pk] for pk in some]
            column.rest = max(column.total - len(column.leads), 0)
        return columns

    def read_page(self, state: State, after: Place | None, size: int, shown: int) -> Column:
        """As of `Picture`, of that day."""
        column = Column(state)
        _counted({state: column}, everyone.count(self.past, stale_by(self.office, [state], self.moment)))
        place = (after.stage_entered_at, after.lead_id) if after else None
        ids = everyone.page(self.past, state.value, place, size + 1)
        found = self._stood(ids[:size])
        column.leads = [found[pk] for pk in ids[:size]]
        left = len(ids) - len(column.leads)
        column.rest = max(column.total - shown - len(column.leads), left) if left else 0
        return column

    def _stood(self, ids: list[int]) -> dict[int, Lead]:
        """These leads with every column that a card shows as of the instant. Three queries."""
        leads = {lead.pk: lead for lead in Lead.objects.filter(pk__in=ids).only(*CARD_COLUMNS)}
        fill_in(list(leads.values()), self.moment, self.clock)
        people = User.objects.in_bulk({lead.agent_id for lead in leads.values()} - {None})
        for lead in leads.values():
            lead.agent = people.get(lead.agent_id) if lead.agent_id else None
        return leads

    def _view(self, column: Column, before: int = 0) -> ColumnView:
        return replace(super()._view(column, before), legal="", ask="")


def stale_by(office: OfficeSettings, stages: Iterable[State], moment: datetime) -> dict[str, datetime]:
    """By when a lead had entered each stage to be stale at this moment; stages that never go stale are left out."""
    days = {stage.value: office.stale_days(stage) for stage in stages}
    return {status: moment - timedelta(days=n) for status, n in days.items() if n is not None}


def _counted(columns: Mapping[State, Column], groups: Iterable[everyone.Group]) -> None:
    by_status = {state.value: column for state, column in columns.items()}
    for group in groups:
        column = by_status.get(group.status)
        if column is None:
            continue
        column.total += group.leads
        column.stale += group.stale
        column.by_provenance[group.provenance] = column.by_provenance.get(group.provenance, 0) + group.leads
