"""What `damage` says of each row that no release writes: where it is, in which column, and what is wrong with it."""

from typing import Any

import pytest
from django.conf import settings

from leads.models import Lead
from lifecycle import service
from lifecycle.damage import Damage, damage, damaged_leads, leads_of_damaged_facts, leads_of_damaged_words
from lifecycle.states import State
from tests.factories import LeadFactory, ana
from tests.failures.poisoned import FACT, LEAD, WORDS, Poison, for_engine, poisoned, unguarded

pytestmark = pytest.mark.django_db(transaction=True)

_NOTHING, _STAGE = "there is nothing, where something must be", "there is no such stage"
_TEXT, _MOMENT = "this is no text: half a character, or another encoding", "this is no moment"
_SHAPE, _PERSON = "these are data of another shape", "it names a person who is not there"
_YEAR_9999, _YEAR_1 = (f"no calendar of ours has the year {year}" for year in (9999, 1))
#: Of every poison but those that a newer release, or an honest way, may bring as well.
SAID = {
    "data that are no JSON": "these are no data",
    "data that are a list": _SHAPE,
    "data that are a word": _SHAPE,
    "data that are nothing": _SHAPE,
    "data with half a character": "these are no data",
    "a fact into a stage that is none": _STAGE,
    "a fact in the year 9999": _YEAR_9999,
    "a fact recorded in the year 9999": _YEAR_9999,
    "a fact in the year 1": _YEAR_1,
    "a fact at infinity": _MOMENT,
    "a fact on a day that is none": _MOMENT,
    "a fact at no time": _NOTHING,
    "a fact without data": _NOTHING,
    "a fact of a kind that is half a character": _TEXT,
    "a fact by a person who is none": _PERSON,
    "a version that was skipped": "this fact is missing",
    "words that are half a character": _TEXT,
    "a lead in a stage that is none": _STAGE,
    "a lead with a name that is half a character": _TEXT,
    "a lead that came in the year 9999": _YEAR_9999,
    "a lead that came in the year 1": _YEAR_1,
    "a lead that came at infinity": _MOMENT,
    "a lead that came on a day that is none": _MOMENT,
    "a lead that came at no time": _NOTHING,
    "a lead with a last contact in the year 9999": _YEAR_9999,
    "a lead without a name": _NOTHING,
    "a lead with a holder who is none": _PERSON,
    "a lead with attempts that are no number": "this is no number",
}


@pytest.fixture
def leads() -> list[Lead]:
    """Vera, Dana and Joe; it is Dana's record that is going to be spoilt."""
    made = [LeadFactory.create(status=State.QUALIFIED, agent=ana(), name=name) for name in ("Vera", "Dana", "Joe")]
    for lead in made:
        service.add_note(lead_id=lead.pk, note="Rang twice.", actor=ana(), source="page")
    return made


def test_each_poison_is_named_by_its_fact_its_column_and_a_sentence(leads: list[Lead]) -> None:
    dana = leads[1]
    wrong: dict[str, Any] = {}
    for poison in for_engine(settings.TEST_ENGINE):
        with poisoned(dana, poison):
            said = [Damage(_version(dana, poison), poison.column, SAID[poison.name])] if poison.name in SAID else []
            if (found := damage(dana.pk)) != said:
                wrong[poison.name] = found
            if poison.table == LEAD and damaged_leads() != (frozenset({dana.pk}) if said else frozenset()):
                wrong[f"{poison.name}, of all leads"] = sorted(damaged_leads())
            assert damage(leads[0].pk) == damage(leads[2].pk) == [], poison.name
    assert wrong == {}
    assert damage(dana.pk) == []


def _version(lead: Lead, poison: Poison) -> int:
    """Of the fact that says it. The third of its lead is the one that is spoilt; the newest has the words."""
    return {LEAD: 0, FACT: 3, WORDS: lead.events.count()}[poison.table]


def test_everything_that_is_wrong_is_said_up_to_a_fact_that_is_missing(leads: list[Lead]) -> None:
    dana = leads[1]
    with unguarded() as ask:
        ask(f"UPDATE {LEAD} SET status = 'LIMBO', agent_id = 987654 WHERE id = {dana.pk}")
        ask(f"UPDATE {FACT} SET to_status = 'LIMBO' WHERE lead_id = {dana.pk} AND version = 2")
        ask(f"UPDATE {FACT} SET version = 33 WHERE lead_id = {dana.pk} AND version = 3")
    assert [(one.version, one.column) for one in damage(dana.pk)] == [
        (0, "status"), (0, "agent_id"), (2, "to_status"), (3, "version"),
    ]  # fmt: skip


@pytest.mark.parametrize("at", [0, 1, 2])
def test_the_look_at_the_whole_log_names_the_lead_wherever_it_stands(leads: list[Lead], at: int) -> None:
    with poisoned(leads[at], Poison("", FACT, "data", "'[1, 2]'")):
        assert leads_of_damaged_facts() == {leads[at].pk}
    with poisoned(leads[at], Poison("", FACT, "occurred_at", "'9999-12-31 23:59:59'")):
        assert leads_of_damaged_facts() == {leads[at].pk}
    with poisoned(leads[at], Poison("", FACT, "to_status", "'LIMBO'")):
        assert leads_of_damaged_facts() == {leads[at].pk}
    assert leads_of_damaged_facts() == frozenset()


@pytest.mark.skipif(settings.TEST_ENGINE != "sqlite", reason="PostgreSQL keeps no half characters.")
@pytest.mark.parametrize("at", [0, 1, 2])
def test_words_that_cannot_be_read_are_found_wherever_they_stand(leads: list[Lead], at: int) -> None:
    with poisoned(leads[at], Poison("", WORDS, "note", "CAST(X'44616E61EDA080' AS TEXT)")):
        assert leads_of_damaged_words() == {leads[at].pk}
    assert leads_of_damaged_words() == frozenset()
