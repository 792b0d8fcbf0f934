"""The facts that a row of a file becomes, in words a person checks at a glance before anything is written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo

from django.utils.translation import gettext, pgettext

from lifecycle.events import Kind
from lifecycle.flags import Flag
from lifecycle.imported import Told
from lifecycle.states import State

from .. import moments
from ..models import User


def standing(names: Iterable[str]) -> dict[str, bool]:
    """Which of these people are here, and whether they are active; one query. A name that is missing comes in."""
    found = User.objects.filter(display_name__in=set(names)).values_list("display_name", "is_active")
    return dict(found)


def in_words(told: Sequence[Told], people: Mapping[str, bool], *, now: datetime, zone: tzinfo) -> list[str]:
    """``created 1 Oct 2011``, ``in Closed since about 13 Oct 2011``, ``with 10629 (deactivated)``: one a fact.

    In: the facts of one row, who is here and active, the instant of the preview and the zone of the days.
    """
    return [words for fact in told if (words := _words(fact, people, now, zone))]


def holder(name: str, people: Mapping[str, bool]) -> str:
    """Who gets the lead: ``Ana Alvarez``, ``Otto Oduya (deactivated)``, ``the pool``."""
    if not name:
        return pgettext("who gets the lead", "the pool")
    return name if people.get(name) else gettext("%(name)s (deactivated)") % {"name": name}


def _words(fact: Told, people: Mapping[str, bool], now: datetime, zone: tzinfo) -> str:
    if fact.kind == Kind.LEAD_CREATED:
        return _created(fact, now, zone)
    if fact.kind == Kind.AGENT_ASSIGNED:
        return pgettext("fact of a preview", "with %(who)s") % {"who": holder(fact.owner, people)}
    if fact.kind == Kind.FLAG_SET:
        return Flag(fact.flag).label if fact.flag in set(Flag) else ""
    if fact.kind == Kind.NOTE_ADDED:
        return pgettext("fact of a preview", "a note")
    if fact.to_status:
        said = {"stage": State(fact.to_status).label, "day": day_words(fact.occurred_at, zone)}
        if fact.backfilled:
            return pgettext("fact of a preview", "in %(stage)s since about %(day)s") % said
        return pgettext("fact of a preview", "in %(stage)s since %(day)s") % said
    return ""


def _created(fact: Told, now: datetime, zone: tzinfo) -> str:
    if fact.backfilled and fact.occurred_at >= now:
        return pgettext("fact of a preview", "comes in on the day of the import: the file has no date")
    said = {"day": day_words(fact.occurred_at, zone)}
    if fact.backfilled:
        return pgettext("fact of a preview", "created about %(day)s") % said
    return pgettext("fact of a preview", "created %(day)s") % said


def day_words(moment: datetime, zone: tzinfo) -> str:
    """The day with its year, by the clock of this zone: what is imported is mostly of other years."""
    return moments.calendar_day(moment.astimezone(zone).date(), date.min)
