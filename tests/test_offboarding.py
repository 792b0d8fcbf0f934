"""Somebody is let go in one action: the leads go on, the account is closed, nobody gets in. It can be carried on."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from leads import offboarding
from leads.bulk.leaving import DEPARTED
from leads.models import Departure, Lead, User
from leads.pages import leave
from lifecycle import service
from lifecycle.errors import BadInput, NotYours, UuidReused
from lifecycle.events import Kind, Source
from lifecycle.models import Batch, LeadEvent
from lifecycle.service import bulk
from lifecycle.states import State
from tests import proofs
from tests.factories import LeadFactory, UserFactory, ada, ana, ben, bruna
from tests.soundness import assert_sound, nothing_written

pytestmark = pytest.mark.django_db(transaction=True)


def otis() -> User:
    """An agent who is about to leave."""
    person = UserFactory.create(username="otis", display_name="Otis Odell")
    person.set_password("correct horse battery")
    person.save()
    return person


def book(person: User) -> list[Lead]:
    """Three open leads, one of them new, and one that is archived."""
    stages = (State.NEW, State.QUALIFIED, State.COMMITTED, State.ARCHIVED)
    return [LeadFactory.create(agent=person, status=stage) for stage in stages]


def at_desk(who: User) -> Client:
    desk = Client()
    desk.force_login(who)
    return desk


def address(person: User) -> str:
    return reverse("let-go", args=[person.pk])


def words(answer: Any) -> str:
    html = answer.content.decode()
    return re.sub(r"\s+", " ", strip_tags(html[html.index("<main") : html.index("</main>")]))


def held(person: User) -> list[str]:
    return sorted(Lead.objects.filter(agent=person).values_list("status", flat=True))


def posted(**said: Any) -> dict[str, Any]:
    return {"uuid": str(uuid4()), "to": "one", "taker": str(ben().pk), "note": "Otis moves to Oregon.", **said}


# --- one action ---------------------------------------------------------------------------------------------


def test_the_page_shows_what_is_in_hand() -> None:
    person = otis()
    book(person)
    said = words(at_desk(bruna()).get(address(person)))
    assert "3 open leads, 1 of them waits for its first contact" in said
    assert (
        all(f"{stage} 1" in said for stage in ("New", "Qualified", "Committed"))
        and "1 closed, archived or trashed lead stays" in said
    )


def test_one_button_does_all_of_it() -> None:
    person = otis()
    leads = book(person)
    own = at_desk(person)
    assert own.get("/").status_code == 200
    answer = at_desk(bruna()).post(address(person), posted(), follow=True)
    assert answer.status_code == 200 and "Otis Odell has left the office" in words(answer)
    assert "3 leads reassigned" in words(answer) and "Ben Brooks" in words(answer)
    assert held(person) == ["ARCHIVED"] and len(held(ben())) == 3
    person.refresh_from_db()
    assert not person.is_active and not person.has_usable_password()
    assert own.get("/").status_code == 302
    assert not any(s.get_decoded().get("_auth_user_id") == str(person.pk) for s in Session.objects.all())
    made = Departure.objects.get()
    assert made.done_at is not None and made.sessions == 1 and made.batch is not None
    assert made.batch.reason == DEPARTED and made.batch.moved == 3
    facts = LeadEvent.objects.filter(batch=made.pk)
    assert facts.count() == 3 and {f.words.note for f in facts} == {"Otis moves to Oregon."}
    for lead in leads:
        assert_sound(lead)


@pytest.mark.parametrize("way", ["share", "pool"])
def test_several_in_turn_or_the_pool(way: str) -> None:
    person = otis()
    book(person)
    said = {"takers": [str(ana().pk), str(ben().pk)]} if way == "share" else {}
    at_desk(ada()).post(address(person), {**posted(to=way, taker=""), **said})
    assert held(person) == ["ARCHIVED"]
    if way == "share":
        assert sorted((len(held(ana())), len(held(ben())))) == [1, 2]
    else:
        assert Lead.objects.filter(agent=None).count() == 3


def test_who_holds_nothing_is_asked_nothing() -> None:
    person = otis()
    desk = at_desk(bruna())
    assert 'name="taker"' not in desk.get(address(person)).content.decode()
    answer = desk.post(address(person), {"uuid": str(uuid4())}, follow=True)
    assert "Otis Odell has left the office" in words(answer) and "There were none" in words(answer)
    assert Departure.objects.get().batch is None and not Batch.objects.exists()


def test_sent_twice_it_is_done_once() -> None:
    person = otis()
    book(person)
    desk, form = at_desk(bruna()), posted()
    assert [desk.post(address(person), form).status_code for _ in range(2)] == [302, 302]
    assert Departure.objects.count() == Batch.objects.count() == 1
    assert LeadEvent.objects.filter(kind=Kind.AGENT_ASSIGNED, reason=DEPARTED).count() == 3


# --- who may ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "whom"),
    [
        (ana, otis),
        (bruna, ada),
        (bruna, bruna),
        (ada, ada),
        (ada, lambda: User.objects.create_superuser("root", display_name="Root")),
    ],
)
def test_not_everybody_lets_everybody_go(who: Any, whom: Any) -> None:
    person = whom()
    desk = at_desk(who())
    with nothing_written():
        assert desk.get(address(person)).status_code == 403
        assert desk.post(address(person), posted()).status_code == 403
        with pytest.raises(NotYours):
            offboarding.begin(uuid=uuid4(), person=person, actor=who(), takers=[None])
    person.refresh_from_db()
    assert person.is_active


def test_an_admin_lets_a_broker_go() -> None:
    at_desk(ada()).post(address(bruna()), posted())
    assert not User.objects.get(username="bruna").is_active


def test_it_asks_anew_who_it_is() -> None:
    person = otis()
    desk = at_desk(bruna())
    proofs.long_ago(desk, bruna())
    assert desk.get(address(person)).status_code == desk.post(address(person), posted()).status_code == 302
    person.refresh_from_db()
    assert person.is_active


def test_who_has_left_already_is_not_let_go_again() -> None:
    person = otis()
    desk = at_desk(bruna())
    desk.post(address(person), {"uuid": str(uuid4())})
    assert desk.get(address(person), follow=True).redirect_chain
    with pytest.raises(BadInput):
        offboarding.begin(uuid=uuid4(), person=person_now(person), actor=bruna(), takers=[None])


def person_now(person: User) -> User:
    return User.objects.get(pk=person.pk)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"to": ""}, "Choose who takes these leads."),
        ({"taker": ""}, "Choose who takes these leads."),
        ({"to": "share", "takers": ["1"]}, "Choose"),
        ({"uuid": "x"}, "This form is damaged"),
        ({"note": "a\x00b"}, "cannot be stored"),
    ],
)
def test_bad_input_changes_nothing(said: dict[str, Any], sentence: str) -> None:
    person = otis()
    book(person)
    with nothing_written():
        answer = at_desk(bruna()).post(address(person), posted(**said))
    assert answer.status_code == 422 and sentence in words(answer)
    assert not Departure.objects.exists() and person_now(person).is_active


def test_nobody_takes_their_own_leads() -> None:
    person = otis()
    book(person)
    answer = at_desk(bruna()).post(address(person), posted(taker=str(person.pk)))
    assert answer.status_code == 422 and person_now(person).is_active


# --- broken off, and meanwhile ------------------------------------------------------------------------------


def begun(person: User, **said: Any) -> Departure:
    return offboarding.begin(**{"uuid": uuid4(), "person": person, "actor": bruna(), "takers": [ben()], **said})


def test_broken_off_it_is_carried_on_by_the_button(monkeypatch: pytest.MonkeyPatch) -> None:
    person = otis()
    book(person)
    monkeypatch.setattr(bulk, "STEP", 1)
    monkeypatch.setattr(bulk.carry_on, "__kwdefaults__", {"now": None, "step": 1})
    monkeypatch.setattr(leave, "PATIENCE", 0.0)
    desk = at_desk(bruna())
    answer = desk.post(address(person), posted(), follow=True)
    assert "Otis Odell is leaving the office" in words(answer) and "1 of 3 leads done" in words(answer)
    assert person_now(person).is_active and len(held(person)) == 3
    assert "has begun this and not finished" in words(desk.get(address(person)))
    where = answer.redirect_chain[-1][0]
    said = desk.post(where, headers={"HX-Request": "true"})
    assert "2 of 3 leads done" in said.content.decode()
    assert desk.post(where, headers={"HX-Request": "true"}).headers["HX-Redirect"] == where
    assert not person_now(person).is_active and held(person) == ["ARCHIVED"]


def test_what_came_after_the_plan_goes_the_same_way() -> None:
    person = otis()
    leads = book(person)
    made = begun(person)
    late = LeadFactory.create(agent=person)
    service.add_note(lead_id=leads[1].pk, note="Rang.", actor=person, source=Source.PAGE)
    made = offboarding.carry_on(made, bruna())
    assert made.came_late == 2 and held(person) == ["ARCHIVED"]
    batch = Batch.objects.get()
    assert (batch.size, batch.moved, batch.refused) == (4, 4, 0)
    assert set(batch.outcomes.values()) == {"moved"} and batch.finished_at is not None
    for lead in (*leads, late):
        assert_sound(lead)


def test_a_lead_that_was_handed_on_and_came_back_goes_once_more() -> None:
    person = otis()
    lead = LeadFactory.create(agent=person, status=State.QUALIFIED)
    made = begun(person)
    bulk.carry_on(uuid=made.pk, actor=bruna())
    service.assign_lead(lead_id=lead.pk, to_agent=person, reason="territory", actor=bruna(), source=Source.PAGE)
    offboarding.carry_on(Departure.objects.select_related("batch").get(), bruna())
    lead.refresh_from_db()
    assert lead.agent == ben() and not person_now(person).is_active
    assert_sound(lead)


def test_where_nothing_was_planned_what_came_is_the_plan() -> None:
    person = otis()
    made = begun(person, takers=[None])
    lead = LeadFactory.create(agent=person)
    made = offboarding.carry_on(made, bruna())
    lead.refresh_from_db()
    assert lead.agent is None and made.batch is not None and made.came_late == 1


def test_when_nobody_of_those_who_were_chosen_is_left_the_pool_takes_them() -> None:
    person = otis()
    book(person)
    made = begun(person)
    User.objects.filter(pk=ben().pk).update(is_active=False)
    offboarding.carry_on(made, bruna())
    assert held(person) == ["ARCHIVED"] and Lead.objects.filter(agent=None).count() == 3


def test_only_its_author_carries_it_on_and_another_begins_anew() -> None:
    person = otis()
    book(person)
    made = begun(person)
    with pytest.raises(NotYours):
        offboarding.carry_on(made, ada())
    with pytest.raises(UuidReused):
        offboarding.begin(uuid=made.pk, person=person, actor=ada(), takers=[ben()])
    at_desk(ada()).post(address(person), posted())
    assert held(person) == ["ARCHIVED"] and not person_now(person).is_active
    assert offboarding.carry_on(made, bruna()).done_at is not None


def test_a_broker_who_is_one_no_more_finishes_nothing() -> None:
    person = otis()
    made = begun(person)
    boss = bruna()
    User.objects.filter(pk=boss.pk).update(role="agent")
    with pytest.raises(NotYours):
        offboarding.carry_on(made, boss)
    assert person_now(person).is_active


# --- the ways there -----------------------------------------------------------------------------------------


def test_the_way_there_is_offered_to_those_who_may() -> None:
    person = otis()
    book(person)
    custody, admin = reverse("agent-custody", args=[person.pk]), reverse("admin:leads_user_change", args=[person.pk])
    assert address(person) in at_desk(bruna()).get(custody).content.decode()
    assert address(person) not in at_desk(person).get(custody).content.decode()
    assert address(person) in at_desk(ada()).get(admin).content.decode()


def test_a_departure_is_found_under_its_own_person_alone() -> None:
    made = begun(otis())
    desk = at_desk(bruna())
    assert desk.get(reverse("departure", args=[made.person_id, made.pk])).status_code == 200
    assert desk.get(reverse("departure", args=[ben().pk, made.pk])).status_code == 404
    assert at_desk(ana()).get(reverse("departure", args=[made.person_id, made.pk])).status_code == 403
