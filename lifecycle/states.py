"""The eight states of a lead, in board order. Exactly one holds at any moment."""

from enum import StrEnum


class State(StrEnum):
    """Where a lead stands. The value is the word in the database; ``label`` is the word on the screen."""

    NEW = "NEW"
    CONTACTING = "CONTACTING"
    QUALIFIED = "QUALIFIED"
    COMMITTED = "COMMITTED"
    IN_CONTRACT = "IN_CONTRACT"
    CLOSED = "CLOSED"
    ARCHIVED = "ARCHIVED"
    TRASHED = "TRASHED"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()

    @property
    def meaning(self) -> str:
        return MEANING[self]


MEANING = {
    State.NEW: "Inquiry arrived, no outreach yet; the first-contact clock runs.",
    State.CONTACTING: "First outreach made, awaiting a response.",
    State.QUALIFIED: "Motivated and shopping; searching and touring share this column.",
    State.COMMITTED: "Buyer's agreement signed; a verbal yes is not enough.",
    State.IN_CONTRACT: "Offer accepted, in escrow.",
    State.CLOSED: "Funded, keys exchanged. Repeat business is a new lead.",
    State.ARCHIVED: "Set aside after a timeout or by hand. Can be re-engaged.",
    State.TRASHED: "Bad contact data. Not deleted; corrected data brings it back.",
}

#: Columns that are worked every day; the others fold to a slim strip on the board.
WORKING = (State.NEW, State.CONTACTING, State.QUALIFIED, State.COMMITTED, State.IN_CONTRACT)
FOLDED = (State.CLOSED, State.ARCHIVED, State.TRASHED)


class Provenance(StrEnum):
    """How a lead came into QUALIFIED, the four ways told apart (and one for what another system never said)."""

    FRESH = "fresh"
    FELL_BACK_COMMITTED = "fell_back_committed"
    FELL_BACK_CONTRACT = "fell_back_contract"
    RE_ENGAGED = "re_engaged"
    IMPORTED = "imported"

    @property
    def label(self) -> str:
        return _PROVENANCE_LABEL[self]


_PROVENANCE_LABEL = {
    Provenance.FRESH: "Fresh",
    Provenance.FELL_BACK_COMMITTED: "Fell back before contract",
    Provenance.FELL_BACK_CONTRACT: "Fell back from contract",
    Provenance.RE_ENGAGED: "Re-engaged",
    Provenance.IMPORTED: "Imported",
}
