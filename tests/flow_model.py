"""What the funnel, the flow and the paths should say, counted lead by lead in plain Python."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from statistics import median
from typing import Any

from lifecycle.models import LeadEvent
from lifecycle.reports.scope import Scope, Whose

ORDER = ["NEW", "CONTACTING", "QUALIFIED", "COMMITTED", "IN_CONTRACT", "CLOSED"]
OUT = ("ARCHIVED", "TRASHED", "CLOSED")


@dataclass
class Life:
    """A lead as the scope's past knows it: the moves that count, and who holds it."""

    lead_id: int
    moves: list[LeadEvent]
    facts: list[LeadEvent]

    @property
    def born(self) -> datetime:
        return self.facts[0].occurred_at

    @property
    def stages(self) -> list[str]:
        return [m.to_status for m in self.moves]

    @property
    def holder(self) -> int | None:
        given = [f.to_agent_id for f in self.facts if f.kind == "agent_assigned"]
        return given[-1] if given else None

    def held_then(self, move: LeadEvent) -> int | None:
        """Who held it just before; of the first fact who got it in the same moment."""
        if move.version > 1:
            before = [f.to_agent_id for f in self.facts if f.kind == "agent_assigned" and f.version < move.version]
            return before[-1] if before else None
        same = [f for f in self.facts if f.kind == "agent_assigned" and f.occurred_at == move.occurred_at]
        return same[0].to_agent_id if same else None


def lives(scope: Scope) -> list[Life]:
    facts: dict[int, list[LeadEvent]] = defaultdict(list)
    for row in LeadEvent.objects.order_by("lead_id", "version"):
        if scope.known_at is None or row.recorded_at <= scope.known_at:
            facts[row.lead_id].append(row)
    found = []
    for lead_id, rows in facts.items():
        undone = {r.target_id for r in rows if r.kind == "move_voided"} if scope.reading == "corrected" else set()
        moves = [r for r in rows if r.to_status and r.kind != "move_voided" and r.id not in undone]
        found.append(Life(lead_id, moves, rows))
    return found


def inside(scope: Scope, moment: datetime) -> bool:
    return (scope.since is None or moment >= scope.since) and (scope.until is None or moment < scope.until)


def is_theirs(scope: Scope, holder: int | None) -> bool:
    if scope.whose == Whose.EVERYBODY:
        return True
    return holder is None if scope.whose == Whose.POOL else holder == scope.whose


def came_in(scope: Scope) -> list[Life]:
    return [one for one in lives(scope) if inside(scope, one.born) and is_theirs(scope, one.holder)]


def quarter(moment: datetime, zone: tzinfo) -> str:
    day = moment.astimezone(zone)
    return f"{day.year}Q{(day.month + 2) // 3}"


def week(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%G-W%V")


def month(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m")


def furthest(stages: Iterable[str]) -> int:
    """How many stages of the pipeline were reached, the furthest and all before it."""
    return max((ORDER.index(s) + 1 for s in stages if s in ORDER), default=0)


def funnel(scope: Scope) -> dict[str, dict[str, int]]:
    """By quarter: how many leads, how many reached each stage, how many are still worked."""
    found: dict[str, dict[str, int]] = {}
    for one in came_in(scope):
        row = found.setdefault(quarter(one.born, scope.zone), dict.fromkeys(["leads", *ORDER, "open"], 0))
        row["leads"] += 1
        for stage in ORDER[: furthest(one.stages)]:
            row[stage] += 1
        row["open"] += one.stages[-1] not in OUT
    return found


def moves(scope: Scope) -> list[LeadEvent]:
    every = [(one, move) for one in lives(scope) for move in one.moves]
    every = [(one, move) for one, move in every if move.kind != "import_withdrawn"]
    return [m for one, m in every if inside(scope, m.occurred_at) and is_theirs(scope, one.held_then(m))]


def exits(scope: Scope, name: Callable[[datetime, tzinfo], str]) -> "Counter[tuple[str, str, str]]":
    """By (week, stage, direction); in: what a week or a month is called."""
    found: Counter[tuple[str, str, str]] = Counter()
    for move in moves(scope):
        a, b = move.from_status, move.to_status
        if not a or a == b:
            continue
        if b in ("ARCHIVED", "TRASHED"):
            way = "aside"
        elif a in ("ARCHIVED", "TRASHED"):
            way = "returned"
        else:
            way = "forward" if ORDER.index(b) > ORDER.index(a) else "back"
        found[(name(move.occurred_at, scope.zone), a, way)] += 1
    return found


def paths(scope: Scope) -> dict[str, dict[str, Any]]:
    """By way: the leads, how many fell back, the median length."""
    found: dict[str, dict[str, Any]] = {}
    for one in came_in(scope):
        row = found.setdefault(">".join(one.stages), {"leads": [], "fell": 0, "lengths": []})
        row["leads"].append(one.lead_id)
        row["fell"] += any(m.kind in ("deal_collapsed", "contract_voided") for m in one.moves)
        last = one.moves[-1]
        guessed = last.kind == "import_withdrawn" or (
            last.kind == "history_imported" and not last.from_status and last.version > 1
        )
        if last.to_status not in OUT:
            row["lengths"].append(scope.end - one.born)
        elif scope.inferred or not guessed:
            row["lengths"].append(last.occurred_at - one.born)
    for row in found.values():
        row["median"] = median(row["lengths"]) if row["lengths"] else None
    return found
