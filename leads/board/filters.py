"""The filters of the board, all in the query string, and the chips that name them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lifecycle.flags import HARD_FLAGS, Flag
from lifecycle.models import OfficeSettings
from lifecycle.states import WORKING, Provenance

from ..models import Lead, User
from ..search import matching
from .stale import stale_leads

LONGEST_SEARCH = 200
FELL_BACK = "fell_back"
POOL = "pool"
ANY_FLAG = "any"
#: Do not contact, or unsubscribed.
QUIET = "quiet"
THIS_MONTH = "month"
FELL_BACK_VALUES = [Provenance.FELL_BACK_COMMITTED.value, Provenance.FELL_BACK_CONTRACT.value]


@dataclass(frozen=True)
class Viewer:
    """Who looks, and at which moment; django-filter wants to find the first under the name `user`."""

    user: User
    now: datetime = field(default_factory=lambda: timezone.now())

    @cached_property
    def office(self) -> OfficeSettings:
        return OfficeSettings.load()


def provenance_choices() -> list[tuple[str, str]]:
    """The four ways into Qualified, and both kinds of falling back together."""
    return [(FELL_BACK, gettext("Fell back")), *((p.value, p.label) for p in Provenance)]


def came_choices() -> list[tuple[str, str]]:
    return [(THIS_MONTH, gettext("This month"))]


def flag_choices() -> list[tuple[str, str]]:
    return [
        (ANY_FLAG, gettext("Any flag")),
        (QUIET, gettext("Do not contact or unsubscribed")),
        *((f.value, f.label) for f in Flag),
    ]


def agent_choices() -> list[tuple[str, str]]:
    """Everybody who is or was here: a lead may stay with somebody who left."""
    names = User.objects.order_by("display_name").values_list("pk", "display_name", "is_active")
    return [(str(pk), name if active else gettext("%(name)s (left)") % {"name": name}) for pk, name, active in names]


def _pool_choices() -> list[tuple[str, str]]:
    return [(POOL, gettext("Pool, nobody yet"))]


def month_begins(now: datetime, zone: tzinfo) -> datetime:
    """The first instant of the month in which `now` lies, by the clock of this zone."""
    return now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)


class BoardFilters(django_filters.FilterSet):
    """Narrows a queryset of leads. A value that means nothing is left out, and the others still hold."""

    q = django_filters.CharFilter(label=_("Name, e-mail, phone or key"), method="by_text", max_length=LONGEST_SEARCH)
    mine = django_filters.BooleanFilter(label=_("Only mine"), method="by_viewer", widget=forms.CheckboxInput)
    agent = django_filters.ChoiceFilter(
        label=_("Agent"),
        method="by_agent",
        choices=lambda: [*_pool_choices(), *agent_choices()],
        empty_label=_("Everybody"),
    )
    provenance = django_filters.ChoiceFilter(
        label=_("How it came here"), method="by_provenance", choices=provenance_choices, empty_label=_("Any way")
    )
    came = django_filters.ChoiceFilter(
        label=_("When it came here"), method="by_arrival", choices=came_choices, empty_label=_("Any time")
    )
    flag = django_filters.ChoiceFilter(
        label=_("Flag"), method="by_flag", choices=flag_choices, empty_label=_("With or without")
    )
    stale = django_filters.BooleanFilter(label=_("Only stale leads"), method="by_age", widget=forms.CheckboxInput)

    class Meta:
        model = Lead
        fields: list[str] = []

    def by_text(self, leads: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        """The leads that a search for this text would find."""
        return leads.filter(matching(value))

    def by_viewer(self, leads: QuerySet[Lead], name: str, value: bool) -> QuerySet[Lead]:
        """Only the leads of whoever looks."""
        return leads.filter(agent=self.request.user.pk) if value else leads

    def by_agent(self, leads: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        """The leads of one agent, or those of nobody."""
        return leads.filter(agent=None) if value == POOL else leads.filter(agent=int(value))

    def by_provenance(self, leads: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        """Leads that came into Qualified in this way."""
        return leads.filter(provenance__in=FELL_BACK_VALUES if value == FELL_BACK else [value])

    def by_arrival(self, leads: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        """Leads that took their way (fresh, back, again) in this month of the office."""
        return leads.filter(provenance_at__gte=month_begins(self.request.now, self.request.office.zone))

    def by_flag(self, leads: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        """Leads with this flag, or with any of several."""
        wanted = {ANY_FLAG: [f.value for f in Flag], QUIET: [f.value for f in HARD_FLAGS]}.get(value, [value])
        either = Q()
        for flag in wanted:
            either |= Q(**{flag: True})
        return leads.filter(either)

    def by_age(self, leads: QuerySet[Lead], name: str, value: bool) -> QuerySet[Lead]:
        """Leads that have been in their stage for longer than the office likes."""
        return leads.filter(stale_leads(self.request.office, WORKING, self.request.now)) if value else leads

    def __init__(self, data: QueryDict, queryset: QuerySet[Lead], *, viewer: Viewer) -> None:
        super().__init__(data, queryset, request=viewer)
        if not viewer.user.is_broker:
            # An agent's board holds nobody else's leads: own and pool are all there is to tell apart.
            self.filters["agent"].extra.update(choices=_pool_choices, empty_label=_("Mine and pool"))

    @property
    def chosen(self) -> dict[str, Any]:
        """The filters that hold, with their values; what means nothing is not among them."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """One chip over the board: what is filtered, and the address without it."""

    words: str
    without: str


def active_filters(filters: BoardFilters, address: QueryDict) -> list[ActiveFilter]:
    """The filters that hold, as chips; "mine" is a tab of its own. In: the filters and their query string."""
    return [
        ActiveFilter(_words(filters, name, value), query_without(address, name))
        for name, value in filters.chosen.items()
        if name != "mine"
    ]


def _words(filters: BoardFilters, name: str, value: Any) -> str:
    if value is True:
        return gettext("Stale")
    if name == "q":
        return gettext("“%(words)s”") % {"words": value}
    labels: Iterable[tuple[Any, Any]] = filters.form.fields[name].choices
    return next((str(label) for key, label in labels if str(key) == value), str(value))


def query_without(address: QueryDict, *names: str) -> str:
    """The query string less some of its parameters: ``?a=1`` or, when nothing is left, the bare page."""
    rest = [(key, value) for key, values in address.lists() for value in values if key not in names and value]
    return f"?{urlencode(rest)}" if rest else "?"
