"""The page of one lead, put together from its parts."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from django.http import QueryDict
from django.utils.translation import gettext, pgettext

from lifecycle import timeline
from lifecycle.events import Inquiry, Kind
from lifecycle.flags import Flag
from lifecycle.models import LeadEvent
from lifecycle.states import State
from lifecycle.timeline.entries import stage
from lifecycle.transitions import Transition, for_person, legal_targets
from lifecycle.visits import Visit, read_visits

from .. import moments
from ..models import Lead
from .address import Address, read_address
from .called import called
from .custody import Chain, read_chain
from .desk import Desk
from .first_contact import FirstContact, first_contact
from .handed import Handed, handed
from .offers import NOTHING, Offers, offers
from .outreach import back_in_new
from .path import Step, steps
from .quiet import beginning, stillness
from .rows import Row, rows
from .why import why_here

#: A printed story has no "Show more"; this is far beyond any real one.
_ON_PAPER = 5000


@dataclass(frozen=True, slots=True)
class Fact:
    """One line among the facts of a lead; ``more`` is what a longer look tells, ``link`` makes it a link."""

    label: str
    words: str
    more: str = ""
    link: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A stage that the lead may be moved to; ``back`` when that is a step back."""

    state: State
    back: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter of the timeline as a link that switches it on or off."""

    label: str
    query: str
    on: bool


@dataclass(frozen=True, slots=True)
class Timeline:
    """The rows of one page of the story, what they are filtered by, and how to go on."""

    rows: list[Row]
    address: Address
    chips: list[Chip]
    actors: list[tuple[str, str]]
    more_query: str
    all_query: str
    order_query: str
    system_query: str
    beginning: str
    stillness: str
    is_part: bool


@dataclass(frozen=True, slots=True)
class LeadPage:
    """Everything that the page shows, in words."""

    lead: Lead
    called: str
    stage: str
    why: str
    why_look: str
    agent: str
    agent_left: bool
    agent_since: str
    chain: Chain
    handed: Handed | None
    first_contact: FirstContact | None
    flags: list[Flag]
    steps: list[Step]
    contact: list[Fact]
    facts: list[Fact]
    targets: list[Target]
    timeline: Timeline


def read_page(lead: Lead, desk: Desk, query: QueryDict) -> LeadPage:
    """The page of a lead for whoever sits at the desk. In: the lead with its agent, the query string of the page.

    Seven queries, however long the story is; and one more each when a fact on the page names another lead, when
    somebody who held it has left, when the viewer has just got it, when its first outreach was undone.
    """
    visits = read_visits(lead.pk)
    story = _timeline(lead, desk, read_address(query, desk.zone), offers(visits, desk))
    trail = steps(visits, desk, {r.entry.event.version for r in story.rows})
    clock = first_contact(lead, desk)
    chain = read_chain(lead, desk)
    return LeadPage(
        lead=lead,
        called=called(lead.name),
        stage=stage(lead.status),
        why=back_in_new(lead, desk) or why_here(visits, desk),
        why_look=trail[-1].look.removesuffix("is-now").strip() if trail else "",
        agent=lead.agent.display_name if lead.agent else "",
        agent_left=bool(lead.agent and not lead.agent.is_active),
        agent_since=chain.stays[0].since.day if chain.stays else "",
        chain=chain,
        handed=handed(lead, chain, desk),
        first_contact=clock,
        flags=[flag for flag in Flag if getattr(lead, flag.value)],
        steps=trail,
        contact=_contact(lead),
        facts=_facts(lead, desk, clock, visits),
        targets=[Target(s, _is_back(for_person(lead.status, s))) for s in legal_targets(lead.status)],
        timeline=story,
    )


def _is_back(moves: tuple[Transition, ...]) -> bool:
    return any(m.kind in (Kind.DEAL_COLLAPSED, Kind.CONTRACT_VOIDED) for m in moves)


def _timeline(lead: Lead, desk: Desk, address: Address, offered: Offers) -> Timeline:
    page = timeline.read(
        lead.pk,
        address.filters,
        desk.reasons,
        viewer_is_broker=desk.viewer.is_broker,
        cursor=address.cursor,
        size=_ON_PAPER if address.for_print else timeline.PAGE_SIZE,
    )
    first = LeadEvent.objects.filter(lead_id=lead.pk).order_by("version").first()
    at_old_end = address.oldest_first or page.cursor is None
    return Timeline(
        rows=rows(page, desk, NOTHING if address.for_print else offered),
        address=address,
        chips=[Chip(words(), address.toggled(g), g in address.show) for g, (words, _) in timeline.GROUPS.items()],
        actors=timeline.actors(lead.pk),
        more_query=address.query(cursor=page.cursor) if page.cursor is not None else "",
        all_query=address.query(show=(), who="", since="", until="", system="", **{"from": "", "to": ""}),
        order_query=address.query(order="" if address.oldest_first else "oldest"),
        system_query=address.query(system="0" if address.system else ""),
        beginning=beginning(first, lead, desk) if at_old_end else "",
        stillness=stillness(lead, desk),
        is_part=address.cursor is not None,
    )


def _contact(lead: Lead) -> list[Fact]:
    call = f"tel:{lead.phone_e164}" if lead.phone_e164 else ""
    mail = f"mailto:{quote(lead.email, safe='@')}" if lead.email else ""
    return [
        Fact(pgettext("fact of a lead", "Phone"), lead.phone, "", call, "phone"),
        Fact(pgettext("fact of a lead", "E-mail"), lead.email, "", mail, "mail"),
        Fact(pgettext("fact of a lead", "Address"), lead.address),
    ]


def _facts(lead: Lead, desk: Desk, clock: FirstContact | None, visits: list[Visit]) -> list[Fact]:
    """What is worth knowing besides stage and agent; a fact that there is nothing to say of is left out."""
    source = Inquiry(lead.inquiry_source).label if lead.inquiry_source in set(Inquiry) else lead.inquiry_source
    found = [
        Fact(gettext("Came in"), *_came_in(lead, visits, desk)),
        Fact(pgettext("where a lead came from", "Source"), source),
        Fact(gettext("First contact"), clock.line, clock.more) if clock and not clock.loud else None,
        Fact(gettext("Last contact"), *_ago(lead.last_contact_at, desk, pgettext("last contact", "none yet"))),
        Fact(gettext("Last answer"), *_ago(lead.last_reply_at, desk, "")),
        Fact(gettext("Attempts"), str(lead.attempts or ""), gettext("Times we reached out since the clock began")),
        Fact(gettext("Closing date"), _closing_date(visits, desk)) if lead.status == State.CLOSED else None,
        Fact(pgettext("key of a lead", "Key"), lead.key, _came_from(lead.external_source)),
    ]
    return [fact for fact in found if fact and fact.words]


def _came_in(lead: Lead, visits: list[Visit], desk: Desk) -> tuple[str, str]:
    if lead.created_at is None:
        return "", ""
    first = visits[0] if visits else None
    exact = moments.exact(lead.created_at, desk.zone)
    if first is not None and first.about:
        return moments.guessed_day(first.since, desk.zone, desk.now, at_latest=first.undated), exact
    return moments.day(lead.created_at, desk.zone, desk.now), exact


def _ago(moment: datetime | None, desk: Desk, never: str) -> tuple[str, str]:
    return (moments.ago(moment, desk.now), moments.exact(moment, desk.zone)) if moment else (never, "")


def _came_from(system: str) -> str:
    return gettext("From %(system)s") % {"system": system} if system else ""


def _closing_date(visits: list[Visit], desk: Desk) -> str:
    """The date that the newest visit brought, as a day; another system's own notation stays as it is."""
    text = visits[-1].closing_date if visits else ""
    try:
        return moments.calendar_day(date.fromisoformat(text), desk.now.astimezone(desk.zone).date())
    except ValueError:
        return text
