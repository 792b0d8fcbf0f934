"""Who may do what in the admin: rights follow the role, not Django's own permissions. Nothing is ever deleted."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lifecycle.models import LeadEvent, OfficeSettings, ReasonCode

from ..models import Import, ImportedRow, Lead, SavedMapping, Trace, User, What
from ..traces import leave

NEVER_DELETED = {
    User: _("People are never deleted: the log names them. Take the tick off “Active” instead."),
    Lead: _("A lead is never deleted: its history would lose whom it is about. Archive or trash it on its own page."),
    ReasonCode: _("A reason code is never deleted: facts carry it. Retire it instead, and it is no longer offered."),
    OfficeSettings: _("The office keeps its settings."),
    Import: _("An import stays, with what came of each of its rows: it says where leads came from."),
    ImportedRow: _("What came of a row of a file stays: it says where a lead came from."),
    SavedMapping: _("Mappings are kept and renamed where files are brought in."),
    Trace: _("Traces stay as they were left, for a year."),
    LeadEvent: _("The log is for ever: nobody adds, changes or deletes an event, here or anywhere."),
}


class OfficeAdmin(admin.ModelAdmin):
    """Rights by role. Deleting is refused everywhere, with the sentence that says what to do instead."""

    actions = None
    #: Whether the list of these rows tells of leads.
    leaves_traces = False

    def _is_admin(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_office_admin", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._is_admin(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_admin(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._is_admin(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._is_admin(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """A list that tells of leads leaves a trace of who looked at it."""
        answer = super().changelist_view(request, extra_context)
        listed = getattr(answer, "context_data", None) or {}
        if self.leaves_traces and request.method == "GET" and answer.status_code == 200 and "cl" in listed:
            leave(request, What.ADMIN, leads=len(listed["cl"].result_list))
        return answer

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Nothing is deleted here; whoever asks by hand gets the reason."""
        if not self._is_admin(request):
            return super().delete_view(request, object_id, extra_context)
        messages.error(request, NEVER_DELETED[self.model])
        return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
