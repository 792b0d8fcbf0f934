"""The imports of the office so far, newest first, a page at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from ... import moments
from ...board.mix import grouped
from ...imports.drafts import is_editable
from ...models import Import
from ...models.imports import Outcome, Phase
from .steps import NAMED
from .wizard import Wizard

PER_PAGE = 20
#: How a phase looks in the list; the words beside it say the same.
_LOOKS = {
    Phase.DONE: ("chip-good", "check"),
    Phase.FAILED: ("chip-bad", "triangle-alert"),
    Phase.UNDONE: ("chip-plain", "undo-2"),
    Phase.DRAFT: ("chip-accent", "pencil"),
    Phase.CHECKED: ("chip-accent", "pencil"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One import. ``more``: what came of its rows, or which step is next; ``draft``: it can be gone on with."""

    imp: Import
    url: str
    phase: str
    look: str
    icon: str
    more: str
    when: str
    draft: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the list; ``newer`` and ``older`` are addresses, ``""`` at the ends."""

    lines: list[Line]
    newer: str
    older: str


def read_page(request: HttpRequest) -> Page:
    """The page that ``?page`` names; 404 for one that there is not."""
    pages = Paginator(Import.objects.order_by("-made_at", "uuid"), PER_PAGE)
    try:
        page = pages.page(request.GET.get("page", "1"))
    except InvalidPage:
        raise Http404("No such page.") from None
    return Page(
        [_line(request, made) for made in page],
        f"?page={page.previous_page_number()}" if page.has_previous() else "",
        f"?page={page.next_page_number()}" if page.has_next() else "",
    )


def known_sources() -> list[str]:
    """The names that systems were given before: the same name again finds the same leads again."""
    named = Import.objects.exclude(source="").order_by("source").values_list("source", flat=True).distinct()
    return list(named[:100])


def _line(request: HttpRequest, made: Import) -> Line:
    draft = is_editable(made)
    look, icon = _LOOKS.get(Phase(made.phase), ("", "hourglass"))
    wizard = Wizard(request, made, NAMED["file"])
    return Line(
        imp=made,
        url=wizard.url(wizard.next_open) if draft else reverse("import-run", args=[made.pk]),
        phase=str(Phase(made.phase).label),
        look=look,
        icon=icon,
        more=_next_words(wizard) if draft else counts_words(made.counts),
        when=_when(made.made_at),
        draft=draft,
    )


def _next_words(wizard: Wizard) -> str:
    return gettext("next: %(step)s") % {"step": wizard.next_open.label}


def _when(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{moments.wall_moment(local)} {moments.zone_name(local)}"


_SAID: dict[Outcome, Callable[[int], str]] = {
    Outcome.CREATED: lambda n: ngettext("%(n)s new lead", "%(n)s new leads", n),
    Outcome.TAKEN_UP: lambda n: ngettext("%(n)s taken up again", "%(n)s taken up again", n),
    Outcome.UPDATED: lambda n: ngettext("%(n)s updated", "%(n)s updated", n),
    Outcome.KNOWN: lambda n: ngettext("%(n)s here already", "%(n)s here already", n),
    Outcome.SKIPPED: lambda n: ngettext("%(n)s skipped", "%(n)s skipped", n),
    Outcome.REFUSED: lambda n: ngettext("%(n)s row refused", "%(n)s rows refused", n),
}


def counts_words(counts: dict[str, int]) -> str:
    """What came of the rows, in a line: ``1 240 new leads · 3 rows refused``."""
    said = [(counts.get(outcome.value, 0), words) for outcome, words in _SAID.items()]
    return " · ".join(words(n) % {"n": grouped(n)} for n, words in said if n)
