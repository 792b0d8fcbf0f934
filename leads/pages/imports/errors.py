"""The refused rows as a file, to mend in a spreadsheet and to bring in again."""

from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ...imports.errors_file import as_pieces, refusals
from .access import check_importer, get_import_or_404


@never_cache
@require_safe
def errors(request: HttpRequest, uuid: UUID) -> StreamingHttpResponse:
    """The file, in UTF-8 as spreadsheets know it; the columns are those of the file that came."""
    check_importer(request)
    imp = get_import_or_404(uuid)
    pieces = as_pieces(imp.survey.get("header", []), refusals(imp))
    name = slugify(imp.file_name.rpartition(".")[0] or imp.file_name)[:60] or "import"
    answer = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-to-mend.csv"'
    return answer
