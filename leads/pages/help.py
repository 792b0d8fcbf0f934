"""The help: an index, and pages that are drawn from the rules' own tables and the office's numbers."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lifecycle.flags import Flag
from lifecycle.models import OfficeSettings, ReasonCode
from lifecycle.reasons import SEED
from lifecycle.states import Provenance, State

from ..help.contents import chapters, neighbours, pages, start_for
from ..help.diagram import LYING, STANDING, draw
from ..help.glossary import glossary
from ..help.kinds import kind_groups
from ..help.moves import move_rows
from ..help.numbers import numbers, stale_after
from ..help.reasons import reason_rows, reasons_by_kind
from ..help.samples import sample_cards
from ..help.shapes import mini_boards
from ..models import Role, User
from ..reports.catalog import CATALOG

#: As many reasons of its own an office may add before the card no longer fits on its sheet.
_SPARE_REASONS = 12


@never_cache
@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """What is where, the viewer's own guide first."""
    start = start_for(cast(User, request.user).role)
    first = next(page for page in pages() if page.name == start)
    return render(request, "help/index.html", {"chapters": chapters(), "first": first, "here": None})


@never_cache
@require_safe
def help_page(request: HttpRequest, name: str) -> HttpResponse:
    """One page by its name; 404 for a name that is none."""
    page = next((page for page in pages() if page.name == name), None)
    if page is None:
        raise Http404("The help has no such page.")
    office = OfficeSettings.load()
    before, after = neighbours(name)
    context: dict[str, Any] = {
        "chapters": chapters(),
        "here": page,
        "before": before,
        "after": after,
        "office": office,
        "numbers": numbers(office),
        **_MORE.get(name, lambda office: {})(office),
    }
    return render(request, f"help/{name}.html", context)


def _lifecycle(office: OfficeSettings) -> dict[str, Any]:
    moves, book = move_rows(office), ReasonCode.book()
    return {
        **_stages(office),
        "moves": moves,
        "pictures": [draw(moves, LYING), draw(moves, STANDING)],
        "reasons": reasons_by_kind(book),
        "too_long_for_paper": len(book) > len(SEED) + _SPARE_REASONS,
    }


def _reference(office: OfficeSettings) -> dict[str, Any]:
    return {
        **_stages(office),
        "moves": move_rows(office),
        "ways": list(Provenance),
        "kind_groups": kind_groups(),
        "reason_rows": reason_rows(ReasonCode.book()),
    }


def _stages(office: OfficeSettings) -> dict[str, Any]:
    return {"stages": [(state, stale_after(office, state)) for state in State], "flags": list(Flag)}


def _samples(office: OfficeSettings) -> dict[str, Any]:
    cards = sample_cards(office, ReasonCode.book(), timezone.now(), timezone.get_current_timezone())
    flags = [(flag, cards[flag.value].signs[0]) for flag in Flag]
    return {"cards": cards, "flags": flags, "qualified": State.QUALIFIED.label}


def _glossary(office: OfficeSettings) -> dict[str, Any]:
    return {"terms": glossary(numbers(office))}


def _access(office: OfficeSettings) -> dict[str, Any]:
    """Whose password alone is not enough here, in words."""
    return {"second_step_for": [role.label for role in Role if role.value in settings.SECOND_FACTOR_FOR]}


def _admin(office: OfficeSettings) -> dict[str, Any]:
    return {**_stages(office), **_access(office)}


def _reports(office: OfficeSettings) -> dict[str, Any]:
    return {"catalog": CATALOG}


def _boards(office: OfficeSettings) -> dict[str, Any]:
    return {"boards": mini_boards()}


#: What a page needs besides the office's numbers.
_MORE: dict[str, Callable[[OfficeSettings], dict[str, Any]]] = {
    "agent": _samples,
    "broker": _samples,
    "admin": _admin,
    "login": _access,
    "lifecycle": _lifecycle,
    "marks": _samples,
    "reference": _reference,
    "glossary": _glossary,
    "reports": _reports,
    "board-shape": _boards,
}
