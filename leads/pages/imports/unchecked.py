"""What the last steps show as long as not every row of the file has been checked: how far it is, or a button."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from lifecycle.errors import BadInput

from ...imports.checked import check
from ...models.imports import Phase
from .progress import is_watching, progress_answer, progress_of, read_watched
from .wizard import Wizard


def ended(request: HttpRequest, wizard: Wizard) -> HttpResponse | None:
    """The answer to a page that still watches a check which is over; None for whoever asks for the step itself."""
    # Where nothing is here already, there is nothing to choose: on to what would come in.
    return progress_answer(request, wizard.imp, None, wizard.url(wizard.next_open)) if is_watching(request) else None


def unchecked(request: HttpRequest, wizard: Wizard, *, changed: bool = False) -> HttpResponse:
    """The page of a step whose answers come from the check; on POST of the step ``check`` the check begins.

    ``changed``: the file was checked, and something was chosen otherwise since.
    """
    if request.method == "POST":
        # Whatever else was posted asked about figures that do not hold any more.
        if request.POST.get("step") == "check":
            check(wizard.imp)
        return HttpResponseRedirect(wizard.here)
    imp, now = wizard.imp, timezone.now()
    working = imp.phase == Phase.CHECKING
    try:
        watched = read_watched(request, imp, now)
    except BadInput as refused:
        return wizard.show(
            "imports/unchecked.html", {"refused": [(refused.sentence, "")], "changed": changed}, status=400
        )
    progress = progress_of(imp, watched, now, wizard.here) if working else None
    if is_watching(request):
        return progress_answer(request, imp, progress, wizard.here)
    return wizard.show("imports/unchecked.html", {"progress": progress, "changed": changed})
