"""An instant in a link: what was asked for, or a sentence; a link means the same to everybody who opens it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict

from leads.asked_time import AskedTime, days_before, link_form, read_time

MADRID, NEW_YORK = ZoneInfo("Europe/Madrid"), ZoneInfo("America/New_York")
HAVANA = ZoneInfo("America/Havana")
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def asked(text: str, zone: ZoneInfo = MADRID) -> AskedTime:
    query = QueryDict(mutable=True)
    query["as_of"] = text
    return read_time(query, "as_of", zone, NOW)


def test_a_time_without_offset_is_the_viewers_and_one_with_an_offset_is_everybodys() -> None:
    assert asked("2026-11-17T14:00").moment == datetime(2026, 11, 17, 13, tzinfo=UTC)
    assert asked("2026-11-17 14:00", NEW_YORK).moment == datetime(2026, 11, 17, 19, tzinfo=UTC)
    for zone in (MADRID, NEW_YORK):
        assert asked("2026-11-17T14:00-08:00", zone).moment == datetime(2026, 11, 17, 22, tzinfo=UTC)


def test_a_plus_that_nobody_escaped_is_still_a_plus() -> None:
    lost = read_time(QueryDict("as_of=2026-11-17T14:00+01:00"), "as_of", NEW_YORK, NOW)
    assert lost.moment == datetime(2026, 11, 17, 13, tzinfo=UTC)


def test_nothing_asked_is_no_refusal() -> None:
    for text in ("", "   "):
        assert asked(text) == AskedTime() and not asked(text).is_asked


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "2026-11",
        "2026-11-32",
        "17.11.2026 14:00",
        "2026-13-40T99:99",
        "\x00",
        "2026-11-17T14:00\x00",
        "9" * 500,
        "²" * 16,
    ],
)
def test_what_cannot_be_read_gets_an_example(text: str) -> None:
    refused = asked(text)
    assert refused.moment is None and "Type it like 2026-11-20 11:00" in refused.refusal


def test_the_future_is_refused_with_an_example_whatever_the_offset() -> None:
    for text in (
        "2026-11-20T13:01",
        "2026-11-20T12:01+00:00",
        "2027-06-01T00:00",
        "9999-12-31T23:59",
        "9999-12-31T23:59-14:00",
    ):
        refused = asked(text)
        assert refused.moment is None and "such as 2026-11-19 13:00" in refused.refusal, text
        assert text not in refused.refusal, text
    assert asked("2026-11-20T13:00").moment == NOW


def test_the_future_is_named_in_words() -> None:
    assert asked("2027-01-01T09:00").refusal.startswith("1 Jan 2027, 9:00 am is still to come, and nobody can")
    assert asked("2027-01-01").refusal.startswith("1 Jan 2027, 12:00 am is still to come")
    assert asked("2027-01-01T09:00-05:00").refusal.startswith("Fri 1 Jan 2027, 3:00 pm CET is still to come")


def test_a_day_alone_is_its_first_instant_also_where_the_clocks_leave_midnight_out_or_have_it_twice() -> None:
    assert asked("2026-11-17").moment == datetime(2026, 11, 16, 23, tzinfo=UTC)
    assert asked("2026-11-17", NEW_YORK).moment == datetime(2026, 11, 17, 5, tzinfo=UTC)
    assert asked("2026-11-20").moment and "is still to come" in asked("2026-11-21").refusal
    assert asked("2026-03-08", HAVANA).moment == datetime(2026, 3, 8, 5, tzinfo=UTC)
    assert asked("2025-11-02", HAVANA).moment == datetime(2025, 11, 2, 4, tzinfo=UTC)
    assert "Check the year" in asked("0001-01-01").refusal


def test_a_year_before_all_leads_is_refused() -> None:
    for text in ("0001-01-01T00:00", "0001-01-01T00:00+14:00", "1899-12-31T23:59"):
        assert "Check the year" in asked(text).refusal


def test_an_hour_that_did_not_exist_is_refused_with_one_that_did() -> None:
    refused = asked("2026-03-29T02:30")
    assert refused.moment is None and "for example 2026-03-29 03:30" in refused.refusal


def test_an_hour_that_came_twice_is_asked_and_each_answer_is_a_text_to_ask_again_with() -> None:
    twice = asked("2026-10-25T02:30")
    assert twice.moment is None and twice.refusal == (
        "2:30 am came twice that night: the clocks went back. Which one do you mean?"
    )
    first, second = (asked(text, NEW_YORK).moment for text, _ in twice.choices)
    assert (first, second) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC))


def test_a_link_carries_its_offset_and_is_no_finer_than_it_has_to_be() -> None:
    moment = datetime(2026, 11, 17, 13, tzinfo=UTC)
    assert link_form(moment, MADRID) == "2026-11-17T14:00+01:00"
    assert link_form(moment + timedelta(seconds=5), MADRID) == "2026-11-17T14:00:05+01:00"
    exactly = moment + timedelta(microseconds=1)
    assert asked(link_form(exactly, MADRID), NEW_YORK).moment == exactly


def test_a_day_earlier_is_the_same_time_on_the_clock_also_when_the_clocks_changed() -> None:
    after = datetime(2026, 3, 29, 12, tzinfo=MADRID)
    assert days_before(after, 1, MADRID).isoformat() == "2026-03-28T12:00:00+01:00"
    assert days_before(after, -7, MADRID).isoformat() == "2026-04-05T12:00:00+02:00"
