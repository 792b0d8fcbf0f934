"""A plain count of what fell back and of what was signed: the story of each lead walked through by hand."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from leads.models import User
from lifecycle.history.truth import Reading
from lifecycle.models import LeadEvent
from lifecycle.reports.credit import in_words
from lifecycle.reports.scope import Credit, Scope, Whose

UP = ["NEW", "CONTACTING", "QUALIFIED", "COMMITTED", "IN_CONTRACT", "CLOSED"]


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
            credit = mine(scope, story.credit(row, row, (story.signing(row), ended)))
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
    counts, quick, entries = (defaultdict[Any, Fraction](Fraction) for _ in range(3))
    for id_, (kind, reason, _, was_quick, _, credit) in plain_falls(scope, minutes).items():
        for who, part in credit.items():
            counts[names[who], quarter(at[id_], scope), kind, reason] += part
            quick[names[who], quarter(at[id_], scope), kind, reason] += part * was_quick
    for id_, (stage, credit) in plain_entries(scope).items():
        for who, part in credit.items():
            entries[names[who], quarter(at[id_], scope), stage] += part
    rows = []
    for key in sorted(counts):
        came = entries[key[0], key[1], FROM[key[2]]]
        rate = f"{float(counts[key] / came):.4f}" if came >= 5 else ""
        rows.append((*key, in_words(counts[key]), in_words(quick[key]), in_words(came), rate))
    return rows
