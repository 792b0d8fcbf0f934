"""`board_diff`: every change between two instants, equal to what the two boards differ in, on both clocks."""

import csv
import gzip
import io
import json
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from leads.models import Lead, User
from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Source
from lifecycle.flags import Flag
from lifecycle.history import Clock, facts_at
from lifecycle.models import LeadEvent
from lifecycle.states import WORKING, State
from lifecycle.transitions import legal_targets
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest

pytestmark = pytest.mark.django_db

COLUMNS = ["change", "lead_key", "from_status", "to_status", "from_agent", "to_agent", "reason", "occurred_at"]
MONDAY = datetime(2025, 3, 3, 17, tzinfo=UTC)
Row = dict[str, str]


def printed(since: Any, until: Any, **options: str) -> str:
    out = io.StringIO()
    call_command("board_diff", f"--from={_text(since)}", f"--to={_text(until)}", stdout=out, **options)
    return out.getvalue()


def _text(moment: Any) -> str:
    return moment.isoformat() if isinstance(moment, datetime) else moment


def diff(since: Any, until: Any, **options: str) -> list[Row]:
    return list(csv.DictReader(io.StringIO(printed(since, until, **options))))


def told(rows: Iterable[Row]) -> list[str]:
    return [row["change"] for row in rows]


# --- what a row says ----------------------------------------------------------------------------------------


def test_a_row_says_how_the_lead_stood_before_and_after() -> None:
    lead = LeadFactory.create(agent=ana(), status=State.IN_CONTRACT, begun=MONDAY)
    since = lead.last_recorded_at
    assert since is not None
    advance(lead, State.QUALIFIED, now=since + timedelta(hours=1))
    service.assign_lead(
        lead_id=lead.pk,
        actor=bruna(),
        source=Source.PAGE,
        to_agent=ben(),
        reason="performance",
        now=since + timedelta(hours=2),
    )
    text = printed(since, since + timedelta(days=1))
    assert text.splitlines()[0].split(",") == COLUMNS
    fell, handed = csv.reader(io.StringIO(text.split("\n", 1)[1]))
    assert fell == [
        "fell_back",
        lead.key,
        "IN_CONTRACT",
        "QUALIFIED",
        "Ana Alvarez",
        "Ana Alvarez",
        "appraisal_low",
        "2025-03-03T22:00:00Z",
    ]
    assert handed[2:7] == ["QUALIFIED", "QUALIFIED", "Ana Alvarez", "Ben Brooks", "performance"]
    assert json.loads(printed(since, since + timedelta(days=1), format="json")) == [
        dict(zip(COLUMNS, row, strict=True)) for row in (fell, handed)
    ]


def test_rows_stand_in_the_order_of_code_points_and_then_of_time() -> None:
    for key in ("b-1", "B-1", "ä-1", "a_1", "a-1", "Z"):
        LeadFactory.create(external_source="old", external_key=key, status=State.CONTACTING, begun=MONDAY)
    twin = LeadFactory.create(external_source="older", external_key="Z", begun=MONDAY + timedelta(minutes=30))
    rows = diff(MONDAY - timedelta(days=1), MONDAY + timedelta(days=1))
    keys = [row["lead_key"] for row in rows]
    assert keys == sorted(keys) and set(keys) == {"b-1", "B-1", "ä-1", "a_1", "a-1", "Z"}
    assert twin.pk and told(r for r in rows if r["lead_key"] == "Z") == ["new", "new", "advanced"]


def test_an_empty_window_prints_the_header_alone() -> None:
    LeadFactory.create(begun=MONDAY)
    assert printed(MONDAY, MONDAY + timedelta(days=1)) == ",".join(COLUMNS) + "\n"
    assert printed(MONDAY, MONDAY, format="json").strip() == "[]"


def test_without_an_end_it_goes_up_to_now() -> None:
    lead = LeadFactory.create(begun=timezone.now() - timedelta(minutes=5))
    out = io.StringIO()
    call_command("board_diff", f"--from={(timezone.now() - timedelta(hours=1)).isoformat()}", stdout=out)
    assert lead.key in out.getvalue()


def test_times_without_an_offset_are_the_offices() -> None:
    LeadFactory.create(begun=datetime(2025, 3, 3, 17, 30, tzinfo=UTC))
    assert told(diff("2025-03-03T09:00", "2025-03-03T09:30")) == ["new"]
    assert diff("2025-03-03T09:31", "2025-03-03T10:00") == []


@pytest.mark.parametrize(
    "since, until, sentence",
    [
        ("2025-11-02T01:30", "2025-11-03T09:00", "occurs twice"),
        ("2025-03-09T02:30", "2025-11-03T09:00", "is not a time in America/Los_Angeles"),
        ("2025-03-03T09:00", "last week", "is not a time"),
        ("2025-03-03T09:00", "2025-03-03T08:59", "Give the earlier time first"),
        ("2025-03-03T09:00", "2199-03-03T09:00", "is still to come"),
    ],
)
def test_a_window_that_cannot_be_told_ends_with_exit_code_two(since: str, until: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        printed(since, until)
    assert refused.value.returncode == 2


def test_an_undone_move_is_told_by_the_clock_that_knew_it() -> None:
    lead = LeadFactory.create(agent=ana(), status=State.QUALIFIED, begun=MONDAY)
    since = lead.last_recorded_at
    assert since is not None
    advance(lead, State.COMMITTED, now=since + timedelta(hours=1))
    service.void_move(
        lead_id=lead.pk,
        actor=bruna(),
        source=Source.PAGE,
        target=newest(lead).uuid,
        reason="mis_drag",
        now=since + timedelta(days=2),
    )
    assert diff(since, since + timedelta(days=3)) == []
    later = diff(since + timedelta(days=1), since + timedelta(days=3), clock="known")
    assert [(r["change"], r["from_status"], r["to_status"], r["reason"]) for r in later] == [
        ("undone", "COMMITTED", "QUALIFIED", "mis_drag")
    ]


# --- equal to the difference of two boards, plus the moves between ------------------------------------------


class Office:
    """A few leads to which everything happens in any order, on a clock of its own."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.now = rng, MONDAY
        self.people: list[User | None] = [ana(), ben(), None]
        self.leads = [self.another() for _ in range(6)]

    def another(self) -> Lead:
        self.now += timedelta(hours=1)
        return LeadFactory.create(agent=self.rng.choice(self.people), begun=self.now)

    def lives(self, steps: int) -> None:
        for _ in range(steps):
            self.now += timedelta(minutes=self.rng.choice([0, 1, 600]))
            with suppress(Refused):
                self._anything(self.rng.choice(self.leads))

    def _anything(self, lead: Lead) -> None:
        rng = self.rng
        late: dict[str, Any] = (
            {"occurred_at": self.now - timedelta(minutes=rng.choice([5, 400]))} if rng.random() < 0.3 else {}
        )
        act: dict[str, Any] = {"lead_id": lead.pk, "actor": bruna(), "source": Source.PAGE, "now": self.now}
        match rng.randrange(8):
            case 0 | 1 | 2 | 3:
                lead.refresh_from_db()
                legal = legal_targets(lead.status)
                towards_a_deal = [state for state in legal if state in WORKING] * 3
                advance(lead, rng.choice([*legal, *towards_a_deal, State.NEW]), now=self.now, **late)
            case 4:
                move = lead.events.exclude(to_status="").exclude(kind="move_voided").order_by("-version")[0]
                service.void_move(**act, target=move.uuid, reason="mis_drag")
            case 5:
                service.assign_lead(**act, to_agent=rng.choice(self.people), reason="territory", **late)
            case 6:
                set_it = rng.random() < 0.5
                said: dict[str, Any] = {
                    "flag": rng.choice(list(Flag)).value,
                    "reason": "legal" if set_it else "set_in_error",
                }
                (service.set_flag if set_it else service.clear_flag)(**act, **said)
            case _:
                fact = lead.events.filter(kind__in=["archived_manually", "agent_assigned"]).order_by("-version")[:1]
                for one in fact:
                    service.correct_reason(**act, target=one.uuid, reason="other", note="It was something else then.")


def boards(moment: datetime, clock: Clock) -> dict[str, tuple[str, str]]:
    """Status and agent of every lead that existed, by its key."""
    out = io.StringIO()
    call_command("lead_states", at=moment.isoformat(), clock=clock.value, stdout=out)
    return {row["lead_key"]: (row["status"], row["agent"]) for row in csv.DictReader(io.StringIO(out.getvalue()))}


def moves_between(since: datetime, until: datetime, clock: Clock) -> Counter[tuple[str, ...]]:
    """Every move, assignment and flag of the window, from the log and the two clocks' definition."""
    found: Counter[tuple[str, ...]] = Counter()
    for lead in Lead.objects.all():
        rows = list(lead.events.order_by("version"))
        before = {row.id for row in facts_at(rows, since, clock)}
        for row in facts_at(rows, until, clock):
            if row.id in before or (row.version == 2 and _is_birth(row, rows[0])):
                continue
            if row.to_status:
                found[lead.key, row.from_status, row.to_status] += 1
            elif row.kind in ("agent_assigned", "flag_set", "flag_cleared"):
                found[lead.key, row.kind, row.flag] += 1
    return found


def _is_birth(second: Any, first: Any) -> bool:
    """Whether a lead got its agent in the same moment in which it came in."""
    times = (first.occurred_at, first.recorded_at)
    return second.kind == "agent_assigned" and (second.occurred_at, second.recorded_at) == times


def assert_equals_the_difference(since: datetime, until: datetime, clock: Clock) -> list[Row]:
    rows = diff(since, until, clock=clock.value)
    before, after = boards(since, clock), boards(until, clock)
    walked = dict(before)
    for key, mine in groupby(rows, key=lambda row: row["lead_key"]):
        for row in mine:
            assert (row["from_status"], row["from_agent"]) == walked.get(key, ("", "")), row
            walked[key] = row["to_status"], row["to_agent"]
    assert walked == after
    facts = [row for row in rows if row["change"] != "there_and_back"]
    assert Counter(map(_fact, facts)) == moves_between(since, until, clock)
    return rows


def _fact(row: Row) -> tuple[str, ...]:
    kind, _, flag = row["change"].partition(":")
    if row["from_status"] != row["to_status"]:
        return row["lead_key"], row["from_status"], row["to_status"]
    return row["lead_key"], "agent_assigned" if kind == "reassigned" else kind, flag


@pytest.mark.parametrize("seed", [1, 3])
def test_the_rows_are_the_difference_of_two_boards_and_the_moves_between(seed: int) -> None:
    rng = Random(seed)
    office = Office(rng)
    office.lives(10)
    begun = office.now
    office.leads.append(office.another())
    office.lives(60)
    happened: set[tuple[Clock, str]] = set()
    times = sorted(set(LeadEvent.objects.values_list("occurred_at", flat=True)))
    for clock in Clock:
        for _ in range(3):
            since, until = sorted(rng.choice(times) + timedelta(seconds=rng.choice([-1, 0, 1])) for _ in range(2))
            assert_equals_the_difference(since, until, clock)
        whole = assert_equals_the_difference(begun, office.now, clock)
        happened |= {(clock, change) for change in told(whole)}
    expected = {"new", "advanced", "fell_back", "reassigned", "there_and_back"}
    assert {(clock, change) for clock in Clock for change in expected} <= happened, "Too little happened."
    assert (Clock.KNOWN, "undone") in happened and (Clock.HAPPENED, "undone") not in happened


def test_on_a_real_history_the_rows_are_the_difference_of_the_oracles_boards(test_data: Path) -> None:
    history = test_data / "history"
    call_command(
        "import_history", history / "bpic12_small_events.csv.gz", source="old", verbosity=0, stdout=io.StringIO()
    )
    with gzip.open(history / "bpic12_small_asof.csv.gz", "rt") as file:
        known = list(csv.DictReader(file))
    texts = sorted(name.removeprefix("state@") for name in known[0] if name.startswith("state@"))
    boards_by_instant = {
        datetime.fromisoformat(text): {
            row["lead_key"]: (row[f"state@{text}"], row[f"owner@{text}"]) for row in known if row[f"state@{text}"]
        }
        for text in texts
    }
    instants = sorted(boards_by_instant)
    assert len(instants) == 3
    for n, since in enumerate(instants):
        for until in instants[n + 1 :]:
            walked = dict(boards_by_instant[since])
            for row in diff(since, until):
                assert (row["from_status"], row["from_agent"]) == walked.get(row["lead_key"], ("", ""))
                walked[row["lead_key"]] = row["to_status"], row["to_agent"]
            assert walked == boards_by_instant[until]
