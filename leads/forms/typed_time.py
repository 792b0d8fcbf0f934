"""The question "when did it happen?" on a form: empty for now, a local time otherwise."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lifecycle.errors import Refused

from .. import local_time


class RawText(forms.CharField):
    """Text exactly as it was typed; what cannot be stored is refused by the rules, with their sentence."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(required=False, strip=False, **kwargs)  # type: ignore[arg-type]
        # Django's own check for NUL knows no sentence of ours and comes too early.
        self.validators = []

    def to_python(self, value: object) -> str:
        """The text with the line ends that were typed: a form always sends two characters for one."""
        text = super().to_python(value) or ""
        return text.replace("\r\n", "\n")


class ForgivingTextarea(forms.Textarea):
    """A text area that keeps a leading line break, which HTML would swallow."""

    def format_value(self, value: object) -> str | None:
        text = super().format_value(value)
        return f"\n{text}" if text and text.startswith("\n") else text


class TypedTimeForm(forms.Form):
    """A form with ``occurred_at`` (local, optional) and, when that hour occurs twice, ``fold``."""

    occurred_at = forms.CharField(
        required=False,
        max_length=40,
        label=_("When did it happen?"),
        widget=forms.TextInput(attrs={"type": "datetime-local", "class": "field-short"}),
    )
    fold = forms.ChoiceField(
        required=False,
        label=_("Which of the two?"),
        choices=[("0", pgettext_lazy("which hour", "the first")), ("1", pgettext_lazy("which hour", "the second"))],
        widget=forms.RadioSelect,
    )
    asks_fold = False

    def prepare_time(self) -> None:
        """Says in which zone the time is meant; called by the form's own ``__init__``."""
        zone = timezone.get_current_timezone()
        field = self.fields["occurred_at"]
        said = gettext("Leave empty for now. Your time zone: %(zone)s.")
        field.help_text = said % {"zone": timezone.get_current_timezone_name()}
        field.widget.attrs["max"] = local_time.typed_form(timezone.now(), zone)
        self.asks_fold = self.is_bound and self.data.get("fold") in ("0", "1")

    @property
    def time_open(self) -> bool:
        """Whether the question is shown unfolded: it was answered, or the answer was refused."""
        return bool(self.is_bound and (self.data.get("occurred_at") or "occurred_at" in self.errors))

    def clean_occurred_at(self) -> datetime | None:
        """The instant that was meant; a time that does not exist, occurs twice or lies ahead gets its sentence."""
        text: str = self.cleaned_data["occurred_at"].strip()
        if not text:
            return None
        chosen = self.data.get("fold", "")
        fold = int(chosen) if chosen in ("0", "1") else None
        try:
            return local_time.parse(text, timezone.get_current_timezone(), now=timezone.now(), fold=fold)
        except local_time.Ambiguous as refused:
            self.asks_fold = True
            self.fields["fold"].choices = [(str(n), words) for n, words in refused.details["choices"]]  # type: ignore[attr-defined]
            raise forms.ValidationError(refused.sentence) from None
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None
