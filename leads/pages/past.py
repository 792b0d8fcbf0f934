"""The board of another day: the page, a moment that was refused or must be asked again, and what frames it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext

from lifecycle.history import Clock, read_clock
from lifecycle.states import State

from .. import moments
from ..asked_time import AskedTime, link_form, read_time
from ..board.filters import LONGEST_SEARCH, active_filters, query_without
from ..board.past import PastPicture
from ..board.picture import Picture, read_shown
from ..board.scrubber import Standpoint, last_monday, scrubber
from ..board.views import KEPT, view_links, view_name, views_of
from ..models import User

_NOT_A_MOMENT = 422


@dataclass(frozen=True, slots=True)
class PastWords:
    """What frames a past board. ``day``, ``time`` and ``zone``: its moment where there is little room."""

    moment: str
    day: str
    time: str
    zone: str
    iso: str
    ago: str
    clock: Clock
    changes_url: str
    changes_more: str


def board_context(picture: Picture) -> dict[str, Any]:
    """What the templates of any board need: its columns, views and filters."""
    columns = picture.columns(State)
    is_empty = all(c.count == 0 for c in columns)
    views, chosen = views_of(picture.user), picture.filters.chosen
    return {
        "view_name": view_name(views, chosen),
        "views": view_links(views, chosen, picture.address),
        "columns": [c for c in columns if not c.folded],
        "folded": [c for c in columns if c.folded],
        "picker": columns,
        "filters": picture.filters,
        "active": active_filters(picture.filters, picture.address),
        "query_all": query_without(picture.address, *picture.filters.filters),
        "query_everyone": query_without(picture.address, "mine"),
        "query_mine": picture.query_with(mine="true"),
        "whose": "mine" if chosen.get("mine") else "all",
        "hidden": [(n, v) for n in KEPT for v in picture.address.getlist(n)],
        "cut_to": LONGEST_SEARCH if picture.was_cut else 0,
        "searches": bool(chosen.get("q")),
        "by_holder": bool(chosen.get("mine") or chosen.get("agent")),
        "board_query": picture.address.urlencode(),
        "no_match": is_empty and picture.is_filtered,
        "is_empty": is_empty and not picture.is_filtered,
    }


def past_page(request: HttpRequest) -> HttpResponse:
    """The board as it stood; for htmx its body alone. 422 with the question again where no moment can be told."""
    asked = _asked(request)
    picture = past_picture(request)
    if picture is None:
        return _again(request, asked)
    at = _standpoint(picture)
    context = {
        **board_context(picture),
        "past": past_words(picture),
        "scrubber": scrubber(at, picture.moment, picture.clock, asked),
        "today_query": query_without(picture.address, "as_of", "clock"),
    }
    return _answer(request, context)


def past_picture(request: HttpRequest) -> PastPicture | None:
    """The board of the moment in the query string; None where it names no moment. ``as_of=``: the last Monday."""
    asked = _asked(request)
    if asked.is_asked and asked.moment is None:
        return None
    viewer = cast(User, request.user)
    moment = asked.moment
    if moment is None:
        office = Picture(viewer, request.GET).office
        moment = last_monday(timezone.now(), office.zone)
    shown = read_shown(request.GET.get("shown", ""))
    return PastPicture(viewer, request.GET, moment, read_clock(request.GET.get("clock")), shown)


def past_words(picture: Picture) -> PastWords | None:
    """The frame of a past board; None for today's."""
    if not isinstance(picture, PastPicture):
        return None
    zone = timezone.get_current_timezone()
    now = timezone.now()
    local = picture.moment.astimezone(zone)
    chosen = picture.filters.chosen
    left_out = set(chosen) - {"mine", "agent"}
    return PastWords(
        moment=moments.instant(picture.moment, zone),
        day=moments.full_day(local.date()),
        time=moments.time_of_day(picture.moment, zone),
        zone=moments.zone_name(local),
        iso=picture.moment.isoformat(),
        ago=moments.ago(picture.moment, now),
        clock=picture.clock,
        changes_url=_changes_url(picture, chosen, zone),
        changes_more=gettext("All leads: of these filters only the agent goes along.") if left_out else "",
    )


def _changes_url(picture: PastPicture, chosen: Mapping[str, Any], zone: tzinfo) -> str:
    """What changed from this moment until now, by the same clock and with the leads of the same agent."""
    parts = {
        "from": link_form(picture.moment, zone),
        "clock": picture.clock.value if picture.clock is Clock.KNOWN else "",
        "agent": str(picture.user.pk) if chosen.get("mine") else chosen.get("agent", ""),
    }
    return f"{reverse('changes')}?{urlencode({name: value for name, value in parts.items() if value})}"


def _asked(request: HttpRequest) -> AskedTime:
    return read_time(request.GET, "as_of", timezone.get_current_timezone(), timezone.now())


def _standpoint(picture: Picture) -> Standpoint:
    return Standpoint(timezone.now(), timezone.get_current_timezone(), picture.office.zone, picture.address)


def _again(request: HttpRequest, asked: AskedTime) -> HttpResponse:
    """No moment: the sentence, the field as it was typed, both moments of an hour that came twice, and today."""
    picture = Picture(cast(User, request.user), request.GET)
    clock = read_clock(request.GET.get("clock"))
    known = [("clock", clock.value)] if clock is Clock.KNOWN else []
    rest = [(k, v) for k, vs in picture.address.lists() for v in vs if v]
    context = {
        "asked": asked,
        "choices": [(f"?{urlencode([*rest, ('as_of', text), *known])}", words) for text, words in asked.choices],
        "scrubber": scrubber(_standpoint(picture), None, clock, asked),
        "today_query": query_without(picture.address),
    }
    return _answer(request, context, status=_NOT_A_MOMENT)


def _answer(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    part = bool(request.htmx)  # type: ignore[attr-defined]
    if context["today_query"] == "?":
        context["today_query"] = reverse("board")
    return render(request, "board/past_answer.html" if part else "board/past.html", context, status=status)
