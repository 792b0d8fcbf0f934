"""Funnel, weekly flow and paths: each figure is a plain count over the log, on random histories and on a real one."""

import csv
import gzip
import io
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leads.models import Lead
from lifecycle import service
from lifecycle.events import Source
from lifecycle.history.truth import Reading
from lifecycle.imported import ForeignRow, tell
from lifecycle.models import LeadEvent
from lifecycle.reports import flow, funnel, paths
from lifecycle.reports.pipeline import EXITS, PIPELINE, Direction, direction, in_files, way_of, word_of
from lifecycle.reports.scope import Scope, Whose
from lifecycle.service.importing import Someone, Stream, import_streams
from lifecycle.states import State
from lifecycle.transitions import TRANSITIONS
from tests import flow_model as model
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest
from tests.past_stories import Office

OFFICE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2027, 1, 1, tzinfo=UTC)
EVERYTHING = Scope(zone=OFFICE, now=NOW)


def of_another_system(chance: Random, leads: int = 6) -> None:
    """Leads that another system had: they begin anywhere, and go ways that our table does not have."""
    known = {p.display_name: Someone(p.pk, p.uuid, p.display_name) for p in (ana(), ben())}
    streams = []
    for n in range(leads):
        key, at = uuid4().hex, datetime(2025, 11, 20, tzinfo=UTC) + timedelta(hours=chance.randrange(4000))
        stage = chance.choice(list(State))
        rows = [ForeignRow(1, 1, at, "", "state_changed", to_state=stage)]
        if n % 2:
            rows = [ForeignRow(1, 1, at, "", "lead_created", to_state="NEW")]
            rows.append(ForeignRow(2, 2, at, "", "assigned", to_owner=chance.choice(sorted(known))))
            stage = State.NEW
        for seq in range(3, chance.randrange(4, 9)):
            at += timedelta(hours=chance.choice([0, 1, 200]))
            before, stage = stage, chance.choice(list(State))
            rows.append(ForeignRow(seq, seq, at, "", "state_changed", from_state=before, to_state=stage))
        lead = Lead(name=f"Old {n}", email=f"{key}@example.com", external_source="old", external_key=key)
        streams.append(Stream(lead, tell("old", key, rows, {})))
    done = import_streams(streams, lambda names: known, now=NOW, batch=uuid4())
    assert done.refused == []


def office_of(seed: int, acts: int = 60) -> Office:
    office = Office(seed)
    office.live(acts)
    of_another_system(office.chance)
    return office


def scopes(office: Office) -> Iterator[Scope]:
    """Everything, a window, each of the readings, known at some instants, everybody's, Ana's and the pool's."""
    marks = sorted(LeadEvent.objects.values_list("recorded_at", "occurred_at"))
    whose: list[int | Whose] = [Whose.EVERYBODY, Whose.POOL, ana().pk, ben().pk]
    yield EVERYTHING
    for _ in range(6):
        since, until = sorted(office.chance.choice(marks)[1] for _ in range(2))
        yield Scope(
            zone=office.chance.choice([OFFICE, UTC, ZoneInfo("Asia/Kathmandu")]),
            now=NOW,
            since=office.chance.choice([since, None]),
            until=office.chance.choice([until, None]),
            known_at=office.chance.choice([office.chance.choice(marks)[0], None]),
            whose=office.chance.choice(whose),
            reading=office.chance.choice(list(Reading)),
            inferred=office.chance.choice([True, False]),
        )


def nonzero(counts: "Counter[Any]") -> dict[Any, int]:
    return {key: n for key, n in counts.items() if n}


def ids(made: Any) -> list[int]:
    return sorted(found for (found,) in made.rows())


# --- figures ------------------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_the_figures_are_what_the_lives_of_the_leads_say(seed: int) -> None:
    with transaction.atomic():
        for scope in scopes(office_of(seed)):
            how_far_they_got(scope)
            what_moved(scope)
            which_ways(scope)


def how_far_they_got(scope: Scope) -> None:
    cohorts = {c.name: c for c in funnel.read_funnel(scope) if c.leads}
    expected = model.funnel(scope)
    assert cohorts.keys() == expected.keys()
    for name, cohort in cohorts.items():
        reached = {s.value: cohort.reached(s) for s in PIPELINE}
        assert {"leads": cohort.leads, "open": cohort.open(), **reached} == expected[name]


def what_moved(scope: Scope) -> None:
    told, moves = flow.read_flow(scope), model.moves(scope)
    # A window of more than two years is counted by the month.
    name = model.month if told.weeks and "W" not in told.weeks[0].name else model.week
    by_week = [(name(m.occurred_at, scope.zone), m) for m in moves]
    assert nonzero(told.entries()) == Counter((w, m.to_status) for w, m in by_week)
    assert nonzero(told.exits()) == model.exits(scope, name)
    pairs = [(m.from_status or ("" if m.version == 1 else "?"), m.to_status) for m in moves]
    assert told.transitions() == Counter(pairs)
    back = [(w, m.from_status) for w, m in by_week if m.kind in ("deal_collapsed", "contract_voided")]
    assert told.fell_back() == Counter(back)


def which_ways(scope: Scope) -> None:
    told, expected = paths.read_paths(scope, paths.Wanted()), model.paths(scope)
    assert {in_files(p.word): (p.leads, p.fell_back, p.median) for p in told.paths} == {
        way: (len(row["leads"]), row["fell"], row["median"]) for way, row in expected.items()
    }
    assert (told.leads, told.distinct) == (sum(len(r["leads"]) for r in expected.values()), len(expected))
    assert [p.leads for p in told.paths] == sorted((p.leads for p in told.paths), reverse=True)


@pytest.mark.django_db
def test_the_leads_and_facts_behind_a_number_are_as_many_as_it_says() -> None:
    for scope in scopes(office_of(11)):
        behind_the_funnel(scope)
        behind_the_flow(scope)
        told, expected = paths.read_paths(scope, paths.Wanted()), model.paths(scope)
        for path in told.paths[:3]:
            exactly = paths.Wanted(path.word, paths.Match.EXACTLY)
            assert ids(paths.leads_behind(scope, exactly)) == sorted(expected[in_files(path.word)]["leads"])


def behind_the_funnel(scope: Scope) -> None:
    lives = {one.lead_id: one for one in model.came_in(scope)}
    whole = funnel.together(funnel.read_funnel(scope))
    assert ids(funnel.leads_behind(scope, funnel.Behind())) == sorted(lives)
    for rank, stage in enumerate(PIPELINE, start=1):
        reached = ids(funnel.leads_behind(scope, funnel.Behind(reached=stage)))
        assert reached == [i for i, one in sorted(lives.items()) if model.furthest(one.stages) >= rank]
        stopped = ids(funnel.leads_behind(scope, funnel.Behind(furthest=stage, open=False)))
        still = ids(funnel.leads_behind(scope, funnel.Behind(furthest=stage, open=True)))
        assert (len(stopped), len(still)) == (whole.stopped(stage), whole.open(stage))


def behind_the_flow(scope: Scope) -> None:
    told = flow.read_flow(scope)
    for period in told.weeks[-2:]:
        since, until = max(scope.since or period.since, period.since), min(scope.until or period.until, period.until)
        in_week, there = replace(scope, since=since, until=until), [m for m in told.moves if m.week == period.name]
        for stage in State:
            entered = flow.facts_behind(in_week, flow.Behind(end=stage))
            assert len(ids(entered)) == told.entries()[(period.name, stage.value)]
        for way in Direction:
            found = ids(flow.facts_behind(in_week, flow.Behind(direction=way)))
            assert len(found) == sum(m.count for m in there if m.direction is way)
    for (start, end), n in told.transitions().items():
        assert len(ids(flow.facts_behind(scope, flow.Behind(start=start, end=State(end))))) == n
    fell = ids(flow.facts_behind(scope, flow.Behind(fell_back=True)))
    assert len(fell) == told.fell_back().total()


@pytest.mark.django_db
def test_ways_are_found_by_their_beginning_by_what_they_contain_and_by_having_fallen_back() -> None:
    office_of(5, 110)
    expected = {word_of(way.split(">")): row for way, row in model.paths(EVERYTHING).items()}
    for word, match in itertools.product(["", "N", "NC", "NCQ", "QSQ", "T"], paths.Match):
        told = paths.read_paths(EVERYTHING, paths.Wanted(word, match))
        fits = {
            paths.Match.BEGINS: lambda way, w=word: way.startswith(w),
            paths.Match.CONTAINS: lambda way, w=word: w in way,
            paths.Match.EXACTLY: lambda way, w=word: way == w,
        }[match]
        wanted = {way: row for way, row in expected.items() if fits(way)}
        assert {p.word for p in told.paths} == wanted.keys()
        assert told.all_leads == sum(len(row["leads"]) for row in expected.values())
        ends = sum((Counter({way[-1]: len(row["leads"])}) for way, row in wanted.items()), Counter())
        assert told.ends == ends
        for letter, n in ends.items():
            assert len(ids(paths.leads_behind(EVERYTHING, paths.Wanted(word, match, ends=letter)))) == n
        if match is paths.Match.BEGINS:
            ahead = [Counter({way[len(word) : len(word) + 1]: len(row["leads"])}) for way, row in wanted.items()]
            assert told.next == sum(ahead, Counter())
    fell = paths.read_paths(EVERYTHING, paths.Wanted(fell_back=True))
    assert fell.leads == fell.fell_back == sum(row["fell"] for row in expected.values()) > 0


@pytest.mark.django_db
def test_as_known_at_an_instant_the_figures_never_change_again() -> None:
    office = Office(21)
    office.live(60)
    scope = Scope(zone=OFFICE, now=NOW, known_at=office.now)
    before = funnel.read_funnel(scope), flow.read_flow(scope), paths.read_paths(scope, paths.Wanted())
    office.live(60)
    later = replace(scope, now=NOW + timedelta(days=400))
    assert (funnel.read_funnel(later), flow.read_flow(later), paths.read_paths(later, paths.Wanted())) == before


# --- a real history -----------------------------------------------------------------------------------------


def printed(name: str, **options: Any) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("report", name, zone="UTC", stdout=out, **options)
    return list(csv.DictReader(out.getvalue().splitlines()))


@pytest.mark.django_db(transaction=True)
def test_a_real_history_flows_as_an_independent_tool_computed(test_data: Path) -> None:
    history = test_data / "history"
    oracle = json.loads((history / "bpic12_small_oracle.json").read_text())
    quiet = {"verbosity": 0, "stdout": io.StringIO(), "stderr": io.StringIO()}
    call_command("import_history", history / "bpic12_small_events.csv.gz", source="bpic12", **quiet)
    told = flow.read_flow(Scope(zone=UTC, now=NOW))
    moved = {f"{a}->{b}": n for (a, b), n in told.transitions().items() if a}
    assert moved == oracle["transitions"]
    weekly = printed("flow")
    entered: Counter[str] = Counter()
    for row in weekly:
        entered[row["stage"]] += int(row["entries"])
    assert nonzero(entered) == oracle["entered_state"]
    ways = printed("paths")
    counted = {row["path"]: int(row["leads"]) for row in ways}
    # Of the paths that one lead took, either may be the fifteenth.
    assert {way: counted[way] for way in oracle["top_paths"]} == oracle["top_paths"]
    assert list(counted.values())[:15] == list(oracle["top_paths"].values())
    assert len(ways) == oracle["distinct_paths"]
    twice = paths.read_paths(Scope(zone=UTC, now=NOW), paths.Wanted("SQS", paths.Match.CONTAINS))
    assert twice.leads == oracle["committed_qualified_committed_leads"]
    assert {way_of(letter)[0].value: n for letter, n in told_ends().items()} == oracle["final_state"]
    ever = Counter(dict.fromkeys(PIPELINE, 0))
    for row in printed("funnel"):
        ever[State(row["stage"])] += int(row["reached"])
    # Every lead of this history passes the stages one by one.
    assert ever == {stage: len(_leads_in(history, stage)) for stage in PIPELINE}


def told_ends() -> "Counter[str]":
    return paths.read_paths(Scope(zone=UTC, now=NOW), paths.Wanted()).ends


def _leads_in(history: Path, stage: State) -> set[str]:
    with gzip.open(history / "bpic12_small_events.csv.gz", "rt", newline="") as file:
        return {row["lead_key"] for row in csv.DictReader(file) if row["to_state"] == stage}


# --- weeks and quarters -------------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(("sunday", "hours"), [("2026-03-08", 167), ("2026-11-01", 169)])
def test_a_week_in_which_the_clocks_change_ends_at_the_offices_midnight(sunday: str, hours: int) -> None:
    begin = datetime.fromisoformat(sunday).replace(tzinfo=OFFICE) - timedelta(days=6)
    for n, edge in enumerate([begin, begin.astimezone(UTC) + timedelta(hours=hours)]):
        for moment in (edge - timedelta(microseconds=1), edge):
            LeadFactory.create(begun=moment.astimezone(UTC), name=f"at the edge {n}")
    told = flow.read_flow(EVERYTHING)
    lengths = {week.name: (week.until - week.since) / timedelta(hours=1) for week in told.weeks}
    name = begin.strftime("%G-W%V")
    assert list(lengths.values()) == [168, hours, 168] and lengths[name] == hours
    assert [told.entries()[(week.name, "NEW")] for week in told.weeks] == [1, 2, 1]


@pytest.mark.django_db
def test_a_lead_of_new_years_eve_belongs_to_the_quarter_by_the_offices_clock() -> None:
    LeadFactory.create(begun=datetime(2026, 1, 1, 4, tzinfo=UTC))
    assert [c.name for c in funnel.read_funnel(EVERYTHING)] == ["2025Q4"]
    assert [c.name for c in funnel.read_funnel(replace(EVERYTHING, zone=UTC))] == ["2026Q1"]


@pytest.mark.django_db
def test_a_quarter_without_leads_stands_between_its_neighbours_and_is_left_out_of_files() -> None:
    for month in (1, 8):
        LeadFactory.create(begun=datetime(2026, month, 10, tzinfo=UTC))
    cohorts = funnel.read_funnel(EVERYTHING)
    assert [(c.name, c.leads, c.share(State.NEW)) for c in cohorts] == [
        ("2026Q1", 1, None),
        ("2026Q2", 0, None),
        ("2026Q3", 1, None),
    ]
    assert {row["cohort"] for row in printed("funnel")} == {"2026Q1", "2026Q3"}


@pytest.mark.django_db
def test_a_window_of_ages_is_not_a_list_of_empty_weeks() -> None:
    LeadFactory.create(begun=datetime(2026, 1, 10, tzinfo=UTC))
    ages = replace(EVERYTHING, since=datetime(1, 1, 2, tzinfo=UTC), until=datetime(9999, 1, 1, tzinfo=UTC))
    assert [w.name for w in flow.read_flow(ages).weeks] == ["2026-W02"]
    assert [c.name for c in funnel.read_funnel(ages)] == ["2026Q1"]


@pytest.mark.django_db
def test_more_than_two_years_are_counted_by_the_month_and_more_than_ten_by_the_quarter() -> None:
    for year in (2010, 2013, 2026):
        LeadFactory.create(begun=datetime(year, 5, 10, tzinfo=UTC))
    since = datetime(2012, 1, 1, tzinfo=UTC)
    assert {len(w.name) for w in flow.read_flow(replace(EVERYTHING, until=since + timedelta(days=900))).weeks} == {7}
    assert flow.read_flow(EVERYTHING).weeks[0].name == "2010Q2"


# --- little and nothing -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_office_without_leads_has_empty_figures() -> None:
    for whose in (Whose.EVERYBODY, Whose.POOL, ana().pk):
        scope = replace(EVERYTHING, whose=whose)
        assert funnel.read_funnel(scope) == []
        assert flow.read_flow(scope) == flow.Flow([], [])
        assert paths.read_paths(scope, paths.Wanted()) == paths.Paths()
    assert [printed(name) for name in ("funnel", "flow", "paths")] == [[], [], []]


@pytest.mark.django_db
def test_a_move_that_was_undone_never_brought_the_lead_further() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=datetime(2026, 5, 5, tzinfo=UTC))
    advance(lead, State.COMMITTED, actor=ana(), now=datetime(2026, 5, 6, tzinfo=UTC))
    assert [in_files(p.word)[-9:] for p in paths.read_paths(EVERYTHING, paths.Wanted()).paths] == ["COMMITTED"]
    said: dict[str, Any] = {"reason": "mis_drag", "actor": bruna(), "source": Source.PAGE}
    service.void_move(lead_id=lead.pk, target=newest(lead).uuid, **said)
    [cohort] = funnel.read_funnel(EVERYTHING)
    assert (cohort.reached(State.QUALIFIED), cohort.reached(State.COMMITTED)) == (1, 0)
    assert [row["path"] for row in printed("paths")] == ["NEW>CONTACTING>QUALIFIED"]
    [recorded] = funnel.read_funnel(replace(EVERYTHING, reading=Reading.RECORDED))
    assert recorded.reached(State.COMMITTED) == 1


@pytest.mark.django_db
def test_shares_are_given_from_five_leads_on() -> None:
    for n in range(5):
        assert all(row["share"] == "" for row in printed("funnel") + printed("paths"))
        LeadFactory.create(status=State.CONTACTING if n else State.NEW, begun=datetime(2026, 5, 5, tzinfo=UTC))
    assert [row["share"] for row in printed("funnel")[:3]] == ["1.0000", "0.8000", "0.0000"]
    assert [row["share"] for row in printed("paths")] == ["0.8000", "0.2000"]


@pytest.mark.django_db
def test_a_lead_that_came_in_and_was_given_away_flows_in_with_whom_it_got_first() -> None:
    with_ana = LeadFactory.create(agent=ana(), status=State.CONTACTING, begun=datetime(2026, 5, 5, tzinfo=UTC))
    service.assign_lead(
        lead_id=with_ana.pk, to_agent=ben(), reason="workload_balance", actor=bruna(), source=Source.PAGE
    )
    theirs = {who: replace(EVERYTHING, whose=who) for who in (ana().pk, ben().pk, Whose.POOL)}
    assert {who: flow.read_flow(s).entries().total() for who, s in theirs.items()} == {
        ana().pk: 2,
        ben().pk: 0,
        Whose.POOL: 0,
    }
    # Its funnel and its path are with whoever holds it now.
    assert {who: sum(c.leads for c in funnel.read_funnel(s)) for who, s in theirs.items()} == {
        ana().pk: 0,
        ben().pk: 1,
        Whose.POOL: 0,
    }


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow_with_the_leads() -> None:
    office, counts = Office(5), []
    for _ in range(2):
        office.live(30)
        with CaptureQueriesContext(connection) as asked:
            funnel.read_funnel(EVERYTHING), flow.read_flow(EVERYTHING), paths.read_paths(EVERYTHING, paths.Wanted())
        counts.append(len(asked))
    assert counts == [5, 5]


def test_every_move_of_our_table_leads_somewhere() -> None:
    told = {
        (t.from_status, t.to_status): direction(t.from_status or "", t.to_status, first=not t.from_status)
        for t in TRANSITIONS
    }
    assert told[(None, State.NEW)] is Direction.BEGUN
    assert told[(State.COMMITTED, State.IN_CONTRACT)] is Direction.FORWARD
    assert told[(State.IN_CONTRACT, State.QUALIFIED)] is Direction.BACK
    assert told[(State.QUALIFIED, State.ARCHIVED)] is Direction.ASIDE
    assert told[(State.TRASHED, State.NEW)] is Direction.RETURNED
    assert set(told.values()) == {Direction.BEGUN, *EXITS}


def test_a_word_of_a_way_can_be_read_back() -> None:
    assert [way_of(word_of([state])) for state in State] == [(state,) for state in State]
    assert in_files("NCQSQ?") == "NEW>CONTACTING>QUALIFIED>COMMITTED>QUALIFIED>?"


@pytest.mark.django_db
def test_of_two_who_got_a_new_lead_in_the_same_moment_it_came_in_with_the_first() -> None:
    at = datetime(2026, 5, 5, tzinfo=UTC)
    lead = LeadFactory.create(agent=ana(), begun=at)
    again: dict[str, Any] = {"to_agent": ben(), "reason": "correction", "actor": bruna(), "source": Source.PAGE}
    service.assign_lead(lead_id=lead.pk, occurred_at=at, now=at + timedelta(hours=1), **again)
    with_ana, with_ben = (replace(EVERYTHING, whose=who) for who in (ana().pk, ben().pk))
    assert [flow.read_flow(s).entries().total() for s in (with_ana, with_ben)] == [1, 0]


@pytest.mark.django_db
def test_who_got_a_new_lead_is_not_known_before_it_was_written_down() -> None:
    at = datetime(2026, 5, 5, tzinfo=UTC)
    lead = LeadFactory.create(begun=at)
    later: dict[str, Any] = {"to_agent": ana(), "reason": "initial_routing", "actor": bruna(), "source": Source.PAGE}
    service.assign_lead(lead_id=lead.pk, occurred_at=at, now=at + timedelta(hours=2), **later)
    with_ana = replace(EVERYTHING, whose=ana().pk)
    for hours, n in ((1, 0), (2, 1)):
        known = replace(with_ana, known_at=at + timedelta(hours=hours))
        assert flow.read_flow(known).entries().total() == n


@pytest.mark.django_db
def test_a_stage_that_an_old_system_only_had_ends_no_length_and_comes_from_nowhere_known() -> None:
    lead = LeadFactory.create(begun=datetime(2026, 5, 5, tzinfo=UTC))
    at = datetime(2026, 6, 4, tzinfo=UTC)
    told: dict[str, Any] = {"kind": "history_imported", "from_status": "", "to_status": "ARCHIVED", "source": "import"}
    LeadEvent.objects.create(
        lead=lead, version=lead.version + 1, occurred_at=at, recorded_at=at, hash="0" * 64, backfilled=True, **told
    )
    found = paths.read_paths(EVERYTHING, paths.Wanted())
    assert [(in_files(p.word), p.median, p.unmeasured) for p in found.paths] == [("NEW>ARCHIVED", None, 1)]
    assert found.unmeasured == 1
    [path] = paths.read_paths(replace(EVERYTHING, inferred=True), paths.Wanted()).paths
    assert (path.median, path.unmeasured) == (timedelta(days=30), 0)
    moved = flow.read_flow(EVERYTHING)
    assert moved.transitions() == {("", "NEW"): 1, ("?", "ARCHIVED"): 1} and not moved.exits()
    assert len(ids(flow.facts_behind(EVERYTHING, flow.Behind(start="?")))) == 1
    assert len(ids(flow.facts_behind(EVERYTHING, flow.Behind(start="")))) == 1
