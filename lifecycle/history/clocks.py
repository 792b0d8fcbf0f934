"""The two questions about the past. Every screen and export that shows the past names which one it answers. Pure."""

from collections.abc import Callable
from enum import StrEnum

from ..speech import pgettext


class Clock(StrEnum):
    """By which clock a fact belongs to the past: when it happened, or when it was written down."""

    HAPPENED = "happened"
    KNOWN = "known"

    @property
    def label(self) -> str:
        """The name of the question: *as it was*, *as we knew it then*."""
        return _LABEL[self]()

    @property
    def meaning(self) -> str:
        return _MEANING[self]()

    @property
    def column(self) -> str:
        """The column of the log that this clock goes by."""
        return "occurred_at" if self is Clock.HAPPENED else "recorded_at"


_LABEL: dict[Clock, Callable[[], str]] = {
    Clock.HAPPENED: lambda: pgettext("which past", "As it was"),
    Clock.KNOWN: lambda: pgettext("which past", "As we knew it then"),
}
_MEANING: dict[Clock, Callable[[], str]] = {
    Clock.HAPPENED: lambda: pgettext(
        "which past", "What had happened by then, late entries included; moves that were undone later do not count."
    ),
    Clock.KNOWN: lambda: pgettext(
        "which past",
        "What had been written down by then, mistakes included; what was recorded or undone later is left out.",
    ),
}


def read_clock(text: str | None) -> Clock:
    """The clock of a query string: ``known``, or *as it was* for anything else."""
    return Clock.KNOWN if text == Clock.KNOWN.value else Clock.HAPPENED
