"""The drawings of the report of collapses: why, quarter by quarter, before and from contract; and with whom.

Each is made of the numbers of the table that stands below it.
"""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from lifecycle.reasons import Group

from .chart import Axis, Bars, Meaning, Series, Value
from .collapses_cell import COLLAPSED, VOIDED
from .collapses_figures import KINDS, Line, Number
from .collapses_groups import GroupTable

#: A group looks the same in all drawings, whichever of them occur; those that occur most are easily told apart.
_LOOKS = {
    Group.FINANCING: Meaning.ACCENT,
    Group.PROPERTY_CONDITION: Meaning.BACK,
    Group.VALUATION: Meaning.GOOD,
    Group.TITLE_LEGAL: Meaning.VOIDED,
    Group.CONTINGENCY: Meaning.BAD,
    Group.CLIENT_CHOICE: Meaning.AGAIN,
    Group.COUNTERPARTY: Meaning.WARN,
    Group.TIMING: Meaning.PLAIN,
    Group.OTHER: Meaning.MUTED,
}


def by_quarter(table: GroupTable) -> list[Bars]:
    """Two drawings to the same measure: why deals fell back before contract, and why from contract."""
    top = max((line.total.size for lines in table.kinds.values() for line in lines), default=0)
    captions = {
        COLLAPSED: gettext("Why deals fell back before contract, quarter by quarter"),
        VOIDED: gettext("Why deals fell back from contract, quarter by quarter"),
    }
    return [
        Bars(
            id=f"why-{kind.replace('_', '-')}",
            caption=captions[kind],
            names=[line.quarter for line in lines],
            series=[
                Series(group.label, [_value(line.numbers[n]) for line in lines], _LOOKS[group])
                for n, group in enumerate(table.groups)
            ],
            axis=Axis.counts(pgettext("axis of a chart", "Deals that fell back"), top),
            upright=True,
            stacked=True,
            totals=[line.total.text for line in lines],
        )
        for kind, lines in table.kinds.items()
        if any(line.total.size for line in lines)
    ]


def by_person(people: Sequence[Line]) -> Bars:
    """How many with whom, by name."""
    counts = [[counts.count for counts in line.kinds] for line in people]
    names = (pgettext("so many deals", "before contract"), pgettext("so many deals", "from contract"))
    return Bars(
        id="by-person",
        caption=gettext("Deals that fell back, agent by agent"),
        names=[line.name for line in people],
        series=[
            Series(names[n], [_value(both[n]) for both in counts], look)
            for n, look in zip(range(len(KINDS)), (Meaning.BACK, Meaning.VOIDED), strict=True)
        ],
        axis=Axis.counts(
            pgettext("axis of a chart", "Deals that fell back"), max((_sum(both) for both in counts), default=0)
        ),
        stacked=True,
        totals=[" + ".join(number.text for number in both) for both in counts],
    )


def _sum(numbers: Sequence[Number]) -> float:
    return sum(number.size for number in numbers)


def _value(number: Number) -> Value:
    url = reverse("report-collapses-facts") + number.query if number.query else ""
    return Value(number.size, number.text if number.size else "", url=url)
