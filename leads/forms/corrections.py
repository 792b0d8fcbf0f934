"""The forms of the two corrections: a reason and a note. What they mean is judged by the rules, under the lock."""

from uuid import uuid4

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lifecycle.errors import Refused
from lifecycle.reasons import Reason

from .reasons import grouped
from .typed_time import ForgivingTextarea, RawText


class CorrectionForm(forms.Form):
    """In: the reasons that are offered, and what was posted (None: a fresh form).

    ``uuid`` makes a double submit one event.
    """

    note_label: Promise = _("Note")
    note_hint: Promise = _("“Other” needs a sentence.")
    note_required = False

    uuid = forms.UUIDField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(required=False, label=_("Reason"))

    def __init__(self, reasons: list[Reason], data: QueryDict | None = None, **first: str) -> None:
        super().__init__(data, initial={"uuid": uuid4(), **first}, auto_id="move-%s", use_required_attribute=False)
        self.reasons = reasons
        self.fields["note"] = RawText(
            label=self.note_label,
            help_text=self.note_hint,
            widget=ForgivingTextarea(attrs={"rows": 3, "dir": "auto"}),
        )

    @property
    def reason_groups(self) -> list[tuple[str, list[Reason]]]:
        return grouped(self.reasons)

    def add_refusal(self, refused: Refused) -> None:
        """Shows a refusal of the rules at the field that it speaks of, or over the form."""
        self.add_error(refused.field if refused.field in ("reason", "note") else None, refused.sentence)


class VoidForm(CorrectionForm):
    """Why a move was a mistake."""


class CorrectForm(CorrectionForm):
    """A better reason, and why it is better. ``saw`` is the reason that stood when the form was drawn."""

    note_label = _("Why is it corrected?")
    note_hint = _("In a sentence. It stays beside the reason that was given first.")
    note_required = True

    saw = forms.CharField(required=False, widget=forms.HiddenInput)
