"""Charts of the reports: what the page gets, before anything is drawn."""

import json
import re
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.template.loader import render_to_string

from leads.reports.chart import (
    MOST_ROWS,
    Axis,
    Bars,
    Chart,
    Curve,
    Curves,
    Flow,
    Funnel,
    Lines,
    Link,
    Meaning,
    Node,
    Range,
    Ranges,
    Series,
    Value,
)
from tests.chart_samples import HOSTILE, by_agent, charts, flow, mix, stays, still_there

HOUR, DAY = 3_600, 86_400
NONE = Axis.counts("Leads", 0)


def figure(chart: Chart) -> str:
    return render_to_string("reports/chart.html", {"chart": chart})


def read(chart: Chart) -> dict[str, Any]:
    """The JSON as the script gets it: out of the attribute, entities resolved."""
    attribute = re.search(r'data-chart="([^"]*)"', figure(chart))
    assert attribute
    drawn: dict[str, Any] = json.loads(unescape(attribute[1]))
    return drawn


@pytest.mark.parametrize("chart", charts(), ids=lambda chart: chart.id)
def test_every_kind_arrives_at_the_script_as_it_left(chart: Chart) -> None:
    assert read(chart) == json.loads(chart.as_json())
    assert read(chart)["kind"] == chart.shape


def test_a_name_cannot_leave_its_attribute() -> None:
    assert HOSTILE in read(by_agent())["names"]
    page = figure(by_agent())
    assert "<script" not in page
    named = Bars(id="x", caption=HOSTILE, names=["a"], series=[Series(HOSTILE, [Value(1)])], axis=NONE)
    assert "<script" not in figure(named)


def test_the_drawing_is_one_picture_named_by_its_caption() -> None:
    page = figure(stays())
    assert 'role="img" aria-labelledby="stays-caption stays-below"' in page
    assert "How long leads stay in a stage" in page
    assert "The same figures stand in the table below." in page
    assert "style=" not in page


def test_what_says_nothing_is_left_out_and_nought_is_not() -> None:
    bars = Bars(id="x", caption="", names=["a", "b"], series=[Series("s", [Value(0, "0"), Value(None)])], axis=NONE)
    drawn = read(bars)
    assert drawn["series"] == [
        {"name": "s", "meaning": "accent", "values": [{"size": 0, "label": "0"}, {"size": None}]},
    ]
    assert not {"stacked", "mark"} & set(drawn)


def test_a_place_that_is_not_reached_is_no_nought() -> None:
    assert read(stays())["rows"][3]["ends"] == [18 * DAY, 39 * DAY, None]


def test_ticks_of_an_open_lead_lie_on_the_curve() -> None:
    curve = Curve("all", [(0, 1.0, ""), (5, 0.5, ""), (9, 0.25, "")], [0, 4.9, 5, 20])
    assert [curve.at(place) for place in curve.open] == [1.0, 1.0, 0.5, 0.25]
    assert read(still_there())["curves"][0]["open"][0] == [20 * DAY, still_there().curves[0].at(20 * DAY)]


def test_averages_of_a_database_are_numbers() -> None:
    ranges = Ranges(id="x", caption="", ranges=[Range("New", Decimal("1.5"), None, None)], axis=NONE)  # type: ignore[arg-type]
    assert read(ranges)["rows"][0]["ends"] == [1.5, None, None]


def test_more_rows_than_can_be_looked_over_are_left_to_the_table() -> None:
    names = [f"Agent {n}" for n in range(57)]
    bars = Bars(id="x", caption="", names=names, series=[Series("s", [Value(n) for n in range(57)])], axis=NONE)
    assert read(bars)["names"] == names[:MOST_ROWS]
    assert len(read(bars)["series"][0]["values"]) == MOST_ROWS
    assert "The first 40 of 57 are drawn." in figure(bars)
    weeks = Bars(id="x", caption="", names=names, series=bars.series, axis=NONE, upright=True)
    assert len(read(weeks)["names"]) == 57
    assert not weeks.left_out


@pytest.mark.parametrize(
    "chart",
    [
        Bars(id="x", caption="", names=[], series=[Series("s", [])], axis=NONE),
        Lines(id="x", caption="", names=["a"], series=[], axis=NONE),
        Lines(id="x", caption="", names=["a"], series=[Series("s", [Value(None)])], axis=NONE),
        Ranges(id="x", caption="", ranges=[], axis=NONE),
        Funnel(id="x", caption="", steps=[]),
        Flow(id="x", caption="", nodes=[Node("a", "A", 0)], links=[]),
        Curves(id="x", caption="", curves=[Curve("c", [])], across=NONE, axis=NONE),
    ],
    ids=lambda chart: chart.shape,
)
def test_nothing_to_draw_is_no_figure(chart: Chart) -> None:
    assert chart.is_empty
    assert "<figure" not in figure(chart)


def test_series_that_would_look_alike_are_refused() -> None:
    alike = [Series("a", [Value(1)], Meaning.FRESH), Series("b", [Value(1)], Meaning.ACCENT)]
    with pytest.raises(ValueError, match="alike"):
        Bars(id="x", caption="", names=["n"], series=alike, axis=NONE)


def test_a_series_has_a_value_for_every_name() -> None:
    with pytest.raises(ValueError, match="one value a name"):
        Lines(id="x", caption="", names=["a", "b"], series=[Series("s", [Value(1)])], axis=NONE)


def test_a_flow_never_leads_back_to_where_it_came_from() -> None:
    """The drawing library would refuse the circle Qualified → Committed → Qualified on the reader's screen."""
    nodes = [Node("q", "Qualified", 0), Node("c", "Committed", 1)]
    links = [Link("q", "c", 3), Link("c", "q", 1)]
    with pytest.raises(ValueError, match="later columns"):
        Flow(id="x", caption="", nodes=nodes, links=links)


def test_the_legend_explains_what_is_more_than_one() -> None:
    assert [name for _, name in mix().keys] == [series.name for series in mix().series]
    assert flow().keys == []


@pytest.mark.parametrize(
    ("top", "words"),
    [
        (0, ["0", "1"]),
        (1, ["0", "1"]),
        (7, ["0", "2", "4", "6", "8"]),
        (50, ["0", "10", "20", "30", "40", "50"]),
        (1_384, ["0", "500", "1\u202f000", "1\u202f500"]),
    ],
)
def test_an_axis_of_counts_has_few_round_ticks(top: int, words: list[str]) -> None:
    axis = Axis.counts("Leads", top)
    assert [text for _, text in axis.ticks] == words
    assert axis.end >= top


@pytest.mark.parametrize(
    ("top", "last"),
    [
        (0, "1 min"),
        (200, "4 min"),
        (20 * 60, "20 min"),
        (20 * HOUR, "24 h"),
        (9 * DAY, "10 d"),
        (5_000 * DAY, "5000 d"),
    ],
)
def test_an_axis_of_times_speaks_in_the_unit_that_fits(top: int, last: str) -> None:
    axis = Axis.spans("Time", top)
    assert axis.ticks[-1][1] == last
    assert axis.end >= top
    assert 2 <= len(axis.ticks) <= 6


def test_an_axis_of_shares_ends_where_it_must() -> None:
    assert [text for _, text in Axis.shares("Share").ticks] == ["0%", "20%", "40%", "60%", "80%", "100%"]
    assert Axis.shares("Share", 0.03).end == 0.03


@pytest.mark.parametrize("chart", charts(), ids=lambda chart: chart.id)
def test_the_stylesheet_knows_every_height_and_every_meaning(chart: Chart) -> None:
    from django.conf import settings

    styles = (settings.BASE_DIR / "static/css/charts.css").read_text()
    if chart.rows:
        assert f".chart-rows-{chart.rows} " in styles
    for meaning in [*(meaning for meaning, _ in chart.keys), *Meaning]:
        assert f".chart-is-{meaning}" in styles
