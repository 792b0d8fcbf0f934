"""The eight states of a lead, in board order. Exactly one holds at any moment."""

from collections.abc import Callable
from enum import StrEnum

from .speech import gettext, gettext_noop, pgettext


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
        return _LABEL[self]()

    @property
    def meaning(self) -> str:
        return gettext(_MEANING[self])


class NewerStage(str):
    """A stage that only a newer release knows: it reads as it is written, and has no column here."""

    @property
    def label(self) -> str:
        return self.replace("_", " ").capitalize()

    @property
    def meaning(self) -> str:
        return ""


def known(*stages: State | NewerStage | None) -> set[State]:
    """Those of these stages that this release has."""
    return {stage for stage in stages if isinstance(stage, State)}


_LABEL: dict[State, Callable[[], str]] = {
    State.NEW: lambda: pgettext("stage", "New"),
    State.CONTACTING: lambda: pgettext("stage", "Contacting"),
    State.QUALIFIED: lambda: pgettext("stage", "Qualified"),
    State.COMMITTED: lambda: pgettext("stage", "Committed"),
    State.IN_CONTRACT: lambda: pgettext("stage", "In contract"),
    State.CLOSED: lambda: pgettext("stage", "Closed"),
    State.ARCHIVED: lambda: pgettext("stage", "Archived"),
    State.TRASHED: lambda: pgettext("stage", "Trashed"),
}
_MEANING = {
    State.NEW: gettext_noop("Inquiry arrived, no outreach yet; the first-contact clock runs."),
    State.CONTACTING: gettext_noop("First outreach made, awaiting a response."),
    State.QUALIFIED: gettext_noop("Motivated and shopping; searching and touring share this column."),
    State.COMMITTED: gettext_noop("Buyer's agreement signed; a verbal yes is not enough."),
    State.IN_CONTRACT: gettext_noop("Offer accepted, in escrow."),
    State.CLOSED: gettext_noop("Funded, keys exchanged. Repeat business is a new lead."),
    State.ARCHIVED: gettext_noop("Set aside after a timeout or by hand. Can be re-engaged."),
    State.TRASHED: gettext_noop("Bad contact data. Not deleted; corrected data brings it back."),
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
        return _PROVENANCE_LABEL[self]()


_PROVENANCE_LABEL: dict[Provenance, Callable[[], str]] = {
    Provenance.FRESH: lambda: pgettext("how a lead became qualified", "Fresh"),
    Provenance.FELL_BACK_COMMITTED: lambda: pgettext("how a lead became qualified", "Fell back before contract"),
    Provenance.FELL_BACK_CONTRACT: lambda: pgettext("how a lead became qualified", "Fell back from contract"),
    Provenance.RE_ENGAGED: lambda: pgettext("how a lead became qualified", "Re-engaged"),
    Provenance.IMPORTED: lambda: pgettext("how a lead became qualified", "Imported"),
}
