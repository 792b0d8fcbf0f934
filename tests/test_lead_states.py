"""`lead_states`: every lead, now or at an instant, in an order that no database's language settings change."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from leads.management.commands import lead_states
from leads.models import Lead
from lifecycle import service
from lifecycle.events import Source
from lifecycle.models import OfficeSettings
from lifecycle.states import State
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest

pytestmark = pytest.mark.django_db(transaction=True)


BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def printed(**options: str) -> str:
    out = io.StringIO()
    call_command("lead_states", stdout=out, **options)
    return out.getvalue()


def test_every_lead_with_its_key_status_and_holder_by_code_point() -> None:
    own = LeadFactory.create(agent=ana(), status=State.QUALIFIED)
    for key in ("b-1", "B-1", "ä-1", "a_1", "a-1", "Z"):
        LeadFactory.create(agent=None, external_source="old", external_key=key)
    rows = list(csv.reader(io.StringIO(printed())))
    assert rows[0] == ["lead_key", "status", "agent"]
    keys = [r[0] for r in rows[1:]]
    assert keys == sorted([f"L-{own.pk}", "b-1", "B-1", "ä-1", "a_1", "a-1", "Z"])
    assert [f"L-{own.pk}", "QUALIFIED", "Ana Alvarez"] in rows
    assert ["Z", "NEW", ""] in rows


def test_the_same_as_json() -> None:
    lead = LeadFactory.create(agent=ana())
    assert json.loads(printed(format="json")) == [{"lead_key": lead.key, "status": "NEW", "agent": "Ana Alvarez"}]


def test_an_empty_office_prints_the_header_alone() -> None:
    assert printed() == "lead_key,status,agent\n" and not Lead.objects.exists()


# --- the past -----------------------------------------------------------------------------------------------


def at(moment: datetime, **options: str) -> list[list[str]]:
    """The printed rows of an instant, without their header."""
    header, *rows = csv.reader(io.StringIO(printed(at=moment.isoformat(), **options)))
    assert header == ["lead_key", "status", "agent"]
    return rows


def test_at_an_instant_each_lead_stands_where_it_stood_with_whom_it_was() -> None:
    lead = LeadFactory.create(agent=ana(), status=State.QUALIFIED, begun=BEGUN)
    later = LeadFactory.create(agent=None, begun=BEGUN + timedelta(days=9))
    said: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    service.assign_lead(**said, to_agent=ben(), reason="territory", now=BEGUN + timedelta(days=2))
    assert at(BEGUN - timedelta(seconds=1)) == []
    assert at(BEGUN) == [[lead.key, "NEW", "Ana Alvarez"]]
    assert at(BEGUN + timedelta(days=1)) == [[lead.key, "QUALIFIED", "Ana Alvarez"]]
    assert at(BEGUN + timedelta(days=2)) == [[lead.key, "QUALIFIED", "Ben Brooks"]]
    assert sorted(at(BEGUN + timedelta(days=9))) == sorted(
        [[lead.key, "QUALIFIED", "Ben Brooks"], [later.key, "NEW", ""]]
    )


def test_an_undone_move_counts_only_by_the_clock_of_what_we_knew() -> None:
    lead = LeadFactory.create(agent=ana(), status=State.QUALIFIED, begun=BEGUN)
    advance(lead, State.COMMITTED, actor=ana(), now=BEGUN + timedelta(days=1))
    move = newest(lead)
    said: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE}
    service.void_move(**said, target=move.uuid, reason="too_early", now=BEGUN + timedelta(days=5))
    between = BEGUN + timedelta(days=3)
    assert at(between) == at(between, clock="happened") == [[lead.key, "QUALIFIED", "Ana Alvarez"]]
    assert at(between, clock="known") == [[lead.key, "COMMITTED", "Ana Alvarez"]]


def test_the_past_is_read_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(7):
        LeadFactory.create(agent=ana(), begun=BEGUN + timedelta(hours=n), external_source="old", external_key=f"k{n}")
    whole = at(BEGUN + timedelta(hours=4))
    monkeypatch.setattr(lead_states, "_PIECE", 3)
    assert at(BEGUN + timedelta(hours=4)) == whole == [[f"k{n}", "NEW", "Ana Alvarez"] for n in range(5)]


@pytest.mark.parametrize(
    ("time", "sentence"),
    [
        ("2190-01-01T00:00", "still to come"),
        ("last Tuesday", "is not a time"),
        ("2026-03-08T02:30", "is not a time"),
        ("2026-11-01T01:30", "occurs twice"),
    ],
)
def test_a_time_that_cannot_be_told_ends_with_exit_code_2_and_a_sentence(time: str, sentence: str) -> None:
    OfficeSettings.objects.update_or_create(pk=OfficeSettings.ONLY, defaults={"time_zone": "America/Los_Angeles"})
    with pytest.raises(CommandError, match=sentence) as refused:
        printed(at=time)
    assert refused.value.returncode == 2
