"""Many at one lead in the same moment: one wins, the others get an ordinary answer, nobody gets an error."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from leads.models import Lead, User
from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Source
from lifecycle.models import LeadEvent
from lifecycle.states import State
from tests.factories import LeadFactory, ana, ben, bruna, needs
from tests.soundness import assert_sound

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 50
THERE_AND_BACK = [State.COMMITTED, State.QUALIFIED]
#: Longer than any wait for a lock; who waits longer hangs, and the test says so.
PATIENCE = 60


class Crowd:
    """So many threads, each with a connection of its own, that all do something at the same moment."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.start = Barrier(size, timeout=PATIENCE)
        self.pool = ThreadPoolExecutor(size)

    def all_at_once(self, act: Callable[[int], Any]) -> list[Any]:
        """What each of them got: a result, or whatever was raised."""

        def one(n: int) -> Any:
            connection.ensure_connection()
            self.start.wait()
            try:
                return act(n)
            except Exception as raised:
                return raised

        return [f.result(PATIENCE) for f in [self.pool.submit(one, n) for n in range(self.size)]]

    def go_home(self) -> None:
        """Each thread closes its own connection."""

        def close(n: int) -> None:
            self.start.wait()
            connection.close()

        list(self.pool.map(close, range(self.size)))
        self.pool.shutdown()


@contextmanager
def crowd(size: int) -> Iterator[Crowd]:
    people = Crowd(size)
    try:
        yield people
    finally:
        people.go_home()


def kinds_of(answers: list[Any]) -> Counter[str]:
    """How many won, how many were told which refusal, and every error by its name."""
    return Counter(
        a.code if isinstance(a, Refused) else f"{type(a).__name__}: {a}" if isinstance(a, Exception) else "won"
        for a in answers
    )


def test_sixteen_people_move_one_lead_at_once_and_one_of_them_wins() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED)
    people: list[User] = [ana(), ben(), bruna()]
    version = lead.version
    with crowd(16) as sixteen:
        for n in range(ROUNDS):
            to = THERE_AND_BACK[n % 2]
            said = needs(THERE_AND_BACK[(n + 1) % 2], to)
            seen = version + n

            def move(i: int, to: State = to, seen: int = seen, said: dict[str, Any] = said) -> Any:
                return service.move_lead(
                    lead_id=lead.pk, to=to, actor=people[i % 3], source=Source.BOARD, expected_version=seen, **said
                )

            assert kinds_of(sixteen.all_at_once(move)) == {"won": 1, "stale_version": 15}
    lead.refresh_from_db()
    assert lead.version == version + ROUNDS
    assert_sound(lead)


def test_sixteen_people_do_different_things_at_once_and_all_of_it_is_kept() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED)
    broker, version = bruna(), lead.version
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": broker, "source": Source.PAGE}
    acts: list[Callable[[], Any]] = [
        lambda: service.add_note(**common, note="Hello."),
        lambda: service.log_contact(**common, channel="call", outcome="no_answer"),
        lambda: service.change_contact(**common, fields={"headline": str(uuid4())}),
        lambda: service.add_note(**common, note="", document="a.pdf"),
    ]
    with crowd(16) as sixteen:
        for _ in range(5):
            assert kinds_of(sixteen.all_at_once(lambda n: acts[n % 4]())) == {"won": 16}
    lead.refresh_from_db()
    assert lead.version == version + 5 * 16
    assert_sound(lead)


def test_the_same_form_sent_by_eight_threads_at_once_is_one_event_and_one_answer() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    agent = ana()
    with crowd(8) as eight:
        for n in range(15):
            to, key = THERE_AND_BACK[n % 2], uuid4()
            said = needs(THERE_AND_BACK[(n + 1) % 2], to)

            def move(i: int, to: State = to, key: UUID = key, said: dict[str, Any] = said) -> Any:
                return service.move_lead(
                    lead_id=lead.pk, to=to, actor=agent, source=Source.BOARD, uuid=key, expected_version=None, **said
                )

            answers = eight.all_at_once(move)
            assert kinds_of(answers) == {"won": 8}
            assert {e.pk for a in answers for e in a.events} == {LeadEvent.objects.get(uuid=key).pk}
            assert sorted(a.replayed for a in answers) == [False] + [True] * 7
    assert_sound(lead)


def test_the_same_new_lead_sent_by_eight_threads_at_once_is_one_lead() -> None:
    agent = ana()
    with crowd(8) as eight:
        for n in range(10):
            key = uuid4()

            def create(i: int, key: UUID = key, n: int = n) -> Any:
                lead = Lead(name="Dana", email=f"dana{n}@example.com")
                return service.create_lead(
                    lead=lead, inquiry="website", agent=agent, actor=agent, source=Source.FORM, uuid=key
                )

            answers = eight.all_at_once(create)
            assert kinds_of(answers) == {"won": 8}
            assert len({a.lead_id for a in answers}) == 1
            assert len({e.pk for a in answers for e in a.events}) == 2
            assert sorted(a.replayed for a in answers) == [False] + [True] * 7
    assert Lead.objects.count() == 10
    for lead in Lead.objects.all():
        assert_sound(lead)


def test_one_uuid_for_eight_leads_at_once_serves_one_of_them() -> None:
    leads = [LeadFactory.create(status=State.QUALIFIED, agent=ana()) for _ in range(8)]
    agent = ana()
    with crowd(8) as eight:
        for _ in range(10):
            key = uuid4()

            def note(i: int, key: UUID = key) -> Any:
                return service.add_note(lead_id=leads[i].pk, note="Hello.", actor=agent, source=Source.PAGE, uuid=key)

            assert kinds_of(eight.all_at_once(note)) == {"won": 1, "uuid_reused": 7}
            assert LeadEvent.objects.filter(uuid=key).count() == 1
    for lead in leads:
        assert_sound(lead)


def test_scribe_looks_eight_times_at_once_and_declares_one_breach() -> None:
    leads: list[Any] = [LeadFactory.create(agent=ana()) for _ in range(5)]
    with crowd(8) as eight:
        for lead in leads:
            due = lead.first_contact_due_at

            def look(i: int, lead: Any = lead, due: Any = due) -> Any:
                now = lead.last_recorded_at.replace(year=lead.last_recorded_at.year + 1)
                return service.declare_breach(lead_id=lead.pk, lead_uuid=lead.uuid, due=due, now=now)

            assert kinds_of(eight.all_at_once(look)) == {"won": 8}
            assert lead.events.filter(kind="sla_breached").count() == 1
            assert_sound(lead)


# --- processes ----------------------------------------------------------------------------------------------

PROCESS = """
import json, sys
import django
from django.conf import settings

settings.DATABASES["default"]["NAME"] = sys.argv[1]
settings.DATABASES["default"]["TEST"] = {}
django.setup()

from leads.models import User
from lifecycle import service
from lifecycle.errors import Refused
from tests.factories import needs

actor = User.objects.get(username=sys.argv[2])
print("ready", flush=True)
for line in sys.stdin:
    said = json.loads(line)
    said |= needs(said.pop("from_status"), said["to"])
    try:
        service.move_lead(actor=actor, source="board", **said)
        print("won", flush=True)
    except Refused as refused:
        print(refused.code, flush=True)
    except Exception as error:
        print(repr(error), flush=True)
"""


@contextmanager
def another_process(username: str) -> Iterator[subprocess.Popen[str]]:
    """Somebody's server process on the same database; it moves a lead for each line that it is sent."""
    command = [sys.executable, "-c", PROCESS, str(connection.settings_dict["NAME"]), username]
    root = Path(__file__).resolve().parent.parent
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(PATIENCE)


def test_three_processes_move_one_lead_at_once_and_one_of_them_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = LeadFactory.create(status=State.QUALIFIED)
    names = [p.username for p in (ana(), ben(), bruna())]
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.settings")
    with ExitStack() as stack:
        processes = [stack.enter_context(another_process(name)) for name in names]
        for n in range(20):
            to, back = THERE_AND_BACK[n % 2], THERE_AND_BACK[(n + 1) % 2]
            seen = lead.version + n
            wish = json.dumps({"lead_id": lead.pk, "from_status": back, "to": to, "expected_version": seen})
            for process in processes:
                assert process.stdin is not None
                process.stdin.write(wish + "\n")
            for process in processes:
                assert process.stdin is not None
                process.stdin.flush()
            answers = [process.stdout.readline().strip() for process in processes if process.stdout]
            assert sorted(answers) == ["stale_version", "stale_version", "won"]
    assert_sound(lead)
