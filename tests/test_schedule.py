"""`run_due`: Scribe declares late first contacts and archives what waited too long, once."""

import io
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from leads.models import Lead
from lifecycle import service
from lifecycle.errors import StaleVersion
from lifecycle.models import LeadEvent, OfficeSettings
from lifecycle.service.schedule import due_uuid
from lifecycle.states import State
from tests.factories import LeadFactory, ana, newest

pytestmark = pytest.mark.django_db(transaction=True)


def run(at: datetime | str) -> dict[str, int]:
    out = io.StringIO()
    call_command("run_due", at=at if isinstance(at, str) else at.isoformat(), stdout=out)
    return {name: int(n) for name, n in (line.split(": ") for line in out.getvalue().splitlines())}


def came(lead: Lead) -> datetime:
    """When the inquiry arrived."""
    assert lead.created_at is not None
    return lead.created_at


def entered(lead: Lead) -> datetime:
    """When the lead came to where it stands."""
    assert lead.stage_entered_at is not None
    return lead.stage_entered_at


NOTHING = {"sla_breached": 0, "timed_out_no_response": 0, "timed_out_no_progress": 0}


def test_a_new_lead_that_nobody_called_in_five_minutes_is_declared_late_once() -> None:
    lead = LeadFactory.create(agent=ana(), begun=timezone.now() - timedelta(minutes=20))
    assert run(came(lead) + timedelta(minutes=5)) == NOTHING
    late = came(lead) + timedelta(minutes=6)
    assert run(late) == {**NOTHING, "sla_breached": 1}
    assert run(late) == NOTHING == run(late + timedelta(hours=1))
    breach = newest(lead)
    assert (breach.kind, breach.actor, breach.data) == ("sla_breached", None, {"minutes": 5})
    assert breach.occurred_at == came(lead) + timedelta(minutes=5)
    assert breach.uuid == due_uuid(lead.uuid, "sla_breached", breach.occurred_at)
    lead.refresh_from_db()
    assert lead.sla_breached


def test_ana_hears_that_scribe_was_quicker() -> None:
    lead = LeadFactory.create(agent=ana(), begun=timezone.now() - timedelta(minutes=20))
    seen = lead.version
    run(timezone.now())
    with pytest.raises(StaleVersion) as stale:
        service.add_note(lead_id=lead.pk, note="Hello.", actor=ana(), source="page", expected_version=seen)
    assert stale.value.details["who"] == "Scribe"
    assert stale.value.sentence.startswith("Scribe noted that the first contact is late just now.")


def test_a_call_logged_late_never_clears_the_breach() -> None:
    lead = LeadFactory.create(agent=ana(), begun=timezone.now() - timedelta(minutes=20))
    run(timezone.now())
    in_time = came(lead) + timedelta(minutes=2)
    service.log_contact(
        lead_id=lead.pk, channel="call", outcome="spoke", occurred_at=in_time, actor=ana(), source="page"
    )
    lead.refresh_from_db()
    assert (lead.first_contact_at, lead.sla_breached, lead.status) == (in_time, True, "CONTACTING")


def test_a_first_call_that_came_too_late_is_declared_even_when_the_lead_has_moved_on() -> None:
    lead = LeadFactory.create(agent=ana(), status=State.CONTACTING)
    assert run(timezone.now())["sla_breached"] == 1
    assert newest(lead).kind == "sla_breached"


def test_a_first_call_in_time_is_never_declared_late() -> None:
    lead = LeadFactory.create(agent=ana(), begun=timezone.now() - timedelta(hours=1))
    service.log_contact(
        lead_id=lead.pk, channel="call", outcome="no_answer", actor=ana(), source="page",
        now=came(lead) + timedelta(minutes=4),
    )  # fmt: skip
    assert run(timezone.now()) == NOTHING


def _silent(lead: Lead, calls: int) -> None:
    for day in range(calls):
        service.log_contact(
            lead_id=lead.pk, channel="call", outcome="no_answer", actor=ana(), source="page",
            now=came(lead) + timedelta(minutes=1, days=day),
        )  # fmt: skip
    lead.refresh_from_db()


def test_a_silent_lead_is_archived_after_21_days_and_six_attempts() -> None:
    begun = timezone.now() - timedelta(days=40)
    lead, barely = (LeadFactory.create(agent=ana(), begun=begun) for _ in range(2))
    _silent(lead, 6)
    _silent(barely, 5)
    due = entered(lead) + timedelta(days=21)
    assert run(due - timedelta(seconds=1)) == NOTHING
    assert run(due) == {**NOTHING, "timed_out_no_response": 1}
    assert run(due) == NOTHING
    lead.refresh_from_db()
    barely.refresh_from_db()
    assert (lead.status, barely.status) == ("ARCHIVED", "CONTACTING")
    assert newest(lead).kind == "timed_out_no_response" and newest(lead).actor is None
    assert newest(lead).uuid == due_uuid(lead.uuid, "timed_out_no_response", due)


def test_a_lead_that_answered_waits_from_its_answer_on() -> None:
    lead = LeadFactory.create(agent=ana(), begun=timezone.now() - timedelta(days=60))
    _silent(lead, 6)
    answered = came(lead) + timedelta(days=15)
    service.log_contact(
        lead_id=lead.pk,
        channel="text",
        direction="inbound",
        outcome="replied",
        actor=ana(),
        source="page",
        now=answered,
    )
    assert run(answered + timedelta(days=20)) == NOTHING
    assert run(answered + timedelta(days=21))["timed_out_no_response"] == 1


def test_a_qualified_lead_without_progress_is_archived_after_180_days() -> None:
    lead = LeadFactory.create(agent=ana(), status=State.QUALIFIED, begun=timezone.now() - timedelta(days=200))
    run(entered(lead))
    assert run(entered(lead) + timedelta(days=179)) == NOTHING
    assert run(entered(lead) + timedelta(days=180))["timed_out_no_progress"] == 1


def test_the_office_may_set_other_numbers() -> None:
    OfficeSettings.objects.update(sla_minutes=30, no_progress_days=10)
    new = LeadFactory.create(agent=ana(), begun=timezone.now() - timedelta(minutes=40))
    old = LeadFactory.create(agent=ana(), status=State.QUALIFIED, begun=timezone.now() - timedelta(days=11))
    assert new.first_contact_due_at == came(new) + timedelta(minutes=30)
    done = run(timezone.now())
    assert done["timed_out_no_progress"] == 1 and newest(old).to_status == "ARCHIVED"
    assert newest(new).data == {"minutes": 30}


@pytest.mark.parametrize("text", ["soon", "2026-11-01T01:30", "2026-03-08T02:30", "1850-01-01T00:00"])
def test_a_time_that_cannot_be_told_is_refused_with_exit_code_2(text: str) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("run_due", at=text)
    assert refusal.value.returncode == 2
    assert not LeadEvent.objects.exists()
