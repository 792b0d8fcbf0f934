"""Why is this lead here? *Back in Qualified since 12 May: the contract was voided, appraisal came in low.*"""

from lifecycle.events import Kind
from lifecycle.states import State
from lifecycle.timeline.because import label, lowered
from lifecycle.visits import Visit

from .. import moments
from .desk import Desk

_BROUGHT = {
    Kind.LEAD_CREATED: "the inquiry came in and nobody has reached out yet",
    Kind.CONTACT_ATTEMPTED: "the first outreach was made",
    Kind.BOGUS_CONTACT_DETECTED: "bad contact data",
    Kind.MOTIVATION_CONFIRMED: "motivation confirmed",
    Kind.TIMED_OUT_NO_RESPONSE: "no answer for as long as the office waits",
    Kind.BUYER_AGREEMENT_SIGNED: "the buyer's agreement is signed",
    Kind.TIMED_OUT_NO_PROGRESS: "no progress for as long as the office waits",
    Kind.CONTRACT_EXECUTED: "the offer was accepted",
    Kind.DEAL_COLLAPSED: "the deal collapsed",
    Kind.CLOSING_COMPLETED: "funded, and the keys are exchanged",
    Kind.CONTRACT_VOIDED: "the contract was voided",
    Kind.LEAD_RE_ENGAGED: "re-engaged",
    Kind.CONTACT_INFO_UPDATED: "the contact data was corrected, so the first-contact clock runs again",
    Kind.HISTORY_IMPORTED: "as another system had it",
    Kind.IMPORT_WITHDRAWN: "the import that brought it was taken back",
}
_TIMES = {2: "Second", 3: "Third", 4: "Fourth", 5: "Fifth", 6: "Sixth"}


def why_here(visits: list[Visit], desk: Desk) -> str:
    """One or two sentences on how the lead came to where it stands, and how often it has been there."""
    if not visits:
        return ""
    here = visits[-1]
    times = sum(v.state == here.state for v in visits)
    since = f"{'about ' if here.about else ''}{moments.day(here.since, desk.zone, desk.now)}"
    sentence = f"{_opening(here, times)} since {since}: {_cause(visits, desk)}."
    return f"{sentence} {_TIMES.get(times, f'{times}th')} time here." if times > 1 else sentence


def _opening(here: Visit, times: int) -> str:
    if here.state in (State.CLOSED, State.ARCHIVED, State.TRASHED):
        return f"{here.label} again" if times > 1 else here.label
    return f"{'Back in' if times > 1 or here.is_demotion else 'In'} {here.label}"


def _cause(visits: list[Visit], desk: Desk) -> str:
    here = visits[-1]
    brought = _BROUGHT.get(Kind(here.kind)) if here.kind in set(Kind) else None
    reason = label(here.reason, here.kind, desk.reasons, desk.viewer.is_broker)
    if here.kind == Kind.ARCHIVED_MANUALLY and reason:
        parts = [lowered(reason)]
    elif here.kind == Kind.HISTORY_IMPORTED:
        parts = ["brought over from another system, which kept no reason" if not here.reason else "from another system"]
    else:
        parts = [brought or "by a fact that a newer version of Hindsight knows"]
        if reason:
            parts.append(lowered(reason))
    again = visits[-2] if len(visits) > 1 else None
    # A lead that was set aside, came back and qualified again is told apart from a fresh one.
    if here.kind == Kind.MOTIVATION_CONFIRMED and again and again.kind == Kind.LEAD_RE_ENGAGED:
        parts.insert(0, f"re-engaged on {moments.day(again.since, desk.zone, desk.now)}")
    return ", ".join(parts)
