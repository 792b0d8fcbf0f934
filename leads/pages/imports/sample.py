"""A list to begin with, for an office whose leads stand in no system: its columns are all understood."""

import csv
import io
from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ...imports.errors_file import BOM, guard
from .access import check_importer

#: In the words that the guesses know, whatever language the pages speak.
HEADER = (
    *("Lead ID", "First Name", "Last Name", "Email", "Phone", "Street Address", "City", "State", "Zip"),
    *("Stage", "Owner", "Created Date", "Last Stage Change", "Notes"),
)


@never_cache
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """The list, in UTF-8 as spreadsheets know it: a header and two invented leads, one with the person who asks."""
    person = check_importer(request)
    today = timezone.localdate()
    began, moved = (f"{today - timedelta(days=days):%Y-%m-%d}" for days in (40, 12))
    address = ("12 Example Street", "Oakland", "CA", "94601")
    maya = ("1", "Maya", "Sample", "maya@example.com", "(510) 555-0142", *address)
    joel = ("2", "Joel", "Sample", "joel@example.com", "", "", "", "", "")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    writer.writerow((*maya, "Qualified", guard(person.display_name), began, moved, "Wants a garden"))
    writer.writerow((*joel, "New", "", moved, "", ""))
    answer = HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="leads-sample.csv"'
    return answer
