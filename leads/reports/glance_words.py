"""What to look at first, in sentences; and the small words of the dashboard's figures."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.reasons import Group
from lifecycle.reports.attention import Concern, Finding
from lifecycle.reports.scope import Whose
from lifecycle.states import State

from .. import moments
from ..board.mix import grouped
from ..lead_page.desk import Desk
from .asked import Asked
from .chart import percent
from .glance import Days, Glance
from .glance_links import Links

#: Below this a percentage says less than the numbers themselves.
FEW = 5


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of what to look at first. ``look``: ``bad`` where a promise is broken, ``warn`` where a habit slips."""

    words: str
    url: str
    icon: str
    look: str


_LOOKS = {
    Concern.OVERDUE: ("timer", "bad"),
    Concern.LEFT: ("user-plus", "bad"),
    Concern.ANSWERS_FELL: ("phone-missed", "bad"),
    Concern.FELL_BACK: ("undo-2", "warn"),
    Concern.STALE: ("hourglass", "warn"),
    Concern.OTHER_REASONS: ("circle-question-mark", "plain"),
}


def sentences(glance: Glance, asked: Asked, desk: Desk, links: Links) -> list[Sentence]:
    """The findings in words, each with the way to what it speaks of."""
    say = _Say(glance, asked, desk, links)
    return [
        Sentence(*say.told(finding), icon=_LOOKS[finding.concern][0], look=_LOOKS[finding.concern][1])
        for finding in glance.findings
    ]


class _Say:
    """``own``: an agent reads of own leads, in the second person."""

    def __init__(self, glance: Glance, asked: Asked, desk: Desk, links: Links) -> None:
        self.glance, self.asked, self.desk, self.links = glance, asked, desk, links
        self.own = not desk.viewer.is_broker
        self.rules: dict[Concern, Callable[[Finding], tuple[str, str]]] = {
            Concern.OVERDUE: self._overdue,
            Concern.LEFT: self._left,
            Concern.ANSWERS_FELL: self._answers_fell,
            Concern.FELL_BACK: self._fell_back,
            Concern.STALE: self._stale,
            Concern.OTHER_REASONS: self._other_reasons,
        }

    def told(self, found: Finding) -> tuple[str, str]:
        """The sentence and its link."""
        return self.rules[found.concern](found)

    def _overdue(self, found: Finding) -> tuple[str, str]:
        n, said = found.count, {"n": grouped(found.count), "minutes": self.desk.office.sla_minutes}
        if self.own:
            words = ngettext(
                "%(n)s of your leads in New is past its %(minutes)s minutes",
                "%(n)s of your leads in New are past their %(minutes)s minutes",
                n,
            )
        else:
            words = ngettext(
                "%(n)s lead in New is past its %(minutes)s minutes",
                "%(n)s leads in New are past their %(minutes)s minutes",
                n,
            )
        return self._with_names(words % said, found), self.links.leads("overdue")

    def _left(self, found: Finding) -> tuple[str, str]:
        n, said = found.count, {"n": grouped(found.count), "people": found.people}
        if found.people == 1 and found.who is not None:
            words = ngettext(
                "%(n)s open lead is still with %(name)s, who has left",
                "%(n)s open leads are still with %(name)s, who has left",
                n,
            )
            said["name"] = self._name(found.who)
            return self._whole(words % said), self.links.board(agent=found.who)
        words = ngettext(
            "%(n)s open lead is still with %(people)s people who have left",
            "%(n)s open leads are still with %(people)s people who have left",
            n,
        )
        return self._with_names(words % said, found, spread=False), self.links.report("report-agents")

    def _answers_fell(self, found: Finding) -> tuple[str, str]:
        words = gettext("First contacts in time fell from %(before)s to %(now)s in four weeks.")
        if self.own:
            words = gettext("Your first contacts in time fell from %(before)s to %(now)s in four weeks.")
        said = {"before": percent(found.before / 100), "now": percent(found.count / 100)}
        return words % said, self.links.report("report-first-response", self.glance.answer_days[0])

    def _fell_back(self, found: Finding) -> tuple[str, str]:
        if self.own:
            words = ngettext(
                "%(n)s of your deals fell back in the last 7 days",
                "%(n)s of your deals fell back in the last 7 days",
                found.count,
            )
        else:
            words = ngettext(
                "%(n)s deal fell back in the last 7 days", "%(n)s deals fell back in the last 7 days", found.count
            )
        words = words % {"n": grouped(found.count)}
        if found.about:
            because = gettext("%(sentence)s, %(n)s of them for reasons of the group “%(group)s”")
            if found.of_them == found.count:
                because = gettext("%(sentence)s, all for reasons of the group “%(group)s”")
            said = {"sentence": words, "n": grouped(found.of_them), "group": Group(found.about).label}
            words = because % said
        return self._whole(words), self.links.report("report-collapses", self.glance.fell[3].days)

    def _stale(self, found: Finding) -> tuple[str, str]:
        stage = State(found.about)
        said = {"n": grouped(found.count), "stage": stage.label, "days": self.desk.office.stale_days(stage)}
        if self.own:
            words = ngettext(
                "%(n)s of your leads in %(stage)s has not moved for %(days)s days or more",
                "%(n)s of your leads in %(stage)s have not moved for %(days)s days or more",
                found.count,
            )
        else:
            words = ngettext(
                "%(n)s lead in %(stage)s has not moved for %(days)s days or more",
                "%(n)s leads in %(stage)s have not moved for %(days)s days or more",
                found.count,
            )
        return self._with_names(words % said, found), self.links.board(stage, stale="true")

    def _other_reasons(self, found: Finding) -> tuple[str, str]:
        words = gettext("%(share)s of the reasons why deals fell back this quarter are “Other”, which says nothing.")
        if self.own:
            words = gettext(
                "%(share)s of your reasons why deals fell back this quarter are “Other”, which says nothing."
            )
        days = self.glance.fell[0].days
        url = self.links.report("report-collapses-facts", days, reason="other")
        return words % {"share": percent(found.count / 100)}, url

    def _with_names(self, sentence: str, found: Finding, *, spread: bool = True) -> str:
        """The sentence, and who has most of them: only where everybody's figures are looked at."""
        if self.asked.scope.whose is not Whose.EVERYBODY:
            return self._whole(sentence)
        said = {"sentence": sentence, "n": grouped(found.of_them), "people": found.people}
        all_of_them = found.of_them == found.count
        if not found.of_them:
            words = (
                gettext("%(sentence)s, spread over %(people)s people")
                if spread and found.people > 1
                else "%(sentence)s"
            )
        elif found.who is None:
            words = gettext("%(sentence)s, %(n)s of them in the pool")
            if all_of_them:
                words = ngettext("%(sentence)s, in the pool", "%(sentence)s, all of them in the pool", found.count)
        else:
            said["name"] = self._name(found.who)
            words = gettext("%(sentence)s, %(n)s of them with %(name)s")
            if all_of_them:
                words = ngettext("%(sentence)s, with %(name)s", "%(sentence)s, all of them with %(name)s", found.count)
        return self._whole(words % said)

    def _name(self, who: int) -> str:
        return self.glance.people[who].name

    def _whole(self, sentence: str) -> str:
        return pgettext("the end of a sentence", "%(sentence)s.") % {"sentence": sentence}


def share(part: int, whole: int) -> str:
    """``47%``, of fewer than five ``3 of 4``, of nothing ``""``."""
    if not whole:
        return ""
    if whole < FEW:
        return gettext("%(part)s of %(whole)s") % {"part": part, "whole": whole}
    return percent(part / whole)


def days_in_words(days: Days, today: date) -> str:
    """``1 Oct – 26 Nov``, a year where it is another one."""
    said = {"first": moments.calendar_day(days.first, today), "last": moments.calendar_day(days.last, today)}
    return pgettext("some days", "%(first)s – %(last)s") % said
