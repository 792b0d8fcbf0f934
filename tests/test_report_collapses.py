"""What fell back, and for how many that were signed: equal to a plain count over the log, whoever it is credited to."""

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leads.models import Lead, User
from leads.reports.collapses import COLUMNS, printed
from lifecycle import service
from lifecycle.events import Kind, Source
from lifecycle.history.truth import Reading
from lifecycle.models import LeadEvent, OfficeSettings
from lifecycle.reports.collapses import entries_of, quarters_of, tallies
from lifecycle.reports.credit import in_words, shares
from lifecycle.reports.fallen import entered, fallen
from lifecycle.reports.scope import Credit, Scope, Whose
from lifecycle.states import State
from tests.deal_stories import DealOffice
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest, otto

OFFICE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2027, 6, 1, tzinfo=UTC)
EVER = Scope(zone=OFFICE, now=NOW)
UP = ["NEW", "CONTACTING", "QUALIFIED", "COMMITTED", "IN_CONTRACT", "CLOSED"]

# --- a plain count ------------------------------------------------------------------------------------------


@dataclass
class Story:
    """One lead's facts that were known, walked through by hand."""

    rows: list[LeadEvent]
    scope: Scope

    def __post_init__(self) -> None:
        corrected = self.scope.reading is Reading.CORRECTED
        gone = {r.target_id for r in self.rows if r.kind == "move_voided"} if corrected else set()
        self.moves = [r for r in self.rows if r.to_status and r.kind != "move_voided" and r.id not in gone]
        self.mended = {r.target_id: r.reason for r in self.rows if r.kind == "reason_corrected"} if corrected else {}

    def holder(self, version: int) -> int | None:
        """Who held the lead just before this version."""
        given = [r.to_agent_id for r in self.rows if r.kind == "agent_assigned" and r.version < version]
        return given[-1] if given else None

    def entry(self, before: LeadEvent, stage: str) -> LeadEvent:
        return [m for m in self.moves if m.version < before.version and m.to_status == stage][-1]

    def signing(self, entry: LeadEvent) -> LeadEvent:
        skipped = entry.to_status == "IN_CONTRACT" and entry.from_status != "COMMITTED"
        return entry if entry.to_status == "COMMITTED" or skipped else self.entry(entry, "COMMITTED")

    def held(self, first: LeadEvent, last: LeadEvent | None) -> dict[int | None, Fraction]:
        """Parts of the time between two facts, cut at every fact in between."""
        end = last.occurred_at if last else self.scope.end
        inside = [r for r in self.rows if r.kind == "agent_assigned" and r.version > first.version]
        inside = [r for r in inside if last is None or r.version < last.version]
        cuts = [(first.occurred_at, self.holder(first.version)), *((r.occurred_at, r.to_agent_id) for r in inside)]
        ends = [at for at, _ in cuts[1:]] + [end]
        whole = end - first.occurred_at
        if not whole:
            return {cuts[-1][1]: Fraction(1)}
        parts: dict[int | None, Fraction] = defaultdict(Fraction)
        for (at, who), until in zip(cuts, ends, strict=True):
            parts[who] += Fraction((until - at) // timedelta(microseconds=1), whole // timedelta(microseconds=1))
        return {who: part for who, part in parts.items() if part}

    def credit(self, fact: LeadEvent, stage_entry: LeadEvent, span: Any) -> dict[int | None, Fraction]:
        match self.scope.credit:
            case Credit.HOLDER:
                return {self.holder(fact.version): Fraction(1)}
            case Credit.ACTOR:
                return {fact.actor_id: Fraction(1)}
            case Credit.COMMITTED_HOLDER:
                return {self.holder(self.signing(stage_entry).version): Fraction(1)}
        return self.held(*span)


FROM = {"deal_collapsed": "COMMITTED", "contract_voided": "IN_CONTRACT"}


def stories(scope: Scope) -> Iterator[Story]:
    by_lead = defaultdict(list)
    for row in LeadEvent.objects.order_by("lead_id", "version"):
        if scope.known_at is None or row.recorded_at <= scope.known_at:
            by_lead[row.lead_id].append(row)
    for rows in by_lead.values():
        yield Story(rows, scope)


def inside(scope: Scope, row: LeadEvent) -> bool:
    late_enough = scope.since is None or row.occurred_at >= scope.since
    return late_enough and (scope.until is None or row.occurred_at < scope.until)


def mine(scope: Scope, credit: dict[int | None, Fraction]) -> dict[int | None, Fraction]:
    if scope.whose is Whose.EVERYBODY:
        return credit
    who = None if scope.whose is Whose.POOL else scope.whose
    return {person: part for person, part in credit.items() if person == who}


def plain_falls(scope: Scope, minutes: int) -> dict[int, tuple[Any, ...]]:
    """By fact: kind, reason, length of the stay, quick, recovered, credit."""
    found = {}
    for story in stories(scope):
        for row in story.moves:
            if row.kind not in FROM or not inside(scope, row):
                continue
            stage = FROM[row.kind]
            came = story.entry(row, stage)
            later = [m for m in story.moves if m.version > row.version]
            back = [m.occurred_at - row.occurred_at for m in later if m.to_status == stage]
            further = [m for m in later if m.to_status in UP[UP.index(stage) :]]
            credit = mine(scope, story.credit(row, came, (story.signing(came), row)))
            if credit:
                found[row.id] = (
                    row.kind,
                    story.mended.get(row.id, row.reason),
                    row.occurred_at - came.occurred_at,
                    bool(minutes) and bool(back) and back[0] <= timedelta(minutes=minutes),
                    bool(further),
                    credit,
                )
    return found


def plain_entries(scope: Scope) -> dict[int, tuple[str, dict[int | None, Fraction]]]:
    found = {}
    for story in stories(scope):
        for n, row in enumerate(story.moves):
            if row.to_status not in FROM.values() or not inside(scope, row):
                continue
            ended = story.moves[n + 1] if n + 1 < len(story.moves) else None
            credit = mine(scope, story.credit(row, row, (row, ended)))
            if credit:
                found[row.id] = (row.to_status, credit)
    return found


def quarter(at: datetime, scope: Scope) -> str:
    here = at.astimezone(scope.zone)
    return f"{here.year}Q{(here.month + 2) // 3}"


def plain_rows(scope: Scope, minutes: int) -> list[tuple[str, ...]]:
    """The rows of the command, as they should be."""
    names: dict[int | None, str] = dict(User.objects.values_list("pk", "display_name"))
    names[None] = "Scribe" if scope.credit is Credit.ACTOR else ""
    at = dict(LeadEvent.objects.values_list("id", "occurred_at"))
    counts: Counter[Any] = Counter()
    quick: Counter[Any] = Counter()
    entries: Counter[Any] = Counter()
    for id_, (kind, reason, _, was_quick, _, credit) in plain_falls(scope, minutes).items():
        for who, part in credit.items():
            counts[names[who], quarter(at[id_], scope), kind, reason] += part
            quick[names[who], quarter(at[id_], scope), kind, reason] += part if was_quick else 0
    for id_, (stage, credit) in plain_entries(scope).items():
        for who, part in credit.items():
            entries[names[who], quarter(at[id_], scope), stage] += part
    rows = []
    for key in sorted(counts):
        came = entries[key[0], key[1], FROM[key[2]]]
        rate = f"{float(counts[key] / came):.4f}" if came >= 5 else ""
        rows.append((*key, in_words(counts[key]), in_words(quick[key]), in_words(came), rate))
    return rows


def scopes(office: DealOffice) -> Iterator[Scope]:
    """All facts and those known at two instants, both readings, every credit, some windows, somebody's own."""
    marks = sorted(LeadEvent.objects.values_list("recorded_at", flat=True))
    times = sorted(LeadEvent.objects.values_list("occurred_at", flat=True))
    for known_at in [None, *office.chance.sample(marks, 2)]:
        for credit in Credit:
            scope = replace(EVER, known_at=known_at, credit=credit)
            yield scope
            yield replace(scope, reading=Reading.RECORDED)
            since, until = sorted(office.chance.sample(times, 2))
            whose = office.chance.choice([ana().pk, ben().pk, Whose.POOL])
            yield replace(scope, since=since, until=until, whose=whose, zone=ZoneInfo("UTC"))


# --- equal to it --------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_what_a_plain_count_over_the_log_gives(seed: int) -> None:
    with transaction.atomic():
        office = DealOffice(seed)
        office.live(130)
        OfficeSettings.objects.update_or_create(pk=1, defaults={"quick_return_minutes": 60})
        assert LeadEvent.objects.filter(kind__in=FROM).count() > 12, "Too few collapses to say anything."
        for scope in scopes(office):
            falls = {f.id: (f.kind, f.reason, f.stay, f.quick, f.recovered, dict(f.credit)) for f in fallen(scope, 60)}
            assert falls == plain_falls(scope, 60), scope
            ins = {e.id: (FROM[e.kind], dict(e.credit)) for e in entered(scope)}
            assert ins == plain_entries(scope), scope
            assert list(printed(scope)) == plain_rows(scope, 60), scope


@pytest.mark.django_db
def test_the_stories_made_up_hold_what_the_report_has_to_tell_apart() -> None:
    with transaction.atomic():
        for seed in range(2):
            DealOffice(seed).live(130)
        found = fallen(replace(EVER, credit=Credit.SHARED), 60)
    assert {f.kind for f in found} == set(FROM)
    assert {f.quick for f in found} == {f.recovered for f in found} == {True, False}
    assert any(len(f.credit) > 1 for f in found) and any(f.stay == timedelta() for f in found)
    undone = LeadEvent.objects.filter(kind="move_voided", target__kind__in=FROM)
    corrected = LeadEvent.objects.filter(kind="reason_corrected")
    assert undone.exists() and corrected.exists()


def the_command(**options: Any) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("report", "collapses", stdout=out, **options)
    return list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["bpic12_small"])
def test_a_real_history_has_the_collapses_that_an_independent_tool_counted(test_data: Path, name: str) -> None:
    folder = test_data / "history"
    call_command("import_history", folder / f"{name}_events.csv.gz", stdout=io.StringIO())
    told: Counter[tuple[str, ...]] = Counter()
    for row in the_command(by="actor", zone="UTC"):
        told[row["by"], row["quarter"], row["kind"]] += int(row["count"])
    names = {"system": "Scribe"}
    with (folder / f"{name}_collapses_by_actor_quarter.csv").open(newline="") as text:
        rows = list(csv.DictReader(text))
    assert told == {(names.get(r["actor"], r["actor"]), r["quarter_utc"], r["reason"]): int(r["n"]) for r in rows}
    oracle = json.loads((folder / f"{name}_oracle.json").read_text())
    for credit in Credit:
        scope = replace(EVER, zone=ZoneInfo("UTC"), credit=credit)
        entries = entries_of(scope, quarters_of(scope))
        for kind, stage in FROM.items():
            assert sum(n for at, n in entries.items() if at.kind == kind) == oracle["entered_state"][stage]
            assert sum(p for f in fallen(scope, 60) if f.kind == kind for _, p in f.credit) == oracle["reason"][kind]
