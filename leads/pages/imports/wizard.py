"""The frame of every step: which import, how far it is, and the one place where an answer is kept.

A step's page is a function ``page(request, wizard)`` under ``@step_page("columns")``. It shows itself with
``wizard.show(…)``, keeps an answer with ``wizard.keep(…)`` and goes on with ``wizard.go_on()``. Everything lies in the
``Import``: mapping, and in its survey beside the counts the header (``header``) and the steps answered (``steps``).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, wraps
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ...imports.checked import rows_fit
from ...imports.drafts import is_editable
from ...imports.mapping import Mapping as FileMapping
from ...imports.mapping import readable
from ...imports.reading import Record, Shape, records
from ...imports.twins import counted
from ...models import Import
from ...models.imports import Phase
from ..told import tell
from .access import check_importer, get_import_or_404
from .steps import NAMED, STEPS, Step

FIRST_ROWS = 20


class TooLate(Exception):
    """The import was started while this page was open: nothing is changed any more."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One step in the list over the page: where it leads (``""``: not yet), and how far it is."""

    number: int
    label: str
    url: str
    done: bool
    current: bool


class Wizard:
    """One import at one of its steps."""

    def __init__(self, request: HttpRequest, imp: Import, step: Step) -> None:
        self.request, self.imp, self.step = request, imp, step

    # ---- what is known

    @cached_property
    def mapping(self) -> FileMapping:
        """The mapping as it is kept."""
        return readable(self.imp.mapping)

    @property
    def survey(self) -> Mapping[str, Any]:
        """What the file holds: ``header``, and once the columns are told its ``rows``, ``statuses``, ``owners``, …"""
        found: Mapping[str, Any] = self.imp.survey
        return found

    @property
    def header(self) -> list[str]:
        return list(self.survey.get("header", []))

    @property
    def has_file(self) -> bool:
        """Whether the file still lies where it was put."""
        name = self.imp.file.name
        return name is not None and name != "" and self.imp.file.storage.exists(name)

    @property
    def path(self) -> Path:
        """Where the file lies; for readers only."""
        return Path(self.imp.file.path)

    @property
    def shape(self) -> Shape:
        """How the file is read, as it is kept."""
        return Shape(self.mapping.encoding, self.mapping.delimiter, bool(self.survey.get("sheet")))

    def first_rows(self) -> list[Record]:
        """The first rows below the header, those that can be read. Raises ``BadFile``."""
        return [record for record in islice(records(self.path, self.shape), FIRST_ROWS) if not record.problem]

    # ---- how far it is

    def is_done(self, step: Step) -> bool:
        """Whether this step was answered and its answer still fits."""
        if step.name == "duplicates" and rows_fit(self.imp) and not counted(self.imp):
            return True  # No row is here already, so there is nothing to answer.
        answered: Mapping[str, str] = self.survey.get("steps", {})
        return answered.get(step.name) == step.basis(self.mapping, self.survey)

    @property
    def next_open(self) -> Step:
        """The first step that has no answer that fits; the last step when all have."""
        return next((step for step in STEPS if not self.is_done(step)), STEPS[-1])

    @property
    def is_confirmed(self) -> bool:
        """Whether the step on screen has been answered already: what it shows is then nobody's guess."""
        return self.is_done(self.step)

    @property
    def basis(self) -> str:
        """What the answer on this page would rest on; its form carries it (``imports/form_start.html``)."""
        return self.step.basis(self.mapping, self.survey)

    @property
    def still_fits(self) -> bool:
        """Whether the form that was posted asked about what the import is now."""
        return self.request.POST.get("basis") == self.basis

    # ---- keeping and answering

    def keep(
        self,
        change: Callable[[FileMapping], FileMapping],
        *,
        survey: Mapping[str, Any] | None = None,
        answered: bool = True,
        **fields: Any,
    ) -> None:
        """Keeps this step's answer: ``change`` makes the new mapping of the one that stands then.

        In: what else is known of the file now, and other fields of the import; not ``answered`` when somebody has to
        look at this step again. Whatever was checked before is a draft again unless nothing changed. Raises
        ``TooLate`` when the import has been started meanwhile.
        """
        with transaction.atomic():
            imp = Import.objects.select_for_update().get(pk=self.imp.pk)
            if not is_editable(imp):
                raise TooLate
            before = [imp.mapping, imp.survey, *(getattr(imp, name) for name in fields)]
            mapping = change(readable(imp.mapping))
            found = {**imp.survey, **(survey or {})}
            basis = self.step.basis(mapping, found) if answered else ""
            steps = {**found.get("steps", {}), self.step.name: basis}
            imp.mapping, imp.survey = mapping.as_json(), {**found, "steps": steps}
            for name, value in fields.items():
                setattr(imp, name, value)
            if before != [imp.mapping, imp.survey, *fields.values()]:
                imp.phase, imp.problem = Phase.DRAFT.value, ""
            imp.save(update_fields=["mapping", "survey", "phase", "problem", *fields])
        self.imp = imp
        self.__dict__.pop("mapping", None)

    def go_on(self) -> HttpResponse:
        """To the step after this one; for whoever takes the guesses, to the first one that needs a person."""
        if self.survey.get("quick"):
            from .guesses import go_far  # the steps lie above their frame

            return go_far(self)
        after = STEPS[min(STEPS.index(self.step) + 1, len(STEPS) - 1)]
        return HttpResponseRedirect(self.url(after))

    def show(self, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
        """The step's page. Templates extend ``imports/base.html``."""
        return render(self.request, template, {"wizard": self, "imp": self.imp, **context}, status=status)

    def moved_on(self) -> str:
        """The sentence for a form whose question is not the question any more."""
        return gettext(
            "This import was changed in another window while this page was open. Nothing of this page was saved: "
            "look it over as it is now."
        )

    # ---- for the templates

    def url(self, step: Step) -> str:
        return reverse(step.url_name, args=[self.imp.pk])

    @property
    def here(self) -> str:
        """The address of this step, for its form."""
        return self.url(self.step)

    @property
    def back(self) -> str:
        """The address of the step before this one, ``""`` on the first."""
        at = STEPS.index(self.step)
        return self.url(STEPS[at - 1]) if at else ""

    @property
    def needed(self) -> str:
        """Why somebody who took the short way has to look at this step; ``""`` where nobody has to."""
        name, why = self.survey.get("needed", ("", ""))
        return str(why) if name == self.step.name and not self.is_confirmed else ""

    @property
    def marks(self) -> list[Mark]:
        """The list of steps. All that come before the first unanswered one can be gone to, and that one."""
        reach = STEPS.index(self.next_open)
        return [
            Mark(n, str(step.label), self.url(step) if n - 1 <= reach else "", self.is_done(step), step == self.step)
            for n, step in enumerate(STEPS, start=1)
        ]

    @property
    def number(self) -> int:
        return STEPS.index(self.step) + 1

    @property
    def steps_in_all(self) -> int:
        return len(STEPS)


StepPage = Callable[[HttpRequest, Wizard], HttpResponse]


def step_page(name: str) -> Callable[[StepPage], Callable[[HttpRequest, UUID], HttpResponse]]:
    """Makes the page of the step ``name``: for brokers, on an import that is not started, not before its turn."""

    def decorate(page: StepPage) -> Callable[[HttpRequest, UUID], HttpResponse]:
        @never_cache
        @require_http_methods(["GET", "HEAD", "POST"])
        @wraps(page)
        def view(request: HttpRequest, uuid: UUID) -> HttpResponse:
            check_importer(request)
            wizard = Wizard(request, get_import_or_404(uuid), NAMED[name])
            if not is_editable(wizard.imp):
                return _on_its_way(wizard)
            if not wizard.has_file:
                return wizard.show("imports/gone.html", {}, status=409)
            ahead = wizard.next_open
            if STEPS.index(ahead) < wizard.number - 1:
                return _not_yet(wizard, ahead)
            try:
                return page(request, wizard)
            except TooLate:
                return _on_its_way(wizard)

        return view

    return decorate


def _on_its_way(wizard: Wizard) -> HttpResponse:
    return HttpResponseRedirect(reverse("import-run", args=[wizard.imp.pk]))


def _not_yet(wizard: Wizard, ahead: Step) -> HttpResponse:
    sentence = gettext("First look at “%(step)s”: what comes after rests on it.") % {"step": ahead.label}
    tell(wizard.request, sentence, kind="info")
    return HttpResponseRedirect(wizard.url(ahead))
