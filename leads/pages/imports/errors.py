"""The refused rows as a file, to mend in a spreadsheet and to bring in again."""

from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ...imports.errors_file import as_pieces, refusals
from ...models import Import, What
from ...models.imports import Outcome
from ...traces import count, gives_files
from .access import check_importer, get_import_or_404


@never_cache
@require_safe
@gives_files(What.ROWS)
def errors(request: HttpRequest, uuid: UUID) -> StreamingHttpResponse:
    """The file, in UTF-8 as spreadsheets know it; the columns are those of the file that came."""
    check_importer(request)
    imp = get_import_or_404(uuid)
    pieces = as_pieces(_header(imp), refusals(imp))
    name = slugify(imp.file_name.rpartition(".")[0] or imp.file_name)[:60] or "import"
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-to-mend.csv"'
    count(answer, imp.counts.get(Outcome.REFUSED.value, 0))
    return answer


def _header(imp: Import) -> list[str]:
    """The labels of the columns; a command that brought a file in kept none, and they are numbered then."""
    kept: list[str] = imp.survey.get("header", [])
    first = imp.imported_rows.filter(outcome=Outcome.REFUSED.value).order_by("line").first()
    width = len(first.cells or []) if first is not None else 0
    return kept or [gettext("Column %(n)d") % {"n": n} for n in range(1, width + 1)]
