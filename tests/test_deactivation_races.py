"""An account is closed while leads are given to it: it ends up open with leads, or closed without any."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from leads.models import Lead, User
from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Source
from lifecycle.service import bulk
from tests.factories import LeadFactory, UserFactory, ada, ana, bruna
from tests.second_steps import in_person
from tests.test_races import crowd

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 12


def give_in_bulk(leads: list[Lead], to: User) -> None:
    wishes = [bulk.Wish(lead.pk, lead.version, to.pk) for lead in leads]
    batch = bulk.begin(uuid=uuid4(), actor=bruna(), wishes=wishes, reason="workload_balance")
    bulk.carry_on(uuid=batch.uuid, actor=bruna())


def give_one(lead: Lead, to: User) -> None:
    service.assign_lead(lead_id=lead.pk, to_agent=to, reason="territory", actor=bruna(), source=Source.PAGE)


def bring_one(to: User) -> None:
    lead = LeadFactory.build()
    service.create_lead(lead=lead, inquiry="walk_in", agent=to, actor=bruna(), source=Source.PAGE)


def one_of(acts: list[Callable[[], Any]], n: int) -> Any:
    return acts[n]()


def test_nobody_gets_a_lead_while_the_account_is_closed() -> None:
    admin, holder, _ = ada(), ana(), bruna()
    desk = in_person(admin)
    for n in range(ROUNDS):
        leaver = UserFactory.create(username=f"leaver{n}")
        leads = [LeadFactory.create(agent=holder) for _ in range(4)]
        typed = {name: getattr(leaver, name) for name in ("username", "display_name", "email", "role", "time_zone")}
        acts: list[Callable[[], Any]] = [
            partial(desk.post, f"/admin/leads/user/{leaver.pk}/change/", typed),
            partial(give_in_bulk, leads[1:], leaver),
            partial(give_one, leads[0], leaver),
            partial(bring_one, leaver),
        ]
        with crowd(len(acts)) as four:
            answers = four.all_at_once(partial(one_of, acts))
        assert [a for a in answers if isinstance(a, Exception) and not isinstance(a, Refused)] == []
        leaver.refresh_from_db()
        assert leaver.is_active or not Lead.objects.filter(agent=leaver).exists()
