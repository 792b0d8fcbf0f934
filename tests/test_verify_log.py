"""`verify_log` finds what was done to the log behind the application's back, and says where."""

import contextlib
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from leads.models import Lead
from lifecycle import guards, service
from lifecycle.models import EventNote, LeadEvent
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, newest
from tests.failures.poisoned import unguarded

pytestmark = pytest.mark.django_db(transaction=True)


def verdict() -> dict[str, Any]:
    out = io.StringIO()
    code = 0
    try:
        call_command("verify_log", json=True, stdout=out)
    except SystemExit as stop:
        code = int(str(stop.code))
    told: dict[str, Any] = json.loads(out.getvalue())
    assert told["exit_code"] == code
    return told


@contextlib.contextmanager
def behind_the_back() -> Iterator[None]:
    """What somebody with the rights of the database's owner could do: guards away, change, guards back."""
    guards.remove(connection)
    try:
        yield
    finally:
        guards.install(connection)


@pytest.fixture
def dana() -> Lead:
    """Dana was Ana's, committed, fell back, was handed to Ben; a note stands in between."""
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana())
    advance(lead, State.QUALIFIED, actor=ana())
    service.add_note(lead_id=lead.pk, note="She wants a garden.", actor=ana(), source="page")
    service.assign_lead(lead_id=lead.pk, to_agent=ben(), reason="pto_or_leave", actor=ana(), source="page")
    lead.refresh_from_db()
    return lead


def test_a_sound_log_is_found_sound(dana: Lead) -> None:
    told = verdict()
    assert (told["exit_code"], told["leads"], told["events"], told["problems"]) == (0, 1, dana.version, [])


def _change(**columns: Any) -> Callable[[Lead], None]:
    def tamper(lead: Lead) -> None:
        LeadEvent.objects.filter(lead=lead, version=3).update(**columns)

    return tamper


def _drop_one(lead: Lead) -> None:
    EventNote.objects.filter(event__lead=lead, event__version=3).delete()
    LeadEvent.objects.filter(lead=lead, version=3).update(lead=LeadFactory.create())


def _swap(lead: Lead) -> None:
    third, fourth = (LeadEvent.objects.get(lead=lead, version=v) for v in (3, 4))
    for event, version in ((third, 99), (fourth, 3), (third, 4)):
        LeadEvent.objects.filter(pk=event.pk).update(version=version)


TAMPERINGS: dict[str, tuple[Callable[[Lead], object], str]] = {
    "a changed reason": (_change(reason="life_event"), "the hash does not fit"),
    "a changed actor": (_change(actor_id=None), "the hash does not fit"),
    "a changed name": (_change(actor_name="Somebody"), "the hash does not fit"),
    "changed data": (_change(data={"channel": "text"}), "the hash does not fit"),
    "a new hash": (_change(hash="0" * 64), "the hash does not fit"),
    "an event given to another lead": (_drop_one, "version 3 is missing"),
    "two events swapped": (_swap, "the hash does not fit"),
    "changed words": (
        lambda lead: EventNote.objects.filter(note="She wants a garden.").update(note="No garden."),
        "words are missing or differ",
    ),
    "words removed": (
        lambda lead: EventNote.objects.filter(note="She wants a garden.").delete(),
        "words are missing or differ",
    ),
    "a silent update of the status": (lambda lead: Lead.objects.update(status="CLOSED"), "column status is not"),
    "a silent update of the agent": (lambda lead: Lead.objects.update(agent=ana()), "column agent is not"),
    "a silent opt-in": (lambda lead: Lead.objects.update(dnc=True), "column dnc is not"),
    "a prettier first contact": (
        lambda lead: Lead.objects.update(first_contact_at=lead.created_at),
        "column first_contact_at is not",
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_what_an_owner_of_the_database_changed_is_found(dana: Lead, name: str) -> None:
    tamper, finding = TAMPERINGS[name]
    with behind_the_back():
        tamper(dana)
    told = verdict()
    assert told["exit_code"] == 1
    assert any(finding in p["what"] and p["lead"] == dana.key for p in told["problems"]), told["problems"]


def test_the_newest_events_cut_off_are_found_by_the_cached_version(dana: Lead) -> None:
    with behind_the_back():
        LeadEvent.objects.filter(lead=dana, version=dana.version).delete()
    assert any("column version is not" in p["what"] for p in verdict()["problems"])


def test_a_lead_without_any_event_is_found() -> None:
    lead = Lead.objects.create(name="Came by raw SQL", email="raw@example.com")
    assert verdict()["problems"] == [{"lead": lead.key, "version": 0, "what": "has no events"}]


def test_facts_whose_lead_was_taken_away_are_found(dana: Lead) -> None:
    other = LeadFactory.create(agent=ana())
    with unguarded() as ask:
        ask("DELETE FROM leads_lead WHERE id = %s", [other.pk])
    told = verdict()
    with unguarded() as ask:  # Whoever empties the database afterwards stumbles over them.
        ask("DELETE FROM lifecycle_leadevent WHERE lead_id = %s", [other.pk])
    assert {"lead": "", "version": 0, "what": "there are events that belong to no lead"} in told["problems"]
    assert verdict()["problems"] == []


def test_an_event_without_its_cache_update_is_found_and_mended(dana: Lead) -> None:
    last = newest(dana)
    forged = LeadEvent(
        lead=dana, version=last.version + 1, kind="flag_set", flag="dnc", reason="legal", agent=dana.agent,
        source="api", occurred_at=last.recorded_at, recorded_at=last.recorded_at, hash="f" * 64,
    )  # fmt: skip
    LeadEvent.objects.bulk_create([forged])
    found = [p["what"] for p in verdict()["problems"]]
    assert "the hash does not fit the row and the one before it" in found
    assert "the cached column dnc is not what the log says" in found


def test_a_fact_recorded_before_the_one_that_precedes_it_is_found(dana: Lead) -> None:
    third, fourth = (LeadEvent.objects.get(lead=dana, version=v) for v in (3, 4))
    with behind_the_back():
        LeadEvent.objects.filter(pk=fourth.pk).update(recorded_at=third.recorded_at - timedelta(seconds=1))
    found = [(p["version"], p["what"]) for p in verdict()["problems"]]
    assert (4, "recorded before the fact that precedes it") in found
    assert (3, "recorded before the fact that precedes it") not in found


def test_an_illegal_move_that_somebody_inserted_is_found(dana: Lead) -> None:
    last = newest(dana)
    LeadEvent.objects.bulk_create(
        [
            LeadEvent(
                lead=dana, version=last.version + 1, kind="closing_completed", from_status="QUALIFIED",
                to_status="CLOSED", agent=dana.agent, source="api", occurred_at=last.recorded_at,
                recorded_at=last.recorded_at, hash="f" * 64,
            )
        ]
    )  # fmt: skip
    assert any("moves from QUALIFIED to CLOSED, which the table forbids" in p["what"] for p in verdict()["problems"])


def test_a_missing_guard_is_named(dana: Lead) -> None:
    guards.remove(connection)
    told = verdict()
    guards.install(connection)
    assert told["exit_code"] == 1
    assert len(told["guards_missing"]) >= 10


def test_facts_of_a_newer_release_leave_the_answer_open(dana: Lead) -> None:
    last = newest(dana)
    LeadEvent.objects.bulk_create(
        [
            LeadEvent(
                lead=dana, version=last.version + 1, kind="moon_phase_noted", agent=dana.agent, source="api",
                occurred_at=last.recorded_at, recorded_at=last.recorded_at + timedelta(seconds=1), hash="f" * 64,
            )
        ]
    )  # fmt: skip
    with behind_the_back():
        LeadEvent.objects.filter(kind="moon_phase_noted").update(hash=_right_hash(dana))
    assert verdict()["exit_code"] == 2


def _right_hash(lead: Lead) -> str:
    from lifecycle import chain

    event = newest(lead)
    before = LeadEvent.objects.get(lead=lead, version=event.version - 1)
    return chain.event_hash(
        before.hash, event, lead=lead.uuid, agent=ben().uuid, to_agent=None, actor=None, target=None, caused_by=None
    )


def test_people_read_the_lead_the_version_and_what_is_wrong(dana: Lead) -> None:
    with behind_the_back():
        LeadEvent.objects.filter(lead=dana, version=3).update(reason="life_event")
    out = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_log", stdout=out)
    assert f"{dana.key}, version 3: the hash does not fit the row and the one before it" in out.getvalue()
    assert out.getvalue().endswith("problems: 1\n")


def test_rebuilding_mends_drifted_columns_and_changes_nothing_on_a_sound_database(dana: Lead) -> None:
    def rebuild(**options: Any) -> list[str]:
        out = io.StringIO()
        call_command("rebuild_cache", verbosity=0, stdout=out, **options)
        return out.getvalue().splitlines()

    assert rebuild() == ["leads: 1", "changed: 0"]
    Lead.objects.update(provenance="fresh", attempts=99)
    assert rebuild(dry_run=True) == [f"{dana.key}: provenance, attempts", "leads: 1", "would change: 1"]
    assert rebuild()[-1] == "changed: 1"
    assert Lead.objects.get().provenance == "fell_back_committed"
    Lead.objects.update(times_qualified=7)
    assert "the cached column times_qualified is not what the log says" in str(verdict())
    assert rebuild(dry_run=True)[0] == f"{dana.key}: times_qualified"
    assert rebuild()[-1] == "changed: 1"
    assert Lead.objects.get().times_qualified == 2
    assert verdict()["exit_code"] == 0
