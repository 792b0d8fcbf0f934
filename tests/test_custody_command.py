"""`custody`: who held each lead, in an order that no database's language settings change."""

import csv
import io
import json
import random
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.models import Lead, User
from lifecycle import service
from lifecycle.events import Source
from lifecycle.history.holders import chain_of, chains, held_by
from lifecycle.models import LeadEvent
from tests.factories import LeadFactory, ana, ben, bruna, newest, otto

pytestmark = pytest.mark.django_db(transaction=True)

MARCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
COLUMNS = ["lead_key", "agent", "from", "to", "days", "actor", "reason"]


@pytest.fixture(autouse=True)
def twentieth_of_march() -> Any:
    """The command's *now*, so that what is still held has a length to compare."""
    with mock.patch("leads.management.commands.custody.timezone.now", return_value=NOW):
        yield


def printed(**options: str) -> str:
    out = io.StringIO()
    call_command("custody", stdout=out, **options)
    return out.getvalue()


def rows(**options: str) -> list[list[str]]:
    found = list(csv.reader(io.StringIO(printed(**options))))
    assert found[0] == COLUMNS
    return found[1:]


def hand(lead: Lead, to: User | None, reason: str, days: float, by: User | None = None) -> None:
    service.assign_lead(
        lead_id=lead.pk,
        actor=by or bruna(),
        source=Source.PAGE,
        to_agent=to,
        reason=reason,
        note="She asked for somebody who knows the hills.",
        now=MARCH + timedelta(days=days),
    )


def passed_around() -> Lead:
    lead = LeadFactory.create(agent=None, begun=MARCH)
    hand(lead, ana(), "territory", 1.5, by=ana())
    hand(lead, ben(), "performance", 4)
    hand(lead, None, "returned_to_pool", 4.125, by=ben())
    return lead


def test_the_chain_of_one_lead() -> None:
    lead = passed_around()
    assert rows(lead=lead.key) == [
        [lead.key, "", "2026-03-02T09:00:00Z", "2026-03-03T21:00:00Z", "1.5", "Bruna Barros", ""],
        [lead.key, "Ana Alvarez", "2026-03-03T21:00:00Z", "2026-03-06T09:00:00Z", "2.5", "Ana Alvarez", "territory"],
        [lead.key, "Ben Brooks", "2026-03-06T09:00:00Z", "2026-03-06T12:00:00Z", "0.13", "Bruna Barros", "performance"],
        [lead.key, "", "2026-03-06T12:00:00Z", "", "13.88", "Ben Brooks", "returned_to_pool"],
    ]


def test_a_lead_born_with_an_agent_has_one_stint_and_a_corrected_reason_counts() -> None:
    lead = LeadFactory.create(agent=ana(), begun=MARCH)
    hand(lead, ben(), "performance", 2)
    target = newest(lead).uuid
    service.correct_reason(
        lead_id=lead.pk, actor=bruna(), source=Source.PAGE, target=target, reason="pto_or_leave", note="She was away."
    )
    assert [(r[1], r[6]) for r in rows(lead=lead.key)] == [
        ("Ana Alvarez", "initial_routing"),
        ("Ben Brooks", "pto_or_leave"),
    ]


def test_all_leads_by_key_by_code_point_then_by_time() -> None:
    keys = ["b-1", "B-1", "ä-1", "a_1", "a-1", "Z"]
    for key in keys:
        LeadFactory.create(agent=ben(), external_source="old", external_key=key, begun=MARCH)
    lead = passed_around()
    found = rows()
    assert [r[0] for r in found] == sorted([*keys, *[lead.key] * 4])
    assert [r[2] for r in found if r[0] == lead.key] == sorted(r[2] for r in found if r[0] == lead.key)


def test_what_an_agent_ever_held() -> None:
    lead, other = passed_around(), LeadFactory.create(agent=ana(), begun=MARCH)
    LeadFactory.create(agent=ben(), begun=MARCH)
    assert [(r[0], r[1], r[3]) for r in rows(agent="Ana Alvarez")] == sorted(
        [(lead.key, "Ana Alvarez", "2026-03-06T09:00:00Z"), (other.key, "Ana Alvarez", "")]
    )
    assert rows(agent=otto().display_name) == []


def test_a_renamed_agent_holds_under_todays_name_and_acted_under_the_name_of_then() -> None:
    lead = passed_around()
    User.objects.filter(username="ana").update(display_name="Ana Ortega")
    (was,) = (r for r in rows(lead=lead.key) if r[1] == "Ana Ortega")
    assert was[5] == "Ana Alvarez"
    with pytest.raises(CommandError):
        printed(agent="Ana Alvarez")


def test_a_key_of_two_old_systems_means_both_in_order_of_time() -> None:
    for source, day in (("a", 2), ("b", 0)):
        lead = LeadFactory.create(
            agent=ana(), external_source=source, external_key="K-7", begun=MARCH + timedelta(days=day)
        )
        hand(lead, ben(), "territory", day + 1)
    found = rows(lead="K-7")
    assert [r[2][:10] for r in found] == ["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05"]
    assert [r for r in rows() if r[0] == "K-7"] == found


def test_a_key_that_looks_like_ours_but_came_from_elsewhere_means_both() -> None:
    own = LeadFactory.create(agent=ana(), begun=MARCH)
    LeadFactory.create(agent=ben(), external_source="old", external_key=own.key, begun=MARCH)
    assert sorted(r[1] for r in rows(lead=own.key)) == ["Ana Alvarez", "Ben Brooks"]


def test_the_same_as_json() -> None:
    lead = LeadFactory.create(agent=ana(), begun=MARCH)
    hand(lead, ben(), "territory", 1)
    first, second = json.loads(printed(format="json"))
    assert list(first) == COLUMNS
    assert (first["days"], first["to"], second["to"]) == (1.0, "2026-03-03T09:00:00Z", "")
    assert json.loads(printed(format="json", agent=otto().display_name)) == []


def test_an_empty_office_prints_the_header_alone() -> None:
    assert printed() == "lead_key,agent,from,to,days,actor,reason\n"
    assert json.loads(printed(format="json")) == []


@pytest.mark.parametrize(
    "option, asked",
    [
        ("lead", "L-999999"),
        ("lead", "L-0007"),
        ("lead", ""),
        ("lead", "L-" + "9" * 5000),
        ("lead", "L-" + "9" * 18),
        ("lead", "a\x00b"),
        ("lead", "\udcff"),
        ("agent", "Nobody"),
        ("agent", ""),
        ("agent", "a\x00b"),
        ("agent", "\udcff"),
        ("agent", "x" * 5000),
    ],
)
def test_an_unknown_key_or_name_ends_with_exit_code_2_and_a_sentence(option: str, asked: str) -> None:
    LeadFactory.create(agent=ana(), begun=MARCH)
    with pytest.raises(CommandError, match=r"There is (no lead with the key|nobody with the name)") as refused:
        printed(**{option: asked})
    assert refused.value.returncode == 2
    str(refused.value).encode()


def test_more_leads_cost_no_more_queries() -> None:
    LeadFactory.create(agent=ana(), begun=MARCH)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            printed()
        return len(queries)

    before = cost()
    for _ in range(5):
        passed_around()
    assert cost() == before


def test_imported_leads_with_people_who_never_worked_here(tmp_path: Path) -> None:
    path = tmp_path / "old.csv"
    path.write_text(
        "lead_key,occurred_at,actor,kind,from_state,to_state,reason,note,from_owner,to_owner,seq\n"
        "K-1,2024-03-01T10:00:00Z,,lead_created,,NEW,,,,,1\n"
        "K-1,2024-03-01T10:00:00Z,,assigned,,,,,,Joe Old,2\n"
        "K-1,2024-03-05T10:00:00Z,Joe Old,reassigned,,,because,,Joe Old,Joe Old,3\n"
        "K-1,2024-03-09T10:00:00Z,Joe Old,reassigned,,,because,,Joe Old,Kim Old,4\n"
    )
    call_command("import_history", str(path), stdout=io.StringIO(), verbosity=0)
    first, second = rows(lead="K-1")
    assert first[1:] == ["Joe Old", "2024-03-01T10:00:00Z", "2024-03-09T10:00:00Z", "8", "Scribe", "not_recorded"]
    assert second[1:4] == ["Kim Old", "2024-03-09T10:00:00Z", ""] and second[5] == "Joe Old"


def test_the_last_stint_is_who_holds_every_lead_of_a_real_history(test_data: Path) -> None:
    path = test_data / "history" / "bpic12_small_events.csv.gz"
    call_command("import_history", str(path), stdout=io.StringIO(), verbosity=0)
    holds = {r[0]: r[1] for r in rows() if not r[3]}
    assert holds == {lead.key: str(lead.agent or "") for lead in Lead.objects.select_related("agent")}
    chains: dict[str, list[list[str]]] = {}
    for row in rows():
        chains.setdefault(row[0], []).append(row)
    for chain in chains.values():
        assert all(a[3] == b[2] and a[1] != b[1] for a, b in pairwise(chain))


# --- one person's stays are those of the chains -------------------------------------------------------------


def random_history(path: Path, seed: int) -> None:
    """Leads that are passed around at random: to nobody, to who holds them already, twice in one moment."""
    draw = random.Random(seed)
    owners = ["", "Joe Old", "Kim Old", "Lee Old"]
    lines = ["lead_key,occurred_at,actor,kind,from_state,to_state,reason,note,from_owner,to_owner,seq"]
    for key in range(12):
        moment, held = MARCH - timedelta(days=400 - key), ""
        lines.append(f"K-{key},{moment.isoformat()},,lead_created,,NEW,,,,,1")
        for seq in range(2, draw.randint(2, 12)):
            moment += timedelta(minutes=draw.choice([0, 0, 1, 5000]))
            to = draw.choice(owners)
            lines.append(f"K-{key},{moment.isoformat()},,reassigned,,,,,{held},{to},{seq}")
            held = to
    path.write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize("seed", range(3))
def test_what_a_person_ever_held_is_what_the_chains_say(tmp_path: Path, seed: int) -> None:
    random_history(tmp_path / "old.csv", seed)
    call_command("import_history", str(tmp_path / "old.csv"), stdout=io.StringIO(), verbosity=0)
    handed = LeadEvent.objects.filter(kind="agent_assigned").order_by("?")[:8]
    for fact in handed:
        correction: dict[str, Any] = {
            "target": fact.uuid,
            "reason": "territory",
            "note": "The old system kept no reason.",
        }
        service.correct_reason(lead_id=fact.lead_id, actor=bruna(), source=Source.PAGE, **correction)
    told = {lead.pk: chain_of(lead.pk) for lead in Lead.objects.all()}
    assert told == {first.lead_id: chain for first, chain in chains()}
    for person in User.objects.all():
        stays: list[Any] = list(held_by(person.pk))
        found = {(r.lead_id, r.pk): (r.occurred_at, r.ended_at, r.corrected or r.reason) for r in stays}
        assert found == {
            (pk, s.event_id): (s.since, s.until, s.reason) for pk, c in told.items() for s in c if s.holder == person.pk
        }
