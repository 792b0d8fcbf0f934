"""Traces, to look at: who was handed which data in bulk. Nobody adds, changes or removes one here."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..models import Trace, User
from .rights import OfficeAdmin


class _ByPerson(admin.SimpleListFilter):
    """Everybody who works or worked here; who left no trace as well, because that is an answer."""

    title = _("person")
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in User.objects.order_by("display_name").values_list("pk", "display_name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Trace]) -> QuerySet[Trace]:
        chosen = self.value()
        if chosen is None:
            return queryset
        known = chosen.isascii() and chosen.isdigit() and len(chosen) < 19
        return queryset.filter(who=int(chosen)) if known else queryset.none()


@admin.register(Trace)
class TraceAdmin(OfficeAdmin):
    """Kept for a year; ``run_due`` removes what is older."""

    list_display = ("at", "who_name", "what", "rows", "lead", "person", "page", "address")
    list_display_links = None
    list_filter = (_ByPerson, "what")
    ordering = ("-at", "-id")
    show_full_result_count = False

    @admin.display(description=_("rows"), ordering="leads")
    def rows(self, trace: Trace) -> str:
        return "" if trace.leads is None else str(trace.leads)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trace]:
        return Trace.objects.select_related("lead", "person").only(
            *("at", "who_name", "what", "leads", "page", "address", "lead__name", "person__display_name")
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """The title says how long they stay."""
        title = _("Who was handed data in bulk. Each trace is kept for a year.")
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
