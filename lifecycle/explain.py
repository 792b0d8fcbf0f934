"""Why a move is not possible, in a sentence that says what to do instead. Pure; drawn from the table of moves."""

from collections.abc import Sequence

from .speech import gettext, gettext_noop, pgettext
from .states import State
from .transitions import legal_targets

_WHY: dict[tuple[State, State], str] = {
    (State.COMMITTED, State.ARCHIVED): gettext_noop(
        "Move it back to Qualified first and record why the deal collapsed."
    ),
    (State.COMMITTED, State.TRASHED): gettext_noop(
        "Move it back to Qualified first and record why the deal collapsed."
    ),
    (State.IN_CONTRACT, State.ARCHIVED): gettext_noop(
        "Move it back to Qualified first and record why the contract was voided."
    ),
    (State.IN_CONTRACT, State.TRASHED): gettext_noop(
        "Move it back to Qualified first and record why the contract was voided."
    ),
    (State.IN_CONTRACT, State.COMMITTED): gettext_noop("A voided contract goes back to Qualified, with the reason."),
    (State.COMMITTED, State.CLOSED): gettext_noop("It has to be in contract first."),
    (State.QUALIFIED, State.IN_CONTRACT): gettext_noop("The buyer's agreement comes first: move it to Committed."),
    (State.QUALIFIED, State.TRASHED): gettext_noop(
        "The contact data of a qualified lead proved good; archive it instead."
    ),
    (State.NEW, State.QUALIFIED): gettext_noop("Log the first contact, then qualify it."),
    (State.CONTACTING, State.COMMITTED): gettext_noop("Qualify it first."),
    (State.ARCHIVED, State.QUALIFIED): gettext_noop("Re-engage it first: move it to Contacting."),
    (State.TRASHED, State.CONTACTING): gettext_noop("Correct the contact data first: move it to New."),
}


def why_not(from_status: str, to_status: str) -> str:
    """What stands against moving a lead from one stage to another, and where it may go instead.

    In: two status words, of which the pair is not in the table of moves. Out: one or two sentences.
    """
    if from_status == State.CLOSED:
        return gettext("A closed lead stays closed. Repeat business is a new lead.")
    if from_status not in set(State):
        return gettext("A newer version of Hindsight has put this lead here. Ask your admin to update this server.")
    source, target = State(from_status), State(to_status)
    if target == State.NEW and source != State.TRASHED:
        return gettext("A lead is new only once.")
    if (source, target) in _WHY:
        return gettext(_WHY[source, target])
    return gettext("From %(stage)s a lead can go to %(stages)s.") % {
        "stage": source.label,
        "stages": _either([s.label for s in legal_targets(source)]),
    }


def _either(names: Sequence[str]) -> str:
    """``A``, ``A or B``, ``A, B or C``."""
    if len(names) == 1:
        return names[0]
    if len(names) == 2:
        return pgettext("end of a list", "%(first)s or %(last)s") % {"first": names[0], "last": names[1]}
    return pgettext("list", "%(first)s, %(rest)s") % {"first": names[0], "rest": _either(names[1:])}
