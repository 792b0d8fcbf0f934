"""Time in stage: what the statements say is what a plain count over the facts says, and what another program said."""

import io
import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leads.models import User
from lifecycle import service
from lifecycle.events import Source
from lifecycle.history.truth import Reading
from lifecycle.models import LeadEvent
from lifecycle.reports.scope import Scope, Whose
from lifecycle.reports.stays import Stays, Way, by_stage, by_stage_and_agent, visits, way
from lifecycle.reports.survival import estimate
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest
from tests.many import many_leads
from tests.past_stories import MONDAY, Office
from tests.plain_stays import PlainStay, imported_leads, plain_stays

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 9, 1, tzinfo=UTC)
EVERYTHING = Scope(zone=UTC, now=NOW)


def by_agent(scope: Scope, stage: str) -> dict[int | None, Stays]:
    return by_stage_and_agent(scope, stage)[1]


def facts() -> list[LeadEvent]:
    return list(LeadEvent.objects.order_by("lead_id", "version"))


def plainly(stays: list[PlainStay], stage: str, *, inferred: bool) -> Stays:
    """The figures of these visits of one stage."""
    measured = [s for s in stays if inferred or not s.guess]
    lengths = sorted((s.microseconds, bool(s.went_to)) for s in measured)
    return Stays(
        stage=stage,
        visits=len(stays),
        still_inside=sum(not s.went_to for s in stays),
        unmeasured=len(stays) - len(measured),
        went_to=dict(sorted(Counter(s.went_to for s in stays if s.went_to).items())),
        lengths=estimate(lengths, len(lengths), sum(over for _, over in lengths)),
    )


def a_scope(office: Office) -> Scope:
    chance = office.chance
    marks = sorted(LeadEvent.objects.values_list("occurred_at", flat=True))
    since, until = sorted(chance.choices(marks, k=2))
    known_at = chance.choice([None, *LeadEvent.objects.values_list("recorded_at", flat=True)])
    whose: list[int | Whose] = [Whose.EVERYBODY, Whose.POOL, *User.objects.values_list("pk", flat=True)]
    return Scope(
        zone=UTC,
        now=NOW,
        since=chance.choice([None, since]),
        until=chance.choice([None, until]),
        known_at=chance.choice([None, known_at]),
        whose=chance.choice(whose),
        reading=chance.choice(list(Reading)),
        inferred=chance.choice([True, False]),
    )


@pytest.mark.parametrize("seed", range(5))
def test_every_figure_is_what_a_plain_count_of_the_facts_says(seed: int) -> None:
    with transaction.atomic():
        office = Office(seed)
        office.live(70)
        imported_leads(office.chance, 25, [ana(), ben()], MONDAY, MONDAY + timedelta(days=100))
        rows = facts()
        # Whatever is asked of such an office: the whole of it, and twelve questions made up by chance.
        for scope in [EVERYTHING, replace(EVERYTHING, inferred=True), *(a_scope(office) for _ in range(12))]:
            expected = plain_stays(rows, scope)
            stages = [s.value for s in State if any(stay.stage == s for stay in expected)]
            assert by_stage(scope) == [
                plainly([stay for stay in expected if stay.stage == s], s, inferred=scope.inferred) for s in stages
            ]
            stage = office.chance.choice(list(State))
            inside = [stay for stay in expected if stay.stage == stage]
            assert by_agent(scope, stage) == {
                agent: plainly([s for s in inside if s.holder == agent], stage, inferred=scope.inferred)
                for agent in {s.holder for s in inside}
            }
            the_facts_behind_are_those_counted(scope, stage, inside)


def the_facts_behind_are_those_counted(scope: Scope, stage: str, inside: list[PlainStay]) -> None:
    def ids(**which: Any) -> list[int]:
        return sorted(i for (i,) in visits(scope, stage, **which).rows())

    assert ids() == sorted(s.event_id for s in inside)
    assert ids(into="", column="lead_id") == sorted(s.lead_id for s in inside if not s.went_to)
    for to in State:
        assert ids(into=to.value) == sorted(s.event_id for s in inside if s.went_to == to)
    for which in Way:
        ended = [s for s in inside if s.went_to and way(stage, s.went_to) is which]
        assert ids(into=which) == sorted(s.event_id for s in ended)


# --- stories --------------------------------------------------------------------------------------------------


def of(stage: State, scope: Scope = EVERYTHING) -> Stays:
    return next((s for s in by_stage(scope) if s.stage == stage), Stays(stage.value))


def hours(stays: Stays) -> list[float | None]:
    return [None if at is None else at / 3.6e9 for at in stays.lengths.reached]


def test_the_slow_ones_that_are_still_inside_make_the_median_longer_than_that_of_the_finished() -> None:
    # Three leads went on after an hour; five have been in Contacting since, for three days.
    for _ in range(3):
        LeadFactory.create(status=State.QUALIFIED, begun=MONDAY)
    for _ in range(5):
        LeadFactory.create(status=State.CONTACTING, begun=MONDAY)
    stays = of(State.CONTACTING, replace(EVERYTHING, now=MONDAY + timedelta(days=3)))
    assert (stays.visits, stays.still_inside, stays.left(Way.FORWARD)) == (8, 5, 3)
    assert (hours(stays), stays.lengths.finished_median) == ([None, None, None], 3_600_000_000)
    assert stays.lengths.still_after(24 * 3_600_000_000) == 5 / 8


def test_an_undone_move_ended_no_stay_whatever_the_reading() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=MONDAY)
    advance(lead, State.COMMITTED, actor=ana(), now=MONDAY + timedelta(hours=5))
    undone_at = MONDAY + timedelta(hours=6)
    common: dict[str, Any] = {"actor": bruna(), "source": Source.PAGE, "now": undone_at}
    service.void_move(lead_id=lead.pk, target=newest(lead).uuid, reason="mis_drag", **common)
    for reading in Reading:
        scope = replace(EVERYTHING, reading=reading)
        assert (of(State.COMMITTED, scope).visits, of(State.QUALIFIED, scope).still_inside) == (0, 1)
    # As it was known before it was undone, the agreement was signed.
    before = replace(EVERYTHING, known_at=undone_at - timedelta(minutes=1))
    assert (of(State.COMMITTED, before).still_inside, of(State.QUALIFIED, before).still_inside) == (1, 0)


def test_what_was_known_then_stays_what_it_was() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=MONDAY)
    then = replace(EVERYTHING, known_at=MONDAY + timedelta(hours=12))
    said = by_stage(then)
    advance(lead, State.COMMITTED, actor=ana(), now=MONDAY + timedelta(days=40))
    assert by_stage(replace(then, now=NOW + timedelta(days=400))) == said
    assert hours(of(State.QUALIFIED)) == [24 * 40 - 2] * 3


def test_a_visit_is_of_whom_held_the_lead_when_it_began() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=MONDAY)
    common: dict[str, Any] = {"actor": bruna(), "source": Source.PAGE, "now": MONDAY + timedelta(days=2)}
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="workload_balance", **common)
    advance(lead, State.COMMITTED, actor=ben(), now=MONDAY + timedelta(days=3))
    LeadFactory.create(begun=MONDAY)
    for stage, agent in ((State.NEW, ana()), (State.QUALIFIED, ana()), (State.COMMITTED, ben())):
        assert by_agent(EVERYTHING, stage)[agent.pk].visits == 1
        assert of(stage, replace(EVERYTHING, whose=agent.pk)).visits == 1
    assert of(State.NEW, replace(EVERYTHING, whose=Whose.POOL)).still_inside == 1
    assert set(by_agent(EVERYTHING, State.NEW)) == {ana().pk, None}


def test_a_lead_that_was_given_to_somebody_later_was_nobodys_as_it_was_known_before() -> None:
    lead = LeadFactory.create(begun=MONDAY)
    # Written down an hour later: it was Ana's from the first moment.
    common: dict[str, Any] = {"actor": bruna(), "source": Source.PAGE, "now": MONDAY + timedelta(hours=1)}
    service.assign_lead(lead_id=lead.pk, to_agent=ana(), reason="initial_routing", occurred_at=MONDAY, **common)
    assert set(by_agent(EVERYTHING, State.NEW)) == {ana().pk}
    assert set(by_agent(replace(EVERYTHING, known_at=MONDAY + timedelta(minutes=30)), State.NEW)) == {None}


def test_ways_out_follow_the_order_of_the_board() -> None:
    assert way("COMMITTED", "IN_CONTRACT") is Way.FORWARD
    assert way("IN_CONTRACT", "QUALIFIED") is way("ARCHIVED", "CONTACTING") is way("TRASHED", "NEW") is Way.BACK
    assert way("QUALIFIED", "ARCHIVED") is way("ARCHIVED", "TRASHED") is Way.ASIDE
    assert way("NEW", "NEW") is Way.FORWARD


def test_nobody_has_any_stay_in_an_empty_office() -> None:
    assert by_stage(EVERYTHING) == []
    assert by_agent(EVERYTHING, State.NEW) == {}


def test_thirty_leads_take_as_many_statements_as_three() -> None:
    asked = []
    for n in (3, 27):
        many_leads(n, [ana(), ben(), None])
        with CaptureQueriesContext(connection) as queries:
            by_stage(EVERYTHING)
            by_agent(EVERYTHING, State.QUALIFIED)
        asked.append(len(queries))
    assert asked == [2, 2]


# --- the command ----------------------------------------------------------------------------------------------


def printed(**options: Any) -> str:
    out = io.StringIO()
    call_command("report", "time_in_stage", stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_hours_and_leaves_open_what_is_not_reached() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, begun=MONDAY)
    advance(lead, State.COMMITTED, now=MONDAY + timedelta(hours=2, minutes=20))
    assert printed(format="csv") == (
        "stage,visits,still_inside,median_hours,p75,p90,median_finished_hours\n"
        "NEW,1,0,1,1,1,1\n"
        "CONTACTING,1,0,1,1,1,1\n"
        "QUALIFIED,1,0,0.3333,0.3333,0.3333,0.3333\n"
        "COMMITTED,1,1,,,,\n"
    )
    last = json.loads(printed(format="json"))[-1]
    assert (last["visits"], last["median_hours"]) == (1, None)
    assert printed(since="2026-04-01").splitlines()[1:] == []
