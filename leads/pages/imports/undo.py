"""Taking an import back: first what would happen, and only a confirmed form does it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lifecycle.errors import Refused

from ...imports import phases
from ...imports.taking_back import may_be_taken_back, prospect
from ...models import Import
from .access import check_importer, get_import_or_404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What would be taken back and what would stay; on POST a worker takes it back."""
    person = check_importer(request)
    imp = get_import_or_404(uuid)
    if not may_be_taken_back(imp):
        return HttpResponseRedirect(reverse("import-run", args=[imp.pk]))
    if request.method != "POST":
        return _show(request, imp)
    if request.POST.get("sure") != "yes":
        return _show(request, imp, gettext("Tick that these leads shall be taken back, or leave the page."), status=422)
    try:
        phases.begin_undo(imp, actor=person)
    except Refused as refused:
        return _show(request, imp, refused.sentence, status=refused.status)
    return HttpResponseRedirect(reverse("import-run", args=[imp.pk]))


def _show(request: HttpRequest, imp: Import, refused: str = "", *, status: int = 200) -> HttpResponse:
    found = prospect(imp)
    context = {
        "imp": imp,
        "prospect": found,
        "staying": [(lead, lead.state.label) for lead in found.staying],
        "refused": [(refused, "sure")] if refused else [],
    }
    return render(request, "imports/undo.html", context, status=status)
