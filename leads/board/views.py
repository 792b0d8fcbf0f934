"""The views that have a name: combinations of filters that an office asks for every day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from lifecycle.states import Provenance

from ..models import User
from .filters import FELL_BACK, POOL, QUIET, THIS_MONTH

#: What a change of view or filters leaves alone.
KEPT = ("open", "as_of", "clock")


@dataclass(frozen=True, slots=True)
class View:
    """A name, the filters that it stands for (as `BoardFilters.chosen` reads them), and a hint whose leads it shows."""

    name: str
    filters: Mapping[str, Any]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ViewLink:
    """One line of the menu."""

    name: str
    hint: str
    query: str
    is_shown: bool


def views_of(viewer: User) -> list[View]:
    """The named views of this person, in the order of the menu and in the language that is active."""
    whose = gettext("Everyone") if viewer.is_broker else gettext("Mine and pool")
    return [
        View(pgettext("view", "Board"), {}, whose),
        View(pgettext("view", "My board"), {"mine": True}),
        View(pgettext("view", "The pool"), {"agent": POOL}),
        View(pgettext("view", "Fell back this month"), {"provenance": FELL_BACK, "came": THIS_MONTH}),
        View(
            pgettext("view", "Re-engaged this month"),
            {"provenance": Provenance.RE_ENGAGED.value, "came": THIS_MONTH},
        ),
        View(pgettext("view", "Stale"), {"stale": True}),
        View(pgettext("view", "Do not contact or unsubscribed"), {"flag": QUIET}),
    ]


def view_name(views: list[View], chosen: Mapping[str, Any]) -> str:
    """What a board with these filters is called."""
    named = next((view.name for view in views if view.filters == chosen), "")
    return named or gettext("Board, filtered")


def view_links(views: list[View], chosen: Mapping[str, Any], address: QueryDict) -> list[ViewLink]:
    """The menu: each view under its address. Which columns are open stays as it is, and so does a past moment."""
    kept = [(name, value) for name in KEPT for value in address.getlist(name) if value]
    return [
        ViewLink(view.name, view.hint, f"?{urlencode([*kept, *_query(view)])}", view.filters == chosen)
        for view in views
    ]


def _query(view: View) -> list[tuple[str, str]]:
    return [(name, "true" if value is True else value) for name, value in view.filters.items()]
