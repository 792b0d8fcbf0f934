"""Where an import begins: choose a file; and what came in before."""

from typing import cast
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST

from lifecycle.errors import BadInput
from lifecycle.storable import check_storable

from ...imports.drafts import discard, is_editable
from ...imports.reading import ENCODINGS, BadFile, encoding_label
from ...imports.receiving import receive
from ...imports.removing import KEPT_DAYS
from ...models import Import, SavedMapping, User
from ..told import tell
from .access import check_importer, get_import_or_404
from .earlier import known_sources, read_page
from .upload import Limit, most_bytes

SOURCE_MOST = 60


# The key of the form is looked for by `_imports`, once the limit stands: to find it the form has to be read.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """Takes a file in, or shows where to choose one and the imports so far."""
    check_importer(request)
    limit = Limit(request)
    request.upload_handlers.insert(0, limit)
    answer: HttpResponse = _imports(request, limit)
    return answer


@csrf_protect
def _imports(request: HttpRequest, limit: Limit) -> HttpResponse:
    if request.method != "POST":
        return _start(request)
    files = request.FILES.getlist("file")
    if limit.exceeded:
        return _start(request, _too_big(), status=413)
    if not files:
        return _start(request, gettext("Choose a file first."), status=422)
    if len(files) > 1:
        return _start(request, gettext("One file at a time, please: each has columns of its own."), status=422)
    try:
        source, saved = read_source(request.POST.get("source", "")), _saved(request.POST.get("mapping", ""))
        encoding, person = _encoding(request.POST.get("encoding", "")), cast(User, request.user)
        if again := request.POST.get("again", ""):
            source, saved = _again(again)
        made = receive(files[0], actor=person, now=timezone.now(), source=source, encoding=encoding, saved=saved)
    except (BadInput, BadFile) as refused:
        return _start(request, refused.sentence, status=422)
    if made.survey.get("mended"):
        tell(request, gettext("These are rows to mend that came back: the column “What to do” is left out."))
    return HttpResponseRedirect(reverse("import-file", args=[made.pk]))


def read_source(text: str) -> str:
    """The name of a system as it was typed; refused when it cannot be kept."""
    name = " ".join(text.split())
    check_storable(name, "source", limit=SOURCE_MOST)
    if not name.isprintable():
        raise BadInput(gettext("The name of the system holds characters that cannot be seen. Type it again."))
    return name


def _again(key: str) -> tuple[str, SavedMapping]:
    """System and mapping of an earlier import, for rows of it that were mended."""
    try:
        earlier = Import.objects.get(pk=UUID(key))
    except (ValueError, Import.DoesNotExist):
        raise BadInput(gettext("That import is not there any more. Choose the file here.")) from None
    return earlier.source, SavedMapping(mapping=earlier.mapping, header=earlier.survey.get("header", []))


def _saved(key: str) -> SavedMapping | None:
    if not key:
        return None
    is_key = key.isascii() and key.isdigit() and len(key) < 18
    found = SavedMapping.objects.filter(pk=int(key)).first() if is_key else None
    if found is None:
        raise BadInput(gettext("That saved mapping is not there any more. Choose another one, or none."))
    return found


def _encoding(name: str) -> str:
    if name and name not in ENCODINGS:
        raise BadInput(gettext("There is no such encoding here. Choose one from the list."))
    return name


def _too_big() -> str:
    sentence = gettext(
        "This file is too big: up to %(n)d MB are taken. Split it, or leave columns out when you export."
    )
    return sentence % {"n": settings.IMPORT_MOST_MEGABYTES}


def _start(request: HttpRequest, refused: str = "", *, status: int = 200) -> HttpResponse:
    context = {
        "refused": [(refused, "import-file")] if refused else [],
        "refused_title": gettext("Not uploaded"),
        "source": request.POST.get("source", "")[:SOURCE_MOST],
        "chosen": request.POST.get("mapping", ""),
        "sources": known_sources(),
        "encodings": [(name, encoding_label(name)) for name in ENCODINGS],
        "encoding": request.POST.get("encoding", ""),
        "mappings": list(SavedMapping.objects.all()),
        "most_megabytes": settings.IMPORT_MOST_MEGABYTES,
        "most_bytes": most_bytes(),
        "too_big": _too_big(),
        "kept_days": KEPT_DAYS,
        "page": read_page(request),
    }
    return render(request, "imports/start.html", context, status=status)


@require_POST
def import_discard(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Throws a draft away, with its file."""
    check_importer(request)
    made = get_import_or_404(uuid)
    if is_editable(made) and discard(made):
        tell(request, gettext("“%(file)s” was thrown away. Nothing of it was imported.") % {"file": made.file_name})
        return HttpResponseRedirect(reverse("imports"))
    tell(request, gettext("This import was started already. It can be taken back when it is done."), kind="info")
    return HttpResponseRedirect(reverse("import-run", args=[made.pk]))
