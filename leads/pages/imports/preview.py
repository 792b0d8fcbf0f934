"""The last step: what the file will become, in figures and in its first rows; one button, and it comes in."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from lifecycle.errors import Refused
from lifecycle.states import State

from ...board.mix import grouped
from ...imports.checked import Changed, figures_of, is_fresh, rows_fit, start_as_shown
from ...imports.checking import prepare_preview
from ...imports.in_words import holder, in_words, standing
from ...imports.mapping import BadMapping
from ...imports.reading import BadFile
from ...imports.strangers import strangers
from ...models import ImportedRow, Lead, User
from ...models.imports import Outcome
from .figures import figures
from .unchecked import ended, unchecked
from .understood import understood
from .wizard import Wizard, step_page

SHOWN = 20
#: So many refused rows are told here; all of them are in the error file.
REFUSED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it will be. ``facts`` in words; ``sentence`` where it is not simply a new lead."""

    line: int
    name: str
    stage: str
    agent: str
    facts: list[str]
    outcome: Outcome
    sentence: str
    lead: Lead | None

    @property
    def comes_in(self) -> bool:
        return self.outcome in (Outcome.CREATED, Outcome.TAKEN_UP)


@step_page("preview")
def preview(request: HttpRequest, wizard: Wizard) -> HttpResponse:
    """What will become of the file; on POST it comes in."""
    if not is_fresh(wizard.imp):
        return unchecked(request, wizard, changed=rows_fit(wizard.imp))
    if request.method != "POST":
        return ended(request, wizard) or _show(wizard)
    try:
        start_as_shown(wizard.imp, request.POST.get("figures", ""), actor=cast(User, request.user))
    except Changed:
        return _show(wizard, [(wizard.moved_on(), "")], status=409)
    except Refused as refused:
        return _show(wizard, [(refused.sentence, "")], status=refused.status)
    return HttpResponseRedirect(reverse("import-run", args=[wizard.imp.pk]))


def _show(wizard: Wizard, refused: list[tuple[str, str]] | None = None, *, status: int = 200) -> HttpResponse:
    imp, refused = wizard.imp, list(refused or [])
    lines: list[Line] = []
    try:
        lines = _lines(wizard)
    except (BadFile, BadMapping) as problem:
        refused.append((problem.sentence, ""))
    rejected = ImportedRow.objects.filter(of=imp, outcome=Outcome.REFUSED.value).order_by("line")
    come = sum(imp.counts.get(outcome.value, 0) for outcome in (Outcome.CREATED, Outcome.TAKEN_UP))
    context: dict[str, Any] = {
        "lines": lines,
        "figures": figures(imp),
        "rejected": list(rejected[:REFUSED_SHOWN]),
        "more_rejected": max(0, imp.counts.get(Outcome.REFUSED.value, 0) - REFUSED_SHOWN),
        "strangers": strangers(imp),
        "guessed": imp.counts.get("guessed", 0),
        "parts": understood(wizard),
        "skipped": bool(wizard.survey.get("quick")),
        "word": figures_of(imp),
        "go_on": _button(come, imp.counts.get(Outcome.UPDATED.value, 0)),
        "zone": wizard.mapping.zone,
        "refused": refused,
    }
    return wizard.show("imports/preview.html", context, status=status)


def _button(come: int, updated: int) -> str:
    """What the button does; ``""`` where there is nothing to do."""
    if come:
        return ngettext("Bring in %(n)s lead", "Bring in %(n)s leads", come) % {"n": grouped(come)}
    if updated:
        return ngettext("Update %(n)s lead", "Update %(n)s leads", updated) % {"n": grouped(updated)}
    return ""


def _lines(wizard: Wizard) -> list[Line]:
    imp, now = wizard.imp, timezone.now()
    rows = prepare_preview(imp, SHOWN)
    people = standing(row.incoming.row.agent or "" for row in rows if row.incoming is not None)
    zone = wizard.mapping.tz or timezone.get_current_timezone()
    lines = []
    for row in rows:
        incoming = row.incoming
        new = row.outcome in (Outcome.CREATED, Outcome.TAKEN_UP)
        lines.append(
            Line(
                line=row.line,
                name=str(incoming.contact.get("name", "")) if incoming is not None else "",
                stage=State(incoming.row.status).label if incoming is not None and new else "",
                agent=holder(incoming.row.agent or "", people) if incoming is not None and new else "",
                facts=in_words(row.told, people, now=now, zone=zone) if row.outcome == Outcome.CREATED else [],
                outcome=row.outcome,
                sentence=row.sentence or _sentence(row.outcome),
                lead=row.lead if row.outcome != Outcome.CREATED else None,
            )
        )
    return lines


def _sentence(outcome: Outcome) -> str:
    return {
        Outcome.KNOWN: gettext("The same key of the old system is here already: nothing changes."),
        Outcome.UPDATED: gettext("Here already: contact facts become those of the file."),
        Outcome.TAKEN_UP: gettext("It was taken back with an earlier import, and is taken up again."),
    }.get(outcome, "")
