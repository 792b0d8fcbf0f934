"""Several people correct the same thing in the same moment: one fact, and a sentence for everybody else."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Kind, Source
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, bruna
from tests.soundness import assert_sound
from tests.test_races import crowd, kinds_of

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 3


def test_two_people_undo_the_same_move_at_once_and_one_of_them_is_told_who_did() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    people = [ana(), bruna()]
    with crowd(6) as six:
        for _ in range(ROUNDS):
            moved = advance(lead, State.COMMITTED, actor=ana()).events[0]

            def undo(n: int, target: Any = moved.uuid) -> Any:
                return service.void_move(
                    lead_id=lead.pk, target=target, reason="mis_drag", actor=people[n % 2], source=Source.BOARD
                )

            answers = six.all_at_once(undo)
            assert kinds_of(answers) == {"won": 1, "nothing_to_void": 5}
            assert lead.events.filter(kind=Kind.MOVE_VOIDED, target=moved).count() == 1
            winner = next(a.events[0].actor_name for a in answers if not isinstance(a, Refused))
            for n, answer in enumerate(answers):
                who = "You" if people[n % 2].display_name == winner else winner
                said = f"{who} undid this move already, at "
                assert not isinstance(answer, Refused) or answer.sentence.startswith(said)
    assert_sound(lead)


def test_the_same_undo_sent_by_six_threads_at_once_is_one_event_and_one_answer() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    moved, agent, key = advance(lead, State.COMMITTED, actor=ana()).events[0], ana(), uuid4()
    undo = partial(
        service.void_move, lead_id=lead.pk, target=moved.uuid, reason="mis_drag", actor=agent, source="board", uuid=key
    )
    with crowd(6) as six:
        answers = six.all_at_once(lambda n: undo())
    assert kinds_of(answers) == {"won": 6}
    assert len({e.pk for a in answers for e in a.events}) == 1
    assert_sound(lead)


def test_a_move_and_the_undo_of_the_one_before_it_at_once_leave_one_truth() -> None:
    """Whichever comes first: a move that is undone while a colleague moves on, or the sentence that she did."""
    agent, broker = ana(), bruna()
    with crowd(2) as two:
        for _ in range(ROUNDS):
            lead = LeadFactory.create(status=State.QUALIFIED, agent=agent)
            moved = advance(lead, State.COMMITTED, actor=agent).events[0]
            seen = lead.version
            acts: list[Any] = [
                partial(service.void_move, lead_id=lead.pk, target=moved.uuid, reason="mis_drag", actor=agent),
                partial(service.move_lead, lead_id=lead.pk, to="IN_CONTRACT", actor=broker, expected_version=seen),
            ]

            def act(n: int, acts: list[Any] = acts) -> Any:
                return acts[n](source="board")

            undone, went_on = two.all_at_once(act)
            lead.refresh_from_db()
            if isinstance(undone, Refused):
                assert undone.sentence.startswith("Bruna Barros moved ") and lead.status == State.IN_CONTRACT
            else:
                assert isinstance(went_on, Refused) and "undid a move" in went_on.sentence
                assert lead.status == State.QUALIFIED
            assert_sound(lead)


def test_of_six_who_correct_the_reason_that_they_saw_one_does_and_five_are_told() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    fell = advance(lead, State.QUALIFIED, actor=ana(), reason="cold_feet").events[0]
    reasons = ["outbid", "life_event", "offer_rejected", "paused_search", "switched_agent", "agreement_expired"]
    broker = bruna()
    with crowd(6) as six:
        answers = six.all_at_once(
            lambda n: service.correct_reason(
                lead_id=lead.pk, target=fell.uuid, reason=reasons[n], note="It was in the file.", saw="cold_feet",
                actor=broker, source=Source.PAGE,
            )
        )  # fmt: skip
    assert kinds_of(answers) == {"won": 1, "stale_version": 5}
    assert lead.events.filter(kind=Kind.REASON_CORRECTED).count() == 1
    assert_sound(lead)
