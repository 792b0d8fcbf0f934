"""Where else a lead's person is told of: rows and files of imports, the admin's own list of changes, the old key.

The contact data on the lead and the words beside its facts are the service's own; these are the rest.
"""

import re
from collections.abc import Iterator
from functools import partial

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from lifecycle.errors import BadInput

from ..contact import normalised_email
from ..imports.receiving import put_away
from ..models import Import, ImportedRow, Lead, Outcome, Phase
from ..sessions import forget_sentences

#: While a file is in one of these, a worker or a person still needs all of it.
_AT_WORK = (Phase.CHECKING, Phase.CHECKED, Phase.WAITING, Phase.RUNNING, Phase.UNDOING)
#: Two numbers that end in the same so many figures are the same phone, with or without the country's code.
_FIGURES, _FEWEST = 10, 7
_NO_FIGURE = re.compile(r"\D")


class Places:
    """``lifecycle.service.Beside`` for the tables and files of ``leads``."""

    def found(self, lead_id: int) -> dict[str, int]:
        """How many rows of imports, files and entries of the admin tell of this person.

        Raises ``BadInput`` while such a file is on its way in: half of it would come in again.
        """
        lead = Lead.objects.get(pk=lead_id)
        files = _files(lead)
        if any(made.phase in _AT_WORK for made in files):
            raise BadInput(
                gettext("A file that tells of this person is on its way in. Let it finish or discard it, then erase.")
            )
        return {"rows": len(list(_rows(lead))), "files": len(files), "entries": _entries(lead_id).count()}

    def erase(self, lead_id: int) -> None:
        """Blanks rows and entries now, removes the files once the transaction has come to its end."""
        lead = Lead.objects.get(pk=lead_id)
        for made in _files(lead):
            Import.objects.filter(pk=made.pk).update(file="")
            # What was removed from a disk cannot be rolled back. Should the server stop just here, the round of
            # `run_due` removes the folder, as it does with every old file.
            transaction.on_commit(partial(put_away, made))
        ImportedRow.objects.filter(pk__in=list(_rows(lead))).update(cells=None, sentence="")
        _entries(lead_id).update(object_repr=_spoken_of(lead_id))
        forget_sentences()
        if _tells(lead.external_key, lead):
            Lead.objects.filter(pk=lead_id).update(external_key=f"erased-{lead_id}")


def _rows(lead: Lead) -> Iterator[int]:
    """The rows that still quote this person: those of the lead, and refused ones with the same e-mail or phone."""
    # Of a lead that stayed when its import was taken back it is said only that.
    quoted = Q(cells__isnull=False) | ~Q(sentence="") & ~Q(outcome=Outcome.KEPT.value)
    yield from ImportedRow.objects.filter(quoted, lead=lead).values_list("pk", flat=True)
    if lead.email or lead.phone:
        others = ImportedRow.objects.filter(cells__isnull=False).exclude(lead=lead)
        for pk, cells in others.values_list("pk", "cells").iterator(2000):
            if any(_tells(str(cell), lead) for cell in cells or ()):
                yield pk


def _tells(cell: str, lead: Lead) -> bool:
    """Whether a cell holds the e-mail or the phone of this lead, however it is written."""
    email = lead.email_normalised or normalised_email(lead.email)
    if email and email in normalised_email(cell):
        return True
    own, there = _figures(lead.phone_e164 or lead.phone), _figures(cell)
    return len(own) >= _FEWEST and own == there


def _figures(text: str) -> str:
    return _NO_FIGURE.sub("", text)[-_FIGURES:]


def _files(lead: Lead) -> list[Import]:
    """The files that lie here and have a row of this lead."""
    rows = ImportedRow.objects.filter(lead=lead).values("of")
    return list(Import.objects.filter(pk__in=rows).exclude(file=""))


def _entries(lead_id: int) -> QuerySet[LogEntry]:
    """What the admin keeps of changes made there: under the name that the lead had then."""
    about = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Lead), object_id=str(lead_id))
    return about.exclude(object_repr=_spoken_of(lead_id))


def _spoken_of(lead_id: int) -> str:
    return f"L-{lead_id}"
