"""Why the deals of a person fell, beside why the team's did: in words, as bars, as a table, and a question to ask."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from lifecycle.reasons import NOT_RECORDED, Group, Reason
from lifecycle.reports.collapses import FEW
from lifecycle.reports.fallen import Fallen

from ...board.mix import grouped
from ..chart import Axis, Bars, Meaning, Series, Value, percent
from ..collapses_cell import group_of
from ..collapses_figures import rate_words
from .asking import Asking
from .counted import Cell, Counted

#: What a talk can ask when several deals fell for the same; a suggestion, no finding.
_ASK: dict[Group, Callable[[], str]] = {
    Group.FINANCING: lambda: gettext("Was the pre-approval checked before the offer?"),
    Group.PROPERTY_CONDITION: lambda: gettext("Were likely repairs talked about before the offer?"),
    Group.VALUATION: lambda: gettext("Were comparable sales looked at before the price was agreed?"),
    Group.TITLE_LEGAL: lambda: gettext("Were title and disclosures asked for early enough?"),
    Group.CONTINGENCY: lambda: gettext("Was it clear at the signing how far the sale of their own home was?"),
    Group.CLIENT_CHOICE: lambda: gettext("What did the client want when they signed, and what changed since?"),
    Group.COUNTERPARTY: lambda: gettext("What did we know about the other side before the offer?"),
    Group.TIMING: lambda: gettext("Was the timeline agreed with the client before they signed?"),
    Group.OTHER: lambda: gettext("What was behind “Other”? Is there a reason in the list that says it?"),
}
#: A question needs so many deals behind it.
_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class Share:
    """A group of reasons; ``team`` None where the team is nobody's business."""

    name: str
    mine: Cell
    team: Cell | None


@dataclass(frozen=True, slots=True)
class Mix:
    """``sentence``: the mix in words. ``ask``: a question that follows from it, ``""`` where none does."""

    sentence: str
    ask: str
    shares: list[Share]
    chart: Bars


def read_mix(counted: Counted, asking: Asking) -> Mix | None:
    """None where nothing of this person fell through. No query."""
    book = asking.desk.reasons
    mine = _by_group(counted.now.fell, book)
    if not mine:
        return None
    team = _by_group(counted.team.fell, book) if counted.team else None
    groups = [group for group in Group if mine[group] or (team and team[group])]
    leads = _most_frequent(mine)
    return Mix(
        sentence=_sentence(leads, mine, team),
        ask=_question(leads, counted.now.fell),
        shares=[_share(group, mine, team, asking) for group in groups],
        chart=_chart(groups, mine, team, asking),
    )


def _by_group(fell: Iterable[Fallen], book: Mapping[str, Reason]) -> Counter[Group]:
    return Counter(group_of(one.reason, book) for one in fell)


def _most_frequent(mine: Counter[Group]) -> Group | None:
    """The one group behind most of several deals; None where it is one deal, or two groups are as frequent."""
    ranked = mine.most_common(2)
    group, count = ranked[0]
    rival = ranked[1][1] if len(ranked) > 1 else 0
    return group if count >= _SEVERAL and count > rival else None


def _sentence(leads: Group | None, mine: Counter[Group], team: Counter[Group] | None) -> str:
    """``Financing is behind 3 of 4; in the team behind 5 of 21 (24%).``"""
    if leads is None:
        if mine.total() == 1:
            return gettext("One deal is no pattern.")
        return gettext("No group of reasons stands out.")
    said = {"group": leads.label, "mine": _of(mine[leads], mine.total())}
    if team is None:
        return gettext("%(group)s is behind %(mine)s.") % said
    if not team:
        return gettext("%(group)s is behind %(mine)s; in the team nothing fell back.") % said
    if not team[leads]:
        said["all"] = grouped(team.total())
        return gettext("%(group)s is behind %(mine)s; in the team behind none of %(all)s.") % said
    said["team"] = _of(team[leads], team.total())
    return gettext("%(group)s is behind %(mine)s; in the team behind %(team)s.") % said


def _of(part: int, whole: int) -> str:
    """``3 of 4``, ``5 of 21 (24%)``."""
    said = {"part": grouped(part), "whole": grouped(whole)}
    if whole < FEW:
        return gettext("%(part)s of %(whole)s") % said
    return gettext("%(part)s of %(whole)s (%(share)s)") % {**said, "share": rate_words(part, whole)}


def _question(leads: Group | None, fell: list[Fallen]) -> str:
    if leads is None:
        return ""
    # What another system kept no reason for is nobody's to explain.
    unknown = sum(one.reason == NOT_RECORDED for one in fell)
    if leads is Group.OTHER and unknown:
        return ""
    return _ASK[leads]()


def _share(group: Group, mine: Counter[Group], team: Counter[Group] | None, asking: Asking) -> Share:
    url = asking.link("report-collapses-facts", group=group.value) if mine[group] else ""
    of_team = None if team is None else _cell(team[group], team.total())
    return Share(group.label, _cell(mine[group], mine.total(), url), of_team)


def _cell(part: int, whole: int, url: str = "") -> Cell:
    """The count, and beside it the share where there are enough to tell one."""
    return Cell(grouped(part), rate_words(part, whole) if whole >= FEW else "", url)


def _chart(groups: list[Group], mine: Counter[Group], team: Counter[Group] | None, asking: Asking) -> Bars:
    """Shares beside the team's; counts of the person alone where a share of either would say nothing."""
    names = [group.label for group in groups]
    who = asking.person.display_name
    if team is None or team.total() < FEW or mine.total() < FEW:
        drawn = [group for group in groups if mine[group]]
        values = [Value(mine[g], grouped(mine[g]), url=_url(g, asking)) for g in drawn]
        caption = gettext("Why the deals fell back, by group of reasons")
        axis = Axis.counts(pgettext("axis of a chart", "deals"), max(mine.values()))
        return Bars(id="mix", caption=caption, names=[g.label for g in drawn], series=[Series(who, values)], axis=axis)
    top = max(max(mine.values()) / mine.total(), max(team.values()) / team.total())
    return Bars(
        id="mix",
        caption=gettext("Why the deals fell back: shares of the groups of reasons, beside the team's"),
        names=names,
        series=[
            Series(who, [_part(mine[g], mine.total(), _url(g, asking)) for g in groups]),
            Series(
                pgettext("everybody else", "The team"), [_part(team[g], team.total()) for g in groups], Meaning.MUTED
            ),
        ],
        axis=Axis.shares(pgettext("axis of a chart", "share of the deals that fell back"), top),
    )


def _url(group: Group, asking: Asking) -> str:
    return asking.link("report-collapses-facts", group=group.value)


def _part(part: int, whole: int, url: str = "") -> Value:
    return Value(part / whole, percent(part / whole), more=_of(part, whole), url=url if part else "")


def _team() -> str:
    return pgettext("everybody else", "The team")
