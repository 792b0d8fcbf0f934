"""The figures of the dashboard: each is what a plain count over the log says, on stories made up by chance."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from leads.models import Lead
from lifecycle import service
from lifecycle.events import Source
from lifecycle.history import Clock
from lifecycle.history.everyone import standing
from lifecycle.imported import ForeignRow, tell
from lifecycle.models import LeadEvent, OfficeSettings
from lifecycle.reports.scope import Scope, Whose
from lifecycle.reports.shape import shape
from lifecycle.reports.trend import ends, last_weeks, qualified_at
from lifecycle.reports.yields import REACHED, a_year_before, leads_re_engaged, re_engaged
from lifecycle.service.importing import Someone, Stream, import_streams
from lifecycle.states import State
from tests.factories import RE_ENGAGED, LeadFactory, advance, ana, ben, bruna
from tests.past_stories import MONDAY, Office

ZONE = ZoneInfo("America/Los_Angeles")
DAY = timedelta(days=1)


def grown(seed: int, acts: int = 90) -> Office:
    """An office with a past in another system, where leads went as they liked, and weeks of its own."""
    office = Office(seed)
    _imported(office, 5)
    office.live(acts)
    return office


def _imported(office: Office, leads: int) -> None:
    chance, streams = office.chance, []
    for n in range(leads):
        at = MONDAY - timedelta(days=chance.randrange(20, 120))
        rows, stage = [ForeignRow(1, 1, at, "", "lead_created", to_state="NEW")], "NEW"
        for seq in range(2, chance.randrange(3, 12)):
            at += timedelta(hours=chance.choice([0, 1, 30, 400]))
            if at > MONDAY:
                break
            if chance.random() < 0.3:
                owner = chance.choice([ana().display_name, ben().display_name])
                rows.append(ForeignRow(seq, seq, at, "", "assigned", to_owner=owner))
                continue
            to = chance.choice([s.value for s in State if s != stage])
            rows.append(ForeignRow(seq, seq, at, "Ana", "state_changed", from_state=stage, to_state=to))
            stage = to
        key = f"old-{n}"
        lead = Lead(name=f"Imported {n}", external_source="old", external_key=key)
        streams.append(Stream(lead, tell("old", key, rows, {})))
    known = {u.display_name: Someone(u.pk, u.uuid, u.display_name) for u in (ana(), ben())}

    def people(names: Collection[str]) -> Mapping[str, Someone]:
        return {**known, "Ana": known[ana().display_name]}

    assert import_streams(streams, people, now=MONDAY, batch=uuid4()).refused == []


# --- the plain model ----------------------------------------------------------------------------------------


class Told:
    """One lead as it is told: its moves that count and its holders, from the facts that were recorded by then."""

    def __init__(self, rows: list[LeadEvent], known_at: datetime | None) -> None:
        rows = [r for r in rows if known_at is None or r.recorded_at <= known_at]
        undone = {r.target_id for r in rows if r.kind == "move_voided"}
        self.moves = [r for r in rows if r.to_status and r.kind != "move_voided" and r.pk not in undone]
        self.hands = [r for r in rows if r.kind == "agent_assigned"]

    def stood(self, at: datetime) -> LeadEvent | None:
        """The move that brought the lead where it stood."""
        return next((m for m in reversed(self.moves) if m.occurred_at <= at), None)

    def holder(self, at: datetime) -> int | None:
        return next((h.to_agent_id for h in reversed(self.hands) if h.occurred_at <= at), None)

    def way(self, at: datetime) -> str:
        """How it came into Qualified, read from the first move on."""
        way = ""
        for move in self.moves:
            if move.occurred_at > at:
                break
            if move.to_status == "NEW":
                way = ""
            elif move.kind == "deal_collapsed":
                way = "fell_back_committed"
            elif move.kind == "contract_voided":
                way = "fell_back_contract"
            elif move.kind == "lead_re_engaged":
                way = "re_engaged"
            elif move.kind == "motivation_confirmed":
                way = way if way == "re_engaged" else "fresh"
            elif move.to_status == "QUALIFIED":
                way = "imported"
        return way


def everybody(known_at: datetime | None) -> dict[int, Told]:
    rows: dict[int, list[LeadEvent]] = {}
    for row in LeadEvent.objects.order_by("lead_id", "version"):
        rows.setdefault(row.lead_id, []).append(row)
    told = {lead: Told(mine, known_at) for lead, mine in rows.items()}
    return {lead: t for lead, t in told.items() if t.moves}


def is_asked(whose: int | Whose, holder: int | None) -> bool:
    return whose is Whose.EVERYBODY or holder == (None if whose is Whose.POOL else whose)


def scopes(office: Office) -> Iterator[Scope]:
    """Everybody's, an agent's and the pool's figures, now and as known at two instants."""
    marks = sorted(LeadEvent.objects.filter(recorded_at__gt=MONDAY).values_list("recorded_at", flat=True))
    for known_at in (None, *office.chance.sample(marks, 2)):
        for whose in (Whose.EVERYBODY, ana().pk, Whose.POOL):
            yield Scope(zone=ZONE, now=office.now, known_at=known_at, whose=whose)


# --- the shape ----------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2))
def test_the_shape_of_the_board_is_counted_lead_by_lead(seed: int) -> None:
    office = grown(seed)
    settings = OfficeSettings(stale_qualified=9, stale_contacting=3)
    for scope in scopes(office):
        stood: dict[str, list[tuple[timedelta, int | None, str]]] = {}
        for lead in everybody(scope.known_at).values():
            move, holder = lead.stood(scope.end), lead.holder(scope.end)
            if move and is_asked(scope.whose, holder):
                told = (scope.end - move.occurred_at, holder, lead.way(scope.end))
                stood.setdefault(move.to_status, []).append(told)
        for state, stage in shape(scope, Lead.objects.all(), settings).items():
            here = stood.get(state, [])
            days = settings.stale_days(state)
            stale = [told for told in here if days is not None and told[0] >= days * DAY]
            assert (stage.leads, stage.stale) == (len(here), len(stale))
            assert stage.oldest == max((age for age, *_ in here), default=None)
            assert stage.median == (_middle([age for age, *_ in here]) if here else None)
            assert stage.holders == Counter(holder for _, holder, _ in here)
            assert stage.stale_of == Counter(holder for _, holder, _ in stale)
            assert stage.ways == (Counter(way for *_, way in here) if state == State.QUALIFIED else {})


def _middle(ages: list[timedelta]) -> timedelta:
    # In whole microseconds, as instants are; half of one is rounded to the even by Python's own timedelta.
    return timedelta(microseconds=median(age // timedelta(microseconds=1) for age in ages))


@pytest.mark.django_db
def test_an_empty_office_has_a_shape_too() -> None:
    scope = Scope(zone=ZONE, now=MONDAY)
    for known_at in (None, MONDAY):
        stages = shape(replace(scope, known_at=known_at), Lead.objects.all(), OfficeSettings())
        assert [stage.state for stage in stages.values()] == list(State)
        assert all((stage.leads, stage.median, stage.oldest) == (0, None, None) for stage in stages.values())
    assert shape(scope, Lead.objects.none(), OfficeSettings())[State.NEW].leads == 0
    assert qualified_at(scope, [MONDAY]) == [{}] and qualified_at(scope, []) == []
    assert re_engaged(scope).leads == 0 and re_engaged(scope).median is None


@pytest.mark.django_db
def test_of_one_lead_the_median_is_its_own_age() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=MONDAY)
    scope = Scope(zone=ZONE, now=MONDAY + 40 * DAY)
    stage = shape(scope, Lead.objects.all(), OfficeSettings())[State.QUALIFIED]
    assert lead.stage_entered_at and stage.median == stage.oldest == scope.now - lead.stage_entered_at
    assert (stage.leads, stage.stale, stage.stale_of) == (1, 1, {ana().pk: 1})


# --- Qualified, week by week ------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(2))
def test_who_stood_in_qualified_is_counted_lead_by_lead(seed: int) -> None:
    office = grown(seed)
    marks = sorted(LeadEvent.objects.values_list("occurred_at", flat=True))
    instants = [t + timedelta(microseconds=office.chance.choice([-1, 0, 1])) for t in office.chance.sample(marks, 12)]
    for scope in scopes(office):
        leads = everybody(scope.known_at).values()
        expected = [
            Counter(
                lead.way(at)
                for lead in leads
                if (move := lead.stood(at)) and move.to_status == "QUALIFIED" and is_asked(scope.whose, lead.holder(at))
            )
            for at in instants
        ]
        assert qualified_at(scope, instants) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(10, 12))
def test_the_trend_is_what_the_board_of_each_week_says(seed: int) -> None:
    office = grown(seed)
    instants = ends(last_weeks(office.now, ZONE))
    boards = [
        Counter(
            standing(at, Clock.HAPPENED, Lead.objects.all())
            .filter(status="QUALIFIED")
            .values_list("provenance", flat=True)
        )
        for at in instants
    ]
    assert qualified_at(Scope(zone=ZONE, now=office.now), instants) == boards and any(boards)


@pytest.mark.django_db
def test_a_deal_that_came_back_by_mistake_never_came_back() -> None:
    lead = LeadFactory.create(status=State.COMMITTED, agent=ana(), begun=MONDAY)
    advance(lead, State.QUALIFIED, now=MONDAY + 3 * DAY)
    newest = lead.events.order_by("-version")[0]
    scope = Scope(zone=ZONE, now=MONDAY + 30 * DAY)
    came = MONDAY + 3 * DAY
    at_once, before = came, came - timedelta(microseconds=1)
    assert qualified_at(scope, [before, at_once, MONDAY + 4 * DAY]) == [{}, *[{"fell_back_committed": 1}] * 2]
    common: dict[str, Any] = {"actor": bruna(), "source": Source.PAGE, "now": MONDAY + 10 * DAY}
    service.void_move(lead_id=lead.pk, target=newest.uuid, reason="mis_drag", **common)
    assert qualified_at(scope, [MONDAY + 4 * DAY]) == [{}]
    as_known = replace(scope, known_at=MONDAY + 9 * DAY)
    assert qualified_at(as_known, [MONDAY + 4 * DAY]) == [{"fell_back_committed": 1}]


@pytest.mark.django_db
def test_a_lead_that_came_out_of_the_archive_was_re_engaged_as_long_as_it_was_qualified() -> None:
    lead = LeadFactory.create(status=State.ARCHIVED, agent=ana(), begun=MONDAY)
    for day, state, said in ((3, State.CONTACTING, RE_ENGAGED), (4, State.QUALIFIED, {}), (6, State.COMMITTED, {})):
        advance(lead, state, now=MONDAY + day * DAY, **said)
    asked = [MONDAY + day * DAY for day in (3, 4, 5, 6)]
    by_now = Scope(zone=ZONE, now=MONDAY + 30 * DAY)
    for scope in (by_now, replace(by_now, known_at=by_now.now)):
        assert qualified_at(scope, asked) == [{}, {"re_engaged": 1}, {"re_engaged": 1}, {}]


def test_the_weeks_end_where_the_next_monday_of_the_office_begins() -> None:
    # Eight in the evening of a Sunday in Los Angeles: the week is not over there.
    found = last_weeks(datetime(2026, 11, 2, 4, tzinfo=UTC), ZONE)
    assert [p.name for p in found][-1] == "2026-W43" and len(found) == 12
    assert last_weeks(datetime(2026, 11, 2, 8, tzinfo=UTC), ZONE)[-1].name == "2026-W44"
    # The last week of October had 169 hours there.
    assert ends(last_weeks(datetime(2026, 11, 2, 8, tzinfo=UTC), ZONE))[-1] == datetime(
        2026, 11, 2, 7, 59, 59, 999999, tzinfo=UTC
    )


# --- re-engaged -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(20, 22))
def test_what_re_engagement_yields_is_counted_lead_by_lead(seed: int) -> None:
    office = grown(seed, 160)
    for scope in scopes(office):
        scope = replace(scope, since=MONDAY + 10 * DAY)
        found: dict[str, list[int]] = {"leads": [], "again": [], "signed": [], "closed": []}
        waited = []
        for pk, lead in everybody(scope.known_at).items():
            calls = [
                n
                for n, move in enumerate(lead.moves)
                if move.kind == "lead_re_engaged"
                and move.occurred_at >= MONDAY + 10 * DAY
                and is_asked(scope.whose, move.agent_id)
            ]
            if not calls:
                continue
            found["leads"].append(pk)
            after = lead.moves[calls[0] + 1 :]
            for name, state in REACHED.items():
                if any(move.to_status == state for move in after):
                    found[name].append(pk)
            again = [move.occurred_at for move in after if move.to_status == "QUALIFIED"]
            waited += [again[0] - lead.moves[calls[0]].occurred_at] if again else []
        made = re_engaged(scope)
        assert (made.leads, made.again, made.signed, made.closed) == tuple(len(pks) for pks in found.values())
        assert made.median == (_middle(waited) if waited else None)
        for name, pks in found.items():
            assert sorted(pk for (pk,) in leads_re_engaged(scope, name).rows()) == sorted(pks)


@pytest.mark.django_db
def test_dana_who_came_back_twice_counts_once_and_from_the_first_time() -> None:
    dana = LeadFactory.create(status=State.ARCHIVED, agent=ben(), begun=MONDAY)
    for day, to in ((2, "CONTACTING"), (3, "ARCHIVED"), (10, "CONTACTING"), (12, "QUALIFIED"), (13, "COMMITTED")):
        advance(dana, State(to), now=MONDAY + day * DAY, **(RE_ENGAGED if to == "CONTACTING" else {}))
    scope = Scope(zone=ZONE, now=MONDAY + 30 * DAY, since=MONDAY)
    made = re_engaged(scope)
    assert (made.leads, made.again, made.signed, made.closed, made.median) == (1, 1, 1, 0, 10 * DAY)
    assert re_engaged(replace(scope, since=MONDAY + 5 * DAY)).median == 2 * DAY
    assert re_engaged(replace(scope, known_at=MONDAY + 11 * DAY)).again == 0
    assert re_engaged(replace(scope, whose=ben().pk)).leads == 1
    assert re_engaged(replace(scope, whose=ana().pk)).leads == 0


@pytest.mark.django_db
def test_of_the_instant_at_which_a_lead_leaves_qualified_it_has_left() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=MONDAY)
    advance(lead, State.COMMITTED, now=MONDAY + 9 * DAY)
    left = MONDAY + 9 * DAY
    scope = Scope(zone=ZONE, now=MONDAY + 30 * DAY)
    assert qualified_at(scope, [left - timedelta(microseconds=1), left]) == [{"fresh": 1}, {}]


@pytest.mark.django_db
def test_what_came_of_the_first_time_counts_also_when_the_lead_came_back_once_more() -> None:
    dana = LeadFactory.create(status=State.ARCHIVED, agent=ben(), begun=MONDAY)
    for day, to in ((2, "CONTACTING"), (3, "QUALIFIED"), (10, "ARCHIVED"), (12, "CONTACTING")):
        advance(dana, State(to), now=MONDAY + day * DAY, **(RE_ENGAGED if to == "CONTACTING" else {}))
    assert re_engaged(Scope(zone=ZONE, now=MONDAY + 30 * DAY, since=MONDAY)).again == 1


def test_a_year_before_a_29th_of_february_is_the_28th() -> None:
    assert a_year_before(datetime(2028, 2, 29, tzinfo=UTC)) == datetime(2027, 2, 28, tzinfo=UTC)


@pytest.mark.django_db
def test_three_leads_cost_as_many_statements_as_thirty() -> None:
    of_ana = ana().pk

    def statements() -> int:
        scope = Scope(zone=ZONE, now=timezone.now())
        with CaptureQueriesContext(connection) as heard:
            for one in (scope, replace(scope, known_at=scope.now), replace(scope, whose=of_ana)):
                shape(one, Lead.objects.all(), OfficeSettings())
                qualified_at(one, ends(last_weeks(scope.now, ZONE)))
                re_engaged(one)
        return len(heard)

    for _ in range(3):
        LeadFactory.create(status=State.QUALIFIED, agent=ana())
    few = statements()
    for _ in range(12):
        LeadFactory.create(status=State.ARCHIVED, agent=ben())
    assert few == statements() == 11
