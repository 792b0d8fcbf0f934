"""The page of one import that is on its way: waiting, how far it is, stopped, what came of it, taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lifecycle.errors import BadInput, Refused

from ... import moments
from ...board.mix import grouped
from ...imports import phases
from ...imports.drafts import is_editable
from ...imports.taking_back import may_be_taken_back
from ...models import Import, ImportedRow, User, What
from ...models.imports import Outcome, Phase
from ...traces import shows_many
from .access import check_importer, get_import_or_404
from .figures import figures
from .progress import is_watching, progress_answer, progress_of, read_watched
from .rows import rows_page
from .steps import NAMED
from .wizard import Wizard

#: So many refused rows are told here; all of them are in the error file.
REFUSED_SHOWN = 5


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@shows_many(What.IMPORTED, lambda request: "rows" in request.GET)
def run(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """How far it is or what came of it; on POST it is carried on or stopped."""
    person = check_importer(request)
    imp = get_import_or_404(uuid)
    if request.method == "POST":
        return _push(request, imp, person)
    if is_editable(imp):
        return HttpResponseRedirect(_step_of(request, imp))
    if "rows" in request.GET:
        return rows_page(request, imp)
    return _show(request, imp)


def _step_of(request: HttpRequest, imp: Import) -> str:
    """The address of the step at which an import that is being prepared is."""
    wizard = Wizard(request, imp, NAMED["preview"])
    return wizard.url(wizard.next_open)


def _push(request: HttpRequest, imp: Import, person: User) -> HttpResponse:
    step = request.POST.get("step", "")
    try:
        if step == "on":
            phases.carry_on(imp, actor=person)
        elif step == "stop":
            phases.stop(imp, person)
        else:
            raise BadInput(gettext("This form is damaged. Load it again."))
    except Refused as refused:
        return _show(request, imp, refused=refused.sentence, status=refused.status)
    return HttpResponseRedirect(reverse("import-run", args=[imp.pk]))


def _show(request: HttpRequest, imp: Import, *, refused: str = "", status: int = 200) -> HttpResponse:
    now, address = timezone.now(), reverse("import-run", args=[imp.pk])
    try:
        watched = read_watched(request, imp, now)
    except BadInput as damaged:
        return _page(request, imp, now, {"refused": [(damaged.sentence, "")]}, status=damaged.status)
    progress = progress_of(imp, watched, now, address) if imp.unfinished else None
    if is_watching(request):
        return progress_answer(request, imp, progress, address)
    context = {"progress": progress, "refused": [(refused, "")] if refused else []}
    return _page(request, imp, now, context, status=status)


def _page(request: HttpRequest, imp: Import, now: datetime, more: dict[str, Any], *, status: int) -> HttpResponse:
    done = imp.phase in (Phase.DONE, Phase.UNDONE, Phase.FAILED)
    rejected = ImportedRow.objects.filter(of=imp, outcome=Outcome.REFUSED.value).order_by("line")
    shown = list(rejected[:REFUSED_SHOWN]) if done else []
    context: dict[str, Any] = {
        "imp": imp,
        "wizard": Wizard(request, imp, NAMED["columns"]),
        "title": _title(imp),
        "figures": figures(imp, linked=done),
        "so_far": figures(imp),
        "rejected": shown,
        "has_cells": any(row.cells is not None for row in shown),
        "more_rejected": max(0, imp.counts.get(Outcome.REFUSED.value, 0) - len(shown)),
        "guessed": imp.counts.get("guessed", 0),
        "facts": imp.counts.get("facts", 0),
        "inherited": imp.phase == Phase.DONE and _inherited(imp),
        "times": _times(imp, now),
        "took": _took(imp),
        "can_undo": may_be_taken_back(imp),
        "can_stop": bool(imp.file) and imp.phase in (Phase.WAITING, Phase.RUNNING, Phase.UNDOING),
        "by_command": not imp.file and "digest" in imp.survey,
        "can_go_on": bool(imp.file),
        "kept": list(_kept(imp)),
        "more_kept": max(0, imp.counts.get("kept", 0) - REFUSED_SHOWN),
        **more,
    }
    return render(request, "imports/run.html", context, status=status)


def _inherited(imp: Import) -> bool:
    """Whether leads that came in are with agents who cannot log in."""
    return ImportedRow.objects.filter(of=imp, outcome=Outcome.CREATED.value, lead__agent__is_active=False).exists()


def _kept(imp: Import) -> Any:
    if imp.phase != Phase.UNDONE:
        return []
    rows = ImportedRow.objects.filter(of=imp, outcome=Outcome.KEPT.value).select_related("lead", "lead__agent")
    return rows.order_by("line")[:REFUSED_SHOWN]


def _title(imp: Import) -> str:
    count = imp.counts.get
    if imp.phase == Phase.UNDONE:
        n = count("withdrawn", 0)
        return ngettext("%(n)s lead was taken back", "%(n)s leads were taken back", n) % {"n": grouped(n)}
    if imp.phase == Phase.FAILED:
        return gettext("The import stopped")
    if imp.phase == Phase.UNDOING:
        return gettext("Taking an import back")
    if imp.phase != Phase.DONE:
        return gettext("Bringing leads in")
    n = count("created", 0) + count("taken_up", 0)
    return ngettext("%(n)s lead came in", "%(n)s leads came in", n) % {"n": grouped(n)}


def _times(imp: Import, now: datetime) -> list[tuple[str, str, str]]:
    """What happened when, as (what, exact, how long ago)."""
    zone = timezone.get_current_timezone()
    told = (
        (gettext("Begun"), imp.started_at),
        (gettext("Finished"), imp.finished_at),
        (gettext("Taken back"), imp.undone_at),
    )
    return [(what, moments.exact(at, zone), moments.ago(at, now)) for what, at in told if at is not None]


def _took(imp: Import) -> str:
    if imp.finished_at is None or imp.started_at is None:
        return ""
    seconds = (imp.finished_at - imp.started_at).total_seconds()
    return moments.clock(seconds) if seconds >= 1 else ""
