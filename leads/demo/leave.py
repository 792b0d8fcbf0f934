"""Many leads given on at once: Chloe's leave, from which most of her leads came back to her, and Darnell's quiet ones.

Pure. Works on stories that are told and placed already: who covers for Chloe also does what she would have done.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from .office import BROKER, Calendar
from .storyline import Intent, PlannedLead

#: Before anybody is at work, so that a day lies wholly before or wholly after, whatever the weekday.
_HOUR, _MINUTE = 8, 30
_AWAY, _BACK, _QUIET = 9, 1, 4
_WORKING = ("CONTACTING", "QUALIFIED", "COMMITTED", "IN_CONTRACT")
_SOURCE = "bulk"

Which = Callable[[PlannedLead, datetime], bool]


@dataclass(frozen=True, slots=True)
class Cover:
    """Who takes which lead (by slug) at a moment, and which of these went back when."""

    holder: str
    at: datetime
    takers: Mapping[str, str]
    back: frozenset[str] = frozenset()
    back_at: datetime | None = None


def give_on(leads: Iterable[PlannedLead], calendar: Calendar) -> tuple[list[PlannedLead], list[Intent]]:
    """The stories as they went with the covers, and the calls that give many leads on at once."""
    told = list(leads)
    away = _cover(told, "chloe", calendar.clock(_AWAY, _HOUR, _MINUTE), ("ana", "mei"), _is_worked)
    back = frozenset(slug for number, slug in enumerate(away.takers) if number % 3 or slug == "tomasz")
    away = replace(away, back=back, back_at=calendar.clock(_BACK, _HOUR, _MINUTE))
    quiet = _cover(told, "darnell", calendar.clock(_QUIET, _HOUR, _MINUTE), ("ben", "mei"), _is_quiet)
    calls = [
        _call("batch/leave", away.at, away.takers, "pto_or_leave", "Chloe is away until next week, she has told them."),
        _call("batch/quiet", quiet.at, quiet.takers, "workload_balance", "Two weeks without a call. Fresh voices."),
    ]
    if away.back_at is not None:
        home = {slug: away.holder for slug in away.takers if slug in away.back}
        note = "Chloe is back. Who has got used to the new voice stays there."
        calls.append(_call("batch/back", away.back_at, home, "pto_or_leave", note, hands_back="batch/leave"))
    return [_worked_by(lead, away) for lead in told], calls


def _cover(leads: list[PlannedLead], holder: str, at: datetime, by: tuple[str, ...], which: Which) -> Cover:
    slugs = sorted(lead.slug for lead in leads if _held(lead, at) == holder and which(lead, at))
    return Cover(holder, at, {slug: by[number % len(by)] for number, slug in enumerate(slugs)})


def _held(lead: PlannedLead, at: datetime) -> str:
    """Who holds the lead at that moment; nobody, when it is given on again afterwards or not there yet."""
    hands = [i for i in lead.intents if i.verb in ("create", "assign")]
    if not hands or any(i.at >= at for i in hands):
        return ""
    last = hands[-1].fields
    return str(last.get("to", last.get("agent", "")))


def _is_worked(lead: PlannedLead, at: datetime) -> bool:
    asleep = [i.fields["to"] in ("ARCHIVED", "TRASHED") for i in lead.intents if i.verb == "move" and i.at < at]
    return lead.ending in _WORKING and not (asleep and asleep[-1])


def _is_quiet(lead: PlannedLead, at: datetime) -> bool:
    return lead.ending == "CONTACTING" and lead.intents[-1].at < at - timedelta(days=14)


def _call(name: str, at: datetime, to: Mapping[str, str], reason: str, note: str, hands_back: str = "") -> Intent:
    fields = {"to": dict(to), "reason": reason, "note": note, "hands_back": hands_back}
    return Intent(name, "batch", at, BROKER, fields, _SOURCE)


def _worked_by(lead: PlannedLead, cover: Cover) -> PlannedLead:
    """The same story, with the colleague in it for as long as they have the lead."""
    taker = cover.takers.get(lead.slug)
    if taker is None:
        return lead
    until = cover.back_at if lead.slug in cover.back else None

    def told(intent: Intent) -> Intent:
        covered = intent.actor == cover.holder and intent.at >= cover.at and (until is None or intent.at < until)
        return replace(intent, actor=taker) if covered else intent

    return replace(lead, intents=tuple(told(intent) for intent in lead.intents))
