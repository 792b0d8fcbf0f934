"""What every report may be asked: which window, which past, which truth, whose figures. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from ..history.truth import Reading
from ..speech import pgettext


class Credit(StrEnum):
    """To whom a collapse, and the entry that it is measured against, is credited."""

    HOLDER = "holder"
    COMMITTED_HOLDER = "committed_holder"
    SHARED = "shared"
    ACTOR = "actor"

    @property
    def label(self) -> str:
        return _LABEL[self]()


_LABEL: dict[Credit, Callable[[], str]] = {
    Credit.HOLDER: lambda: pgettext("credit of a collapse", "Who held the lead when it fell back"),
    Credit.COMMITTED_HOLDER: lambda: pgettext("credit of a collapse", "Who held it when the agreement was signed"),
    Credit.SHARED: lambda: pgettext("credit of a collapse", "Shared by the days that each held it"),
    Credit.ACTOR: lambda: pgettext("credit of a collapse", "Who recorded it"),
}


class Whose(StrEnum):
    """The two answers to "whose figures?" that name no person."""

    EVERYBODY = ""
    POOL = "pool"


@dataclass(frozen=True, slots=True)
class Scope:
    """One question to the log. Times are aware; the window is ``since`` ≤ ``occurred_at`` < ``until``, None: open.

    ``known_at``: only facts that were recorded by then, so that the answer never changes again; None: all of them.
    ``whose``: an agent's id, the pool or everybody; who a figure belongs to is each report's own rule.
    ``reading``: voided moves out and reasons as corrected, or as first recorded. ``inferred``: also stays whose length
    nobody recorded (`counting.UNRECORDED`).
    """

    zone: tzinfo
    now: datetime
    since: datetime | None = None
    until: datetime | None = None
    known_at: datetime | None = None
    whose: int | Whose = Whose.EVERYBODY
    reading: Reading = Reading.CORRECTED
    credit: Credit = Credit.HOLDER
    inferred: bool = False

    @property
    def end(self) -> datetime:
        """The instant up to which something that goes on has lasted: as known then, or now."""
        return self.now if self.known_at is None else self.known_at
