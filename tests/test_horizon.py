"""Reading the log so that nothing is missed: up to the horizon, while others write."""

import json
from contextlib import ExitStack
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction

from leads.models import Lead, User
from lifecycle import horizon as horizon_module
from lifecycle import service
from lifecycle.events import Source
from lifecycle.horizon import Watch, horizon
from lifecycle.models import LeadEvent
from lifecycle.states import State
from tests.factories import LeadFactory, ana, ben, bruna
from tests.test_races import another_process, crowd, kinds_of

pytestmark = pytest.mark.django_db(transaction=True)

on_postgresql_alone = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite has one writer: nobody is in the middle while another begins."
)
PATIENCE = 60


def note(lead: Lead, actor: User) -> Any:
    return service.add_note(lead_id=lead.pk, note="Hello.", actor=actor, source=Source.PAGE)


class Follower:
    """Reads on from where it was, up to the horizon, again and again."""

    def __init__(self) -> None:
        self.seen: list[int] = []
        self.upto = 0

    def read_on(self, patience: float = 0.0) -> None:
        upto = horizon(patience)
        if upto is not None:
            later = LeadEvent.objects.filter(id__gt=self.upto, id__lte=upto).order_by("id")
            self.seen += later.values_list("id", flat=True)
            self.upto = upto

    def follow(self, over: Event) -> None:
        try:
            while not over.is_set():
                self.read_on(0.05)
        finally:
            connection.close()


def everything() -> list[int]:
    return list(LeadEvent.objects.order_by("id").values_list("id", flat=True))


def test_whoever_reads_up_to_the_horizon_misses_nothing_while_four_threads_write() -> None:
    leads = [LeadFactory.create(agent=ana()) for _ in range(4)]
    agent, follower, over = ana(), Follower(), Event()
    reader = Thread(target=follower.follow, args=[over])
    reader.start()
    try:
        with crowd(4) as four:

            def write(n: int) -> None:
                for turn in range(25):
                    with transaction.atomic():
                        note(leads[n], agent)
                        # Others draw their ids meanwhile, and commit first.
                        LeadEvent.objects.filter(lead=leads[(n + turn) % 4]).count()

            assert kinds_of(four.all_at_once(write)) == {"won": 4}
    finally:
        over.set()
        reader.join(PATIENCE)
    follower.read_on(PATIENCE)
    assert follower.seen == everything()


def test_whoever_reads_up_to_the_horizon_misses_nothing_while_three_processes_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    people = [ana(), ben(), bruna()]
    leads = [LeadFactory.create(status=State.QUALIFIED, agent=p) for p in people]
    ways = [State.QUALIFIED, State.COMMITTED]
    follower = Follower()
    with ExitStack() as stack:
        processes = [stack.enter_context(another_process(p.username)) for p in people]
        for turn in range(15):
            for lead, process in zip(leads, processes, strict=True):
                assert process.stdin is not None
                wish = {"lead_id": lead.pk, "from_status": ways[turn % 2], "to": ways[(turn + 1) % 2]}
                process.stdin.write(json.dumps(wish) + "\n")
                process.stdin.flush()
            follower.read_on()
            answers = [process.stdout.readline().strip() for process in processes if process.stdout]
            assert answers == ["won"] * 3
            follower.read_on()
    follower.read_on(PATIENCE)
    assert follower.seen == everything()


class Writer:
    """Ana has written a note and has not committed it; `end` lets her, or makes her think better of it."""

    def __init__(self, lead: Lead, *, keeps: bool = True) -> None:
        self.lead, self.actor, self.keeps = lead, ana(), keeps
        self.written, self.go = Event(), Event()
        self.thread = Thread(target=self._write)
        self.thread.start()
        assert self.written.wait(PATIENCE)

    def _write(self) -> None:
        try:
            with transaction.atomic():
                self.result = note(self.lead, self.actor)
                self.written.set()
                assert self.go.wait(PATIENCE)
                transaction.set_rollback(not self.keeps)
        finally:
            connection.close()

    def end(self) -> None:
        self.go.set()
        self.thread.join(PATIENCE)


@on_postgresql_alone
@pytest.mark.parametrize("keeps", [True, False])
def test_an_older_fact_that_is_not_committed_yet_holds_the_horizon_back(keeps: bool) -> None:
    first, second = LeadFactory.create(), LeadFactory.create()
    before, broker = everything(), bruna()
    writer = Writer(first, keeps=keeps)
    try:
        newer = note(second, broker).events[0].id
        assert everything() == [*before, newer]
        watch = Watch.begin()
        assert horizon() is None and not watch.reached()
        # Whoever begins after the look is not waited for.
        third = Writer(second)
    finally:
        writer.end()
    try:
        assert watch.reached()
        assert watch.candidate == newer
        assert everything() == [*before, *([writer.result.events[0].id] if keeps else []), newer]
        assert horizon() is None
    finally:
        third.end()
    assert horizon() == third.result.events[0].id


@on_postgresql_alone
def test_whoever_begins_to_write_while_we_look_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    lead, newest, writers = LeadFactory.create(), horizon_module._newest, []

    def meanwhile() -> int:
        writers.append(Writer(lead))
        return newest()

    monkeypatch.setattr(horizon_module, "_newest", meanwhile)
    try:
        watch = Watch.begin()
        assert not watch.reached()
    finally:
        writers[0].end()
    assert watch.reached()
    assert watch.candidate == writers[0].result.events[0].id


@on_postgresql_alone
def test_before_the_first_fact_the_horizon_lies_before_it() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval(pg_get_serial_sequence('lifecycle_leadevent', 'id'), 1, false)")
    assert horizon() == 0
    lead = LeadFactory.create()
    assert LeadEvent.objects.filter(lead=lead).earliest("id").pk == 1


def test_what_we_wrote_ourselves_and_have_not_committed_is_no_hindrance() -> None:
    lead = LeadFactory.create()
    with transaction.atomic():
        fact = note(lead, ana()).events[0]
        assert horizon() == fact.id
