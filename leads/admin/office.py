"""What the office sets for itself: reason codes, and one row of numbers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lifecycle.events import Kind
from lifecycle.models import OfficeSettings, ReasonCode
from lifecycle.models.office import zone_names
from lifecycle.reasons import INDISPENSABLE, NEED_REASON, NOT_RECORDED

from .rights import NEVER_DELETED, OfficeAdmin


class ReasonCodeForm(forms.ModelForm):
    kinds = forms.MultipleChoiceField(
        choices=lambda: [(k.value, k.label) for k in Kind if k in NEED_REASON and k != Kind.REASON_CORRECTED],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("Explains"),
        help_text=_("The kinds of fact for which this reason is offered."),
    )

    class Meta:
        model = ReasonCode
        fields = ("code", "label", "group", "kinds", "retired")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.label
        if stored and gettext(stored) != stored:
            hint = gettext("In your language it reads “%(label)s”, until it is changed here.")
            # The admin shows help texts as markup.
            self.fields["label"].help_text = escape(hint % {"label": gettext(stored)})

    def clean(self) -> dict[str, Any]:
        """A reason explains something, is told from its neighbours by its label, and stays while the rules write it."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        code, kinds, label = self.instance.code or cleaned.get("code"), cleaned.get("kinds"), cleaned.get("label", "")
        if not kinds and code != NOT_RECORDED:
            self.add_error("kinds", gettext("Tick at least one; otherwise this reason is offered nowhere."))
        if cleaned.get("retired") and code in INDISPENSABLE:
            self.add_error("retired", gettext("Hindsight writes this reason by itself, so it cannot be retired."))
        others = ReasonCode.objects.exclude(pk=self.instance.pk).filter(label__iexact=label.strip(), retired=False)
        if any(set(kinds or ()) & set(other.kinds) for other in others):
            self.add_error(
                "label", gettext("Another reason for the same facts is called so. Nobody could tell them apart.")
            )
        return cleaned


@admin.register(ReasonCode)
class ReasonCodeAdmin(OfficeAdmin):
    """Codes are added, relabelled, retired. The code itself is written into facts and never changes."""

    form = ReasonCodeForm
    list_display = ("shown_label", "code", "group", "retired")
    list_filter = ("group", "retired")
    search_fields = ("label", "code")
    fieldsets = (
        (None, {"fields": ("code", "label", "group", "kinds", "retired"), "description": NEVER_DELETED[ReasonCode]}),
    )

    @admin.display(description=_("label"), ordering="label")
    def shown_label(self, code: ReasonCode) -> str:
        """As everybody reads it; the form has it as it is stored."""
        return code.as_reason().label

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code",) if obj is not None else ()


class OfficeSettingsForm(forms.ModelForm):
    time_zone = forms.ChoiceField(
        choices=lambda: [(zone, zone.replace("_", " ")) for zone in sorted(zone_names())],
        label=_("Time zone"),
        help_text=_("Days and quarters in reports, and the times of everybody who chose no zone of their own."),
    )

    class Meta:
        model = OfficeSettings
        fields = (
            "name",
            "time_zone",
            "sla_minutes",
            "no_response_days",
            "no_response_attempts",
            "no_progress_days",
            "stale_new",
            "stale_contacting",
            "stale_qualified",
            "stale_committed",
            "stale_in_contract",
            "quick_return_minutes",
        )


@admin.register(OfficeSettings)
class OfficeSettingsAdmin(OfficeAdmin):
    """One row, so the list leads straight to it."""

    form = OfficeSettingsForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Straight to the one row."""
        if not self._is_admin(request):
            return super().changelist_view(request, extra_context)
        return HttpResponseRedirect(reverse("admin:lifecycle_officesettings_change", args=[OfficeSettings.ONLY]))

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> OfficeSettings | None:
        """The row; in a fresh database the defaults, which become one when they are saved: a look writes nothing."""
        found = super().get_object(request, object_id, from_field)
        return OfficeSettings.load() if found is None and object_id == str(OfficeSettings.ONLY) else found
