"""Imports, to look at: which file, by whom, how far it came, and what came of each row. Nothing is changed here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ..models import Import, ImportedRow, SavedMapping
from .rights import OfficeAdmin


class _LookOnly(OfficeAdmin):
    """For office admins, superusers included."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Import)
class ImportAdmin(_LookOnly):
    """The files that were brought in. The file itself is not given out here: it is full of contact data."""

    list_display = ("made_at", "source", "file_name", "phase", "rows_done", "rows", "actor_name")
    list_filter = ("phase",)
    search_fields = ("source", "file_name", "actor_name")
    ordering = ("-made_at",)
    exclude = ("file",)


@admin.register(ImportedRow)
class ImportedRowAdmin(_LookOnly):
    """What came of each row, and the sentence where it was refused."""

    leaves_traces = True
    list_display = ("of", "line", "outcome", "lead", "sentence")
    list_filter = ("outcome",)
    search_fields = ("lead__name", "lead__external_key", "sentence")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportedRow]:
        return ImportedRow.objects.select_related("of", "lead")


@admin.register(SavedMapping)
class SavedMappingAdmin(_LookOnly):
    """Mappings that somebody kept for the next file of the same system."""

    list_display = ("name", "actor", "saved_at")
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedMapping]:
        return SavedMapping.objects.select_related("actor")
