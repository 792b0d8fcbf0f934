"""Time in stage for people: the table, the curve of one stage, the agents, and the same as a file."""

from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.models import LeadEvent
from lifecycle.reports.scope import Scope, Whose
from lifecycle.reports.stays import HOUR, Stay, Stays, Way, by_stage, of_leads
from lifecycle.states import State

from .. import moments
from ..board.mix import grouped
from ..lead_page.custody_words import pool
from ..models import Lead
from .chart import Axis, Curve, Curves, Mark, Range, Ranges, percent
from .people import names_of

COLUMNS = ("stage", "visits", "still_inside", "median_hours", "p75", "p90", "median_finished_hours")
#: What the page's file says besides.
WAYS = tuple(way.value for way in Way)
NUMBERS = frozenset(COLUMNS[1:])
SECOND = 1_000_000
#: A share of fewer stays says nothing.
FEWEST = 5
#: When one looks back at a stay: after an hour, a day, a week and so on, in seconds.
_AFTER = (
    *(n * moments.HOUR for n in (1, 6)),
    *(n * moments.DAY for n in (1, 3, 7, 14, 30, 60, 90, 180, 365, 730)),
)

WAY_WORDS: dict[Way, Callable[[], str]] = {
    Way.FORWARD: lambda: pgettext("which way a lead went on", "Went on"),
    Way.BACK: lambda: pgettext("which way a lead went on", "Went back"),
    Way.ASIDE: lambda: pgettext("which way a lead went on", "Set aside"),
}

#: What the visits of a number have in common, by the way that they went on; "": all of them.
CELL_WORDS: dict[str, Callable[[], str]] = {
    "": lambda: gettext("Stays in “%(stage)s”"),
    Way.FORWARD.value: lambda: gettext("Stays in “%(stage)s” that went on"),
    Way.BACK.value: lambda: gettext("Stays in “%(stage)s” that went back"),
    Way.ASIDE.value: lambda: gettext("Stays in “%(stage)s” that ended in Archived or Trashed"),
}


# --- files --------------------------------------------------------------------------------------------------


def rows(scope: Scope) -> Generator[tuple[str, ...]]:
    """A row for each stage that has visits, in the order of the board; an empty cell is a figure that nobody knows."""
    for stays in by_stage(scope):
        yield _row(stays)


def rows_of_page(scope: Scope) -> Iterator[tuple[str, ...]]:
    """The same with the ways out."""
    for stays in by_stage(scope):
        yield (*_row(stays), *(str(stays.left(way)) for way in Way))


def _row(stays: Stays) -> tuple[str, ...]:
    lengths = (*stays.lengths.reached, stays.lengths.finished_median)
    return (stays.stage, str(stays.visits), str(stays.still_inside), *map(hours, lengths))


def hours(microseconds: float | None) -> str:
    """``195.8712``: four digits, less the zeros at the end."""
    return "" if microseconds is None else f"{microseconds / HOUR:.4f}".rstrip("0").rstrip(".")


# --- the page -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Length:
    """``words`` to read, ``""`` where it is not reached; ``exact`` in hours for who wants to know."""

    words: str
    exact: str


@dataclass(frozen=True, slots=True)
class Number:
    """How many, and the query of the facts behind it (``""``: there are none)."""

    text: str
    query: str


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: of a stage, or of an agent in one stage. ``key``: the stage, or how a query names the agent."""

    key: str
    name: str
    visits: Number
    inside: Number
    lengths: list[Length]
    finished: Length
    ways: list[Number]


@dataclass(frozen=True, slots=True)
class Still:
    """So many percent last longer than so long."""

    after: str
    share: str


def stage_lines(found: list[Stays], query: Callable[..., str]) -> list[Line]:
    """In: the figures; ``query``: the address's own, with parts changed."""
    return [_line(stays, stays.stage, State(stays.stage).label, query, stage=stays.stage) for stays in found]


def agent_lines(found: Mapping[int | None, Stays], stage: str, query: Callable[..., str]) -> list[Line]:
    """The visits of a stage by who held the lead, by name; the pool comes last. One query."""
    names = names_of(found)
    lines = []
    for agent, stays in found.items():
        key = str(agent) if agent is not None else Whose.POOL.value
        name = names[agent] if agent is not None else pool()
        lines.append(_line(stays, key, name, query, stage=stage, held=key))
    return sorted(lines, key=lambda line: (line.key == Whose.POOL, line.name.casefold(), line.key))


def _line(stays: Stays, key: str, name: str, query: Callable[..., str], **cell: str) -> Line:
    def number(n: int, **which: str) -> Number:
        return Number(grouped(n), query(**cell, **which) if n else "")

    return Line(
        key=key,
        name=name,
        visits=number(stays.visits),
        inside=number(stays.still_inside),
        lengths=[_length(at) for at in stays.lengths.reached],
        finished=_length(stays.lengths.finished_median),
        ways=[number(stays.left(way), into=way.value) for way in Way],
    )


def _length(microseconds: float | None) -> Length:
    if microseconds is None:
        return Length("", "")
    exact = pgettext("length of time", "%(hours)s h") % {"hours": hours(microseconds)}
    return Length(moments.clock(microseconds / SECOND), exact)


def stages_chart(found: list[Stays], query: Callable[..., str]) -> Ranges:
    """How long the stays are in each stage that half of the leads leave again."""
    left = [stays for stays in found if stays.lengths.reached[0] is not None]
    # A length that is not reached is at least as long as the longest stay so far.
    tops = [at or stays.lengths.longest for stays in left for at in stays.lengths.reached]
    return Ranges(
        id="time-stages",
        caption=gettext("By when half, three in four and nine in ten of the stays are over"),
        ranges=[_range(stays, query(stage=stays.stage)) for stays in left],
        axis=Axis.spans(gettext("Time in the stage"), max(tops, default=0) / SECOND),
    )


def _range(stays: Stays, url: str) -> Range:
    median, p75, p90 = (at / SECOND if at is not None else None for at in stays.lengths.reached)
    label = " · ".join(moments.clock(at) if at is not None else "…" for at in (median, p75, p90))
    return Range(State(stays.stage).label, median, p75, p90, label, _visits_words(stays), url)


def _visits_words(stays: Stays) -> str:
    said = ngettext("%(n)s stay, %(inside)s still inside", "%(n)s stays, %(inside)s still inside", stays.visits)
    return said % {"n": grouped(stays.visits), "inside": grouped(stays.still_inside)}


def curve_chart(stays: Stays) -> Curves | None:
    """The share of stays that last longer, by length; None where there are too few."""
    lengths = stays.lengths
    if lengths.count < FEWEST or not lengths.finished:
        return None
    label = State(stays.stage).label
    told = gettext("after %(time)s: %(share)s still there")
    points = [
        (at / SECOND, round(share, 4), told % {"time": moments.clock(at / SECOND), "share": percent(share)})
        for at, share in lengths.curve
    ]
    return Curves(
        id="time-curve",
        caption=gettext("The share of stays that last longer"),
        curves=[Curve(label, [(0, 1.0, ""), *points, *_flat_end(stays)])],
        across=Axis.spans(gettext("Time since they came in"), lengths.longest / SECOND),
        axis=Axis.shares(gettext("Share still there")),
        mark=Mark(0.5, gettext("half")),
    )


def _flat_end(stays: Stays) -> list[tuple[float, float, str]]:
    """Where nobody has left since the last step, the curve goes on to the longest stay."""
    at, share = stays.lengths.curve[-1]
    if at == stays.lengths.longest:
        return []
    longest = stays.lengths.longest / SECOND
    words = gettext("the longest so far: %(time)s") % {"time": moments.clock(longest)}
    return [(longest, round(share, 4), words)]


def still_there(stays: Stays) -> list[Still]:
    """The curve as a table: a few lengths that people think in, and how many last longer."""
    if stays.lengths.count < FEWEST:
        return []
    shares = [(seconds, stays.lengths.still_after(seconds * SECOND)) for seconds in _AFTER]
    told = [(seconds, share) for seconds, share in shares if share is not None]
    # Once nobody is left, one line says so.
    gone = next((n for n, (_, share) in enumerate(told) if share < 1e-9), len(told))
    return [Still(_after(seconds), percent(share)) for seconds, share in told[: gone + 1]]


def _after(seconds: int) -> str:
    """Days stay days: a curve is read in them."""
    if seconds < moments.DAY:
        return moments.span(seconds)
    return pgettext("length of time", "%d d") % (seconds // moments.DAY)


def sentence(stays: Stays) -> str:
    """``After 30 d 40% of the leads are still in Qualified.``; ``""`` where too little is known."""
    for days in (30, 7, 1):
        share = stays.lengths.still_after(days * moments.DAY * SECOND)
        if share is not None and stays.lengths.count >= FEWEST and 0 < round(share * 100) < 100:
            said = {
                "time": moments.span(days * moments.DAY),
                "share": percent(share),
                "stage": State(stays.stage).label,
            }
            return gettext("After %(time)s, %(share)s are still in “%(stage)s”.") % said
    return ""


def says(found: list[Stays], *, inferred: bool) -> list[str]:
    """What exactly is counted, a sentence each."""
    said = [
        gettext(
            "Each stay in a stage that began in the period counts, so a lead that fell back counts twice in Qualified."
            " A stay belongs to who held the lead when it began; a lead that came in with an agent was that agent’s"
            " from its first moment. Undone moves never happened."
        ),
        gettext(
            "Half, three in four and nine in ten of the leads have left after the times given. Leads still inside are"
            " kept in for as long as they have been there (the method of Kaplan and Meier). The finished stays alone"
            " look quicker, because the slow ones are not over. A dash: not reached yet."
        ),
        gettext(
            "Went on: to a later stage of the board. Went back: to an earlier one, or from Archived or Trashed back to"
            " work. Set aside: archived or trashed."
        ),
    ]
    unmeasured = sum(stays.unmeasured for stays in found)
    if unmeasured and not inferred:
        left_out = ngettext(
            "%(n)s stay is in no length, because nobody recorded when it began or ended.",
            "%(n)s stays are in no length, because nobody recorded when they began or ended.",
            unmeasured,
        )
        said.append(left_out % {"n": grouped(unmeasured)})
    return said


# --- behind a number ----------------------------------------------------------------------------------------


def stays_of_facts(scope: Scope) -> Callable[[Collection[LeadEvent]], Mapping[int, str]]:
    """How long each stay lasted, by the fact that it began with. One query."""

    def told(facts: Collection[LeadEvent]) -> dict[int, str]:
        stays = of_leads(scope, {fact.lead_id for fact in facts})
        return {stay.event_id: _stay_words(stay, scope) for stay in stays}

    return told


def stays_of_leads(scope: Scope) -> Callable[[Collection[Lead]], Mapping[int, str]]:
    """How long each lead has been where it is, as far as the figures go. One query."""

    def told(leads: Collection[Lead]) -> dict[int, str]:
        stays = of_leads(scope, {lead.pk for lead in leads})
        return {stay.lead_id: _stay_words(stay, scope) for stay in stays if stay.until is None}

    return told


def _stay_words(stay: Stay, scope: Scope) -> str:
    if not stay.measured and not scope.inferred:
        return pgettext("how long a stay lasted", "not recorded")
    length = moments.clock(((stay.until or scope.end) - stay.since).total_seconds())
    if stay.until is None:
        return pgettext("how long a stay lasted", "still inside, %(time)s") % {"time": length}
    return length
