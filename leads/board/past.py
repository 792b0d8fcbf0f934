"""The board as it stood: the same columns, filters and pages, as of an instant and by one of the two clocks.

Who may see a lead is judged by its holder of today; everything that a card says is of the instant.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from lifecycle.history import Clock
from lifecycle.history.everyone import standing
from lifecycle.history.fill_in import fill_in
from lifecycle.states import State

from ..access import visible_leads
from ..asked_time import link_form
from ..models import Lead, User
from .cards import Desk
from .columns import Column
from .filters import Viewer
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

    def _everything(self) -> QuerySet[Lead]:
        return standing(self.moment, self.clock, visible_leads(self.user))

    @cached_property
    def desk(self) -> Desk:
        asked = {"t": self.address["as_of"], **({"clock": self.clock.value} if self.clock is Clock.KNOWN else {})}
        return replace(super().desk, at=f"at/?{urlencode(asked)}")

    def _views(self, columns: list[Column], before: int = 0) -> list[ColumnView]:
        """What the columns were counted and sliced by came with the leads; the rest of a card is in their stories."""
        fill_in([lead for column in columns for lead in column.leads], self.moment, self.clock)
        return [replace(view, legal="", ask="") for view in super()._views(columns, before)]
