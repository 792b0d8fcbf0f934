"""What imports told in a window, one line for each: a whole old system must not drown the week of the people here."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, ngettext

from lifecycle.events import Kind, Source
from lifecycle.history import Change, Clock, Group
from lifecycle.history.brought import Brought
from lifecycle.states import State

from .. import moments
from ..board.mix import grouped
from ..lead_page.desk import Desk
from ..models import Import, Lead

#: So many imports are told of; whoever brought more than these in one window looks at the list of imports.
MOST = 12


@dataclass(slots=True)
class Told:
    """What one import told: how many leads came in, were told of, taken back or brought again, and where they stand.

    ``lead_id`` is any of them; ``newest``: when the newest of these facts was recorded.
    """

    batch: UUID
    lead_id: int
    newest: datetime
    leads: Counter[str] = field(default_factory=Counter)
    stand: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Line:
    """One import as the page tells of it. ``stand``: stages with how many of the leads that came in stand there."""

    title: str
    sentences: list[str]
    stand: list[tuple[str, str]]
    url: str


def split(found: list[Change], clock: Clock) -> tuple[list[Change], list[Change]]:
    """The changes of one lead that an import told, and the others.

    As we knew it an import told everything that it brought. As it was, it told what an old system only guessed at, that
    an import was taken back, and the arrival of a lead of which it knew nothing but guesses; what it recorded for real
    happened like anything else.
    """
    theirs = [c for c in found if all(f.source == Source.IMPORT and f.batch for f in c.facts)]
    if clock is Clock.HAPPENED:
        real = any(not _is_guess(f) for c in theirs if c.group is not Group.NEW for f in c.facts)
        theirs = [c for c in theirs if (not real if c.group is Group.NEW else all(map(_is_guess, c.facts)))]
    return theirs, [c for c in found if c not in theirs]


def _is_guess(fact: Any) -> bool:
    return bool(fact.backfilled or fact.kind == Kind.IMPORT_WITHDRAWN)


def add(told: dict[UUID, Told], lead_id: int, theirs: Iterable[Change]) -> None:
    """Counts the changes of one lead that imports told, once for each import."""
    by_batch: dict[UUID, list[Change]] = {}
    for change in theirs:
        by_batch.setdefault(change.facts[-1].batch, []).append(change)
    for batch, mine in by_batch.items():
        newest = max(f.recorded_at for c in mine for f in c.facts)
        one = told.setdefault(batch, Told(batch, lead_id, newest))
        one.newest = max(one.newest, newest)
        what = _what(mine)
        one.leads[what] += 1
        if what == "came":
            one.stand[mine[-1].to_status] += 1


def came_in(told: dict[UUID, Told], brought: Iterable[Brought]) -> None:
    """Counts the leads that an import brought whole: they came, and stand where it left them."""
    for batch, status, count, newest, lead_id in brought:
        one = told.setdefault(batch, Told(batch, lead_id, newest))
        one.newest = max(one.newest, newest)
        one.leads["came"] += count
        one.stand[status] += count


def _what(mine: list[Change]) -> str:
    kinds = {f.kind for c in mine for f in c.facts}
    if mine[0].group is Group.NEW:
        return "taken_back" if Kind.IMPORT_WITHDRAWN in kinds and mine[-1].to_status == State.TRASHED else "came"
    if Kind.MOVE_VOIDED in kinds:
        return "again"
    return "taken_back" if Kind.IMPORT_WITHDRAWN in kinds else "told"


def lines(told: dict[UUID, Told], desk: Desk) -> list[Line]:
    """The imports in words, the newest first. At most two queries."""
    newest = sorted(told.values(), key=lambda one: one.newest, reverse=True)[:MOST]
    known = Import.objects.in_bulk([one.batch for one in newest]) if newest else {}
    unknown = [one.lead_id for one in newest if one.batch not in known]
    systems = dict(Lead.objects.filter(pk__in=unknown).values_list("pk", "external_source")) if unknown else {}
    return [_line(one, known.get(one.batch), systems.get(one.lead_id, ""), desk) for one in newest]


def _line(one: Told, made: Import | None, system: str, desk: Desk) -> Line:
    said = {
        "system": made.source if made else system,
        "who": made.actor_name if made else "",
        "day": moments.day(one.newest, desk.zone, desk.now),
    }
    return Line(
        title=_title(said),
        sentences=[_SENTENCES[what](n) % {"n": grouped(n)} for what, n in one.leads.items()],
        stand=[(s.label, grouped(one.stand[s.value])) for s in State if one.stand[s.value]],
        url=_url(made) if made and desk.viewer.is_broker else "",
    )


def _title(said: dict[str, str]) -> str:
    if said["system"] and said["who"]:
        return gettext("An import from “%(system)s” by %(who)s, %(day)s") % said
    return (gettext("An import from “%(system)s”, %(day)s") if said["system"] else gettext("An import, %(day)s")) % said


_SENTENCES = {
    "came": lambda n: ngettext("%(n)s lead came in.", "%(n)s leads came in.", n),
    "told": lambda n: ngettext(
        "Of %(n)s lead it told what an old system had at about this time.",
        "Of %(n)s leads it told what an old system had at about this time.",
        n,
    ),
    "taken_back": lambda n: ngettext(
        "It was taken back: %(n)s lead left the board.", "It was taken back: %(n)s leads left the board.", n
    ),
    "again": lambda n: ngettext("It brought %(n)s lead again.", "It brought %(n)s leads again.", n),
}


def _url(made: Import) -> str:
    try:
        return reverse("import-run", args=[made.uuid])
    except NoReverseMatch:
        return ""
