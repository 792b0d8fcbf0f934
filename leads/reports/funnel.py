"""The funnel: what the page shows, which leads are behind its numbers, and its file."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import dropwhile

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.history.statement import Statement
from lifecycle.reports.calendar import Period, quarter_of
from lifecycle.reports.funnel import Behind, Cohort, leads_behind, read_funnel, together
from lifecycle.reports.pipeline import PIPELINE
from lifecycle.reports.scope import Scope
from lifecycle.states import State

from ..board.mix import grouped
from .asked import Asked
from .shares import share
from .windows import Days

COLUMNS = ("cohort", "stage", "reached", "share")
NUMBERS = frozenset({"reached", "share"})

#: How many quarters stand side by side when nobody asks for a window.
QUARTERS = 8
#: A page of an address: which number's leads are meant.
EXTRAS = ("cohort", "reached", "furthest", "now")


def rows(scope: Scope) -> Generator[tuple[str, ...]]:
    """Of every quarter in which a lead came in the six stages in their order; the share is empty below five leads."""
    for cohort in read_funnel(scope):
        if not cohort.leads:
            continue
        for stage in PIPELINE:
            part = cohort.share(stage)
            yield cohort.name, stage.value, str(cohort.reached(stage)), "" if part is None else f"{part:.4f}"


def last_8_quarters(end: datetime, zone: tzinfo) -> Days:
    """The quarter in which the figures end and the seven before it, whole."""
    this = quarter_of(end, zone)
    # Months since year 0; nobody asks for what was known in the first years of all.
    months = max(this.first.year * 12 + this.first.month - 1 - 3 * (QUARTERS - 1), 12)
    return date(months // 12, months % 12 + 1, 1), (this.until - timedelta(microseconds=1)).astimezone(zone).date()


def quarter_name(period: Period) -> str:
    """``Q1 2026``."""
    name = pgettext("quarter of a year", "Q%(quarter)s %(year)s")
    return name % {"quarter": period.name[-1], "year": period.first.year}


# --- the page -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the way to the leads behind it, and its share in words."""

    n: int
    url: str
    share: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One stage of the funnel. ``onward`` says how many of those went further: "Of 412 qualified, 133 signed"."""

    label: str
    reached: Number
    further: Number | None
    running: Number
    stopped: Number | None
    onward: str


@dataclass(frozen=True, slots=True)
class CohortRow:
    """A quarter. ``running``: how many of its leads may still get further."""

    label: str
    leads: Number
    reached: list[Number]
    running: Number


@dataclass(frozen=True, slots=True)
class FunnelPage:
    """``beyond``: leads that another system had set aside before its history begins."""

    whole: Cohort
    cohorts: list[Cohort]
    steps: list[Step]
    rows: list[CohortRow]
    beyond: int

    @property
    def drops(self) -> list[str]:
        return [step.onward for step in self.steps if step.onward]


def read_page(asked: Asked, base: str) -> FunnelPage:
    """In: the address of the list of leads."""
    # Quarters before the first lead of all say nothing.
    cohorts = list(dropwhile(lambda cohort: not cohort.leads, read_funnel(asked.scope)))
    whole = together(cohorts)
    return FunnelPage(
        whole=whole,
        cohorts=cohorts,
        steps=[_step(whole, stage, asked, base) for stage in PIPELINE] if whole.leads else [],
        rows=[_row(cohort, asked, base) for cohort in cohorts],
        beyond=whole.leads - whole.reached(State.NEW),
    )


def _step(whole: Cohort, stage: State, asked: Asked, base: str) -> Step:
    n = whole.reached(stage)
    after = PIPELINE[PIPELINE.index(stage) + 1] if stage is not State.CLOSED else None
    further = whole.reached(after) if after else 0
    running, stopped = whole.open(stage), whole.stopped(stage)
    return Step(
        label=stage.label,
        reached=Number(n, base + asked.query(reached=stage), share(n, whole.leads)),
        further=Number(further, base + asked.query(reached=after), share(further, n)) if after else None,
        running=Number(running, base + asked.query(furthest=stage, now="open")),
        # Whoever closed did not stop.
        stopped=Number(stopped, base + asked.query(furthest=stage, now="over")) if after else None,
        onward=_onward(stage) % {"n": grouped(n), "m": grouped(further)} if after and n else "",
    )


def _row(cohort: Cohort, asked: Asked, base: str) -> CohortRow:
    assert cohort.period is not None
    name = cohort.name
    return CohortRow(
        label=quarter_name(cohort.period),
        leads=Number(cohort.leads, base + asked.query(cohort=name)),
        reached=[
            Number(
                cohort.reached(stage),
                base + asked.query(cohort=name, reached=stage),
                share(cohort.reached(stage), cohort.leads),
            )
            for stage in PIPELINE
        ],
        running=Number(cohort.open(), base + asked.query(cohort=name, now="open")),
    )


def _onward(stage: State) -> str:
    """A sentence about a stage and the one after it."""
    return {
        State.NEW: gettext("Of %(n)s new, %(m)s were contacted"),
        State.CONTACTING: gettext("Of %(n)s contacted, %(m)s qualified"),
        State.QUALIFIED: gettext("Of %(n)s qualified, %(m)s signed"),
        State.COMMITTED: gettext("Of %(n)s signed, %(m)s went into contract"),
        State.IN_CONTRACT: gettext("Of %(n)s in contract, %(m)s closed"),
    }[stage]


def says(asked: Asked) -> list[str]:
    """What exactly is counted."""
    told = [
        gettext("Leads that came in during the period, by the quarter in which they did."),
        gettext("A stage counts as reached once the lead ever entered it or one further along."),
        gettext("Moves that were undone never happened."),
        gettext("A lead counts for whoever holds it today."),
        gettext("Leads that are still being worked may get further, so young quarters look thinner than they will be."),
        gettext("Below five leads there is no percentage, on the page and in the file."),
    ]
    if asked.kept["voided"]:
        told[2] = gettext("Moves that were undone are counted too.")
    if asked.scope.known_at is not None:
        told[3] = gettext("A lead counts for whoever held it at that time.")
    return told


def beyond_words(n: int) -> str:
    """A sentence about leads that never stood in the pipeline; ``""`` where there are none."""
    words = ngettext(
        "%(n)s lead was set aside in another system before its history begins here; how far it got is not known.",
        "%(n)s leads were set aside in another system before their history begins here; how far they got is not known.",
        n,
    )
    return words % {"n": grouped(n)} if n else ""


# --- the leads behind a number ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """Which number was pressed: its statement, and what it is in words."""

    ids: Statement
    words: str


def read_cell(asked: Asked) -> Cell | None:
    """The number that the address names; None, and a refusal, where there is no such number."""
    quarter = _quarter(asked) if asked.extra["cohort"] else None
    stages = {name: _stage(asked.extra[name]) for name in ("reached", "furthest")}
    now = {"": None, "open": True, "over": False}
    unreadable = any(asked.extra[name] and stages[name] is None for name in stages) or asked.extra["now"] not in now
    if unreadable or (asked.extra["cohort"] and quarter is None):
        asked.refusals.append(gettext("There is no such number in the funnel. Go back and choose one."))
        return None
    which = Behind(stages["reached"], stages["furthest"], now[asked.extra["now"]])
    scope = asked.scope if quarter is None else _narrowed(asked.scope, quarter)
    return Cell(leads_behind(scope, which), _words(which, quarter))


def _quarter(asked: Asked) -> Period | None:
    """The quarter of that name, by the office's calendar."""
    year, _, number = asked.extra["cohort"].partition("Q")
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and number in ("1", "2", "3", "4")):
        return None
    if not 1900 <= int(year) <= 2200:
        return None
    return quarter_of(datetime(int(year), int(number) * 3 - 1, 15, tzinfo=asked.scope.zone), asked.scope.zone)


def _narrowed(scope: Scope, period: Period) -> Scope:
    """The part of the window that lies in the period."""
    return replace(
        scope,
        since=max(scope.since or period.since, period.since),
        until=min(scope.until or period.until, period.until),
    )


def _stage(text: str) -> State | None:
    return State(text) if text in PIPELINE else None


def _words(which: Behind, quarter: Period | None) -> str:
    parts: Sequence[str] = [
        quarter_name(quarter) if quarter else "",
        gettext("Reached “%(stage)s”") % {"stage": which.reached.label} if which.reached else "",
        gettext("Got as far as “%(stage)s”") % {"stage": which.furthest.label} if which.furthest else "",
        {None: "", True: gettext("Still being worked"), False: gettext("Not worked any more")}[which.open],
    ]
    return " · ".join(part for part in parts if part) or gettext("Leads that came in")
