"""The stays of an office counted plainly from its facts, lead by lead; and streams of another system, by chance."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from random import Random
from typing import Any
from unittest import mock
from uuid import uuid4

from leads.models import Lead, User
from lifecycle.imported import ForeignRow, tell
from lifecycle.models import LeadEvent
from lifecycle.reports.scope import Scope, Whose
from lifecycle.reports.stays import HOUR, Way, by_stage
from lifecycle.service.importing import Someone, Stream, import_streams
from lifecycle.states import State


@dataclass(frozen=True)
class PlainStay:
    event_id: int
    lead_id: int
    stage: str
    since: datetime
    length: timedelta
    went_to: str
    holder: int | None
    guess: bool

    @property
    def microseconds(self) -> int:
        return self.length // timedelta(microseconds=1)


def plain_stays(rows: list[LeadEvent], scope: Scope) -> list[PlainStay]:
    """In: all facts in order of lead and version. Out: the visits that the scope asks for."""
    known = [r for r in rows if scope.known_at is None or r.recorded_at <= scope.known_at]
    return [
        stay
        for _, mine in groupby(known, key=lambda r: r.lead_id)
        for stay in _of_one_lead(list(mine), scope)
        if (scope.since is None or stay.since >= scope.since)
        and (scope.until is None or stay.since < scope.until)
        and (scope.whose is Whose.EVERYBODY or stay.holder == (None if scope.whose is Whose.POOL else scope.whose))
    ]


def _of_one_lead(rows: list[LeadEvent], scope: Scope) -> Iterator[PlainStay]:
    undone = {r.target_id for r in rows if r.kind == "move_voided"}
    moves = [r for r in rows if r.to_status and r.kind != "move_voided" and r.id not in undone]
    for move, after in pairwise([*moves, None]):
        assert move is not None
        guesses = [r for r in (move, after) if r and r.kind == "history_imported" and not r.from_status]
        yield PlainStay(
            event_id=move.id,
            lead_id=move.lead_id,
            stage=move.to_status,
            since=move.occurred_at,
            length=(after.occurred_at if after else scope.end) - move.occurred_at,
            went_to=after.to_status if after else "",
            holder=_holder(rows, move),
            guess=any(r.version > 1 for r in guesses) or "import_withdrawn" in {r.kind for r in (move, after) if r},
        )


def _holder(rows: list[LeadEvent], move: LeadEvent) -> int | None:
    """Who held the lead just before the move; what came in given to somebody was his from the first moment."""
    handed = [r for r in rows if r.kind == "agent_assigned"]
    if move is rows[0]:
        return handed[0].to_agent_id if handed and handed[0].occurred_at == move.occurred_at else None
    return next((r.to_agent_id for r in reversed(handed) if r.version < move.version), None)


def imported_leads(chance: Random, n: int, people: list[User], begun: datetime, now: datetime) -> None:
    """So many leads of another system: moves that our table forbids, ties in time, stages that came from nowhere."""
    streams = []
    for _ in range(n):
        key = uuid4().hex
        rows = list(_foreign_rows(chance, people, begun))
        streams.append(Stream(Lead(name=key, external_source="old", external_key=key), tell("old", key, rows, {})))
    known = {u.display_name: Someone(u.pk, u.uuid, u.display_name) for u in people}

    def found(names: Collection[str]) -> Mapping[str, Someone]:
        return known

    # An old system may say where a lead stood without saying that it guesses; nothing of ours does so.
    with mock.patch("lifecycle.imported._check"):
        assert import_streams(streams, found, now=now, batch=uuid4()).refused == []


def _foreign_rows(chance: Random, people: list[User], begun: datetime) -> Iterator[ForeignRow]:
    at, stage, owner = begun + timedelta(hours=chance.randrange(500)), chance.choice(list(State)), ""
    yield ForeignRow(1, 1, at, "", "lead_created", to_state=stage)
    for seq in range(2, chance.randrange(3, 12)):
        at += timedelta(minutes=chance.choice([0, 0, 1, 45, 600, 9000]), microseconds=chance.choice([0, 1, 999_999]))
        if chance.random() < 0.4:
            to = chance.choice(people).display_name
            if to != owner:
                kind = "reassigned" if owner else "assigned"
                yield ForeignRow(seq, seq, at, "", kind, from_owner=owner, to_owner=to)
                owner = to
        else:
            to_stage = chance.choice([s for s in State if s != stage])
            from_stage = "" if chance.random() < 0.15 else stage
            yield ForeignRow(seq, seq, at, "", "state_changed", from_state=from_stage, to_state=to_stage)
            stage = to_stage


def says_what_pandas_says(scope: Scope, oracle: dict[str, Any]) -> None:
    """The stays of an imported history against what an independent program computed from the same rows."""
    found = by_stage(scope)
    assert {s.stage: s.visits for s in found} == oracle["entered_state"]
    assert {s.stage: s.lengths.finished for s in found} == oracle["finished_stays"]
    assert {s.stage: s.still_inside for s in found if s.still_inside} == oracle["final_state"]
    assert {f"{s.stage}->{to}": n for s in found for to, n in s.went_to.items()} == oracle["transitions"]
    assert sum(s.left(Way.BACK) for s in found) == oracle["backward_moves"]
    medians = {s.stage: s.lengths.finished_median for s in found}
    hours = {stage: round(median / HOUR, 4) for stage, median in medians.items() if median is not None}
    assert hours == oracle["median_hours_in_state_finished_stays"]
