"""What a chart of a report shows, in a small JSON of our own that `static/js/charts.js` draws.

Nothing of the drawing library is named here. A page makes one of the charts below (`Bars`, `Lines`, `Ranges`,
`Funnel`, `Flow`, `Curves`) and hands it to the template ``reports/chart.html`` as ``chart``; the table with the same
figures follows it there. Every text is ready to be read: translated, numbers grouped, units named.

The JSON, whose empty parts are left out::

    kind      bars (lying), columns (upright), lines, areas, ranges, funnel, flow, curves
    names     what the rows, columns or points are called, in their order
    series    [{name, meaning, values: [value]}], one value a name
    value     {size, label, more, url}: how long; what stands beside it; what the tooltip says; the facts behind it
    stacked   the series lie on one another instead of side by side
    totals    a text at the end of each stack
    axis      {name, ticks: [[at, label]]}: evenly spaced from 0 to the end of the axis
    mark      [at, label]: a dashed line across, such as a promise or the team's median
    rows      of ranges: [{name, ends: [median, p75, p90], label, more, url}], an end not reached is null;
              of a funnel: [{name, size, lost, label, lost_label, more, url}]
    nodes     of a flow: [{key, name, column, meaning, more}], links: [{from, to, size, meaning, more, url}]
    curves    [{name, meaning, points: [[x, y, more]], open: [[x, y]]}] on `across`, an axis as above, and `axis`
"""

from .axis import Axis, percent
from .base import MOST_ROWS, Chart, Mark, Meaning
from .series import Bars, Lines, Series, Value
from .stages import Curve, Curves, Flow, Funnel, Link, Node, Range, Ranges, Step

__all__ = [
    "MOST_ROWS",
    "Axis",
    "Bars",
    "Chart",
    "Curve",
    "Curves",
    "Flow",
    "Funnel",
    "Lines",
    "Link",
    "Mark",
    "Meaning",
    "Node",
    "Range",
    "Ranges",
    "Series",
    "Step",
    "Value",
    "percent",
]
