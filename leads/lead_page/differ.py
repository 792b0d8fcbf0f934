"""What the other clock says of the same instant, where the two do not agree, and why they do not."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext

from lifecycle.events import Channel, Kind, Source
from lifecycle.flags import Flag
from lifecycle.fold import LeadState
from lifecycle.history import Clock
from lifecycle.history.one_lead import Cause, Past, causes
from lifecycle.timeline.because import label
from lifecycle.timeline.entries import stage
from lifecycle.visits import Visit

from .. import moments
from .at_url import at_url
from .desk import Desk

#: So many causes are told; more of them say no more.
_MOST = 4


@dataclass(frozen=True, slots=True)
class Why:
    """One reason for the disagreement, and the way to the fact that made it."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Difference:
    """``name``: the other clock. ``answer``: what it says, as far as it says something else."""

    name: str
    answer: str
    url: str
    causes: list[Why]


@dataclass(frozen=True, slots=True)
class Lines:
    """What is printed of a lead that existed, beside its stage and flags, ready to stand in a sentence."""

    why: str
    holder: str
    first_contact: str
    last_contact: str


@dataclass(frozen=True, slots=True)
class Readings:
    """A lead at an instant, the stays that led there, and what is printed of it, all by either clock."""

    past: Past
    stays: dict[Clock, list[Visit]]
    lines: dict[Clock, Lines]

    def reason(self, clock: Clock) -> tuple[str, str]:
        """Why the lead stood where it did: the code and the kind of fact that gave it."""
        here = self.stays[clock][-1:]
        return (here[0].reason, here[0].kind) if here else ("", "")


def difference(
    lead_id: int, readings: Readings, clock: Clock, people: Mapping[int | None, str], desk: Desk
) -> Difference | None:
    """The other answer; None where both clocks agree. In: the names of those who held the lead."""
    other = Clock.HAPPENED if clock is Clock.KNOWN else Clock.KNOWN
    past = readings.past
    told = _told(past.states[clock], past.states[other], people, past.holder_untold(other), desk)
    if past.states[clock].status == past.states[other].status and readings.reason(clock) != readings.reason(other):
        told.append(_reason(*readings.reason(other), desk))
    if all(state.version for state in past.states.values()):
        told += _lines(readings.lines[clock], readings.lines[other], past.states[clock], past.states[other])
        if not told and readings.lines[clock].why != readings.lines[other].why:
            told.append(readings.lines[other].why.removesuffix("."))
    if not told:
        return None
    found = [_why(lead_id, cause, desk) for cause in _told_once(causes(past))]
    return Difference(other.label, ", ".join(told), at_url(lead_id, past.moment, other, desk.zone), found[:_MOST])


def _told_once(found: list[Cause]) -> list[Cause]:
    """What one import told is one cause, however many facts it brought; it is named by the last of them."""
    batches = {c.fact.batch: c for c in found if c.matter == "late" and c.fact.source == Source.IMPORT}
    told = [Cause("imported", c.fact, c.by) for c in batches.values()]
    rest = [c for c in found if c.matter != "late" or c.fact.source != Source.IMPORT]
    return told + [replace(c, matter="again") if _is_again(c) else c for c in rest]


def _is_again(cause: Cause) -> bool:
    """Whether an import was not undone as a mistake but came once more."""
    return cause.matter == "undone" and cause.by.source == Source.IMPORT


def _told(here: LeadState, there: LeadState, people: Mapping[int | None, str], untold: bool, desk: Desk) -> list[str]:
    """What the state `there` says otherwise, as parts of one line."""
    if bool(here.version) != bool(there.version):
        if not there.version:
            return [pgettext("what the other clock says", "the lead did not exist yet")]
        return [stage(there.status), _holder(there, people, untold)]
    parts = []
    if here.status != there.status:
        parts.append(stage(there.status))
    elif here.stage_entered_at != there.stage_entered_at and there.stage_entered_at:
        since = {"stage": stage(there.status), "moment": moments.exact(there.stage_entered_at, desk.zone)}
        parts.append(gettext("%(stage)s since %(moment)s") % since)
    if here.agent != there.agent:
        parts.append(_holder(there, people, untold))
    for flag in Flag:
        if here.flag(flag.value) != there.flag(flag.value):
            words = gettext("“%(flag)s” set") if there.flag(flag.value) else gettext("“%(flag)s” not set")
            parts.append(words % {"flag": flag.label})
    if here.status == there.status and here.document_missing != there.document_missing:
        parts.append(gettext("no document") if there.document_missing else gettext("with its document"))
    return parts


def _lines(here: Lines, there: Lines, stood: LeadState, stands: LeadState) -> list[str]:
    """The printed lines that read otherwise, less the holder's where another one has been named already."""
    parts = [there.holder] if here.holder != there.holder and stood.agent == stands.agent else []
    if here.first_contact != there.first_contact:
        parts.append(there.first_contact)
    return [*parts, there.last_contact] if here.last_contact != there.last_contact else parts


def _reason(code: str, kind: str, desk: Desk) -> str:
    words = label(code, kind, desk.reasons, desk.viewer.is_broker)
    return gettext("the reason was “%(reason)s”") % {"reason": words} if words else gettext("no reason was given")


def _holder(state: LeadState, people: Mapping[int | None, str], untold: bool) -> str:
    if untold:
        return pgettext("who holds a lead", "who had it is not recorded")
    if state.agent is None:
        return pgettext("who holds a lead", "in the pool")
    return pgettext("who holds a lead", "with %(agent)s") % {"agent": people.get(state.agent, "?")}


_MATTERS: dict[str, Callable[[], str]] = {
    "undone": lambda: gettext("The move to %(stage)s was undone on %(day)s."),
    "again": lambda: gettext("A later import brought it again on %(day)s."),
    "corrected": lambda: gettext("A reason was corrected on %(day)s."),
    "late": lambda: gettext("The move to %(stage)s was written down only on %(day)s."),
    "imported": lambda: gettext("An import told of it only on %(day)s."),
}


def _why(lead_id: int, cause: Cause, desk: Desk) -> Why:
    said = {"day": moments.exact(cause.by.recorded_at, desk.zone), "stage": stage(cause.fact.to_status)}
    words = _MATTERS[cause.matter]()
    if cause.matter == "late" and not cause.fact.to_status:
        words = _written_late(cause.fact)
    version = cause.by.version
    return Why(words % said, f"{reverse('lead', args=[lead_id])}?cursor={version + 1}#v{version}")


def _written_late(fact: Any) -> str:
    """The sentence for a fact that was written down late and moved nothing."""
    if fact.kind == Kind.CONTACT_LOGGED:
        called = isinstance(fact.data, dict) and fact.data.get("channel") == Channel.CALL
        return (
            gettext("A call was logged late, on %(day)s.")
            if called
            else gettext("A contact was logged late, on %(day)s.")
        )
    if fact.kind == Kind.NOTE_ADDED:
        return gettext("A document was added late, on %(day)s.")
    if fact.flag:
        return gettext("A flag was written down only on %(day)s.")
    return gettext("That it changed hands was written down only on %(day)s.")
