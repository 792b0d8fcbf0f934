"""The pictures of the funnel page."""

from django.utils.translation import gettext, pgettext

from lifecycle.reports.pipeline import PIPELINE
from lifecycle.states import State

from ..board.mix import grouped
from .chart import Axis, Bars, Chart, Funnel, Meaning, Series, Step, Value, percent
from .funnel import FunnelPage, quarter_name
from .shares import share

#: More columns would say less.
_SHOWN = {State.QUALIFIED: Meaning.ACCENT, State.COMMITTED: Meaning.AGAIN, State.CLOSED: Meaning.GOOD}


def steps(page: FunnelPage) -> Chart:
    """From all that came in to the closed ones; beside each stage those who did not come so far."""
    sizes = [page.whole.reached(stage) for stage in PIPELINE]
    drawn = []
    for n, (step, stage) in enumerate(zip(page.steps, PIPELINE, strict=bool(page.steps))):
        lost = sizes[n - 1] - sizes[n] if n else 0
        drawn.append(
            Step(
                name=stage.label,
                size=sizes[n],
                lost=lost,
                label=f"{grouped(sizes[n])} · {share(sizes[n], page.whole.leads)}",
                lost_label=f"\N{MINUS SIGN}{grouped(lost)}" if lost else "",
                more=page.steps[n - 1].onward if n else "",
                url=step.reached.url,
            )
        )
    return Funnel(id="funnel-chart", caption=gettext("How many leads reached each stage"), steps=drawn)


def by_quarter(page: FunnelPage) -> Chart:
    """The share of each quarter's leads that got so far, side by side; none where a quarter has too few."""
    series, top = [], 0.01
    for stage, meaning in _SHOWN.items():
        values = []
        for cohort, row in zip(page.cohorts, page.rows, strict=True):
            part, number = cohort.share(stage), row.reached[PIPELINE.index(stage)]
            top = max(top, part or 0)
            label = "" if part is None else percent(part)
            values.append(Value(part, label, _more(cohort.reached(stage), cohort.leads), number.url))
        series.append(Series(stage.label, values, meaning))
    return Bars(
        id="cohorts-chart",
        caption=gettext("Share of each quarter’s leads that reached a stage"),
        names=[quarter_name(c.period) for c in page.cohorts if c.period],
        series=series,
        axis=Axis.shares(pgettext("axis of a chart", "Share of leads"), top),
        upright=True,
    )


def _more(part: int, whole: int) -> str:
    return gettext("%(part)s of %(whole)s leads") % {"part": grouped(part), "whole": grouped(whole)}
