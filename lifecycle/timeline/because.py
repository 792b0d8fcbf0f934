"""How a reason reads inside a sentence: *Joe handed Dana to Ryan **because of a schedule conflict**.* Pure."""

from collections.abc import Callable

from ..authority import reason_shown
from ..reasons import INITIAL_ROUTING, NOT_RECORDED, OTHER, SEED_LABELS, Reason
from ..speech import gettext, gettext_noop, pgettext

#: What a viewer who may not read a reason reads instead.
HIDDEN = gettext_noop("another reason")
_NOT_KNOWN = gettext_noop("Reason not recorded")

#: What needs no clause: the sentence itself says it.
_SAID_ALREADY = frozenset({INITIAL_ROUTING, "returned_to_pool", NOT_RECORDED})
_CLAUSES: dict[str, Callable[[], str]] = {
    "sla_breach": lambda: pgettext("why a lead changed hands", "because the first contact was late"),
    "schedule_conflict": lambda: pgettext("why a lead changed hands", "because of a schedule conflict"),
    "pto_or_leave": lambda: pgettext("why a lead changed hands", "because of time off"),
    "agent_departed": lambda: pgettext("why a lead changed hands", "because the agent left the office"),
    "workload_balance": lambda: pgettext("why a lead changed hands", "to balance the workload"),
    "specialty_match": lambda: pgettext("why a lead changed hands", "for a better match by specialty"),
    "language_match": lambda: pgettext("why a lead changed hands", "for a better match by language"),
    "territory": lambda: pgettext("why a lead changed hands", "because of the territory"),
    "client_request": lambda: pgettext("why a lead changed hands", "because the client asked for it"),
    "conflict_of_interest": lambda: pgettext("why a lead changed hands", "because of a conflict of interest"),
    "performance": lambda: pgettext("why a lead changed hands", "because of performance"),
    "correction": lambda: pgettext("why a lead changed hands", "to correct a mistake"),
    OTHER: lambda: pgettext("why a lead changed hands", "for another reason"),
}


def label(code: str, kind: str, book: dict[str, Reason], viewer_is_broker: bool) -> str:
    """The words of a reason code on a fact of this kind, as this viewer may read them; ``""`` for none."""
    if not code:
        return ""
    if not reason_shown(code, kind, viewer_is_broker):
        return gettext(HIDDEN)
    if code == NOT_RECORDED:
        return gettext(_NOT_KNOWN)
    known = book.get(code)
    return known.label if known else code.replace("_", " ").capitalize()


def lowered(words: str) -> str:
    """A label inside a sentence; an abbreviation such as HOA keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def in_sentence(words: str) -> str:
    """The label of a reason after a colon. *Archived: other* would leave the reader asking "other what?"."""
    if words == gettext(SEED_LABELS[OTHER]):
        return pgettext("why something happened", "other reason")
    return lowered(words)


def clause(code: str, words: str) -> str:
    """Why a lead changed hands, to stand at the end of the sentence. In: the code and its label as shown.

    A label that the office has changed is quoted as it is: the clause would no longer say the same.
    """
    if code == NOT_RECORDED or not words:
        return ""
    if words == gettext(HIDDEN):
        return _CLAUSES[OTHER]()
    if words == gettext(SEED_LABELS.get(code, "")):
        if code in _SAID_ALREADY:
            return ""
        if code in _CLAUSES:
            return _CLAUSES[code]()
    return pgettext("why a lead changed hands", "because of “%(reason)s”") % {"reason": words}
