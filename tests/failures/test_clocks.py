"""A server whose clock is wrong, and then right again: the short version."""

import io
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from lifecycle import service
from lifecycle.models import LeadEvent
from lifecycle.states import State
from lifecycle.verify import verify
from tests.factories import LeadFactory, ana, bruna
from tests.failures.pages import addresses
from tests.soundness import assert_sound

pytestmark = pytest.mark.django_db(transaction=True)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[timedelta]:
    """By how much the clock of this process is off: one length, which a test may change."""
    off, right = [timedelta(0)], timezone.now

    def now() -> datetime:
        return right() + off[0]

    monkeypatch.setattr(timezone, "now", now)
    return off


def scribe() -> dict[str, int]:
    out = io.StringIO()
    call_command("run_due", stdout=out)
    lines = (line.split(": ") for line in out.getvalue().splitlines())
    return {name: int(n) for name, n in lines if name.startswith(("sla", "timed")) and int(n)}


def faults(lead_id: int) -> dict[str, int]:
    browser = Client(raise_request_exception=False)
    browser.force_login(bruna())
    return {path: status for path in addresses([lead_id]) if (status := browser.get(path).status_code) >= 500}


def test_a_clock_an_hour_back_and_then_a_day_ahead_does_no_lasting_harm(clock: list[timedelta]) -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana())
    moments = []
    for off in (timedelta(0), -HOUR, DAY, timedelta(0)):
        clock[0] = off
        moments.append(
            service.add_note(lead_id=lead.pk, note="Hello.", actor=ana(), source="page").events[0].recorded_at
        )
    assert faults(lead.pk) == {}
    assert moments == sorted(moments) and moments[2] - moments[1] >= DAY - HOUR
    assert_sound(lead)
    *_, verdict = verify()
    assert verdict.exit_code == 0


def test_by_a_clock_a_day_ahead_scribe_is_a_day_early_and_never_more(clock: list[timedelta]) -> None:
    begun = timezone.now() - timedelta(days=180)
    soon, later = (
        LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=begun + extra) for extra in (12 * HOUR, 3 * DAY)
    )
    scribe()
    clock[0] = DAY
    assert scribe() == {"timed_out_no_progress": 1}
    clock[0] = timedelta(0)
    assert scribe() == {}
    soon.refresh_from_db()
    later.refresh_from_db()
    assert (soon.status, later.status) == ("ARCHIVED", "QUALIFIED")
    # What was a day early is taken back as any other move.
    early = LeadEvent.objects.get(kind="timed_out_no_progress")
    service.void_move(lead_id=soon.pk, target=early.uuid, reason="wrong_lead", actor=bruna(), source="page")
    soon.refresh_from_db()
    assert soon.status == "QUALIFIED"
    assert_sound(soon)
