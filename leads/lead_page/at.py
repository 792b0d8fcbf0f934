"""One lead at an instant, in words: how it stood, why, what had just happened and what came next."""

from copy import copy
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.http import urlencode
from django.utils.translation import gettext, pgettext

from lifecycle.events import Kind, Source
from lifecycle.flags import Flag
from lifecycle.fold import LeadState
from lifecycle.history import Clock
from lifecycle.history.fill_in import stand
from lifecycle.history.one_lead import Past, read_past, read_visits_at
from lifecycle.imported import from_unknown, undated
from lifecycle.states import State
from lifecycle.timeline.because import in_sentence
from lifecycle.timeline.entries import stage
from lifecycle.visits import Visit

from .. import moments
from ..asked_time import link_form
from ..models import Lead, User
from .at_url import at_url
from .beside import Beside, around
from .desk import Desk
from .differ import Difference, Lines, Readings, difference
from .first_contact import FirstContact, first_contact
from .path import steps
from .why import why_here


@dataclass(frozen=True, slots=True)
class Switch:
    """One of the two clocks as a link."""

    clock: Clock
    url: str
    on: bool


@dataclass(frozen=True, slots=True)
class StateAt:
    """Everything that the page says of the instant. ``stage`` is empty where the lead did not exist yet."""

    moment: str
    iso: str
    ago: str
    clock: Clock
    switches: list[Switch]
    link: str
    board_query: str
    stage: str
    stage_meaning: str
    stage_for: str
    stage_since: str
    agent: str
    agent_since: str
    agent_untold: bool
    stage_untold: bool
    flags: list[Flag]
    document_missing: bool
    first_contact: FirstContact | None
    last_contact: str
    last_contact_more: str
    why: str
    why_look: str
    before: Beside | None
    after: Beside | None
    difference: Difference | None
    lead_missing: str


def state_at(lead: Lead, moment: datetime, clock: Clock, desk: Desk) -> StateAt:
    """How the lead stood. In: the lead of today, the instant, the clock, the desk of today.

    Twelve queries at the most, however long the story is.
    """
    past = read_past(lead.pk, moment)
    state = past.states[clock]
    # What is said about the instant is counted from it, not from now.
    then = replace(desk, now=moment)
    stays = read_visits_at(lead.pk, moment)
    visits = stays[clock]
    trail = steps(visits, then, set())
    people = _people(past)
    contacts = {c: _first_contact(lead, past.states[c], then) for c in Clock}
    lines = {c: _lines(past, c, stays[c], contacts[c], people, then) for c in Clock}
    before, after = around(lead, past.moment, clock, desk)
    exists = bool(state.version)
    return StateAt(
        moment=moments.instant(moment, desk.zone),
        iso=moment.isoformat(),
        ago=moments.ago(moment, desk.now),
        clock=clock,
        switches=[Switch(c, at_url(lead.pk, moment, c, desk.zone), c is clock) for c in Clock],
        link=at_url(lead.pk, moment, clock, desk.zone),
        board_query=_board_query(moment, clock, desk),
        stage=stage(state.status) if exists else "",
        stage_meaning=State(state.status).meaning if state.status in set(State) else "",
        stage_for=_stage_for(visits, moment),
        stage_since=moments.exact(state.stage_entered_at, desk.zone) if state.stage_entered_at else "",
        agent=people.get(state.agent, ""),
        agent_since=_held_since(past, clock, then),
        agent_untold=past.holder_untold(clock),
        stage_untold=_may_have_left(lead, visits, moment),
        flags=[flag for flag in Flag if state.flag(flag.value)],
        document_missing=state.document_missing,
        first_contact=contacts[clock],
        last_contact=_span(state.last_contact_at, moment),
        last_contact_more=moments.exact(state.last_contact_at, desk.zone) if state.last_contact_at else "",
        why=lines[clock].why,
        why_look=trail[-1].look.removesuffix("is-now").strip() if trail else "",
        before=before,
        after=after,
        difference=difference(lead.pk, Readings(past, stays, lines), clock, people, desk),
        lead_missing=_missing(clock) if not exists else "",
    )


def _missing(clock: Clock) -> str:
    if clock is Clock.KNOWN:
        return pgettext("a lead in the past", "We did not know of this lead yet")
    return pgettext("a lead in the past", "This lead did not exist yet")


def _span(since: datetime | None, moment: datetime) -> str:
    return moments.span((moment - since).total_seconds()) if since else ""


def _stage_for(visits: list[Visit], moment: datetime) -> str:
    """How long it had stood there; ``""`` where an old system kept no time of that at all."""
    if not visits or visits[-1].undated:
        return ""
    length = _span(visits[-1].since, moment)
    return pgettext("length of time", "about %(span)s") % {"span": length} if visits[-1].about else length


def _may_have_left(lead: Lead, visits: list[Visit], moment: datetime) -> bool:
    """Whether nobody recorded when it left this stage, so that it may have been gone by then. At most one query."""
    if not visits or not visits[-1].imported or visits[-1].recorded_at <= moment:
        return False
    following = lead.events.filter(occurred_at__gt=moment).exclude(to_status="").order_by("version").first()
    return following is not None and from_unknown(following)


def _first_contact(lead: Lead, state: LeadState, then: Desk) -> FirstContact | None:
    """What the first-contact clock of the lead said in this state."""
    standing = copy(lead)
    stand(standing, state)
    return first_contact(standing, then) if state.version else None


def _held_since(past: Past, clock: Clock, then: Desk) -> str:
    fact = past.held_since(clock)
    if fact is None:
        return ""
    if fact.kind != Kind.AGENT_ASSIGNED and fact.source == Source.IMPORT:
        # In our pool it lies since it came over.
        return moments.day(max(fact.occurred_at, min(fact.recorded_at, past.moment)), then.zone, then.now)
    if fact.backfilled:
        return moments.guessed_day(fact.occurred_at, then.zone, then.now, at_latest=undated(fact))
    return moments.day(fact.occurred_at, then.zone, then.now)


def _lines(
    past: Past, clock: Clock, stays: list[Visit], first: FirstContact | None, people: dict[int | None, str], then: Desk
) -> Lines:
    """The lines of one clock as parts of a sentence, to be held against those of the other."""
    state = past.states[clock]
    in_pool = gettext("in the pool since %(day)s")
    if past.holder_untold(clock):
        in_pool = pgettext("who holds a lead", "who had it is not recorded")
    held = {"agent": people.get(state.agent, ""), "day": _held_since(past, clock, then)}
    last = state.last_contact_at
    return Lines(
        why=why_here(stays, then),
        holder=(gettext("%(agent)s, since %(day)s") if state.agent else in_pool) % held,
        first_contact=in_sentence(first.words) if first else gettext("no first contact on record"),
        last_contact=gettext("last contact on %(moment)s") % {"moment": moments.instant(last, then.zone)}
        if last
        else gettext("no contact on record"),
    )


def _people(past: Past) -> dict[int | None, str]:
    """The names of whoever held the lead by either clock."""
    held = {state.agent for state in past.states.values()} - {None}
    return dict(User.objects.filter(pk__in=held).values_list("pk", "display_name"))


def _board_query(moment: datetime, clock: Clock, desk: Desk) -> str:
    known = [("clock", clock.value)] if clock is Clock.KNOWN else []
    return f"?{urlencode([('as_of', link_form(moment, desk.zone)), *known])}"
