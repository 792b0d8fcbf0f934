"""What counts in a report: the statement says what the plain selection says, on random histories, now and as known."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from lifecycle.history import Clock, facts_at
from lifecycle.history.statement import Statement
from lifecycle.history.truth import Reading, counted
from lifecycle.models import LeadEvent
from lifecycle.reports import counting
from lifecycle.reports.calendar import Period, midnight, months, quarter_of, quarters, weeks
from lifecycle.reports.scope import Scope
from tests.past_stories import Office

OFFICE = ZoneInfo("America/Los_Angeles")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def scopes(office: Office) -> list[Scope]:
    """All facts, and those known at three instants, in both readings."""
    chance = office.chance
    marks = sorted(LeadEvent.objects.values_list("recorded_at", flat=True))
    instants = [None, *chance.sample(marks, min(3, len(marks)))]
    return [Scope(zone=OFFICE, now=NOW, known_at=at, reading=r) for at in instants for r in Reading]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(6))
def test_what_counts_and_why_is_what_the_plain_selection_says(seed: int) -> None:
    with transaction.atomic():
        office = Office(seed)
        office.live(60)
        rows = list(LeadEvent.objects.order_by("lead_id", "version"))
        for scope in scopes(office):
            known = [r for r in rows if scope.known_at is None or r.recorded_at <= scope.known_at]
            expected = [(c.row.id, c.reason) for c in counted(known, scope.reading)]
            made = Statement()
            for which in (counting.MOVES, counting.ASSIGNMENTS):
                made.add("UNION ALL SELECT event.id," if made.parts else "SELECT event.id,")
                counting.reason(made, scope)
                counting.that_count(made, scope, which)
            assert sorted(made.rows()) == sorted(expected)


@pytest.mark.django_db
def test_what_was_known_is_a_prefix_of_the_log() -> None:
    office = Office(7, plain=True)
    office.live(40)
    rows = list(LeadEvent.objects.order_by("lead_id", "version"))
    for scope in scopes(office):
        made = Statement()
        made.add("SELECT event.id")
        counting.that_count(made, scope, counting.MOVES)
        moment = scope.known_at or NOW
        assert {i for (i,) in made.rows()} == {r.id for r in facts_at(rows, moment, Clock.KNOWN) if r.to_status}


@pytest.mark.django_db
def test_a_length_is_exact_to_the_microsecond() -> None:
    made = Statement()
    moment = datetime(2012, 2, 29, 23, 59, 59, 123456, tzinfo=UTC)
    made.add(f"SELECT {counting.microseconds('t.at')} FROM (SELECT CAST(%s AS", moment)
    made.add("text) AS at) AS t" if _is_sqlite() else "timestamptz) AS at) AS t")
    [(found,)] = made.rows()
    assert found == int(moment.timestamp()) * 10**6 + 123456


def _is_sqlite() -> bool:
    return transaction.get_connection().vendor == "sqlite"


def test_a_day_in_spring_has_23_hours_and_one_in_autumn_25() -> None:
    def hours(day: date) -> float:
        return (midnight(day + timedelta(days=1), OFFICE) - midnight(day, OFFICE)) / timedelta(hours=1)

    assert [hours(date(2026, 3, 8)), hours(date(2026, 11, 1)), hours(date(2026, 6, 1))] == [23, 25, 24]


def test_quarters_are_those_of_the_office() -> None:
    # Eight in the evening of New Year's Eve in Los Angeles is the new year in UTC already.
    moment = datetime(2027, 1, 1, 4, tzinfo=UTC)
    assert [quarter_of(moment, zone).name for zone in (OFFICE, UTC)] == ["2026Q4", "2027Q1"]
    assert quarter_of(moment, OFFICE).until == datetime(2027, 1, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize("periods", [quarters, months, weeks])
@pytest.mark.parametrize("zone", [OFFICE, AMSTERDAM, UTC, ZoneInfo("America/Havana"), ZoneInfo("Pacific/Apia")])
def test_periods_have_no_gap_and_each_its_own_name(periods: Callable[..., list[Period]], zone: tzinfo) -> None:
    since, until = datetime(2009, 12, 30, 1, tzinfo=UTC), datetime(2013, 1, 2, tzinfo=UTC)
    found = periods(since, until, zone)
    assert found[0].since <= since < found[0].until and found[-1].since < until <= found[-1].until
    assert all(a.until == b.since for a, b in pairwise(found))
    assert len({p.name for p in found}) == len(found)


def test_the_week_that_begins_in_the_old_year_is_named_by_the_calendar() -> None:
    [week] = weeks(datetime(2027, 1, 2, tzinfo=UTC), datetime(2027, 1, 3, tzinfo=UTC), UTC)
    assert (week.name, week.first) == ("2026-W53", date(2026, 12, 28))


def test_a_window_without_an_instant_touches_no_period() -> None:
    noon = datetime(2027, 5, 5, 12, tzinfo=UTC)
    assert weeks(noon, noon, UTC) == months(noon, noon, UTC) == quarters(noon, noon, UTC) == []
