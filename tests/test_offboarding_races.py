"""Somebody is let go while leads are given to them: the account ends closed and without an open lead, always."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from leads import offboarding
from leads.models import Departure, Lead, User
from lifecycle.errors import Refused
from lifecycle.states import WORKING
from tests.factories import LeadFactory, UserFactory, ana, ben, bruna
from tests.soundness import assert_sound
from tests.test_deactivation_races import bring_one, give_in_bulk, give_one, one_of
from tests.test_races import crowd

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 6
OPEN = [s.value for s in WORKING]


def let_go(leaver: User, key: Any) -> Departure:
    made = offboarding.begin(uuid=key, person=leaver, actor=bruna(), takers=[ana(), ben()])
    return offboarding.carry_on(made, bruna())


def test_whatever_comes_meanwhile_goes_the_same_way() -> None:
    ana(), ben(), bruna()
    for n in range(ROUNDS):
        leaver = UserFactory.create(username=f"leaver{n}")
        held = [LeadFactory.create(agent=leaver) for _ in range(2)]
        given = [LeadFactory.create(agent=ana()) for _ in range(3)]
        acts: list[Callable[[], Any]] = [
            partial(let_go, leaver, uuid4()),
            partial(give_in_bulk, given[1:], leaver),
            partial(give_one, given[0], leaver),
            partial(bring_one, leaver),
        ]
        with crowd(len(acts)) as four:
            answers = four.all_at_once(partial(one_of, acts))
        assert [a for a in answers if isinstance(a, Exception) and not isinstance(a, Refused)] == []
        assert isinstance(answers[0], Departure) and answers[0].done_at is not None
        leaver.refresh_from_db()
        assert not leaver.is_active
        assert not Lead.objects.filter(agent=leaver, status__in=OPEN).exists()
        for lead in [*held, *given]:
            assert_sound(lead)


def test_two_presses_of_the_button_are_one_departure() -> None:
    ana(), ben(), bruna()
    leaver, key = UserFactory.create(username="otto2"), uuid4()
    leads = [LeadFactory.create(agent=leaver) for _ in range(4)]
    with crowd(2) as two:
        answers = two.all_at_once(lambda n: let_go(leaver, key))
    assert [a for a in answers if isinstance(a, Exception)] == []
    assert Departure.objects.count() == 1
    for lead in leads:
        assert [e.kind for e in lead.events.order_by("version")].count("agent_assigned") == 2
        assert_sound(lead)
