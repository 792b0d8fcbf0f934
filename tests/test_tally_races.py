"""The counts are right at every moment: while others write, while the tally is moved on, while it is made anew."""

from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from leads.models import Lead
from lifecycle import service, tally
from lifecycle.events import Source
from lifecycle.models import LeadEvent, TallyMark
from lifecycle.service import tallying
from lifecycle.states import State
from tests.factories import ana, ben, bruna, needs
from tests.many import many_leads
from tests.tallies import LONG_AGO, at, both
from tests.test_horizon import on_postgresql_alone
from tests.test_races import crowd, kinds_of

pytestmark = pytest.mark.django_db(transaction=True)

PATIENCE = 60
STATES = [State.QUALIFIED, State.COMMITTED, State.ARCHIVED]


class Looking(Thread):
    """Somebody who compares tally and leads all the time."""

    def __init__(self) -> None:
        super().__init__()
        self.over = Event()
        self.looks = self.from_tally = 0
        self.wrong: list[Any] = []
        self.start()

    def run(self) -> None:
        holders = [None, [ana().pk, 0], [ben().pk], [0]]
        try:
            while not self.over.is_set() and not self.wrong:
                told, so = both(at(timezone.now()), holders[self.looks % 4])
                self.looks += 1
                if told is not None:
                    self.from_tally += 1
                    if told != so:
                        self.wrong.append((told, so))
        finally:
            connection.close()


def move_about(lead_ids: list[int], turns: int) -> None:
    """Moves and hands on, there and back, as Bruna does."""
    broker, people = bruna(), [ana(), ben(), None]
    for turn in range(turns):
        for pk in lead_ids:
            lead = Lead.objects.get(pk=pk)
            to = State.COMMITTED if lead.status == State.QUALIFIED else State.QUALIFIED
            common: dict[str, Any] = {"lead_id": pk, "actor": broker, "source": Source.BOARD}
            # Two facts in one transaction, so that the second one's id is drawn while others commit.
            with transaction.atomic():
                service.move_lead(**common, to=to, **needs(lead.status, to))
                person = people[turn % 3]
                reason = "workload_balance" if person else "returned_to_pool"
                service.assign_lead(**common, to_agent=person, reason=reason)


def test_nobody_ever_sees_a_wrong_sum_while_four_write_and_somebody_moves_the_tally_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tallying, "_FACTS", 7)
    monkeypatch.setattr(tallying, "_LEADS", 9)
    ids = [lead.pk for lead in many_leads(24, [ana(), ben(), None], STATES)]
    moving = list(Lead.objects.filter(pk__in=ids, status="QUALIFIED").values_list("pk", flat=True))
    assert len(moving) == 8
    tallying.move_on()
    looking, over = Looking(), Event()
    moved: list[bool] = []

    def keep_moving_on() -> None:
        try:
            while not over.is_set():
                # Now and then somebody begins anew in the middle of it.
                moved.append(tallying.make_anew(0.2) if len(moved) % 5 == 4 else tallying.move_on(0.2))
        finally:
            connection.close()

    movers = [Thread(target=keep_moving_on) for _ in range(2)]
    for mover in movers:
        mover.start()
    try:
        with crowd(4) as four:
            answers = four.all_at_once(lambda n: move_about(moving[2 * n : 2 * n + 2], 6))
    finally:
        over.set()
        for mover in movers:
            mover.join(PATIENCE)
        looking.over.set()
        looking.join(PATIENCE)
    assert kinds_of(answers) == {"won": 4}
    assert looking.wrong == []
    assert looking.from_tally and any(moved)
    assert tallying.move_on(PATIENCE)
    assert TallyMark.objects.get().upto == LeadEvent.objects.latest("id").pk
    told, so = both(at(timezone.now()))
    assert told == so
    assert tally.drifted() == 0


@on_postgresql_alone
def test_a_move_that_is_committed_after_a_newer_one_is_counted_all_the_same() -> None:
    early, late = many_leads(2, [ana(), ben()])
    tallying.move_on()
    was = TallyMark.objects.get().upto
    broker, written, go = bruna(), Event(), Event()

    def slowly() -> None:
        try:
            with transaction.atomic():
                service.move_lead(
                    lead_id=early.pk, to="ARCHIVED", reason="renting_instead", actor=broker, source=Source.BOARD
                )
                written.set()
                assert go.wait(PATIENCE)
        finally:
            connection.close()

    slow = Thread(target=slowly)
    slow.start()
    try:
        assert written.wait(PATIENCE)
        service.move_lead(lead_id=late.pk, to="ARCHIVED", reason="renting_instead", actor=broker, source=Source.BOARD)
        assert not tallying.move_on(0)
        assert TallyMark.objects.get().upto == was
        assert tally.counted(at(LONG_AGO)) == tally.Counted({("QUALIFIED", "imported"): 1, ("ARCHIVED", ""): 1})
    finally:
        go.set()
        slow.join(PATIENCE)
    assert tally.counted(at(LONG_AGO)) == tally.Counted({("ARCHIVED", ""): 2})
    assert tallying.move_on(0)
    assert tally.counted(at(LONG_AGO)) == tally.Counted({("ARCHIVED", ""): 2})
    assert tally.drifted() == 0
