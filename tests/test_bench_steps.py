"""What the benchmark makes everybody do is what Hindsight allows; and an illegal step would be counted."""

import random
from itertools import pairwise

import pytest

from bench.steps import CYCLE, FIRST, choose, illegal
from leads.models import Lead
from lifecycle import service
from lifecycle.history import Clock
from lifecycle.history.everyone import agents_and_statuses
from lifecycle.states import State
from lifecycle.transitions import between
from tests.factories import LeadFactory, ana, bruna, newest


def test_the_cycle_is_legal_and_ends_where_it_began() -> None:
    states = [FIRST, *(step.to for step in CYCLE)]
    assert states[-1] == FIRST
    assert illegal(states) == 0


def test_whoever_looks_first_takes_only_legal_steps() -> None:
    chance, status, met = random.Random(7), FIRST, set()
    for _ in range(200):
        step = choose(status, chance)
        assert between(status, step.to)
        met.add((status, step.to))
        status = step.to
    assert len(met) == 8


def test_a_step_over_somebody_elses_is_counted() -> None:
    # Both saw Qualified; one signed, the other archived over it. And two who both sign.
    assert illegal(["QUALIFIED", "COMMITTED", "ARCHIVED"]) == 1
    assert illegal(["QUALIFIED", "COMMITTED", "COMMITTED"]) == 1
    assert all(between(a, b) for a, b in pairwise(["QUALIFIED", "COMMITTED", "QUALIFIED"]))


@pytest.mark.django_db
def test_benchmarks_steps_are_taken_by_the_one_door() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    for step in CYCLE:
        done = service.move_lead(
            lead_id=lead.pk, to=step.to, reason=step.reason, note=step.note, document=step.document, actor=ana(),
            source="board",
        )  # fmt: skip
        assert done.state.status == step.to


@pytest.mark.django_db
def test_one_lead_alone_stood_where_it_stood_among_all() -> None:
    """Also after Bruna undid a move of it, and of another lead."""
    leads = [LeadFactory.create(status=State.COMMITTED, agent=ana()) for _ in range(2)]
    signed = newest(leads[0]).occurred_at
    for lead in leads:
        service.void_move(lead_id=lead.pk, target=newest(lead).uuid, reason="mis_drag", actor=bruna(), source="page")
    undone = newest(leads[0]).recorded_at
    for moment, clock, status in (
        (signed, Clock.HAPPENED, "QUALIFIED"),
        (signed, Clock.KNOWN, "COMMITTED"),
        (undone, Clock.KNOWN, "QUALIFIED"),
    ):
        alone = agents_and_statuses(moment, clock, Lead.objects.filter(pk=leads[0].pk))
        assert alone == {leads[0].pk: (status, ana().pk)}
        assert alone[leads[0].pk] == agents_and_statuses(moment, clock, Lead.objects.all())[leads[0].pk]
