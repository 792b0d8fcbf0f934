"""The rows of an import with one fate, a page at a time: the leads that came in, the rows that were refused."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from lifecycle.errors import BadInput

from ...models import Import, ImportedRow
from ...models.imports import Outcome
from ...traces import count
from .figures import words_of

PER_PAGE = 50
#: So much of what a row holds is shown.
_CELLS = 160


@dataclass(frozen=True, slots=True)
class Line:
    """One row: where it stands in the file, its lead as it is today, and what is to be said of it."""

    row: ImportedRow
    stage: str
    cells: str


def rows_page(request: HttpRequest, imp: Import) -> HttpResponse:
    """The list that the address asks for."""
    try:
        outcome, after = _asked(request)
    except BadInput as refused:
        context = {"imp": imp, "refused": [(refused.sentence, "")], "title": gettext("Rows of an import")}
        return render(request, "imports/rows.html", context, status=400)
    rows = ImportedRow.objects.filter(of=imp, outcome=outcome.value, line__gt=after)
    found = list(rows.select_related("lead", "lead__agent").order_by("line")[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    context = {
        "imp": imp,
        "outcome": outcome,
        "title": words_of(outcome, imp),
        "total": imp.counts.get(outcome.value, 0),
        "lines": [_line(row) for row in shown],
        "has_leads": any(row.lead_id for row in shown),
        "says": any(row.sentence or row.cells for row in shown),
        "begins": not after,
        "first": f"{_address(imp)}?{urlencode({'rows': outcome.value})}",
        "next": _next(imp, outcome, shown) if len(found) > PER_PAGE else "",
    }
    answer = render(request, "imports/rows.html", context)
    count(answer, len(shown))
    return answer


def _asked(request: HttpRequest) -> tuple[Outcome, int]:
    rows, after = request.GET.getlist("rows"), request.GET.getlist("after") or ["0"]
    if len(rows) > 1 or rows[0] not in set(Outcome.values):
        raise BadInput(gettext("There is no such list. Go back to the import and choose one."))
    if len(after) > 1 or not (after[0].isascii() and after[0].isdigit() and len(after[0]) < 10):
        raise BadInput(gettext("The address goes on after a line that cannot be. Begin again with the first ones."))
    return Outcome(rows[0]), int(after[0])


def _address(imp: Import) -> str:
    return reverse("import-run", args=[imp.pk])


def _next(imp: Import, outcome: Outcome, shown: list[ImportedRow]) -> str:
    query: dict[str, Any] = {"rows": outcome.value, "after": shown[-1].line}
    return f"{_address(imp)}?{urlencode(query)}"


def _line(row: ImportedRow) -> Line:
    cells = " · ".join(str(cell) for cell in row.cells or [] if cell)
    stage = row.lead.state.label if row.lead is not None and row.lead.status else ""
    return Line(row, stage, cells if len(cells) <= _CELLS else f"{cells[:_CELLS]}…")
