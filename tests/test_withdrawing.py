"""An import is taken back lead by lead, and taken up again: nothing is deleted, nobody's work is undone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.history import people
from leads.models import Lead, User
from lifecycle import service
from lifecycle.backfill import Snapshot, backfill
from lifecycle.errors import NotYours, Refused
from lifecycle.events import Kind, Source
from lifecycle.history import Clock
from lifecycle.history.everyone import standing
from lifecycle.models import LeadEvent
from lifecycle.service.importing import Again, Stream, Withdrawn, import_streams, take_up, withdraw, withdrawn_among
from lifecycle.service.schedule import time_out
from lifecycle.states import State
from lifecycle.verify import verify
from tests.factories import LeadFactory, ada, advance, ana, ben, bruna, newest, otto
from tests.soundness import assert_sound, nothing_written
from tests.test_races import crowd

pytestmark = pytest.mark.django_db

CREATED, ENTERED = (datetime(2025, month, 3, 9, 0, tzinfo=UTC) for month in (2, 5))


def brought(n: int = 1, batch: UUID | None = None, **said: Any) -> tuple[list[Lead], UUID]:
    """So many leads that an import brought, in Qualified since May, with Ana; and the import's batch."""
    ana()
    batch, now = batch or uuid4(), timezone.now()
    leads = [Lead(name=f"Dana {k}", external_source="zoho", external_key=uuid4().hex) for k in range(n)]
    row = Snapshot(
        **{
            "line": 2,
            "status": "QUALIFIED",
            "created_at": CREATED,
            "entered_at": ENTERED,
            "agent": "Ana Alvarez",
            **said,
        }
    )
    streams = [Stream(lead, backfill("zoho", lead.external_key, row, now=now)) for lead in leads]
    assert import_streams(streams, people.find_or_make, now=now, batch=batch).refused == []
    return [Lead.objects.get(pk=lead.pk) for lead in leads], batch


def back(leads: Sequence[Lead], batch: UUID, actor: User | None = None, now: datetime | None = None) -> Withdrawn:
    return withdraw(
        lead_ids=[lead.pk for lead in leads], batch=batch, actor=actor or bruna(), now=now or timezone.now()
    )


def again(lead: Lead, batch: UUID | None = None, actor: User | None = None, **said: Any) -> list[int]:
    """The same lead in a later file, which says what the first one said unless told; out: ids taken up."""
    row = Snapshot(**{"line": 2, "status": "QUALIFIED", "agent": "Ana Alvarez", **said})
    wish = Again(lead, "zoho", lead.external_key, row)
    done, taken = take_up(
        [wish], people.find_or_make, batch=batch or uuid4(), actor=actor or bruna(), now=timezone.now()
    )
    assert done.refused == []
    return taken  # fmt: skip


def fresh(lead: Lead) -> Lead:
    return Lead.objects.get(pk=lead.pk)


def place(lead: Lead) -> tuple[Any, ...]:
    lead = fresh(lead)
    return lead.status, lead.stage_entered_at, lead.provenance, lead.provenance_at, lead.agent, lead.times_qualified


def log_is_sound() -> bool:
    *_, verdict = verify()
    return verdict.problems == []


# --- taken back -----------------------------------------------------------------------------------------------------


def test_a_lead_that_nobody_touched_is_trashed_by_a_fact_of_whoever_takes_the_import_back() -> None:
    (lead,), batch = brought()
    assert back([lead], batch) == Withdrawn(done=[lead.pk])
    fact = newest(lead)
    assert (fact.kind, fact.from_status, fact.to_status) == ("import_withdrawn", "QUALIFIED", "TRASHED")
    assert (fact.actor, fact.actor_name, fact.batch, fact.source) == (bruna(), "Bruna Barros", batch, "import")
    assert (fact.data, fact.backfilled, fact.agent) == ({"batch": str(batch)}, False, ana())
    assert (fact.reason, fact.flag, fact.to_agent, fact.target, fact.note_digest) == ("", "", None, None, "")
    lead = fresh(lead)
    assert (lead.status, lead.agent, lead.version) == ("TRASHED", ana(), 4)
    assert withdrawn_among([lead.pk]) == {lead.pk}
    assert_sound(lead)
    assert log_is_sound()


@pytest.mark.parametrize("status", [s.value for s in State])
def test_it_is_taken_back_from_any_stage_and_taken_up_where_it_stood(status: str) -> None:
    (lead,), batch = brought(status=status)
    before = place(lead)
    assert back([lead], batch).done == [lead.pk]
    assert fresh(lead).status == State.TRASHED
    assert again(lead, status=status) == [lead.pk]
    assert place(lead) == before
    assert_sound(lead)
    assert log_is_sound()


def test_taken_back_twice_is_taken_back_once() -> None:
    leads, batch = brought(3)
    back(leads[:2], batch)
    assert back(leads, batch) == Withdrawn(done=[leads[2].pk], before=[leads[0].pk, leads[1].pk])
    with nothing_written():
        assert back(leads, batch).before == [lead.pk for lead in leads]


def test_a_command_takes_back_in_the_name_of_the_system() -> None:
    (lead,), batch = brought()
    assert withdraw(lead_ids=[lead.pk], batch=batch, actor=None, now=timezone.now()).done == [lead.pk]
    assert (newest(lead).actor, newest(lead).actor_name) == (None, "")


@pytest.mark.parametrize("who", [ana, otto])
def test_an_agent_takes_nothing_back_and_nothing_up(who: Any) -> None:
    (lead,), batch = brought()
    person = who()
    with nothing_written(), pytest.raises(NotYours):
        back([lead], batch, actor=person)
    back([lead], batch)
    with nothing_written(), pytest.raises(NotYours):
        again(lead, actor=person)


def test_an_admin_may() -> None:
    (lead,), batch = brought()
    assert back([lead], batch, actor=ada()).done == [lead.pk]


# --- touched since --------------------------------------------------------------------------------------------------


def _noted(lead: Lead) -> None:
    service.add_note(lead_id=lead.pk, actor=ana(), source=Source.PAGE, note="Called, no answer.")


def _moved(lead: Lead) -> None:
    advance(lead, State.COMMITTED, actor=ana())


def _handed(lead: Lead) -> None:
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="territory", actor=bruna(), source=Source.PAGE)


def _corrected(lead: Lead) -> None:
    service.change_contact(lead_id=lead.pk, fields={"name": "Dana Ortiz"}, actor=ana(), source=Source.PAGE)


@pytest.mark.parametrize("touch", [_noted, _moved, _handed, _corrected])
def test_what_somebody_has_worked_with_stays(touch: Any) -> None:
    (lead, other), batch = brought(2)
    touch(lead)
    before = place(lead)
    assert back([lead, other], batch) == Withdrawn(done=[other.pk], touched=[lead.pk])
    assert place(lead) == before
    assert withdrawn_among([lead.pk, other.pk]) == {other.pk}


def test_what_another_import_has_taken_up_is_not_the_first_ones_any_more() -> None:
    (lead,), first = brought()
    second = uuid4()
    back([lead], first)
    again(lead, second)
    assert back([lead], first).touched == [lead.pk]
    assert back([lead], second).done == [lead.pk]
    assert_sound(lead)


def test_scribes_round_is_nobodys_work() -> None:
    """What the office's days do to an imported lead is no work with it: the import can be taken back all the same."""
    (lead,), batch = brought()
    now = timezone.now() + timedelta(days=181)
    time_out(lead_id=lead.pk, lead_uuid=lead.uuid, kind=Kind.TIMED_OUT_NO_PROGRESS, due=now, now=now)
    assert fresh(lead).status == State.ARCHIVED
    assert back([lead], batch).done == [lead.pk]
    with nothing_written():
        assert back([lead], batch).before == [lead.pk]
    assert_sound(lead)


def test_a_lead_that_no_import_brought_is_left_alone() -> None:
    lead = LeadFactory.create(agent=ana())
    with nothing_written():
        assert back([lead], uuid4()).touched == [lead.pk]


# --- taken up again -------------------------------------------------------------------------------------------------


def test_taken_up_again_it_stands_where_it_stood_since_when_it_stood_there() -> None:
    (lead,), batch = brought()
    before = place(lead)
    assert before[:3] == ("QUALIFIED", ENTERED, "imported")
    back([lead], batch)
    second = uuid4()
    assert again(lead, second) == [lead.pk]
    assert place(lead) == before
    void = newest(lead)
    assert (void.kind, void.source, void.reason, void.batch) == ("move_voided", "import", "", second)
    assert (void.target.kind, void.actor, void.to_status) == ("import_withdrawn", bruna(), "QUALIFIED")
    assert withdrawn_among([lead.pk]) == set()
    assert_sound(lead)
    assert log_is_sound()


def test_what_the_newer_file_says_beyond_it_comes_on_top() -> None:
    (lead,), batch = brought()
    back([lead], batch)
    again(lead, status="CLOSED", agent="Ben Brooks", flags=("dnc",), status_words="Sold")
    lead = fresh(lead)
    assert (lead.status, lead.agent and lead.agent.display_name, lead.dnc) == ("CLOSED", "Ben Brooks", True)
    kinds = ["move_voided", "agent_assigned", "history_imported", "flag_set"]
    assert list(lead.events.filter(version__gt=4).order_by("version").values_list("kind", flat=True)) == kinds
    assert_sound(lead)
    assert log_is_sound()


def test_back_and_forth_three_times_is_as_often_in_the_log() -> None:
    (lead,), batch = brought()
    before = place(lead)
    for _ in range(3):
        assert back([lead], batch).done == [lead.pk]
        batch = uuid4()
        assert again(lead, batch) == [lead.pk]
        assert place(lead) == before
    assert lead.events.filter(kind=Kind.IMPORT_WITHDRAWN).count() == 3
    assert log_is_sound()


def test_a_withdrawn_lead_with_which_somebody_has_worked_since_stays_as_it_is() -> None:
    (lead,), batch = brought()
    back([lead], batch)
    advance(lead, State.NEW, actor=ana())
    with nothing_written():
        assert again(lead) == []
    assert withdrawn_among([lead.pk]) == set()


def test_a_move_that_was_undone_leaves_it_withdrawn() -> None:
    (lead,), batch = brought()
    back([lead], batch)
    moved = advance(lead, State.NEW, actor=bruna()).events[0]
    service.void_move(lead_id=lead.pk, target=moved.uuid, reason="mis_drag", actor=bruna(), source=Source.PAGE)
    assert withdrawn_among([lead.pk]) == {lead.pk}
    assert again(lead) == [lead.pk]
    assert fresh(lead).status == State.QUALIFIED
    assert_sound(lead)
    assert log_is_sound()


def test_a_broker_may_undo_the_withdrawal_of_one_lead_by_hand() -> None:
    (lead,), batch = brought()
    back([lead], batch)
    service.void_move(
        lead_id=lead.pk, target=newest(lead).uuid, reason="mis_drag", actor=bruna(), source=Source.PAGE
    )  # fmt: skip
    assert fresh(lead).status == State.QUALIFIED and withdrawn_among([lead.pk]) == set()
    with nothing_written():
        assert again(lead) == []
        assert back([lead], batch).touched == [lead.pk]


def test_a_lead_that_stands_here_is_not_taken_up() -> None:
    (lead,), _ = brought()
    with nothing_written():
        assert again(lead) == []


def test_the_same_lead_wished_for_twice_is_taken_up_once() -> None:
    (lead,), batch = brought()
    back([lead], batch)
    wish = Again(lead, "zoho", lead.external_key, Snapshot(line=2, status="QUALIFIED", agent="Ana Alvarez"))
    _, taken = take_up([wish, wish], people.find_or_make, batch=uuid4(), actor=bruna(), now=timezone.now())
    assert taken == [lead.pk]
    assert_sound(lead)


# --- the past board -------------------------------------------------------------------------------------------------


def _stood(lead: Lead, moment: datetime, clock: Clock) -> str:
    return "".join(standing(moment, clock, Lead.objects.filter(pk=lead.pk)).values_list("status", flat=True))


def test_the_past_board_knows_when_it_was_withdrawn_and_when_taken_up() -> None:
    (lead,), batch = brought()
    came = timezone.now()
    back([lead], batch)
    gone = timezone.now()
    for clock in Clock:
        assert _stood(lead, came, clock) == "QUALIFIED"
        assert _stood(lead, gone, clock) == "TRASHED"
    assert _stood(lead, CREATED, Clock.HAPPENED) == "NEW"
    assert _stood(lead, CREATED, Clock.KNOWN) == ""
    again(lead)
    assert _stood(lead, gone, Clock.HAPPENED) == "QUALIFIED"
    assert _stood(lead, gone, Clock.KNOWN) == "TRASHED"
    for clock in Clock:
        assert _stood(lead, timezone.now(), clock) == "QUALIFIED"


def test_a_clock_that_runs_behind_takes_back_and_up_all_the_same() -> None:
    (lead,), batch = brought()
    yesterday = timezone.now() - timedelta(days=1)
    assert back([lead], batch, now=yesterday).done == [lead.pk]
    row = Snapshot(line=2, status="QUALIFIED", agent="Ana Alvarez")
    take_up(
        [Again(lead, "zoho", lead.external_key, row)], people.find_or_make, batch=uuid4(), actor=None, now=yesterday
    )
    assert_sound(lead)
    assert log_is_sound()


# --- what it costs, and who wins ------------------------------------------------------------------------------------


def test_questions_do_not_grow_with_the_leads() -> None:
    leads, batch = brought(30)
    wishes = [
        Again(lead, "zoho", lead.external_key, Snapshot(line=2, status="QUALIFIED", agent="Ana Alvarez"))
        for lead in leads
    ]
    with CaptureQueriesContext(connection) as asked:
        back(leads, batch)
        _, taken = take_up(wishes, people.find_or_make, batch=uuid4(), actor=bruna(), now=timezone.now())
    assert len(taken) == 30 and len(asked) < 30


@pytest.mark.django_db(transaction=True)
def test_an_agent_who_drags_while_the_import_is_taken_back_wins_or_is_told() -> None:
    agent, broker = ana(), bruna()
    with crowd(2) as two:
        for _ in range(6):
            (lead,), batch = brought()
            acts: list[Any] = [
                partial(back, [lead], batch, actor=broker),
                partial(
                    service.move_lead,
                    lead_id=lead.pk,
                    to="COMMITTED",
                    document="agreement.pdf",
                    actor=agent,
                    source=Source.BOARD,
                    expected_version=lead.version,
                ),
            ]

            def act(n: int, acts: list[Any] = acts) -> Any:
                return acts[n]()

            taken_back, dragged = two.all_at_once(act)
            assert isinstance(taken_back, Withdrawn), taken_back
            if taken_back.done:
                assert isinstance(dragged, Refused) and fresh(lead).status == State.TRASHED
            else:
                assert taken_back.touched == [lead.pk] and fresh(lead).status == State.COMMITTED
            assert_sound(lead)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_same_import_back_at_once_one_does_and_the_other_finds_it_done() -> None:
    leads, batch = brought(12)
    person = bruna()
    with crowd(3) as three:
        answers = three.all_at_once(lambda n: back(leads if n % 2 else leads[::-1], batch, actor=person))
    ids = sorted(lead.pk for lead in leads)
    assert sorted(pk for a in answers for pk in a.done) == ids
    assert all(sorted(a.done + a.before) == ids for a in answers)
    assert LeadEvent.objects.filter(kind=Kind.IMPORT_WITHDRAWN).count() == 12


@pytest.mark.django_db(transaction=True)
def test_of_two_files_that_take_a_lead_up_at_once_one_does() -> None:
    (lead,), batch = brought()
    person = bruna()
    back([lead], batch)
    with crowd(2) as two:
        answers = two.all_at_once(lambda n: again(lead, actor=person))
    assert sorted(answers) == [[], [lead.pk]]
    assert_sound(lead)
