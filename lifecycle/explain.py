"""Why a move is not possible, in a sentence that says what to do instead. Pure; drawn from the table of moves."""

from .states import State
from .transitions import legal_targets

_WHY: dict[tuple[State, State], str] = {
    (State.COMMITTED, State.ARCHIVED): "Move it back to Qualified first and record why the deal collapsed.",
    (State.COMMITTED, State.TRASHED): "Move it back to Qualified first and record why the deal collapsed.",
    (State.IN_CONTRACT, State.ARCHIVED): "Move it back to Qualified first and record why the contract was voided.",
    (State.IN_CONTRACT, State.TRASHED): "Move it back to Qualified first and record why the contract was voided.",
    (State.IN_CONTRACT, State.COMMITTED): "A voided contract goes back to Qualified, with the reason.",
    (State.COMMITTED, State.CLOSED): "It has to be in contract first.",
    (State.QUALIFIED, State.IN_CONTRACT): "The buyer's agreement comes first: move it to Committed.",
    (State.QUALIFIED, State.TRASHED): "The contact data of a qualified lead proved good; archive it instead.",
    (State.NEW, State.QUALIFIED): "Log the first contact, then qualify it.",
    (State.CONTACTING, State.COMMITTED): "Qualify it first.",
    (State.ARCHIVED, State.QUALIFIED): "Re-engage it first: move it to Contacting.",
    (State.TRASHED, State.CONTACTING): "Correct the contact data first: move it to New.",
}


def why_not(from_status: str, to_status: str) -> str:
    """What stands against moving a lead from one stage to another, and where it may go instead.

    In: two status words, of which the pair is not in the table of moves. Out: one or two sentences.
    """
    if from_status == State.CLOSED:
        return "A closed lead stays closed. Repeat business is a new lead."
    source, target = State(from_status), State(to_status)
    if target == State.NEW and source != State.TRASHED:
        return "A lead is new only once."
    return _WHY.get((source, target)) or f"From {source.label} a lead can go to {_listed(source)}."


def _listed(source: State) -> str:
    names = [s.label for s in legal_targets(source)]
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
