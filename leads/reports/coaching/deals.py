"""The deals that fell through, each a short story: from where and why, who had signed it, what came after."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.models import LeadEvent
from lifecycle.reports.fallen import Fallen
from lifecycle.states import State
from lifecycle.timeline import entries_of
from lifecycle.timeline.entries import Entry

from ... import moments
from ...access import seen_by
from ...lead_page.custody_words import Moment, end_of, fact_url, held_for
from ...models import Lead
from ..collapses_cell import COLLAPSED
from ..facts import facts_with
from ..people import names_of
from .asking import Asking
from .paths import Path, paths_of

#: So many are told; the rest is one press away.
MOST = 30
_BESIDE = ("lead__agent", "words", "target", "caused_by", "agent", "to_agent")


@dataclass(frozen=True, slots=True)
class Deal:
    """One deal that fell through. ``look``: that of its chip. ``story``: sentences in the order of time.

    ``entry`` has reason and note as the viewer may read them; ``url`` leads to the very fact.
    """

    lead: Lead
    url: str
    what: str
    look: str
    when: Moment
    entry: Entry
    story: list[str]


@dataclass(frozen=True, slots=True)
class Deals:
    """``hidden``: a sentence on those that are with colleagues now. ``rest``: how many more there are to read."""

    told: list[Deal]
    hidden: str
    rest: int


def read_deals(fell: Sequence[Fallen], asking: Asking) -> Deals:
    """The newest of these, as many as are told. Five queries, however many there are."""
    by_id = {one.id: one for one in fell}
    seen = facts_with(by_id).filter(seen_by(asking.desk.viewer, "lead__")).exclude(lead__status="")
    newest = list(seen.select_related(*_BESIDE).order_by("-occurred_at", "-pk")[: MOST + 1])
    # A broker sees them all, so that nobody need be counted.
    many = seen.count() if not asking.by_broker or len(newest) > MOST else len(newest)
    hidden = 0 if asking.by_broker else len(fell) - many
    said = ngettext("%(n)d more is with a colleague now.", "%(n)d more are with colleagues now.", hidden)
    told = _told(newest[:MOST], by_id, asking)
    return Deals(told, said % {"n": hidden} if hidden else "", many - len(told))


def _told(facts: list[LeadEvent], by_id: dict[int, Fallen], asking: Asking) -> list[Deal]:
    desk, scope = asking.desk, asking.scope
    paths = paths_of([by_id[fact.pk] for fact in facts], scope)
    names = names_of(who for path in paths.values() for who in (path.signed_with, path.held_now))
    entries = entries_of(facts, desk.reasons, viewer_is_broker=asking.by_broker, known_at=scope.known_at)
    return [_deal(entry, by_id[entry.event.pk], paths[entry.event.pk], names, asking) for entry in entries]


def _deal(entry: Entry, fell: Fallen, path: Path, names: dict[int, str], asking: Asking) -> Deal:
    fact, collapsed = entry.event, fell.kind == COLLAPSED
    what = gettext("Fell back before contract") if collapsed else gettext("Fell back from contract")
    story = [_stay(fell, path), _signed(path, names, asking), _again(fell, path, asking), _now(path, names, asking)]
    return Deal(
        lead=fact.lead,
        url=fact_url(fact.lead_id, fact.version),
        what=what,
        look="chip-back" if collapsed else "chip-voided",
        when=end_of(fact.occurred_at, asking.desk, about=fact.backfilled),
        entry=entry,
        story=[sentence for sentence in story if sentence],
    )


def _stay(fell: Fallen, path: Path) -> str:
    """How long it had been in the stage that it fell from."""
    collapsed = fell.kind == COLLAPSED
    if fell.stay is None:
        return gettext("Nobody recorded since when it had been there.")
    said = {"length": held_for(max(fell.stay, timedelta()))}
    return (gettext("Committed for %(length)s.") if collapsed else gettext("In contract for %(length)s.")) % said


def _signed(path: Path, names: dict[int, str], asking: Asking) -> str:
    """Who held it at the signing, where that was somebody else."""
    if not path.is_signed or path.signed_with == asking.person.pk:
        return ""
    if path.signed_with is None:
        return gettext("Nobody held the lead when the agreement was signed.")
    said = {"name": names[path.signed_with]}
    return gettext("%(name)s held the lead when the agreement was signed.") % said


_BACK: dict[str, Callable[[], str]] = {
    State.COMMITTED.value: lambda: gettext("Signed again on %(day)s."),
    State.IN_CONTRACT.value: lambda: gettext("Under contract again on %(day)s."),
    State.CLOSED.value: lambda: gettext("Closed after all on %(day)s."),
}


def _again(fell: Fallen, path: Path, asking: Asking) -> str:
    """When it came back to the stage that it fell from, or further."""
    if path.again is None or path.again_at is None:
        return ""
    if fell.quick:
        said = {"length": moments.span(max(path.again_at - fell.at, timedelta()).total_seconds())}
        return gettext("A quick return: back there %(length)s later.") % said
    if fell.kind == COLLAPSED and path.again == State.IN_CONTRACT:
        return gettext("Under contract after all on %(day)s.") % {"day": _day(path.again_at, asking)}
    return _BACK[path.again]() % {"day": _day(path.again_at, asking)}


def _now(path: Path, names: dict[int, str], asking: Asking) -> str:
    """Where it stands, at the end of what is told."""
    said = {"stage": path.stage, "day": _day(path.since, asking), "who": names.get(path.held_now or 0, "")}
    if path.held_now == asking.person.pk:
        return pgettext("where a lead stands", "Now: %(stage)s since %(day)s.") % said
    if path.held_now is None:
        return pgettext("where a lead stands", "Now: %(stage)s since %(day)s, in the pool.") % said
    return pgettext("where a lead stands", "Now: %(stage)s since %(day)s, with %(who)s.") % said


def _day(moment: datetime, asking: Asking) -> str:
    return moments.day(moment, asking.desk.zone, asking.desk.now)
