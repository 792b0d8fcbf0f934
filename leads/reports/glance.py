"""The office at a glance: every figure of the dashboard, read once, and what of it to look at first.

All of it is of one instant, the end of the question: now, or the instant as of which it was known. The windows before
it are whole days of the office. The number of queries does not grow with leads, facts or people.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import Q

from lifecycle.history import Clock
from lifecycle.history.fill_in import fill_in
from lifecycle.reasons import OTHER, Group, Reason
from lifecycle.reports.attention import Finding, Seen, Share, findings
from lifecycle.reports.calendar import Period, midnight, quarter_of
from lifecycle.reports.fell_back import Fell, fell_back
from lifecycle.reports.first_figures import Figures, figures
from lifecycle.reports.first_response import first_response
from lifecycle.reports.scope import Credit, Scope, Whose
from lifecycle.reports.shape import Stage, shape, stood
from lifecycle.reports.trend import ends, last_weeks, qualified_at
from lifecycle.reports.yields import Yield, a_year_before, re_engaged
from lifecycle.states import WORKING, State

from ..lead_page.desk import Desk
from ..models import Lead, User

FOUR_WEEKS = 28
WEEK = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """A window of whole days of the office, both inside."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class FellBack:
    """Deals that fell back in a window. ``by``: by (kind, group of reasons), quick returns among them; ``lasting``: by
    group without them. ``other``: those whose reason is "other".
    """

    days: Days
    by: Counter[tuple[str, Group]]
    lasting: Counter[str]
    quick: int
    other: int

    @property
    def count(self) -> int:
        return sum(self.by.values())


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    has_left: bool


@dataclass(frozen=True, slots=True)
class Glance:
    """``weeks``: those of the trend, oldest first, with what stood in QUALIFIED at the end of each, by provenance.

    ``fell``: this quarter so far, the same days of the last one, the whole last one, the last seven days. ``answers``:
    of the last four weeks and of the four before them. ``people``: everybody that a finding or a figure speaks of.
    """

    stages: dict[State, Stage]
    weeks: list[Period]
    trend: list[dict[str, int]]
    fell: tuple[FellBack, FellBack, FellBack, FellBack]
    answers: tuple[Figures, Figures]
    answer_days: tuple[Days, Days]
    again: Yield
    again_since: datetime
    overdue: list[Lead]
    findings: list[Finding]
    people: dict[int, Person]


def read_glance(scope: Scope, desk: Desk) -> Glance:
    """Everything that the dashboard shows. In: whose figures, as known when; the window of the scope plays no part."""
    scope = replace(scope, since=None, until=None, credit=Credit.HOLDER)
    today = scope.end.astimezone(scope.zone).date()
    stages = shape(scope, Lead.objects.all(), desk.office)
    weeks = last_weeks(scope.end, scope.zone)
    fell = _fell_back(scope, desk)
    answer_days = _back(today, FOUR_WEEKS), _back(today - FOUR_WEEKS * _DAY, FOUR_WEEKS)
    answers = _answers(scope, *answer_days)
    late = overdue(scope)
    people = _people(stages)
    seen = _seen(scope, stages, fell, answers, late, people)
    since = year_window(scope)
    return Glance(
        stages=stages,
        weeks=weeks,
        trend=qualified_at(scope, ends(weeks)),
        fell=fell,
        answers=answers,
        answer_days=answer_days,
        again=re_engaged(replace(scope, since=since)),
        again_since=since,
        overdue=late,
        findings=findings(seen),
        people=people,
    )


def year_window(scope: Scope) -> datetime:
    """The midnight twelve months before the end, from which on re-engaged leads count."""
    local = a_year_before(scope.end.astimezone(scope.zone).replace(tzinfo=None))
    return midnight(local.date(), scope.zone)


def overdue(scope: Scope) -> list[Lead]:
    """Leads in New whose first contact is late and has not been made. One query; of the past two.

    Out: lead objects of which nothing but key, holder and clock is to be read.
    """
    new = stood(scope, Lead.objects.all()).filter(status=State.NEW.value)
    if scope.known_at is None:
        late = Q(first_contact_at=None, first_contact_due_at__lt=scope.end)
        return list(new.filter(late).only("pk", "agent_id", "first_contact_due_at", "first_contact_at"))
    leads = [Lead(pk=pk) for pk in new.values_list("pk", flat=True)]
    fill_in(leads, scope.known_at, Clock.KNOWN)
    return [lead for lead in leads if _is_late(lead, scope.known_at)]


def _is_late(lead: Lead, end: datetime) -> bool:
    due = lead.first_contact_due_at
    return lead.first_contact_at is None and due is not None and due < end


def _fell_back(scope: Scope, desk: Desk) -> tuple[FellBack, FellBack, FellBack, FellBack]:
    """This quarter so far, the same days of the last one, the whole last one, the last seven days. One query."""
    today = scope.end.astimezone(scope.zone).date()
    this = quarter_of(scope.end, scope.zone)
    last = quarter_of(this.since - _DAY, scope.zone)
    week = _back(today, WEEK)
    windows = (
        Days(this.first, today),
        # The last day of a longer quarter has no like in a shorter one.
        Days(last.first, min(last.first + (today - this.first), this.first - _DAY)),
        Days(last.first, this.first - _DAY),
        week,
    )
    spans = [(midnight(days.first, scope.zone), midnight(days.last + _DAY, scope.zone)) for days in windows]
    edges = sorted({edge for span in spans for edge in span})
    found = fell_back(scope, desk.office.quick_return_minutes, edges)
    one, two, three, four = (
        _in_window([f for f in found if since <= edges[f.part] < until], days, desk.reasons)
        for days, (since, until) in zip(windows, spans, strict=True)
    )
    return one, two, three, four


def _in_window(mine: Iterable[Fell], days: Days, book: dict[str, Reason]) -> FellBack:
    by: Counter[tuple[str, Group]] = Counter()
    lasting: Counter[str] = Counter()
    quick = other = 0
    for fell in mine:
        group = group_of(fell.reason, book)
        by[fell.kind, group] += fell.deals
        if fell.quick:
            quick += fell.deals
        else:
            lasting[group.value] += fell.deals
        if fell.reason == OTHER:
            other += fell.deals
    return FellBack(days, by, lasting, quick=quick, other=other)


def group_of(reason: str, book: dict[str, Reason]) -> Group:
    """The group of a code; ``other`` for one that the office does not know."""
    return book[reason].group if reason in book else Group.OTHER


def _answers(scope: Scope, now: Days, before: Days) -> tuple[Figures, Figures]:
    """The first contacts of leads that came in in two windows, one after the other. One query."""
    since, turn = midnight(before.first, scope.zone), midnight(now.first, scope.zone)
    clocks = first_response(replace(scope, since=since, until=midnight(now.last + _DAY, scope.zone))).clocks
    return (
        figures(clock for clock in clocks if clock.inquired_at >= turn),
        figures(clock for clock in clocks if clock.inquired_at < turn),
    )


def _people(stages: dict[State, Stage]) -> dict[int, Person]:
    """Everybody who holds leads at the end, with whether they have left the office by today. One query."""
    ids = {agent for stage in stages.values() for agent in stage.holders if agent is not None}
    found = User.objects.filter(pk__in=ids).values_list("pk", "display_name", "is_active")
    return {pk: Person(name, not active) for pk, name, active in found}


def _seen(
    scope: Scope,
    stages: dict[State, Stage],
    fell: tuple[FellBack, FellBack, FellBack, FellBack],
    answers: tuple[Figures, Figures],
    late: list[Lead],
    people: dict[int, Person],
) -> Seen:
    this_quarter, *_, week = fell
    now, before = answers
    return Seen(
        overdue=Counter(lead.agent_id for lead in late),
        left=_left(scope, stages, people),
        stale={state.value: stages[state].stale_of for state in WORKING if stages[state].stale},
        standing={state.value: stages[state].leads for state in WORKING},
        fell_back=week.lasting,
        reasons=Share(this_quarter.other, this_quarter.count),
        in_time=Share(now.met, now.leads),
        in_time_before=Share(before.met, before.leads),
    )


def _left(scope: Scope, stages: dict[State, Stage], people: dict[int, Person]) -> dict[int, int]:
    """Open leads by people who have left. Of an earlier instant nobody knows who had: accounts keep no history."""
    if scope.known_at is not None or scope.whose is Whose.POOL:
        return {}
    open_leads: Counter[int] = Counter()
    for state in WORKING:
        for agent, count in stages[state].holders.items():
            if agent is not None and people[agent].has_left:
                open_leads[agent] += count
    return dict(open_leads)


def _back(last: date, days: int) -> Days:
    """So many days up to and with a last one."""
    return Days(last - (days - 1) * _DAY, last)
