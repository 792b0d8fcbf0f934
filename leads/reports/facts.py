"""The facts, or the leads, behind a number: page by page, newest first, and only what the viewer may see today."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import ngettext, pgettext

from lifecycle.events import Kind
from lifecycle.models import LeadEvent
from lifecycle.timeline import Page, entries_of
from lifecycle.timeline.entries import stage

from .. import moments
from ..access import seen_by
from ..board.mix import grouped
from ..lead_page.called import called
from ..lead_page.custody_words import fact_url, pool
from ..lead_page.desk import Desk
from ..lead_page.rows import Row, rows
from ..models import Lead
from ..traces import count
from .asked import Asked
from .catalog import Report
from .frame import frame
from .keyset import After, place_of, read_after

PAGE_SIZE = 50
_BESIDE = ("lead__agent", "words", "target", "caused_by", "agent", "to_agent")

T = TypeVar("T")
#: More words about each row, by its id: what the number is made of, such as the days in the stage before.
Notes = Callable[[Sequence[T]], Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Behind:
    """A fact as its line needs it; ``url`` leads to the very fact in the story of its lead."""

    row: Row
    lead: Lead
    called: str
    url: str
    when: str
    held_by: str
    more: str


@dataclass(frozen=True, slots=True)
class LeadBehind:
    """A lead as its line needs it."""

    lead: Lead
    stage: str
    held_by: str
    came_in: str
    more: str


def facts_page(
    request: HttpRequest,
    report: Report,
    asked: Asked,
    desk: Desk,
    facts: QuerySet[LeadEvent],
    *,
    words: str,
    back: str,
    notes: Notes[LeadEvent] | None = None,
    notes_head: str = "",
) -> HttpResponse:
    """The facts behind a number. In: which they are, what they are in words, the way back to the number.

    ``notes`` gives one more column, with its head. At most seven queries of its own, however many facts there are.
    """
    context = _context(report, asked, desk, words, back, notes_head)
    after = read_after(request.GET, asked.refusals)
    if not asked.refusals:
        shown = facts.exclude(lead__status="")
        visible = shown.filter(seen_by(desk.viewer, "lead__"))
        # First which ones, then what stands beside them: with so many tables at once PostgreSQL joins the whole log.
        ids = list(after.of(visible, "occurred_at").values_list("pk", flat=True)[: PAGE_SIZE + 1])
        found = list(After().of(LeadEvent.objects.filter(pk__in=ids), "occurred_at").select_related(*_BESIDE))
        context |= _counted(shown, visible, desk)
        context["lines"] = _lines(found[:PAGE_SIZE], asked, desk, notes(found[:PAGE_SIZE]) if notes else {})
        context |= _onward(asked, after, found)
    return _shown(render(request, "reports/facts.html", context, status=asked.status), context)


def leads_behind(
    request: HttpRequest,
    report: Report,
    asked: Asked,
    desk: Desk,
    leads: QuerySet[Lead],
    *,
    words: str,
    back: str,
    notes: Notes[Lead] | None = None,
    notes_head: str = "",
) -> HttpResponse:
    """The leads behind a number, last come in first; as `facts_page`. Their stage and holder are those of today."""
    context = _context(report, asked, desk, words, back, notes_head)
    after = read_after(request.GET, asked.refusals)
    if not asked.refusals:
        shown = leads.exclude(status="")
        visible = shown.filter(seen_by(desk.viewer))
        found = list(after.of(visible, "created_at").select_related("agent")[: PAGE_SIZE + 1])
        more = notes(found[:PAGE_SIZE]) if notes else {}
        context |= _counted(shown, visible, desk)
        context["lines"] = [_lead(lead, asked, more.get(lead.pk, "")) for lead in found[:PAGE_SIZE]]
        context |= _onward(asked, after, found)
    return _shown(render(request, "reports/leads_list.html", context, status=asked.status), context)


def _shown(answer: HttpResponse, context: dict[str, Any]) -> HttpResponse:
    count(answer, len(context.get("lines", ())))
    return answer


def facts_with(ids: Iterable[int]) -> QuerySet[LeadEvent]:
    """The facts with these ids, as one parameter however many they are."""
    facts, wanted = LeadEvent._meta.db_table, list(ids)
    if connection.vendor == "postgresql":
        # An array and no subquery: that would be joined last, after all that a line of the page needs was joined.
        among = RawSQL(f"{facts}.id = ANY(%s::bigint[])", (wanted,), BooleanField())
    else:
        among = RawSQL(f"{facts}.id IN (SELECT value FROM json_each(%s))", (json.dumps(wanted),), BooleanField())
    return LeadEvent.objects.filter(among)


def _context(report: Report, asked: Asked, desk: Desk, words: str, back: str, notes_head: str) -> dict[str, Any]:
    around = frame(report, asked, desk, form=False, title=words)
    around["frame"]["csv_query"] = ""
    return {**around, "back": back, "notes_head": notes_head}


def _counted(asked_for: QuerySet[Any], visible: QuerySet[Any], desk: Desk) -> dict[str, str]:
    """How many there are, and in one sentence those that this viewer may not see today."""
    n = visible.order_by().count()
    hidden = 0 if desk.viewer.is_broker else asked_for.order_by().count() - n
    if visible.model is Lead:
        many = ngettext("%(n)s lead, newest first.", "%(n)s leads, newest first.", n)
    else:
        many = ngettext("%(n)s fact, newest first.", "%(n)s facts, newest first.", n)
    sentence = ngettext("%(n)d more is with a colleague now.", "%(n)d more are with colleagues now.", hidden)
    return {"many": many % {"n": grouped(n)}, "hidden": sentence % {"n": hidden} if hidden else ""}


def _onward(asked: Asked, after: After, found: Sequence[Any]) -> dict[str, str]:
    """The links to the older ones and back to the newest."""
    column = "occurred_at" if found and isinstance(found[0], LeadEvent) else "created_at"
    more = place_of(found[PAGE_SIZE - 1], column) if len(found) > PAGE_SIZE else ""
    return {"more": asked.query(after=more) if more else "", "first": asked.query() if after.place else ""}


def _lines(facts: list[LeadEvent], asked: Asked, desk: Desk, more: Mapping[int, str]) -> list[Behind]:
    """The facts in the words of the timeline, by the clock that made the figures."""
    of_office = replace(desk, zone=asked.scope.zone)
    book, broker = desk.reasons, desk.viewer.is_broker
    entries = entries_of(facts, book, viewer_is_broker=broker, known_at=asked.scope.known_at)
    return [
        _line(_linked(row), fact.lead, of_office, more.get(fact.pk, ""))
        for fact, row in zip(facts, rows(Page(entries, None, None), of_office), strict=True)
    ]


def _line(row: Row, lead: Lead, desk: Desk, more: str) -> Behind:
    event = row.entry.event
    # Before it came in a lead was nobody's: that is not the pool.
    nobody = "" if event.kind == Kind.LEAD_CREATED else pool()
    return Behind(
        row,
        lead,
        called(lead.name),
        fact_url(lead.pk, event.version),
        _when(row, desk),
        row.entry.holder or nobody,
        more,
    )


def _linked(row: Row) -> Row:
    """The row with links that lead to the lead's page: its neighbours are not on this one."""
    e = row.entry
    return replace(row, voided_url=_url(e.voided_by), correction_url=_url(e.corrected_by), target_url=_url(e.target))


def _url(event: LeadEvent | None) -> str:
    return fact_url(event.lead_id, event.version) if event else ""


def _when(row: Row, desk: Desk) -> str:
    moment = row.entry.event.occurred_at
    said = {"day": moments.day(moment, desk.zone, desk.now), "time": moments.time_of_day(moment, desk.zone)}
    when = pgettext("day and time", "%(day)s, %(time)s") % said
    return pgettext("a time that is a guess", "about %(time)s") % {"time": when} if row.entry.about else when


def _lead(lead: Lead, asked: Asked, more: str) -> LeadBehind:
    return LeadBehind(
        lead=lead,
        stage=stage(lead.status),
        held_by=lead.agent.display_name if lead.agent else pool(),
        came_in=moments.day(lead.created_at, asked.scope.zone, asked.scope.now) if lead.created_at else "",
        more=more,
    )
