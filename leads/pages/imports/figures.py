"""What became of the rows of a file, in a few figures; before it comes in: what would."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from ...models import Import
from ...models.imports import Outcome, Phase

#: In the order in which they are shown; those that are good news first.
ORDER = (
    Outcome.CREATED,
    Outcome.TAKEN_UP,
    Outcome.UPDATED,
    Outcome.KNOWN,
    Outcome.SKIPPED,
    Outcome.REFUSED,
    Outcome.WITHDRAWN,
    Outcome.KEPT,
)
#: Those that are shown even when there are none.
ALWAYS = (Outcome.CREATED, Outcome.REFUSED)


@dataclass(frozen=True, slots=True)
class Figure:
    """One of them. ``url`` leads to the rows, ``""`` where there is nothing to see."""

    outcome: Outcome
    words: str
    n: int
    url: str


def figures(imp: Import, *, linked: bool = False) -> list[Figure]:
    """The figures of an import as far as it is."""
    found = []
    for outcome in ORDER:
        n = int(imp.counts.get(outcome.value, 0))
        if n or outcome in ALWAYS:
            found.append(Figure(outcome, words_of(outcome, imp), n, _url(imp, outcome) if linked and n else ""))
    return found


def _url(imp: Import, outcome: Outcome) -> str:
    if imp.phase == Phase.UNDONE and outcome in (Outcome.CREATED, Outcome.TAKEN_UP):
        return ""  # Each of them is one of those that were taken back, or stayed.
    return f"{reverse('import-run', args=[imp.pk])}?{urlencode({'rows': outcome.value})}"


def words_of(outcome: Outcome, imp: Import) -> str:
    """What a figure counts."""
    if outcome == Outcome.CREATED:
        return gettext("new leads")
    return {
        Outcome.TAKEN_UP: gettext("taken up again"),
        Outcome.UPDATED: gettext("contact facts updated"),
        Outcome.KNOWN: gettext("here already"),
        Outcome.SKIPPED: gettext("skipped as duplicates"),
        Outcome.REFUSED: gettext("refused"),
        Outcome.WITHDRAWN: gettext("taken back"),
        Outcome.KEPT: gettext("stayed: somebody has worked with them"),
    }[outcome]
