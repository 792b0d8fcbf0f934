"""What erasing a lead's person would take away, what would stay, and what nobody here can reach. Reads only."""

from dataclasses import dataclass

from django.utils.translation import pgettext

from lifecycle.models import EventNote, LeadEvent
from lifecycle.service.erasing import filled_fields, legal_hold

from ..duplicates import find_duplicates
from ..imports.drafts import drafts
from ..models import Lead, Trace, User
from .places import Places

_FIELDS = {
    "name": lambda: pgettext("contact data, in a list", "the name"),
    "email": lambda: pgettext("contact data, in a list", "the e-mail"),
    "phone": lambda: pgettext("contact data, in a list", "the phone"),
    "headline": lambda: pgettext("contact data, in a list", "what they want"),
    "address": lambda: pgettext("contact data, in a list", "the address"),
}
#: So many hand-outs of the last year are named.
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Outlook:
    """``fields``: contact data in words. ``notes``, ``rows``, ``files``, ``entries``: how many go. ``facts`` stay.

    ``same``: other leads with the same e-mail or phone, which are erased one by one. ``waiting``: files that wait to be
    brought in. ``handed``: who was handed this lead's data, newest first, ``handed_more`` beyond those.
    """

    fields: list[str]
    notes: int
    rows: int
    files: int
    entries: int
    facts: int
    held: bool
    same: list[Lead]
    waiting: int
    handed: list[Trace]
    handed_more: int

    @property
    def anything(self) -> bool:
        return bool(self.fields or self.notes or self.rows or self.files or self.entries)


def outlook(lead: Lead, viewer: User) -> Outlook:
    """In: a lead that this broker sees. Raises ``BadInput`` while a file that tells of the person is on its way in."""
    beside = Places().found(lead.pk)
    handed = Trace.objects.filter(lead=lead).order_by("-at")
    n = handed.count()
    return Outlook(
        fields=[_FIELDS[name]() for name in _FIELDS if name in filled_fields(lead.pk)],
        notes=EventNote.objects.filter(event__lead=lead).count(),
        rows=beside["rows"],
        files=beside["files"],
        entries=beside["entries"],
        facts=LeadEvent.objects.filter(lead=lead).count(),
        held=legal_hold(lead.pk),
        same=[other for other, _ in find_duplicates(viewer, lead.email, lead.phone).seen if other.pk != lead.pk],
        waiting=drafts().count(),
        handed=list(handed[:_NAMED]),
        handed_more=max(0, n - _NAMED),
    )
