"""Scribe's round and leads that came in by an import: our days count from when we came to know, no clock runs late."""

from datetime import datetime, timedelta

import pytest

from leads.models import Lead
from lifecycle import service
from lifecycle.decide.moves import due_at, is_due
from lifecycle.errors import ThresholdNotReached
from lifecycle.events import Kind
from lifecycle.fold import LeadState
from lifecycle.intents import Rules
from lifecycle.states import State
from tests.backfilled import IMPORTED, MODIFIED, old_lead, row, taken_back, taken_up
from tests.factories import advance, ana, bruna, newest
from tests.test_schedule import NOTHING, run

DAY = timedelta(days=1)


def test_the_days_of_the_office_count_from_when_it_came_to_know() -> None:
    rules, kind = Rules(now=IMPORTED + 179 * DAY, no_progress_days=180), Kind.TIMED_OUT_NO_PROGRESS
    qualified = LeadState(status="QUALIFIED", version=2, stage_entered_at=MODIFIED)
    assert is_due(qualified, kind, rules) and not is_due(qualified, kind, rules, IMPORTED)
    assert due_at(qualified, kind, rules, IMPORTED) == IMPORTED + 180 * DAY
    here_since = LeadState(status="QUALIFIED", version=9, stage_entered_at=IMPORTED + 30 * DAY)
    assert due_at(here_since, kind, rules, IMPORTED) == IMPORTED + 210 * DAY


@pytest.mark.django_db(transaction=True)
class TestTheRound:
    def test_what_an_old_system_had_in_qualified_for_years_waits_as_long_as_anything_else(self) -> None:
        lead = old_lead("QUALIFIED")
        assert run(IMPORTED + timedelta(minutes=1)) == run(IMPORTED + 179 * DAY) == NOTHING
        service.add_note(lead_id=lead.pk, note="Looked her up.", actor=ana(), source="page", now=IMPORTED + 179 * DAY)
        assert run(IMPORTED + 180 * DAY - timedelta(seconds=1)) == NOTHING
        assert run(IMPORTED + 180 * DAY) == {**NOTHING, "timed_out_no_progress": 1}
        assert run(IMPORTED + 181 * DAY) == NOTHING
        assert newest(lead).kind == "timed_out_no_progress"

    def test_six_calls_of_one_afternoon_archive_nobody_who_was_in_contacting_for_years(self) -> None:
        lead = old_lead("CONTACTING", agent=ana().display_name)
        for n in range(6):
            calls(lead, IMPORTED + timedelta(hours=1, minutes=n))
        assert run(IMPORTED + timedelta(hours=2)) == run(IMPORTED + 20 * DAY) == NOTHING
        assert run(IMPORTED + 21 * DAY) == {**NOTHING, "timed_out_no_response": 1}

    def test_nobody_whom_nobody_called_here_is_archived_for_silence(self) -> None:
        old_lead("CONTACTING")
        assert run(IMPORTED + 4000 * DAY) == NOTHING

    def test_a_new_lead_of_an_old_system_has_no_first_contact_clock(self) -> None:
        lead = old_lead("NEW")
        assert lead.first_contact_due_at is None
        assert run(IMPORTED + DAY) == NOTHING
        calls(lead, IMPORTED + 2 * DAY)
        lead.refresh_from_db()
        assert (lead.status, lead.first_contact_due_at, lead.sla_breached) == ("CONTACTING", None, False)
        assert run(IMPORTED + 3 * DAY) == NOTHING

    def test_what_was_taken_up_again_waits_from_then_on(self) -> None:
        lead = old_lead("QUALIFIED")
        taken_back([lead], now=IMPORTED + DAY)
        taken_up([lead], [row("QUALIFIED")], now=IMPORTED + 300 * DAY)
        assert lead.status == "QUALIFIED"
        assert run(IMPORTED + 479 * DAY) == NOTHING
        assert run(IMPORTED + 480 * DAY)["timed_out_no_progress"] == 1

    def test_a_stage_that_began_here_waits_from_its_own_beginning(self) -> None:
        lead = old_lead("COMMITTED")
        advance(lead, State.QUALIFIED, now=IMPORTED + 10 * DAY)
        assert run(IMPORTED + 189 * DAY) == NOTHING
        assert run(IMPORTED + 190 * DAY)["timed_out_no_progress"] == 1

    def test_scribe_does_not_even_ask_and_would_be_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        lead, soon = old_lead("QUALIFIED"), IMPORTED + timedelta(minutes=1)
        with pytest.raises(ThresholdNotReached):
            service.time_out(lead_id=lead.pk, lead_uuid=lead.uuid, kind="timed_out_no_progress", due=MODIFIED, now=soon)
        asked: list[object] = []
        monkeypatch.setattr(service, "time_out", lambda **said: asked.append(said))
        run(soon)
        assert asked == []


def calls(lead: Lead, now: datetime) -> None:
    """Bruna calls, and nobody answers."""
    service.log_contact(lead_id=lead.pk, channel="call", outcome="no_answer", actor=bruna(), source="page", now=now)
