"""Step 2: what each column means."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext

from ...imports import mapping as roles
from ...imports.guess import guess_columns
from ...imports.mapping import ROLES, SINGLE
from ...imports.mapping import Mapping as FileMapping
from ...imports.reading import BadFile, Record, records
from ...imports.survey import count
from .named import offered
from .role_words import role_groups, role_words
from .wizard import Wizard, step_page

#: One of these at least, or nobody could tell one lead from another.
KNOWN_BY = (
    *(roles.NAME, roles.FIRST_NAME, roles.LAST_NAME, roles.COMPANY, roles.EMAIL, roles.PHONE),
    *(roles.ADDRESS, roles.STREET, roles.KEY),
)
SAMPLES, LONGEST = 3, 80
#: So many seconds a person waits for the words to be counted; the biggest text takes three, a big workbook many.
PATIENCE = 40
_LOOKS_AT_THE_CLOCK = 500

Refused = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: ``field`` is the name of its select, ``role`` what is chosen there (``""``: left out)."""

    label: str
    field: str
    samples: list[str]
    role: str
    guessed: bool
    options: str


@step_page("columns")
def columns(request: HttpRequest, wizard: Wizard) -> HttpResponse:
    """The columns with a guess for each, or keeps what was chosen and counts the words of the file."""
    try:
        rows = wizard.first_rows()
    except BadFile as bad:
        return _show(wizard, [], {}, [(bad.sentence, "")], status=422)
    if request.method != "POST":
        return _show(wizard, rows, chosen(wizard, rows))
    picked = {label: request.POST.get(_field(n), "") for n, label in enumerate(wizard.header)}
    if not wizard.still_fits:
        return _show(wizard, rows, chosen(wizard, rows), [(wizard.moved_on(), "")], status=409)
    refused = _refusals(wizard.header, picked)
    if refused:
        return _show(wizard, rows, picked, refused, status=422)
    return _keep(wizard, rows, {label: role for label, role in picked.items() if role})


def chosen(wizard: Wizard, rows: list[Record]) -> dict[str, str]:
    """Label → role: what was chosen before, and a guess for every other column as long as nobody confirmed them."""
    kept = dict(wizard.mapping.columns)
    if wizard.is_confirmed:
        return kept
    guesses = guess_columns(wizard.header, rows)
    taken = {role for role in kept.values() if role in SINGLE}
    return kept | {label: role for label, role in guesses.items() if role and label not in kept and role not in taken}


def _keep(wizard: Wizard, rows: list[Record], picked: Mapping[str, str]) -> HttpResponse:
    refused = keep_columns(wizard, picked)
    return _show(wizard, rows, picked, refused, status=422) if refused else wizard.go_on()


def keep_columns(wizard: Wizard, picked: Mapping[str, str]) -> Refused:
    """Counts the words of the file and keeps what its columns mean; out: why not, empty when it is kept."""

    def change(mapping: FileMapping) -> FileMapping:
        return replace(mapping, columns=dict(picked))

    try:
        rows_in_time = _in_time(records(wizard.path, wizard.shape))
        found = count(rows_in_time, wizard.header, change(wizard.mapping))
    except BadFile as bad:
        return [(bad.sentence, "")]
    if roles.STATUS in found.too_many:
        label = next(label for label, role in picked.items() if role == roles.STATUS)
        sentence = gettext("“%(column)s” holds so many different words that it cannot be the stage. Choose another.")
        return [(sentence % {"column": label}, _field(wizard.header.index(label)))]
    wizard.keep(change, survey=found.as_json(), rows=found.rows)
    return []


def settle(wizard: Wizard) -> str:
    """Keeps what the names of the columns say; out: why a person has to look, ``""`` when it is kept."""
    try:
        guessed = chosen(wizard, wizard.first_rows())
    except BadFile as bad:
        return bad.sentence
    picked = {label: guessed.get(label, "") for label in wizard.header}
    refused = _refusals(wizard.header, picked) or keep_columns(wizard, {k: v for k, v in picked.items() if v})
    return refused[0][0] if refused else ""


def _in_time(rows: Iterable[Record]) -> Iterator[Record]:
    """The rows, as long as the page can wait for them. Raises ``BadFile``."""
    end = time.monotonic() + PATIENCE
    for n, row in enumerate(rows):
        if n % _LOOKS_AT_THE_CLOCK == 0 and time.monotonic() > end:
            raise BadFile(
                gettext(
                    "It takes too long to count what stands in this file. Save it as CSV, which is read many times as "
                    "fast, and upload that."
                )
            )
        yield row


def _refusals(header: list[str], picked: Mapping[str, str]) -> Refused:
    fields = {label: _field(n) for n, label in enumerate(header)}
    strange = [label for label, role in picked.items() if role and role not in ROLES]
    if strange:
        return [
            (
                gettext("“%(column)s” cannot mean that. Choose from the list.") % {"column": strange[0]},
                fields[strange[0]],
            )
        ]
    refused: Refused = []
    counts = Counter(role for role in picked.values() if role in SINGLE)
    for role in (role for role, n in counts.items() if n > 1):
        first, second = [label for label in header if picked[label] == role][:2]
        sentence = gettext("“%(first)s” and “%(second)s” cannot both be “%(meaning)s”: leave one out.")
        refused.append((sentence % {"first": first, "second": second, "meaning": role_words(role)}, fields[second]))
    if not set(picked.values()) & set(KNOWN_BY):
        sentence = gettext(
            "There is nothing to know a lead by. Say which column holds a name, an e-mail, a phone or their number."
        )
        refused.append((sentence, _field(0)))
    return refused


def _show(
    wizard: Wizard, rows: list[Record], picked: Mapping[str, str], refused: Refused | None = None, *, status: int = 200
) -> HttpResponse:
    kept = {} if wizard.is_confirmed else wizard.mapping.columns
    guesses = {} if wizard.is_confirmed else guess_columns(wizard.header, rows)
    options = _Options()
    lines = [
        Column(
            label,
            _field(n),
            _samples(rows, n),
            picked.get(label, ""),
            guessed=bool(picked.get(label)) and label not in kept and picked.get(label) == guesses.get(label),
            options=options[picked.get(label, "")],
        )
        for n, label in enumerate(wizard.header)
    ]
    meant = set(picked.values())
    context: dict[str, Any] = {
        "refused": refused or [],
        "columns": lines,
        "used": sum(bool(line.role) for line in lines),
        "left_out": sum(not line.role for line in lines),
        "no_status": roles.STATUS not in meant,
        "no_key": roles.KEY not in meant,
        "no_created": not meant & {roles.CREATED, roles.MODIFIED, roles.ENTERED, *roles.REACHED},
        "saved": wizard.survey.get("saved", ""),
        "offered": offered(wizard),
        "wrong": {where for _, where in refused or []},
    }
    return wizard.show("imports/columns.html", context, status=status)


class _Options(dict[str, str]):
    """Chosen role → the options of a select. Hundreds of columns have the same few: each is drawn once."""

    def __init__(self) -> None:
        super().__init__()
        self._groups = role_groups()

    def __missing__(self, chosen: str) -> str:
        self[chosen] = render_to_string("imports/role_options.html", {"groups": self._groups, "chosen": chosen})
        return self[chosen]


def _field(n: int) -> str:
    return f"column-{n}"


def _samples(rows: list[Record], n: int) -> list[str]:
    """The first values of a column that differ."""
    values = (" ".join(row.cells[n].split())[:LONGEST] for row in rows)
    return list(dict.fromkeys(value for value in values if value))[:SAMPLES]
