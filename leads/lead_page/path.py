"""The path strip: every stay of a lead in a stage, how long it lasted, and which steps led back."""

from dataclasses import dataclass

from django.utils.translation import gettext, pgettext

from lifecycle.events import Kind
from lifecycle.states import Provenance
from lifecycle.timeline.because import in_sentence, label
from lifecycle.visits import Visit

from .. import moments
from ..ways import WAYS
from .desk import Desk


@dataclass(frozen=True, slots=True)
class Step:
    """One stay. ``look``: is-now, is-back (fell back), is-again (came back), or nothing; ``icon`` tells which way.

    ``length``: how long it lasted, ``so_far`` where it goes on. ``is_unknown``: an old system did not say how long, so
    the words say that and no length is made up.
    """

    label: str
    length: str
    look: str
    icon: str
    sign: str
    more: str
    anchor: str
    so_far: bool
    is_unknown: bool


def steps(visits: list[Visit], desk: Desk, shown: set[int]) -> list[Step]:
    """The stays as the strip draws them, oldest first. In: the versions on the page, to link to their rows."""
    return [_step(visit, desk, shown) for visit in visits]


def _step(visit: Visit, desk: Desk, shown: set[int]) -> Step:
    look, icon, sign = _look(visit)
    reason = label(visit.reason, visit.kind, desk.reasons, desk.viewer.is_broker)
    return Step(
        label=visit.label,
        length=_length(visit, desk),
        look=f"{look} is-now".strip() if visit.until is None else look,
        icon=icon,
        sign=_with(sign, in_sentence(reason)) if sign and reason else sign,
        more=_from_to(visit, desk),
        anchor=f"#v{visit.version}" if visit.version in shown else f"?cursor={visit.version + 1}#v{visit.version}",
        so_far=visit.until is None and not visit.undated,
        is_unknown=not visit.measured,
    )


def _length(visit: Visit, desk: Desk) -> str:
    """How long the stay lasted, as far as anybody recorded it."""
    if visit.until is not None and not visit.measured:
        return pgettext("length of a stay", "length not recorded")
    if visit.until is None and visit.undated:
        return pgettext("length of a stay", "since when not recorded")
    span = moments.span(((visit.until or desk.now) - visit.since).total_seconds())
    return pgettext("length of time", "about %(span)s") % {"span": span} if visit.about else span


def _with(sign: str, reason: str) -> str:
    return pgettext("what happened: why", "%(what)s: %(reason)s") % {"what": sign, "reason": reason}


def _from_to(visit: Visit, desk: Desk) -> str:
    """Both ends of a stay to the second, as far as they are known."""
    ends = {"since": moments.exact(visit.since, desk.zone)}
    if visit.undated:
        ends["since"] = pgettext("a time that is not known", "%(time)s or earlier") % {"time": ends["since"]}
    elif visit.about:
        ends["since"] = pgettext("the beginning of a stay that is a guess", "About %(time)s") % {"time": ends["since"]}
    if visit.until is None:
        return gettext("%(since)s to now") % ends
    if visit.into_unknown:
        return gettext("%(since)s until an unrecorded time") % ends
    ends["until"] = moments.exact(visit.until, desk.zone)
    return gettext("%(since)s to %(until)s") % ends


def _look(visit: Visit) -> tuple[str, str, str]:
    if visit.kind == Kind.DEAL_COLLAPSED:
        return "is-back", _icon(Provenance.FELL_BACK_COMMITTED), pgettext("step of a path", "deal collapsed")
    if visit.is_demotion:
        return "is-back", _icon(Provenance.FELL_BACK_CONTRACT), pgettext("step of a path", "contract voided")
    if visit.kind == Kind.LEAD_RE_ENGAGED:
        return "is-again", _icon(Provenance.RE_ENGAGED), pgettext("step of a path", "re-engaged")
    if visit.kind == Kind.CONTACT_INFO_UPDATED:
        return "is-again", _icon(Provenance.RE_ENGAGED), pgettext("step of a path", "contact data corrected")
    return "", "", ""


def _icon(provenance: Provenance) -> str:
    return WAYS[provenance].icon
