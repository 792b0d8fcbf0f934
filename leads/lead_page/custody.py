"""The chain of one lead in words: who held it, from when to when, by whose hand and why."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext, ngettext, pgettext

from lifecycle.history.custody import Stint
from lifecycle.history.holders import chain_of

from ..models import Lead, User
from .custody_words import Moment, Why, end_of, fact_url, held_for, may_read_note, pool, untold, why
from .desk import Desk

#: So many stays are shown beside the story of a lead; the others fold.
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Stay:
    """One stint as a template draws it. ``left``: the holder's account is deactivated; ``url``: where it began."""

    holder: str
    holder_id: int | None
    left: bool
    now: bool
    since: Moment
    until: Moment | None
    held: str
    by: str
    by_self: bool
    came_in: bool
    why: Why
    note: str
    url: str
    stint: Stint

    @property
    def is_pool(self) -> bool:
        return self.holder_id is None

    @property
    def in_old_system(self) -> bool:
        """Whether an old system only said who had the lead, and nobody here gave or took it."""
        return self.stint.untold or (self.stint.imported and self.stint.about and self.stint.actor_id is None)


@dataclass(frozen=True, slots=True)
class Chain:
    """All stays of a lead, newest first."""

    stays: list[Stay]
    summary: str

    @property
    def held_by_nobody(self) -> bool:
        """Whether the lead has lain in the pool since it came in."""
        return len(self.stays) == 1 and self.stays[0].is_pool

    @property
    def newest(self) -> list[Stay]:
        return self.stays if len(self.stays) <= _SHOWN + 1 else self.stays[:_SHOWN]

    @property
    def earlier(self) -> list[Stay]:
        return self.stays[len(self.newest) :]


def read_chain(lead: Lead, desk: Desk) -> Chain:
    """The chain of a lead for whoever sits at the desk. Two queries, one more when somebody in it has left."""
    stints = chain_of(lead.pk, notes=True)
    people = _people({s.holder for s in stints if s.holder is not None}, desk)
    stays = [_stay(stint, lead, people, desk) for stint in reversed(stints)]
    return Chain(stays, _summary(stints, desk))


def _people(wanted: set[int], desk: Desk) -> dict[int, User]:
    people = {u.pk: u for u in desk.colleagues if u.pk in wanted}
    missing = wanted - people.keys()
    return people | (User.objects.in_bulk(missing) if missing else {})


def _stay(stint: Stint, lead: Lead, people: dict[int, User], desk: Desk) -> Stay:
    holder = people.get(stint.holder) if stint.holder is not None else None
    return Stay(
        holder=holder.display_name if holder else untold() if stint.untold else pool(),
        holder_id=stint.holder,
        left=bool(holder and not holder.is_active),
        now=stint.until is None,
        since=_begun(stint, desk),
        until=end_of(stint.until, desk, about=stint.untold) if stint.until else None,
        held=_held(stint, desk),
        by=stint.actor,
        by_self=stint.actor_id is not None and stint.actor_id == stint.holder,
        came_in=stint.came_in,
        why=why(stint.reason, stint.reason_was, desk),
        note=stint.note if may_read_note(stint.reason, stint.reason_was, desk) else "",
        url=fact_url(lead.pk, stint.version),
        stint=stint,
    )


def _held(stint: Stint, desk: Desk) -> str:
    """How long, as far as anybody recorded it; ``""`` where nobody did."""
    if stint.untold:
        return ""
    if stint.holder is None:
        return held_for(_alone(stint, desk))
    length = held_for(stint.length(desk.now))
    if stint.undated:
        return pgettext("length of time", "at least %(span)s") % {"span": length}
    return pgettext("length of time", "about %(span)s") % {"span": length} if stint.about else length


def _begun(stint: Stint, desk: Desk) -> Moment:
    """Since when somebody holds the lead, or nobody does."""
    if stint.imported and stint.came_in and stint.holder is None and not stint.untold:
        # Whoever had it in the old system, in our pool it lies since it came over.
        return end_of(stint.recorded_at, desk)
    return end_of(stint.since, desk, about=stint.about, at_latest=stint.undated)


def _summary(stints: list[Stint], desk: Desk) -> str:
    """How many people held it, and for how long of its life nobody did, or nobody knows who did."""
    if not stints:
        return ""
    holders = {s.holder for s in stints if s.holder is not None}
    life = held_for(desk.now - stints[0].since)
    people = ngettext("%(n)d person", "%(n)d people", len(holders)) % {"n": len(holders)}
    said = gettext("Held by %(people)s in %(life)s") % {"people": people, "life": life}
    if stints[0].untold:
        since = {"day": _begun(stints[1], desk).day, "people": people}
        said = gettext("Held by %(people)s since %(day)s; who held it before is not recorded") % since
    alone = sum((_alone(s, desk) for s in stints), timedelta(0))
    if alone < timedelta(minutes=1):
        return f"{said}."
    return gettext("%(said)s; %(length)s of it in the pool.") % {"said": said, "length": held_for(alone)}


def _alone(stint: Stint, desk: Desk) -> timedelta:
    """For how long it lay in our pool."""
    if stint.holder is not None or stint.untold:
        return timedelta(0)
    if stint.imported and stint.came_in:
        return max((stint.until or desk.now) - stint.recorded_at, timedelta(0))
    return stint.length(desk.now)
