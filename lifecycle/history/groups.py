"""The groups into which the changes between two instants fall, with their words. Pure."""

from collections.abc import Callable
from enum import StrEnum

from ..speech import pgettext


class Group(StrEnum):
    """What happened, in the order in which a meeting goes through it: what needs words first, what only came in last.

    The value is the word in files and addresses.
    """

    FELL_BACK = "fell_back"
    CLOSED = "closed"
    ADVANCED = "advanced"
    MOVED_BACK = "moved_back"
    RE_ENGAGED = "re_engaged"
    RESTORED = "restored"
    ARCHIVED = "archived"
    TRASHED = "trashed"
    REASSIGNED = "reassigned"
    FLAGS = "flags_changed"
    UNDONE = "undone"
    THERE_AND_BACK = "there_and_back"
    NEW = "new"

    @property
    def label(self) -> str:
        return _WORDS[self][0]()

    @property
    def meaning(self) -> str:
        return _WORDS[self][1]()


#: These are not everyday's: a page names them only when there is something in them.
RARE = frozenset({Group.MOVED_BACK, Group.RESTORED, Group.UNDONE})

_WORDS: dict[Group, tuple[Callable[[], str], Callable[[], str]]] = {
    Group.NEW: (
        lambda: pgettext("what changed", "New"),
        lambda: pgettext("what changed", "Came in, with the agent who got the lead at once."),
    ),
    Group.ADVANCED: (
        lambda: pgettext("what changed", "Advanced"),
        lambda: pgettext("what changed", "Went to a later stage, by one step or several."),
    ),
    Group.CLOSED: (
        lambda: pgettext("what changed", "Closed"),
        lambda: pgettext("what changed", "Funded, keys exchanged."),
    ),
    Group.FELL_BACK: (
        lambda: pgettext("what changed", "Fell back"),
        lambda: pgettext("what changed", "A deal collapsed or a contract was voided, and why."),
    ),
    Group.MOVED_BACK: (
        lambda: pgettext("what changed", "Moved back by an import"),
        lambda: pgettext("what changed", "Imported moves to an earlier stage that our board does not have."),
    ),
    Group.RE_ENGAGED: (
        lambda: pgettext("what changed", "Re-engaged"),
        lambda: pgettext("what changed", "Back from the archive."),
    ),
    Group.RESTORED: (
        lambda: pgettext("what changed", "Back from the trash"),
        lambda: pgettext("what changed", "Contact data were corrected; the lead began anew."),
    ),
    Group.ARCHIVED: (
        lambda: pgettext("what changed", "Archived"),
        lambda: pgettext("what changed", "Set aside by hand or after a timeout."),
    ),
    Group.TRASHED: (
        lambda: pgettext("what changed", "Trashed"),
        lambda: pgettext("what changed", "The contact data turned out to be bad."),
    ),
    Group.REASSIGNED: (
        lambda: pgettext("what changed", "Reassigned"),
        lambda: pgettext("what changed", "Changed hands, was taken from the pool or returned to it."),
    ),
    Group.FLAGS: (
        lambda: pgettext("what changed", "Flags changed"),
        lambda: pgettext("what changed", "A channel was closed or opened."),
    ),
    Group.UNDONE: (
        lambda: pgettext("what changed", "Undone"),
        lambda: pgettext("what changed", "A move was taken back as a mistake; no deal fell through."),
    ),
    Group.THERE_AND_BACK: (
        lambda: pgettext("what changed", "There and back"),
        lambda: pgettext("what changed", "Moved, and stood at the end as at the beginning. Counted above as well."),
    ),
}
