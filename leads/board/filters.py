"""The filters of the board, all in the query string, and the chips that name them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from lifecycle.flags import Flag
from lifecycle.models import OfficeSettings
from lifecycle.states import WORKING, Provenance

from ..models import Lead, User
from ..search import matching
from .stale import stale_leads

LONGEST_SEARCH = 200
FELL_BACK = "fell_back"
POOL = "pool"
_FELL_BACK_VALUES = [Provenance.FELL_BACK_COMMITTED.value, Provenance.FELL_BACK_CONTRACT.value]


def provenance_choices() -> list[tuple[str, str]]:
    """The four ways into Qualified, and both kinds of falling back together."""
    return [(FELL_BACK, "Fell back"), *((p.value, p.label) for p in Provenance)]


def flag_choices() -> list[tuple[str, str]]:
    return [("any", "Any flag"), *((f.value, f.label) for f in Flag)]


def agent_choices() -> list[tuple[str, str]]:
    """Everybody who is or was here: a lead may stay with somebody who left."""
    names = User.objects.order_by("display_name").values_list("pk", "display_name", "is_active")
    return [(str(pk), name if active else f"{name} (left)") for pk, name, active in names]


class BoardFilters(django_filters.FilterSet):
    """Narrows a queryset of leads. A value that means nothing is left out, and the others still hold."""

    q = django_filters.CharFilter(label="Name, e-mail, phone or key", method="by_text", max_length=LONGEST_SEARCH)
    mine = django_filters.BooleanFilter(label="Only mine", method="by_viewer", widget=forms.CheckboxInput)
    agent = django_filters.ChoiceFilter(
        label="Agent",
        method="by_agent",
        choices=lambda: [(POOL, "Pool, nobody yet"), *agent_choices()],
        empty_label="Everybody",
    )
    provenance = django_filters.ChoiceFilter(
        label="How it came here", method="by_provenance", choices=provenance_choices, empty_label="Any way"
    )
    flag = django_filters.ChoiceFilter(
        label="Flag", method="by_flag", choices=flag_choices, empty_label="With or without"
    )
    stale = django_filters.BooleanFilter(label="Only stale leads", method="by_age", widget=forms.CheckboxInput)

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
        return leads.filter(provenance__in=_FELL_BACK_VALUES if value == FELL_BACK else [value])

    def by_flag(self, leads: QuerySet[Lead], name: str, value: str) -> QuerySet[Lead]:
        """Leads with this flag, or with any."""
        wanted = [f.value for f in Flag] if value == "any" else [value]
        either = Q()
        for flag in wanted:
            either |= Q(**{flag: True})
        return leads.filter(either)

    def by_age(self, leads: QuerySet[Lead], name: str, value: bool) -> QuerySet[Lead]:
        """Leads that have been in their stage for longer than the office likes."""
        return leads.filter(stale_leads(OfficeSettings.load(), WORKING)) if value else leads

    def __init__(self, data: QueryDict, queryset: QuerySet[Lead], *, viewer: Any) -> None:
        super().__init__(data, queryset, request=viewer)
        if not viewer.user.is_broker:
            del self.filters["agent"]


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """One chip over the board: what is filtered, and the address without it."""

    words: str
    without: str


def active_filters(filters: BoardFilters, address: QueryDict) -> list[ActiveFilter]:
    """The filters that hold, as chips; "mine" is a tab of its own. In: the filters and their query string."""
    cleaned = filters.form.cleaned_data if filters.form.is_valid() or filters.form.cleaned_data else {}
    return [
        ActiveFilter(_words(filters, name, value), query_without(address, name))
        for name, value in cleaned.items()
        if value and name != "mine"
    ]


def _words(filters: BoardFilters, name: str, value: Any) -> str:
    if value is True:
        return "Stale"
    if name == "q":
        return f"“{value}”"
    labels: Iterable[tuple[Any, Any]] = filters.form.fields[name].choices
    return next((str(label) for key, label in labels if str(key) == value), str(value))


def query_without(address: QueryDict, *names: str) -> str:
    """The query string less some of its parameters: ``?a=1`` or, when nothing is left, the bare page."""
    rest = [(key, value) for key, values in address.lists() for value in values if key not in names and value]
    return f"?{urlencode(rest)}" if rest else "?"
