"""Hints for open boards: whom a fact is told, who finds no place, and what a connection says."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leads.board import changes
from leads.board import hints as module
from leads.board.changes import Cursor, cursor_now, news
from leads.board.hints import Hints, Place, Stream
from leads.board.log_end import WINDOW, LogEnd
from leads.models import Lead, Role, User
from lifecycle import service
from lifecycle.events import Source
from lifecycle.models import LeadEvent
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna

pytestmark = pytest.mark.django_db

HINTS = "/board/hints/"


class Quiet(Hints):
    """Nobody looks at the log by itself; the test does."""

    def _watch(self) -> None:
        pass


def told(hints: Hints, log: LogEnd) -> set[int]:
    """Whose boards are woken by what has come since the last look."""
    for place in hints._places:
        place.is_new = False
        place.wake.clear()
    hints.tell(log.look())
    return {place.viewer for place in hints._places if place.wake.is_set()}


@pytest.fixture
def office() -> tuple[Hints, LogEnd, dict[str, int]]:
    """Ana, Ben and Bruna are connected, and everything so far has been told."""
    hints, log = Quiet(), LogEnd()
    people = {"ana": ana(), "ben": ben(), "bruna": bruna()}
    for person in people.values():
        assert hints.connect(person, 3)
    log.look()
    return hints, log, {name: person.pk for name, person in people.items()}


def test_a_move_is_told_to_its_holder_and_to_the_broker_and_to_no_other_agent(office: Any) -> None:
    hints, log, pk = office
    lead = LeadFactory.create(status=State.CONTACTING, agent=ben())
    log.look()
    assert told(hints, log) == set()

    advance(lead, State.QUALIFIED, actor=ben())
    assert told(hints, log) == {pk["ben"], pk["bruna"]}


def test_what_happens_in_the_pool_is_told_to_everybody(office: Any) -> None:
    hints, log, pk = office
    LeadFactory.create(agent=None)
    assert told(hints, log) == set(pk.values())


def test_a_hand_over_is_told_to_both_and_taking_from_the_pool_to_everybody(office: Any) -> None:
    hints, log, pk = office
    common: dict[str, Any] = {"actor": bruna(), "source": Source.PAGE, "reason": "workload_balance"}
    held, free = LeadFactory.create(agent=ana()), LeadFactory.create(agent=None)
    log.look()

    service.assign_lead(lead_id=held.pk, to_agent=ben(), **common)
    assert told(hints, log) == {pk["ana"], pk["ben"], pk["bruna"]}
    service.assign_lead(lead_id=free.pk, to_agent=ben(), **common)
    assert told(hints, log) == set(pk.values())


def test_a_fact_that_appears_late_with_a_lower_number_is_told(office: Any) -> None:
    hints, log, pk = office
    lead = LeadFactory.create(agent=ben())
    second = LeadEvent.objects.order_by("-id").values_list("id", flat=True)[1]
    log.look()
    log._known = (log._known or frozenset()) - {second}

    assert lead.agent_id in told(hints, log)
    assert pk["ana"] not in told(hints, log)


def test_more_than_a_window_full_is_told_to_everybody(office: Any) -> None:
    hints, log, pk = office
    lead = LeadFactory.create(agent=ben())
    for n in range(WINDOW):
        service.add_note(lead_id=lead.pk, note=f"Call {n}.", actor=ben(), source=Source.PAGE)
    assert told(hints, log) == set(pk.values())


def test_a_board_that_connects_is_told_once_to_look_for_its_page_is_older() -> None:
    hints, log = Quiet(), LogEnd()
    assert hints.connect(ana(), 1)
    (place,) = hints._places
    hints.tell(log.look())
    assert place.wake.is_set()
    place.wake.clear()
    hints.tell(log.look())
    assert not place.wake.is_set()


def test_who_was_deactivated_is_let_go_and_who_became_an_agent_sees_less() -> None:
    hints = Quiet()
    streams = [hints.connect(person, 2) for person in (ana(), bruna())]
    User.objects.filter(pk=ana().pk).update(is_active=False)
    User.objects.filter(pk=bruna().pk).update(role=Role.AGENT.value)

    hints.see_who_is_here()

    assert streams[0] and len(list(streams[0])) == 1
    (left,) = hints._places
    assert (left.viewer, left.sees_all, left.over) == (bruna().pk, False, False)


# ---- one connection


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[Hints]:
    """The product's own hints with one place, and nobody who looks."""
    settings.LIVE_HINTS = 1
    made = Quiet()
    monkeypatch.setattr("leads.pages.board.hints", made)
    yield made


def hang_up(answer: Any) -> None:
    """What the server does with an answer that is over, but for the signal that closes this test's database."""
    for close in answer._resource_closers:
        close()


def of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_connection_says_look_and_never_what(quiet: Hints) -> None:
    answer: Any = of(ana()).get(HINTS, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/event-stream")
    assert "Content-Encoding" not in answer and answer["X-Accel-Buffering"] == "no"
    assert "no-store" in answer["Cache-Control"]

    (place,) = quiet._places
    place.wake.set()
    said = iter(answer.streaming_content)
    assert next(said).startswith(b"retry: ")
    assert next(said) == b"data: look\n\n"
    hang_up(answer)


def test_a_silent_office_gives_a_sign_of_life(monkeypatch: pytest.MonkeyPatch, quiet: Hints) -> None:
    monkeypatch.setattr(module, "SIGN_EVERY", 0)
    answer: Any = of(ana()).get(HINTS)
    said = iter(answer.streaming_content)
    assert [next(said)[:6], next(said)] == [b"retry:", module.SIGN]
    hang_up(answer)


def test_without_a_free_place_the_answer_is_204_and_asking_goes_on(quiet: Hints) -> None:
    first: Any = of(ana()).get(HINTS)
    client = of(ben())
    assert client.get(HINTS).status_code == 204
    assert client.get(reverse("board-changes")).status_code == 200

    hang_up(first)
    assert quiet.taken == 0
    again: Any = client.get(HINTS)
    assert again.status_code == 200
    hang_up(again)


def test_a_place_whose_connection_never_began_is_free_again(monkeypatch: pytest.MonkeyPatch) -> None:
    hints = Quiet()
    assert hints.connect(ana(), 1)
    assert hints._goes_on()
    monkeypatch.setattr(module, "FORGOTTEN", -1)
    assert not hints._goes_on()
    assert hints.taken == 0


def test_a_process_that_ends_lets_everybody_go() -> None:
    hints = Quiet()
    stream = hints.connect(ana(), 1)
    assert stream
    hints.is_ending = lambda: True
    assert not hints._goes_on()
    assert len(list(stream)) == 1
    assert hints.connect(ana(), 1) is None


def test_who_is_let_go_while_a_hint_is_due_hears_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    hints, place = Hints(), Place(1, False)
    said = iter(Stream(hints, place))
    next(said)
    place.wake.set()
    monkeypatch.setattr(module.time, "sleep", lambda seconds: place.end())
    assert list(said) == []


def test_a_connection_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LASTS", (0, 0))
    hints = Hints()
    assert len(list(Stream(hints, Place(1, False)))) == 1


def test_a_server_without_places_has_no_word_of_hints_on_the_page(settings: Any) -> None:
    settings.LIVE_HINTS = 0
    client = of(ana())
    html = client.get("/").content.decode()
    assert "data-hints" not in html and "board-hints.js" not in html
    assert client.get(HINTS).status_code == 204
    settings.LIVE_HINTS = 1
    html = client.get("/").content.decode()
    assert f'data-hints="{HINTS}"' in html and "board-hints.js" in html


def test_a_stranger_and_who_was_deactivated_hear_nothing(quiet: Hints) -> None:
    assert Client().get(HINTS).status_code == 302
    client = of(ana())
    User.objects.filter(pk=ana().pk).update(is_active=False)
    assert client.get(HINTS).status_code == 302
    assert quiet.taken == 0


def test_as_many_threads_as_there_are_places_and_no_more() -> None:
    hints, found = Quiet(), []
    ready = threading.Barrier(8)
    viewer = ana()

    def connect() -> None:
        ready.wait()
        found.append(hints.connect(viewer, 3))

    threads = [threading.Thread(target=connect) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(stream is not None for stream in found) == 3


# ---- one picture for boards that look together


@pytest.fixture
def together(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server with hints, on a machine so slow that all that happens here is one moment."""
    settings.LIVE_HINTS = 1
    monkeypatch.setattr(changes, "TOGETHER", 3600)


def test_boards_that_look_together_are_answered_as_one_and_hear_the_rest_next_time(together: None) -> None:
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana())
    page, leads = cursor_now(), Lead.objects.all()
    advance(lead, State.QUALIFIED, actor=ana())
    first = news(page, bruna(), leads)
    advance(lead, State.COMMITTED, actor=ana())
    second = news(page, bruna(), leads)

    assert first and second and second.cursor == first.cursor
    assert "to Qualified" in second.sentence
    rest = news(second.cursor, bruna(), leads)
    assert rest and {State.QUALIFIED, State.COMMITTED} <= rest.states and "to Committed" in rest.sentence


def test_a_board_never_gets_a_picture_that_is_older_than_its_own(together: None) -> None:
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana())
    page, leads = cursor_now(), Lead.objects.all()
    advance(lead, State.QUALIFIED, actor=ana())
    assert news(page, bruna(), leads)
    older = changes._last_end
    advance(lead, State.COMMITTED, actor=ana())
    of_her_own_move = cursor_now()
    changes._last_end = older

    assert news(of_her_own_move, ana(), leads) is None


def test_a_quiet_board_asks_once_whether_a_clock_runs(django_assert_num_queries: Any) -> None:
    lead = LeadFactory.create(status=State.CONTACTING, agent=ana())
    page, leads = cursor_now(), Lead.objects.filter(agent=ana())
    old, viewer = Cursor(page.since, page.tail, page.drawn, page.ticked - 60), ana()
    for queries in (2, 1, 1):
        with django_assert_num_queries(queries):
            assert news(old, viewer, leads) is None
    service.add_note(lead_id=lead.pk, note="Called.", actor=ana(), source=Source.PAGE)
    heard = news(old, viewer, leads)
    assert heard
    LeadFactory.create(agent=ana(), begun=timezone.now())
    late = news(heard.cursor, viewer, leads)
    assert late and State.NEW in late.states
    assert news(Cursor(late.cursor.since, late.cursor.tail, late.cursor.drawn, page.ticked - 60), viewer, leads)
