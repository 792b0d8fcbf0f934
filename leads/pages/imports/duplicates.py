"""The step about duplicates: which rows are here already, and what is done with each."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext

from ...imports.checked import check, is_fresh, rows_fit
from ...imports.mapping import BOTH, CHOICES, UPDATE, BadMapping
from ...imports.reading import BadFile
from ...imports.running import open_import
from ...imports.strangers import strangers
from ...imports.twins import Elsewhere, choices_of, choose, counted, rows_here_already, standing_choice, twins
from .unchecked import ended, unchecked
from .wizard import TooLate, Wizard, is_editable, step_page

PER_PAGE = 50


@step_page("duplicates")
def duplicates(request: HttpRequest, wizard: Wizard) -> HttpResponse:
    """The rows whose lead is here already, a page of them; on POST what is chosen for them is kept."""
    if not rows_fit(wizard.imp):
        return unchecked(request, wizard)
    if (answer := ended(request, wizard)) is not None:
        return answer
    pages = Paginator(rows_here_already(wizard.imp), PER_PAGE)
    page, refused = _asked(request, pages)
    if request.method != "POST" or refused:
        return _show(wizard, page, refused, status=400 if refused else 200)
    return _keep(request, wizard, page)


def _asked(request: HttpRequest, pages: Paginator[Any]) -> tuple[Page[Any], list[tuple[str, str]]]:
    """The page that is asked for; the first one and a sentence where there is no such page."""
    asked = (request.POST if request.method == "POST" else request.GET).getlist("page") or ["1"]
    is_number = len(asked) == 1 and asked[0].isascii() and asked[0].isdigit() and len(asked[0]) < 8
    if is_number and 1 <= int(asked[0]) <= pages.num_pages:
        return pages.page(int(asked[0])), []
    return pages.page(1), [(gettext("There is no such page of this list. This is its first one."), "")]


def _keep(request: HttpRequest, wizard: Wizard, page: Page[Any]) -> HttpResponse:
    everywhere = request.POST.get("everywhere", "")
    single, refused = {}, []
    if everywhere not in CHOICES:
        refused.append((gettext("Choose what happens to rows whose lead is here already."), "everywhere-0"))
    for row in page:
        choice = request.POST.get(f"row-{row.line}")
        if choice is None:
            continue
        if choice and choice not in choices_of(not row.sentence, row.lead_id is not None):
            sentence = gettext("Line %(line)d: choose one of what the list offers.")
            refused.append((sentence % {"line": row.line}, f"row-{row.line}"))
        single[row.line] = choice
    if refused:
        return _show(wizard, page, refused, status=422)
    if not wizard.still_fits:
        return _show(wizard, page, [(wizard.moved_on(), "")], status=409)
    try:
        wizard.imp = choose(wizard.imp, everywhere, single, wizard.step.name, wizard.basis)
    except Elsewhere:
        wizard.imp.refresh_from_db()
        if not is_editable(wizard.imp):
            raise TooLate from None
        return HttpResponseRedirect(wizard.here)
    if request.POST.get("step") in ("before", "after"):
        number = page.number + (1 if request.POST["step"] == "after" else -1)
        return HttpResponseRedirect(f"{wizard.here}?page={max(1, min(number, page.paginator.num_pages))}")
    if not is_fresh(wizard.imp):
        check(wizard.imp)
    return wizard.go_on()


def _show(wizard: Wizard, page: Page[Any], refused: list[tuple[str, str]], *, status: int = 200) -> HttpResponse:
    imp = wizard.imp
    try:
        found = twins(imp, page, open_import(imp).sorter.plan)
    except (BadFile, BadMapping) as problem:
        found, refused = [], [*refused, (problem.sentence, "")]
    by = counted(imp)
    context = {
        "page": page,
        "twins": found,
        "by": [(_by_words(what), n) for what, n in by.items()],
        "total": sum(by.values()),
        "listed": page.paginator.count,
        "strangers": strangers(imp),
        "single": len(imp.decisions),
        "everywhere": standing_choice(imp),
        "options": [(choice, _choice_words(choice)) for choice in CHOICES],
        "refused": refused,
    }
    return wizard.show("imports/duplicates.html", context, status=status)


def _by_words(what: str) -> str:
    return {
        "key": gettext("Same key of the old system, so it is the same lead"),
        "both": gettext("Same e-mail and phone"),
        "email": gettext("Same e-mail"),
        "phone": gettext("Same phone"),
        "address": gettext("Same name and address"),
    }[what]


def _choice_words(choice: str) -> str:
    if choice == UPDATE:
        return gettext("Update contact facts")
    return gettext("Keep both") if choice == BOTH else gettext("Skip")
