"""What the database counts by itself is what one gets by reading everything, on stories made up by chance."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.changes import tally as counting
from leads.changes.tally import Tally, tally
from leads.changes.window import Span
from leads.models import Lead
from lifecycle.events import DEMOTIONS
from lifecycle.history import Clock
from lifecycle.history.touched import touched_streams
from lifecycle.models import LeadEvent
from lifecycle.reports.fallen import fallen
from lifecycle.reports.fell_back import fell_back
from lifecycle.reports.first_response import first_response
from lifecycle.reports.scope import Credit, Scope
from lifecycle.reports.stays import by_stage, by_stage_and_agent
from lifecycle.reports.yields import re_engaged
from lifecycle.states import State
from tests.backfilled import any_row, came_in, row, taken_back
from tests.factories import LeadFactory, advance, ana, ben
from tests.past_stories import MONDAY
from tests.test_report_glance import ZONE, grown, scopes

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# --- deals that fell back ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [9])
def test_deals_that_fell_back_are_counted_as_they_are_listed(seed: int) -> None:
    office = grown(seed, 100)
    marks = sorted(LeadEvent.objects.filter(kind__in=DEMOTIONS).values_list("occurred_at", flat=True))
    assert marks
    edges = sorted({MONDAY - 200 * DAY, marks[0], marks[-1], marks[-1] + timedelta(microseconds=1), office.now + DAY})
    for scope in scopes(office):
        for minutes in (0, 60, 3000):
            listed: Counter[tuple[int, str, str, bool]] = Counter()
            for n, (since, until) in enumerate(pairwise(edges)):
                found = fallen(replace(scope, since=since, until=until, credit=Credit.HOLDER), minutes)
                listed.update((n, f.kind, f.reason, f.quick) for f in found)
            counted = {(f.part, f.kind, f.reason, f.quick): f.deals for f in fell_back(scope, minutes, edges)}
            assert counted == dict(listed)


def test_a_deal_that_is_back_within_the_hour_is_a_quick_one() -> None:
    for minutes in (59, 60, 61):
        lead = LeadFactory.create(status=State.COMMITTED, agent=ana(), begun=MONDAY)
        advance(lead, State.QUALIFIED, now=MONDAY + DAY)
        advance(lead, State.COMMITTED, now=MONDAY + DAY + timedelta(minutes=minutes))
    found = fell_back(Scope(zone=ZONE, now=MONDAY + 2 * DAY), 60, [MONDAY, MONDAY + 2 * DAY])
    assert {f.quick: f.deals for f in found} == {True: 2, False: 1}


# --- time in stage ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [5])
def test_stages_and_the_agents_of_one_of_them_are_read_at_once(seed: int) -> None:
    office = grown(seed)
    for scope in scopes(office):
        whole = by_stage(scope)
        for stage in (State.NEW, State.QUALIFIED):
            with CaptureQueriesContext(connection) as asked:
                stages, agents = by_stage_and_agent(scope, stage)
            assert len(asked) == 1
            assert stages == whole
            visits = next((s.visits for s in stages if s.stage == stage), 0)
            assert sum(a.visits for a in agents.values()) == visits


# --- imports on the page of changes -----------------------------------------------------------------------------


def both_ways(span: Span, monkeypatch: pytest.MonkeyPatch) -> tuple[Tally, Tally, int]:
    """The page's counts with and without the leads that the database counts, and how many leads were read the less."""
    read: list[int] = []

    def streams(*args: Any, **said: Any) -> Any:
        for lead in touched_streams(*args, **said):
            read.append(1)
            yield lead

    leads = Lead.objects.exclude(status="")
    with monkeypatch.context() as patched:
        patched.setattr(counting, "touched_streams", streams)
        counted = tally(leads, span)
        few = len(read)
        patched.setattr(counting, "brought_whole", lambda *_: None)
        return counted, tally(leads, span), len(read) - 2 * few


@pytest.mark.parametrize("seed", [3, 11])
def test_what_imports_brought_whole_is_counted_as_it_is_read(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Histories of an old system with days of their own, and leads of which it knew a status alone.
    office = grown(seed, 0)
    came_in([any_row(office.chance, office.people, office.now) for _ in range(8)], now=office.now)
    office.live(50)
    marks = [t for pair in LeadEvent.objects.values_list("occurred_at", "recorded_at") for t in pair]
    saved = 0
    for clock in Clock:
        for _ in range(4):
            since, until = sorted(office.chance.sample(marks, 2))
            counted, by_reading, less = both_ways(Span(since, until, clock), monkeypatch)
            assert plain(counted) == plain(by_reading)
            saved += less
        counted, by_reading, less = both_ways(Span(min(marks) - DAY, max(marks), clock), monkeypatch)
        assert plain(counted) == plain(by_reading)
        saved += less
    assert saved > 0


def plain(found: Tally) -> tuple[Any, ...]:
    told = {
        batch: (one.newest, +one.leads, +one.stand, Lead.objects.filter(pk=one.lead_id).exists())
        for batch, one in found.imports.items()
    }
    return found.total, found.groups, found.picked, found.cut, told


def test_no_lead_is_read_that_an_import_brought_and_nobody_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    came_in([row("QUALIFIED", agent=ana().display_name) for _ in range(20)], now=now)
    gone, moved = came_in([row("CLOSED"), row("COMMITTED", agent=ben().display_name)], now=now)
    taken_back([gone], now=now + DAY)
    advance(moved, State.IN_CONTRACT, now=now + DAY)
    counted, by_reading, less = both_ways(Span(now - DAY, now + 2 * DAY, Clock.KNOWN), monkeypatch)
    assert less == 20 and plain(counted) == plain(by_reading)
    assert sum(one.leads["came"] for one in counted.imports.values()) == 21


# --- what is asked along which index ----------------------------------------------------------------------------


def test_what_came_in_and_what_was_called_again_is_found_along_its_own_index() -> None:
    scope = Scope(zone=ZONE, now=MONDAY, since=MONDAY - DAY, until=MONDAY)
    assert "event_arrivals" in plans(lambda: first_response(scope))
    assert "event_re_engaged" in plans(lambda: re_engaged(scope))


def plans(ask: Any) -> str:
    """How this engine answers what is asked, when it may not read whole tables."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
        told: list[str] = []
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN {'' if connection.vendor == 'postgresql' else 'QUERY PLAN '}{query['sql']}")
            told += [str(line) for line in cursor.fetchall()]
    return "\n".join(told)
