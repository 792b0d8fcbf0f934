"""One statement says of many leads what the fold says of each, so that a rebuild of a large office takes seconds."""

import io
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from leads.models import Lead
from lifecycle import guards
from lifecycle.drift import folded
from lifecycle.events import DEMOTIONS, Kind
from lifecycle.flags import Flag
from lifecycle.fold import fold
from lifecycle.models import LeadEvent
from lifecycle.service.rebuilding import drifted, rebuild
from lifecycle.states import State
from tests.factories import ana, ben
from tests.past_stories import Office

pytestmark = pytest.mark.django_db(transaction=True)

#: Nothing that any story leads to, in every column that the database does not guard itself.
NONSENSE: dict[str, Any] = {
    "created_at": datetime(1999, 1, 1, tzinfo=UTC), "inquiry_source": "?", "inquired_at": None, "sla_breached": True,
    "first_contact_due_at": datetime(1999, 1, 1, tzinfo=UTC), "first_contact_at": datetime(1999, 1, 1, tzinfo=UTC),
    "stage_entered_at": None, "provenance": "?", "provenance_reason": "?", "provenance_at": None,
    "times_qualified": 77, "temperature": "?", "last_contact_at": None, "last_reply_at": None, "attempts": 77,
    "document_missing": True, "last_occurred_at": None, "last_recorded_at": None, "rules_version": 7,
}  # fmt: skip


def hard() -> set[int]:
    """The leads of which the statement cannot tell."""
    made = folded(range(10**9))
    made.add("SELECT id FROM folded WHERE hard = 1")
    return {pk for (pk,) in made.rows()}


def wrong() -> list[tuple[int, str, Any, Any]]:
    """Whatever the cached columns say that the fold of the events does not."""
    found = []
    for lead in Lead.objects.order_by("pk"):
        told, cached = fold(lead.events.order_by("version")), lead.cached_state
        found += [
            (lead.pk, name, getattr(cached, name), getattr(told, name))
            for name in cached.__slots__
            if name != "moves" and getattr(cached, name) != getattr(told, name)
        ]
    return found


@pytest.mark.parametrize("seed", range(3))
def test_after_an_office_lived_nothing_has_drifted_and_nonsense_is_found_and_mended(seed: int) -> None:
    Office(seed).live(150)
    assert [lead for _, found in drifted() for lead in found] == []
    some, columns = list(Lead.objects.values_list("pk", flat=True)), random.Random(seed).sample(sorted(NONSENSE), 6)
    for name in columns:
        Lead.objects.filter(pk__in=random.Random(name).sample(some, len(some) // 2)).update(**{name: NONSENSE[name]})
    differing = {(pk, name) for pk, name, _, _ in wrong()}
    assert {(lead.lead_id, name) for _, found in drifted() for lead in found for name in lead.columns} == differing
    assert rebuild(sorted({pk for pk, _ in differing})) == len({pk for pk, _ in differing})
    assert wrong() == []


def test_every_column_of_a_lead_is_told_without_the_fold_when_nothing_was_taken_back() -> None:
    Office(5, plain=True).live(120)
    assert Lead.objects.count() > 5 and hard() == set()
    Lead.objects.update(**NONSENSE)
    assert rebuild(list(Lead.objects.values_list("pk", flat=True))) == Lead.objects.count()
    assert wrong() == []


def test_whatever_rows_stand_in_the_log_the_columns_become_what_the_fold_says() -> None:
    chance = random.Random(11)
    leads = Lead.objects.bulk_create(Lead(name=f"Lead {n}") for n in range(400))
    LeadEvent.objects.bulk_create(row for lead in leads[1:] for row in Scribbler(chance, lead).rows())
    guards.remove(connection)
    try:
        seen = sum(looked_at for looked_at, _ in drifted())
        rebuild([lead.pk for lead in leads])
    finally:
        guards.install(connection)
    assert seen == 400
    assert wrong() == []
    # Both ways were gone: a statement for many of them, the fold for those that it cannot tell.
    assert 50 < len(hard()) < 350


def test_the_command_counts_every_lead_and_names_what_differed() -> None:
    Office(2).live(60)
    pk = Lead.objects.order_by("pk")[0].pk
    Lead.objects.filter(pk=pk).update(attempts=77)
    out = io.StringIO()
    call_command("rebuild_cache", verbosity=0, stdout=out)
    key = Lead.objects.get(pk=pk).key
    assert out.getvalue().splitlines() == [f"{key}: attempts", f"leads: {Lead.objects.count()}", "changed: 1"]


class Scribbler:
    """Rows that the constraints of the log let through, sensible or not, in any order."""

    def __init__(self, chance: random.Random, lead: Lead) -> None:
        self.chance, self.lead = chance, lead
        self.now = datetime(2026, 1, 1, 23, 59, 59, 999_999, tzinfo=UTC)
        self.people = [ana().pk, ben().pk, None]
        # Most leads are told in plain words, some in odd ones.
        self.odd = chance.random() < 0.3

    def rows(self) -> list[LeadEvent]:
        return [self._row(version) for version in range(1, self.chance.randrange(2, 14))]

    def _row(self, version: int) -> LeadEvent:
        pick = self.chance.choice
        self.now += timedelta(seconds=pick([0, 1, 60, 5000, 90_000]), microseconds=pick([0, 0, 1, 1000]))
        kind = pick(self._kinds())
        moves = kind not in _STILL or (self.odd and self.chance.random() < 0.2)
        return LeadEvent(
            lead=self.lead, version=version, kind=kind, to_status=pick(list(State)).value if moves else "",
            to_agent_id=pick(self.people) if kind == "agent_assigned" else None,
            flag=pick(list(Flag)).value if kind in ("flag_set", "flag_cleared") else "",
            reason=pick(["outbid", "replied"]) if kind in DEMOTIONS else pick(["", "replied"]),
            actor_id=pick(self.people), source="page", recorded_at=datetime(2026, 6, 1, tzinfo=UTC),
            occurred_at=self.now - timedelta(days=pick([0, 0, 0, 3])), data=self._data(), hash=f"{version:064x}",
        )  # fmt: skip

    def _kinds(self) -> list[str]:
        usual = [k.value for k in Kind if k not in (Kind.MOVE_VOIDED, Kind.REASON_CORRECTED)]
        often = ["contact_logged", "motivation_confirmed", "lead_re_engaged", "buyer_agreement_signed", "note_added"]
        odd = ["move_voided", "reason_corrected", "moon_phase_noted"] if self.odd else []
        return [*usual, *often * 4, *odd * 2]

    def _data(self) -> dict[str, Any]:
        pick = self.chance.choice
        data = {
            "direction": pick(["inbound", "outbound"]), "outcome": pick(["spoke", "no_answer", "replied"]),
            "document": pick([0, 1]), "inquiry": pick(["website", "phone", ""]), "sla_minutes": pick([0, 5, 90]),
            "to": pick(["hot", "cold", ""]),
        }  # fmt: skip
        for name in list(data):
            if self.chance.random() < 0.2:
                del data[name]
            elif self.odd and self.chance.random() < 0.1:
                data[name] = pick([None, 0, 7, -3, "0", "5", True, False, [], {}, 12_345_678_901])
        return data


_STILL = {
    "agent_assigned", "contact_logged", "flag_set", "flag_cleared", "note_added", "temperature_changed",
    "signal_logged", "sla_breached", "contact_details_changed", "reason_corrected",
}  # fmt: skip
