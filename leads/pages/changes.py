"""What changed on the board between two instants: the page for the weekly meeting, on the screen and on paper."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.history import Clock, Group
from lifecycle.history.groups import RARE
from lifecycle.streams import one_moment

from ..access import visible_leads
from ..changes.asked import Asked, read_asked
from ..changes.imports import lines as import_lines
from ..changes.lines import Line, read_lines
from ..changes.presets import presets
from ..changes.tally import Count, Tally, tally
from ..changes.window import Span, at, in_words
from ..lead_page.desk import Desk, desk_for
from ..models import User

#: Lines of each group on the page of all groups, and on the page of one.
FEW, MANY = 100, 250
_UNREADABLE = 422


@dataclass(frozen=True, slots=True)
class Section:
    """One group with its count and the lines that are drawn. ``more``: the way to the lines that are not."""

    group: Group
    count: Count
    lines: list[Line]
    url: str
    more: str


@never_cache
@require_safe
def changes_page(request: HttpRequest) -> HttpResponse:
    """The groups of changes in the window that is asked for; a refusal with its sentence where it cannot be read."""
    desk = desk_for(cast(User, request.user))
    asked = read_asked(request.GET, desk.viewer, desk.zone, desk.office.zone, desk.now)
    context = _frame(asked, desk)
    if not asked.refusals:
        context |= _board(asked, desk)
    return render(request, "changes/changes.html", context, status=_UNREADABLE if asked.refusals else 200)


def _frame(asked: Asked, desk: Desk) -> dict[str, Any]:
    """The head, the form and the presets."""
    until = asked.until.text and asked.until.words
    minute = desk.now.replace(second=0, microsecond=0)
    return {
        "asked": asked,
        "until_words": until or gettext("now, %(time)s") % {"time": in_words(minute, desk.zone)},
        "printed": in_words(minute, desk.zone),
        "office": desk.office.name,
        "agent_name": dict(asked.agents)[asked.agent],
        "clocks": [(clock, asked.query(clock="" if clock is Clock.HAPPENED else clock.value)) for clock in Clock],
        "all_groups": list(Group),
        "presets": [
            (p.label, asked.query(**{"from": p.since, "to": p.until}), (p.since, p.until) == _window(asked))
            for p in presets(desk.now, desk.zone, desk.office.zone)
        ],
        "query_all_groups": asked.query(group=""),
        "query_everybody": asked.query(agent=""),
    }


def _window(asked: Asked) -> tuple[str, str]:
    return asked.since.text, asked.until.text


def _board(asked: Asked, desk: Desk) -> dict[str, Any]:
    """What changed, counted and in words."""
    until = asked.until.moment or desk.now
    span = Span(asked.since.moment or until, until, asked.clock)
    leads = visible_leads(desk.viewer)
    size = MANY if asked.group else FEW
    with one_moment():
        found = tally(
            leads,
            span,
            agent=asked.agent,
            draw=[asked.group] if asked.group else list(Group),
            size=size,
            after=asked.after if asked.group else None,
        )
        lines = read_lines(found.picked, leads, span, desk)
    told = [] if asked.group else import_lines(found.imports, desk)
    pinned = asked.until.text or at(until, desk.zone).text
    return {
        "total": found.total,
        "imports": told,
        "counts": [_counted(g, found.groups[g], asked) for g in Group if found.groups[g].leads or g not in RARE],
        "round_trips_url": _counted(Group.THERE_AND_BACK, Count(), asked)[2],
        "sections": [_section(group, found, lines[group], asked, pinned) for group in Group if group in lines],
    }


def _counted(group: Group, count: Count, asked: Asked) -> tuple[Group, Count, str]:
    """A group, its count, and the way to it: on this page, or a page of its own like the one that is shown."""
    here = asked.group in (None, group)
    return group, count, f"#{group.value}" if here else asked.query(group=group.value)


def _section(group: Group, found: Tally, lines: list[Line], asked: Asked, until: str) -> Section:
    # The end of the window is pinned, so that the next page goes on where this one ended.
    this = {"to": until, "group": group.value}
    last = found.picked[group][-1].place
    onward = asked.query(**this, after=f"{last[0]}-{last[1]}") if asked.group else asked.query(**this)
    return Section(group, found.groups[group], lines, asked.query(**this), onward if group in found.cut else "")
