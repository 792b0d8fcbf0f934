"""The pages that reassign many leads: chosen, looked over, done, and handed back."""

import re
from collections.abc import Callable
from functools import partial
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from leads.board import changes
from leads.models import Lead, User
from leads.pages import reassign_batch
from lifecycle import service
from lifecycle.events import Source
from lifecycle.models import Batch, LeadEvent, ReasonCode
from lifecycle.service import bulk
from lifecycle.states import State
from tests.factories import LeadFactory, UserFactory, ada, advance, ana, ben, bruna, newest, otto
from tests.many import many_leads
from tests.second_steps import in_person
from tests.soundness import assert_sound, nothing_written

pytestmark = pytest.mark.django_db

URL = "/reassign/"
BALANCE = {"reason": "workload_balance"}


def logged_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def page(answer: Any) -> str:
    """The words of an answer, as a person reads them."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def hidden(answer: Any) -> dict[str, Any]:
    """The hidden fields of the page's last form but the key against forgery; repeated ones as lists."""
    html = answer.content.decode().rpartition('<form class="stack')[2]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html):
        if name != "csrfmiddlewaretoken":
            found.setdefault(name, []).append(unescape(value))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def look(who: User, said: dict[str, Any], agent: User | None, /, **more: Any) -> Any:
    """The answer to step 2: these leads, to this agent or the pool."""
    whom = {"to": "pool"} if agent is None else {"to": "one", "taker": agent.pk}
    return logged_in(who).post(URL, {"step": "preview", **said, **whom, **BALANCE, **more}, follow=True)


def confirm(who: User, preview: Any, **other: Any) -> Any:
    return logged_in(who).post(URL, {**hidden(preview), "step": "confirm", **other})


def done(who: User, said: dict[str, Any], agent: User | None, /, **more: Any) -> Batch:
    """The batch after all three steps."""
    answer = confirm(who, look(who, said, agent, **more))
    assert answer.status_code == 302, page(answer)
    return Batch.objects.get(pk=UUID(answer.url.strip("/").split("/")[-1]))


def batch_page(who: User, batch: Batch) -> Any:
    client: Any = logged_in(who)
    return client.get(reverse("reassign-batch", args=[batch.pk]))


def picked(*leads: Lead) -> dict[str, Any]:
    return {"leads": ",".join(str(lead.pk) for lead in leads)}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine is, one request comes to the end."""
    monkeypatch.setattr(reassign_batch, "PATIENCE", 600.0)


# --- step 1: which leads ------------------------------------------------------------------------------------


def test_bruna_begins_with_somebodys_book_and_sees_what_was_done_lately() -> None:
    lead = LeadFactory.create(agent=ana())
    otto()
    batch = done(bruna(), picked(lead), ben())
    said = page(logged_in(bruna()).get(URL))
    assert "Otto Oduya (left)" in said and "1 moved" in said and "Bruna Barros" in said
    assert re.search(r"Bruna Barros · \d+ \w+ \d{4}, \d+:\d\d [ap]m \w+", said)
    mine = logged_in(ana()).get(URL)
    assert "All your open leads" in page(mine) and str(batch.pk) not in mine.content.decode()


def test_a_filter_chooses_all_that_it_shows_and_asks_about_closed_ones() -> None:
    for status in (State.NEW, State.QUALIFIED, State.ARCHIVED):
        LeadFactory.create(status=status, agent=ana(), name=f"Hers in {status}")
    LeadFactory.create(agent=ben(), name="His")
    said = page(logged_in(bruna()).get(f"{URL}?agent={ana().pk}&which=open"))
    assert "Open leads only 2" in said and "trashed ones too 3" in said
    assert "Hers in NEW" in said and "Hers in ARCHIVED" in said and "His" not in said.replace("History", "")
    query = f"agent={ana().pk}"
    assert "2 leads would change hands" in page(look(bruna(), {"query": query, "which": "open"}, ben()))
    assert "3 leads would change hands" in page(look(bruna(), {"query": query, "which": "all"}, ben()))


def test_what_is_unticked_stays_and_what_came_meanwhile_is_in() -> None:
    kept, out = LeadFactory.create(agent=ana(), name="Kept"), LeadFactory.create(agent=ana(), name="Unticked")
    LeadFactory.create(agent=ana(), name="Newcomer")
    said = {"query": f"agent={ana().pk}", "shown": f"{kept.pk},{out.pk}", "lead": [kept.pk]}
    answer = look(bruna(), said, ben())
    assert "Kept" in page(answer) and "Newcomer" in page(answer) and "1 was left out by you" in page(answer)
    assert "Unticked" not in page(answer)
    back = logged_in(bruna()).post(URL, {**hidden(answer), "step": "choose"}, follow=True).content.decode()
    assert re.search(rf'value="{kept.pk}" checked', back) and not re.search(rf'value="{out.pk}" checked', back)
    assert '<option value="workload_balance" selected>' in back


def test_more_than_can_be_ticked_are_chosen_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leads.bulk.choice.PICKABLE", 10)
    many_leads(15, [ana()])
    said = page(logged_in(bruna()).get(URL, {"agent": ana().pk}))
    assert "Too many to tick one by one" in said
    assert "15 leads would change hands" in page(look(bruna(), {"query": f"agent={ana().pk}"}, None))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"taker": ""}, "Choose who takes these leads."),
        ({"to": ""}, "Choose who takes these leads."),
        ({"to": "share"}, "Choose at least two agents, or give all to one."),
        ({"to": "share", "takers": ["1", "x"]}, "Choose somebody from the list."),
        ({"taker": "99999999999999999999"}, "Choose somebody from the list."),
        ({"reason": ""}, "Choose a reason; it is what makes this useful later."),
        ({"reason": "cold_feet"}, "This reason does not belong here."),
        ({"reason": "other", "note": "Because."}, "needs a note of at least 20 characters"),
        ({"note": "half a \x00"}, "NUL"),
        ({"leads": "99999999"}, "Choose at least one lead."),
        ({"leads": "1" * 30 + ",x,;,-4"}, "Choose at least one lead."),
        ({"leads": ",".join(str(n) for n in range(1, 10_003))}, "At most 10000 leads can be reassigned at a time."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(change: dict[str, Any], sentence: str) -> None:
    lead = LeadFactory.create(agent=ana())
    with nothing_written():
        answer = look(bruna(), picked(lead), ben(), **change)
    assert answer.status_code == 422
    assert sentence in page(answer)


# --- step 2 and 3 -------------------------------------------------------------------------------------------


def test_the_preview_says_who_gets_what_and_exactly_that_is_done() -> None:
    carla = UserFactory.create(username="carla", display_name="Carla Cruz")
    leads = [LeadFactory.create(status=s, agent=ana()) for s in (State.NEW, State.QUALIFIED, State.QUALIFIED)]
    leads += [LeadFactory.create(agent=ben()), LeadFactory.create(agent=None)]
    with nothing_written():
        answer = look(bruna(), picked(*leads), None, to="share", takers=[ben().pk, carla.pk])
    lines = re.findall(r"<h2|/leads/(\d+)/", answer.content.decode().partition("Nothing changes for these")[0])
    his, hers = ({int(pk) for pk in part.split() if pk} for part in " ".join(x or "|" for x in lines).split("|")[1:3])
    assert sorted([len(his), len(hers)]) in ([1, 3], [2, 2], [2, 3])
    assert confirm(bruna(), answer).status_code == 302
    for lead in leads:
        expected = ben().pk if lead.pk in his else carla.pk if lead.pk in hers else lead.agent_id
        assert Lead.objects.get(pk=lead.pk).agent_id == expected
        assert_sound(lead)


def test_what_is_there_already_is_said_and_gets_no_fact() -> None:
    there, pool = LeadFactory.create(agent=ben()), LeadFactory.create(agent=None)
    said = page(look(bruna(), picked(there, pool), ben()))
    assert "1 lead would change hands" in said and "1 is with Ben Brooks already" in said
    assert "1 is in the pool already" in page(look(bruna(), picked(there, pool), None))
    batch = done(bruna(), picked(there, pool), ben())
    assert (batch.size, batch.moved) == (1, 1) and there.events.count() == 2


def test_the_page_afterwards_says_who_when_why_and_who_got_what() -> None:
    leads = [LeadFactory.create(agent=ana()) for _ in range(3)]
    batch = done(bruna(), picked(*leads), ben(), note="Ana is away until March.")
    said = page(batch_page(bruna(), batch))
    reason = ReasonCode.objects.get(code="workload_balance").label
    for words in ("3 leads reassigned", "Bruna Barros", reason, "Ana is away until March.", "from Ana Alvarez 3"):
        assert words in said
    assert leads[0].name in said
    assert {newest(lead).batch for lead in leads} == {batch.pk}


def test_a_lead_that_changed_meanwhile_is_refused_by_name_and_can_be_tried_again() -> None:
    leads = [LeadFactory.create(status=State.QUALIFIED, agent=ana()) for _ in range(3)]
    preview = look(bruna(), picked(*leads), ben())
    advance(leads[1], State.COMMITTED, actor=ana())
    answer = confirm(bruna(), preview)
    batch = Batch.objects.get()
    shown = logged_in(bruna()).get(answer.url)
    said = page(shown)
    assert "2 moved, 1 refused: changed meanwhile" in said
    assert f"{leads[1].name} Committed with Ana Alvarez Ana Alvarez moved this lead to Committed just now." in said
    again = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', shown.content.decode()))
    assert (again["leads"], again["to"], again["taker"]) == (str(leads[1].pk), "one", str(ben().pk))
    assert done(bruna(), {"leads": again["leads"]}, ben()).moved == 1
    assert batch.facts == {str(leads[1].pk): leads[1].events.get(to_status="COMMITTED").pk}


def test_an_agent_who_is_deactivated_between_preview_and_submit_gets_nothing() -> None:
    leads = [LeadFactory.create(agent=ana()) for _ in range(2)]
    preview = look(bruna(), picked(*leads), ben())
    User.objects.filter(pk=ben().pk).update(is_active=False)
    with nothing_written():
        answer = confirm(bruna(), preview)
    said = page(logged_in(bruna()).get(answer.url))
    assert "0 moved, 2 refused: agent deactivated" in said
    assert "Ben Brooks is deactivated and cannot take leads." in said


def test_a_reason_that_is_retired_meanwhile_brings_the_form_back_filled_in() -> None:
    lead = LeadFactory.create(agent=ana())
    preview = look(bruna(), picked(lead), ben(), note="Ana is away.")
    ReasonCode.objects.filter(code="workload_balance").update(retired=True)
    with nothing_written():
        answer = confirm(bruna(), preview)
    assert answer.status_code == 422 and "Ana is away." in page(answer)
    assert "reason" in page(answer) and not Batch.objects.exists()


def test_sent_twice_it_is_one_action_and_another_person_cannot_use_its_key() -> None:
    lead = LeadFactory.create(agent=ana())
    preview = look(bruna(), picked(lead), ben())
    first, second = confirm(bruna(), preview), confirm(bruna(), preview)
    assert first.url == second.url and lead.events.filter(source=Source.BULK).count() == 1
    with nothing_written():
        stolen = confirm(ada(), preview)
    assert stolen.status_code == 409 and "already used for something else" in page(stolen)


@pytest.mark.parametrize(
    "damage",
    [
        {"uuid": ""},
        {"uuid": "12"},
        {"plan": ""},
        {"plan": "x"},
        {"plan": "1.2"},
        {"plan": "-1.2.3"},
        {"plan": "1.2.3 1.2.4"},
        {"plan": "١.2.3"},
        {"plan": "1" * 19 + ".2.3"},
        {"plan": " ".join(f"{n}.1." for n in range(1, 10_003))},
    ],
)
def test_a_damaged_form_is_refused_with_a_sentence(damage: dict[str, str]) -> None:
    lead = LeadFactory.create(agent=ana())
    preview = look(bruna(), picked(lead), ben())
    with nothing_written():
        answer = confirm(bruna(), preview, **damage)
    assert answer.status_code == 422 and "Not saved yet" in page(answer)


@pytest.mark.parametrize(
    "plan",
    ["999999999999999999.1.1", "{lead}.999999999.{ben}", "{lead}.{version}.999999999999999999", "{lead}.0.{ben}"],
)
def test_a_forged_plan_moves_nothing(plan: str) -> None:
    lead: Any = LeadFactory.create(agent=ana())
    preview = look(bruna(), picked(lead), ben())
    with nothing_written():
        forged = plan.format(lead=lead.pk, version=lead.version, ben=ben().pk)
        answer = confirm(bruna(), preview, plan=forged)
        assert "0 moved, 1 refused" in page(logged_in(bruna()).get(answer.url))


@pytest.mark.parametrize(
    "query", ["?leads=", "?leads=a,b", "?leads=1&leads=2", "?agent=99999999999999999999", "?q=%20"]
)
def test_odd_addresses_are_answered(query: str) -> None:
    assert logged_in(bruna()).get(URL + query).status_code == 200
    assert logged_in(bruna()).get(f"{URL}{uuid4()}/").status_code == 404


def test_every_step_is_a_page_of_its_own_to_come_back_to() -> None:
    lead, note = LeadFactory.create(agent=ana()), "Ana is away, and this is nobody's business."
    bruna_in = logged_in(bruna())
    said = {**picked(lead), "to": "one", "taker": ben().pk, **BALANCE, "note": note}
    chosen = bruna_in.post(URL, {**said, "step": "choose"})
    looked = bruna_in.post(URL, {**said, "step": "preview"})
    assert chosen.status_code == looked.status_code == 303 and "nobody" not in looked["Location"]
    for address, words in ((chosen["Location"], "1 lead that you picked"), (looked["Location"], "would change hands")):
        for _ in range(2):
            assert words in page(bruna_in.get(address)) and note in page(bruna_in.get(address))
    assert "This form is damaged" in page(logged_in(ben()).get(looked["Location"]))
    refused = bruna_in.post(URL, {**said, "taker": "", "step": "preview"})
    assert refused.status_code == 303 and bruna_in.get(refused["Location"]).status_code == 422
    # Done, the step before it says how things stand; nothing can be done twice by going back to it.
    done_at = bruna_in.post(URL, {**hidden(bruna_in.get(looked["Location"])), "step": "confirm"})
    assert done_at.status_code == 302
    assert "0 leads would change hands" in page(bruna_in.get(looked["Location"]))


def test_what_is_too_long_to_keep_is_answered_where_it_was_sent_to() -> None:
    lead = LeadFactory.create(agent=ana())
    with nothing_written():
        answer = look(bruna(), picked(lead), ben(), note="x" * 200_000)
    assert not answer.redirect_chain and answer.status_code in (200, 422)


# --- an agent -----------------------------------------------------------------------------------------------


def test_ana_reassigns_her_own_and_never_meets_a_foreign_lead() -> None:
    mine = LeadFactory.create(agent=ana(), name="Mine")
    theirs, pool = LeadFactory.create(agent=ben(), name="Foreign"), LeadFactory.create(agent=None, name="Pooled")
    chosen = page(logged_in(ana()).get(URL, {"which": "open"}))
    assert "Mine" in chosen and "Foreign" not in chosen and "Pooled" not in chosen
    answer = look(ana(), picked(mine, theirs, pool), ben())
    assert "Foreign" not in page(answer) and "Pooled" not in page(answer)
    assert "2 of the chosen leads are not yours to reassign" in page(answer)
    forged = f"{hidden(answer)['plan']} {theirs.pk}.{theirs.version}."
    shown = page(logged_in(ana()).get(confirm(ana(), answer, plan=forged).url))
    assert "1 moved, 1 refused: not theirs to give" in shown
    # What she gave away is a colleague's now, and what she never had has no name here.
    assert "Foreign" not in shown and "Mine" not in shown
    assert "1 is with a colleague now" in shown and "This lead is not with you, or not there any more." in shown


def test_the_reason_of_brokers_is_theirs() -> None:
    lead = LeadFactory.create(agent=ana())
    offered = '<option value="performance"'
    assert offered in logged_in(bruna()).get(URL, {"agent": ana().pk}).content.decode()
    assert offered not in logged_in(ana()).get(URL, {"which": "open"}).content.decode()
    with nothing_written():
        assert look(ana(), picked(lead), ben(), reason="performance").status_code == 422
    batch = done(bruna(), picked(lead), ben(), reason="performance")
    assert "Performance" in page(batch_page(bruna(), batch))
    User.objects.filter(pk=bruna().pk).update(role="agent")
    said = page(batch_page(bruna(), batch))
    assert "Performance" not in said and "another reason" in said


def test_a_batch_is_shown_to_its_author_and_to_brokers() -> None:
    lead = LeadFactory.create(agent=ana())
    batch = done(ana(), picked(lead), ben())
    assert batch_page(ana(), batch).status_code == batch_page(bruna(), batch).status_code == 200
    assert batch_page(ben(), batch).status_code == 404
    answer = logged_in(ben()).post(reverse("reassign-batch", args=[batch.pk]), {"step": "back", "uuid": uuid4()})
    assert answer.status_code == 404


# --- long ones ----------------------------------------------------------------------------------------------


@pytest.fixture
def in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request does two leads and then tells how far it is."""
    monkeypatch.setattr(reassign_batch, "PATIENCE", -1.0)
    carry_on = bulk.carry_on
    monkeypatch.setattr(bulk, "carry_on", lambda **said: carry_on(**said, step=2))


def test_a_long_action_tells_how_far_it_is_and_goes_on(in_small_steps: None) -> None:
    leads = [LeadFactory.create(agent=ana()) for _ in range(5)]
    batch = done(bruna(), picked(*leads), ben())
    url = reverse("reassign-batch", args=[batch.pk])
    assert batch.done == 2 and "2 of 5 leads done" in page(batch_page(bruna(), batch))
    assert "Bruna Barros can carry it on." in page(batch_page(ada(), batch))
    with nothing_written():
        assert logged_in(ada()).post(url, {"step": "on"}).status_code == 403
    part = logged_in(bruna()).post(url, {"step": "on"}, headers={"HX-Request": "true"})
    assert "4 of 5 leads done" in page(part) and "<html" not in part.content.decode()
    last = logged_in(bruna()).post(url, {"step": "on"}, headers={"HX-Request": "true"})
    assert last["HX-Redirect"] == url
    assert "5 leads reassigned" in page(batch_page(bruna(), batch))
    finished: Any = logged_in(bruna()).post(url, {"step": "on"})
    assert finished.url == url


def queries(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as counted:
        act()
    return len(counted)


def test_no_page_asks_more_for_more_leads() -> None:
    many_leads(60, [ana(), None, otto()], [State.NEW, State.QUALIFIED])
    leads = list(Lead.objects.all())
    bruna_in = logged_in(bruna())

    def cost(n: int) -> list[int]:
        said = {**picked(*leads[:n]), "step": "preview", "to": "one", "taker": ben().pk, **BALANCE}
        bruna_in.get(URL, picked(*leads[:n]))
        return [
            queries(lambda: bruna_in.get(URL, picked(*leads[:n]))),
            queries(lambda: bruna_in.post(URL, said, follow=True)),
        ]

    assert cost(3) == cost(50)
    costs = []
    for n in (4, 50):
        preview = look(bruna(), picked(*leads[:n]), ben())
        for lead in leads[: n // 2]:
            service.add_note(lead_id=lead.pk, note="Called.", actor=bruna(), source=Source.PAGE)
        url = confirm(bruna(), preview).url
        costs.append(queries(partial(bruna_in.get, url)))
        many_leads(60, [ana(), None, otto()])
        leads = list(Lead.objects.exclude(agent=ben()))
    assert costs[0] == costs[1]


# --- back ---------------------------------------------------------------------------------------------------


def hand_back(who: User, batch: Batch, **said: Any) -> Any:
    return logged_in(who).post(
        reverse("reassign-batch", args=[batch.pk]), {"step": "back", "uuid": str(uuid4()), **said}
    )


def test_the_whole_batch_goes_back_to_who_held_it_before() -> None:
    hers, pooled = LeadFactory.create(agent=ana()), LeadFactory.create(agent=None)
    on, again = LeadFactory.create(agent=ana(), name="Moved on"), LeadFactory.create(agent=ana(), name="Back again")
    batch = done(bruna(), picked(hers, pooled, on, again), ben())
    give: dict[str, Any] = {"reason": "territory", "actor": bruna(), "source": Source.PAGE}
    service.assign_lead(lead_id=on.pk, to_agent=bruna(), **give)
    for who in (bruna(), ben()):
        service.assign_lead(lead_id=again.pk, to_agent=who, **give)
    # A note is no reason to stay.
    service.add_note(lead_id=hers.pk, note="Called.", actor=ben(), source=Source.PAGE)
    said = page(batch_page(bruna(), batch))
    assert "2 leads go back to whoever held them before" in said and "2 leads have moved on since and stay" in said
    assert "Moved on" in said and "Back again" in said

    answer = hand_back(bruna(), batch)

    other = Batch.objects.get(hands_back=batch)
    assert answer.url == reverse("reassign-batch", args=[other.pk])
    holders = {lead.pk: lead.agent for lead in Lead.objects.all()}
    assert holders == {hers.pk: ana(), pooled.pk: None, on.pk: bruna(), again.pk: ben()}
    assert {(e.reason, e.source, e.batch) for e in LeadEvent.objects.filter(batch=other.pk)} == {
        ("correction", "bulk", other.pk)
    }
    said = page(batch_page(bruna(), other))
    assert "2 leads handed back" in said and re.search(r"Hands back Workload balance, \d+:\d\d [ap]m ", said)
    assert said.count("Do it after all") == 2 and "Hand all of it back" in page(batch_page(bruna(), batch))
    assert "2 leads by Bruna Barros" in page(batch_page(bruna(), batch))
    assert "None of these leads is still with whom it was given to." in page(batch_page(bruna(), batch))
    for lead in (hers, pooled, on, again):
        assert_sound(lead)
    # And the hand-back itself goes back.
    hand_back(bruna(), other)
    assert Lead.objects.get(pk=hers.pk).agent == ben() == Lead.objects.get(pk=pooled.pk).agent


@pytest.mark.parametrize(("wish", "to"), [({}, "ben"), ({"gone": "pool"}, None)])
def test_a_lead_of_somebody_who_left_stays_or_goes_to_the_pool(wish: dict[str, str], to: str | None) -> None:
    hers, his = LeadFactory.create(agent=ana()), LeadFactory.create(agent=ben(), name="Left behind")
    batch = done(bruna(), picked(hers, his), bruna())
    User.objects.filter(pk=ben().pk).update(is_active=False)
    said = page(batch_page(bruna(), batch))
    assert "1 lead was with somebody who has left since" in said and "Left behind" in said
    hand_back(bruna(), batch, **wish)
    hers.refresh_from_db()
    his.refresh_from_db()
    assert hers.agent == ana() and his.agent == (bruna() if to else None)


def test_handing_back_twice_is_once() -> None:
    lead, key = LeadFactory.create(agent=ana()), str(uuid4())
    batch = done(bruna(), picked(lead), ben())
    first, second = hand_back(bruna(), batch, uuid=key), hand_back(bruna(), batch, uuid=key)
    assert first.url == second.url and lead.events.filter(source=Source.BULK).count() == 2
    with nothing_written():
        third = hand_back(bruna(), batch)
    assert third.status_code == 422 and "None of these leads can go back any more." in page(third)
    assert hand_back(bruna(), batch, uuid="damaged").status_code == 422


def test_what_is_not_finished_is_not_handed_back_yet() -> None:
    leads = [LeadFactory.create(agent=ana()) for _ in range(2)]
    batch = done(bruna(), picked(*leads), ben())
    Batch.objects.filter(pk=batch.pk).update(finished_at=None)
    with nothing_written():
        refused = hand_back(bruna(), batch)
    assert refused.status_code == 422 and "Let it finish first" in page(refused)


def test_the_page_of_a_batch_leads_to_all_stories_on_paper() -> None:
    batch = done(bruna(), picked(LeadFactory.create(agent=ana())), ben())
    assert f"/reassign/{batch.pk}/packets/" in batch_page(bruna(), batch).content.decode()


def test_ana_takes_back_what_she_put_into_the_pool_and_nothing_else() -> None:
    pooled, given = LeadFactory.create(agent=ana()), LeadFactory.create(agent=ana(), name="Given to Ben")
    batch = done(ana(), picked(pooled), None)
    other = done(ana(), picked(given), ben())
    hand_back(ana(), batch)
    assert Lead.objects.get(pk=pooled.pk).agent == ana()
    said = page(batch_page(ana(), other))
    assert "Given to Ben" not in said and "ask your broker to hand it back" in said
    with nothing_written():
        assert hand_back(ana(), other).status_code == 422


# --- what others see ----------------------------------------------------------------------------------------


def heard(who: User, since: int) -> str:
    query = {"since": since, "tail": 0, "drawn": 2**40, "ticked": 2**40}
    html = logged_in(who).get("/board/changes", query).content.decode()
    return unescape(re.findall(r'hx-target="#say"[^>]*>([^<]*)<', html)[0])


def test_the_live_feed_says_one_sentence_for_the_whole() -> None:
    leads = [LeadFactory.create(agent=ana()) for _ in range(4)]
    since = LeadEvent.objects.order_by("-pk")[0].pk
    done(bruna(), picked(*leads), None, to="share", takers=[ben().pk, ada().pk])
    assert heard(ada(), since) == "Bruna Barros reassigned 4 leads."
    assert heard(ben(), since) == "Bruna Barros reassigned 2 leads."


def test_the_live_feed_says_it_also_of_more_news_than_anybody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "MOST_NEWS", 30)
    many_leads(40, [ana()])
    since = LeadEvent.objects.order_by("-pk")[0].pk
    done(bruna(), {"query": f"agent={ana().pk}"}, ben())
    assert heard(ada(), since) == "Bruna Barros reassigned 40 leads."
    assert heard(ben(), since) == "The board was brought up to date."


def test_the_timeline_leads_to_the_batch_for_those_who_may_see_it() -> None:
    lead = LeadFactory.create(agent=ana())
    batch = done(bruna(), picked(lead), ben())
    link = reverse("reassign-batch", args=[batch.pk])
    hers = logged_in(bruna()).get(f"/leads/{lead.pk}/")
    assert "as part of a bulk action" in page(hers) and link in hers.content.decode()
    his = logged_in(ben()).get(f"/leads/{lead.pk}/")
    assert "as part of a bulk action" in page(his) and link not in his.content.decode()


def test_the_board_leads_here() -> None:
    many_leads(1, [otto()])
    shown = logged_in(bruna()).get(f"/?agent={otto().pk}&q=dana").content.decode()
    assert f'href="/reassign/?which=open&amp;agent={otto().pk}&amp;q=dana"' in shown
    assert f'href="/reassign/?which=open&amp;leaving=1&amp;agent={otto().pk}"' in shown
    assert "Otto Oduya (1)" in page(logged_in(bruna()).get("/"))


def test_an_account_with_open_leads_is_closed_after_they_are_handed_on() -> None:
    for status in (State.NEW, State.QUALIFIED, State.CLOSED):
        LeadFactory.create(status=status, agent=ana())
    url = reverse("admin:leads_user_change", args=[ana().pk])
    ada_in = in_person(ada())
    form = ada_in.get(url).context["adminform"].form
    typed = {n: form[n].value() for n in form.fields if n != "is_active" and form[n].value() is not None}
    answer = ada_in.post(url, typed)
    assert User.objects.get(pk=ana().pk).is_active
    assert "Ana Alvarez still holds 2 open leads. Hand them on first" in page(answer)
    link = re.findall(r'href="(/reassign/[^"]*)"', answer.content.decode())[0]
    assert "Open leads only 2" in page(ada_in.get(unescape(link)))
    done(ada(), {"query": f"agent={ana().pk}", "which": "open"}, ben())
    assert ada_in.post(url, typed).status_code == 302
    assert not User.objects.get(pk=ana().pk).is_active
    assert Lead.objects.get(agent=ana()).status == State.CLOSED


def test_the_way_to_an_empty_book_knows_why_and_ends_where_it_began() -> None:
    """It does not offer the leads to whoever leaves, either."""
    lead = LeadFactory.create(agent=ana())
    assert lead.agent == ana() and ben() is not None
    url, ada_in = reverse("admin:leads_user_change", args=[ana().pk]), logged_in(ada())
    form = ada_in.get(url).context["adminform"].form
    typed = {n: form[n].value() for n in form.fields if n != "is_active" and form[n].value() is not None}
    answer = ada_in.post(url, typed)
    address = unescape(re.findall(r'href="(/reassign/[^"]*)"', answer.content.decode())[0])
    begun = ada_in.get(address)
    html = begun.content.decode()
    assert '<option value="agent_departed" selected>' in html and f'<option value="{ana().pk}"' not in html
    said = {**hidden(begun), "step": "preview", "which": "open", "to": "one", "reason": "agent_departed"}
    said["lead"] = said["shown"].split(",")
    assert "Choose somebody from the list." in page(ada_in.post(URL, {**said, "taker": ana().pk}, follow=True))
    looked = ada_in.post(URL, {**said, "taker": ben().pk}, follow=True)
    done_at = ada_in.post(URL, {**hidden(looked), "step": "confirm"})
    ended = ada_in.get(done_at["Location"])
    assert "Now deactivate Ana Alvarez" in page(ended) and f'href="{url}"' in ended.content.decode()
    assert "Now deactivate" not in page(logged_in(bruna()).get(done_at["Location"]))
    LeadFactory.create(agent=ana())
    assert "Now deactivate" not in page(ada_in.get(done_at["Location"]))
