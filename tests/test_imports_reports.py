"""Reports, the past and the checks of the log with leads of an old system among those that lived here."""

import io
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leads.management.commands import board_diff
from leads.models import Lead, User
from lifecycle.history import Clock
from lifecycle.history.everyone import agents_and_statuses
from lifecycle.models import LeadEvent
from lifecycle.reports import flow, funnel, paths, stays
from lifecycle.reports.first_response import first_response
from lifecycle.reports.scope import Scope
from lifecycle.states import State
from lifecycle.verify import verify
from tests.backfilled import CREATED, IMPORTED, MODIFIED, any_row, came_in, old_lead, row, taken_back, taken_up
from tests.factories import LeadFactory, advance, ana, ben, bruna
from tests.past_stories import Office
from tests.test_everyone import agree

pytestmark = pytest.mark.django_db
OFFICE = ZoneInfo("America/Los_Angeles")
NOW = IMPORTED + timedelta(days=30)
EVERYTHING = Scope(zone=OFFICE, now=NOW)
DAY = timedelta(days=1)


def mixed() -> None:
    """Five leads of an old system, two of them taken back and one of these brought again; and one that lived here."""
    moved, _, _, gone, again = [
        old_lead(status) for status in ("QUALIFIED", "CLOSED", "NEW", "COMMITTED", "IN_CONTRACT")
    ]
    taken_back([gone, again], now=IMPORTED + DAY)
    taken_up([again], [row("IN_CONTRACT")], now=IMPORTED + 2 * DAY)
    advance(moved, State.COMMITTED, now=IMPORTED + 5 * DAY)
    LeadFactory.create(status=State.QUALIFIED, agent=ana(), begun=IMPORTED)


# --- figures that can be counted on fingers -----------------------------------------------------------------


def test_each_lead_comes_in_once_and_got_as_far_as_the_old_system_said() -> None:
    mixed()
    by_quarter = {c.name: c for c in funnel.read_funnel(EVERYTHING) if c.leads}
    assert {name: c.leads for name, c in by_quarter.items()} == {"2011Q4": 5, "2026Q1": 1}
    old = by_quarter["2011Q4"]
    reached = [old.reached(State(s)) for s in ("NEW", "CONTACTING", "QUALIFIED", "COMMITTED", "IN_CONTRACT", "CLOSED")]
    assert reached == [5, 4, 4, 4, 2, 1] and old.open() == 3


def test_what_moved_here_is_counted_and_that_an_import_was_taken_back_is_no_move() -> None:
    mixed()
    moves = flow.read_flow(EVERYTHING).transitions()
    assert moves == {
        ("", "NEW"): 6,
        ("?", "QUALIFIED"): 1,
        ("?", "CLOSED"): 1,
        ("?", "COMMITTED"): 1,
        ("?", "IN_CONTRACT"): 1,
        ("NEW", "CONTACTING"): 1,
        ("CONTACTING", "QUALIFIED"): 1,
        ("QUALIFIED", "COMMITTED"): 1,
    }
    week = flow.read_flow(Scope(zone=OFFICE, now=NOW, since=IMPORTED - DAY, until=IMPORTED + 9 * DAY))
    assert ("", "NEW") in week.transitions() and week.transitions()[("", "NEW")] == 1


def test_the_ways_begin_once_and_have_a_length_only_where_it_is_known() -> None:
    mixed()
    told = paths.read_paths(EVERYTHING, paths.Wanted())
    assert {p.word: p.leads for p in told.paths} == dict.fromkeys(["N", "ND", "NI", "NQS", "NST", "NCQ"], 1)
    assert told.all_leads == 6 and sum(p.unmeasured for p in told.paths) == 2
    everything = paths.read_paths(Scope(zone=OFFICE, now=NOW, inferred=True), paths.Wanted())
    assert sum(p.unmeasured for p in everything.paths) == 0


def test_a_stay_is_measured_where_both_of_its_ends_were_recorded() -> None:
    mixed()
    found = {s.stage: s for s in stays.by_stage(EVERYTHING)}
    # New: one that lived here, one that stands there since 2011; of four others nobody knows when they left.
    assert (found["NEW"].visits, found["NEW"].unmeasured, found["NEW"].still_inside) == (6, 4, 1)
    assert (found["QUALIFIED"].visits, found["QUALIFIED"].unmeasured) == (2, 1)
    assert (found["COMMITTED"].visits, found["COMMITTED"].unmeasured) == (2, 1)
    assert (found["TRASHED"].visits, found["TRASHED"].unmeasured) == (1, 1)


def test_nobody_owed_a_first_contact_to_a_lead_of_an_old_system() -> None:
    old_lead("NEW")
    old_lead("CONTACTING")
    answer = first_response(EVERYTHING)
    assert answer.clocks == []


def test_every_report_and_its_file_opens_with_nothing_but_leads_of_an_old_system() -> None:
    leads = came_in([any_row(Random(n), [ana(), ben(), None], NOW) for n in range(40)], now=NOW)
    taken_back(leads, now=NOW)
    taken_up(leads[:9], [any_row(Random(n), [ana(), None], NOW) for n in range(9)], now=NOW)
    client = Client()
    client.force_login(bruna())
    for name in ("", "collapses/", "funnel/", "flow/", "paths/", "time/", "agents/", "first-response/"):
        for query in ("", "?format=csv", "?from=2011-01-01", "?inferred=1"):
            assert client.get(f"/reports/{name}{query}").status_code == 200, (name, query)
    assert client.get(f"/reports/agents/{ana().pk}/").status_code == 200


# --- on random histories ------------------------------------------------------------------------------------


def an_office(seed: int, acts: int = 60) -> Office:
    office = Office(seed)
    came_in([any_row(office.chance, office.people, office.now) for _ in range(4)], now=office.now)
    office.live(acts)
    return office


def moments(office: Office, how_many: int) -> list[datetime]:
    marks = [t for pair in LeadEvent.objects.values_list("occurred_at", "recorded_at") for t in pair]
    near = [t + timedelta(microseconds=office.chance.choice([-1, 0, 1])) for t in marks]
    return sorted([min(marks) - DAY, *office.chance.sample(near, how_many), max(marks)])


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9))
def test_statement_fold_and_difference_agree_at_every_instant_by_both_clocks(seed: int) -> None:
    with transaction.atomic():
        office = an_office(seed)
        told = set(LeadEvent.objects.filter(source="import").values_list("kind", flat=True))
        assert "history_imported" in told
        for clock in Clock:
            before: dict[str, tuple[str, str]] = {}
            since: datetime | None = None
            for moment in moments(office, 3):
                agree(moment, clock)
                stood = states(moment, clock)
                if since is not None:
                    assert walked(before, changed(since, moment, clock)) == stood
                before, since = stood, moment
        transaction.set_rollback(True)


def states(moment: datetime, clock: Clock) -> dict[str, tuple[str, str]]:
    """Status and agent by key, in one statement."""
    names: dict[int | None, str] = {None: ""}
    names |= dict(User.objects.values_list("pk", "display_name"))
    keys = {lead.pk: lead.key for lead in Lead.objects.all()}
    stood = agents_and_statuses(moment, clock, Lead.objects.all())
    return {keys[pk]: (status, names[agent]) for pk, (status, agent) in stood.items()}


def changed(since: datetime, until: datetime, clock: Clock) -> list[dict[str, str]]:
    """The rows of ``board_diff``."""
    return [dict(zip(board_diff.COLUMNS, row, strict=True)) for row in board_diff._rows(since, until, clock)]


def walked(stood: dict[str, tuple[str, str]], rows: Iterable[dict[str, str]]) -> dict[str, tuple[str, str]]:
    """How the leads stand after these changes, each of which begins where the one before ended."""
    after = dict(stood)
    for key, mine in groupby(rows, key=lambda r: r["lead_key"]):
        for change in mine:
            assert after.get(key, ("", "")) == (change["from_status"], change["from_agent"]), change
            after[key] = (change["to_status"], change["to_agent"])
    return after


@pytest.mark.parametrize("seed", [3, 17])
def test_the_log_is_sound_and_the_cache_is_what_it_says(seed: int) -> None:
    an_office(seed, 90)
    kinds = Counter(LeadEvent.objects.filter(source="import").values_list("kind", flat=True))
    assert kinds["history_imported"] and kinds["import_withdrawn"] and kinds["move_voided"]
    verdict = list(verify())[-1]
    assert (verdict.problems, verdict.unknown, verdict.guards_missing) == ([], [], [])
    out = io.StringIO()
    call_command("rebuild_cache", verbosity=0, stdout=out)
    assert out.getvalue().splitlines() == [f"leads: {Lead.objects.count()}", "changed: 0"]


def test_what_stands_there_since_then_stood_there_then() -> None:
    lead = old_lead("CLOSED", flags=("dnc",), agent=ana().display_name)
    assert lead.stage_entered_at == MODIFIED and (lead.created_at, lead.dnc) == (CREATED, True)
    for at, stands in ((CREATED - DAY, None), (CREATED, ("NEW", "")), (MODIFIED, ("CLOSED", "Ana Alvarez"))):
        assert states(at, Clock.HAPPENED).get(lead.key) == stands
    for at, stands in ((IMPORTED - DAY, None), (IMPORTED, ("CLOSED", "Ana Alvarez"))):
        assert states(at, Clock.KNOWN).get(lead.key) == stands
