"""All leads at an instant: one statement says what the fold of every lead says, on random stories, by both clocks."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError, transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.models import Lead
from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Source
from lifecycle.flags import Flag
from lifecycle.fold import LeadState
from lifecycle.history import Clock, state_at
from lifecycle.history.everyone import Ask, agents_and_statuses, count_and_newest, standing
from lifecycle.models import LeadEvent
from lifecycle.service.importing.withdrawing import withdrawn_among
from lifecycle.states import Provenance, State
from lifecycle.transitions import legal_targets
from tests.backfilled import any_row, came_in, taken_back, taken_up
from tests.factories import LeadFactory, ana, ben, bruna, needs

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FLAGS = [f.value for f in Flag]
NEVER_STALE = Q(status="")


class Office:
    """Some leads, and a broker and two agents who do this and that to them, sensibly, in random order."""

    def __init__(self, seed: int, leads: int = 5, steps: int = 60) -> None:
        self.chance = random.Random(seed)
        self.now = MONDAY
        self.people = [ana(), ben()]
        self.broker = bruna()
        self.leads = [self._born() for _ in range(leads)]
        for _ in range(steps):
            self.now += timedelta(minutes=self.chance.choice([0, 1, 7, 60, 60 * 24]))
            try:
                self._something(self.chance.choice(self.leads))
            except Refused:
                continue

    def _born(self) -> Lead:
        lead = LeadFactory.build()
        agent = self.chance.choice([None, *self.people])
        begun: dict[str, Any] = {"occurred_at": self.now - timedelta(hours=1)} if self.chance.random() < 0.3 else {}
        service.create_lead(
            lead=lead, inquiry="website", agent=agent, actor=self.broker, source=Source.PAGE, now=self.now, **begun
        )
        return lead

    def _something(self, lead: Lead) -> None:
        lead.refresh_from_db()
        said: dict[str, Any] = {"lead_id": lead.pk, "actor": self.broker, "source": Source.PAGE, "now": self.now}
        typed = {**said, "occurred_at": self._earlier(lead)} if self.chance.random() < 0.4 else said
        match self.chance.choice(
            ["move"] * 6 + ["assign", "assign", "flag", "flag", "call", "void", "void", "correct", "import", "again"]
        ):
            case "move":
                self._move(lead, typed)
            case "assign":
                service.assign_lead(**typed, to_agent=self.chance.choice([None, *self.people]), reason="territory")
            case "flag":
                act = self.chance.choice([service.set_flag, service.set_flag, service.clear_flag])
                reason = "legal" if act is service.set_flag else "set_in_error"
                act(**typed, flag=self.chance.choice(FLAGS), reason=reason)
            case "call":
                service.log_contact(**typed, channel="call", outcome="spoke")
            case "void":
                move = lead.events.exclude(to_status="").exclude(kind="move_voided").order_by("-version")
                service.void_move(**said, target=self.chance.choice(move[:2]).uuid, reason="mis_drag")
            case "import":
                self.leads += came_in([any_row(self.chance, [None, *self.people], self.now)], now=self.now)
            case "again" if lead.external_key:
                if withdrawn_among([lead.pk]):
                    taken_up([lead], [any_row(self.chance, [None, *self.people], self.now)], now=self.now)
                else:
                    taken_back([lead], now=self.now)
            case "correct":
                fact = lead.events.filter(kind__in=["deal_collapsed", "contract_voided"]).last()
                if fact is not None:
                    service.correct_reason(**said, target=fact.uuid, reason="life_event", note="She told us later.")

    def _move(self, lead: Lead, said: dict[str, Any]) -> None:
        onward = [t for t in legal_targets(lead.status) if t not in (State.ARCHIVED, State.TRASHED)]
        aside = self.chance.random() < 0.25 or not onward
        to = self.chance.choice(legal_targets(lead.status) or [State.NEW]) if aside else self.chance.choice(onward)
        if (lead.status, to) == (State.NEW, State.CONTACTING):
            service.log_contact(**said, channel="call", outcome="no_answer")
        elif to == State.NEW:
            service.move_lead(**said, to=to, contact={"phone": f"+1 415 555 {self.chance.randrange(10**4):04d}"})
        else:
            service.move_lead(**said, to=to, **needs(lead.status, to, self.now))

    def _earlier(self, lead: Lead) -> datetime:
        since = lead.last_occurred_at or self.now
        return since + (self.now - since) * self.chance.random()

    def moments(self, how_many: int = 12) -> list[datetime]:
        """Instants before, at, between and after the facts."""
        marks = [t for pair in LeadEvent.objects.values_list("occurred_at", "recorded_at") for t in pair]
        near = [t + timedelta(microseconds=self.chance.choice([-1, 0, 1])) for t in marks]
        return [min(marks) - timedelta(days=1), *self.chance.sample(near, min(how_many, len(near))), max(marks)]


@contextmanager
def an_office(seed: int) -> Iterator[Office]:
    """An office that is gone afterwards: every example begins with an empty database."""
    with transaction.atomic():
        yield Office(seed)
        transaction.set_rollback(True)


def folded(moment: datetime, clock: Clock) -> dict[int, LeadState]:
    """Every lead that existed, by the fold of its stream."""
    streams: dict[int, list[LeadEvent]] = {}
    for event in LeadEvent.objects.order_by("lead_id", "version"):
        streams.setdefault(event.lead_id, []).append(event)
    states = {lead_id: state_at(rows, moment, clock) for lead_id, rows in streams.items()}
    return {lead_id: state for lead_id, state in states.items() if state.version}


def newest_first(states: dict[int, LeadState], status: str) -> list[int]:
    of_it = [(s.stage_entered_at, lead_id) for lead_id, s in states.items() if s.status == status]
    return [lead_id for _, lead_id in sorted(of_it, reverse=True)]


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_one_statement_says_of_every_lead_what_its_fold_says(seed: int) -> None:
    with an_office(seed) as office:
        for moment in office.moments():
            for clock in Clock:
                agree(moment, clock)


def agree(moment: datetime, clock: Clock) -> None:
    """Statement and fold say the same of every lead: agent, status, order in the column, provenance, stale."""
    everybody, states, qualified = {s.value: 50 for s in State}, folded(moment, clock), State.QUALIFIED.value
    assert agents_and_statuses(moment, clock, Lead.objects.all()) == {
        pk: (s.status, s.agent) for pk, s in states.items()
    }
    stale_by = moment - timedelta(hours=5)
    stale = Q(status=qualified, stage_entered_at__lte=stale_by)
    groups, ids = count_and_newest(standing(moment, clock, Lead.objects.all()), everybody, stale)
    assert ids == {s: newest_first(states, s) for s in everybody}
    assert {(status, way): leads for status, way, leads, _ in groups} == Counter(
        (s.status, s.provenance if s.status == qualified else "") for s in states.values()
    )
    old = [
        s for s in states.values() if s.status == qualified and s.stage_entered_at and s.stage_entered_at <= stale_by
    ]
    assert sum(old for *_, old in groups) == len(old)


@pytest.mark.django_db
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_what_is_asked_for_is_judged_by_how_the_leads_stood_then(seed: int) -> None:
    with an_office(seed) as office:
        for moment in office.moments(5):
            for clock in Clock:
                states = folded(moment, clock)
                for wanted, keeps in questions(moment - timedelta(days=2)):
                    kept = {pk: s for pk, s in states.items() if keeps(s)}
                    leads = standing(moment, clock, Lead.objects.all(), *Ask).filter(wanted)
                    assert set(leads.values_list("pk", flat=True)) == set(kept), (moment, clock, wanted)


def questions(since: datetime) -> list[tuple[Q, Callable[[LeadState], bool]]]:
    """What a board may be filtered by, each with the same question put to a folded state."""
    of_ana = ana().pk
    back = [Provenance.FELL_BACK_COMMITTED.value, Provenance.FELL_BACK_CONTRACT.value]

    def long_qualified(s: LeadState) -> bool:
        entered = s.stage_entered_at
        return s.agent == of_ana and s.dnc and s.status == "QUALIFIED" and entered is not None and entered <= since

    return [
        (Q(agent=of_ana), lambda s: s.agent == of_ana),
        (Q(agent=None), lambda s: s.agent is None),
        (Q(dnc=True) | Q(unsubscribed=True), lambda s: s.dnc or s.unsubscribed),
        (Q(do_not_call=False), lambda s: not s.do_not_call),
        (Q(provenance__in=back), lambda s: s.provenance in back),
        (Q(provenance="re_engaged"), lambda s: s.provenance == "re_engaged"),
        (Q(provenance="fresh"), lambda s: s.provenance == "fresh"),
        (Q(provenance=""), lambda s: s.provenance == ""),
        (Q(provenance_at__gte=since), lambda s: s.provenance_at is not None and s.provenance_at >= since),
        (Q(agent=of_ana, status="QUALIFIED", stage_entered_at__lte=since, dnc=True), long_qualified),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("clock", list(Clock))
def test_only_leads_that_may_be_told_of_are_told_of(clock: Clock) -> None:
    office = Office(3, leads=12)
    mine = Lead.objects.filter(agent=ana())
    told = agents_and_statuses(office.now, clock, mine)
    assert set(told) == set(mine.values_list("pk", flat=True)) and told
    for nobody in (Lead.objects.none(), Lead.objects.filter(pk__in=[])):
        assert agents_and_statuses(office.now, clock, nobody) == {}
        assert count_and_newest(standing(office.now, clock, nobody), {"NEW": 5}, NEVER_STALE) == ([], {"NEW": []})
    assert count_and_newest(standing(office.now, clock, mine).none(), {"NEW": 5}, NEVER_STALE) == ([], {"NEW": []})


@pytest.mark.django_db
def test_a_board_of_the_past_is_read_in_one_statement(django_assert_num_queries: Any) -> None:
    for _ in range(3):
        LeadFactory.create(status=State.QUALIFIED, begun=MONDAY)
    leads = standing(MONDAY + timedelta(days=1), Clock.HAPPENED, Lead.objects.all(), *Ask)
    with django_assert_num_queries(1):
        groups, ids = count_and_newest(leads, {"QUALIFIED": 2, "NEW": 5}, Q(status="QUALIFIED"))
    assert groups == [("QUALIFIED", "fresh", 3, 3)] and [len(found) for found in ids.values()] == [2, 0]


@pytest.mark.django_db
def test_what_was_not_asked_for_is_an_error_and_never_todays_value() -> None:
    LeadFactory.create(begun=MONDAY)
    leads = standing(MONDAY + timedelta(days=1), Clock.HAPPENED, Lead.objects.all())
    for column in ("agent", "dnc", "name", "last_contact_at"):
        with pytest.raises((OperationalError, ProgrammingError)), transaction.atomic():
            list(leads.values_list(column))


@pytest.mark.django_db
def test_the_lead_that_qualified_again_after_an_archive_counts_as_re_engaged() -> None:
    lead = LeadFactory.create(status=State.ARCHIVED, begun=MONDAY)
    said: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    service.move_lead(**said, to="CONTACTING", reason="replied", now=MONDAY + timedelta(days=1))
    service.move_lead(**said, to="QUALIFIED", note="Wants to buy now.", now=MONDAY + timedelta(days=2))
    then = standing(MONDAY + timedelta(days=3), Clock.HAPPENED, Lead.objects.all())
    assert list(then.values_list("status", "provenance")) == [("QUALIFIED", "re_engaged")]
