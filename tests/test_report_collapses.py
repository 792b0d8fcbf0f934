"""What fell back, and for how many that were signed: equal to a plain count over the log, whoever it is credited to."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leads.models import Lead, User
from leads.reports.collapses import printed
from lifecycle import service
from lifecycle.events import Source
from lifecycle.history.truth import Reading
from lifecycle.imported import ForeignRow, tell
from lifecycle.models import LeadEvent, OfficeSettings
from lifecycle.reports.collapses import Tally, entries_of, quarters_of, tallies
from lifecycle.reports.credit import fine, in_words, settled, shares
from lifecycle.reports.fallen import entered, fallen, reasons
from lifecycle.reports.scope import Credit, Scope, Whose
from lifecycle.service.importing import Someone, Stream, import_streams
from lifecycle.states import State
from tests.deal_stories import DealOffice
from tests.factories import LeadFactory, advance, ana, ben, bruna, newest
from tests.plain_collapses import FROM, plain_entries, plain_falls, plain_rows

OFFICE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2027, 6, 1, tzinfo=UTC)
EVER = Scope(zone=OFFICE, now=NOW)


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
            people: list[int | Whose] = [ana().pk, ben().pk, Whose.POOL]
            whose = office.chance.choice(people)
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
            by_reason: Counter[tuple[str, str]] = Counter()
            for kind, reason, *_, credit in falls.values():
                by_reason[kind, reason] += fine(sum(credit.values()))
            assert reasons(scope, 60) == {place: settled(units) for place, units in by_reason.items()}, scope
            ins = {e.id: (FROM[e.kind], dict(e.credit)) for e in entered(scope)}
            facts = LeadEvent.objects.in_bulk(list(ins))
            assert all(facts[e.id].lead_id == e.lead_id and facts[e.id].occurred_at == e.at for e in entered(scope))
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
            assert (
                settled(sum(fine(n) for at, n in entries.items() if at.kind == kind)) == oracle["entered_state"][stage]
            )
            assert sum(p for f in fallen(scope, 60) if f.kind == kind for _, p in f.credit) == oracle["reason"][kind]


# --- edges --------------------------------------------------------------------------------------------------


def signed(agent: User | None, at: datetime, state: State = State.COMMITTED) -> Lead:
    """A lead whose last step, into this stage, was at this time; held by one agent all along."""
    steps = {State.QUALIFIED: 2, State.COMMITTED: 3, State.IN_CONTRACT: 4}[state]
    return LeadFactory.create(status=state, agent=agent, begun=at - timedelta(hours=steps))


def falls(lead: Lead, at: datetime, **said: Any) -> LeadEvent:
    advance(lead, State.QUALIFIED, now=at, **said)
    fact: LeadEvent = newest(lead)
    return fact


def hand(lead: Lead, to: User | None, at: datetime) -> None:
    common: dict[str, Any] = {"actor": bruna(), "source": Source.PAGE, "now": at}
    service.assign_lead(lead_id=lead.pk, to_agent=to, reason="workload_balance" if to else "returned_to_pool", **common)


MAY = datetime(2026, 5, 4, 17, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.django_db
def test_the_days_that_each_held_it_share_a_collapse() -> None:
    lead = signed(ana(), MAY)
    hand(lead, ben(), MAY + DAY)
    hand(lead, None, MAY + 3 * DAY)
    fact = falls(lead, MAY + 4 * DAY)
    credit = {rule: fallen(replace(EVER, credit=rule), 60)[0].credit for rule in Credit}
    assert dict(credit[Credit.SHARED]) == {ana().pk: Fraction(1, 4), ben().pk: Fraction(1, 2), None: Fraction(1, 4)}
    assert credit[Credit.HOLDER] == ((None, 1),)
    assert credit[Credit.COMMITTED_HOLDER] == ((ana().pk, 1),)
    assert credit[Credit.ACTOR] == ((fact.actor_id, 1),)
    rows = [tuple(row) for row in printed(replace(EVER, credit=Credit.SHARED))]
    assert [(row[0], row[4], row[6]) for row in rows] == [("", "0.25", "0.25"), ("Ana Alvarez", "0.25", "0.25"),
                                                         ("Ben Brooks", "0.5", "0.5")]  # fmt: skip


@pytest.mark.django_db
def test_signed_and_fallen_in_one_moment_it_is_whole_with_who_held_it_then() -> None:
    lead = signed(ana(), MAY)
    falls(lead, MAY)
    hand(lead, ben(), MAY + DAY)
    assert fallen(replace(EVER, credit=Credit.SHARED), 60)[0].credit == ((ana().pk, 1),)
    assert entered(replace(EVER, credit=Credit.SHARED))[0].credit == ((ana().pk, 1),)


@pytest.mark.django_db
def test_a_deal_that_an_old_system_closed_without_a_contract_has_recovered() -> None:
    steps = [("NEW", "QUALIFIED"), ("QUALIFIED", "COMMITTED"), ("COMMITTED", "QUALIFIED"), ("QUALIFIED", "CLOSED")]
    imported([("lead_created", "", "NEW", ""), *(("state_changed", a, b, "") for a, b in steps)])
    assert [(f.recovered, f.quick) for f in fallen(EVER, 60)] == [(True, False)]


def test_thirds_that_make_one_are_one_again() -> None:
    third = Fraction(1, 3)
    assert settled(3 * fine(third)) == 1 and isinstance(settled(3 * fine(third)), int)
    assert settled(2 * fine(third)) == Fraction(666666666667, 10**12)
    assert [settled(fine(n)) for n in (0, 7, Fraction(1, 8))] == [0, 7, Fraction(1, 8)]


@pytest.mark.django_db
def test_whatever_is_shared_makes_whole_deals_together() -> None:
    for n in range(4):
        lead = signed(ana(), MAY + n * DAY)
        hand(lead, ben(), MAY + n * DAY + timedelta(hours=5))
        hand(lead, None, MAY + n * DAY + timedelta(hours=7))
        falls(lead, MAY + n * DAY + timedelta(hours=9 + n))
    scope = replace(EVER, credit=Credit.SHARED)
    quarters = quarters_of(scope)
    [tally] = tallies(fallen(scope, 60), entries_of(scope, quarters), quarters, lambda place: None).values()
    assert (tally.count, tally.entries) == (4, 4) and isinstance(tally.entries, int)


def test_shares_are_exact_and_make_one() -> None:
    thirds = shares(1, [(MAY + DAY, 2), (MAY + 2 * DAY, 3)], MAY, MAY + 3 * DAY)
    assert thirds == ((1, Fraction(1, 3)), (2, Fraction(1, 3)), (3, Fraction(1, 3)))
    assert shares(1, [(MAY, 2), (MAY, None)], MAY, MAY) == ((None, 1),), "No time at all: whole to the last one."
    assert shares(1, [(MAY, 2)], MAY, MAY + DAY) == ((2, Fraction(1)),)
    assert shares(1, [(MAY + DAY, 1)], MAY, MAY + 2 * DAY) == ((1, Fraction(1)),)
    assert shares(1, [], MAY + DAY, MAY) == ((1, 1),), "A clock a little behind."


@pytest.mark.parametrize(
    ("part", "words"),
    [(7, "7"), (0, "0"), (Fraction(5, 2), "2.5"), (Fraction(1, 3), "0.33"), (Fraction(1, 8), "0.13"),
     (Fraction(1, 9999), "0.01"), (Fraction(4000, 3), "1333.33"), (Fraction(299999, 100000), "3")],
)  # fmt: skip
def test_a_shared_count_has_two_decimals_at_most_and_is_never_nothing(part: int | Fraction, words: str) -> None:
    assert in_words(part) == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("at", "here", "there"),
    [
        ("2026-10-01T06:59:59.999999+00:00", "2026Q3", "2026Q4"),
        ("2026-10-01T07:00:00+00:00", "2026Q4", "2026Q4"),
        ("2027-01-01T07:59:59.999999+00:00", "2026Q4", "2027Q1"),
        ("2027-01-01T08:00:00+00:00", "2027Q1", "2027Q1"),
    ],
)
def test_quarters_begin_at_the_midnight_of_the_office_in_summer_and_in_winter(at: str, here: str, there: str) -> None:
    moment = datetime.fromisoformat(at)
    falls(signed(ana(), moment), moment)
    for zone, quarter in ((OFFICE, here), (ZoneInfo("UTC"), there)):
        [row] = printed(replace(EVER, zone=zone))
        assert row[1] == quarter and row[6] == "1"
        [period] = [p for p in quarters_of(replace(EVER, zone=zone)) if p.name == quarter]
        inside = replace(EVER, zone=zone, since=period.since, until=period.until)
        assert len(fallen(inside, 60)) == len(entered(inside)) == 1


@pytest.mark.django_db
def test_an_offer_that_was_only_replaced_is_back_within_the_minutes_that_the_office_sets() -> None:
    late = timedelta(minutes=60, microseconds=1)
    for back in (timedelta(), timedelta(minutes=60), late):
        lead = signed(ana(), MAY)
        falls(lead, MAY + DAY)
        advance(lead, State.COMMITTED, now=MAY + DAY + back)
    *quick, slow = fallen(EVER, 60)
    assert [f.quick for f in (*quick, slow)] == [True, True, False]
    tally = Tally()
    tally.fell(slow, 1)
    assert (tally.count, tally.quick) == (1, 0)
    tally.fell(quick[0], Fraction(1, 2))
    assert (tally.count, tally.quick) == (Fraction(3, 2), Fraction(1, 2))
    assert [f.quick for f in fallen(EVER, 61)] == [True, True, True]
    assert [f.quick for f in fallen(EVER, 0)] == [False, False, False], "An office that wants none has none."
    assert [f.recovered for f in fallen(EVER, 60)] == [True, True, True]
    OfficeSettings.objects.update_or_create(pk=1, defaults={"quick_return_minutes": 60})
    assert [(row[4], row[5]) for row in printed(EVER)] == [("3", "2")]
    OfficeSettings.objects.update_or_create(pk=1, defaults={"quick_return_minutes": 0})
    assert [row[5] for row in printed(EVER)] == ["0"]


@pytest.mark.django_db
def test_signed_again_is_no_return_into_the_contract_that_was_voided() -> None:
    lead = signed(ana(), MAY, State.IN_CONTRACT)
    falls(lead, MAY + DAY)
    advance(lead, State.COMMITTED, now=MAY + DAY)
    assert [(f.quick, f.recovered) for f in fallen(EVER, 60)] == [(False, False)]
    advance(lead, State.IN_CONTRACT, now=MAY + DAY)
    assert [(f.quick, f.recovered) for f in fallen(EVER, 60)] == [(True, True)]


@pytest.mark.django_db
def test_a_collapse_that_was_undone_counts_only_where_undone_moves_are_asked_for() -> None:
    lead = signed(ana(), MAY)
    fact = falls(lead, MAY + DAY)
    undoing: dict[str, Any] = {"actor": bruna(), "source": Source.PAGE, "now": MAY + 2 * DAY}
    service.void_move(lead_id=lead.pk, target=fact.uuid, reason="mis_drag", **undoing)
    assert fallen(EVER, 60) == [] and [row[:4] for row in printed(EVER)] == []
    assert len(fallen(replace(EVER, reading=Reading.RECORDED), 60)) == 1
    assert len(fallen(replace(EVER, known_at=MAY + DAY), 60)) == 1, "Then it was believed."


@pytest.mark.django_db
def test_a_stay_whose_beginning_nobody_recorded_has_no_length_unless_guesses_are_asked_for() -> None:
    lead = LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=MAY)
    facts = [
        ("history_imported", "", "COMMITTED", "", MAY + DAY),
        ("deal_collapsed", "COMMITTED", "QUALIFIED", "outbid", MAY + 3 * DAY),
    ]
    for n, (kind, from_status, to_status, reason, at) in enumerate(facts, start=newest(lead).version + 1):
        LeadEvent.objects.create(
            lead=lead, version=n, kind=kind, from_status=from_status, to_status=to_status, reason=reason, agent=ana(),
            source="import", occurred_at=at, recorded_at=at, backfilled=True, hash=f"{n}",
        )  # fmt: skip
    assert [f.stay for f in fallen(EVER, 60)] == [None]
    assert [f.stay for f in fallen(replace(EVER, inferred=True), 60)] == [2 * DAY]
    counted = tallies(
        fallen(EVER, 60), entries_of(EVER, quarters_of(EVER)), quarters_of(EVER), lambda place: place.kind
    )
    assert (counted["deal_collapsed"].unknown, counted["deal_collapsed"].median_stay) == (1, None)
    assert (counted["deal_collapsed"].count, counted["deal_collapsed"].entries) == (1, 1), "It counts all the same."


def imported(rows: list[tuple[str, str, str, str]]) -> None:
    """A lead of another system: (kind, from, to or owner, actor), a day apart."""
    told = []
    for n, (kind, a, b, actor) in enumerate(rows):
        told.append(ForeignRow(n, n, MAY + n * DAY, actor, kind, from_state=a))
        told[-1] = replace(told[-1], to_owner=b) if kind == "assigned" else replace(told[-1], to_state=b)
    people = {u.display_name: Someone(u.pk, u.uuid, u.display_name) for u in (ana(), ben())}
    lead = Lead(name="Dana Whitfield", email="dana@example.com", external_source="old", external_key="D1")
    done = import_streams([Stream(lead, tell("old", "D1", told, {}))], lambda names: people, now=NOW, batch=uuid4())
    assert done.refused == []


@pytest.mark.django_db
def test_a_contract_that_was_never_signed_here_is_credited_to_who_held_it_when_it_was_executed() -> None:
    # Signed once with Ana; that fell back. The contract came without a signing, while Ben held the lead.
    imported(
        [
            ("lead_created", "", "NEW", ""),
            ("assigned", "", "Ana Alvarez", ""),
            ("state_changed", "NEW", "QUALIFIED", "Ana Alvarez"),
            ("state_changed", "QUALIFIED", "COMMITTED", "Ana Alvarez"),
            ("state_changed", "COMMITTED", "QUALIFIED", "Ana Alvarez"),
            ("assigned", "", "Ben Brooks", ""),
            ("state_changed", "QUALIFIED", "IN_CONTRACT", "Ben Brooks"),
            ("assigned", "", "Ana Alvarez", ""),
            ("state_changed", "IN_CONTRACT", "QUALIFIED", ""),
        ]
    )
    by_holder = replace(EVER, credit=Credit.COMMITTED_HOLDER)
    assert [(f.kind, f.credit) for f in fallen(by_holder, 60)] == [
        ("deal_collapsed", ((ana().pk, 1),)),
        ("contract_voided", ((ben().pk, 1),)),
    ]
    assert [row[:4] for row in printed(replace(EVER, credit=Credit.ACTOR))] == [
        ("Ana Alvarez", "2026Q2", "deal_collapsed", "not_recorded"),
        ("Scribe", "2026Q2", "contract_voided", "not_recorded"),
    ]
    shared = dict(fallen(replace(EVER, credit=Credit.SHARED), 60)[1].credit)
    assert shared == {ben().pk: Fraction(1, 2), ana().pk: Fraction(1, 2)}, "From the contract on: nobody signed."


@pytest.mark.django_db
def test_a_past_that_was_asked_about_gets_no_quarters_from_older_deals_that_came_in_later() -> None:
    LeadFactory.create(status=State.COMMITTED, agent=ana(), begun=NOW - timedelta(days=20))
    then = replace(EVER, known_at=NOW - timedelta(days=1))
    before = quarters_of(then)
    moves = [("lead_created", "", "NEW", ""), ("state_changed", "NEW", "COMMITTED", "Ana Alvarez")]
    imported(moves)
    assert len(before) == 1 and quarters_of(then) == before
    assert quarters_of(replace(EVER, known_at=NOW))[0].first < before[0].first


# --- the command --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_empty_office_has_a_header_and_nothing_else() -> None:
    for credit in Credit:
        out = io.StringIO()
        call_command("report", "collapses", by=credit.value, stdout=out)
        assert out.getvalue() == "by,quarter,kind,reason,count,quick_returns,entries,rate\n"
    assert json.loads(json_of()) == []


def json_of(**options: Any) -> str:
    out = io.StringIO()
    call_command("report", "collapses", format="json", stdout=out, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_a_rate_needs_five_entries_and_people_are_called_as_today() -> None:
    gone = ana()
    for n in range(5):
        lead = signed(gone, MAY + n * DAY)
        if n < 2:
            falls(lead, MAY + n * DAY + timedelta(hours=5), reason="outbid")
    falls(signed(None, MAY), MAY + DAY)
    User.objects.filter(pk=gone.pk).update(display_name="Otto O’Dea", is_active=False)
    assert json.loads(json_of()) == [
        {"by": "", "quarter": "2026Q2", "kind": "deal_collapsed", "reason": "financing_affordability",
         "count": 1, "quick_returns": 0, "entries": 1, "rate": None},
        {"by": "Otto O’Dea", "quarter": "2026Q2", "kind": "deal_collapsed", "reason": "outbid",
         "count": 2, "quick_returns": 0, "entries": 5, "rate": 0.4},
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_window_counts_what_began_in_it_and_a_quarter_without_a_deal_is_no_row() -> None:
    falls(signed(ana(), MAY), MAY + 100 * DAY)
    assert [(r["quarter"], r["entries"]) for r in the_command()] == [("2026Q3", "0")]
    assert the_command(until="2026-08-01") == [] == the_command(since="2027-01-01")
    assert the_command(since="1900-01-01", until="2200-01-01")[0]["count"] == "1"
    assert the_command(known_at="2026-05-10T00:00Z") == []


@pytest.mark.django_db
@pytest.mark.parametrize("credit", list(Credit))
def test_as_many_questions_for_three_leads_as_for_thirty(credit: Credit) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert list(printed(replace(EVER, credit=credit)))
        return len(caught)

    def more(n: int) -> None:
        for k in range(n):
            lead = signed(ana() if k % 2 else ben(), MAY + k * DAY)
            hand(lead, ana(), MAY + k * DAY + timedelta(hours=1))
            falls(lead, MAY + k * DAY + timedelta(hours=2))

    more(3)
    few = asked()
    more(12)
    assert asked() == few <= (7 if credit is Credit.SHARED else 5)
