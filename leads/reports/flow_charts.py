"""The pictures of the flow page."""

from django.utils.translation import gettext, pgettext

from lifecycle.states import State

from ..board.mix import grouped
from .chart import Axis, Bars, Chart, Link, Meaning, Node, Series, Value
from .chart import Flow as Sankey
from .flow import FlowPage, start_words

_WEEKLY = {
    State.NEW: Meaning.PLAIN,
    State.QUALIFIED: Meaning.ACCENT,
    State.COMMITTED: Meaning.AGAIN,
    State.IN_CONTRACT: Meaning.WARN,
    State.CLOSED: Meaning.GOOD,
}


def weekly(page: FlowPage) -> Chart:
    """What came into the stages, and what fell back, on one another in each week."""
    columns = {_called(stage): (list(State).index(stage), meaning) for stage, meaning in _WEEKLY.items()}
    columns[gettext("Fell back")] = (len(State), Meaning.BACK)
    back = page.flow.fell_back()
    fresh = page.flow.entries()
    fell = [sum(n for (name, _), n in back.items() if name == week.name) for week in page.flow.weeks]
    series = []
    for name, (column, meaning) in columns.items():
        values = []
        for row, week, fallen in zip(page.weeks, page.flow.weeks, fell, strict=True):
            number = row.numbers[column]
            n, url = number.n, number.url
            if meaning is Meaning.ACCENT:
                # What fell back came into Qualified too, and is drawn once.
                n, url = fresh[(week.name, State.QUALIFIED.value)] - fallen, f"{url}&fell=0"
            values.append(Value(n, "", f"{row.label}: {name} {grouped(n)}", url))
        series.append(Series(name, values, meaning))
    top = max((sum(s.values[k].size or 0 for s in series) for k in range(len(page.weeks))), default=1)
    return Bars(
        id="weekly-chart",
        caption=gettext("What moved, week by week"),
        names=[_name(row.label, row.going_on) for row in page.weeks],
        series=series,
        axis=Axis.counts(pgettext("axis of a chart", "Moves"), max(top, 1)),
        stacked=True,
        upright=True,
    )


def _called(stage: State) -> str:
    if stage is State.QUALIFIED:
        return gettext("%(stage)s, not fallen back") % {"stage": stage.label}
    return stage.label


def _name(label: str, going_on: bool) -> str:
    return gettext("%(week)s, not over") % {"week": label} if going_on else label


def where_to(page: FlowPage) -> Chart:
    """From every stage to the next one, as wide as there were many."""
    found = {pair: number for pair, number in page.matrix.numbers.items() if number.n}
    fell_back = {(m.start, m.end) for m in page.flow.moves if m.fell_back}
    nodes = [Node(f"from-{a}", start_words(a), 0) for a in dict.fromkeys(a for a, _ in found)]
    nodes += [Node(f"to-{b}", start_words(b), 1) for b in dict.fromkeys(b for _, b in found)]
    links = [
        Link(f"from-{a}", f"to-{b}", number.n, _meaning(b, (a, b) in fell_back), _more(a, b, number.n), number.url)
        for (a, b), number in found.items()
    ]
    return Sankey(id="where-chart", caption=gettext("From where to where"), nodes=nodes, links=links)


def _more(start: str, end: str, n: int) -> str:
    return f"{start_words(start)} → {start_words(end)}: {grouped(n)}"


def _meaning(end: str, fell_back: bool) -> Meaning:
    if fell_back:
        return Meaning.BACK
    if end in (State.ARCHIVED, State.TRASHED):
        return Meaning.MUTED
    return Meaning.GOOD if end == State.CLOSED else Meaning.PLAIN
