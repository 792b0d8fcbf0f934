"""The short way of a file: steps that the file itself answers are answered so, up to the first that it does not.

Whoever chose it on the page of the file (``quick`` in the survey) comes to a step only where a person is needed; what
was guessed stands on the preview, with a way back to each.
"""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseRedirect

from ...imports.checked import check, rows_fit
from ...models.imports import Phase
from . import columns, dates, owners, stages
from .steps import NAMED
from .wizard import Wizard

#: The step → what keeps its guesses, or says why a person has to look.
_SETTLED: dict[str, Callable[[Wizard], str]] = {
    "columns": columns.settle,
    "stages": stages.settle,
    "owners": owners.settle,
    "dates": dates.settle,
}


def go_far(wizard: Wizard) -> HttpResponse:
    """Answers the steps that answer themselves, and begins the check when all have; out: the way to what is next."""
    imp = wizard.imp
    for name, settle in _SETTLED.items():
        at = Wizard(wizard.request, imp, NAMED[name])
        if at.is_confirmed:
            continue
        if why := settle(at):
            at.keep(lambda mapping: mapping, survey={"needed": [name, why]}, answered=False)
            return HttpResponseRedirect(at.here)
        imp = at.imp
    if imp.phase != Phase.CHECKING and not rows_fit(imp):
        imp = check(imp)
    last = Wizard(wizard.request, imp, NAMED["preview"])
    return HttpResponseRedirect(last.url(last.next_open))
