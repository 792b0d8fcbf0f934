"""The right to be forgotten: one fact, and the words are gone; the log stays whole, and nobody else may do it."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from leads import erasure
from leads.models import Lead
from lifecycle import service
from lifecycle.decide.erasing import check_reference
from lifecycle.errors import BadInput, DataErased, LegalHold, NotYours, ReasonMissing, ReasonNotValid, StaleVersion
from lifecycle.events import Kind, Source
from lifecycle.intents import AddNote, ChangeContact, Erase, LogContact, Move
from lifecycle.models import EventNote, LeadEvent
from lifecycle.service.rebuilding import drifted, rebuild
from lifecycle.states import State
from lifecycle.verify import verify
from tests.factories import COLLAPSE, LeadFactory, ada, advance, ana, ben, bruna, newest
from tests.soundness import assert_sound, nothing_written
from tests.story import BRUNA, at, refusal

pytestmark = pytest.mark.django_db

QUALIFIED, COMMITTED = State.QUALIFIED, State.COMMITTED


def dana(**said: Any) -> Lead:
    """A lead with a story: a call with a note, a collapse with its words, a document."""
    lead = LeadFactory.create(name="Dana Ortiz", agent=ana(), status=COMMITTED, address="1 Main St", **said)
    advance(lead, QUALIFIED, actor=ana(), **COLLAPSE)
    return lead


def forget(lead: Lead, **said: Any) -> service.Result:
    said = {"reason": "erasure_requested", "actor": bruna(), "source": Source.PAGE, **said}
    return erasure.erase(lead_id=lead.pk, **said)


def problems() -> list[Any]:
    *_, last = verify()
    return [*last.problems, *last.unknown, *last.guards_missing]


def test_the_words_and_the_contact_data_go_and_every_fact_stays() -> None:
    lead = dana()
    before = list(LeadEvent.objects.filter(lead=lead).order_by("version").values())
    words = EventNote.objects.filter(event__lead=lead).count()
    assert words >= 2
    (fact,) = forget(lead, reference="DSR-2026-14").events
    assert list(LeadEvent.objects.filter(lead=lead).order_by("version").values())[:-1] == before
    assert EventNote.objects.filter(event__lead=lead).count() == 0
    lead.refresh_from_db()
    assert lead.name == f"Erased lead {lead.pk}" and lead.erased_at == fact.occurred_at
    blank = ("email", "phone", "headline", "address", "email_normalised", "phone_e164", "address_normalised")
    assert [getattr(lead, name) for name in blank] == [""] * len(blank)
    assert (lead.status, lead.agent) == (QUALIFIED, ana())
    assert (fact.kind, fact.reason, fact.actor) == ("personal_data_erased", "erasure_requested", bruna())
    assert fact.data == {
        "fields": ["address", "email", "name", "phone"],
        "words": words,
        "reference": "DSR-2026-14",
        "rows": 0,
        "files": 0,
        "entries": 0,
    }
    assert_sound(lead)
    assert problems() == []


def test_nobody_else_is_touched() -> None:
    other = LeadFactory.create(name="Joe Tran", agent=ana(), status=QUALIFIED)
    kept = EventNote.objects.filter(event__lead=other).count()
    forget(dana())
    other.refresh_from_db()
    assert other.name == "Joe Tran" and other.email
    assert EventNote.objects.filter(event__lead=other).count() == kept > 0


@pytest.mark.parametrize("who", [bruna, ada])
def test_a_broker_and_an_admin_may(who: Any) -> None:
    assert forget(dana(), actor=who()).events


@pytest.mark.parametrize("who", [ana, ben, lambda: None])
def test_no_agent_may_not_even_the_holder_and_scribe_never(who: Any) -> None:
    lead = dana()
    with nothing_written(), pytest.raises(NotYours):
        forget(lead, actor=who())


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"reason": ""}, ReasonMissing),
        ({"reason": "outbid"}, ReasonNotValid),
        ({"reference": "Dana Ortiz"}, BadInput),
        ({"reference": "DSR-5105550123"}, BadInput),
        ({"expected_version": 1}, StaleVersion),
    ],
)
def test_what_is_refused_leaves_everything_as_it_was(said: dict[str, Any], error: type[Exception]) -> None:
    lead = dana()
    with nothing_written(), pytest.raises(error):
        forget(lead, **said)


@pytest.mark.parametrize("said", ["DANA", "DSR 2026", "dana@example.com", "DSR-2026-000014-1", "A" * 25, "7"])
def test_a_reference_has_no_room_for_a_person(said: str) -> None:
    refusal(lambda: check_reference(said), BadInput, "reference")


def test_said_twice_it_is_done_once_and_with_nothing_left_there_is_nothing_to_do() -> None:
    lead, key = dana(), uuid4()
    first = forget(lead, uuid=key)
    with nothing_written():
        again = forget(lead, uuid=key)
        assert again.replayed and [e.pk for e in again.events] == [e.pk for e in first.events]
        assert forget(lead).events == []


def test_a_legal_hold_stands_in_the_way_until_it_is_lifted() -> None:
    lead = dana()
    bare(lead, Kind.LEGAL_HOLD_SET)
    with nothing_written(), pytest.raises(LegalHold):
        forget(lead)
    bare(lead, Kind.LEGAL_HOLD_CLEARED)
    assert forget(lead).events


def bare(lead: Lead, kind: Kind) -> None:
    """A fact of a kind that nothing writes yet, chained and folded as the service would."""
    from lifecycle.events import Draft
    from lifecycle.intents import Rules
    from lifecycle.service import record, store

    call = record.Call(actor=bruna(), source="page")
    with transaction.atomic():
        found = store.lock_lead(lead.pk)
        locked = record.Locked(lead.pk, found.uuid, found.state, found.holder, found.head_kind)
        draft = Draft(kind=kind, occurred_at=timezone.now())
        record._append(locked, [draft], uuid4(), call, Rules(now=timezone.now()))


# --- afterwards ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", ["call", "note", "contact", "back_in_new"])
def test_nothing_about_the_person_is_written_again(act: str) -> None:
    lead = dana()
    if act == "back_in_new":
        lead = LeadFactory.create(name="Dana Ortiz", agent=ana(), status=State.TRASHED)
    forget(lead)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    acts: dict[str, Any] = {
        "call": lambda: service.log_contact(**common, channel="call", outcome="spoke"),
        "note": lambda: service.add_note(**common, note="Dana rang again."),
        "contact": lambda: service.change_contact(**common, fields={"email": "dana@example.com"}),
        "back_in_new": lambda: service.move_lead(**common, to=State.NEW, contact={"phone": "+1 415 555 0177"}),
    }
    with nothing_written(), pytest.raises(DataErased):
        acts[act]()


def test_the_office_goes_on_with_its_own_story() -> None:
    lead = dana()
    forget(lead)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    assert service.assign_lead(**common, to_agent=ben(), reason="territory").events
    assert service.set_flag(**common, flag="dnc", reason="legal").events
    assert service.move_lead(**common, to=State.ARCHIVED, reason="other", note="Nobody left to work with.").events
    assert_sound(lead)
    assert problems() == []


def test_words_that_a_later_move_brought_are_erased_by_another_fact() -> None:
    lead = dana()
    forget(lead)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    service.move_lead(**common, to=State.ARCHIVED, reason="other", note="Dana Ortiz moved to Spain.")
    (fact,) = forget(lead).events
    assert fact.data["fields"] == [] and fact.data["words"] == 1
    assert EventNote.objects.filter(event__lead=lead).count() == 0
    assert problems() == []


def test_the_same_person_may_come_back_as_a_new_lead() -> None:
    lead = dana(email="dana@example.com")
    forget(lead)
    again = LeadFactory.create(name="Dana Ortiz", email="dana@example.com", agent=ana())
    assert again.pk != lead.pk and problems() == []


def test_the_cached_column_follows_from_the_log() -> None:
    lead = dana()
    forget(lead)
    Lead.objects.filter(pk=lead.pk).update(erased_at=None)
    assert [p.what for p in problems()] == ["the cached column erased_at is not what the log says"]
    assert [d.columns for _, found in drifted() for d in found] == [["erased_at"]]
    assert rebuild([lead.pk]) == 1
    assert problems() == []


# --- the guards ---------------------------------------------------------------------------------------------


def test_words_cannot_go_before_the_fact_that_says_so() -> None:
    lead = dana()
    with pytest.raises(DatabaseError), transaction.atomic():
        EventNote.objects.filter(event__lead=lead).delete()


def test_an_old_erasure_covers_no_newer_words() -> None:
    lead = dana()
    forget(lead)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    service.move_lead(**common, to=State.ARCHIVED, reason="other", note="These are words of a later day.")
    with pytest.raises(DatabaseError), transaction.atomic():
        EventNote.objects.filter(event__lead=lead).delete()


def test_verify_finds_words_that_should_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = dana()
    monkeypatch.setattr("lifecycle.service.erasing._words", lambda lead_id: EventNote.objects.none())
    forget(lead)
    assert {p.what for p in problems()} == {"its words are still there, though a later fact says that they were erased"}


def test_when_one_place_cannot_be_erased_nothing_is(monkeypatch: pytest.MonkeyPatch) -> None:
    lead = dana()

    def breaks(self: Any, lead_id: int) -> None:
        raise RuntimeError("The disk is gone.")

    monkeypatch.setattr("leads.erasure.places.Places.erase", breaks)
    with nothing_written(), pytest.raises(RuntimeError):
        forget(lead)


# --- pure ---------------------------------------------------------------------------------------------------


def test_the_fact_says_which_and_how_many_and_never_what() -> None:
    wish = Erase(reason="no_longer_needed", fields=("phone", "name"), found=(("words", 3), ("rows", 0)))
    (draft,) = at(QUALIFIED).decide(wish, BRUNA)
    assert draft.data == {"fields": ["name", "phone"], "words": 3, "rows": 0}
    assert (draft.to_status, draft.words.note) == ("", "")
    assert at(QUALIFIED).decide(Erase(reason="no_longer_needed", found=(("words", 0),)), BRUNA) == []


def test_a_lead_without_a_person_takes_no_words_about_one() -> None:
    from dataclasses import replace

    from lifecycle.decide import erasing
    from lifecycle.fold import EMPTY

    gone = replace(EMPTY, version=2, status="QUALIFIED", erased_at=timezone.now())
    for wish in (
        LogContact(channel="call", direction="outbound", outcome="spoke"),
        AddNote(),
        ChangeContact(fields=("name",)),
        Move(to="NEW", contact_fields=("phone",)),
    ):
        with pytest.raises(DataErased):
            erasing.check_spared(gone, wish)
        erasing.check_spared(EMPTY, wish)
    erasing.check_spared(gone, Move(to="ARCHIVED"))
    erasing.check_spared(gone, ChangeContact(fields=()))


def test_the_newest_fact_is_the_erasure() -> None:
    lead = dana()
    forget(lead)
    assert newest(lead).kind == Kind.PERSONAL_DATA_ERASED
