"""The same request sent twice is one event and one answer; its uuid for anything else is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from leads.models import Lead, User
from lifecycle import service
from lifecycle.errors import UuidReused
from lifecycle.events import Source
from lifecycle.models import LeadEvent
from lifecycle.service import Result
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest
from tests.soundness import assert_sound, nothing_written
from tests.story import refusal

pytestmark = pytest.mark.django_db

NEW, CONTACTING, QUALIFIED, COMMITTED, IN_CONTRACT, CLOSED, ARCHIVED, TRASHED = State

NOTE = "The bank called this morning and lowered the offer."
MOVED = {"reason": "outbid", "note": NOTE}

#: Every action once: where its lead stands, what is said, and other things that could be said instead.
ACTIONS: dict[str, tuple[Callable[..., Result], State, dict[str, Any], list[dict[str, Any]]]] = {
    "a contact": (
        service.log_contact,
        CONTACTING,
        {"channel": "call", "outcome": "voicemail", "note": NOTE},
        [{"channel": "text"}, {"outcome": "spoke"}, {"direction": "inbound"}, {"note": "No."}, {"note": ""}],
    ),
    "the first contact": (
        service.log_contact,
        NEW,
        {"channel": "call", "outcome": "voicemail"},
        [{"channel": "text"}, {"note": "Rang."}],
    ),
    "a contact against the wish": (
        service.log_contact,
        CONTACTING,
        {"channel": "call", "outcome": "spoke", "override_reason": "She asked for it."},
        [{"override_reason": ""}, {"override_reason": "He asked for it."}],
    ),
    "contact data": (
        service.change_contact,
        QUALIFIED,
        {"fields": {"name": "Dana W.", "phone": "+1 415 555 0199"}},
        [{"fields": {"name": "Dana X."}}, {"fields": {"name": "Dana W.", "phone": "+1 415 555 0198"}}],
    ),
    "a collapse": (
        service.move_lead,
        COMMITTED,
        {"to": QUALIFIED, **MOVED},
        [{"reason": "cold_feet"}, {"note": NOTE + "!"}, {"to": IN_CONTRACT}, {"kind": "motivation_confirmed"}],
    ),
    "a signed agreement": (
        service.move_lead,
        QUALIFIED,
        {"to": COMMITTED, "document": "a.pdf"},
        [{"document": "b.pdf"}, {"document": ""}],
    ),
    "a closing": (
        service.move_lead,
        IN_CONTRACT,
        {"to": CLOSED, "closing_date": date(2026, 1, 5)},
        [{"closing_date": date(2026, 1, 6)}, {"closing_date": None}],
    ),
    "a return from the trash": (
        service.move_lead,
        TRASHED,
        {"to": NEW, "contact": {"phone": "+1 415 555 0177"}},
        [{"contact": {"phone": "+1 415 555 0178"}}],
    ),
    "an assignment": (
        service.assign_lead,
        QUALIFIED,
        {"to_agent": "ben", "reason": "language_match"},
        [{"to_agent": None}, {"to_agent": "bruna"}, {"reason": "territory"}, {"note": NOTE}],
    ),
    "a flag": (
        service.set_flag,
        QUALIFIED,
        {"flag": "dnc", "reason": "legal"},
        [{"flag": "unsubscribed"}, {"reason": "sms_stop"}, {"note": NOTE}],
    ),
    "a cleared flag": (
        service.clear_flag,
        QUALIFIED,
        {"flag": "do_not_text", "reason": "set_in_error"},
        [{"flag": "dnc"}, {"reason": "address_corrected"}],
    ),
    "a note": (service.add_note, QUALIFIED, {"note": NOTE}, [{"note": "No."}, {"document": "a.pdf"}]),
    "an undone move": (
        service.void_move,
        COMMITTED,
        {"target": "newest", "reason": "mis_drag"},
        [{"target": "first"}, {"reason": "too_early"}, {"note": NOTE}],
    ),
    "a corrected reason": (
        service.correct_reason,
        ARCHIVED,
        {"target": "newest", "reason": "deceased", "note": NOTE},
        [{"reason": "unresponsive"}, {"note": "No."}],
    ),
}
every_action = pytest.mark.parametrize("name", ACTIONS)


def prepared(name: str) -> tuple[Lead, Callable[..., Result]]:
    """A lead of Ana's for this action, and the action as a function of what is said otherwise."""
    act, state, said, _ = ACTIONS[name]
    lead = LeadFactory.create(status=state, agent=ana())
    if name == "a contact against the wish":
        service.set_flag(lead_id=lead.pk, actor=ana(), source=Source.PAGE, flag="dnc", reason="legal")
    if name == "a cleared flag":
        service.set_flag(lead_id=lead.pk, actor=ana(), source=Source.PAGE, flag="do_not_text", reason="sms_stop")
    targets = {"newest": newest(lead).uuid, "first": lead.events.order_by("version")[0].uuid}
    people: dict[Any, User] = {"ben": ben(), "bruna": bruna()}

    def run(key: UUID, *, lead_id: int = lead.pk, actor: User | None = None, **other: Any) -> Result:
        words = {**said, **other}
        if "target" in words:
            words["target"] = targets[words["target"]]
        if words.get("to_agent"):
            words["to_agent"] = people[words["to_agent"]]
        return act(lead_id=lead_id, actor=actor or bruna(), source=Source.PAGE, uuid=key, **words)

    return lead, run


@every_action
def test_sent_again_it_is_the_same_event_and_the_same_answer(name: str) -> None:
    lead, run = prepared(name)
    key = uuid4()
    first = run(key)
    assert first.events[0].uuid == key and not first.replayed
    with nothing_written():
        again = run(key)
    assert again.replayed
    assert again.events == first.events
    assert again.state.version == first.state.version
    assert_sound(lead)


@every_action
def test_sent_again_after_others_wrote_it_is_still_the_same_event(name: str) -> None:
    lead, run = prepared(name)
    key = uuid4()
    first = run(key)
    service.add_note(lead_id=lead.pk, actor=bruna(), source=Source.PAGE, note="Meanwhile.")
    service.assign_lead(lead_id=lead.pk, actor=bruna(), source=Source.PAGE, to_agent=None, reason="returned_to_pool")
    with nothing_written():
        again = run(key)
    assert (again.replayed, again.events) == (True, first.events)


@every_action
def test_from_another_person_it_is_refused(name: str) -> None:
    _, run = prepared(name)
    key = uuid4()
    run(key)
    with nothing_written():
        refusal(lambda: run(key, actor=ana()), UuidReused)


@pytest.mark.parametrize("name", [name for name, (_, _, said, _) in ACTIONS.items() if "target" not in said])
def test_for_another_lead_it_is_refused(name: str) -> None:
    _, run = prepared(name)
    other = LeadFactory.create(status=ACTIONS[name][1], agent=ana())
    key = uuid4()
    run(key)
    with nothing_written():
        refusal(lambda: run(key, lead_id=other.pk), UuidReused)


@pytest.mark.parametrize(
    ("name", "other"),
    [(name, other) for name, (_, _, _, others) in ACTIONS.items() for other in others],
    ids=lambda value: str(value),
)
def test_with_other_content_it_is_refused(name: str, other: dict[str, Any]) -> None:
    _, run = prepared(name)
    key = uuid4()
    run(key)
    with nothing_written():
        refusal(lambda: run(key, **other), UuidReused)


def test_one_action_is_not_taken_for_another_that_says_the_same() -> None:
    lead = LeadFactory.create(status=QUALIFIED, agent=ana())
    (moved,) = advance(lead, COMMITTED, actor=ana()).events
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE, "uuid": uuid4()}
    service.void_move(**common, target=moved.uuid, reason="other", note=NOTE)
    with nothing_written():
        refusal(lambda: service.move_lead(**common, to=QUALIFIED, reason="other", note=NOTE), UuidReused)
        refusal(lambda: service.add_note(**common, note=NOTE), UuidReused)


# --- creation -----------------------------------------------------------------------------------------------


def create(key: UUID, agent: User | None = None, actor: User | None = None, **said: Any) -> tuple[Lead, Result]:
    usual = {"name": "Dana", "email": "dana@example.com", "phone": "+1 415 555 0101", "headline": "Condo", "note": ""}
    said = {**usual, "inquiry": "phone", **said}
    note, inquiry = said.pop("note"), said.pop("inquiry")
    lead = Lead(**said)
    common: dict[str, Any] = {"actor": actor or bruna(), "source": Source.FORM, "uuid": key}
    return lead, service.create_lead(lead=lead, inquiry=inquiry, agent=agent, note=note, **common)


@pytest.mark.parametrize("agent", [None, "ana"])
def test_a_form_sent_twice_makes_one_lead(agent: str | None) -> None:
    key, holder = uuid4(), ana() if agent else None
    lead, first = create(key, holder)
    with nothing_written():
        same, again = create(key, holder)
    assert (same.pk, same.uuid) == (lead.pk, lead.uuid)
    assert (again.replayed, again.events) == (True, first.events)


@pytest.mark.parametrize(
    "other",
    [
        {"name": "Dana B."},
        {"email": "d@example.com"},
        {"phone": ""},
        {"headline": "House"},
        {"inquiry": "walk_in"},
        {"note": NOTE},
        {"agent": "ben"},
        {"actor": "ana"},
    ],
    ids=lambda other: next(iter(other)),
)
@pytest.mark.parametrize("later", ["at once", "after a call"])
def test_a_form_with_other_content_is_refused(other: dict[str, Any], later: str) -> None:
    key = uuid4()
    lead, _ = create(key, ana())
    if later == "after a call":
        service.log_contact(lead_id=lead.pk, actor=ana(), source=Source.PAGE, channel="call", outcome="spoke")
    people = {"ben": ben(), "ana": ana()}
    said = {k: people[v] if k in ("agent", "actor") else v for k, v in other.items()}
    with nothing_written():
        refusal(lambda: create(key, **{"agent": ana(), **said}), UuidReused)


def test_a_form_sent_again_after_the_contact_data_were_corrected_is_still_the_same() -> None:
    key = uuid4()
    lead, _ = create(key)
    service.change_contact(lead_id=lead.pk, actor=bruna(), source=Source.PAGE, fields={"name": "Dana B."})
    assert create(key)[1].replayed


def test_the_uuid_of_a_creation_cannot_move_its_lead() -> None:
    key = uuid4()
    lead, _ = create(key)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE, "uuid": key}
    with nothing_written():
        refusal(lambda: service.move_lead(**common, to=NEW), UuidReused)


# --- times, secrets, borrowed names -------------------------------------------------------------------------


def test_a_typed_time_belongs_to_the_content() -> None:
    lead = LeadFactory.create(status=QUALIFIED, agent=ana())
    typed = timezone.now() - timedelta(minutes=3)
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE, "uuid": uuid4(), "note": NOTE}
    service.add_note(**common, occurred_at=typed)
    assert service.add_note(**common, occurred_at=typed.astimezone(ZoneInfo("Asia/Tokyo"))).replayed
    with nothing_written():
        refusal(lambda: service.add_note(**common, occurred_at=typed - timedelta(minutes=1)), UuidReused)


def test_a_time_in_the_hour_that_occurs_twice_is_recognised() -> None:
    zone = ZoneInfo("America/Los_Angeles")
    lead = LeadFactory.create(agent=ana(), begun=datetime(2025, 11, 1, tzinfo=UTC))
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE, "note": NOTE}
    for fold in (0, 1):
        typed = datetime(2025, 11, 2, 1, 30, tzinfo=zone, fold=fold)
        key = uuid4()
        service.add_note(**common, uuid=key, occurred_at=typed)
        assert service.add_note(**common, uuid=key, occurred_at=typed).replayed


def test_an_assignment_is_still_the_same_after_its_agent_left() -> None:
    lead = LeadFactory.create(status=QUALIFIED, agent=ana())
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE, "uuid": uuid4()}
    service.assign_lead(**common, to_agent=ben(), reason="territory")
    User.objects.filter(pk=ben().pk).update(is_active=False)
    assert service.assign_lead(**common, to_agent=ben(), reason="territory").replayed


def test_a_uuid_that_follows_from_another_shows_nothing_of_a_foreign_lead() -> None:
    hers, his = LeadFactory.create(status=CONTACTING, agent=ana()), LeadFactory.create(agent=ben())
    key = uuid4()
    log: Any = {"channel": "call", "outcome": "spoke", "actor": ana(), "source": Source.PAGE, "lead_id": hers.pk}
    service.log_contact(**log, uuid=key)
    service.add_note(lead_id=his.pk, actor=ben(), source=Source.PAGE, note="Mine.", uuid=uuid5(key, "1"))
    assert [e.lead_id for e in service.log_contact(**log, uuid=key).events] == [hers.pk]


def test_a_uuid_whose_second_fact_is_taken_is_refused() -> None:
    lead = LeadFactory.create(agent=ana())
    key = uuid4()
    common: dict[str, Any] = {"lead_id": lead.pk, "actor": ana(), "source": Source.PAGE}
    service.add_note(**common, note="First.", uuid=uuid5(key, "1"))
    with nothing_written():
        refusal(lambda: service.log_contact(**common, channel="call", outcome="spoke", uuid=key), UuidReused)


def test_every_event_has_a_uuid_of_its_own() -> None:
    LeadFactory.create(status=CLOSED, agent=ana())
    LeadFactory.create(status=ARCHIVED)
    uuids = LeadEvent.objects.values_list("uuid", flat=True)
    assert len(set(uuids)) == len(uuids)
