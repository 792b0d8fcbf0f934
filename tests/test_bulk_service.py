"""Many leads reassigned at once: each judged like any other, each one exactly one outcome, and never twice."""

import itertools
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leads.models import Lead, User
from lifecycle import service
from lifecycle.errors import (
    BadInput,
    InputMissing,
    NoteMissing,
    NotYours,
    ReasonMissing,
    ReasonNotValid,
    Refused,
    UuidReused,
)
from lifecycle.events import Kind, Source
from lifecycle.models import Batch, EventNote, LeadEvent, ReasonCode
from lifecycle.service import bulk
from lifecycle.service.bulk import Wish
from lifecycle.service.record import lock_and_write
from lifecycle.sharing import Dealt, shared
from lifecycle.states import State
from lifecycle.verify import verify
from tests.factories import LeadFactory, ana, ben, bruna, newest, otto
from tests.many import many_leads
from tests.soundness import assert_sound, nothing_written
from tests.story import refusal
from tests.test_races import crowd, kinds_of

pytestmark = pytest.mark.django_db


def wishes(leads: list[Lead], to: User | None) -> list[Wish]:
    """This plan for these leads, as they stand in memory."""
    return [Wish(lead.pk, lead.version, None if to is None else to.pk) for lead in leads]


def to_the_end(plan: list[Wish], *, actor: User | None = None, uuid: UUID | None = None, **said: Any) -> Batch:
    """Begins a batch and carries it on until it is finished."""
    by, key = actor or bruna(), uuid or uuid4()
    batch = bulk.begin(uuid=key, actor=by, wishes=plan, **{"reason": "workload_balance", **said})
    while batch.finished_at is None:
        batch = bulk.carry_on(uuid=key, actor=by)
    return batch


# --- when -------------------------------------------------------------------------------------------------------


def test_every_fact_of_a_batch_bears_the_time_at_which_that_part_of_it_was_done() -> None:
    leads, key, noon = many_leads(3, [ana()], [State.QUALIFIED]), uuid4(), timezone.now() + timedelta(hours=1)
    begun = bulk.begin(uuid=key, actor=bruna(), wishes=wishes(leads, ben()), reason="workload_balance", now=noon)
    assert begun.started_at == noon
    bulk.carry_on(uuid=key, actor=bruna(), step=2, now=noon + timedelta(minutes=1))
    done = bulk.carry_on(uuid=key, actor=bruna(), step=2, now=noon + timedelta(minutes=2))
    facts = LeadEvent.objects.filter(batch=key).order_by("pk")
    assert [f.occurred_at - noon for f in facts] == [timedelta(minutes=m) for m in (1, 1, 2)]
    assert all(f.recorded_at == f.occurred_at for f in facts)
    assert done.finished_at == noon + timedelta(minutes=2)


def test_leads_that_are_taken_along_become_part_of_the_batch() -> None:
    first, late, later = many_leads(3, [ana()], [State.QUALIFIED])
    batch = to_the_end(wishes([first], ben()))
    noon = timezone.now() + timedelta(hours=1)
    assert bulk.take_along(uuid=batch.uuid, actor=bruna(), wishes=wishes([later, late], bruna()), now=noon) == 2
    batch.refresh_from_db()
    assert (batch.size, [row[0] for row in batch.plan]) == (3, sorted([first.pk, late.pk, later.pk]))
    assert batch.outcomes == {str(lead.pk): "moved" for lead in (first, late, later)}
    assert [newest(lead).occurred_at for lead in (late, later)] == [noon, noon]
    assert [newest(lead).to_agent for lead in (first, late, later)] == [ben(), bruna(), bruna()]
    assert {newest(lead).reason for lead in (first, late, later)} == {"workload_balance"}


def test_nobody_is_taken_along_to_a_colleague_who_has_left() -> None:
    first, late = many_leads(2, [ana()], [State.QUALIFIED])
    batch = to_the_end(wishes([first], bruna()))
    plan = wishes([late], ben())
    User.objects.filter(pk=ben().pk).update(is_active=False)
    with nothing_written(), transaction.atomic():
        gone = refusal(lambda: bulk.take_along(uuid=batch.uuid, actor=bruna(), wishes=plan), BadInput)
        assert "Ben Brooks" in gone.sentence
    batch.refresh_from_db()
    assert batch.size == 1


# --- sharing ------------------------------------------------------------------------------------------------

MONDAY = datetime(2026, 11, 16, 9, tzinfo=UTC)
piles = st.lists(
    st.builds(
        Dealt,
        st.integers(1, 10_000),
        st.sampled_from([s.value for s in State]),
        st.none() | st.integers(0, 50).map(lambda h: MONDAY + timedelta(hours=h)),
    ),
    unique_by=lambda d: d.lead,
    max_size=80,
)


@given(piles, st.integers(1, 7), st.randoms(use_true_random=False))
def test_sharing_gives_each_lead_to_one_agent_and_nobody_more_than_one_more(
    pile: list[Dealt], agents: int, chance: random.Random
) -> None:
    turn = list(range(100, 100 + agents))
    whose = shared(pile, turn)
    assert set(whose) == {d.lead for d in pile}
    for part in (pile, *([d for d in pile if d.status == s] for s in State)):
        sizes = Counter(dict.fromkeys(turn, 0))
        sizes.update(whose[d.lead] for d in part)
        assert max(sizes.values()) - min(sizes.values()) <= 1
    shuffled = pile.copy()
    chance.shuffle(shuffled)
    assert shared(shuffled, turn) == whose


def test_whoever_is_longest_in_a_stage_is_dealt_first() -> None:
    pile = [
        Dealt(1, "QUALIFIED", MONDAY),
        Dealt(2, "NEW", MONDAY + timedelta(hours=2)),
        Dealt(3, "NEW", MONDAY),
        Dealt(4, "QUALIFIED", MONDAY - timedelta(days=9)),
    ]
    assert shared(pile, [7, 8]) == {3: 7, 2: 8, 4: 7, 1: 8}


# --- what is written ----------------------------------------------------------------------------------------


def test_a_bulk_action_is_one_assignment_a_lead_and_one_batch() -> None:
    leads = [LeadFactory.create(status=s, agent=ana()) for s in (State.NEW, State.QUALIFIED, State.CLOSED)]
    batch = to_the_end(wishes(leads, ben()), note="Ana is away until March.")
    assert (batch.size, batch.moved, batch.refused) == (3, 3, 0)
    assert batch.note == "" and bulk.said_with(batch) == "Ana is away until March."
    for lead in leads:
        event = newest(lead)
        assert (event.kind, event.source, event.batch) == (Kind.AGENT_ASSIGNED, Source.BULK, batch.uuid)
        assert (event.agent_id, event.to_agent_id, event.actor_id) == (ana().pk, ben().pk, bruna().pk)
        assert event.uuid == bulk.fact_uuid(batch.uuid, lead.pk)
        assert EventNote.objects.get(event=event).note == "Ana is away until March."
        assert_sound(lead)


def test_each_refused_lead_is_an_outcome_and_the_others_go_on() -> None:
    leads: list[Any] = [LeadFactory.create(status=State.QUALIFIED, agent=ana()) for _ in range(4)]
    plan = [*wishes(leads, ben()), Wish(99_999, 3, ben().pk)]
    service.add_note(lead_id=leads[1].pk, note="Called back.", actor=ana(), source=Source.PAGE)
    plan[2] = Wish(leads[2].pk, leads[2].version, otto().pk)
    plan[3] = Wish(leads[3].pk, leads[3].version, ana().pk)
    batch = to_the_end(plan)
    assert [batch.outcomes[str(lead.pk)] for lead in leads] == ["moved", "stale_version", "agent_gone", "unchanged"]
    assert batch.outcomes["99999"] == "no_such_lead"
    assert batch.facts == {str(leads[1].pk): newest(leads[1]).pk}
    assert (batch.moved, batch.unchanged, batch.refused) == (1, 1, 3)
    for lead in leads:
        assert_sound(lead)


def test_a_lead_that_somebody_was_quicker_with_is_that_and_not_one_whose_taker_left() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    plan = [Wish(lead.pk, lead.version, otto().pk)]
    service.add_note(lead_id=lead.pk, note="Called back.", actor=ana(), source=Source.PAGE)
    assert to_the_end(plan).outcomes == {str(lead.pk): "stale_version"}


def test_an_agent_gives_away_own_leads_alone() -> None:
    mine, theirs = LeadFactory.create(agent=ana()), LeadFactory.create(agent=ben())
    plan = [*wishes([mine], ben()), *wishes([theirs], None)]
    batch = to_the_end(plan, actor=ana())
    assert batch.outcomes == {str(mine.pk): "moved", str(theirs.pk): "not_yours"}


def test_the_pool_takes_and_gives() -> None:
    leads = [LeadFactory.create(agent=ana()), LeadFactory.create(agent=None)]
    batch = to_the_end(wishes(leads, None), reason="returned_to_pool")
    assert list(batch.outcomes.values()) == ["moved", "unchanged"]
    leads = list(Lead.objects.all())
    assert to_the_end(wishes(leads, ben())).moved == 2
    assert {lead.agent_id for lead in Lead.objects.all()} == {ben().pk}


# --- refused as a whole -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"reason": ""}, ReasonMissing),
        ({"reason": "cold_feet"}, ReasonNotValid),
        ({"reason": "no such\x00thing"}, ReasonNotValid),
        ({"reason": "other", "note": "Because."}, NoteMissing),
        ({"note": "half a \ud800"}, BadInput),
        ({"actor": "otto"}, NotYours),
        ({"actor": "ana", "reason": "performance"}, NotYours),
    ],
)
def test_what_would_refuse_every_lead_refuses_the_whole_and_keeps_nothing(said: dict[str, Any], error: Any) -> None:
    leads = [LeadFactory.create(agent=ana())]
    actor = {"otto": otto, "ana": ana}.get(said.get("actor", ""), bruna)()
    with nothing_written():
        refusal(lambda: to_the_end(wishes(leads, ben()), **{**said, "actor": actor}), error)
    assert not Batch.objects.exists()


def test_a_retired_reason_is_refused() -> None:
    leads = [LeadFactory.create(agent=ana())]
    ReasonCode.objects.filter(code="territory").update(retired=True)
    refusal(lambda: to_the_end(wishes(leads, ben()), reason="territory"), ReasonNotValid, "reason")


@pytest.mark.parametrize(("count", "error"), [(0, InputMissing), (bulk.MOST + 1, BadInput)])
def test_no_lead_and_too_many_are_refused(count: int, error: Any) -> None:
    refusal(lambda: to_the_end([Wish(n, 1, None) for n in range(count)]), error, "leads")


def test_a_lead_that_is_named_twice_is_refused() -> None:
    refusal(lambda: to_the_end([Wish(1, 1, None), Wish(1, 1, ben().pk)]), BadInput, "leads")


# --- sent twice, broken off ---------------------------------------------------------------------------------


def test_the_same_form_sent_twice_is_one_action() -> None:
    leads = [LeadFactory.create(agent=ana()) for _ in range(3)]
    key = uuid4()
    first = to_the_end(wishes(leads, ben()), uuid=key, note="Once.")
    with nothing_written():
        again = to_the_end(wishes(leads, ben()), uuid=key, note="Once.")
    assert again.outcomes == first.outcomes and Batch.objects.count() == 1


@pytest.mark.parametrize("change", ["actor", "plan", "reason", "note"])
def test_a_uuid_serves_one_person_and_one_plan(change: str) -> None:
    leads = [LeadFactory.create(agent=ana()) for _ in range(2)]
    key = uuid4()
    to_the_end(wishes(leads, ben()), uuid=key, note="Once.")
    said: dict[str, Any] = {"plan": wishes(leads, ben()), "note": "Once.", "uuid": key}
    other: dict[str, Any] = {
        "actor": ana(),
        "plan": wishes(leads, None),
        "reason": "territory",
        "note": "Twice.",
    }
    said[change] = other[change]
    with nothing_written():
        refusal(lambda: to_the_end(said.pop("plan"), **said), UuidReused)


def test_nobody_else_carries_an_action_on() -> None:
    lead, key = LeadFactory.create(agent=ana()), uuid4()
    bulk.begin(uuid=key, actor=ana(), wishes=wishes([lead], ben()), reason="territory")
    with nothing_written():
        refusal(lambda: bulk.carry_on(uuid=key, actor=bruna()), NotYours)


def test_an_action_that_broke_off_is_carried_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    leads = [LeadFactory.create(agent=ana()) for _ in range(5)]
    key = uuid4()
    bulk.begin(uuid=key, actor=bruna(), wishes=wishes(leads, ben()), reason="territory")
    assert bulk.carry_on(uuid=key, actor=bruna(), step=2).done == 2
    calls = itertools.count()

    def pull_the_plug(*args: Any) -> Any:
        if next(calls) == 1:
            raise ZeroDivisionError("Somebody pulled the plug.")
        return lock_and_write(*args)

    monkeypatch.setattr("lifecycle.service.bulk.lock_and_write", pull_the_plug)
    with nothing_written(), pytest.raises(ZeroDivisionError):
        bulk.carry_on(uuid=key, actor=bruna(), step=2)
    monkeypatch.undo()
    assert Batch.objects.get(pk=key).done == 2
    batch = to_the_end(wishes(leads, ben()), uuid=key, reason="territory")
    assert batch.moved == 5
    for lead in leads:
        assert lead.events.filter(batch=key).count() == 1
        assert_sound(lead)


def test_a_reason_that_is_retired_on_the_way_refuses_what_is_left() -> None:
    leads, key = [LeadFactory.create(agent=ana()) for _ in range(2)], uuid4()
    bulk.begin(uuid=key, actor=bruna(), wishes=wishes(leads, ben()), reason="territory")
    bulk.carry_on(uuid=key, actor=bruna(), step=1)
    ReasonCode.objects.filter(code="territory").update(retired=True)
    assert list(bulk.carry_on(uuid=key, actor=bruna()).outcomes.values()) == ["moved", "reason_not_valid"]


# --- at once ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_by_four_threads_at_once_is_one_action() -> None:
    leads, broker = many_leads(60, [ana(), None]), bruna()
    plan = wishes(leads, ben())
    with crowd(4) as four:
        for _ in range(2):
            key = uuid4()

            def send(n: int, key: UUID = key) -> Any:
                batch = bulk.begin(uuid=key, actor=broker, wishes=plan, reason="territory")
                while batch.finished_at is None:
                    batch = bulk.carry_on(uuid=key, actor=broker, step=7)
                return batch

            answers = four.all_at_once(send)
            assert kinds_of(answers) == {"won": 4}
            assert len({str(sorted(a.outcomes.items())) for a in answers}) == 1
    assert LeadEvent.objects.filter(source=Source.BULK.value).count() == 60


@pytest.mark.django_db(transaction=True)
def test_five_hundred_leads_are_reassigned_while_four_others_drag_them() -> None:
    leads = many_leads(500, [ana(), None, otto()], [State.QUALIFIED, State.COMMITTED])
    broker, key = bruna(), uuid4()
    people = [bruna(), ben()]
    to = [Wish(lead.pk, lead.version, people[n % 2].pk) for n, lead in enumerate(leads)]
    chance = random.Random(500)
    order = [chance.sample(leads, 40) for _ in range(4)]

    def drag(mine: list[Lead]) -> Iterator[Any]:
        for lead in mine:
            try:
                back = lead.status == State.COMMITTED
                to = State.QUALIFIED if back else State.COMMITTED
                why: dict[str, Any] = (
                    {"reason": "outbid", "note": "By a cash offer."} if back else {"document": "a.pdf"}
                )
                service.move_lead(
                    lead_id=lead.pk, to=to, actor=broker, source=Source.BOARD, expected_version=lead.version, **why
                )
                yield "moved"
            except Refused as refused:
                yield refused.code

    def act(n: int) -> Any:
        if n < 4:
            return list(drag(order[n]))
        batch = bulk.begin(uuid=key, actor=broker, wishes=to, reason="workload_balance")
        while batch.finished_at is None:
            batch = bulk.carry_on(uuid=key, actor=broker, step=25)
        return batch

    with crowd(5) as five:
        *dragged, batch = five.all_at_once(act)
    assert isinstance(batch, Batch), batch
    assert all(isinstance(d, list) and set(d) <= {"moved", "stale_version"} for d in dragged), dragged
    assert set(batch.outcomes) == {str(lead.pk) for lead in leads}
    assert set(batch.outcomes.values()) <= {"moved", "stale_version"}
    assert batch.moved + batch.refused == 500
    now = Lead.objects.in_bulk([wish.lead for wish in to])
    written = Counter(LeadEvent.objects.filter(batch=key).values_list("lead", flat=True))
    dragged_too = Counter(LeadEvent.objects.filter(source=Source.BOARD).values_list("lead", flat=True))
    for wish in to:
        moved = batch.outcomes[str(wish.lead)] == "moved"
        assert written[wish.lead] == moved
        assert (now[wish.lead].agent_id == wish.to_agent) or not moved
        # Both saw the same version: one of the two came first, the other was told.
        assert moved + dragged_too[wish.lead] == 1
    # Gapless, chained, legal, and every cached column what the log says.
    *_, verdict = verify()
    assert (verdict.problems, verdict.unknown) == ([], [])
    for lead in leads[::50]:
        assert_sound(lead)
