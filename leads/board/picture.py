"""The board as one viewer sees it: their leads, their filters, which columns are open and how far they are unrolled."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from lifecycle.explain import why_not
from lifecycle.models import OfficeSettings, ReasonCode
from lifecycle.states import FOLDED, State
from lifecycle.transitions import legal_targets, must_ask

from ..access import scope, visible_leads
from ..models import Lead, User
from .cards import Card, Desk, card
from .columns import PAGE, Column, Place, next_step, read_columns, read_page, whole_pages
from .filters import LONGEST_SEARCH, BoardFilters, Viewer, query_without
from .guessed import Guess, guessed
from .mix import Segment, grouped, segments


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column as the template draws it."""

    state: State
    count: int
    total: str
    total_more: str
    stale: str
    stale_more: str
    folded: bool
    can_fold: bool
    fold_query: str
    stale_query: str
    cards: list[Card]
    mix: list[Segment]
    legal: str
    ask: str
    more_query: str
    more_is_page: bool
    rest: int
    empty: str

    @property
    def cards_html(self) -> SafeString:
        """The cards one after the other."""
        return SafeString("".join([card.html for card in self.cards]))


class Picture:
    """In: the viewer, the query string of the board's page, and how many cards each column shows there."""

    #: Names in the query string that are neither filters nor columns, and yet belong to this board.
    more_names: tuple[str, ...] = ()

    def __init__(self, user: User, address: QueryDict, shown: Mapping[State, int] | None = None) -> None:
        self.user = user
        self.address = address.copy()
        for name in set(self.address) - {*BoardFilters.base_filters, "open", *self.more_names}:
            del self.address[name]
        wanted = self.address.get("q", "")
        self.was_cut = len(wanted) > LONGEST_SEARCH
        if self.was_cut:
            self.address["q"] = wanted[:LONGEST_SEARCH]
        self.shown = shown or {}
        self.guessed: dict[int, Guess] = {}
        self.viewer = self._viewer()
        self.filters = BoardFilters(self.address, visible_leads(user), viewer=self.viewer)
        self.open = frozenset(s for s in FOLDED if s.value in address.getlist("open"))

    def _viewer(self) -> Viewer:
        return Viewer(self.user)

    @property
    def leads(self) -> QuerySet[Lead]:
        """The leads that this viewer may see and has not filtered away."""
        return self.filters.qs

    @property
    def office(self) -> OfficeSettings:
        return self.viewer.office

    @property
    def now(self) -> datetime:
        """The moment that the board shows: ages and deadlines are counted from it."""
        return self.viewer.now

    @cached_property
    def desk(self) -> Desk:
        """What every card of this picture shares."""
        return Desk(self.now, self.office, ReasonCode.book(), timezone.get_current_timezone())

    @property
    def sameness(self) -> tuple[str, ...]:
        """Equal for two pictures that show the same cards at the same moment."""
        whose = str(self.user.pk) if self.address.get("mine") else ""
        speech = (translation.get_language() or "", timezone.get_current_timezone_name())
        return (scope(self.user), whose, self.address.urlencode(), *speech)

    def is_folded(self, state: State) -> bool:
        return state in FOLDED and state not in self.open

    def columns(self, states: Iterable[State]) -> list[ColumnView]:
        """These columns, in board order, with their cards."""
        ordered = [s for s in State if s in set(states)]
        shown = {s: 0 if self.is_folded(s) else max(self.shown.get(s, 0), PAGE) for s in ordered}
        columns = self._read(shown).values()
        self.guessed = self._guessed(lead for column in columns for lead in column.leads)
        return [self._view(column) for column in columns]

    def _guessed(self, leads: Iterable[Lead]) -> dict[int, Guess]:
        return guessed(leads)

    def _read(self, shown: Mapping[State, int]) -> dict[State, Column]:
        """The columns from the database, each with so many cards."""
        return read_columns(self.leads, shown, self.office, self.now)

    def read_page(self, state: State, after: Place | None, size: int, shown: int) -> Column:
        """So many further leads of one column, behind a place and behind so many that are shown already."""
        return read_page(self.leads, state, after, self.office, self.now, size=size, shown=shown)

    def page(self, column: Column, shown: int) -> ColumnView:
        """One column of which only a later page was read, behind so many cards that are shown already."""
        self.guessed = self._guessed(column.leads)
        return self._view(column, shown)

    def _view(self, column: Column, before: int = 0) -> ColumnView:
        state, place = column.state, column.next_place
        more = reverse("board-column", args=[state.value]) + self.query_with(after=str(place)) if place else ""
        total = grouped(column.total)
        step = next_step(before + len(column.leads))
        return ColumnView(
            state=state,
            count=column.total,
            total=total,
            total_more=ngettext("%(total)s lead in %(stage)s", "%(total)s leads in %(stage)s", column.total)
            % {"total": total, "stage": state.label},
            stale=_stale_words(column.stale),
            stale_more=self._stale_more(state),
            folded=self.is_folded(state),
            can_fold=state in FOLDED,
            fold_query=self._fold_query(state),
            stale_query=self.query_with(stale="true"),
            cards=[card(lead, self.desk, self.guessed.get(lead.pk)) for lead in column.leads],
            mix=self._mix(column) if state == State.QUALIFIED else [],
            legal=" ".join(legal_targets(state)),
            ask=" ".join(s for s in State if must_ask(state, s)),
            more_query=more,
            more_is_page=step == 0,
            rest=min(column.rest, step),
            empty=self._empty(),
        )

    def _stale_more(self, state: State) -> str:
        days = self.office.stale_days(state)
        if days is None:
            return ""
        return ngettext(
            "In this stage for %(days)s day or longer. Show only these.",
            "In this stage for %(days)s days or longer. Show only these.",
            days,
        ) % {"days": days}

    def _empty(self) -> str:
        return gettext("None here with these filters.") if self.is_filtered else gettext("No leads here.")

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters.chosen)

    def query_with(self, **more: str) -> str:
        """The query string of this board with some parameters put in the place of their old values."""
        rest = [(k, v) for k, values in self.address.lists() for v in values if k not in more and v]
        return f"?{urlencode([*rest, *more.items()])}"

    def _fold_query(self, state: State) -> str:
        wanted = self.open ^ {state}
        bare = query_without(self.address, "open")
        opened = urlencode([("open", s.value) for s in FOLDED if s in wanted])
        return bare if not opened else f"{bare}{'' if bare == '?' else '&'}{opened}"

    def _like(self, address: QueryDict) -> "Picture":
        """The same board at the same moment, filtered otherwise."""
        return Picture(self.user, address)

    def _every_way(self) -> dict[str, int]:
        """How the leads in Qualified came there, also those that the filter by ways hides. One query."""
        address = self.address.copy()
        address.pop("provenance", None)
        other = self._like(address)
        other.viewer = other.filters.request = self.viewer
        return other._read({State.QUALIFIED: 0})[State.QUALIFIED].by_provenance

    def _mix(self, column: Column) -> list[Segment]:
        chosen = self.filters.chosen.get("provenance", "")
        return segments(
            self._every_way() if chosen else column.by_provenance,
            chosen=chosen,
            only=lambda value: self.query_with(provenance=value),
            everything=query_without(self.address, "provenance"),
        )


def _stale_words(count: int) -> str:
    return ngettext("%(n)s stale", "%(n)s stale", count) % {"n": grouped(count)} if count else ""


def why_not_table() -> dict[str, dict[str, str]]:
    """For every stage, why a card of it may not be dropped on each of the others; legal pairs are left out."""
    return {
        source.value: {
            target.value: why_not(source, target)
            for target in State
            if target != source and target not in legal_targets(source)
        }
        for source in State
    }


def read_shown(text: str) -> dict[State, int]:
    """How many cards each column shows, in whole pages. In: what the page says (`NEW:25,QUALIFIED:75`)."""
    shown: dict[State, int] = {}
    for part in text.split(",")[: len(State)]:
        name, _, number = part.partition(":")
        if name in set(State) and number.isascii() and number.isdigit() and len(number) < 5:
            shown[State(name)] = whole_pages(int(number))
    return shown


def is_first_day() -> bool:
    """Whether nobody in this office has a lead yet."""
    return not Lead.objects.exists()
