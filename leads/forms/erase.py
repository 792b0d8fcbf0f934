"""The form that erases a person's data: why, by which request, and the number of the lead typed out."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lifecycle.decide.erasing import check_reference
from lifecycle.errors import Refused
from lifecycle.events import Kind

from .actions import ActionForm
from .typed_time import RawText


class EraseForm(ActionForm):
    """``typed`` is the number and not the name: what is typed here must not keep the name alive somewhere."""

    name = "erase"
    version = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), _("This page is too old. Reload it and try again.")),
    )
    reason = forms.ChoiceField(
        label=_("Why?"),
        widget=forms.RadioSelect,
        error_messages=dict.fromkeys(("required", "invalid_choice"), _("Choose why these data are erased.")),
    )
    reference = RawText(
        label=_("Number of the request"),
        help_text=_("Capitals and figures, for example DSR-2026-14. It stays in the log for ever, so no name."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "field-short"}),
    )
    typed = RawText(widget=forms.TextInput(attrs={"autocomplete": "off", "class": "field-short"}))

    def prepare(self) -> None:
        reasons = self.desk.reasons_for(Kind.PERSONAL_DATA_ERASED)
        self.fields["reason"].choices = [(r.code, r.label) for r in reasons]  # type: ignore[attr-defined]
        self.fields["typed"].label = gettext("Type %(number)s to confirm") % {"number": self.number}

    @property
    def number(self) -> str:
        """What has to be typed."""
        return f"L-{self.lead.pk}"

    def clean_reference(self) -> str:
        said: str = self.cleaned_data["reference"].strip()
        try:
            check_reference(said)
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None
        return said

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"].strip()
        if typed.upper() != self.number:
            said = gettext("Type %(number)s, so that nothing is erased by a slip.") % {"number": self.number}
            raise forms.ValidationError(said)
        return typed

    def common(self) -> dict[str, Any]:
        """What of it the service takes."""
        typed = self.cleaned_data
        return {
            "reason": typed["reason"],
            "reference": typed["reference"],
            "uuid": typed["uuid"],
            "expected_version": typed["version"],
        }
