"""Every address of the import of leads: the way of one file, a page a step."""

from django.urls import path

from .pages.imports.columns import columns
from .pages.imports.dates import dates
from .pages.imports.duplicates import duplicates
from .pages.imports.errors import errors
from .pages.imports.file import file
from .pages.imports.named import import_mapping
from .pages.imports.owners import owners
from .pages.imports.preview import preview
from .pages.imports.run import run
from .pages.imports.sample import sample
from .pages.imports.stages import stages
from .pages.imports.start import import_discard, imports
from .pages.imports.undo import undo

urlpatterns = [
    path("", imports, name="imports"),
    path("sample.csv", sample, name="import-sample"),
    path("<uuid:uuid>/file/", file, name="import-file"),
    path("<uuid:uuid>/columns/", columns, name="import-columns"),
    path("<uuid:uuid>/mapping/", import_mapping, name="import-mapping"),
    path("<uuid:uuid>/discard/", import_discard, name="import-discard"),
    path("<uuid:uuid>/stages/", stages, name="import-stages"),
    path("<uuid:uuid>/owners/", owners, name="import-owners"),
    path("<uuid:uuid>/dates/", dates, name="import-dates"),
    path("<uuid:uuid>/duplicates/", duplicates, name="import-duplicates"),
    path("<uuid:uuid>/preview/", preview, name="import-preview"),
    path("<uuid:uuid>/", run, name="import-run"),
    path("<uuid:uuid>/errors.csv", errors, name="import-errors"),
    path("<uuid:uuid>/undo/", undo, name="import-undo"),
]
