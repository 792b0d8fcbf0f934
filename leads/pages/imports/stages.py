"""Step 3: which of the eight stages each status word of the file means."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext

from lifecycle.states import State

from ...imports import mapping as roles
from ...imports.guess import guess_statuses
from ...imports.mapping import Mapping as FileMapping
from .wizard import Wizard, step_page

#: The choice, for rows without a status, that they are left out.
REFUSE = "refuse"
_NAMED_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A status word of the file with its number of rows; ``word`` is ``""`` for empty cells. ``stage``: what is
    chosen, ``""`` for nothing yet."""

    word: str
    rows: int
    field: str
    stage: str
    guessed: bool


@step_page("stages")
def stages(request: HttpRequest, wizard: Wizard) -> HttpResponse:
    """The words with a guess for each, or keeps what was chosen for every one of them."""
    words = _words(wizard)
    if request.method != "POST":
        return _show(wizard, words)
    if not wizard.still_fits:
        return _show(wizard, words, [(wizard.moved_on(), "")], status=409)
    words = [_chosen(word, request.POST.get(word.field, "")) for word in words]
    missing = [word for word in words if not word.stage]
    if missing:
        return _show(wizard, words, [(_missing(missing), missing[0].field)], status=422)
    wizard.keep(lambda mapping: _with(mapping, words))
    return wizard.go_on()


def settle(wizard: Wizard) -> str:
    """Keeps the stage that each word seems to mean; out: which words tell nothing, ``""`` when it is kept."""
    words = _words(wizard)
    missing = [word for word in words if not word.stage]
    if missing:
        return _missing(missing)
    wizard.keep(lambda mapping: _with(mapping, words))
    return ""


def _with(mapping: FileMapping, words: list[Word]) -> FileMapping:
    meant = {word.word: word.stage for word in words if word.word}
    empty = next((word.stage for word in words if not word.word), "")
    return replace(mapping, statuses=meant, no_status="" if empty == REFUSE else empty)


def _words(wizard: Wizard) -> list[Word]:
    """Most frequent first, empty cells last; without a column of that meaning all rows are one empty word."""
    counted: Mapping[str, int] = wizard.survey.get("statuses", {})
    if not wizard.mapping.labels(roles.STATUS):
        counted = {"": wizard.survey.get("rows", 0)}
    ordered = sorted(counted.items(), key=lambda pair: (not pair[0], -pair[1], pair[0]))
    kept = {word.casefold(): stage for word, stage in wizard.mapping.statuses.items()} | dict(wizard.mapping.statuses)
    open_words = [word for word in counted if word and word not in kept and word.casefold() not in kept]
    guesses = guess_statuses(open_words)
    return [_word(wizard, n, word, rows, kept, guesses) for n, (word, rows) in enumerate(ordered)]


def _word(wizard: Wizard, n: int, word: str, rows: int, kept: Mapping[str, str], guesses: Mapping[str, str]) -> Word:
    if not word:
        return Word(word, rows, f"stage-{n}", _empty(wizard), guessed=False)
    stage = kept.get(word) or kept.get(word.casefold()) or ""
    guess = "" if stage else guesses.get(word, "")
    return Word(word, rows, f"stage-{n}", stage or guess, guessed=bool(guess))


def _empty(wizard: Wizard) -> str:
    """What was said of rows without a status; before anybody said it, nothing."""
    settled = wizard.is_confirmed and bool(wizard.mapping.labels(roles.STATUS))
    return wizard.mapping.no_status or (REFUSE if settled else "")


def _chosen(word: Word, value: str) -> Word:
    """The word with a choice that there is, else with none."""
    stage = value if value in set(State) or (value == REFUSE and not word.word) else ""
    return replace(word, stage=stage, guessed=word.guessed and word.stage == stage)


def _missing(missing: list[Word]) -> str:
    named = [gettext("“%(word)s”") % {"word": word.word} if word.word else gettext("empty cells") for word in missing]
    listed = ", ".join(named[:_NAMED_AT_ONCE])
    if len(named) > _NAMED_AT_ONCE:
        rest = len(named) - _NAMED_AT_ONCE
        listed = ngettext("%(words)s and %(n)d more", "%(words)s and %(n)d more", rest) % {"words": listed, "n": rest}
    sentence = ngettext(
        "%(n)d word has no stage yet: %(words)s. Choose one.",
        "%(n)d words have no stage yet: %(words)s. Choose one for each.",
        len(missing),
    )
    return sentence % {"n": len(missing), "words": listed}


def _show(
    wizard: Wizard, words: list[Word], refused: list[tuple[str, str]] | None = None, *, status: int = 200
) -> HttpResponse:
    labels = wizard.mapping.labels(roles.STATUS)
    context = {
        "refused": refused or [],
        "words": words,
        "states": list(State),
        "label": labels[0] if labels else "",
        "refuse": REFUSE,
        "rows": wizard.survey.get("rows", 0),
        "problems": wizard.survey.get("problems", 0),
        "open": sum(not word.stage for word in words),
        "asked_again": bool(refused) and status == 422,
    }
    return wizard.show("imports/stages.html", context, status=status)
