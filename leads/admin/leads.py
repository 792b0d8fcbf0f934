"""Leads: contact facts are changed through the service, the columns of the lifecycle are there to be read."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lifecycle import service
from lifecycle.errors import Refused
from lifecycle.events import Source

from ..models import Lead
from .rights import NEVER_DELETED, OfficeAdmin

CONTACT_FACTS = ("name", "email", "phone", "headline", "address")


class LeadForm(forms.ModelForm):
    class Meta:
        model = Lead
        fields = CONTACT_FACTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Only what this person changed is saved: the rest of an old page must not undo a colleague's correction.
        for field in self.fields.values():
            field.show_hidden_initial = True

    def clean(self) -> dict[str, Any]:
        """Judged by the same rules as on the lead's page."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in self.changed_data:
            shown = self.data.get(self.add_initial_prefix(name))
            if shown is not None and shown != self.initial[name]:
                sentence = gettext("Somebody changed this meanwhile to “%(value)s”. Look and save again.")
                self.add_error(name, sentence % {"value": self.initial[name]})
        for name in CONTACT_FACTS:
            if name in cleaned:
                try:
                    Lead.cleaned_contact({name: cleaned[name]})
                except Refused as refused:
                    self.add_error(name, refused.sentence)
        reachable = cleaned.get("email") or cleaned.get("phone")
        if not self.errors and not reachable and (self.initial["email"] or self.initial["phone"]):
            self.add_error("email", gettext("Keep an e-mail or a phone number, so that somebody can answer."))
        return cleaned


@admin.register(Lead)
class LeadAdmin(OfficeAdmin):
    """Contact facts, saved as a fact of the log; every column of the lifecycle is there to be read."""

    leaves_traces = True
    form = LeadForm
    list_display = ("name", "lead_key", "status", "way_here", "agent", "email", "phone")
    list_filter = ("status", "provenance")
    list_select_related = ("agent",)
    search_fields = ("name", "email_normalised", "phone_e164", "external_key")
    ordering = ("-id",)
    show_full_result_count = False
    lifecycle_columns = tuple(f.name for f in Lead._meta.fields if not f.editable and f.name != "id")
    readonly_fields = lifecycle_columns
    fieldsets = (
        (_("Contact facts"), {"fields": CONTACT_FACTS, "description": NEVER_DELETED[Lead]}),
        (
            _("Lifecycle, as the log has it"),
            {
                "fields": lifecycle_columns,
                "description": _("These follow from the log. Move, assign and flag a lead on its own page."),
            },
        ),
    )

    @admin.display(description=_("provenance"), ordering="provenance")
    def way_here(self, lead: Lead) -> str:
        """How it came into Qualified, and how often."""
        label = lead.get_provenance_display()
        return f"{label} ({lead.times_qualified}×)" if label and lead.times_qualified > 1 else label

    @admin.display(description=_("key"))
    def lead_key(self, lead: Lead) -> str:
        """The name of this lead in commands and search."""
        return lead.key

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """A lead comes in by the form that checks for duplicates and writes its first fact."""
        return HttpResponseRedirect(reverse("lead-new"))

    def view_on_site(self, obj: Lead) -> str:
        return reverse("lead", args=[obj.pk])

    def save_model(self, request: HttpRequest, obj: Lead, form: Any, change: bool) -> None:
        """The service writes the columns and the fact; the object is not saved from here."""
        service.change_contact(
            lead_id=obj.pk,
            fields={name: form.cleaned_data[name] for name in form.changed_data if name in CONTACT_FACTS},
            actor=request.user,
            source=Source.ADMIN.value,
        )

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A refusal under the lock comes after the form was found good: it is said, and the page shown again."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refused:
            messages.error(request, gettext("%(refusal)s Nothing was saved.") % {"refusal": refused.sentence})
            return HttpResponseRedirect(request.get_full_path())
