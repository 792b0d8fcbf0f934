"""Why is this lead here? *Back in Qualified since 12 May: the contract was voided, appraisal came in low.*"""

from collections.abc import Callable

from django.utils.translation import gettext, pgettext

from lifecycle.events import Kind
from lifecycle.states import State
from lifecycle.timeline.because import in_sentence, label
from lifecycle.visits import Visit

from .. import moments, times_here
from .desk import Desk

_BROUGHT: dict[Kind, Callable[[], str]] = {
    Kind.LEAD_CREATED: lambda: pgettext("why it is here", "the inquiry came in and nobody has reached out yet"),
    Kind.CONTACT_ATTEMPTED: lambda: pgettext("why it is here", "the first outreach was made"),
    Kind.BOGUS_CONTACT_DETECTED: lambda: pgettext("why it is here", "bad contact data"),
    Kind.MOTIVATION_CONFIRMED: lambda: pgettext("why it is here", "motivation confirmed"),
    Kind.TIMED_OUT_NO_RESPONSE: lambda: pgettext("why it is here", "no answer for as long as the office waits"),
    Kind.BUYER_AGREEMENT_SIGNED: lambda: pgettext("why it is here", "the buyer's agreement is signed"),
    Kind.TIMED_OUT_NO_PROGRESS: lambda: pgettext("why it is here", "no progress for as long as the office waits"),
    Kind.CONTRACT_EXECUTED: lambda: pgettext("why it is here", "the offer was accepted"),
    Kind.DEAL_COLLAPSED: lambda: pgettext("why it is here", "the deal collapsed"),
    Kind.CLOSING_COMPLETED: lambda: pgettext("why it is here", "funded, and the keys are exchanged"),
    Kind.CONTRACT_VOIDED: lambda: pgettext("why it is here", "the contract was voided"),
    Kind.LEAD_RE_ENGAGED: lambda: pgettext("why it is here", "re-engaged"),
    Kind.CONTACT_INFO_UPDATED: lambda: pgettext(
        "why it is here", "the contact data was corrected, so the first-contact clock runs again"
    ),
    Kind.HISTORY_IMPORTED: lambda: pgettext("why it is here", "from another system"),
    Kind.IMPORT_WITHDRAWN: lambda: pgettext("why it is here", "the import that brought it was taken back"),
}
#: "In In contract" says nobody; what is set aside or done is not a place either.
_SAID_PLAINLY = frozenset({State.NEW, State.IN_CONTRACT, State.CLOSED, State.ARCHIVED, State.TRASHED})


def why_here(visits: list[Visit], desk: Desk) -> str:
    """One or two sentences on how the lead came to where it stands, and how often it has been there."""
    if not visits:
        return ""
    here = visits[-1]
    times = sum(v.state == here.state for v in visits)
    sentence = _since(here, times) % {
        "stage": here.label,
        "day": _day(here, desk),
        "why": _cause(visits, desk),
    }
    return f"{sentence} {times_here.sentence(times)}" if times > 1 else sentence


def _day(here: Visit, desk: Desk) -> str:
    if here.about:
        return moments.guessed_day(here.since, desk.zone, desk.now, at_latest=here.undated)
    return moments.day(here.since, desk.zone, desk.now)


def _since(here: Visit, times: int) -> str:
    if here.state in _SAID_PLAINLY:
        if times > 1:
            return gettext("%(stage)s again since %(day)s: %(why)s.")
        return gettext("%(stage)s since %(day)s: %(why)s.")
    if times > 1 or here.is_demotion:
        return gettext("Back in %(stage)s since %(day)s: %(why)s.")
    return gettext("In %(stage)s since %(day)s: %(why)s.")


def _cause(visits: list[Visit], desk: Desk) -> str:
    here = visits[-1]
    if here.from_unknown:
        return pgettext("why it is here", "so it stood in the old system, and how it came there is not known")
    if here.imported and here.kind == Kind.LEAD_CREATED:
        return pgettext("why it is here", "so it came over from another system")
    reason = in_sentence(label(here.reason, here.kind, desk.reasons, desk.viewer.is_broker))
    if here.kind == Kind.HISTORY_IMPORTED and not reason:
        return pgettext("why it is here", "brought over from another system, which kept no reason")
    cause = _with_reason(_brought(here.kind, reason), reason)
    again = visits[-2] if len(visits) > 1 else None
    # A lead that was set aside, came back and qualified again is told apart from a fresh one.
    if here.kind == Kind.MOTIVATION_CONFIRMED and again and again.kind == Kind.LEAD_RE_ENGAGED:
        return _re_engaged(again, cause, desk)
    return cause


def _re_engaged(again: Visit, cause: str, desk: Desk) -> str:
    reason = in_sentence(label(again.reason, again.kind, desk.reasons, desk.viewer.is_broker))
    said = {"day": moments.day(again.since, desk.zone, desk.now), "reason": reason, "why": cause}
    if reason:
        return pgettext("why it is here", "re-engaged on %(day)s (%(reason)s), %(why)s") % said
    return pgettext("why it is here", "re-engaged on %(day)s, %(why)s") % said


def _brought(kind: str, reason: str) -> str:
    """What the move was that brought the lead; nothing where its reason says all."""
    if kind == Kind.ARCHIVED_MANUALLY and reason:
        return ""
    known = _BROUGHT.get(Kind(kind)) if kind in set(Kind) else None
    return known() if known else pgettext("why it is here", "by a fact that a newer version of Hindsight knows")


def _with_reason(what: str, reason: str) -> str:
    if not what or not reason:
        return what or reason
    return pgettext("why it is here", "%(what)s, %(reason)s") % {"what": what, "reason": reason}
