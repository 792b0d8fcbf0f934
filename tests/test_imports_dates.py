"""Dates of other systems: every way to write one, read to the instant or refused with a sentence."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.imports.date_patterns import EXCEL, ISO, UNIX, UNIX_MILLIS
from leads.imports.dates import DAY_FIRST, FORMATS, MONTH_FIRST, fits, moment_reader, shown
from leads.imports.wall_clock import wall_clock

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
EARLY, LATE = datetime.fromisoformat("1900-01-01"), datetime.fromisoformat("2026-01-01")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def read(name: str, text: str, zone: ZoneInfo = LOS_ANGELES) -> tuple[str, bool]:
    """The instant as people write it in UTC, and whether it is guessed."""
    moment, guessed = moment_reader([name], zone, now=NOW)(text)
    assert moment is not None
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}", guessed


def refusal(*names: str, text: str) -> str:
    with pytest.raises(ValueError) as refused:
        moment_reader(names, LOS_ANGELES, now=NOW)(text)
    return str(refused.value)


# --- ways to write a moment ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "utc"),
    [
        ("dd/mm/yyyy hh:mm", "01/10/2011 00:38", "2011-10-01 07:38:00"),
        ("dd/mm/yyyy hh:mm:ss", "1/10/2011 0:38:09", "2011-10-01 07:38:09"),
        ("mm/dd/yyyy hh:mm", "10/01/2011 00:38", "2011-10-01 07:38:00"),
        ("mm/dd/yyyy h:mm am", "3/15/2024 2:30 PM", "2024-03-15 21:30:00"),
        ("mm/dd/yyyy h:mm am", "3/15/2024, 12:05 a.m.", "2024-03-15 07:05:00"),
        ("mm/dd/yyyy h:mm:ss am", "3/15/2024 12:05:06\u202fPM", "2024-03-15 19:05:06"),
        ("mm/dd/yy h:mm am", "3/15/24 2:30pm", "2024-03-15 21:30:00"),
        ("dd.mm.yyyy hh:mm", "15.03.2024 14:30", "2024-03-15 21:30:00"),
        ("dd-mm-yyyy hh:mm", "15-03-2024 14:30", "2024-03-15 21:30:00"),
        ("yyyy/mm/dd hh:mm:ss", "2024/03/15 14:30:01", "2024-03-15 21:30:01"),
        ("yyyy-mm-dd hh:mm", "2024-03-12 09:14", "2024-03-12 16:14:00"),
        ("yyyy-mm-dd hh:mm:ss.fff", "2024-03-12 09:14:01.987", "2024-03-12 16:14:01"),
        ("dd mon, yyyy hh:mm:ss", "15 Apr, 2021 00:03:00", "2021-04-15 07:03:00"),
        ("dd mon, yyyy hh:mm", "Thu, 15-April-2021 00:03", "2021-04-15 07:03:00"),
        ("mon dd, yyyy h:mm am", "Apr 15, 2021 12:03 AM", "2021-04-15 07:03:00"),
        ("mon dd, yyyy h:mm am", "SEPT 1st 2021, 1:03 pm", "2021-09-01 20:03:00"),
        (ISO, "2024-03-12T09:14:00Z", "2024-03-12 09:14:00"),
        (ISO, "2024-03-12T09:14:00.000+0000", "2024-03-12 09:14:00"),
        (ISO, "2024-03-12 09:14:00 UTC", "2024-03-12 09:14:00"),
        (ISO, "2024-03-12T09:14+05:30", "2024-03-12 03:44:00"),
        (ISO, "2024-03-12t09:14", "2024-03-12 16:14:00"),
        ("dd/mm/yyyy hh:mm", "01/10/2011 00:38 +02:00", "2011-09-30 22:38:00"),
        (UNIX, "1710234840", "2024-03-12 09:14:00"),
        (UNIX_MILLIS, "1710234840999", "2024-03-12 09:14:00"),
        (EXCEL, "45363.5", "2024-03-12 19:00:00"),
    ],
)
def test_a_moment_is_read_to_the_second(name: str, text: str, utc: str) -> None:
    assert read(name, text) == (utc, False)
    assert read(name, f"  {text}\t") == (utc, False)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("mm/dd/yyyy", "3/15/2024"),
        ("dd.mm.yyyy", "15.3.2024"),
        ("mon dd, yyyy", "March 15, 2024"),
        (ISO, "2024-03-15"),
        (EXCEL, "45366"),
    ],
)
def test_a_day_without_a_time_is_its_beginning_and_a_guess(name: str, text: str) -> None:
    assert read(name, text) == ("2024-03-15 07:00:00", True)


@pytest.mark.parametrize(
    "cell",
    ["", "  ", "0000-00-00", "0000-00-00 00:00:00", "0000-00-00 00:00", "00/00/0000", "0000-00-00T00:00:00.000Z"],
)
def test_an_empty_cell_is_no_date(cell: str) -> None:
    assert moment_reader(["iso"], AMSTERDAM, now=NOW)(cell) == (None, False)


def test_of_two_ways_in_one_column_each_cell_takes_the_one_that_fits() -> None:
    """A contact export of HubSpot mixes them."""
    either = moment_reader(["yyyy-mm-dd hh:mm", "mm/dd/yyyy h:mm am"], LOS_ANGELES, now=NOW)
    assert either("2024-03-12 09:14")[0] == datetime(2024, 3, 12, 16, 14, tzinfo=UTC)
    assert either("3/15/2024 2:30 PM")[0] == datetime(2024, 3, 15, 21, 30, tzinfo=UTC)


def test_the_first_way_that_fits_counts() -> None:
    assert moment_reader(["mm/dd/yyyy", "dd/mm/yyyy"], AMSTERDAM, now=NOW)("03/04/2024") == (
        datetime(2024, 3, 3, 23, tzinfo=UTC),
        True,
    )
    assert moment_reader(["mm/dd/yyyy", "dd/mm/yyyy"], AMSTERDAM, now=NOW)("13/04/2024") == (
        datetime(2024, 4, 12, 22, tzinfo=UTC),
        True,
    )


def test_a_year_of_two_figures_is_never_ahead() -> None:
    assert read("mm/dd/yy", "3/15/24", AMSTERDAM) == ("2024-03-14 23:00:00", True)
    assert read("dd/mm/yy", "15/03/99", AMSTERDAM) == ("1999-03-14 23:00:00", True)


# --- clocks that jump ---------------------------------------------------------------------------------------


def test_of_an_hour_that_occurs_twice_the_first_counts_and_is_a_guess() -> None:
    assert read("dd/mm/yyyy hh:mm", "30/10/2011 02:30", AMSTERDAM) == ("2011-10-30 00:30:00", True)
    assert read("dd/mm/yyyy hh:mm", "30/10/2011 01:59", AMSTERDAM) == ("2011-10-29 23:59:00", False)
    assert read("dd/mm/yyyy hh:mm", "30/10/2011 03:00", AMSTERDAM) == ("2011-10-30 02:00:00", False)


def test_an_offset_says_which_of_the_two_hours_it_was() -> None:
    assert read(ISO, "2011-10-30T02:30+01:00", AMSTERDAM) == ("2011-10-30 01:30:00", False)


def test_a_time_that_never_was_lands_behind_the_jump() -> None:
    assert read("dd/mm/yyyy hh:mm", "27/03/2011 02:30", AMSTERDAM) == ("2011-03-27 01:30:00", True)
    assert read("dd/mm/yyyy hh:mm", "27/03/2011 03:30", AMSTERDAM) == ("2011-03-27 01:30:00", False)


def test_a_day_whose_midnight_never_was_begins_behind_the_jump() -> None:
    assert read(ISO, "2017-10-15", SAO_PAULO) == ("2017-10-15 03:00:00", True)


@given(st.datetimes(EARLY, LATE), st.sampled_from([AMSTERDAM, LOS_ANGELES, SAO_PAULO]))
def test_every_time_on_the_wall_is_what_the_zone_says(wall: datetime, zone: ZoneInfo) -> None:
    micros = (wall - datetime.combine(wall.date(), datetime.min.time())) // timedelta(microseconds=1)
    moment, guessed = wall_clock(zone)(wall.year, wall.month, wall.day, micros)
    first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    assert (moment, guessed) == (first, first != second)


# --- what is refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dd/mm/yyyy", "31/02/2011"),
        ("mm/dd/yyyy", "13/01/2011"),
        ("dd/mm/yyyy hh:mm", "01/10/2011 24:00"),
        ("dd/mm/yyyy hh:mm", "01/10/2011 9:5"),
        ("mm/dd/yyyy h:mm am", "3/15/2024 13:30 PM"),
        ("mm/dd/yyyy h:mm am", "3/15/2024 0:30 AM"),
        ("dd mon, yyyy", "15 Avril, 2021"),
        ("dd mon, yyyy", "15 Mai, 2021"),
        (ISO, "2024-W11-2"),
        (ISO, "2024-03-12T09:14:00+99:00"),
        (ISO, "0000-01-01 00:00:00"),
        (ISO, "٢٠٢٤-٠٣-١٢"),
        (UNIX, "17102348401"),
        (EXCEL, "3"),
        ("yyyy-mm-dd", "2024-03-12 and more"),
    ],
)
def test_what_is_no_such_date_is_refused_with_the_form_that_was_chosen(name: str, text: str) -> None:
    assert refusal(name, text=text) == f"“{text}” is not a date of the form “{shown(name)}”."


def test_a_date_ahead_or_long_before_is_refused() -> None:
    assert refusal(ISO, text="2026-11-27") == "“2026-11-27” is still to come."
    assert refusal(ISO, text="9999-12-31T23:59:59-12:00") == "“9999-12-31T23:59:59-12:00” is still to come."
    assert refusal(ISO, text="1899-12-30") == "“1899-12-30” is before the year 1900."
    assert refusal(ISO, text="0001-01-01") == "“0001-01-01” is before the year 1900."


@given(st.text(max_size=40), st.sampled_from(FORMATS))
def test_whatever_stands_in_a_cell_is_read_or_refused(text: str, name: str) -> None:
    try:
        moment_reader([name], AMSTERDAM, now=NOW)(text)
    except ValueError as refused:
        assert "“" in str(refused)


# --- the list that a person chooses from --------------------------------------------------------------------

_TIMES = {
    "hh:mm:ss.fff": "%H:%M:%S.%f",
    "hh:mm:ss": "%H:%M:%S",
    "h:mm:ss am": "%I:%M:%S %p",
    "hh:mm": "%H:%M",
    "h:mm am": "%I:%M %p",
}
_DAYS = {"yyyy": "%Y", "yy": "%y", "mon": "%b", "mm": "%m", "dd": "%d"}


def in_words_of_python(name: str) -> str:
    """The format of `strftime` for one of ours."""
    time = next((t for t in _TIMES if name.endswith(f" {t}")), "")
    day = name.removesuffix(f" {time}") if time else name
    for ours, theirs in _DAYS.items():
        day = day.replace(ours, theirs)
    return f"{day} {_TIMES[time]}" if time else day


@pytest.mark.parametrize("name", [f for f in FORMATS if f not in (ISO, UNIX, UNIX_MILLIS, EXCEL)])
def test_each_way_reads_what_python_writes_in_it(name: str) -> None:
    wall = datetime.fromisoformat("2019-08-23 17:45:50.250000")
    written = wall.strftime(in_words_of_python(name))
    moment, _ = moment_reader([name], UTC, now=NOW)(written)
    assert moment == datetime.strptime(written, in_words_of_python(name)).replace(tzinfo=UTC)
    assert fits(name, written)


def test_the_order_of_day_and_month_is_known_of_each_way() -> None:
    day = date(2019, 8, 23)
    for name in FORMATS[1:-3]:
        python = in_words_of_python(name).split(" %H")[0].split(" %I")[0]
        numbers = "%m" in python and not python.startswith(("%Y", "%d."))
        assert (name in MONTH_FIRST or name in DAY_FIRST) == numbers, name
        assert not (name in MONTH_FIRST and name in DAY_FIRST)
        assert day.strftime(python).startswith("08") == (name in MONTH_FIRST)
