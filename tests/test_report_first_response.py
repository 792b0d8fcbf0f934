"""First response: every figure is a plain count over the log, on random offices; and the stories that decide a rule."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from pytest_django.fixtures import DjangoAssertNumQueries

from leads.lead_page.desk import Desk
from leads.lead_page.first_contact import first_contact
from leads.models import Lead, User
from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.imported import ForeignRow, tell
from lifecycle.models import LeadEvent, OfficeSettings
from lifecycle.reports import first_figures
from lifecycle.reports.first_clocks import Clock, Outcome
from lifecycle.reports.first_response import first_response
from lifecycle.reports.scope import Scope, Whose
from lifecycle.service.importing import Stream, import_streams
from tests.factories import LeadFactory, ana, ben, bruna
from tests.past_stories import MONDAY, Office

pytestmark = pytest.mark.django_db

OFFICE = ZoneInfo("America/Los_Angeles")
NEW_LEAD = ("lead_created", "contact_info_updated")


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


class Rush(Office):
    """An office in which everything happens within minutes: inquiries, hand-overs, claims, calls, drips, breaches."""

    def live(self, acts: int) -> None:
        acting = [self._new, self._new, self._call, *[self._assign] * 4, self._reply, self._drip, self._trash]
        acting += [self._late, self._move, self._undo, self._old_call]
        for _ in range(acts):
            self.now += minutes(self.chance.choice([0, 0.5, 0.5, 1, 2, 6]))
            try:
                (self.chance.choice(acting) if Lead.objects.exists() else self._new)()
            except Refused:
                continue

    def _lead(self) -> Lead:
        # Mostly one of the newest, whose clocks still run.
        leads = list(Lead.objects.order_by("-pk"))
        return self.chance.choice(leads[:2] if self.chance.random() < 0.7 else leads)

    def _earlier(self) -> datetime | None:
        late = self.chance.random() < 0.5
        return self.now - minutes(self.chance.choice([0, 0.5, 1, 3, 6])) if late else None

    def _assign(self) -> None:
        to = self.chance.choice(self.people)
        reason = "workload_balance" if to else "returned_to_pool"
        said: dict[str, Any] = {"to_agent": to, "reason": reason, "occurred_at": self._earlier()}
        service.assign_lead(lead_id=self._lead().pk, **said, **self._common)

    def _trash(self) -> None:
        said: dict[str, Any] = {"to": "TRASHED", "reason": "invalid_phone", "occurred_at": self._earlier()}
        service.move_lead(lead_id=self._lead().pk, **said, **self._common)

    def _reply(self) -> None:
        said: dict[str, Any] = {"channel": "text", "outcome": "replied", "direction": "inbound"}
        service.log_contact(lead_id=self._lead().pk, occurred_at=self._earlier(), **said, **self._common)

    def _drip(self) -> None:
        said: dict[str, Any] = {"channel": "email", "outcome": "sent", "actor": None, "source": "schedule"}
        service.log_contact(lead_id=self._lead().pk, now=self.now, **said)

    def _old_call(self) -> None:
        """Somebody remembers that a lead that still waits was called two minutes after it came."""
        waiting = Lead.objects.filter(status="NEW", inquired_at__isnull=False).order_by("-pk").first()
        if waiting is not None and waiting.inquired_at is not None:
            said: dict[str, Any] = {"channel": "call", "outcome": "spoke"}
            when = waiting.inquired_at + minutes(2)
            service.log_contact(lead_id=waiting.pk, occurred_at=when, **said, **self._common)

    def _late(self) -> None:
        call_command("run_due", at=self.now.isoformat(), stdout=io.StringIO())


# --- the plain model ----------------------------------------------------------------------------------------


Told = tuple[int, int, int | None, datetime, str, datetime | None, bool]


def plainly(rows: Iterable[LeadEvent], end: datetime) -> list[Told]:
    """(lead, fact, holder, since, outcome, contacted at, logged late) of every clock, read from one lead's facts."""
    facts = list(rows)
    undone = {f.target_id for f in facts if f.kind == "move_voided"}
    moves = [f for f in facts if f.to_status and f.kind != "move_voided" and f.id not in undone]
    entries = [f for f in moves if f.to_status == "NEW"]
    told: list[Told] = []
    for entry in entries:
        if entry.data.get("sla_minutes"):
            told += _clocks_of(entry, entries, moves, facts, end)
    return told


def _clocks_of(
    entry: LeadEvent, entries: list[LeadEvent], moves: list[LeadEvent], facts: list[LeadEvent], end: datetime
) -> list[Told]:
    span = minutes(entry.data["sla_minutes"])
    after = [f for f in facts if f.version > entry.version]
    again = next((e for e in entries if e.version > entry.version), None)
    contacts = [
        f
        for f in after
        if f.kind == "contact_logged" and f.data["direction"] == "outbound" and f.actor_id is not None
        and [e for e in entries if e.version < f.version and e.occurred_at <= f.occurred_at][-1:] == [entry]
    ]  # fmt: skip
    contact = min(contacts, key=lambda f: (f.occurred_at, f.version), default=None)
    left = next((m for m in moves if m.version > entry.version), None)
    given = [f for f in after if f.kind == "agent_assigned" and (again is None or f.version < again.version)]
    declared = [
        f for f in after
        if f.kind == "sla_breached" and f.occurred_at == entry.occurred_at + span
        and (again is None or f.version < again.version)
    ]  # fmt: skip

    def happened(f: LeadEvent) -> tuple[datetime, int]:
        return f.occurred_at, f.version

    told: list[Told] = []
    fact, holder, since = entry, entry.agent_id, entry.occurred_at
    story = sorted([f for f in (contact, left, *given) if f is not None], key=happened)
    over: LeadEvent | None = None
    for f in [*story, None]:
        if f is not None and f.kind == "agent_assigned":
            if f.to_agent_id == holder:
                continue
            if f.occurred_at == since:
                fact, holder = (f if told else entry), f.to_agent_id
                continue
        elif f is not None and f is left and contact is not None:
            # A contact to come decides, unless somebody else has the lead by then.
            later = [g for g in story if happened(f) < happened(g) < happened(contact)]
            if not any(g.kind == "agent_assigned" and g.to_agent_id != holder for g in later):
                continue
        over = f
        due = since + span
        was_declared = since == entry.occurred_at and any(over is None or d.version < over.version for d in declared)
        if over is None:
            outcome = "running" if end <= due else "breached"
        elif over.occurred_at > due or was_declared:
            outcome = "breached"
        else:
            outcome = "met" if over is contact else "set_aside" if over is left else "passed_on"
        answered = over.occurred_at if over is contact and over is not None else None
        late = answered is not None and over is not None and answered <= due < over.recorded_at
        told.append((entry.lead_id, fact.id, holder, since, outcome, answered, late))
        if over is None or over.kind != "agent_assigned":
            break
        fact, holder, since = over, over.to_agent_id, over.occurred_at
    return told


def flat(clocks: Iterable[Clock]) -> list[Told]:
    return [(c.lead, c.fact, c.holder, c.since, c.outcome.value, c.answered_at, c.logged_late) for c in clocks]


def scope(now: datetime, **asked: Any) -> Scope:
    return Scope(zone=OFFICE, now=now, **asked)


# --- the log and the model ----------------------------------------------------------------------------------


@pytest.mark.parametrize("seeds", [range(3), range(3, 6)])
def test_every_clock_is_what_a_plain_reading_of_the_log_says_now_and_as_it_was_known(seeds: range) -> None:
    seen: Counter[str] = Counter()
    for seed in seeds:
        with transaction.atomic():
            office = Rush(seed)
            office.live(110)
            for clock in _held_against_the_plain_model(office):
                seen[clock.outcome.value] += 1
                seen["late entry"] += clock.logged_late
                seen["after a hand-over"] += not clock.first
                seen["of the pool"] += clock.holder is None
            transaction.set_rollback(True)
    # By chance everything happens that the rules speak of.
    assert set(seen) >= {o.value for o in Outcome} and min(seen.values()) >= 1, seen


def _held_against_the_plain_model(office: Rush) -> list[Clock]:
    by_lead: dict[int, list[LeadEvent]] = {}
    for row in LeadEvent.objects.order_by("lead_id", "version"):
        by_lead.setdefault(row.lead_id, []).append(row)
    marks = sorted(LeadEvent.objects.values_list("recorded_at", flat=True))
    for known_at in (*office.chance.sample(marks, 4), None):
        asked = scope(office.now, known_at=known_at)
        expected: list[Told] = []
        for rows in by_lead.values():
            expected += plainly((r for r in rows if known_at is None or r.recorded_at <= known_at), asked.end)
        found = first_response(asked).clocks
        assert sorted(flat(found), key=str) == sorted(expected, key=str)
        since, until = sorted(office.chance.sample(marks, 2))
        within = first_response(scope(office.now, known_at=known_at, since=since, until=until)).clocks
        assert within == [c for c in found if since <= c.inquired_at < until]
        for whose in (ana().pk, Whose.POOL):
            holder = None if whose is Whose.POOL else whose
            mine = first_response(scope(office.now, known_at=known_at, whose=whose)).clocks
            assert mine == [c for c in found if c.holder == holder]
    return found


# --- the page of the lead -----------------------------------------------------------------------------------


def desk(now: datetime) -> Desk:
    return Desk(viewer=bruna(), now=now, zone=UTC, office=OfficeSettings.load(), reasons={}, colleagues=[])


@pytest.mark.parametrize("seed", range(100, 103))
def test_of_a_lead_that_was_never_handed_on_the_report_says_what_its_page_says(seed: int) -> None:
    office = Rush(seed)
    office._assign = lambda: None  # type: ignore[method-assign]
    office.live(100)
    newest: dict[int, Clock] = {c.lead: c for c in first_response(scope(office.now)).clocks}
    for lead in Lead.objects.exclude(pk__in=_undone_after_a_breach()):
        said, clock = first_contact(lead, desk(office.now)), newest.get(lead.pk)
        if clock is None or clock.due == office.now:
            continue
        assert (lead.inquired_at, lead.first_contact_due_at) == (clock.since, clock.due)
        assert lead.first_contact_at == clock.answered_at
        if said is None:
            assert clock.answered_at is None and clock.outcome in (Outcome.SET_ASIDE, Outcome.BREACHED)
        elif said.look == "good":
            assert clock.outcome is (Outcome.MET if clock.answered_at else Outcome.RUNNING)
        else:
            assert clock.outcome is Outcome.BREACHED
            assert ("logged after the clock ran out" in said.words) == clock.logged_late


def _undone_after_a_breach() -> set[int]:
    """Leads whose way back into NEW was undone after that clock was declared late: their page still says late."""
    undone = LeadEvent.objects.filter(kind="move_voided", target__kind="contact_info_updated")
    return {
        void.lead_id
        for void in undone.select_related("target")
        if void.target is not None
        and LeadEvent.objects.filter(
            lead=void.lead_id, kind="sla_breached", version__range=(void.target.version, void.version)
        ).exists()
    }


# --- stories ------------------------------------------------------------------------------------------------


def inquiry(agent: User | None, at: datetime = MONDAY, source: str = "website") -> Lead:
    lead = LeadFactory.build()
    service.create_lead(lead=lead, inquiry=source, agent=agent, actor=bruna(), source="page", now=at)
    return lead


def call(lead: Lead, at: datetime, *, written: datetime | None = None) -> None:
    said: dict[str, Any] = {"channel": "call", "outcome": "no_answer", "occurred_at": at, "now": written or at}
    service.log_contact(lead_id=lead.pk, actor=bruna(), source="page", **said)


def hand(lead: Lead, to: User | None, at: datetime) -> None:
    reason = "workload_balance" if to else "returned_to_pool"
    service.assign_lead(lead_id=lead.pk, to_agent=to, reason=reason, actor=bruna(), source="page", now=at)


def round_of_scribe(at: datetime) -> None:
    call_command("run_due", at=at.isoformat(), stdout=io.StringIO())


def told(now: datetime = MONDAY + timedelta(days=1), **asked: Any) -> list[tuple[str | None, str, float | None]]:
    """Holder, outcome and seconds of every clock."""
    names = dict(User.objects.values_list("pk", "username"))
    clocks = first_response(scope(now, **asked)).clocks
    return [(names.get(c.holder or 0), c.outcome.value, c.seconds) for c in clocks]


def test_a_call_at_the_due_instant_is_in_time_and_one_a_microsecond_later_is_not() -> None:
    call(inquiry(ana()), MONDAY + minutes(5))
    call(inquiry(ben()), MONDAY + minutes(5) + timedelta(microseconds=1))
    assert told() == [("ana", "met", 300.0), ("ben", "breached", 300.000001)]


def test_a_lead_without_a_call_still_has_time_up_to_the_due_instant() -> None:
    inquiry(ana())
    assert told(MONDAY + minutes(5)) == [("ana", "running", None)]
    assert told(MONDAY + minutes(5) + timedelta(microseconds=1)) == [("ana", "breached", None)]


def test_whoever_gets_an_untouched_lead_has_the_same_minutes_again() -> None:
    lead = inquiry(ana())
    hand(lead, ben(), MONDAY + minutes(4))
    call(lead, MONDAY + minutes(8))
    assert told() == [("ana", "passed_on", None), ("ben", "met", 240.0)]


def test_whoever_keeps_a_lead_too_long_and_passes_it_on_was_late_and_the_new_agent_is_not() -> None:
    lead = inquiry(ana())
    round_of_scribe(MONDAY + minutes(6))
    hand(lead, ben(), MONDAY + minutes(60))
    call(lead, MONDAY + minutes(61))
    assert told() == [("ana", "breached", None), ("ben", "met", 60.0)]


def test_a_claim_from_the_pool_starts_the_claimers_clock() -> None:
    lead = inquiry(None)
    hand(lead, ana(), MONDAY + minutes(3))
    call(lead, MONDAY + minutes(4))
    late = inquiry(None)
    hand(late, ben(), MONDAY + minutes(9))
    call(late, MONDAY + minutes(10))
    assert told() == [(None, "passed_on", None), ("ana", "met", 60.0), (None, "breached", None), ("ben", "met", 60.0)]


def test_a_hand_over_after_the_call_changes_nothing() -> None:
    lead = inquiry(ana())
    call(lead, MONDAY + minutes(2), written=MONDAY + minutes(40))
    hand(lead, ben(), MONDAY + minutes(50))
    assert told() == [("ana", "met", 120.0)]
    # Nobody knew of the call for a while.
    assert told(known_at=MONDAY + minutes(39)) == [("ana", "breached", None)]
    assert [c.logged_late for c in first_response(scope(MONDAY + minutes(60))).clocks] == [True]


def test_a_call_that_was_written_down_after_the_breach_was_declared_clears_nothing() -> None:
    lead = inquiry(ana())
    round_of_scribe(MONDAY + minutes(6))
    call(lead, MONDAY + minutes(2), written=MONDAY + minutes(7))
    [clock] = first_response(scope(MONDAY + minutes(60))).clocks
    assert (clock.outcome, clock.seconds, clock.logged_late) == (Outcome.BREACHED, 120.0, True)


def test_a_lead_set_aside_before_it_was_due_was_owed_no_answer_and_one_set_aside_later_was() -> None:
    for at in (3, 7):
        lead = inquiry(ana())
        said: dict[str, Any] = {"to": "TRASHED", "reason": "spam_or_bot", "now": MONDAY + minutes(at)}
        service.move_lead(lead_id=lead.pk, actor=ana(), source="page", **said)
    assert [outcome for _, outcome, _ in told()] == ["set_aside", "breached"]


def test_corrected_contact_data_start_the_clock_anew() -> None:
    lead = inquiry(ana())
    call(lead, MONDAY + minutes(1))
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": "page"}
    service.move_lead(to="TRASHED", reason="invalid_phone", now=MONDAY + minutes(2), **common)
    again = MONDAY + timedelta(hours=3)
    service.move_lead(to="NEW", contact={"phone": "+1 415 555 0199"}, now=again, **common)
    call(lead, MONDAY + minutes(1.5), written=again + minutes(1))
    assert told(again + minutes(2)) == [("ana", "met", 60.0), ("ana", "running", None)]
    call(lead, again + minutes(3))
    assert told() == [("ana", "met", 60.0), ("ana", "met", 180.0)]
    # The window is that of the entry.
    assert told(since=again) == [("ana", "met", 180.0)] and told(until=again) == [("ana", "met", 60.0)]


def test_a_call_from_before_the_clock_started_anew_answers_the_clock_of_then() -> None:
    lead = inquiry(ana())
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": "page"}
    service.move_lead(to="TRASHED", reason="invalid_phone", now=MONDAY + minutes(2), **common)
    again = MONDAY + timedelta(hours=3)
    service.move_lead(to="NEW", contact={"phone": "+1 415 555 0199"}, now=again, **common)
    assert told(again + minutes(1)) == [("ana", "set_aside", None), ("ana", "running", None)]
    call(lead, MONDAY + minutes(1), written=again + minutes(1))
    assert told(again + minutes(1)) == [("ana", "met", 60.0), ("ana", "running", None)]


def test_what_scribe_declared_of_a_clock_that_was_undone_holds_of_no_other() -> None:
    lead = inquiry(ana())
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": "page"}
    service.move_lead(to="TRASHED", reason="invalid_phone", now=MONDAY + minutes(1), **common)
    moved = service.move_lead(to="NEW", contact={"phone": "+1 415 555 0199"}, now=MONDAY + minutes(10), **common)
    round_of_scribe(MONDAY + minutes(16))
    service.void_move(target=moved.events[0].uuid, reason="mis_drag", now=MONDAY + minutes(17), **common)
    call(lead, MONDAY + minutes(2), written=MONDAY + minutes(18))
    assert told() == [("ana", "met", 120.0)]


def test_of_a_call_and_a_hand_over_in_one_instant_the_first_written_was_first() -> None:
    lead = inquiry(ana())
    call(lead, MONDAY + minutes(2))
    hand(lead, ben(), MONDAY + minutes(2))
    other = inquiry(ana())
    hand(other, ben(), MONDAY + minutes(2))
    call(other, MONDAY + minutes(2))
    assert told() == [("ana", "met", 120.0), ("ana", "passed_on", None), ("ben", "met", 0.0)]


def test_imported_leads_have_no_clock_and_are_counted_apart() -> None:
    lead = LeadFactory.build()
    lead.external_source, lead.external_key = "old", "7"
    _import(lead)
    found = first_response(scope(MONDAY + timedelta(days=2)))
    assert (found.clocks, found.without) == ([], 1)
    inquiry(ana())
    assert len(first_response(scope(MONDAY)).clocks) == 1


def _import(lead: Lead) -> None:
    rows = [
        ForeignRow(line=1, seq=1, occurred_at=MONDAY, actor="", kind="lead_created", to_state="NEW"),
        ForeignRow(
            line=2, seq=2, occurred_at=MONDAY + minutes(1), actor="", kind="state_changed", from_state="NEW",
            to_state="CONTACTING",
        ),
    ]  # fmt: skip
    stream = Stream(lead, tell("old", "7", rows, {}))
    done = import_streams([stream], lambda names: {}, now=MONDAY + timedelta(days=1), batch=uuid4())
    assert done.refused == [] and done.leads == 1


def test_an_empty_office_has_no_figures() -> None:
    found = first_response(scope(MONDAY))
    assert (found.clocks, found.without) == ([], 0)
    none = first_figures.figures([])
    assert (none.leads, none.median_seconds, none.p90_seconds, none.answered) == (0, None, None, 0)


def test_the_number_of_statements_does_not_grow(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for n in (3, 30):
        for _ in range(n):
            call(inquiry(ana()), MONDAY + minutes(2))
        with django_assert_num_queries(1):
            first_response(scope(MONDAY + minutes(9)))


# --- figures ------------------------------------------------------------------------------------------------


def test_figures_are_those_of_a_plain_count() -> None:
    with transaction.atomic():
        office = Rush(42)
        office.live(90)
    clocks = first_response(scope(office.now)).clocks
    for holder, found in first_figures.grouped(clocks, lambda c: c.holder).items():
        mine = [c for c in clocks if c.holder == holder]
        owed = [c for c in mine if c.outcome in (Outcome.MET, Outcome.BREACHED)]
        lengths = [(c.answered_at - c.since).total_seconds() for c in owed if c.answered_at is not None]
        assert found.leads == found.met + found.breached == len(owed) == sum(found.spread)
        assert found.running + found.passed_on + found.set_aside == len(mine) - len(owed)
        assert found.median_seconds == (median(lengths) if lengths else None)
        assert found.answered == len(lengths)
        # The least length within which nine in ten of them lie.
        tenths = [x for x in lengths if 10 * sum(y <= x for y in lengths) >= 9 * len(lengths)]
        assert found.p90_seconds == min(tenths, default=None)
        limits = [0, 60, 300, 900, 3600, 4 * 3600, 24 * 3600, 10**9]
        counts = [sum(a <= x < b for x in lengths) for a, b in pairwise(limits)]
        assert list(found.spread) == [*counts, len(owed) - len(lengths)]


def test_the_hour_and_the_day_are_those_of_the_office() -> None:
    # Half past eleven on Sunday evening in Los Angeles is Monday in UTC already; that night the clocks went forward.
    inquiry(ana(), datetime(2026, 3, 9, 6, 30, tzinfo=UTC))
    [clock] = first_response(scope(MONDAY)).clocks
    assert (first_figures.part_of(clock, OFFICE), first_figures.weekday_of(clock, OFFICE)) == (5, 6)
    assert (first_figures.part_of(clock, UTC), first_figures.weekday_of(clock, UTC)) == (1, 0)


# --- the command --------------------------------------------------------------------------------------------


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("report", "first_response", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_prints_agents_and_sources_in_order() -> None:
    call(inquiry(ben(), source="portal"), MONDAY + minutes(2))
    call(inquiry(ana()), MONDAY + minutes(1))
    call(inquiry(ana()), MONDAY + minutes(2))
    call(inquiry(ana(), source="portal"), MONDAY + minutes(20))
    inquiry(None)
    # Renamed and gone: the figures stay, under the name of today.
    User.objects.filter(pk=ben().pk).update(display_name="Aaron Brooks", is_active=False)
    rows = list(csv.reader(io.StringIO(printed())))
    assert rows == [
        ["by", "source", "leads", "met", "breached", "median_seconds"],
        ["", "website", "1", "0", "1", ""],
        ["Aaron Brooks", "portal", "1", "1", "0", "120"],
        ["Ana Alvarez", "portal", "1", "0", "1", "1200"],
        ["Ana Alvarez", "website", "2", "2", "0", "90"],
    ]
    found = json.loads(printed("--format", "json"))
    assert found[0]["median_seconds"] is None and found[3] == {
        "by": "Ana Alvarez", "source": "website", "leads": 2, "met": 2, "breached": 0, "median_seconds": 90,
    }  # fmt: skip
    assert printed("--from", "2026-03-03") == "by,source,leads,met,breached,median_seconds\n"


def test_what_was_known_then_gives_the_same_figures_for_ever() -> None:
    lead = inquiry(ana())
    then = MONDAY + minutes(3)
    before = printed("--known-at", then.isoformat())
    call(lead, MONDAY + minutes(2), written=MONDAY + minutes(9))
    assert printed("--known-at", then.isoformat()) == before
    assert printed("--known-at", (MONDAY + minutes(9)).isoformat()) == printed() != before
