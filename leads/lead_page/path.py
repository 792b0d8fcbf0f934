"""The path strip: every stay of a lead in a stage, how long it lasted, and which steps led back."""

from dataclasses import dataclass

from lifecycle.events import Kind
from lifecycle.timeline.because import label, lowered
from lifecycle.visits import Visit

from .. import moments
from .desk import Desk


@dataclass(frozen=True, slots=True)
class Step:
    """One stay. ``look``: is-now, is-back (fell back), is-again (came back), or nothing."""

    label: str
    length: str
    look: str
    sign: str
    more: str
    anchor: str


def steps(visits: list[Visit], desk: Desk, shown: set[int]) -> list[Step]:
    """The stays as the strip draws them, oldest first. In: the versions on the page, to link to their rows."""
    return [_step(visit, desk, shown) for visit in visits]


def _step(visit: Visit, desk: Desk, shown: set[int]) -> Step:
    seconds = ((visit.until or desk.now) - visit.since).total_seconds()
    look, sign = _look(visit)
    reason = label(visit.reason, visit.kind, desk.reasons, desk.viewer.is_broker)
    since = moments.exact(visit.since, desk.zone)
    until = moments.exact(visit.until, desk.zone) if visit.until else "now"
    return Step(
        label=visit.label,
        length=moments.span(seconds),
        look=f"{look} is-now".strip() if visit.until is None else look,
        sign=f"{sign}: {lowered(reason)}" if sign and reason else sign,
        more=f"{'About ' if visit.about else ''}{since} to {until}",
        anchor=f"#v{visit.version}" if visit.version in shown else f"?cursor={visit.version + 1}#v{visit.version}",
    )


def _look(visit: Visit) -> tuple[str, str]:
    if visit.is_demotion:
        return "is-back", "deal collapsed" if visit.kind == Kind.DEAL_COLLAPSED else "contract voided"
    if visit.kind == Kind.LEAD_RE_ENGAGED:
        return "is-again", "re-engaged"
    if visit.kind == Kind.CONTACT_INFO_UPDATED:
        return "is-again", "contact data corrected"
    return "", ""
