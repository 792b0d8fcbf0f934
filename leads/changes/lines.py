"""The lines of the page in words: who it is, the way in stages and hands, and the facts behind it as sentences."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils.translation import pgettext

from lifecycle.events import Kind
from lifecycle.history import Clock, Group
from lifecycle.models import LeadEvent
from lifecycle.timeline import Entry, Page
from lifecycle.timeline.entries import entry

from .. import moments
from ..asked_time import link_form
from ..lead_page.called import called
from ..lead_page.desk import Desk
from ..lead_page.rows import Row, rows
from ..models import Lead
from .tally import Picked
from .window import Span

#: A line tells so many facts; whoever wants more opens the lead.
FACTS = 12


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact behind a change: what its sentence needs, when it happened, and the way to it on the lead's page."""

    row: Row
    when: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One lead in one group. ``ways``: each a list of stages, or of hands, that it went through in one go."""

    lead: Lead
    called: str
    url: str
    stages: list[list[str]]
    hands: list[list[str]]
    flags: list[tuple[bool, str]]
    facts: list[Fact]
    more: int
    round_trip: bool
    state_before: str
    state_after: str


def read_lines(
    picked: dict[Group, list[Picked]], leads: QuerySet[Lead], span: Span, desk: Desk
) -> dict[Group, list[Line]]:
    """The picked lines in words. At most four queries, however many there are."""
    wanted = [p for lines in picked.values() for p in lines]
    known = leads.select_related("agent").in_bulk([p.lead_id for p in wanted])
    told = _told({fact.id for p in wanted for fact in _facts(p)}, span, desk)
    return {
        group: [_line(p, known[p.lead_id], told, span, desk) for p in lines if p.lead_id in known]
        for group, lines in picked.items()
    }


def _facts(picked: Picked) -> list[Any]:
    return [fact for change in picked.changes for fact in change.facts][:FACTS]


def _told(ids: set[int], span: Span, desk: Desk) -> dict[int, Row]:
    """Each fact with its words, by id; what corrects it only as far as this past knows of it."""
    events = LeadEvent.objects.filter(pk__in=ids).select_related("words", "target", "caused_by", "agent", "to_agent")
    later = LeadEvent.objects.filter(target_id__in=ids).order_by("version")
    if span.clock is Clock.KNOWN:
        later = later.filter(recorded_at__lte=span.until)
    corrections: dict[int | None, list[LeadEvent]] = {}
    for event in later:
        corrections.setdefault(event.target_id, []).append(event)
    entries = [entry(e, corrections.get(e.pk, []), desk.reasons, desk.viewer.is_broker) for e in events]
    return {row.entry.event.pk: _linked(row) for row in rows(Page(entries, None, None), desk)}


def _linked(row: Row) -> Row:
    """The row with links that lead to the lead's page: its facts are not on this one."""
    e = row.entry
    return replace(
        row,
        voided_url=_url(e.voided_by),
        correction_url=_url(e.corrected_by),
        target_url=_url(e.target),
    )


def _url(event: LeadEvent | None) -> str:
    """The way to a fact in the timeline of its lead."""
    if event is None:
        return ""
    return f"{reverse('lead', args=[event.lead_id])}?cursor={event.version + 1}#v{event.version}"


def _line(picked: Picked, lead: Lead, told: dict[int, Row], span: Span, desk: Desk) -> Line:
    facts = [told[f.id] for f in _facts(picked) if f.id in told]
    entries = [row.entry for row in facts]
    return Line(
        lead=lead,
        called=called(lead.name),
        url=reverse("lead", args=[lead.pk]),
        stages=_stages(entries),
        hands=_hands(entries),
        flags=[(e.kind == Kind.FLAG_SET, e.flag) for e in entries if e.flag],
        facts=[Fact(row, _when(row, desk), _url(row.entry.event)) for row in facts],
        more=sum(len(change.facts) for change in picked.changes) - len(facts),
        round_trip=picked.group is not Group.THERE_AND_BACK and Group.THERE_AND_BACK in picked.groups,
        state_before="" if Group.NEW in picked.groups else _state_at(lead, span.since, span.clock, desk),
        state_after=_state_at(lead, span.until, span.clock, desk),
    )


def _stages(entries: Iterable[Entry]) -> list[list[str]]:
    """The stages that the lead went through, one list for each way without a break."""
    return _ways((e.from_stage, e.to_stage) for e in entries if e.to_stage)


def _hands(entries: Iterable[Entry]) -> list[list[str]]:
    pool = pgettext("holder of a lead", "Pool")
    handed = (e for e in entries if e.kind == Kind.AGENT_ASSIGNED)
    return _ways((_taken_from(e, pool), e.to_agent or pool) for e in handed)


def _taken_from(e: Entry, pool: str) -> str:
    # The agent who got a lead when it came in took it from nobody.
    return e.holder or ("" if e.event.version == 2 else pool)


def _ways(steps: Iterable[tuple[str, str]]) -> list[list[str]]:
    ways: list[list[str]] = []
    for before, after in steps:
        if ways and before and ways[-1][-1] == before:
            ways[-1].append(after)
        else:
            ways.append([before, after] if before else [after])
    return ways


def _when(row: Row, desk: Desk) -> str:
    """Day and time; of a guess only about which day."""
    event = row.entry.event
    if row.entry.about:
        return moments.guessed_day(event.occurred_at, desk.zone, desk.now, at_latest=row.entry.undated)
    return pgettext("day and time", "%(day)s, %(time)s") % {
        "day": moments.day(event.occurred_at, desk.zone, desk.now),
        "time": moments.time_of_day(event.occurred_at, desk.zone),
    }


def _state_at(lead: Lead, moment: datetime, clock: Clock, desk: Desk) -> str:
    """The way to how the lead stood at an instant."""
    asked = {"t": link_form(moment, desk.zone), **({"clock": clock.value} if clock is Clock.KNOWN else {})}
    try:
        return f"{reverse('lead-at', args=[lead.pk])}?{urlencode(asked)}"
    except NoReverseMatch:
        return ""
