"""How a reason reads inside a sentence: *Joe handed Dana to Ryan **because of a schedule conflict**.* Pure."""

from ..authority import reason_shown
from ..reasons import NOT_RECORDED, SEED, Reason

#: What a viewer who may not read a reason reads instead.
HIDDEN = "another reason"

_CLAUSES = {
    "initial_routing": "",
    "sla_breach": "because the first contact was late",
    "schedule_conflict": "because of a schedule conflict",
    "pto_or_leave": "because of time off",
    "agent_departed": "because the agent left the office",
    "workload_balance": "to balance the workload",
    "specialty_match": "for a better match by specialty",
    "language_match": "for a better match by language",
    "territory": "because of the territory",
    "client_request": "because the client asked for it",
    "conflict_of_interest": "because of a conflict of interest",
    "performance": "because of performance",
    "returned_to_pool": "",
    "correction": "to correct a mistake",
    "other": f"for {HIDDEN}",
}
_SEED_LABELS = {r.code: r.label for r in SEED}


def label(code: str, kind: str, book: dict[str, Reason], viewer_is_broker: bool) -> str:
    """The words of a reason code on a fact of this kind, as this viewer may read them; ``""`` for none."""
    if not code:
        return ""
    if not reason_shown(code, kind, viewer_is_broker):
        return HIDDEN
    if code == NOT_RECORDED:
        return "Reason not recorded"
    known = book.get(code)
    return known.label if known else code.replace("_", " ").capitalize()


def lowered(words: str) -> str:
    """A label inside a sentence; an abbreviation such as HOA keeps its capitals."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def clause(code: str, words: str) -> str:
    """Why a lead changed hands, to stand at the end of the sentence. In: the code and its label as shown.

    A label that the office has changed is quoted as it is: the clause would no longer say the same.
    """
    if code == NOT_RECORDED:
        return ""
    if words == HIDDEN:
        return f"for {HIDDEN}"
    if code in _CLAUSES and words == _SEED_LABELS.get(code):
        return _CLAUSES[code]
    return f"because of “{words}”" if words else ""
