"""Every address of the import of leads: the way of one file, a page a step."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.module_loading import import_string

from .pages.imports.columns import columns
from .pages.imports.file import file
from .pages.imports.named import import_mapping
from .pages.imports.stages import stages
from .pages.imports.start import import_discard, imports


def _page(name: str) -> Callable[..., HttpResponse]:
    """The page ``name`` of ``pages.imports``, found when it is asked for."""

    def view(request: HttpRequest, **named: Any) -> HttpResponse:
        try:
            page = import_string(f"leads.pages.imports.{name}")
        except ImportError:
            raise Http404("This page is not there yet.") from None
        answer: HttpResponse = page(request, **named)
        return answer

    return view


urlpatterns = [
    path("", imports, name="imports"),
    path("<uuid:uuid>/file/", file, name="import-file"),
    path("<uuid:uuid>/columns/", columns, name="import-columns"),
    path("<uuid:uuid>/mapping/", import_mapping, name="import-mapping"),
    path("<uuid:uuid>/discard/", import_discard, name="import-discard"),
    path("<uuid:uuid>/stages/", stages, name="import-stages"),
    path("<uuid:uuid>/owners/", _page("owners.owners"), name="import-owners"),
    path("<uuid:uuid>/dates/", _page("dates.dates"), name="import-dates"),
    path("<uuid:uuid>/duplicates/", _page("duplicates.duplicates"), name="import-duplicates"),
    path("<uuid:uuid>/preview/", _page("preview.preview"), name="import-preview"),
    path("<uuid:uuid>/", _page("run.run"), name="import-run"),
    path("<uuid:uuid>/errors.csv", _page("errors.errors"), name="import-errors"),
    path("<uuid:uuid>/undo/", _page("undo.undo"), name="import-undo"),
]
