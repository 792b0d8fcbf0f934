"""A report as a file for a spreadsheet."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from ..spreadsheet import as_csv
from ..traces import count


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> HttpResponse:
    """The rows under a header line, to be saved as ``<name>.csv``. In: cells as text; what looks like a formula is
    made text. Who may have files is asked where the question is read (`asked.read_asked`)."""
    listed = list(rows)
    answer = HttpResponse(as_csv(columns, listed), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    count(answer, len(listed))
    return answer
