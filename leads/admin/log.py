"""The log, to look at: nobody adds, changes or deletes an event here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lifecycle.models import LeadEvent

from .rights import OfficeAdmin


@admin.register(LeadEvent)
class LeadEventAdmin(OfficeAdmin):
    """To look at, for everybody; superusers included."""

    leaves_traces = True
    list_display = ("id", "lead", "version", "kind", "to_status", "reason", "who", "occurred_at", "source")
    list_display_links = ("id",)
    list_filter = ("kind", "source")
    search_fields = ("lead__name", "lead__external_key", "actor_name")
    ordering = ("-id",)
    show_full_result_count = False
    extra_fields = ("note", "document", "source_words")

    @admin.display(description=_("actor"))
    def who(self, event: LeadEvent) -> str:
        return event.actor_name if event.actor_id is not None else "Scribe"

    @admin.display(description=_("note"))
    def note(self, event: LeadEvent) -> str:
        return event.words.note if hasattr(event, "words") else ""

    @admin.display(description=_("document"))
    def document(self, event: LeadEvent) -> str:
        return event.words.document if hasattr(event, "words") else ""

    @admin.display(description=_("words of the source"))
    def source_words(self, event: LeadEvent) -> str:
        return event.words.source_words if hasattr(event, "words") else ""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Every column, and the words beside the log."""
        return [*(f.name for f in LeadEvent._meta.fields), *self.extra_fields]

    def get_queryset(self, request: HttpRequest) -> QuerySet[LeadEvent]:
        return LeadEvent.objects.select_related("lead", "words", "agent", "to_agent", "actor")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
